"""Owners: registered once, corrected whole, looked at with a reason, forgotten for good."""

from domain.erasure import ErasureGround
from domain.register.owner import (
    OWNER,
    CorrectOwnerContact,
    ForgetOwner,
    NameOwnerStaff,
    Owner,
    OwnerContactCorrected,
    OwnerContactViewed,
    OwnerForgotten,
    OwnerIsStaff,
    OwnerKind,
    OwnerRegistered,
    RegisterOwner,
    ViewOwnerContact,
)
from tests.register.examples import ESTATE, STAFF
from tests.scenario import Scenario


def untouched() -> Scenario[Owner]:
    return Scenario(OWNER, OWNER.initial)


def registered() -> Scenario[Owner]:
    return untouched().when(RegisterOwner(ESTATE, OwnerKind.PERSON, " 林小梅 ", ""))


def test_an_owner_is_registered_once() -> None:
    registered().then(OwnerRegistered(ESTATE, OwnerKind.PERSON, "林小梅", None))
    registered().refused(RegisterOwner(ESTATE, OwnerKind.PERSON, "林小梅"), "already_registered")
    untouched().refused(RegisterOwner(ESTATE, OwnerKind.PERSON, " "), "blank_text", field="name")
    untouched().refused(ViewOwnerContact("回电话"), "owner_unknown")


def test_contact_data_are_corrected_whole() -> None:
    registered().when(CorrectOwnerContact("林小梅", "13900000002")).then(OwnerContactCorrected("林小梅", "13900000002"))
    registered().refused(CorrectOwnerContact(""), "blank_text")


def test_who_looks_says_why() -> None:
    registered().when(ViewOwnerContact("回电话")).then(OwnerContactViewed("回电话"))
    registered().refused(ViewOwnerContact(""), "blank_text", field="reason")


def test_an_owner_may_work_here() -> None:
    staff = registered().when(NameOwnerStaff(STAFF)).then(OwnerIsStaff(STAFF))
    staff.holds(lambda owner: owner.person == STAFF)
    staff.when(NameOwnerStaff(STAFF)).then()


def test_the_forgotten_stay_forgotten() -> None:
    gone = (
        registered()
        .when(ForgetOwner(ErasureGround.RETENTION_ENDED))
        .then(OwnerForgotten(ErasureGround.RETENTION_ENDED))
    )
    gone.when(ForgetOwner(ErasureGround.RETENTION_ENDED)).then()
    gone.refused(ViewOwnerContact("回电话"), "owner_forgotten")
    gone.refused(CorrectOwnerContact("林小梅"), "owner_forgotten")
