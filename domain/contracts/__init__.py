"""Contracts and prices (合同、价格): on what an estate charges at all."""

from domain.contracts.fee_basis import FEE_BASIS

DECIDERS = (FEE_BASIS,)
CLEAR = frozenset({"reference", "decision", "firm"})  # texts that are not personal
