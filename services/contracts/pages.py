"""What an estate charges on: its contract in one look, its price lists; and the price display for everybody."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Any, Protocol, TypeVar
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from domain.calendar import local_date
from domain.capacity import ACCOUNTS, HEADS
from domain.contracts import fee_basis as basis
from domain.contracts.fee_basis import (
    LAST_DAY,
    SHOWN_DAYS,
    Charged,
    ContractStage,
    FeeMode,
    ModeGround,
    Party,
    Price,
    ServiceMode,
    Terms,
)
from domain.money.allocation import AllocationOrder
from domain.money.formula import WHOLE
from domain.money.items import FeeItem
from domain.refusal import Refusal, Rejection, reject_if
from domain.register.dwelling import Use
from domain.written.days import day as read_day
from domain.written.numbers import number
from projections.fees.bills import BILLS
from projections.projection import Connection
from projections.register import dwellings
from projections.register.dwellings import DWELLINGS
from services.commands.ask import Forbidden, KeyReused, Stale
from services.console import render
from services.console.answers import refused
from services.console.viewer import Viewer
from services.console.visit import AccountsVisit, BasisVisit, FormFields, Visit
from services.contracts.access import basis_of, displayed_basis
from services.contracts.calls import called
from services.contracts.plans import on_fee_basis
from services.contracts.price_display import price_notes
from services.http.acting import perform
from services.http.problems import language_of
from services.http.who import TheProduct
from services.log.not_found import NotFound
from services.log.randomness import new_id

router = APIRouter(include_in_schema=False)

_SHOWN = (BILLS, DWELLINGS)

ROWS, SPARE_ROWS, MOST_ROWS = 8, 3, 18  # prices that the form of a list takes, as many as there are and some more
MOST_UNSERVED = 20  # dwellings that are named
M = TypeVar("M", bound=Enum)


class Unserved(Protocol):
    """A bill that charges for days after the end of its contract, which nobody serves."""

    @property
    def dwelling(self) -> UUID: ...

    @property
    def contract(self) -> str | None: ...

    @property
    def until(self) -> date: ...


@dataclass(frozen=True, slots=True)
class UnservedBills:
    """Whoever knows of bills: ``of`` finds those of an estate that charge for days after a contract's end."""

    of: Callable[[Connection, str, basis.FeeBasis, date], Sequence[Unserved]]


@router.get("/contracts/{estate}")
def page(estate: str, visit: BasisVisit, after: int = 0) -> Response:
    return _page(visit.at(estate), estate, after)


@router.post("/contracts/{estate}/{act}")
def act(estate: str, act: str, form: FormFields, visit: AccountsVisit) -> Response:
    here = visit.at(estate)
    if act not in _ACTS or estate not in here.member.estates:
        raise NotFound
    try:
        ask, command = here.ask(form), _ACTS[act](estate, form)
        plan = on_fee_basis(estate, command)
        answer = perform(here.request, type(command).__name__, lambda: here.product.handler.do(ask, plan))
    except (Refusal, Stale, Forbidden, KeyReused) as wrong:
        return refused(here, wrong, lambda errors, status: _page(here, estate, 0, status, typed=form, errors=errors))
    return here.done(answer, here.voice.say(f"contract-done-{act}"), f"/contracts/{estate}", go=f"/contracts/{estate}")


@router.get("/prices/{estate}")
def price_display(estate: str, request: Request, product: TheProduct) -> Response:
    """The price display, for everybody: prints on A4, tells of nobody."""
    name, state = displayed_basis(product, estate)
    now = product.clock()
    today, language = local_date(now), language_of(request)
    viewer = Viewer(language=language, theme=request.cookies.get("theme", "auto"))
    shown = [(each, state.contract_of(each)) for each in state.displayed(today)]
    html = render.html(
        "prices.html", viewer, now, name=name, today=today, mode=state.mode_on(today), unit=unit,
        coming_modes=state.coming_modes(today),
        lists=[(each, contract, price_notes(contract, each, language)) for each, contract in shown],
    )  # fmt: skip
    return HTMLResponse(html, headers={"Cache-Control": "public, max-age=60"})


