"""What is overdue, and how far the dunning of each dwelling has come."""

from projections.arrears.dunnings import DUNNINGS

VIEWS = (DUNNINGS,)
