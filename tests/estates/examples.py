"""One telling example of every command and event of an estate."""

from typing import Any

from domain.calendar import ServiceHours
from domain.estates import emergency_contacts as contacts
from domain.estates import estate as estates

ESTATE_CODE = "350902002999-001"
LIFTS = contacts.Maintainer.LIFT_MAINTENANCE
HOURS = ServiceHours(8 * 60, 20 * 60)

COMMANDS: tuple[Any, ...] = (
    estates.RegisterEstate(ESTATE_CODE, "SC-001", "东湖苑", "荷塘社区"),
    estates.RegisterBuilding("3", (estates.Stairwell("1", ("101", "402")),)),
    estates.OpenStation(HOURS),
    contacts.SetEmergencyContact(ESTATE_CODE, LIFTS, "平升电梯维保公司", "400-000-0963"),
    contacts.WithdrawEmergencyContact(ESTATE_CODE, LIFTS),
)
EVENTS: tuple[Any, ...] = (
    estates.EstateRegistered(ESTATE_CODE, "SC-001", "东湖苑", "荷塘社区"),
    estates.BuildingRegistered("3", (estates.Stairwell("1", ("101", "402")),)),
    estates.StationOpened(HOURS),
    contacts.EmergencyContactSet(ESTATE_CODE, LIFTS, "平升电梯维保公司", "400-000-0963"),
    contacts.EmergencyContactWithdrawn(ESTATE_CODE, LIFTS),
)
