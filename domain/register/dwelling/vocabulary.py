"""What a dwelling is for, and what is taken besides."""

from enum import Enum

from domain.money.items import PERIODIC, FeeItem

TAKEN_BESIDES = PERIODIC - {FeeItem.PROPERTY_FEE}  # charged by period to whoever takes it


class Use(Enum):
    """What it is for (用途)."""

    RESIDENCE = "RESIDENCE"  # 住宅
    SHOP = "SHOP"  # 商铺
    PARKING = "PARKING"  # 车位
    STALL = "STALL"  # 摊位
    STORAGE = "STORAGE"  # 储藏间
