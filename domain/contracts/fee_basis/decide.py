"""What each command of a fee basis brings about, and what refuses it."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import assert_never

from domain.calendar import local_date
from domain.contracts.fee_basis.commands import (
    AdoptFeeSchedule,
    ChangeServiceMode,
    Command,
    CompleteHandover,
    GiveNotice,
    LetTimePass,
    SignContract,
    WithdrawFeeSchedule,
    WithdrawNotice,
)
from domain.contracts.fee_basis.contracts import contract_of, contract_signed, notice_given, time_passed
from domain.contracts.fee_basis.events import (
    ContractNoticeWithdrawn,
    ContractTerminated,
    EstateServiceModeChanged,
    Event,
    FeeScheduleWithdrawn,
)
from domain.contracts.fee_basis.evolve import evolve
from domain.contracts.fee_basis.powers import POWERS
from domain.contracts.fee_basis.schedules import schedule_adopted
from domain.contracts.fee_basis.state import FIRST_DAY, LAST_DAY, FeeBasis
from domain.contracts.fee_basis.vocabulary import ServiceMode
from domain.decider import Decider
from domain.recorded import Act
from domain.refusal import Refusal, refuse_done, refuse_if, reject_if


def decide(command: Command, basis: FeeBasis, act: Act) -> Sequence[Event]:
    """INV-42, 46, 47, 49; CC 940 and 946 to 950."""
    for item in fields(command):
        said = getattr(command, item.name)
        unlikely = isinstance(said, date) and not FIRST_DAY <= said <= LAST_DAY
        reject_if(unlikely, "day_unlikely", field=item.name)
    match command:
        case ChangeServiceMode(estate, mode, since, ground, reference):
            before = basis.mode_on(since)
            refuse_if(
                bool(basis.modes) and since < basis.modes[-1][0],
                "mode_before",
                since=basis.modes[-1][0] if basis.modes else since,
            )
            without = mode is ServiceMode.CONTRACTED and basis.contract_on(since) is None
            refuse_if(without, "contract_missing")
            if (since, mode) in basis.modes:
                return []
            refuse_if(before is mode, "mode_same", mode=mode)
            return [EstateServiceModeChanged(estate, before, mode, since, ground, reference)]
        case SignContract():
            return contract_signed(command, basis)
        case GiveNotice():
            return notice_given(command, contract_of(basis, command.contract), act)
        case WithdrawNotice(id):
            contract = contract_of(basis, id)
            refuse_if(contract.expired_on is not None, "contract_expired")
            refuse_done(None if contract.notice else contract.withdrawn, "notice_none")
            refuse_if(contract.notice is None, "notice_none")
            return [ContractNoticeWithdrawn(id)]
        case CompleteHandover(id, day):
            contract = contract_of(basis, id)
            reject_if(day > local_date(act.recorded_at), "future", field="day")
            refuse_if(contract.expired_on is None or day < contract.expired_on, "contract_not_expired")
            refuse_if(contract.ended_on not in (None, day), "contract_expired")
            return [] if contract.ended_on else [ContractTerminated(id, day)]
        case LetTimePass(day):
            return [event for contract in basis.contracts for event in time_passed(contract, day)]
        case AdoptFeeSchedule():
            return schedule_adopted(command, basis, act)
        case WithdrawFeeSchedule(id):
            found = next((each for each in basis.schedules if each.schedule == id), None)
            if found is None:
                refuse_done(basis.withdrawn.get(id), "schedule_withdrawn")
                raise Refusal("unknown_schedule")
            refuse_if(found.valid_from <= local_date(act.recorded_at), "schedule_bills")
            return [FeeScheduleWithdrawn(id)]
        case _:
            assert_never(command)


FEE_BASIS: Decider[Command, FeeBasis, Event] = Decider(
    name="FeeBasis",
    initial=FeeBasis(),
    decide=decide,
    evolve=evolve,
    commands=Command.__args__,
    events=Event.__args__,
    powers=POWERS,
)
