"""What is done about an estate's service mode, contracts and price lists."""

from uuid import UUID

from domain.contracts.fee_basis import FEE_BASIS, AdoptFeeSchedule, Command, SignContract, fee_basis_stream
from services.commands.plan import Looking, Plan, Planned


def on_fee_basis(estate: str, command: Command) -> Plan:
    """Something about what an estate charges on; the answer's ``order`` is the contract or price list that it made."""
    stream = fee_basis_stream(estate)

    def make(look: Looking) -> Planned:
        look.check_power(type(command), estate)
        look.register(estate)
        planned = look.decided(FEE_BASIS, stream, look.at(FEE_BASIS, stream), command, stream, estate)
        return planned._replace(answer=planned.answer._replace(order=_made(command)))

    return Plan(make)


def _made(command: Command) -> UUID | None:
    match command:
        case SignContract(contract=contract):
            return contract
        case AdoptFeeSchedule(schedule=schedule):
            return schedule
    return None
