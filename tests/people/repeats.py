"""What comes of commands about people that are given once more."""

from datetime import timedelta

from domain.capacity import Capacity
from domain.erasure import ErasureGround
from domain.people import person as people
from domain.people.person import PERSON, StewardRole
from domain.people.person_duty import AbsenceKind, Hours, WeeklyShift
from tests.people.examples import ESTATE_CODE, person, steward
from tests.repeats import Repeat, anew, harmless, refused
from tests.scenario import MONDAY, Scenario

_NOBODY = Scenario(PERSON, PERSON.initial)
_KNOWN = person()
_APPOINT = people.Appoint(Capacity.DISPATCHER, ESTATE_CODE, MONDAY)
_LATER = MONDAY + timedelta(days=1)
_LEAVE = people.PlanAbsence(AbsenceKind.LEAVE, _LATER, _LATER + timedelta(days=3))
_ENROL = people.EnrolSteward((StewardRole.REPAIRER,), party_member=True)

REPEATS: tuple[Repeat, ...] = (
    refused(_NOBODY, people.RegisterPerson("林静怡", "13900000000"), "already_registered",
            people.RegisterPerson("别人"), told=False),
    harmless(_KNOWN, _APPOINT, people.Appoint(Capacity.CASHIER, ESTATE_CODE, MONDAY)),
    harmless(_KNOWN.when(_APPOINT), people.Relieve(Capacity.DISPATCHER, ESTATE_CODE, _LATER),
             people.Relieve(Capacity.DISPATCHER, ESTATE_CODE, _LATER - timedelta(hours=1))),
    harmless(_KNOWN, _ENROL, people.EnrolSteward((StewardRole.INFO_ADVISER,), party_member=True)),
    harmless(_KNOWN.when(_ENROL), people.AttachStewardToEstate(ESTATE_CODE, MONDAY)),
    harmless(steward(), people.ReleaseStewardFromEstate(ESTATE_CODE, _LATER)),
    harmless(steward(), people.LinkStewardToBuilding(ESTATE_CODE, "4"),
             people.LinkStewardToBuilding(ESTATE_CODE, "5")),
    harmless(steward(), people.ReleaseStewardFromBuilding(ESTATE_CODE, "3")),
    harmless(_KNOWN, people.DisablePerson()),
    harmless(_KNOWN.when(people.DisablePerson()), people.EnablePerson()),
    anew(_KNOWN, people.AdmitPerson(), "each time somebody at the machine lets the person in"),
    harmless(_KNOWN, _LEAVE, people.PlanAbsence(AbsenceKind.TRAINING, _LATER, _LATER + timedelta(days=3))),
    harmless(_KNOWN.when(_LEAVE), people.CancelAbsence(1)),
    harmless(steward(), people.SetWeeklyShifts(ESTATE_CODE, (WeeklyShift(1, 480, 1200),)),
             people.SetWeeklyShifts(ESTATE_CODE, ())),
    harmless(steward(), people.SetDayShifts(ESTATE_CODE, _LATER.date(), ()),
             people.SetDayShifts(ESTATE_CODE, _LATER.date(), (Hours(480, 1200),))),
    harmless(_KNOWN, people.ForgetPerson(ErasureGround.RETENTION_ENDED),
             people.ForgetPerson(ErasureGround.RESIDENT_ASKED)),
)  # fmt: skip
