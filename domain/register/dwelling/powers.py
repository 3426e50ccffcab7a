"""Who may give which command about a dwelling."""

from collections.abc import Mapping
from typing import Any

from domain.capacity import ACCOUNTS, Capacity
from domain.register.dwelling.commands import (
    BeginOwnership,
    CorrectDwellingAreas,
    EndService,
    EndVacancy,
    NoteVacancy,
    RegisterDwelling,
    TakeService,
    WithdrawDwelling,
    WithdrawOwnership,
)

POWERS: Mapping[type[Any], frozenset[Capacity]] = {
    RegisterDwelling: ACCOUNTS,
    CorrectDwellingAreas: ACCOUNTS,
    BeginOwnership: ACCOUNTS,
    WithdrawOwnership: ACCOUNTS,
    NoteVacancy: ACCOUNTS,
    EndVacancy: ACCOUNTS,
    TakeService: ACCOUNTS,
    EndService: ACCOUNTS,
    WithdrawDwelling: ACCOUNTS,
}
