"""Written demands as letters: what each asks for, put together from the log and the register when it is printed."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from domain.arrears.dunning import Demand, Dunning
from domain.contracts.fee_basis import FEE_BASIS, FeeBasis, fee_basis_stream
from domain.refusal import refuse_if, reject_if
from projections.arrears import dunnings
from projections.estates import estates
from projections.estates.estates import EstateRow
from projections.fees import bills, payments
from projections.fees.bills import BillRow
from projections.projection import Connection
from projections.register import dwellings, owners
from services.arrears.paper import SHORTEST, DemandLine, DemandPaper, demands
from services.arrears.plans import CALENDAR
from services.contracts.letterhead import creditor
from services.log.not_found import NotFound
from services.product import Product
from services.sessions.member import Member
from services.words.figures import period
from services.words.sentences import say

MOST = 1000  # letters in one PDF


def printed(
    product: Product, who: Member, estate: str, wanted: Sequence[UUID], language: str, building: str | None = None
) -> bytes:
    """The letters of these demands, or of all that wait for their service, in reading order of the dwellings.

    Those of one ``building``, if it is named. What was paid since a demand was written is left out of it. Refuses
    ``no_letters`` where nothing is left, ``letters_too_many`` rather than leaving some out.
    """
    with product.lend(who) as conn:
        row = estates.estate(conn, estate)
        if row is None:
            raise NotFound
        basis = product.log.load(FEE_BASIS, fee_basis_stream(estate)).state
        papers = _papers(conn, row, basis, frozenset(wanted), language, building)
    refuse_if(not papers, "no_letters")
    reject_if(len(papers) > MOST, "letters_too_many", most=MOST)
    return demands(papers, language)


def _papers(
    conn: Connection,
    estate: EstateRow,
    basis: FeeBasis,
    wanted: frozenset[UUID],
    language: str,
    building: str | None,
) -> list[DemandPaper]:
    chosen = [
        (row.dwelling, demand, row.state)
        for row in dunnings.of_estate(conn, estate.code).values()
        for demand in row.state.demands
        if (demand.demand in wanted if wanted else demand.served_on is None)
    ]
    open_now = {row.bill: row for row in bills.open_of(conn, [dwelling for dwelling, _, _ in chosen])}
    paid_on = payments.part_paid(conn, [row for row in open_now.values() if row.paid])
    labels = dwellings.labels(conn, [dwelling for dwelling, _, _ in chosen])
    names = owners.named(conn, [demand.payer for _, demand, _ in chosen])
    papers = [
        (
            labels.get(dwelling, ""),
            _paper(
                estate, basis, demand, labels.get(dwelling, ""), names, rows, _lapsed(state, demand, paid_on), language
            ),
        )
        for dwelling, demand, state in chosen
        if (rows := [open_now[claim.bill] for claim in demand.claims if claim.bill in open_now])
        and building in (None, rows[0].building)
    ]
    return [paper for _, paper in sorted(papers, key=lambda each: (_reading(each[0]), each[1].number))]


def _lapsed(state: Dunning, demand: Demand, paid_on: Mapping[UUID, tuple[date, ...]]) -> frozenset[UUID]:
    """The claims of a demand that had lapsed when it was written."""
    debts = [debt for claim in demand.claims if (debt := state.debt(claim.bill)) is not None]
    return frozenset(
        debt.bill
        for debt in debts
        if state.limitation(debt, CALENDAR, paid_on.get(debt.bill, ())).lapsed(demand.written_on)
    )


def _reading(label: str) -> list[str]:
    return [part.rjust(6) for part in label.split("-")]


def _paper(
    estate: EstateRow,
    basis: FeeBasis,
    demand: Demand,
    label: str,
    names: dict[UUID, str | None],
    rows: Sequence[BillRow],
    lapsed: frozenset[UUID],
    language: str,
) -> DemandPaper:
    def joined(texts: Sequence[str | None]) -> str:
        return say(language, "list-comma").join(dict.fromkeys(text for text in texts if text)) or "-"

    return DemandPaper(
        number=demand.number,
        firm=creditor(basis, estate, demand.written_on, language),
        station=say(language, "letter-station", estate=estate.name),
        address=(estate.name, label),
        payer=names.get(demand.payer) or say(language, "letter-owner"),
        estate=estate.name,
        dwelling=label,
        contract=joined([row.contract for row in rows]),
        clause=joined([row.clause for row in rows]),
        written_on=demand.written_on,
        pay_by=max(demand.pay_by, demand.written_on + SHORTEST),
        lines=tuple(
            DemandLine(
                number=row.number,
                item=say(language, f"feeitem-{row.item.value}"),
                span=period(row.since, row.until),
                due=row.due,
                amount=row.amount,
                settled=row.amount - row.open,
                lapsed=row.bill in lapsed,
            )
            for row in rows
        ),
        ways=(say(language, "letter-way-desk"),),
    )
