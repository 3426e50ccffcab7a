"""What each event makes of a fee basis."""

from dataclasses import replace
from typing import assert_never
from uuid import UUID

from domain.contracts.fee_basis.events import (
    ContractBecameIndefinite,
    ContractExpired,
    ContractNoticeGiven,
    ContractNoticeWithdrawn,
    ContractSigned,
    ContractTerminated,
    ContractTermReminded,
    EstateServiceModeChanged,
    Event,
    FeeScheduleAdopted,
    FeeScheduleWithdrawn,
)
from domain.contracts.fee_basis.state import Contract, FeeBasis, FeeSchedule, Notice
from domain.recorded import Act


def evolve(basis: FeeBasis, event: Event, act: Act) -> FeeBasis:
    match event:
        case EstateServiceModeChanged(estate, _, mode, since):
            return replace(basis, estate=estate, modes=(*basis.modes, (since, mode)))
        case ContractSigned(estate, id, number, fee_mode, since, until, terms, decision, firm):
            signed = Contract(id, number, fee_mode, since, until, terms, decision, firm)
            return replace(basis, estate=estate, contracts=(*basis.contracts, signed))
        case ContractTermReminded(id, days_left):
            return _with(basis, id, reminded=days_left)
        case ContractNoticeGiven(id, by, served_on, ends, decision):
            return _with(basis, id, notice=Notice(by, served_on, ends, decision), reminded=None)
        case ContractNoticeWithdrawn(id):
            return _with(basis, id, notice=None, reminded=None, withdrawn=act)
        case ContractExpired(id, day):
            return _with(basis, id, expired_on=day)
        case ContractBecameIndefinite(id):
            return _with(basis, id, indefinite=True, reminded=None)
        case ContractTerminated(id, day):
            return _with(basis, id, ended_on=day)
        case FeeScheduleAdopted(schedule, contract, prices, shown_from, valid_from, decision):
            adopted = FeeSchedule(schedule, contract, prices, shown_from, valid_from, decision)
            return replace(basis, schedules=(*basis.schedules, adopted))
        case FeeScheduleWithdrawn(schedule):
            kept = tuple(each for each in basis.schedules if each.schedule != schedule)
            return replace(basis, schedules=kept, withdrawn={**basis.withdrawn, schedule: act})
        case _:
            assert_never(event)


def _with(basis: FeeBasis, id: UUID, **fields: object) -> FeeBasis:
    contracts = tuple(
        replace(each, **fields) if each.contract == id else each  # type: ignore[arg-type]
        for each in basis.contracts
    )
    return replace(basis, contracts=contracts)
