"""Who may give which command about what an estate charges on."""

from collections.abc import Mapping
from typing import Any

from domain.capacity import HEADS, PRODUCT, Capacity
from domain.contracts.fee_basis.commands import (
    AdoptFeeSchedule,
    ChangeServiceMode,
    CompleteHandover,
    GiveNotice,
    LetTimePass,
    SignContract,
    WithdrawFeeSchedule,
    WithdrawNotice,
)

POWERS: Mapping[type[Any], frozenset[Capacity]] = {
    ChangeServiceMode: HEADS | PRODUCT,
    SignContract: HEADS,
    GiveNotice: HEADS,
    WithdrawNotice: HEADS,
    CompleteHandover: HEADS,
    LetTimePass: PRODUCT,
    AdoptFeeSchedule: HEADS,
    WithdrawFeeSchedule: HEADS,
}
