"""What each event makes of a dwelling."""

from typing import assert_never

from domain.changed import changed
from domain.recorded import Act
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
from domain.register.dwelling.state import Dwelling, Ownership, Taken, TakenBack, Vacancy


def evolve(dwelling: Dwelling, event: Event, act: Act) -> Dwelling:
    match event:
        case DwellingRegistered(estate, building, stairwell, _, chargeable_area, exclusive_area, use):
            return Dwelling(estate, building, stairwell, chargeable_area, exclusive_area, use, told=act)
        case DwellingAreasCorrected(chargeable_area, exclusive_area):
            return changed(dwelling, chargeable_area=chargeable_area, exclusive_area=exclusive_area)
        case OwnershipBegan(owner, since):
            earlier = dwelling.ownerships
            if earlier:
                last = earlier[-1]
                earlier = (*earlier[:-1], Ownership(last.owner, last.since, since))
            return changed(dwelling, ownerships=(*earlier, Ownership(owner, since)))
        case OwnershipWithdrawn(owner, since):
            left = dwelling.ownerships[:-1]
            if left:
                left = (*left[:-1], Ownership(left[-1].owner, left[-1].since))
            return changed(dwelling, ownerships=left, taken_back=TakenBack(owner, since, act))
        case VacancyNoted(since, until):
            spans = (*dwelling.vacancies, Vacancy(since, until, act))
            return changed(dwelling, vacancies=tuple(sorted(spans, key=lambda each: each.since)))
        case VacancyEnded(until):
            ended = (Vacancy(each.since, until, act) if each.until is None else each for each in dwelling.vacancies)
            return changed(dwelling, vacancies=tuple(ended))
        case ServiceTaken(item, quantity, since):
            return changed(dwelling, services=(*dwelling.services, Taken(item, quantity, since, told=act)))
        case ServiceEnded(item, until):
            services = tuple(
                Taken(item, each.quantity, each.since, until, act) if each.item is item and each.until is None else each
                for each in dwelling.services
            )
            return changed(dwelling, services=services)
        case DwellingWithdrawn():
            return changed(dwelling, withdrawn=True, told=act)
        case _:
            assert_never(event)
