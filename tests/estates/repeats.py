"""What comes of commands about an estate that are given once more."""

from domain.calendar import ServiceHours
from domain.estates import emergency_contacts as contacts
from domain.estates import estate as estates
from domain.estates.emergency_contacts import EMERGENCY_CONTACTS
from domain.estates.estate import ESTATE
from tests.estates.examples import ESTATE_CODE, HOURS, LIFTS
from tests.repeats import Repeat, anew, harmless, refused
from tests.scenario import Scenario

_UNKNOWN = Scenario(ESTATE, ESTATE.initial)
_REGISTER = estates.RegisterEstate(ESTATE_CODE, "SC-001", "东湖苑", "荷塘社区")
_REGISTERED = _UNKNOWN.when(_REGISTER)
_RUNG = Scenario(EMERGENCY_CONTACTS, EMERGENCY_CONTACTS.initial)
_SET = contacts.SetEmergencyContact(ESTATE_CODE, LIFTS, "平升电梯维保公司", "400-000-0963")
_BUILDING = estates.RegisterBuilding("3", (estates.Stairwell("1", ("101", "402")),))

REPEATS: tuple[Repeat, ...] = (
    refused(_UNKNOWN, _REGISTER, "already_registered"),
    refused(_REGISTERED, _BUILDING, "already_registered",
            estates.RegisterBuilding("3", (estates.Stairwell("1", ("102",)),))),
    harmless(_REGISTERED, estates.OpenStation(HOURS), estates.OpenStation(ServiceHours(9 * 60, 18 * 60))),
    anew(_RUNG, _SET, "what was sealed is not compared: the one who says it last is on record for it"),
    harmless(_RUNG.when(_SET), contacts.WithdrawEmergencyContact(ESTATE_CODE, LIFTS)),
)  # fmt: skip
