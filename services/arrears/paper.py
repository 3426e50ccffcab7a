"""Written demands (催款函): what is owed bill by bill, by when, to whom to turn; never a threat, never a word outside.

A demand asks for payment of named bills within a reasonable period, which is what stops the limitation of claims; it
is folded so that only name and address show in the window of the envelope.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from domain.money.amount import capital, yuan
from services.paper.press import pressed, said_in
from services.words.figures import day, full_date
from services.words.sentences import say

SHORTEST = timedelta(days=15)  # what a demand leaves at the least


@dataclass(frozen=True, slots=True)
class DemandLine:
    """One bill: fen billed, fen paid or waived since; what is open is the difference.

    ``lapsed``: its payer may refuse to pay because of the time that has passed, and the letter says so.
    """

    number: str
    item: str
    span: str
    due: date
    amount: int
    settled: int
    lapsed: bool = False

    @property
    def open(self) -> int:
        return self.amount - self.settled


@dataclass(frozen=True, slots=True)
class DemandPaper:
    """One letter. ``contract`` and ``clause`` name what the fees rest on; ``ways`` are ways to pay, ready to read."""

    number: str
    firm: str
    station: str
    address: tuple[str, ...]
    payer: str
    estate: str
    dwelling: str
    contract: str
    clause: str
    written_on: date
    pay_by: date
    lines: tuple[DemandLine, ...]
    ways: tuple[str, ...]
    phone: str | None = None


def demands(papers: Sequence[DemandPaper], language: str) -> bytes:
    """All letters as one PDF.

    Raises ``ValueError`` for none, one without an open bill, or one that leaves less than ``SHORTEST``.
    """
    if not papers:
        raise ValueError("no demand to print")
    facts = [_facts(paper, language) for paper in papers]
    return pressed(
        "arrears/demand.typ", facts, {name: say(language, f"demand-{name}") for name in said_in("arrears/demand.typ")}
    )


def _facts(paper: DemandPaper, language: str) -> dict[str, Any]:
    if paper.pay_by < paper.written_on + SHORTEST:
        raise ValueError(f"demand {paper.number} leaves less than {SHORTEST.days} days")
    if not paper.lines or any(line.open <= 0 for line in paper.lines):
        raise ValueError(f"demand {paper.number} asks for what is not open")
    total = sum(line.open for line in paper.lines)
    ground = {"contract": paper.contract, "clause": paper.clause}
    turn = say(language, "demand-turn-here", station=paper.station)
    if paper.phone:
        turn = say(language, "demand-turn", station=paper.station, phone=paper.phone)
    return {
        "number": paper.number,
        "firm": paper.firm,
        "station": paper.station,
        "address": paper.address,
        "payer": paper.payer,
        "place": f"{paper.estate} {paper.dwelling}",
        "written": full_date(language, paper.written_on),
        "greeting": say(language, "demand-greeting", payer=paper.payer),
        "ground": say(language, "demand-ground", place=f"{paper.estate} {paper.dwelling}", **ground),
        "ask": say(
            language, "demand-ask", total=yuan(total), capital=capital(total), day=full_date(language, paper.pay_by)
        ),
        "turn": turn,
        "lines": [
            [
                line.number,
                line.item,
                line.span,
                f"{day(line.due)}{' *' if line.lapsed else ''}",
                yuan(line.amount),
                yuan(line.settled),
                yuan(line.open),
            ]
            for line in paper.lines
        ],
        "total": yuan(total),
        "ways": paper.ways,
        "law": _law(paper, language),
    }


def _law(paper: DemandPaper, language: str) -> str:
    """What the letter means to the law: it interrupts nothing of what has lapsed, and does not pretend to."""
    sentences = []
    if not all(line.lapsed for line in paper.lines):
        sentences.append(say(language, "demand-law"))
    if any(line.lapsed for line in paper.lines):
        sentences.append(say(language, "demand-lapsed"))
    return " ".join(sentences)
