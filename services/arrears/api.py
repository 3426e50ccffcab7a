"""Arrears over HTTP: what is overdue and when it lapses, the rungs of dunning, what lets them rest, and waivers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from domain.arrears import dunning as rules
from domain.arrears.dunning import DeliveredBy, EndedBy, Hindrance, RemindedBy, Rung, UrgedBy, Venue
from domain.arrears.limitation import Held
from domain.arrears.overdue import Age, DunningStep, Overdue, Rest, ageing
from domain.calendar import local_date
from domain.fees.fee_account import GrantWaiver, WaiverReason
from domain.money.items import FeeItem
from projections.arrears import overdue as arrears
from projections.arrears.overdue import Case
from projections.register import dwellings, owners
from services.arrears import letters as demand_letters
from services.arrears import suit_file
from services.arrears.plans import (
    CALENDAR,
    MOST_AT_ONCE,
    Pick,
    ask_committee_for_all,
    charge_penalty,
    grant_waiver,
    on_debtor,
    on_said,
    remind_all,
    serve_all,
    write_demands,
)
from services.cases.shapes import masked_name
from services.commands.plan import Plan
from services.http.act_route import ActRoute
from services.http.acting import AskingNow, CaughtUp, etag, performing
from services.http.acts import Done
from services.http.answers import PDF, pdf
from services.http.bodies import ActBody, Text, body_of, command_of, default_of, path_of
from services.http.problems import language_of
from services.http.who import FEE_READING, Accountant, BasisReader, TheHouse, own

router = APIRouter(prefix="/api/v1", tags=["arrears"], route_class=ActRoute)


@dataclass(frozen=True, slots=True)
class AgeShape:
    """``amount`` in fen of ``bills`` bills of this age."""

    age: Age
    amount: int
    bills: int


@dataclass(frozen=True, slots=True)
class BuildingShape:
    building: str
    amount: int
    dwellings: int
    ages: list[AgeShape]


@dataclass(frozen=True, slots=True)
class OverdueShape:
    """One bill. ``last_day`` is the last day of its limitation, ``provisional`` where holidays may still move it.

    While it is ``held`` by proceedings or a hindrance that goes on, it does not lapse whatever its ``last_day``, which
    is then reckoned as if they had ended on the day for which they were last told. ``interrupted`` is the day after
    which its last three years run, where that is not the due day.
    """

    bill: UUID
    number: str
    item: FeeItem
    since: date
    until: date
    amount: int
    open: int
    due: date
    age: Age
    last_day: date
    provisional: bool
    lapsed: bool
    held: Held | None
    interrupted: date | None
    rung: Rung
    rest: Rest | None
    step: DunningStep | None
    ready: date | None
    demand: UUID | None


@dataclass(frozen=True, slots=True)
class ProceedingsShape:
    """Proceedings about ``bills``; pending unless ``ended`` says on which day they ended."""

    bills: list[UUID]
    venue: Venue
    filed: date
    ended: date | None
    how: EndedBy | None


@dataclass(frozen=True, slots=True)
class HindranceShape:
    """What hinders the claims; ``known`` is the last day for which it is told that it goes on."""

    hindrance: UUID
    kind: Hindrance
    since: date
    known: date
    until: date | None


@dataclass(frozen=True, slots=True)
class DebtorShape:
    """One payer of one dwelling. ``steps`` may be taken today, the furthest first.

    ``last_day`` and ``held`` are those of the claim that lapses first.
    """

    dwelling: UUID
    label: str | None
    building: str
    payer: UUID
    name: str | None
    amount: int
    since: date
    last_day: date
    provisional: bool
    held: Held | None
    rung: Rung
    rests: list[Rest]
    steps: list[DunningStep]
    bills: list[OverdueShape]
    proceedings: list[ProceedingsShape]
    hindrances: list[HindranceShape]


@dataclass(frozen=True, slots=True)
class ArrearsShape:
    """What is overdue in an estate today. ``lapsing`` bills lapse within 90 days or have.

    ``to_confirm`` bills would, were they not held: whether what holds them goes on has to be looked at.

    Whoever may see no dwellings that owe something is told ``ages`` and ``buildings`` alone.
    """

    estate: str
    day: date
    amount: int
    households: int
    lapsing: int
    to_confirm: int
    ages: list[AgeShape]
    buildings: list[BuildingShape]
    debtors: list[DebtorShape]


@dataclass(frozen=True, slots=True)
class Many:
    """How many of the debtors it was time for; the others are as they were."""

    done: int
    position: int


class PickBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    dwelling: UUID
    payer: UUID


class ManyBody(ActBody):
    debtors: Annotated[list[PickBody], Field(min_length=1, max_length=MOST_AT_ONCE)]

    def picks(self) -> list[Pick]:
        return [Pick(each.dwelling, each.payer) for each in self.debtors]


class RemindBody(ManyBody):
    by: RemindedBy


class DemandBody(ManyBody):
    """``pay_by`` is at the least 15 days away."""

    pay_by: date


class ProvenBody(PickBody):
    """``evidence`` of this one alone, such as the number of its registered letter."""

    evidence: Text | None = None


class ServeBody(ActBody):
    """How, ``on`` which day, ``by`` whom of the station, and what proves it for those without a proof of their own."""

    debtors: Annotated[list[ProvenBody], Field(min_length=1, max_length=MOST_AT_ONCE)]
    how: DeliveredBy
    on: date
    by: UUID
    evidence: Text | None = None

    def proofs(self) -> dict[Pick, str | None]:
        return {Pick(each.dwelling, each.payer): each.evidence for each in self.debtors}


class CommitteeBody(ManyBody):
    urged_by: UrgedBy


class PrintBody(BaseModel):
    """Demands that were written; without any, all of the estate or of a building that wait for their service."""

    model_config = ConfigDict(extra="forbid")

    demands: Annotated[tuple[UUID, ...], Field(max_length=MOST_AT_ONCE)] = ()
    building: Annotated[str, Field(max_length=16, examples=["3"])] | None = None


class DebtorBody(ActBody):
    """``bills`` are those it is about; without any, all that are overdue, or ready for that rung.

    A plan of instalments without any is about all that are overdue and not disputed.
    """

    payer: UUID
    bills: Annotated[tuple[UUID, ...], Field(max_length=rules.MOST_BILLS)] = ()


class InstalmentBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    due: date
    amount: Annotated[int, Field(strict=True, examples=[30000])]


class InstalmentsBody(DebtorBody):
    """Days and fen; they add up to what is claimed."""

    instalments: Annotated[tuple[InstalmentBody, ...], Field(max_length=100)]


class PenaltyBody(ActBody):
    bill: UUID


class WaiverBody(ActBody):
    """``rule`` names what it rests on; ``amount`` in fen."""

    bill: UUID
    amount: Annotated[int, Field(strict=True, examples=[346])]
    reason: WaiverReason
    rule: Text
    text: Text | None = None


# -- reading -----------------------------------------------------------------------------------------------------


@router.get("/estates/{estate}/arrears", dependencies=[CaughtUp])
def get_arrears(estate: str, house: TheHouse, who: BasisReader) -> ArrearsShape:
    """What is overdue, soonest lapsing first."""
    own(estate, who)
    today = local_date(house.clock())
    with house.database.lend(who.estates) as conn:
        found = arrears.cases(conn, estate, today, CALENDAR)
        told = found if who.capacity in FEE_READING else []
        labels = dwellings.labels(conn, [case.dwelling for case in told])
        names = owners.named(conn, [case.debtor.payer for case in told])
    everything = arrears.all_of(found)
    return ArrearsShape(
        estate=estate,
        day=today,
        amount=sum(each.bill.open for each in everything),
        households=len({case.dwelling for case in found}),
        lapsing=len(arrears.lapsing(found, today)),
        to_confirm=len(arrears.to_confirm(found, today)),
        ages=[AgeShape(each.age, each.amount, each.bills) for each in ageing(everything)],
        buildings=[
            BuildingShape(
                each.building,
                each.amount,
                each.dwellings,
                [AgeShape(age.age, age.amount, age.bills) for age in each.ages],
            )
            for each in arrears.by_building(found)
        ],
        debtors=[_debtor(case, labels.get(case.dwelling), names.get(case.debtor.payer), today) for case in told],
    )


def _debtor(case: Case, label: str | None, name: str | None, today: date) -> DebtorShape:
    debtor = case.debtor
    return DebtorShape(
        dwelling=case.dwelling,
        label=label,
        building=case.building,
        payer=debtor.payer,
        name=masked_name(name),
        amount=debtor.open,
        since=debtor.since,
        last_day=debtor.last_day.day,
        provisional=debtor.last_day.provisional,
        held=debtor.soonest.held,
        rung=debtor.rung,
        rests=list(debtor.rests),
        steps=list(debtor.ready(today)),
        bills=[_overdue(each, today) for each in debtor.bills],
        proceedings=[
            ProceedingsShape(list(each.bills), each.venue, each.filed_on, each.ended_on, each.ended_by)
            for each in case.suits
        ],
        hindrances=[
            HindranceShape(each.hindrance, each.kind, each.since, each.known, each.until) for each in case.hindrances
        ],
    )


def _overdue(each: Overdue, today: date) -> OverdueShape:
    bill = each.bill
    return OverdueShape(
        bill=bill.bill,
        number=bill.number,
        item=bill.item,
        since=bill.since,
        until=bill.until,
        amount=bill.amount,
        open=bill.open,
        due=bill.due,
        age=each.age,
        last_day=each.last_day.day,
        provisional=each.last_day.provisional,
        lapsed=each.lapsed(today),
        held=each.held,
        interrupted=each.interrupted,
        rung=each.rung,
        rest=each.rest,
        step=each.step,
        ready=each.ready,
        demand=each.demand,
    )


@router.post("/estates/{estate}/demands/print", response_class=Response, responses={200: {"content": {PDF: {}}}})
def print_demands(estate: str, request: Request, house: TheHouse, who: Accountant, body: PrintBody) -> Response:
    """The letters of demands that are not served yet, as one PDF."""
    own(estate, who)
    return pdf(demand_letters.printed(house, who, estate, body.demands, language_of(request), body.building), "demands")


@router.get(
    "/dwellings/{dwelling}/debtors/{payer}/suit.pdf", response_class=Response, responses={200: {"content": {PDF: {}}}}
)
def print_suit_file(dwelling: UUID, payer: UUID, request: Request, house: TheHouse, who: Accountant) -> Response:
    """What a court is given about one debtor: the claims, the demands with their proof, the steps that were taken."""
    return pdf(suit_file.printed(house, who, Pick(dwelling, payer), language_of(request)), "suit")


# -- many at once ------------------------------------------------------------------------------------------------

_MANY: tuple[tuple[str, type[Any], type[ActBody], str, Callable[[str, Any], Plan]], ...] = (
    (
        "reminders", rules.SendReminder, RemindBody, "Remind everybody it is time for.",
        lambda estate, body: remind_all(estate, body.picks(), body.by),
    ),
    (
        "demands", rules.WriteDemand, DemandBody, "Write a demand to everybody it is time for.",
        lambda estate, body: write_demands(estate, body.picks(), body.pay_by),
    ),
    (
        "demands/serve", rules.ServeDemand, ServeBody, "State how the demands of these debtors were served.",
        lambda estate, body: serve_all(estate, body.proofs(), body.how, body.on, body.by, body.evidence),
    ),
    (
        "committee-requests", rules.AskCommittee, CommitteeBody, "Ask the committee about everybody it is time for.",
        lambda estate, body: ask_committee_for_all(estate, body.picks(), body.urged_by),
    ),
)  # fmt: skip


def _add_many(path: str, command: type[Any], body_type: type[ActBody], about: str, plan: Callable[..., Plan]) -> None:
    async def act(
        estate: str,
        request: Request,
        house: TheHouse,
        who: Accountant,
        asking: AskingNow,
        body: body_type,  # type: ignore[valid-type]
    ) -> Many:
        own(estate, who)
        asked = asking.by(who, body.occurred_at)  # type: ignore[attr-defined]
        answer = await performing(request, house, command.__name__, asked, plan(estate, body))
        return Many(int(answer.number or 0), answer.position)

    router.post(f"/estates/{{estate}}/{path}", name=f"{command.__name__}ToMany", description=about)(act)


for _many in _MANY:
    _add_many(*_many)


# -- one debtor --------------------------------------------------------------------------------------------------

_SETTLED = (
    "payer",
    "claims",
    "bills",
    "dispute",
    "plan",
    "hindrance",
)  # by the body itself, the account, or the product
TO_DEBTOR: tuple[type[Any], ...] = (
    rules.SendReminder,
    rules.AskCommittee,
    rules.RecordMediation,
    rules.FileSuit,
    rules.EndProceedings,
    rules.RecordAcknowledgement,
    rules.RecordHindrance,
    rules.DisputeDebt,
    rules.AgreeInstalments,
    rules.NoteHardship,
)
ABOUT_SAID: tuple[type[Any], ...] = (
    rules.ServeDemand,
    rules.UpholdDispute,
    rules.RejectDispute,
    rules.ConfirmHindrance,
    rules.EndHindrance,
    rules.WithdrawHindrance,
)


def _add_debtor_act(command: type[Any]) -> None:
    by_instalments = command is rules.AgreeInstalments
    base = InstalmentsBody if by_instalments else DebtorBody
    body_type = body_of(command, (*_SETTLED, *base.model_fields), base)

    def plan(dwelling: UUID, body: Any) -> Plan:
        said = {name: getattr(body, name) for name in command.__match_args__ if name not in _SETTLED}
        if by_instalments:
            said["instalments"] = tuple(rules.Instalment(each.due, each.amount) for each in body.instalments)
        return on_debtor(Pick(dwelling, body.payer), command, body.bills, said)

    _add(command, body_type, plan)


def _add_said_act(command: type[Any]) -> None:
    _add(command, body_of(command), lambda dwelling, body: on_said(dwelling, command_of(command, body)))


def _add(command: type[Any], body_type: type[ActBody], plan: Callable[[UUID, Any], Plan]) -> None:
    async def act(
        dwelling: UUID,
        request: Request,
        response: Response,
        house: TheHouse,
        who: Accountant,
        asking: AskingNow,
        body: body_type = default_of(body_type),  # type: ignore[valid-type]  # noqa: B008
    ) -> Done:
        ask = asking.by(who, body.occurred_at)  # type: ignore[attr-defined]
        answer = await performing(request, house, command.__name__, ask, plan(dwelling, body))
        response.headers["ETag"] = etag(answer.version)
        return Done(answer.version, answer.position)

    path = f"/dwellings/{{dwelling}}/dunning/{path_of(command)}"
    router.post(path, name=command.__name__, description=command.__doc__)(act)


for _command in TO_DEBTOR:
    _add_debtor_act(_command)
for _command in ABOUT_SAID:
    _add_said_act(_command)


@router.post("/dwellings/{dwelling}/waivers")
async def waive(
    dwelling: UUID,
    request: Request,
    response: Response,
    house: TheHouse,
    who: Accountant,
    asking: AskingNow,
    body: WaiverBody,
) -> Done:
    """Let go of part of a bill, by a rule that is named; only heads may, and nobody for a home of his own."""
    command = GrantWaiver(body.bill, body.amount, body.reason, body.rule, body.text)
    ask = asking.by(who, body.occurred_at)
    answer = await performing(request, house, "GrantWaiver", ask, grant_waiver(dwelling, command))
    response.headers["ETag"] = etag(answer.version)
    return Done(answer.version, answer.position)


@router.post("/dwellings/{dwelling}/penalties")
async def charge_late_penalty(
    dwelling: UUID,
    request: Request,
    response: Response,
    house: TheHouse,
    who: Accountant,
    asking: AskingNow,
    body: PenaltyBody,
) -> Done:
    """Bill what the contract's clause adds to an overdue bill up to today; without a clause there is none."""
    ask = asking.by(who, body.occurred_at)
    answer = await performing(request, house, "IssueBill", ask, charge_penalty(dwelling, body.bill))
    response.headers["ETag"] = etag(answer.version)
    return Done(answer.version, answer.position)
