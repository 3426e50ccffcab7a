"""What is charged for (收费项目)."""

from enum import Enum


class FeeItem(Enum):
    """One kind of charge. Those in ``PERIODIC`` are billed by period, the others once for one occasion."""

    PROPERTY_FEE = "PROPERTY_FEE"  # 物业服务费
    PARKING = "PARKING"  # 车位费
    STALL = "STALL"  # 摊位费
    STORAGE = "STORAGE"  # 储藏间
    WASTE_REMOVAL = "WASTE_REMOVAL"  # 垃圾清运
    WATER_SHARED = "WATER_SHARED"  # 公共水电分摊
    IN_HOME_REPAIR = "IN_HOME_REPAIR"  # 入户维修
    KEY_CARD = "KEY_CARD"  # 门禁卡工本
    OTHER = "OTHER"
    LATE_PENALTY = "LATE_PENALTY"  # 违约金
    ENFORCEMENT_COST = "ENFORCEMENT_COST"  # 实现债权的费用
    RECLAIMED_REFUND = "RECLAIMED_REFUND"  # 退款追回: no fee, but money that went out and never came in


PERIODIC = frozenset(
    {
        FeeItem.PROPERTY_FEE,
        FeeItem.PARKING,
        FeeItem.STALL,
        FeeItem.STORAGE,
        FeeItem.WASTE_REMOVAL,
        FeeItem.WATER_SHARED,
    }
)

NO_FEES = frozenset({FeeItem.RECLAIMED_REFUND})  # in no price list, no invoice and no collection rate
