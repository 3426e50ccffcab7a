"""Posts and stewards: who holds what, where and when (INV-03 to 05)."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.capacity import APPOINTED, FOREMOST, Capacity
from domain.erasure import ErasureGround
from domain.people.person import (
    PERSON,
    Appoint,
    AttachStewardToEstate,
    EnrolSteward,
    ForgetPerson,
    LinkStewardToBuilding,
    PersonForgotten,
    PersonRegistered,
    RegisterPerson,
    ReleaseStewardFromBuilding,
    ReleaseStewardFromEstate,
    Relieve,
    StationStaffAppointed,
    StationStaffRelieved,
    StewardAttachedToEstate,
    StewardEnrolled,
    StewardLinkedToBuilding,
    StewardReleasedFromBuilding,
    StewardReleasedFromEstate,
    StewardRole,
)
from tests.people.examples import COMMANDS, ESTATE_CODE, person, steward
from tests.scenario import MONDAY, Scenario

OTHER_ESTATE = "350902002999-002"
TUESDAY = MONDAY + timedelta(days=1)
REPAIRER = EnrolSteward((StewardRole.REPAIRER,), party_member=True)


def test_a_person_is_registered_once() -> None:
    person().then(PersonRegistered("林静怡", "13900000000")).refused(RegisterPerson("林静怡"), "already_registered")


def test_nothing_happens_to_somebody_who_is_not_registered() -> None:
    nobody = Scenario(PERSON, PERSON.initial)
    for command in COMMANDS:
        if type(command) in PERSON.commands and not isinstance(command, RegisterPerson):
            nobody.refused(command, "unknown_person")


def test_inv_05_a_capacity_is_held_from_its_beginning_to_its_end() -> None:
    head = person().when(Appoint(Capacity.STATION_HEAD, ESTATE_CODE, MONDAY))
    ended = head.later(days=2).when(Relieve(Capacity.STATION_HEAD, ESTATE_CODE, TUESDAY)).state
    held = {moment: ended.holds(Capacity.STATION_HEAD, ESTATE_CODE, moment) for moment in (MONDAY, TUESDAY)}
    assert held == {MONDAY: True, TUESDAY: False}
    assert not ended.holds(Capacity.STATION_HEAD, ESTATE_CODE, MONDAY - timedelta(microseconds=1))
    assert ended.holds(Capacity.STATION_HEAD, ESTATE_CODE, TUESDAY - timedelta(microseconds=1))


def test_inv_05_a_capacity_is_held_in_its_own_estate() -> None:
    head = person().when(Appoint(Capacity.STATION_HEAD, ESTATE_CODE, MONDAY)).state
    assert head.holds(Capacity.STATION_HEAD, ESTATE_CODE, TUESDAY)
    assert head.holds(Capacity.STATION_HEAD, None, TUESDAY)
    assert not head.holds(Capacity.STATION_HEAD, OTHER_ESTATE, TUESDAY)
    assert not head.holds(Capacity.DISPATCHER, ESTATE_CODE, TUESDAY)


def test_inv_05_one_person_may_hold_several_capacities() -> None:
    both = steward().when(Appoint(Capacity.STATION_HEAD, ESTATE_CODE, MONDAY)).then(StationStaffAppointed).state
    assert all(both.holds(each, ESTATE_CODE, TUESDAY) for each in (Capacity.STATION_HEAD, Capacity.RED_STEWARD))


def test_a_post_given_twice_is_given_once() -> None:
    appoint = Appoint(Capacity.DISPATCHER, ESTATE_CODE, MONDAY)
    person().when(appoint, appoint).then()


def test_a_post_may_be_held_again_after_it_ended() -> None:
    appoint = Appoint(Capacity.DISPATCHER, ESTATE_CODE, MONDAY)
    relieved = person().when(appoint, Relieve(Capacity.DISPATCHER, ESTATE_CODE, MONDAY)).then(StationStaffRelieved)
    relieved.when(Relieve(Capacity.DISPATCHER, ESTATE_CODE, MONDAY)).then()
    again = relieved.later(days=3).when(Appoint(Capacity.DISPATCHER, ESTATE_CODE, MONDAY + timedelta(days=3)))
    again.then(StationStaffAppointed)
    assert not again.state.holds(Capacity.DISPATCHER, ESTATE_CODE, TUESDAY)


def test_a_post_that_has_an_end_may_be_renewed() -> None:
    ending = person().when(
        Appoint(Capacity.DISPATCHER, ESTATE_CODE, MONDAY), Relieve(Capacity.DISPATCHER, ESTATE_CODE, TUESDAY)
    )
    renewed = ending.when(Appoint(Capacity.DISPATCHER, ESTATE_CODE, TUESDAY)).then(StationStaffAppointed)
    assert renewed.state.holds(Capacity.DISPATCHER, ESTATE_CODE, TUESDAY)


def test_a_post_to_come_is_given_once_and_can_be_taken_back() -> None:
    appoint, relieve = (kind(Capacity.DISPATCHER, ESTATE_CODE, TUESDAY) for kind in (Appoint, Relieve))
    coming = person().when(appoint).then(StationStaffAppointed)
    coming.when(appoint).then()
    coming.refused(ForgetPerson(ErasureGround.RESIDENT_ASKED), "still_in_post")
    back = coming.when(relieve).then(StationStaffRelieved)
    assert not back.state.holds(Capacity.DISPATCHER, ESTATE_CODE, TUESDAY)


def test_inv_05_whoever_is_to_leave_later_may_still_be_relieved_at_once() -> None:
    leaving = person().when(
        Appoint(Capacity.STATION_HEAD, ESTATE_CODE, MONDAY), Relieve(Capacity.STATION_HEAD, ESTATE_CODE, TUESDAY)
    )
    gone = leaving.when(Relieve(Capacity.STATION_HEAD, ESTATE_CODE, MONDAY)).then(StationStaffRelieved)
    assert not gone.state.holds(Capacity.STATION_HEAD, ESTATE_CODE, MONDAY)
    leaving.when(Relieve(Capacity.STATION_HEAD, ESTATE_CODE, TUESDAY + timedelta(days=1))).then()


def test_inv_05_ending_a_post_leaves_earlier_ones_as_they_were() -> None:
    once = person().when(
        Appoint(Capacity.DISPATCHER, ESTATE_CODE, MONDAY), Relieve(Capacity.DISPATCHER, ESTATE_CODE, TUESDAY)
    )
    later = once.later(days=5).when(Appoint(Capacity.DISPATCHER, ESTATE_CODE, MONDAY + timedelta(days=5)))
    ended = later.when(Relieve(Capacity.DISPATCHER, ESTATE_CODE, MONDAY)).state
    assert ended.holds(Capacity.DISPATCHER, ESTATE_CODE, MONDAY + timedelta(hours=1))
    assert not ended.holds(Capacity.DISPATCHER, ESTATE_CODE, MONDAY + timedelta(days=6))


UNAPPOINTED = (Capacity.RED_STEWARD, Capacity.SYSTEM)  # enrolled; the product itself


@pytest.mark.parametrize("capacity", UNAPPOINTED, ids=lambda c: c.name)
def test_some_capacities_are_not_given_by_appointment(capacity: Capacity) -> None:
    person().refused(Appoint(capacity, ESTATE_CODE, MONDAY), "not_by_appointment")


def test_every_other_capacity_is_offered_and_who_holds_several_starts_in_one() -> None:
    assert [*APPOINTED, *UNAPPOINTED] == sorted(Capacity, key=[*APPOINTED, *UNAPPOINTED].index)
    assert set(FOREMOST) == set(Capacity) - {Capacity.SYSTEM}


def test_inv_03_a_steward_is_a_party_member_with_a_role() -> None:
    person().refused(EnrolSteward((StewardRole.REPAIRER,), party_member=False), "not_a_party_member")
    person().refused(EnrolSteward((), party_member=True), "no_role")
    person().when(REPAIRER).then(StewardEnrolled((StewardRole.REPAIRER,)))


def test_inv_04_the_consent_to_the_roster_is_on_record() -> None:
    enrolled = person().when(EnrolSteward((StewardRole.MEDIATOR,), party_member=True, consents_to_roster=True))
    enrolled.then(StewardEnrolled((StewardRole.MEDIATOR,), consents_to_roster=True))


def test_inv_04_the_consent_can_be_given_later_and_withdrawn() -> None:
    agrees = replace(REPAIRER, consents_to_roster=True)
    given = person().when(REPAIRER, agrees).then(StewardEnrolled((StewardRole.REPAIRER,), consents_to_roster=True))
    given.when(agrees).then().when(REPAIRER).then(StewardEnrolled((StewardRole.REPAIRER,), consents_to_roster=False))


def test_roles_have_no_order_and_no_doubles() -> None:
    roles = (StewardRole.REPAIRER, StewardRole.MEDIATOR)
    enrolled = person().when(EnrolSteward((*roles, *roles), party_member=True))
    enrolled.when(EnrolSteward(tuple(reversed(roles)), party_member=True)).then()


def test_a_steward_is_attached_to_an_estate_and_then_to_buildings() -> None:
    person().refused(AttachStewardToEstate(ESTATE_CODE, MONDAY), "not_a_steward")
    enrolled = person().when(REPAIRER)
    enrolled.refused(LinkStewardToBuilding(ESTATE_CODE, "3"), "not_attached")
    attached = enrolled.when(AttachStewardToEstate(ESTATE_CODE, MONDAY)).then(StewardAttachedToEstate)
    attached.when(AttachStewardToEstate(ESTATE_CODE, MONDAY)).then()
    attached.refused(LinkStewardToBuilding(OTHER_ESTATE, "3"), "not_attached")
    linked = attached.when(LinkStewardToBuilding(ESTATE_CODE, "3")).then(StewardLinkedToBuilding)
    linked.when(LinkStewardToBuilding(ESTATE_CODE, "3")).then()


def test_leaving_an_estate_is_leaving_its_buildings() -> None:
    left = steward().later(days=1).when(ReleaseStewardFromEstate(ESTATE_CODE, TUESDAY)).then(StewardReleasedFromEstate)
    left.holds(lambda state: not state.links)
    left.when(ReleaseStewardFromEstate(ESTATE_CODE, TUESDAY)).then()


def test_leaving_a_building() -> None:
    left = steward().when(ReleaseStewardFromBuilding(ESTATE_CODE, "3")).then(StewardReleasedFromBuilding)
    left.when(ReleaseStewardFromBuilding(ESTATE_CODE, "3")).then()


def test_inv_66_a_person_is_forgotten_after_the_last_post() -> None:
    forget = ForgetPerson(ErasureGround.RETENTION_ENDED)
    steward().refused(forget, "still_in_post")
    gone = steward().when(ReleaseStewardFromEstate(ESTATE_CODE, MONDAY), forget)
    gone.then(PersonForgotten(ErasureGround.RETENTION_ENDED))
    gone.refused(REPAIRER, "person_forgotten")


def test_inv_66_forgetting_can_be_asked_for_again_so_that_a_crash_can_be_mended() -> None:
    forget = ForgetPerson(ErasureGround.RETENTION_ENDED)
    person().when(forget).when(forget).then()


days = st.integers(-20, 20).map(lambda day: MONDAY + timedelta(days=day))
post_changes = st.tuples(st.sampled_from((Appoint, Relieve)), days, days)


@settings(max_examples=100, deadline=None)
@given(st.lists(post_changes, max_size=8), days)
def test_inv_05_whoever_is_relieved_now_holds_nothing_from_now_on(changes: list[Any], now: datetime) -> None:
    story = person()
    for change, moment, told in sorted(changes, key=lambda each: each[2]):
        told_then = story.at(min(told, now))
        before = told_then.state
        story = told_then.when(change(Capacity.DISPATCHER, ESTATE_CODE, moment))
        story.when(change(Capacity.DISPATCHER, ESTATE_CODE, moment)).then()  # said twice, done once
        assert bool(story.outcome) is (story.state != before)  # no fact without an effect
    gone = story.at(now).when(Relieve(Capacity.DISPATCHER, ESTATE_CODE, now)).state
    assert not any(gone.holds(Capacity.DISPATCHER, ESTATE_CODE, now + timedelta(days=day)) for day in range(60))
