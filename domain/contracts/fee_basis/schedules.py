"""Price lists: displayed for their days before they bill."""

from datetime import timedelta

from domain.calendar import local_date
from domain.contracts.fee_basis.commands import AdoptFeeSchedule
from domain.contracts.fee_basis.contracts import contract_of
from domain.contracts.fee_basis.events import Event, FeeScheduleAdopted
from domain.contracts.fee_basis.state import FeeBasis, FeeSchedule
from domain.money.items import NO_FEES
from domain.recorded import Act
from domain.refusal import refuse_if, reject_if
from domain.words import clean

SHOWN_DAYS = 30  # a change is displayed so long before it bills


def schedule_adopted(new: AdoptFeeSchedule, basis: FeeBasis, act: Act) -> list[Event]:
    contract, today = contract_of(basis, new.contract), local_date(act.recorded_at)
    prices = tuple(clean(price) for price in new.prices)
    known = next((each for each in basis.schedules if each.schedule == new.schedule), None)
    if known is not None:
        said = FeeSchedule(new.schedule, new.contract, prices, new.shown_from, new.valid_from, new.decision)
        refuse_if(known != said, "schedule_order", since=known.valid_from)
        return []
    reject_if(not prices, "no_price")
    for price in prices:
        reject_if(not 0 < price.unit_price < 10**9, "unit_price")
        reject_if(not price.uses, "no_use")
        reject_if(price.item in NO_FEES, "reclaim_by_itself", field="prices")
    pairs = [(price.item, use) for price in prices for use in price.uses]
    reject_if(len(set(pairs)) < len(pairs), "price_twice")
    refuse_if(new.shown_from < today, "shown_in_the_past")
    refuse_if(contract.ended_on is not None and new.valid_from >= contract.ended_on, "contract_expired")
    refuse_if(new.shown_from > max(new.valid_from, today), "shown_after_billing", field="shown_from")
    refuse_if(new.valid_from < contract.since, "before_contract", since=contract.since)
    last = basis.schedules[-1] if basis.schedules else None
    if last is not None:
        refuse_if(new.valid_from <= last.valid_from, "schedule_order", since=last.valid_from)
        earliest = new.shown_from + timedelta(days=SHOWN_DAYS)
        refuse_if(new.valid_from < earliest, "shown_too_short", days=SHOWN_DAYS, earliest=earliest)
    return [FeeScheduleAdopted(new.schedule, new.contract, prices, new.shown_from, new.valid_from, new.decision)]
