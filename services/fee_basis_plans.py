"""What is done about an estate's service mode, contracts and price lists."""

from domain.fee_basis import FEE_BASIS, Command, SignContract, fee_basis_stream
from services.plan import Looking, Plan, Planned


def on_fee_basis(estate: str, command: Command) -> Plan:
    """Something about what an estate charges on."""
    stream = fee_basis_stream(estate)

    def make(look: Looking) -> Planned:
        look.check_power(type(command), estate)
        look.register(estate)
        planned = look.decided(FEE_BASIS, stream, look.at(FEE_BASIS, stream), command, stream, estate)
        number = command.number if isinstance(command, SignContract) else None
        return planned._replace(answer=planned.answer._replace(number=number))

    return Plan(make)
