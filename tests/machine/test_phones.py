"""Numbers to call: which can be dialled, by their area codes, and that every command that takes one asks so."""

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cases.issue import CorrectReporter, NoteIssue
from domain.catalogue import COMMANDS
from domain.estates.emergency_contacts import EMERGENCY_CONTACTS, SetEmergencyContact
from domain.people.person import PERSON, RegisterPerson
from domain.refusal import Rejection
from domain.register.owner import OWNER, CorrectOwnerContact, OwnerRegistered, RegisterOwner
from domain.written.area_codes import DIGITS
from domain.written.phones import dialled, phone, reachable, searched, texted
from tests import examples
from tests.cases.examples import STATUSES, Status
from tests.scenario import Scenario

DIALLED = (
    "010-62345678", "020 8123 4567", "(021)62345678", "0592-2212345", "0593 2212345", "0595-22123456", "0591-87654321",
    "+86 592 2212345", "0086 10 6234 5678", "86-591-8765-4321", "+86-138-0593-1234", "8765432", "87654321",
)  # fmt: skip
ONE_AMISS = (
    "010-6234567", "010-623456789", "0592-221234", "0592-22123456", "0595-2212345", "0591-8765432",
    "0399-2212345", "026-62345678", "0592-1212345", "+86 592 221234", "+86 26 62345678", "0592",
    "592-2212345", "1380593123", "13805931234 5",
)  # fmt: skip
TAKES_ONE: dict[type[Any], Scenario[Any]] = {
    NoteIssue: STATUSES[Status.UNNOTED](),
    CorrectReporter: STATUSES[Status.NOTED](),
    RegisterOwner: Scenario(OWNER, OWNER.initial),
    CorrectOwnerContact: Scenario(OWNER, OWNER.initial).given(
        next(each for each in examples.EVENTS if isinstance(each, OwnerRegistered))
    ),
    RegisterPerson: Scenario(PERSON, PERSON.initial),
    SetEmergencyContact: Scenario(EMERGENCY_CONTACTS, EMERGENCY_CONTACTS.initial),
}


@pytest.mark.parametrize("text", DIALLED)
def test_a_whole_number_is_taken_however_it_is_written(text: str) -> None:
    assert phone(text) == text


@pytest.mark.parametrize("text", ONE_AMISS)
def test_a_digit_too_few_or_too_many_is_told(text: str) -> None:
    assert not reachable(text)


@given(st.sampled_from(sorted(DIGITS)), st.integers(4, 10), st.integers(2, 8), st.randoms(use_true_random=False))
def test_a_landline_has_as_many_digits_as_its_area_code_asks_for(area: str, size: int, first: int, chance: Any) -> None:
    number = str(first) + "".join(str(chance.randrange(10)) for _ in range(size - 1))
    whole = size in DIGITS[area]
    for written in (f"{area}-{number}", f"({area}){number}", f"+86 {area[1:]} {number}", f"0086{area[1:]}{number}"):
        assert reachable(written) is whole, written
    assert not whole or dialled(f"+86 {area} {number}") == f"+86{area[1:]}{number}"


@pytest.mark.parametrize(
    "way", ["13805931234", "138 0593 1234", "138-0593-1234", "+86 138 0593 1234", "008613805931234", "86-13805931234"]
)
def test_a_mobile_is_found_however_it_is_written(way: str) -> None:
    assert searched(way) == "13805931234"


@pytest.mark.parametrize(
    ("way", "by"),
    [
        ("0593-2212345", "05932212345"), ("(0593)2212345", "05932212345"), ("+86 593 2212345", "5932212345"),
        ("2212345", "2212345"), ("86012345", "86012345"), ("+852 6123 4567", "85261234567"), ("6-2-401", None),
        ("IS-20261201-0020", None), ("2026-000123", None), ("灯", None), ("0593-2212345转801", "05932212345"),
    ],
)  # fmt: skip
def test_other_numbers_are_found_by_what_all_ways_share(way: str, by: str | None) -> None:
    assert searched(way) == by


@pytest.mark.parametrize(
    ("number", "to"),
    [
        ("138 0593 1234", "13805931234"), ("+86-138-0593-1234", "13805931234"), ("0086 13805931234", "13805931234"),
        ("+852 6123 4567", "+85261234567"), ("00886912345678", "+886912345678"), ("0593-2212345", ""),
        ("+86 592 2212345", ""), ("2212345", ""), ("400-123-4567", ""), ("13805931234转8", ""), ("", ""), (None, ""),
    ],
)  # fmt: skip
def test_a_message_goes_to_mobiles_alone(number: str | None, to: str) -> None:
    assert texted(number) == to


def test_every_command_that_takes_a_number_to_call_reads_it_alike() -> None:
    having = {kind for kind in COMMANDS.values() if any(each.name == "phone" for each in fields(kind))}
    assert having == TAKES_ONE.keys()
    for kind, ground in TAKES_ONE.items():
        usual = next(each for each in examples.COMMANDS if isinstance(each, kind))
        for spoilt in ("1.38E+10", "5932212345", "0592-221234", "#NAME?"):
            with pytest.raises(Rejection) as refused:
                ground.decider.consider(replace(usual, phone=spoilt), ground.state, ground.act)
            assert refused.value.code in ("phone_unreadable", "hotline_unreadable")
            assert refused.value.facts["field"] == "phone"
        (told, *_) = ground.decider.consider(
            replace(usual, phone=" １３８ ００００ ５６７８ "), ground.state, ground.act
        )
        assert told.phone.replace(" ", "") == "13800005678"