def unit(price: int) -> str:
    """A price of 0.0001 yuan as it is read: ``0.60``, ``0.655``."""
    whole, rest = divmod(price, 10_000)
    return f"{whole}.{f'{rest:04d}'.rstrip('0').ljust(2, '0')}"


# -- what a form says ------------------------------------------------------------------------------------------------


def _mode(estate: str, form: Mapping[str, str]) -> basis.Command:
    return basis.ChangeServiceMode(
        estate, _one(ServiceMode, form, "mode"), _day(form, "since"), _one(ModeGround, form, "ground"),
        _text(form, "reference"),
    )  # fmt: skip


def _sign(estate: str, form: Mapping[str, str]) -> basis.Command:
    terms = Terms(
        order=_one(AllocationOrder, form, "order"),
        prepayment_months=_number(form, "prepayment_months", 12),
        payment_days=_number(form, "payment_days", 0),
        penalty_rate=_scaled(form, "penalty_rate", 4, 0),  # said in per cent a day
        penalty_clause=form.get("penalty_clause") or None,
        vacancy_factor=_scaled(form, "vacancy_factor", 4, WHOLE),
        vacancy_clause=form.get("vacancy_clause") or None,
    )
    return basis.SignContract(
        estate, new_id(), _text(form, "number"), _one(FeeMode, form, "fee_mode"), _day(form, "since"),
        _day(form, "until") + timedelta(days=1), terms, form.get("decision") or None,
        form.get("firm") or None,
    )  # fmt: skip


def _notice(estate: str, form: Mapping[str, str]) -> basis.Command:
    return basis.GiveNotice(
        _id(form, "contract"), _one(Party, form, "by"), _day(form, "served_on"), _day(form, "ends"),
        form.get("decision") or None,
    )  # fmt: skip


def _prices(estate: str, form: Mapping[str, str]) -> basis.Command:
    prices = []
    for row in range(MOST_ROWS):
        if not form.get(f"price-{row}", "").strip():
            continue
        uses = _uses(form, f"use-{row}")
        prices.append(
            Price(
                _one(FeeItem, form, f"item-{row}"), _one(Charged, form, f"charged-{row}"), uses,
                _scaled(form, f"price-{row}", 4, 0), _text(form, f"clause-{row}"), _text(form, f"content-{row}"),
            )
        )  # fmt: skip
    return basis.AdoptFeeSchedule(
        new_id(), _id(form, "contract"), tuple(prices), _day(form, "shown_from"), _day(form, "valid_from"),
        form.get("decision") or None,
    )  # fmt: skip


def _uses(form: Mapping[str, str], field: str) -> tuple[Use, ...]:
    """One use, several joined by commas as an earlier list has them, or all."""
    said = form.get(field, "")
    try:
        return tuple(Use) if said == "ALL" else tuple(Use(each) for each in said.split(","))
    except ValueError:
        raise Rejection("body", field=field) from None


_ACTS: dict[str, Callable[[str, Mapping[str, str]], basis.Command]] = {
    "mode": _mode,
    "sign": _sign,
    "notice": _notice,
    "withdraw-notice": lambda estate, form: basis.WithdrawNotice(_id(form, "contract")),
    "handover": lambda estate, form: basis.CompleteHandover(_id(form, "contract"), _day(form, "day")),
    "prices": _prices,
    "withdraw-prices": lambda estate, form: basis.WithdrawFeeSchedule(_id(form, "schedule")),
}


def _text(form: Mapping[str, str], field: str) -> str:
    said = form.get(field, "").strip()
    reject_if(not said, "blank_text", field=_plain(field))
    reject_if(len(said) > 120, "text_too_long", field=_plain(field), limit=120)
    return said


def _plain(field: str) -> str:
    """A field of one row by its own name."""
    return field.partition("-")[0]


def _one(kind: type[M], form: Mapping[str, str], field: str) -> M:
    try:
        return kind(form.get(field, ""))
    except ValueError:
        raise Rejection("body", field=field) from None


