"""The contracts and prices of an estate as they stand, and as everybody may see them."""

from domain.contracts.fee_basis import FEE_BASIS, FeeBasis, fee_basis_stream
from domain.estates.estate import ESTATE, estate_stream
from services.log.known_states import Loaded
from services.log.not_found import NotFound
from services.product import House


def basis_of(house: House, estate: str) -> Loaded[FeeBasis]:
    """What an estate charges on."""
    return house.log.load(FEE_BASIS, fee_basis_stream(estate))


def displayed_basis(house: House, estate: str) -> tuple[str, FeeBasis]:
    """Name and fee basis of an estate, for everybody. Raises ``NotFound``."""
    stream = estate_stream(estate)
    if house.log.load(ESTATE, stream).state.estate is None:
        raise NotFound
    first = house.log.first(stream)
    name = str(first.event.name) if first else estate
    return name, basis_of(house, estate).state
