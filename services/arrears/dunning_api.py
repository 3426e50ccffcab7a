"""What is done about arrears over HTTP: to many debtors at once, to one of them, and about a bill."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from domain.arrears import dunning as rules
from domain.arrears.dunning import DeliveredBy, RemindedBy, UrgedBy
from domain.fees.fee_account import GrantWaiver, WaiverReason
from services.arrears.penalty_plans import charge_penalty, grant_waiver
from services.arrears.plans import (
    MOST_AT_ONCE,
    ManyDone,
    Pick,
    ask_committee_for_all,
    on_debtor,
    on_said,
    remind_all,
    serve_all,
    write_demands,
)
from services.commands.plan import Plan, PlanFor
from services.http.act_route import act_at
from services.http.acting import AskingNow, AskingOfSeveral, etag, performing
from services.http.acts import Done
from services.http.bodies import ActBody, Text, Typed, body_of, command_of, default_of, described, path_of
from services.http.who import Accountant, TheProduct, own

router = APIRouter(prefix="/api/v1", tags=["arrears"])


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


class DebtorBody(ActBody):
    """``bills`` are those it is about; without any, all that are overdue, or ready for that rung.

    A plan of instalments without any is about all that are overdue and not disputed.
    """

    payer: UUID
    bills: Annotated[tuple[UUID, ...], Field(max_length=rules.MOST_BILLS)] = ()


class InstalmentBody(Typed):
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


# -- many at once ------------------------------------------------------------------------------------------------

_MANY: tuple[tuple[str, type[Any], type[ActBody], str, Callable[[str, Any], PlanFor[ManyDone]]], ...] = (
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


def _add_many(
    path: str, command: type[Any], body_type: type[ActBody], about: str, plan: Callable[..., PlanFor[ManyDone]]
) -> None:
    async def act(
        estate: str,
        request: Request,
        product: TheProduct,
        who: Accountant,
        asking: AskingOfSeveral,
        body: body_type,  # type: ignore[valid-type]
    ) -> Many:
        own(estate, who)
        asked = asking.by(who, body.occurred_at)  # type: ignore[attr-defined]
        answer = await performing(request, product, command.__name__, asked, plan(estate, body))
        return Many(answer.count, answer.position)

    act_at(router, f"/estates/{{estate}}/{path}", name=f"{command.__name__}ToMany", description=about)(act)


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
        product: TheProduct,
        who: Accountant,
        asking: AskingNow,
        body: body_type = default_of(body_type),  # type: ignore[valid-type]  # noqa: B008
    ) -> Done:
        ask = asking.by(who, body.occurred_at)  # type: ignore[attr-defined]
        answer = await performing(request, product, command.__name__, ask, plan(dwelling, body))
        response.headers["ETag"] = etag(answer.version)
        return Done(answer.version, answer.position)

    path = f"/dwellings/{{dwelling}}/dunning/{path_of(command)}"
    act_at(router, path, name=command.__name__, description=described(command))(act)


for _command in TO_DEBTOR:
    _add_debtor_act(_command)
for _command in ABOUT_SAID:
    _add_said_act(_command)


@act_at(router, "/dwellings/{dwelling}/waivers")
async def waive(
    dwelling: UUID,
    request: Request,
    response: Response,
    product: TheProduct,
    who: Accountant,
    asking: AskingNow,
    body: WaiverBody,
) -> Done:
    """Let go of part of a bill, by a rule that is named; only heads may, and nobody for a home of his own."""
    command = GrantWaiver(body.bill, body.amount, body.reason, body.rule, body.text)
    ask = asking.by(who, body.occurred_at)
    answer = await performing(request, product, "GrantWaiver", ask, grant_waiver(dwelling, command))
    response.headers["ETag"] = etag(answer.version)
    return Done(answer.version, answer.position)


@act_at(router, "/dwellings/{dwelling}/penalties")
async def charge_late_penalty(
    dwelling: UUID,
    request: Request,
    response: Response,
    product: TheProduct,
    who: Accountant,
    asking: AskingNow,
    body: PenaltyBody,
) -> Done:
    """Bill what the contract's clause adds to an overdue bill up to today; without a clause there is none."""
    ask = asking.by(who, body.occurred_at)
    answer = await performing(request, product, "IssueBill", ask, charge_penalty(dwelling, body.bill))
    response.headers["ETag"] = etag(answer.version)
    return Done(answer.version, answer.position)