def _day(form: Mapping[str, str], field: str) -> date:
    reject_if(not form.get(field, "").strip(), "blank_text", field=field)
    day = read_day(form[field], field=field)
    reject_if(day > LAST_DAY, "day_unlikely", field=field)
    return day


def _id(form: Mapping[str, str], field: str) -> UUID:
    try:
        return UUID(form.get(field, ""))
    except ValueError:
        raise Rejection("body", field=field) from None


def _number(form: Mapping[str, str], field: str, usual: int) -> int:
    return _scaled(form, field, 0, usual)


def _scaled(form: Mapping[str, str], field: str, places: int, usual: int) -> int:
    """A decimal number of at most so many places as an integer of the last one."""
    said = form.get(field, "").strip()
    if not said:
        return usual
    words = ("%",) if "rate" in field else ()
    facts = {"field": _plain(field), "places": places}
    value = number(said, places, "unit_price" if "price" in field else "decimal", facts, words=words)
    reject_if(not 0 <= value < 10 ** (6 + places), "unit_price" if "price" in field else "decimal", **facts)
    return value


# -- the page --------------------------------------------------------------------------------------------------------


def _rows(prices: tuple[Price, ...]) -> list[tuple[int, Price | None]]:
    """The rows of a list's form: the prices of the latest one to start from, and some to add."""
    count = max(ROWS, min(len(prices) + SPARE_ROWS, MOST_ROWS))
    return [(row, prices[row] if row < len(prices) else None) for row in range(count)]


def _unserved(here: Visit, conn: Connection, estate: str, state: basis.FeeBasis, today: date) -> dict[str, Any] | None:
    """The bills that reach beyond the end of the contracts, as far as they stand, for those who put them right."""
    if here.member.capacity not in ACCOUNTS:
        return None
    rows = here.product.part(UnservedBills).of(conn, estate, state, today)
    if not rows:
        return None
    labels = dwellings.labels(conn, [row.dwelling for row in rows[:MOST_UNSERVED]])
    last = max(filter(None, (state.unserved_since(row.contract, row.until) for row in rows)))
    return {"day": last, "count": len(rows), "rows": list(labels.items())}


def _page(here: Visit, estate: str, after: int, status: int = 200, **said: Any) -> Response:
    stale = here.caught_up(after, _SHOWN)
    with here.lend() as conn:
        here.estate(conn, estate)
        loaded = basis_of(here.product, estate)
        state, today = loaded.state, local_date(here.voice.now)
        unserved = _unserved(here, conn, estate, state, today)
    current = state.contract_on(today) or (state.contracts[-1] if state.contracts else None)
    latest = state.schedules[-1] if state.schedules else None
    context: dict[str, Any] = {
        "state": state,
        "version": loaded.version,
        "today": today,
        "current": current,
        "stage": current.stage(today) if current else None,
        "until_shown": current.until - timedelta(days=1) if current else None,
        "bills": state.bills(today),
        "mode": state.mode_on(today),
        "coming_modes": state.coming_modes(today),
        "modes_held": [(day, mode) for day, mode in reversed(state.modes) if day <= today],
        "schedule": state.schedule_on(today),
        "lists": list(reversed(state.schedules)),
        "rows": _rows(latest.prices if latest else ()),
        "earliest": today + timedelta(days=SHOWN_DAYS) if latest else today,
        "acts": here.member.capacity in HEADS,
        "unit": unit,
        "modes": ServiceMode,
        "grounds": ModeGround,
        "fee_modes": FeeMode,
        "orders": AllocationOrder,
        "parties": Party,
        "items": FeeItem,
        "charged": Charged,
        "uses": Use,
        "stages": ContractStage,
        "stale": stale,
        "here_only": here.here_only,
        "unserved": unserved,
        "contract_calls": [called(here, estate, reminder)] if (reminder := state.call(today)) else [],
    }
    return here.html(
        "contracts.html", status=status, here="fees", tab="contracts", **({"typed": {}, "errors": {}} | context | said)
    )
