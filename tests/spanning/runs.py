"""Races of what goes on by itself, chunk by chunk: bill runs, and the import of a register that is taken back."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any
from uuid import UUID

from domain.billing.bill_run import BillRunConfirmed
from domain.capacity import Capacity
from domain.contracts import fee_basis as basis
from domain.fees import fee_account as fees
from domain.months import months_later
from domain.recorded import Recorded
from domain.refusal import Refusal
from domain.register.dwelling import DwellingRegistered, DwellingWithdrawn, OwnershipWithdrawn, WithdrawOwnership
from domain.register.owner import OwnerForgotten
from services.billing.runs import BillRuns
from services.commands.ask import Ask, Caller
from services.contracts.plans import on_fee_basis
from services.fees.plans import NewPayment, take_payment
from services.register.imports import RegisterImports
from services.register.plans import on_dwelling
from tests.clock import PATIENCE
from tests.spanning.grounds import OWNED_SINCE, Estate, Grounds, Home, Round, never_after, race
from tests.spanning.money import ended, withdrawn


def asked_by_accountant(estate: Estate) -> Ask:
    return Ask(Caller(estate.accountant, Capacity.ACCOUNTANT, frozenset({estate.code})))


def prepared(ground: Grounds, *homes: Home) -> tuple[BillRuns, UUID]:
    """A run over these homes of an estate of their own, as it was previewed."""
    estate, runs = homes[0].estate, ground.product.part(BillRuns)
    since = months_later(ground.today.replace(day=1), 1)
    run = runs.prepare(estate.code, since, months_later(since, 1), asked_by_accountant(estate)).stream
    assert runs.one(run).lines == len(homes)
    return runs, run


def issued(home: Home, runs: BillRuns, run: UUID) -> Callable[[], None]:
    def issue() -> None:
        runs.confirm(run, asked_by_accountant(home.estate))
        runs.until_idle()

    return issue


def unbilled(withdrawn: type[Any]) -> Callable[[Sequence[Recorded[Any]]], bool]:
    """A home of which something was withdrawn has no bill."""

    def holds(happened: Sequence[Recorded[Any]]) -> bool:
        billed = {each.event.dwelling for each in happened if isinstance(each.event, fees.BillIssued)}
        gone = {each.stream for each in happened if isinstance(each.event, withdrawn)}
        return not billed & gone

    return holds


@race("SPAN-31", "SPAN-32")
def billed_by_a_run_while_withdrawn(ground: Grounds) -> Round:
    estate = ground.new_estate()
    home, other = ground.home(estate), ground.home(estate)
    runs, run = prepared(ground, home, other)
    return Round(issued(home, runs, run), withdrawn(ground, home), unbilled(DwellingWithdrawn))


@race("SPAN-42")
def billed_by_a_run_while_the_ownership_is_withdrawn(ground: Grounds) -> Round:
    home = ground.home(ground.new_estate())
    runs, run = prepared(ground, home)
    mistake = WithdrawOwnership(home.owner, OWNED_SINCE)
    back = ground.accountant(lambda: on_dwelling(home.dwelling, mistake), home.estate, there=True)
    return Round(issued(home, runs, run), back, unbilled(OwnershipWithdrawn))


@race("SPAN-41")
def confirmed_while_the_mode_ends(ground: Grounds) -> Round:
    home = ground.home(ground.new_estate())
    runs, run = prepared(ground, home)
    end = ended(ground, home.estate)
    return Round(
        lambda: runs.confirm(run, asked_by_accountant(home.estate)),
        ground.head(lambda: on_fee_basis(home.estate.code, end), home.estate, there=True),
        never_after(basis.EstateServiceModeChanged, BillRunConfirmed),
    )


@race("SPAN-21", "SPAN-31", "SPAN-32")
def paid_for_while_its_import_is_taken_back(ground: Grounds) -> Round:
    """Of ten homes that came with a sheet four are paid for while it is taken back."""
    estate, imports = ground.estate, ground.product.part(RegisterImports)
    rooms = [next(estate.rooms) for _ in range(10)]
    sheet = "\n".join(["楼栋,单元,房号,建筑面积,业主", *(f"3,1,{room},89.37,业主{room}" for room in rooms)])
    ask = asked_by_accountant(estate)
    id = imports.upload(estate.code, sheet.encode(), estate.accountant)
    start = ground.product.log.last_position()
    imports.start(id, ask)
    imports.until_idle()
    last = ground.product.log.last_position()
    came = [each.stream for each in ground.product.log.read(start, 200) if isinstance(each.event, DwellingRegistered)]
    assert len(came) == len(rooms) and ground.product.positions.wait("dwellings", last, PATIENCE)

    def take_back() -> None:
        imports.undo(id, ask)
        imports.until_idle()

    def pay() -> None:
        for dwelling in came[::3]:
            new = NewPayment(dwelling, 1000, fees.Method.CARD, accept_excess=True)
            with suppress(Refusal):
                ground.cashier(partial(take_payment, new), there=True)()

    def holds(happened: Sequence[Recorded[Any]]) -> bool:
        paid = {each.event.dwelling for each in happened if isinstance(each.event, fees.PaymentRecorded)}
        payers = {each.event.payer for each in happened if isinstance(each.event, fees.PaymentRecorded)}
        gone = {each.stream for each in happened if isinstance(each.event, DwellingWithdrawn)}
        forgotten = {each.stream for each in happened if isinstance(each.event, OwnerForgotten)}
        return not paid & gone and not payers & forgotten and len(paid | gone) == len(rooms)

    return Round(take_back, pay, holds)
