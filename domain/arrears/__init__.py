"""Arrears (欠费): what is overdue, the last day of a claim, and the ladder of dunning."""

from domain.arrears.dunning import DUNNING

DECIDERS = (DUNNING,)
