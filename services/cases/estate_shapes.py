"""What the API tells of an estate: its buildings, and when its station is open."""

from dataclasses import dataclass
from datetime import date

from domain.calendar import ServiceHours, Shifts
from projections.estates.estates import EstateRow


@dataclass(frozen=True, slots=True)
class EstateBuildingShape:
    building: str
    stairwells: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class DaysApartShape:
    """Days with shifts of their own; closed, if there are none."""

    days: list[date]
    shifts: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class ComingHoursShape:
    """Hours that are set for a day to come and hold from then on."""

    since: date
    opens: int
    closes: int
    week: list[list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class EstateShape:
    """An estate with its buildings. Hours are minutes after midnight: ``opens`` to ``closes``, or those of ``week``."""

    estate: str
    name: str
    community: str
    opens: int | None
    closes: int | None
    week: list[list[tuple[int, int]]]
    holidays: list[tuple[int, int]] | None
    apart: list[DaysApartShape]
    buildings: list[EstateBuildingShape]
    coming: list[ComingHoursShape]
    version: int


def _coming(since: date, hours: ServiceHours) -> ComingHoursShape:
    week = [_shifts_shape(shifts) for shifts in hours.week]
    return ComingHoursShape(since, hours.opens, hours.closes, week)


def _shifts_shape(shifts: Shifts) -> list[tuple[int, int]]:
    return [(shift.opens, shift.closes) for shift in shifts]


def estate_shape(row: EstateRow, today: date) -> EstateShape:
    hours = row.state.hours_on(today)
    return EstateShape(
        estate=row.code,
        name=row.name,
        community=row.community,
        opens=hours.opens if hours else None,
        closes=hours.closes if hours else None,
        week=[_shifts_shape(shifts) for shifts in hours.week] if hours else [],
        holidays=None if hours is None or hours.holidays is None else _shifts_shape(hours.holidays),
        apart=[DaysApartShape(list(each.days), _shifts_shape(each.shifts)) for each in hours.apart] if hours else [],
        buildings=[
            EstateBuildingShape(
                building, {code: sorted(rooms) for code, rooms in sorted(row.state.buildings[building].items())}
            )
            for building in row.buildings()
        ],
        coming=[_coming(since, hours) for since, hours in row.state.coming if since > today],
        version=row.version,
    )
