"""The suit file (诉讼材料): what a court or a mediator is given about one debtor, each line as the log has it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from domain.arrears import dunning as rules
from domain.arrears.dunning import DUNNING, dunning_stream
from domain.arrears.overdue import Overdue, Rest, debtors
from domain.calendar import local_date
from domain.contracts.fee_basis import FEE_BASIS, fee_basis_stream
from domain.fees.fee_account import FEE_ACCOUNT, FeeAccount, fee_account_stream
from domain.money.amount import capital, yuan
from domain.recorded import Act, Recorded
from domain.refusal import refuse_if
from projections.estates import estates
from projections.fees import bills
from projections.people import people
from projections.register import dwellings, owners
from services.arrears.plans import CALENDAR, Pick, open_bills
from services.arrears.wording import said
from services.contracts.letterhead import creditor
from services.log.not_found import NotFound
from services.paper.reports import Column, ReportPaper, Table, reports
from services.product import Product
from services.sessions.member import Member
from services.words.figures import day, period, shown
from services.words.sentences import say

_NOT_TOLD = (
    rules.DunningOpened,
    rules.HardshipNoted,
    rules.DebtSettled,
)  # why somebody is in need is nobody's business


def printed(product: Product, who: Member, pick: Pick, language: str) -> bytes:
    """One PDF: claims with their ground and limitation, demands with the proof of their service, every step taken.

    What a dispute was upheld about is not claimed. Refuses ``nothing_overdue``. Raises ``NotFound`` for a dwelling of
    others.
    """
    account = product.log.load(FEE_ACCOUNT, fee_account_stream(pick.dwelling)).state
    if account.estate not in who.estates:
        raise NotFound
    assert account.estate is not None
    today = local_date(product.clock())
    state = product.log.load(DUNNING, dunning_stream(pick.dwelling)).state
    found = debtors(open_bills(account, pick.payer), state, today, CALENDAR)
    claims = [each for debtor in found for each in debtor.bills if each.rest is not Rest.UPHELD]
    refuse_if(not claims, "nothing_overdue")
    everything = product.log.of_streams([dunning_stream(pick.dwelling)], product.log.last_position())
    history = _about(everything, pick.payer)
    with product.lend(who) as conn:
        estate = estates.estate(conn, account.estate)
        labels = dwellings.labels(conn, [pick.dwelling])
        names = owners.named(conn, [pick.payer])
        served_by = [each.event.by for each in history if isinstance(each.event, rules.DemandServed)]
        staff = people.named(conn, [*served_by, *(each.act.actor for each in history)])
        grounds = {row.bill: (row.contract, row.clause) for row in bills.open_of(conn, [pick.dwelling])}
    if estate is None:
        raise NotFound
    basis = product.log.load(FEE_BASIS, fee_basis_stream(estate.code)).state
    open = sum(each.bill.open for each in claims)
    rests_on = [part for each in claims for part in grounds.get(each.bill.bill, ()) if part]
    paper = ReportPaper(
        firm=creditor(basis, estate, today, language),
        title=say(language, "suit-title"),
        subtitle=say(language, "suit-subtitle"),
        facts=(
            (say(language, "suit-debtor"), names.get(pick.payer) or say(language, "letter-owner")),
            (say(language, "suit-place"), f"{estate.name} {labels.get(pick.dwelling, '')}"),
            (say(language, "suit-ground"), say(language, "list-comma").join(dict.fromkeys(rests_on)) or "-"),
            (say(language, "suit-open-total"), yuan(open)),
            (say(language, "suit-capital"), capital(open)),
        ),
        tables=(
            _claims(claims, language),
            _demands(history, staff, language),
            _steps(history, _paid(account, claims, language), staff, language),
        ),
        signs=(say(language, "suit-sign"),),
        source=say(language, "suit-source", position=str(max((each.position for each in history), default=0))),
        made_at=product.clock(),
    )
    return reports([paper], language)


def _about(history: Iterable[Recorded[Any]], payer: UUID) -> list[Recorded[Any]]:
    """What was said and done about one debtor, in the order of the log."""
    found: list[Recorded[Any]] = []
    theirs: set[UUID] = set()  # bills, demands, disputes, plans and hindrances
    for each in history:
        event = each.event
        ids = [getattr(event, name, None) for name in ("demand", "dispute", "plan", "proof", "hindrance")]
        touched = {id for id in ids if id is not None} | set(getattr(event, "bills", ()))
        if getattr(event, "payer", None) == payer:
            theirs |= touched | {claim.bill for claim in getattr(event, "claims", ())}
        elif hasattr(event, "payer") or not touched & theirs:
            continue
        if not isinstance(event, _NOT_TOLD):
            found.append(each)
    return found


def _claims(claims: Sequence[Overdue], language: str) -> Table:
    headings = ("bill", "item", "span", "due", "interrupted", "last-day")
    rows = tuple(
        (
            each.bill.number,
            say(language, f"feeitem-{each.bill.item.value}"),
            period(each.bill.since, each.bill.until),
            day(each.bill.due),
            day(each.interrupted) if each.interrupted else "",
            f"{day(each.last_day.day)}{'*' if each.last_day.provisional else ''}{'†' if each.held else ''}",
            each.bill.amount,
            each.bill.open,
        )
        for each in claims
    )
    billed, open = sum(each.bill.amount for each in claims), sum(each.bill.open for each in claims)
    total: list[str | int | None] = [say(language, "suit-total"), *([None] * (len(headings) - 1)), billed, open]
    columns = tuple(Column(say(language, f"suit-{name}")) for name in headings)
    money = (Column(say(language, "suit-amount"), "money"), Column(say(language, "suit-open"), "money"))
    notes = []
    if any(each.last_day.provisional for each in claims):
        notes.append(say(language, "suit-provisional"))
    if any(each.held for each in claims):
        notes.append(say(language, "suit-held"))
    return Table(say(language, "suit-claims"), columns + money, rows, tuple(total), " ".join(notes))


def _demands(history: Iterable[Recorded[Any]], staff: Mapping[UUID, str | None], language: str) -> Table:
    """Demands and how each was served."""
    written: dict[UUID, rules.DemandWritten] = {}
    rows: list[tuple[str, ...]] = []
    for each in history:
        match each.event:
            case rules.DemandWritten() as demand:
                written[demand.demand] = demand
            case rules.DemandServed() as served if served.demand in written:
                rows.append(
                    (
                        written[served.demand].number,
                        day(served.on),
                        say(language, f"deliveredby-{served.how.value}"),
                        staff.get(served.by) or "",
                        served.evidence or "",
                        day(served.runs_out),
                    )
                )
    return Table(say(language, "suit-demands"), _headed(language, _SERVED), tuple(rows))


def _paid(account: FeeAccount, claims: Sequence[Overdue], language: str) -> list[tuple[str, ...]]:
    """What the debtor paid of these claims: whoever pays a part acknowledges the rest."""
    payers = {each.bill.bill: each.bill.payer for each in claims}
    rows: list[tuple[str, ...]] = []
    for payment in account.payments.values():
        parts = sum(fen for bill, fen in payment.allocated.items() if payers.get(bill) == payment.payer)
        if parts and not payment.reversed:
            what = say(language, "suit-paid-what", amount=shown(parts), receipt=payment.receipt)
            rows.append((day(payment.paid_on), say(language, "suit-paid"), what, "", ""))
    return rows


def _steps(
    history: Iterable[Recorded[Any]], paid: Iterable[tuple[str, ...]], staff: Mapping[UUID, str | None], language: str
) -> Table:
    """Every step, with what it says and who told it, and every part that was paid."""
    steps = [
        (
            _when(language, each.act),
            say(language, f"dunning-told-{type(each.event).__name__}"),
            say(language, "list-comma").join(said(language, each.event)),
            staff.get(each.act.actor) or "",
            f"#{each.position}",
        )
        for each in history
    ]
    rows = tuple(sorted([*steps, *paid], key=lambda row: row[0]))
    return Table(
        say(language, "arrears-history"), _headed(language, ("day", "step", "said", "told-by", "record")), rows
    )


def _when(language: str, act: Act) -> str:
    """The day that is stated, and where it was told on another day, that day too."""
    stated, told = local_date(act.occurred_at), local_date(act.recorded_at)
    return day(stated) if stated == told else say(language, "told-late", time=day(stated), told=day(told))


_SERVED = ("demand", "served-on", "how", "by", "evidence", "runs-out")


def _headed(language: str, names: Iterable[str]) -> tuple[Column, ...]:
    return tuple(Column(say(language, f"suit-{name}")) for name in names)
