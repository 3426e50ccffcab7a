"""Receipts (收据): what was paid, for what, and a code by which anybody can see that it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from domain.money.amount import capital, yuan
from services.paper.press import pressed, qr, said_in
from services.words.figures import full_date
from services.words.sentences import say


class ReceiptSize(Enum):
    """The paper it is printed on."""

    A5 = "A5"
    ROLL = "80mm"


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One thing that the money went to: its name, the days it is for, how it was reckoned, fen."""

    item: str
    span: str
    reckoning: str
    amount: int


@dataclass(frozen=True, slots=True)
class ReceiptPaper:
    """One receipt. ``lines`` add up to ``amount``; ``verify`` is the address behind its code.

    ``void`` says that the payment was reversed, ``again`` that it was printed before.
    """

    number: str
    firm: str
    estate: str
    dwelling: str
    payer: str | None
    paid_on: date
    method: str
    lines: tuple[ReceiptLine, ...]
    amount: int
    cashier: str | None
    verify: str
    void: bool = False
    again: bool = False


_TEMPLATES = {ReceiptSize.A5: "fees/receipt.typ", ReceiptSize.ROLL: "fees/slip.typ"}


def receipts(papers: Sequence[ReceiptPaper], size: ReceiptSize, language: str) -> bytes:
    """All of them as one PDF, each beginning on a page of its own.

    Raises ``ValueError`` for none at all, or one whose lines do not add up to its amount.
    """
    if not papers:
        raise ValueError("no receipt to print")
    facts = [_facts(paper, language) for paper in papers]
    template = _TEMPLATES[size]
    return pressed(template, facts, {name: say(language, f"receipt-{name}") for name in said_in(template)})


def _facts(paper: ReceiptPaper, language: str) -> dict[str, Any]:
    if sum(line.amount for line in paper.lines) != paper.amount:
        raise ValueError(f"receipt {paper.number} does not add up")
    return {
        "number": paper.number,
        "firm": paper.firm,
        "estate": paper.estate,
        "dwelling": paper.dwelling,
        "payer": paper.payer,
        "day": full_date(language, paper.paid_on),
        "method": paper.method,
        "lines": [
            {"item": line.item, "span": line.span, "reckoning": line.reckoning, "amount": yuan(line.amount)}
            for line in paper.lines
        ],
        "total": yuan(paper.amount),
        "capital": capital(paper.amount),
        "cashier": paper.cashier,
        "qr": qr(paper.verify),
        "void": paper.void,
        "again": paper.again,
    }
