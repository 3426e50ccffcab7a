"""What people look up in the trail: a line for each event that a figure counts, or that somebody must see."""

from projections.trail.lines import LINES

VIEWS = (LINES,)
