"""People in posts, as the desk and the lists show them."""

from projections.people.people import PEOPLE

VIEWS = (PEOPLE,)
