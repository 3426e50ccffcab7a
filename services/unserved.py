"""What was billed for days after a contract's end is taken off; what was paid for them is held, and can be refunded."""

from datetime import date, timedelta
from uuid import UUID

import structlog

from domain.capacity import Capacity
from domain.fee_basis import FEE_BASIS, fee_basis_stream
from domain.fee_item import PERIODIC
from domain.refusal import Refusal
from projections import bills
from projections import estates as register
from services.ask import Ask, Caller
from services.charge_plans import end_bill
from services.event_log import TryLater
from services.house import House

log = structlog.get_logger()

_BY_ITSELF = UUID(int=0)
_LOOKED_AFTER = timedelta(days=366)  # by then everything is taken off, and nothing new is billed


def take_off_unserved(house: House, day: date) -> None:
    """Shorten or void the bills that reach beyond the end of their contract. Doing it again changes nothing.

    What people have to settle first is left alone: a waived part, a penalty that hangs on it, a closed month.
    """
    with house.database.follower.connection() as conn:  # the product itself looks at all estates
        codes = [estate.code for estate in register.mine(conn)]
    done = left = 0
    for code in codes:
        contracts = house.log.load(FEE_BASIS, fee_basis_stream(code)).state.contracts
        ended = {each.number: each.ended_on for each in contracts if each.ended_on is not None}
        recent = {number: end for number, end in ended.items() if day - _LOOKED_AFTER <= end <= day}
        if not recent:
            continue
        with house.database.follower.connection() as conn:
            found = [row for number, end in recent.items() for row in bills.beyond(conn, code, number, end)]
        ask = Ask(Caller(_BY_ITSELF, Capacity.SYSTEM, frozenset({code})))
        for row in (each for each in found if each.item in PERIODIC):
            try:
                house.handler.do(ask, end_bill(row))
                done += 1
            except (Refusal, TryLater):  # the next round comes within the hour
                left += 1
    if done:
        log.info("unserved_taken_off", count=done)
    if left:
        log.info("unserved_left", count=left)
