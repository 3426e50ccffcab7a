"""A dwelling (户), shop or parking space that is charged for: its areas, who owned it when, and what it takes besides.

Who owns it is a pseudonym; the room is sealed under the dwelling's own key. Days are spans of ``since`` (included) to
``until`` (excluded); areas are whole hundredths of a square metre.
"""

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
from domain.register.dwelling.decide import DWELLING
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
from domain.register.dwelling.state import Dwelling, Ownership, Taken, Vacancy
from domain.register.dwelling.vocabulary import TAKEN_BESIDES, Use

__all__ = [
    "DWELLING",
    "TAKEN_BESIDES",
    "BeginOwnership",
    "Command",
    "CorrectDwellingAreas",
    "Dwelling",
    "DwellingAreasCorrected",
    "DwellingRegistered",
    "DwellingWithdrawn",
    "EndService",
    "EndVacancy",
    "Event",
    "NoteVacancy",
    "Ownership",
    "OwnershipBegan",
    "OwnershipWithdrawn",
    "RegisterDwelling",
    "ServiceEnded",
    "ServiceTaken",
    "TakeService",
    "Taken",
    "Use",
    "Vacancy",
    "VacancyEnded",
    "VacancyNoted",
    "WithdrawDwelling",
    "WithdrawOwnership",
]
