"""Accounts with bills and payments for tests: written by the domain's own rules, in one breath."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from domain.capacity import Capacity
from domain.fees import fee_account as fees
from domain.fees.fee_account import FEE_ACCOUNT, Basis, Method, fee_account_stream
from domain.money.items import FeeItem
from domain.recorded import Act
from services.log.event_log import Change
from services.product import Product

ACCOUNTANT = UUID(int=0xACC)
SINCE, UNTIL, DUE = date(2026, 1, 1), date(2027, 1, 1), date(2026, 6, 30)
BASIS = Basis(area=89_37, unit_price=6000, months=12)


def carried_out(product: Product, dwelling: UUID, *commands: fees.Command, actor: UUID = ACCOUNTANT) -> fees.FeeAccount:
    """The account after these commands, all accepted."""
    stream, now = fee_account_stream(dwelling), product.clock()
    act = Act(actor, Capacity.ACCOUNTANT, now, now)
    for command in commands:
        loaded = product.log.remembered(FEE_ACCOUNT, stream)
        events = FEE_ACCOUNT.consider(command, loaded.state, act)
        state = FEE_ACCOUNT.fold([(event, act) for event in events], loaded.state)
        payer = _payer(state, events)
        change = Change(stream, FEE_ACCOUNT.name, loaded.version, events, act, state.estate, payer or dwelling)
        product.log.append([change])
    return product.log.remembered(FEE_ACCOUNT, stream).state


def _payer(account: fees.FeeAccount, events: Sequence[Any]) -> UUID | None:
    for event in events:
        if payer := getattr(event, "payer", None):
            return UUID(str(payer))
        if (payment := getattr(event, "payment", None)) in account.payments:
            return account.payments[payment].payer
    return None


def opened(product: Product, estate: str, dwelling: UUID | None = None) -> UUID:
    """A dwelling with an open account in building 3."""
    dwelling = dwelling or uuid4()
    carried_out(product, dwelling, fees.OpenFeeAccount(dwelling, estate, "3"))
    return dwelling


def bill(payer: UUID, amount: int = 643_46, **fields: Any) -> fees.IssueBill:
    """The property fee of a year."""
    number = f"20260101-{uuid4().hex[:6]}"
    usual: dict[str, Any] = {"item": FeeItem.PROPERTY_FEE, "since": SINCE, "until": UNTIL, "due": DUE, "basis": BASIS}
    return fees.IssueBill(bill=uuid4(), number=number, payer=payer, amount=amount, **(usual | fields))


def payment(payer: UUID, amount: int, day: datetime | date, **fields: Any) -> fees.RecordPayment:
    """Money by WeChat; what is left of it is held in advance."""
    on = day.date() if isinstance(day, datetime) else day
    usual: dict[str, Any] = {"method": Method.WECHAT, "receipt": "2026-000001", "prepay_limit": 10**9}
    return fees.RecordPayment(payment=uuid4(), payer=payer, amount=amount, paid_on=on, **(usual | fields))
