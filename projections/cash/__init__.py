"""Cash drawers: what lies in each."""

from projections.cash.drawers import DRAWERS

VIEWS = (DRAWERS,)
