"""What an estate charges on, over HTTP: service mode, contracts, price lists, and the prices for everybody to see."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from domain.calendar import local_date
from domain.contracts import fee_basis as basis
from domain.contracts.fee_basis import (
    Charged,
    Contract,
    ContractStage,
    FeeMode,
    FeeSchedule,
    ModeGround,
    Party,
    Price,
    ServiceMode,
    Terms,
)
from domain.money.allocation import AllocationOrder
from domain.money.formula import WHOLE
from domain.money.items import FeeItem
from domain.register.dwelling import Use
from services.contracts.access import basis_of, displayed_basis
from services.contracts.plans import BasisChanged, on_fee_basis
from services.http.act_route import act_at
from services.http.acting import AskingNow, etag, performing
from services.http.acts import Done
from services.http.bodies import ActBody
from services.http.who import Accountant, BasisReader, TheProduct, own
from services.log.randomness import new_id
from services.product import Product

router = APIRouter(prefix="/api/v1/estates/{estate}", tags=["contracts"])

Code = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Whole = Annotated[int, Field(strict=True)]


class PriceBody(BaseModel):
    """``unit_price`` in 0.0001 yuan for one of ``charged``."""

    model_config = ConfigDict(extra="forbid")

    item: FeeItem
    charged: Charged
    uses: list[Use]
    unit_price: Whole
    clause: Code
    content: Annotated[str, StringConstraints(min_length=1, max_length=120)]


class ModeBody(ActBody):
    mode: ServiceMode
    since: date
    ground: ModeGround
    reference: Code


class ContractBody(ActBody):
    """``penalty_rate`` in 0.000001 a day, ``vacancy_factor`` in 0.0001; both need the clause they rest on.

    ``firm``: the full name of the party that serves, as receipts, demands and price displays show it.
    """

    number: Code
    fee_mode: FeeMode
    since: date
    until: date
    order: AllocationOrder = AllocationOrder.COSTS_INTEREST_PRINCIPAL
    prepayment_months: Whole = basis.MOST_PREPAID_MONTHS
    payment_days: Whole = 0
    penalty_rate: Whole = 0
    penalty_clause: Code | None = None
    vacancy_factor: Whole = WHOLE
    vacancy_clause: Code | None = None
    decision: Code | None = None
    firm: Annotated[str, StringConstraints(min_length=1, max_length=120)] | None = None


class NoticeBody(ActBody):
    by: Party
    served_on: date
    ends: date
    decision: Code | None = None


class HandoverBody(ActBody):
    day: date


class PriceListBody(ActBody):
    contract: UUID
    prices: Annotated[list[PriceBody], Field(max_length=100)]
    shown_from: date
    valid_from: date
    decision: Code | None = None


@dataclass(frozen=True, slots=True)
class ContractShape:
    """A contract as it stands today; ``ends`` is not known of an indefinite one without notice."""

    contract: UUID
    number: str
    stage: ContractStage
    fee_mode: FeeMode
    since: date
    until: date
    ends: date | None
    terms: Terms
    notice: basis.Notice | None
    decision: str | None
    firm: str | None


@dataclass(frozen=True, slots=True)
class PriceListShape:
    schedule: UUID
    contract: UUID
    prices: list[Price]
    shown_from: date
    valid_from: date


@dataclass(frozen=True, slots=True)
class BasisShape:
    """``bills``: whether today is charged for at all."""

    estate: str
    mode: ServiceMode
    bills: bool
    contracts: list[ContractShape]
    price_lists: list[PriceListShape]
    version: int


@dataclass(frozen=True, slots=True)
class PricesShape:
    """The prices that bill today and those that will, exactly as bills are reckoned; ``firm`` is who serves today."""

    estate: str
    name: str
    mode: ServiceMode
    fee_mode: FeeMode | None
    contract: str | None
    firm: str | None
    price_lists: list[PriceListShape]


@dataclass(frozen=True, slots=True)
class Made:
    """``id`` of what came into being."""

    id: UUID
    version: int
    position: int


@router.get("/fee-basis")
def get_fee_basis(estate: str, product: TheProduct, response: Response, who: BasisReader) -> BasisShape:
    """Service mode, contracts and price lists."""
    own(estate, who)
    loaded = basis_of(product, estate)
    response.headers["ETag"] = etag(loaded.version)
    today = local_date(product.clock())
    state = loaded.state
    return BasisShape(
        estate=estate,
        mode=state.mode_on(today),
        bills=state.bills(today),
        contracts=[_contract(each, today) for each in state.contracts],
        price_lists=[_prices(each) for each in state.schedules],
        version=loaded.version,
    )


@router.get("/prices")
def get_prices(estate: str, product: TheProduct) -> PricesShape:
    """The price display (明码标价), for everybody: no account is needed, and it tells of nobody."""
    name, state = displayed_basis(product, estate)
    today = local_date(product.clock())
    contract = state.contract_on(today)
    return PricesShape(
        estate=estate,
        name=name,
        mode=state.mode_on(today),
        fee_mode=contract.fee_mode if contract else None,
        contract=contract.number if contract else None,
        firm=contract.firm if contract else None,
        price_lists=[_prices(each) for each in state.displayed(today)],
    )


@act_at(router, "/service-mode")
async def change_service_mode(
    estate: str,
    body: ModeBody,
    request: Request,
    response: Response,
    product: TheProduct,
    who: Accountant,
    asking: AskingNow,
) -> Done:
    """Change who serves the estate, and so whether anything is charged."""
    command = basis.ChangeServiceMode(estate, body.mode, body.since, body.ground, body.reference)
    return await _done(estate, command, body, request, response, product, who, asking)


@act_at(router, "/contracts", status_code=201)
async def sign_contract(
    estate: str,
    body: ContractBody,
    request: Request,
    response: Response,
    product: TheProduct,
    who: Accountant,
    asking: AskingNow,
) -> Made:
    """A service contract. A new one ends the one before it (CC 940)."""
    terms = Terms(
        body.order, body.prepayment_months, body.payment_days, body.penalty_rate, body.penalty_clause,
        body.vacancy_factor, body.vacancy_clause,
    )  # fmt: skip
    id = new_id()
    command = basis.SignContract(
        estate, id, body.number, body.fee_mode, body.since, body.until, terms, body.decision, body.firm
    )
    answer = await _answered(estate, command, body, request, response, product, who, asking)
    return Made(_id(answer), answer.version, answer.position)


@act_at(router, "/contracts/{contract}/notice")
async def give_notice(
    estate: str, contract: UUID, body: NoticeBody, request: Request, response: Response, product: TheProduct,
    who: Accountant, asking: AskingNow,
) -> Done:  # fmt: skip
    """Written notice: 60 days by the owners, 90 days by a firm that will not renew (CC 946 to 948)."""
    command = basis.GiveNotice(contract, body.by, body.served_on, body.ends, body.decision)
    return await _done(estate, command, body, request, response, product, who, asking)


@act_at(router, "/contracts/{contract}/withdraw-notice")
async def withdraw_notice(
    estate: str,
    contract: UUID,
    request: Request,
    response: Response,
    product: TheProduct,
    who: Accountant,
    asking: AskingNow,
) -> Done:
    """Take a notice back before it has run out."""
    return await _done(estate, basis.WithdrawNotice(contract), ActBody(), request, response, product, who, asking)


@act_at(router, "/contracts/{contract}/handover")
async def complete_handover(
    estate: str, contract: UUID, body: HandoverBody, request: Request, response: Response, product: TheProduct,
    who: Accountant, asking: AskingNow,
) -> Done:  # fmt: skip
    """Somebody has taken over: nothing is charged from that day on (CC 949, 950)."""
    return await _done(
        estate, basis.CompleteHandover(contract, body.day), body, request, response, product, who, asking
    )


@act_at(router, "/price-lists", status_code=201)
async def adopt_price_list(
    estate: str,
    body: PriceListBody,
    request: Request,
    response: Response,
    product: TheProduct,
    who: Accountant,
    asking: AskingNow,
) -> Made:
    """A whole price list; a change is displayed for 30 days before it bills."""
    prices = tuple(
        Price(each.item, each.charged, tuple(each.uses), each.unit_price, each.clause, each.content)
        for each in body.prices
    )
    id = new_id()
    command = basis.AdoptFeeSchedule(id, body.contract, prices, body.shown_from, body.valid_from, body.decision)
    answer = await _answered(estate, command, body, request, response, product, who, asking)
    return Made(_id(answer), answer.version, answer.position)


@act_at(router, "/price-lists/{schedule}/withdraw")
async def withdraw_price_list(
    estate: str,
    schedule: UUID,
    request: Request,
    response: Response,
    product: TheProduct,
    who: Accountant,
    asking: AskingNow,
) -> Done:
    """Take back a list that does not bill yet."""
    return await _done(estate, basis.WithdrawFeeSchedule(schedule), ActBody(), request, response, product, who, asking)


async def _done(
    estate: str,
    command: Any,
    body: ActBody,
    request: Request,
    response: Response,
    product: Product,
    who: Any,
    asking: Any,
) -> Done:
    answer = await _answered(estate, command, body, request, response, product, who, asking)
    return Done(answer.version, answer.position)


async def _answered(
    estate: str,
    command: Any,
    body: ActBody,
    request: Request,
    response: Response,
    product: Product,
    who: Any,
    asking: Any,
) -> BasisChanged:
    ask = asking.by(who, body.occurred_at)
    answer = await performing(request, product, type(command).__name__, ask, on_fee_basis(estate, command))
    response.headers["ETag"] = etag(answer.version)
    return answer


def _id(answer: BasisChanged) -> UUID:
    assert answer.made is not None
    return answer.made


def _contract(contract: Contract, today: date) -> ContractShape:
    return ContractShape(
        contract.contract, contract.number, contract.stage(today), contract.fee_mode, contract.since, contract.until,
        contract.ends, contract.terms, contract.notice, contract.decision, contract.firm,
    )  # fmt: skip


def _prices(schedule: FeeSchedule) -> PriceListShape:
    return PriceListShape(
        schedule.schedule, schedule.contract, list(schedule.prices), schedule.shown_from, schedule.valid_from
    )
