"""A thousand receipts on paper: from their facts to one PDF with codes and fonts inside."""

import time
from collections.abc import Iterator
from dataclasses import replace

from services.fees.paper import ReceiptPaper, ReceiptSize, receipts
from tests.bench.ground import Ground
from tests.bench.lines import MeasureLine
from tests.machine.sheets import FEE, RECEIPT, VERIFY

RECEIPTS = 1_000


def receipts_pdf(ground: Ground) -> Iterator[MeasureLine]:
    """On A5, one to four lines each; one alone is told beside."""
    papers = [_paper(n, 1 + n % 4) for n in range(RECEIPTS)]
    started = time.perf_counter()
    receipts(papers[:1], ReceiptSize.A5, "zh")
    one = time.perf_counter() - started
    took, size = [], 0
    for _ in range(ground.rounds):
        started = time.perf_counter()
        size = len(receipts(papers, ReceiptSize.A5, "zh"))
        took.append(time.perf_counter() - started)
    facts = {"seconds": min(took), "receipts": RECEIPTS, "megabytes": size / 1e6, "one_ms": one * 1000}
    yield MeasureLine("receipts_pdf", RECEIPTS / min(took), "receipts/s", None, "seconds <= 30", facts)


def _paper(n: int, lines: int) -> ReceiptPaper:
    amount, verify = lines * FEE.amount, f"{VERIFY[:-6]}{n:06d}"
    return replace(RECEIPT, number=f"2026-{n:06d}", lines=(FEE,) * lines, amount=amount, verify=verify)
