"""The page of one dwelling's account: how it stands, every line with its reckoning, and the history it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from domain.arrears.dunning import Dunning
from domain.arrears.overdue import debtors
from domain.calendar import local_date
from domain.capacity import ACCOUNTS
from domain.catalogue import may
from domain.fees import fee_account as fees
from domain.fees.payment_reference import payment_reference
from domain.money.items import NO_FEES
from domain.recorded import Recorded
from domain.words import is_personal
from projections.arrears import dunnings
from projections.arrears.dunnings import DUNNINGS
from projections.people import people
from projections.people.people import PEOPLE
from projections.projection import Connection
from projections.register import owners
from projections.register.dwellings import DWELLINGS, DwellingRow
from projections.register.owners import OWNERS
from services.arrears.plans import CALENDAR, open_bills
from services.console.drawn import Drawn
from services.console.kept_pages import Kept
from services.console.render import Voice
from services.console.visit import FeeVisit, Visit
from services.fees.access import account_of
from services.fees.facts import dwelling_of, events_of, explained, is_sold
from services.fees.lines import AccountLines, BillLine, Part, PaymentLine, account_lines
from services.threads.waiting import here_or_in_a_thread
from services.words.figures import period, shown

router = APIRouter(include_in_schema=False)

_SHOWN = (DUNNINGS, DWELLINGS, OWNERS, PEOPLE)
_SHOWN_OF_HISTORY = (DWELLINGS, OWNERS, PEOPLE)

YEARS_SHOWN = 2  # line by line; of earlier years the sums, until one is asked for
_GOOD = ("PaymentRecorded", "PaymentFoundOnStatement")
_HELD = ("BillVoided", "PaymentReversed", "RefundRejected", "InvoiceReversed")


@dataclass(frozen=True, slots=True)
class Source:
    """What paid a part of a bill."""

    part: Part
    receipt: str
    word: str


@dataclass(frozen=True, slots=True)
class BillFacts:
    line: BillLine
    what: str
    period: str
    formula: str
    sources: tuple[Source, ...]
    payer_name: str
    late: bool
    sold: bool


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    line: PaymentLine
    by_name: str
    payer_name: str
    settled: tuple[tuple[str, str, int], ...]  # item, period, amount


@dataclass(frozen=True, slots=True)
class Year:
    """A year of bills: ``lines`` where they are shown, and what they come to; refunds owed back are no bills."""

    year: int
    lines: tuple[BillFacts, ...]
    number: int
    billed: int
    reclaimed: int
    open: int


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """One event of the account in words."""

    position: int
    at: Any
    sentence: str
    amount: str
    who: str
    acting_as: Any
    tone: str
    said: tuple[str, ...]


@router.get("/accounts/{dwelling}")
async def page(dwelling: UUID, visit: FeeVisit, after: int = 0, year: int = 0) -> Response:
    """The account as it was drawn for the same viewer, if nothing on it has changed since."""
    return await here_or_in_a_thread(partial(_page, visit, dwelling, after, year))


def _page(visit: Visit, dwelling: UUID, after: int, year: int) -> Response:
    stale = visit.caught_up(after, _SHOWN)
    loaded = account_of(visit.product, visit.member, dwelling)
    assert loaded.state.estate is not None
    here = visit.at(loaded.state.estate)

    def draw() -> Drawn:
        with here.lend() as conn:
            facts = _facts(conn, here, dwelling_of(conn, here, dwelling), year)
        return here.drawn("ledger.html", "", here="fees", tab="desk", stale=stale, **facts)

    pages: Kept[Drawn] = here.request.app.state.pages
    changed = here.product.positions.changed
    views_at = tuple(changed(view.name, loaded.state.estate) for view in _SHOWN)
    key = ("account", dwelling, loaded.version, views_at, here.viewer, here.voice.now.date(), year)
    return here.answered(draw() if stale else pages.once(key, draw), "")


@router.get("/accounts/{dwelling}/history")
def history(dwelling: UUID, visit: FeeVisit, after: int = 0) -> Response:
    stale = visit.caught_up(after, _SHOWN_OF_HISTORY)
    loaded = account_of(visit.product, visit.member, dwelling)
    assert loaded.state.estate is not None
    here = visit.at(loaded.state.estate)
    events = events_of(here, dwelling)
    with here.lend() as conn:
        row = dwelling_of(conn, here, dwelling)
        names = people.named(conn, {recorded.act.actor for recorded in events})
    lines = account_lines(events)
    entries = [_entry(here.voice, recorded, names, lines) for recorded in reversed(events)]
    days: list[tuple[str, list[AccountEntry]]] = []
    for entry in entries:
        day = here.voice.day(entry.at)
        if not days or days[-1][0] != day:
            days.append((day, []))
        days[-1][1].append(entry)
    return here.html("ledger_history.html", here="fees", tab="desk", row=row, days=days, stale=stale)


def _facts(conn: Connection, here: Visit, row: DwellingRow, year: int) -> dict[str, Any]:
    lines = account_lines(events_of(here, row.dwelling))
    loaded = account_of(here.product, here.member, row.dwelling)
    today = local_date(here.voice.now)
    said = dunnings.of_dwelling(conn, row.dwelling)
    owing = debtors(open_bills(loaded.state), said.state if said else Dunning(), today, CALENDAR)
    payers = {bill.payer for bill in lines.bills.values()} | {paid.payer for paid in lines.payments.values()}
    names = owners.named(conn, payers)
    staff = people.named(conn, {each.by for each in lines.payments.values()})
    years = _years(here.voice, lines, today, year, row, names)
    folded = {each.year for each in years if each.number}
    shown_payments = [
        each for each in lines.payments.values() if each.paid_on.year not in folded or each.prepaid or each.overpaid
    ]
    return {
        "row": row,
        "reference": payment_reference(row.dwelling),
        "stands": loaded.state,
        "owed": loaded.state.owed_on(today),
        "later": loaded.state.not_due_on(today),
        "version": loaded.version,
        "years": years,
        "asked_year": year,
        "payments": [_payment(here.voice, each, lines, row.owner, names, staff) for each in reversed(shown_payments)],
        "earlier_payments": len(lines.payments) - len(shown_payments),
        "overdue": sum(len(each.bills) for each in owing),
        "rests": tuple(dict.fromkeys(rest for each in owing for rest in each.rests)),
        "keeps": here.member.capacity in ACCOUNTS,
        "money": shown,
        "may_charge": may(here.member.capacity, fees.IssueBill),
    }


def _years(
    voice: Voice,
    lines: AccountLines,
    today: date,
    asked: int,
    row: DwellingRow,
    names: Mapping[UUID, str | None],
) -> list[Year]:
    by_year: dict[int, list[BillLine]] = {}
    for line in sorted(lines.bills.values(), key=lambda each: (each.since, each.position), reverse=True):
        by_year.setdefault(line.since.year, []).append(line)
    newest = sorted(by_year, reverse=True)[:YEARS_SHOWN]
    found = []
    for year, bills in by_year.items():
        whole = year in newest or year == asked
        wanted = bills if whole else [line for line in bills if line.open]
        standing = [line for line in bills if not line.voided]
        found.append(
            Year(
                year,
                tuple(_bill(voice, line, lines, today, row, names) for line in wanted),
                len(bills) - len(wanted),
                sum(line.amount - line.waived for line in standing if line.item not in NO_FEES),
                sum(line.amount - line.waived for line in standing if line.item in NO_FEES),
                sum(line.open for line in standing),
            )
        )
    return found


def _bill(
    voice: Voice,
    line: BillLine,
    lines: AccountLines,
    today: date,
    row: DwellingRow,
    names: Mapping[UUID, str | None],
) -> BillFacts:
    sources = tuple(
        Source(part, lines.payments[part.payment].receipt, voice.say("bill-drawn" if part.drawn else "bill-paid"))
        for part in line.parts
    )
    return BillFacts(
        line=line,
        what=voice.name(line.item),
        period=period(line.since, line.until),
        formula=explained(voice, line),
        sources=sources,
        payer_name="" if line.payer == row.owner else (names.get(line.payer) or voice.say("owner-forgotten")),
        late=bool(line.open) and line.due < today,
        sold=is_sold(line, row),
    )


def _payment(
    voice: Voice,
    line: PaymentLine,
    lines: AccountLines,
    owner: UUID | None,
    names: Mapping[UUID, str | None],
    staff: Mapping[UUID, str | None],
) -> PaymentFacts:
    bills = {part.bill: 0 for part in line.parts}
    for part in line.parts:
        bills[part.bill] += part.amount
    settled = tuple(
        (voice.name(lines.bills[id].item), period(lines.bills[id].since, lines.bills[id].until), amount)
        for id, amount in bills.items()
    )
    payer = "" if line.payer == owner else (names.get(line.payer) or voice.say("owner-forgotten"))
    return PaymentFacts(line, staff.get(line.by) or "", payer, settled)


# -- the history in words ------------------------------------------------------------------------------------------


def _entry(
    voice: Voice, recorded: Recorded[Any], names: Mapping[UUID, str | None], lines: AccountLines
) -> AccountEntry:
    name = type(recorded.event).__name__
    amount = _amount(recorded.event)
    said = [
        text for item in fields(recorded.event) if is_personal(item) and (text := getattr(recorded.event, item.name))
    ]
    what = _about(voice, recorded.event, lines)
    return AccountEntry(
        position=recorded.position,
        at=recorded.act.recorded_at,
        sentence=voice.say(f"ledger-told-{name}"),
        amount="" if amount is None else shown(amount),
        who=names.get(recorded.act.actor) or voice.say("ledger-by-itself"),
        acting_as=recorded.act.acting_as,
        tone="good" if name in _GOOD else "held" if name in _HELD else "",
        said=(*([what] if what else []), *said),
    )


def _amount(event: Any) -> int | None:
    match event:
        case fees.PaymentAllocated(_, parts) | fees.PrepaymentDrawn(parts):
            return sum(part.amount for part in parts)
        case fees.PaymentReversed(_, _, undone):
            return sum(part.amount for part in undone)
    amount = getattr(event, "amount", None)
    return amount if isinstance(amount, int) else None


def _about(voice: Voice, event: Any, lines: AccountLines) -> str:
    """Which bill or payment an event is about, and the reason that it names."""
    match event:
        case fees.BillIssued():
            formula = explained(voice, event)
            return f"{voice.name(event.item)} {period(event.since, event.until)}  {formula}"
        case fees.PaymentRecorded():
            return voice.say("ledger-receipt", method=voice.name(event.method), no=event.receipt)
        case fees.BillVoided(bill, reason) | fees.WaiverGranted(bill, _, reason):
            line = lines.bills[bill]
            return f"{voice.name(line.item)} {period(line.since, line.until)}  {voice.name(reason)}"
        case fees.PaymentReversed(payment, reason) | fees.RefundRequested(_, payment, _, reason):
            line_of = lines.payments[payment]
            receipt = voice.say("ledger-receipt", method=voice.name(line_of.method), no=line_of.receipt)
            return f"{receipt}  {voice.name(reason)}"
        case fees.PaymentFoundOnStatement(payment) | fees.PaymentReleasedFromStatement(payment):
            line_of = lines.payments[payment]
            return voice.say("ledger-receipt", method=voice.name(line_of.method), no=line_of.receipt)
        case fees.PaymentAllocated(_, parts) | fees.PrepaymentDrawn(parts):
            bills = [lines.bills[part.bill] for part in parts]
            return voice.say("list-comma").join(
                f"{voice.name(each.item)} {period(each.since, each.until)}" for each in bills
            )
    return ""
