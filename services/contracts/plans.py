"""What is done about an estate's service mode, contracts and price lists."""

from dataclasses import dataclass
from uuid import UUID

from domain.contracts.fee_basis import FEE_BASIS, AdoptFeeSchedule, Command, SignContract, fee_basis_stream
from services.commands.ask import Answer
from services.commands.plan import Attempt, PlanFor, PlannedAs


@dataclass(frozen=True, slots=True, kw_only=True)
class BasisChanged(Answer):
    """What an estate charges on is another; ``made`` is the new contract or price list, if there is one."""

    made: UUID | None


def on_fee_basis(estate: str, command: Command) -> PlanFor[BasisChanged]:
    """Something about what an estate charges on."""
    stream = fee_basis_stream(estate)

    def make(attempt: Attempt) -> PlannedAs[BasisChanged]:
        attempt.check_power(type(command), estate)
        attempt.estate(estate)
        planned = attempt.decided(FEE_BASIS, stream, attempt.at(FEE_BASIS, stream), command, stream, estate)
        return PlannedAs(planned.changes, BasisChanged(stream, planned.answer.version, made=_made(command)))

    return PlanFor(make, answers=BasisChanged)


def _made(command: Command) -> UUID | None:
    match command:
        case SignContract(contract=contract):
            return contract
        case AdoptFeeSchedule(schedule=schedule):
            return schedule
    return None
