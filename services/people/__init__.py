"""People in posts and Red Stewards (人员、红管家)."""

from domain.capacity import CASES, MONEY, OUTSIDE, Capacity
from services.capability import Capability
from services.console.navigation import Entry
from services.people import api, duty_pages, pages
from services.people.checks import POSTS_AND_ACTS
from services.people.spanning import RULES

_AT_THE_SIDE = (CASES - {Capacity.RED_STEWARD}) | {Capacity.ADMINISTRATOR} | OUTSIDE
_EVERYBODY = CASES | MONEY | {Capacity.ADMINISTRATOR} | OUTSIDE

CAPABILITY = Capability(
    api=(api.router,),
    pages=(duty_pages.router, pages.router),
    entries=(Entry("people", "/people/{estate}", "users", 50, _AT_THE_SIDE, _EVERYBODY, "people-title", letter="w"),),
    spanning=RULES,
    checks=(POSTS_AND_ACTS,),
)
