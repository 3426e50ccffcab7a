"""Statements of account (对账单) on A4: what was billed and paid, what is open, what is held in advance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.money.amount import capital, yuan
from services.paper.press import pressed, qr, said_in
from services.words.figures import day, full_date
from services.words.sentences import say


@dataclass(frozen=True, slots=True)
class Movement:
    """One step of the account: fen billed or fen that came in, one of them nought; what came out is below zero."""

    on: date
    text: str
    detail: str
    billed: int
    received: int


@dataclass(frozen=True, slots=True)
class OpenBill:
    """A bill not paid in full."""

    number: str
    item: str
    span: str
    due: date
    amount: int
    open: int


@dataclass(frozen=True, slots=True)
class AccountStatementPaper:
    """One account between two days. ``before`` is owed at the beginning, below zero what is held in advance.

    ``before`` with all movements is what is open less ``prepaid``; of that only what is due is owed now. ``link``,
    printed as a code, is where the owner sees it alive. ``reference`` is what the payer writes into the remark of a
    transfer.
    """

    firm: str
    station: str
    phone: str | None
    estate: str
    dwelling: str
    reference: str
    payer: str | None
    since: date
    as_of: date
    before: int
    movements: tuple[Movement, ...]
    bills: tuple[OpenBill, ...]
    prepaid: int
    link: str | None = None


def account_statements(papers: Sequence[AccountStatementPaper], language: str) -> bytes:
    """All of them as one PDF. Raises ``ValueError`` for none, or one that does not foot."""
    if not papers:
        raise ValueError("no statement to print")
    facts = [_facts(paper, language) for paper in papers]
    said = {
        name: say(language, f"statement-of-account-{name}")
        for name in said_in("account_statements/account_statement.typ")
    }
    return pressed("account_statements/account_statement.typ", facts, said)


def _facts(paper: AccountStatementPaper, language: str) -> dict[str, Any]:
    balance, rows = paper.before, []
    for each in paper.movements:
        balance += each.billed - each.received
        rows.append(
            {
                "on": day(each.on),
                "text": each.text,
                "detail": each.detail,
                "billed": yuan(each.billed) if each.billed else "",
                "received": yuan(each.received) if each.received else "",
                "balance": yuan(balance),
            }
        )
    open = sum(bill.open for bill in paper.bills)
    if balance != open - paper.prepaid:
        raise ValueError("the statement does not foot")
    turn = say(language, "statement-of-account-turn-here", station=paper.station)
    if paper.phone:
        turn = say(language, "statement-of-account-turn", station=paper.station, phone=paper.phone)
    turn += say(language, "statement-of-account-reference", reference=paper.reference)
    due = sum(bill.open for bill in paper.bills if bill.due <= paper.as_of)
    owed, later = max(due - paper.prepaid, 0), open - due
    standing = "owed" if owed or balance > 0 else "credit" if balance < 0 else "settled"
    told = owed if standing == "owed" else abs(balance)
    return {
        "firm": paper.firm,
        "place": f"{paper.estate} {paper.dwelling}",
        "payer": paper.payer,
        "days": say(
            language,
            "statement-of-account-days",
            since=full_date(language, paper.since),
            until=full_date(language, paper.as_of),
        ),
        "turn": turn,
        "before": yuan(paper.before),
        "movements": rows,
        "bills": [
            [bill.number, bill.item, bill.span, day(bill.due), yuan(bill.amount), yuan(bill.open)]
            for bill in paper.bills
        ],
        "open": yuan(open),
        "prepaid": yuan(paper.prepaid),
        "standing": say(language, f"statement-of-account-{standing}"),
        "balance": yuan(told),
        "capital": capital(told),
        "later": say(language, "statement-of-account-later", amount=yuan(later)) if later else "",
        "link": qr(paper.link) if paper.link else None,
    }
