"""One telling example of every command and event of an estate."""

from typing import Any

from domain.calendar import ServiceHours
from domain.estates import estate as estates

ESTATE_CODE = "350902002999-001"
HOURS = ServiceHours(8 * 60, 20 * 60)

COMMANDS: tuple[Any, ...] = (
    estates.RegisterEstate(ESTATE_CODE, "SC-001", "东湖苑", "荷塘社区"),
    estates.RegisterBuilding("3", (estates.Stairwell("1", ("101", "402")),)),
    estates.OpenStation(HOURS),
)
EVENTS: tuple[Any, ...] = (
    estates.EstateRegistered(ESTATE_CODE, "SC-001", "东湖苑", "荷塘社区"),
    estates.BuildingRegistered("3", (estates.Stairwell("1", ("101", "402")),)),
    estates.StationOpened(HOURS),
)
