"""One telling example of every command and event of a person, somebody registered, and a steward."""

from datetime import timedelta
from typing import Any

from domain.capacity import Capacity
from domain.erasure import ErasureGround
from domain.people import person as people
from domain.people.person import PERSON, Person, StewardRole
from domain.people.person_duty import AbsenceKind, Hours, WeeklyShift
from tests.scenario import MONDAY, OTHER_STEWARD, Scenario

ESTATE_CODE = "350902002999-001"
_LATER = MONDAY + timedelta(days=9)

COMMANDS: tuple[Any, ...] = (
    people.RegisterPerson("林静怡", "13900000000"),
    people.Appoint(Capacity.DISPATCHER, ESTATE_CODE, MONDAY),
    people.Relieve(Capacity.DISPATCHER, ESTATE_CODE, MONDAY),
    people.EnrolSteward((StewardRole.REPAIRER,), party_member=True, consents_to_roster=True),
    people.AttachStewardToEstate(ESTATE_CODE, MONDAY),
    people.ReleaseStewardFromEstate(ESTATE_CODE, MONDAY),
    people.LinkStewardToBuilding(ESTATE_CODE, "3"),
    people.ReleaseStewardFromBuilding(ESTATE_CODE, "3"),
    people.ForgetPerson(ErasureGround.RETENTION_ENDED),
    people.DisablePerson(),
    people.EnablePerson(),
    people.AdmitPerson(),
    people.PlanAbsence(AbsenceKind.LEAVE, _LATER, _LATER + timedelta(days=3)),
    people.CancelAbsence(1),
    people.SetWeeklyShifts(ESTATE_CODE, (WeeklyShift(1, 480, 1200),)),
    people.SetDayShifts(ESTATE_CODE, _LATER.date(), (Hours(1200, 1920),)),
)
EVENTS: tuple[Any, ...] = (
    people.PersonRegistered("林静怡", "13900000000"),
    people.StationStaffAppointed(Capacity.DISPATCHER, ESTATE_CODE, MONDAY),
    people.StationStaffRelieved(Capacity.DISPATCHER, ESTATE_CODE, _LATER),
    people.StewardEnrolled((StewardRole.INFO_ADVISER, StewardRole.REPAIRER), consents_to_roster=True),
    people.StewardAttachedToEstate(ESTATE_CODE, MONDAY),
    people.StewardReleasedFromEstate(ESTATE_CODE, _LATER),
    people.StewardLinkedToBuilding(ESTATE_CODE, "3"),
    people.StewardReleasedFromBuilding(ESTATE_CODE, "3"),
    people.PersonForgotten(ErasureGround.RETENTION_ENDED),
    people.DutiesHandedOver(OTHER_STEWARD),
    people.PersonDisabled(),
    people.PersonEnabled(),
    people.PersonAdmitted(),
    people.AbsencePlanned(1, AbsenceKind.LEAVE, _LATER, _LATER + timedelta(days=3)),
    people.AbsenceCancelled(1, _LATER),
    people.WeeklyShiftsSet(ESTATE_CODE, (WeeklyShift(1, 480, 1200),)),
    people.DayShiftsSet(ESTATE_CODE, _LATER.date(), (Hours(1200, 1920),)),
)


def person() -> Scenario[Person]:
    """Somebody registered by the administrator, who acts next."""
    nobody = Scenario(PERSON, PERSON.initial, capacity=Capacity.ADMINISTRATOR)
    return nobody.when(people.RegisterPerson("林静怡", "13900000000"))


def steward() -> Scenario[Person]:
    """A repairer attached to the estate and linked to building 3."""
    enrolled = person().when(people.EnrolSteward((StewardRole.REPAIRER,), party_member=True))
    return enrolled.when(
        people.AttachStewardToEstate(ESTATE_CODE, MONDAY), people.LinkStewardToBuilding(ESTATE_CODE, "3")
    )
