"""The suit file (诉讼材料): what a court or a mediator is given about one debtor, each line as the log has it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from domain import dunning as rules
from domain.arrears import Debtor, debtors
from domain.calendar import local_date
from domain.dunning import DUNNING, dunning_stream
from domain.fee_account import FEE_ACCOUNT, fee_account_stream
from domain.recorded import Recorded
from domain.refusal import refuse_if
from projections import dwellings, owners, people
from projections import estates as register
from services.accounts import Member
from services.ask import NotFound
from services.dunning_plans import CALENDAR, Pick, open_bills
from services.house import House
from services.paper.reports import Column, ReportPaper, Table, reports
from services.words import say


def printed(house: House, who: Member, pick: Pick, language: str) -> bytes:
    """One PDF: claims with their limitation, demands with the proof of their service, and every step taken.

    Refuses ``nothing_overdue``. Raises ``NotFound`` for a dwelling of others.
    """
    account = house.log.load(FEE_ACCOUNT, fee_account_stream(pick.dwelling)).state
    if account.estate not in who.estates:
        raise NotFound
    assert account.estate is not None
    today = local_date(house.clock())
    state = house.log.load(DUNNING, dunning_stream(pick.dwelling)).state
    found = debtors(open_bills(account, pick.payer), state, today, CALENDAR)
    refuse_if(not found, "nothing_overdue")
    history = house.log.of_streams([dunning_stream(pick.dwelling)], house.log.last_position())
    with house.database.lend(who.estates) as conn:
        estate = register.estate(conn, account.estate)
        labels = dwellings.labels(conn, [pick.dwelling])
        names = owners.named(conn, [pick.payer])
        staff = people.named(conn, [each.event.by for each in history if isinstance(each.event, rules.DemandServed)])
    if estate is None:
        raise NotFound
    paper = ReportPaper(
        firm=say(language, "letter-firm", community=estate.community),
        title=say(language, "suit-title"),
        subtitle=say(language, "suit-subtitle"),
        facts=(
            (say(language, "suit-debtor"), names.get(pick.payer) or say(language, "letter-owner")),
            (say(language, "suit-place"), f"{estate.name} {labels.get(pick.dwelling, '')}"),
        ),
        tables=(_claims(found[0], language), _demands(history, pick.payer, staff, language)),
        signs=(say(language, "suit-sign"),),
        source=say(language, "suit-source", position=max((each.position for each in history), default=0)),
        made_at=house.clock(),
    )
    return reports([paper], language)


def _claims(debtor: Debtor, language: str) -> Table:
    headings = ("bill", "item", "due", "interrupted", "last-day")
    rows = tuple(
        (
            each.bill.number,
            say(language, f"feeitem-{each.bill.item.value}"),
            each.bill.due.isoformat(),
            each.interrupted.isoformat() if each.interrupted else "",
            each.last_day.day.isoformat()
            + (say(language, "arrears-provisional-mark") if each.last_day.provisional else ""),
            each.bill.amount,
            each.bill.open,
        )
        for each in debtor.bills
    )
    total = (
        say(language, "suit-total"), "", "", "", "",
        sum(each.bill.amount for each in debtor.bills), debtor.open,
    )  # fmt: skip
    columns = tuple(Column(say(language, f"suit-{name}")) for name in headings)
    money = (Column(say(language, "suit-amount"), "money"), Column(say(language, "suit-open"), "money"))
    return Table(say(language, "suit-claims"), columns + money, rows, total)


def _demands(history: Iterable[Recorded[Any]], payer: UUID, staff: dict[UUID, str | None], language: str) -> Table:
    """Demands of this debtor and how each was served."""
    written: dict[UUID, rules.DemandWritten] = {}
    rows: list[tuple[str, ...]] = []
    for each in history:
        match each.event:
            case rules.DemandWritten() as demand if demand.payer == payer:
                written[demand.demand] = demand
            case rules.DemandServed() as served if served.demand in written:
                demand = written[served.demand]
                rows.append(
                    (
                        demand.number,
                        served.on.isoformat(),
                        say(language, f"deliveredby-{served.how.value}"),
                        staff.get(served.by) or "",
                        served.evidence or "",
                        served.runs_out.isoformat(),
                    )
                )
    headings = ("demand", "served-on", "how", "by", "evidence", "runs-out")
    return Table(
        say(language, "suit-demands"), tuple(Column(say(language, f"suit-{name}")) for name in headings), tuple(rows)
    )
