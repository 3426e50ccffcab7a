"""Examples of the register of dwellings: dwellings, owners, and imports of both."""

from datetime import date
from typing import Any
from uuid import UUID

from domain.erasure import ErasureGround
from domain.money.items import FeeItem
from domain.register import dwelling, owner, register_import
from domain.register.dwelling import Use
from domain.register.owner import OwnerKind

ESTATE = "350902002999-001"
OWNER, STAFF = UUID(int=0x300), UUID(int=0x301)
DAY, LATER_DAY = date(2024, 3, 15), date(2026, 11, 1)

COMMANDS: tuple[Any, ...] = (
    dwelling.RegisterDwelling(ESTATE, "3", "2", "501", 8935, 7120, Use.RESIDENCE),
    dwelling.CorrectDwellingAreas(9012, 7120, "不动产权证上是 90.12"),
    dwelling.BeginOwnership(OWNER, DAY),
    dwelling.WithdrawOwnership(OWNER, DAY),
    dwelling.NoteVacancy(DAY, LATER_DAY),
    dwelling.EndVacancy(LATER_DAY),
    dwelling.TakeService(FeeItem.PARKING, 1, DAY),
    dwelling.EndService(FeeItem.PARKING, LATER_DAY),
    dwelling.WithdrawDwelling(),
    owner.RegisterOwner(ESTATE, OwnerKind.PERSON, "林小梅", "13900000001"),
    owner.CorrectOwnerContact("林小梅", "13900000002"),
    owner.NameOwnerStaff(STAFF),
    owner.ViewOwnerContact("回电话"),
    owner.ForgetOwner(ErasureGround.RETENTION_ENDED),
    register_import.StartRegisterImport(ESTATE, 300),
    register_import.CompleteRegisterImport(),
    register_import.UndoRegisterImport(),
    register_import.CompleteRegisterUndo(298, 2),
)

EVENTS: tuple[Any, ...] = (
    dwelling.DwellingRegistered(ESTATE, "3", "2", "501", 8935, 7120, Use.RESIDENCE),
    dwelling.DwellingAreasCorrected(9012, 7120, "不动产权证上是 90.12"),
    dwelling.OwnershipBegan(OWNER, DAY),
    dwelling.OwnershipWithdrawn(OWNER, DAY),
    dwelling.VacancyNoted(DAY, LATER_DAY),
    dwelling.VacancyEnded(LATER_DAY),
    dwelling.ServiceTaken(FeeItem.PARKING, 1, DAY),
    dwelling.ServiceEnded(FeeItem.PARKING, LATER_DAY),
    dwelling.DwellingWithdrawn(),
    owner.OwnerRegistered(ESTATE, OwnerKind.PERSON, "林小梅", "13900000001"),
    owner.OwnerContactCorrected("林小梅", "13900000002"),
    owner.OwnerIsStaff(STAFF),
    owner.OwnerContactViewed("回电话"),
    owner.OwnerForgotten(ErasureGround.RETENTION_ENDED),
    register_import.RegisterImportStarted(ESTATE, 300),
    register_import.RegisterImportCompleted(),
    register_import.RegisterUndoBegan(),
    register_import.RegisterUndone(298, 2),
)
