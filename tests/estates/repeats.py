"""What comes of commands about an estate that are given once more."""

from domain.calendar import ServiceHours
from domain.estates import estate as estates
from domain.estates.estate import ESTATE
from tests.estates.examples import ESTATE_CODE, HOURS
from tests.repeats import Repeat, harmless, refused
from tests.scenario import Scenario

_UNKNOWN = Scenario(ESTATE, ESTATE.initial)
_REGISTER = estates.RegisterEstate(ESTATE_CODE, "SC-001", "东湖苑", "荷塘社区")
_REGISTERED = _UNKNOWN.when(_REGISTER)
_BUILDING = estates.RegisterBuilding("3", (estates.Stairwell("1", ("101", "402")),))

REPEATS: tuple[Repeat, ...] = (
    refused(_UNKNOWN, _REGISTER, "already_registered", told=False),
    refused(_REGISTERED, _BUILDING, "already_registered",
            estates.RegisterBuilding("3", (estates.Stairwell("1", ("102",)),)), told=False),
    harmless(_REGISTERED, estates.OpenStation(HOURS), estates.OpenStation(ServiceHours(9 * 60, 18 * 60))),
)  # fmt: skip
