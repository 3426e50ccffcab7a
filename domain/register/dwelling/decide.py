"""What each command of a dwelling brings about, and what refuses it."""

from collections.abc import Sequence
from datetime import date
from typing import assert_never
from uuid import UUID

from domain.calendar import local_date
from domain.decider import Decider
from domain.money.items import FeeItem
from domain.recorded import Act
from domain.refusal import refuse_done, refuse_if, reject_if
from domain.register.dwelling.commands import (
    BeginOwnership,
    Command,
    CorrectDwellingAreas,
    EndService,
    EndVacancy,
    NoteVacancy,
    RegisterDwelling,
    TakeService,
    WithdrawDwelling,
    WithdrawOwnership,
)
from domain.register.dwelling.events import (
    DwellingAreasCorrected,
    DwellingRegistered,
    DwellingWithdrawn,
    Event,
    OwnershipBegan,
    OwnershipWithdrawn,
    ServiceEnded,
    ServiceTaken,
    VacancyEnded,
    VacancyNoted,
)
from domain.register.dwelling.evolve import evolve
from domain.register.dwelling.powers import POWERS
from domain.register.dwelling.state import Dwelling, Vacancy
from domain.register.dwelling.vocabulary import TAKEN_BESIDES, Use

LARGEST_AREA = 10**7  # 0.01 m², excluded
MOST_PIECES = 100
EARLIEST_DAY = date(1980, 1, 1)
_WITHOUT_AREA = frozenset({Use.PARKING, Use.STALL})  # charged by the piece


def check_areas(chargeable_area: int, exclusive_area: int, use: Use) -> None:
    """Refuse ``area`` for what no dwelling measures, ``area_exclusive`` for a part that is larger than the whole."""
    least = 0 if use in _WITHOUT_AREA else 1
    reject_if(not least <= chargeable_area < LARGEST_AREA, "area", field="chargeable_area")
    reject_if(not 0 <= exclusive_area < LARGEST_AREA, "area", field="exclusive_area")
    reject_if(exclusive_area > chargeable_area, "area_exclusive", field="exclusive_area")


def check_since(since: date, act: Act) -> None:
    """Refuse ``register_day`` for days of another age and ``register_future`` for days still to come."""
    reject_if(since < EARLIEST_DAY, "register_day", field="since")
    reject_if(since > local_date(act.recorded_at), "register_future", field="since")


def decide(command: Command, dwelling: Dwelling, act: Act) -> Sequence[Event]:
    if isinstance(command, RegisterDwelling):
        there = dwelling.estate is not None and not dwelling.withdrawn
        refuse_done(dwelling.told if there else None, "dwelling_registered")
        refuse_if(there, "dwelling_registered")
        check_areas(command.chargeable_area, command.exclusive_area, command.use)
        return [
            DwellingRegistered(
                command.estate, command.building, command.stairwell, command.room,
                command.chargeable_area, command.exclusive_area, command.use,
            )
        ]  # fmt: skip
    refuse_if(dwelling.estate is None, "dwelling_unknown")
    if isinstance(command, WithdrawDwelling):
        refuse_done(dwelling.told if dwelling.withdrawn else None, "dwelling_withdrawn")
        return [DwellingWithdrawn()]
    refuse_if(dwelling.withdrawn, "dwelling_withdrawn")
    match command:
        case CorrectDwellingAreas(chargeable_area, exclusive_area, because):
            check_areas(chargeable_area, exclusive_area, dwelling.use)
            same = (chargeable_area, exclusive_area) == (dwelling.chargeable_area, dwelling.exclusive_area)
            return [] if same else [DwellingAreasCorrected(chargeable_area, exclusive_area, because)]
        case BeginOwnership(owner, since):
            return _begun(dwelling, owner, since, act)
        case WithdrawOwnership(owner, since):
            last, gone = dwelling.ownerships[-1] if dwelling.ownerships else None, dwelling.taken_back
            if gone is not None and (last is None or last.owner != owner):
                refuse_done(gone.told if (gone.owner, gone.since) == (owner, since) else None, "ownership_unknown")
            refuse_if(last is None or (last.owner, last.since) != (owner, since), "ownership_unknown")
            return [OwnershipWithdrawn(owner, since)]
        case NoteVacancy(since, until):
            reject_if(since < EARLIEST_DAY, "register_day", field="since")
            reject_if(until is not None and until <= since, "until_not_later", field="until")
            met = next((each for each in dwelling.vacancies if _meet(each, since, until)), None)
            refuse_done(met.told if met else None, "vacancy_overlaps", field="since")
            refuse_if(met is not None, "vacancy_overlaps", field="since")
            return [VacancyNoted(since, until)]
        case EndVacancy(until):
            vacancy, before = dwelling.vacancy, dwelling.vacancies[-1:]
            refuse_done(before[0].told if before and vacancy is None else None, "vacancy_none")
            refuse_if(vacancy is None, "vacancy_none")
            reject_if(vacancy is not None and until <= vacancy.since, "until_not_later", field="until")
            return [VacancyEnded(until)]
        case TakeService(item, quantity, since):
            return _taken(dwelling, item, quantity, since)
        case EndService(item, until):
            taken, ended = dwelling.taking(item), [each.told for each in dwelling.services if each.item is item]
            refuse_done(ended[-1] if ended and taken is None else None, "service_not_taken", field="item", item=item)
            refuse_if(taken is None, "service_not_taken", field="item", item=item)
            reject_if(taken is not None and until <= taken.since, "until_not_later", field="until")
            return [ServiceEnded(item, until)]
        case _:
            assert_never(command)


def _begun(dwelling: Dwelling, owner: UUID, since: date, act: Act) -> Sequence[Event]:
    check_since(since, act)
    if dwelling.ownerships:
        last = dwelling.ownerships[-1]
        if last.owner == owner:
            refuse_if(last.since != since, "ownership_same", field="owner", since=last.since)
            return []
        refuse_if(since <= last.since, "ownership_not_later", field="since", since=last.since)
    return [OwnershipBegan(owner, since)]


def _taken(dwelling: Dwelling, item: FeeItem, quantity: int, since: date) -> Sequence[Event]:
    reject_if(item not in TAKEN_BESIDES, "service_item", field="item", item=item)
    reject_if(not 0 < quantity <= MOST_PIECES, "service_quantity", field="quantity", most=MOST_PIECES)
    reject_if(since < EARLIEST_DAY, "register_day", field="since")
    before = [each for each in dwelling.services if each.item is item]
    running = next((each for each in before if each.until is None), None)
    if running is not None and (running.quantity, running.since) == (quantity, since):
        return []
    overlaps = running is not None or any(each.until is not None and since < each.until for each in before)
    refuse_if(overlaps, "service_overlaps", field="since", item=item)
    return [ServiceTaken(item, quantity, since)]


def _meet(vacancy: Vacancy, since: date, until: date | None) -> bool:
    return (until is None or vacancy.since < until) and (vacancy.until is None or since < vacancy.until)


DWELLING: Decider[Command, Dwelling, Event] = Decider(
    name="Dwelling",
    initial=Dwelling(),
    decide=decide,
    evolve=evolve,
    commands=Command.__args__,
    events=Event.__args__,
    powers=POWERS,
)
