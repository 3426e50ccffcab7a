"""What comes of commands about the register that are given once more."""

from datetime import date
from uuid import UUID

from domain.erasure import ErasureGround
from domain.money.items import FeeItem
from domain.register import dwelling as homes
from domain.register import owner as owners
from domain.register import register_import as imports
from domain.register.dwelling import DWELLING, Use
from domain.register.owner import OWNER as OWNERS
from domain.register.owner import OwnerKind
from domain.register.register_import import REGISTER_IMPORT
from tests.register.examples import DAY, ESTATE, LATER_DAY, OWNER, STAFF
from tests.repeats import Repeat, anew, harmless, refused
from tests.scenario import Scenario

_OTHER = UUID(int=0x9001)
_REGISTER = homes.RegisterDwelling(ESTATE, "3", "2", "501", 8935, 7120, Use.RESIDENCE)
_NO_HOME = Scenario(DWELLING, DWELLING.initial)
_HOME = _NO_HOME.when(_REGISTER)
_NO_OWNER = Scenario(OWNERS, OWNERS.initial)
_OWNER = _NO_OWNER.when(owners.RegisterOwner(ESTATE, OwnerKind.PERSON, "林小梅"))
_NO_IMPORT = Scenario(REGISTER_IMPORT, REGISTER_IMPORT.initial)
_STARTED = _NO_IMPORT.when(imports.StartRegisterImport(ESTATE, 300))
_DONE = _STARTED.when(imports.CompleteRegisterImport())
_PARKING = homes.TakeService(FeeItem.PARKING, 1, DAY)

REPEATS: tuple[Repeat, ...] = (
    refused(_NO_HOME, _REGISTER, "dwelling_registered"),
    harmless(_HOME, homes.CorrectDwellingAreas(9012, 7120, "证上是"), homes.CorrectDwellingAreas(9013, 7120, "证上是")),
    harmless(_HOME, homes.BeginOwnership(OWNER, DAY), homes.BeginOwnership(_OTHER, DAY),
             homes.BeginOwnership(OWNER, LATER_DAY)),
    refused(_HOME.when(homes.BeginOwnership(OWNER, DAY)), homes.WithdrawOwnership(OWNER, DAY), "ownership_unknown"),
    refused(_HOME, homes.NoteVacancy(DAY), "vacancy_overlaps", homes.NoteVacancy(DAY, LATER_DAY)),
    refused(_HOME.when(homes.NoteVacancy(DAY)), homes.EndVacancy(LATER_DAY), "vacancy_none",
            homes.EndVacancy(date(2026, 11, 2))),
    harmless(_HOME, _PARKING, homes.TakeService(FeeItem.PARKING, 2, DAY)),
    refused(_HOME.when(_PARKING), homes.EndService(FeeItem.PARKING, LATER_DAY), "service_not_taken"),
    refused(_HOME, homes.WithdrawDwelling(), "dwelling_withdrawn"),
    refused(_NO_OWNER, owners.RegisterOwner(ESTATE, OwnerKind.PERSON, "林小梅"), "already_registered", told=False),
    anew(_OWNER, owners.CorrectOwnerContact("林小梅", "13900000002"), "what was said is sealed and not compared"),
    harmless(_OWNER, owners.NameOwnerStaff(STAFF), owners.NameOwnerStaff(_OTHER)),
    anew(_OWNER, owners.ViewOwnerContact("回电话"), "each look is on record"),
    harmless(_OWNER, owners.ForgetOwner(ErasureGround.RETENTION_ENDED),
             owners.ForgetOwner(ErasureGround.RESIDENT_ASKED)),
    harmless(_NO_IMPORT, imports.StartRegisterImport(ESTATE, 300), imports.StartRegisterImport(ESTATE, 3)),
    harmless(_STARTED, imports.CompleteRegisterImport()),
    harmless(_DONE, imports.UndoRegisterImport()),
    harmless(_DONE.when(imports.UndoRegisterImport()), imports.CompleteRegisterUndo(298, 2),
             imports.CompleteRegisterUndo(297, 3)),
)  # fmt: skip
