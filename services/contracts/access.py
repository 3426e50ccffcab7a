"""The contracts and prices of an estate as they stand, and as everybody may see them."""

from domain.contracts.fee_basis import FEE_BASIS, FeeBasis, fee_basis_stream
from domain.estates.estate import ESTATE, estate_stream
from services.log.known_states import Loaded
from services.log.not_found import NotFound
from services.product import Product


def basis_of(product: Product, estate: str) -> Loaded[FeeBasis]:
    """What an estate charges on."""
    return product.log.load(FEE_BASIS, fee_basis_stream(estate))


def displayed_basis(product: Product, estate: str) -> tuple[str, FeeBasis]:
    """Name and fee basis of an estate, for everybody. Raises ``NotFound``."""
    stream = estate_stream(estate)
    if product.log.load(ESTATE, stream).state.estate is None:
        raise NotFound
    first = product.log.first(stream)
    name = str(first.event.name) if first else estate
    return name, basis_of(product, estate).state
