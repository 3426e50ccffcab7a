"""Where something is wrong: building and stairwell may be read aloud in the square, the dwelling may not."""

from enum import Enum


class Part(Enum):
    """Whose part of the estate it is: decides who must sign off (INV-14)."""

    COMMON = "COMMON"  # 共有部分
    PRIVATE = "PRIVATE"  # 专有部分


class Responsibility(Enum):
    """Who has to see to it."""

    ESTATE_COMMON = "ESTATE_COMMON"
    PRIVATE_PART = "PRIVATE_PART"
    MUNICIPAL = "MUNICIPAL"
    UTILITY = "UTILITY"
    THIRD_PARTY = "THIRD_PARTY"
    DISPUTED = "DISPUTED"
