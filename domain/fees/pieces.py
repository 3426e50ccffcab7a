"""What is charged for by the piece: a parking space, a stall or a storage room, by what it is or taken besides."""

from domain.money.items import FeeItem
from domain.register.dwelling import Use

USES = {FeeItem.PARKING: Use.PARKING, FeeItem.STALL: Use.STALL, FeeItem.STORAGE: Use.STORAGE}


def own_pieces(item: FeeItem, use: Use) -> int:
    """How many of an item a dwelling is charged for by what it is, whatever it takes besides."""
    return 1 if USES.get(item, use) is use else 0
