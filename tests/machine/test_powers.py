"""Who may give which command: nobody acts whose post does not carry the power."""

import pytest

from domain.capacity import HEADS, STATION, Capacity
from domain.cases import issue, work_order
from domain.catalogue import COMMANDS, POWERS, may
from domain.estates.estate import RegisterBuilding, RegisterEstate
from domain.people import person
from domain.trail import going_on, witnessing

C = Capacity


def test_every_command_has_its_powers() -> None:
    assert POWERS.keys() == set(COMMANDS.values())
    assert all(POWERS.values())


def test_the_residents_committee_reads_and_hands_in_what_its_members_signed() -> None:
    assert [command for command in POWERS if may(C.RESIDENTS_COMMITTEE, command)] == [witnessing.TakeCosignature]


@pytest.mark.parametrize("command", [*issue.ALLOWED, *work_order.ALLOWED], ids=lambda kind: kind.__name__)
def test_neither_administrators_nor_the_product_touch_a_case(command: type[object]) -> None:
    assert not may(C.ADMINISTRATOR, command) and not may(C.SYSTEM, command)


def test_a_steward_works_and_does_not_judge() -> None:
    his = {command.__name__ for command in POWERS if may(C.RED_STEWARD, command)}
    assert his == {
        "NoteIssue",
        "AttachPhoto",
        "RemovePhoto",
        "CorrectReporter",
        "GiveAdvice",
        "AnswerReporter",
        "ViewContact",
        "TakeWorkOrder",
        "DeclineWorkOrder",
        "RecordArrival",
        "ReportNoAccess",
        "StartWork",
        "SuspendWork",
        "ProlongPause",
        "ResumeWork",
        "RecordContactRefused",
        "CompleteWork",
        "CallEmergencyService",
        "StateFalseAlarm",
        "RecordPersonsReleased",
        "OfferQuote",
        "AcceptQuote",
        "DeclineQuote",
    }


def test_inv_06_no_steward_verifies() -> None:
    assert not may(C.RED_STEWARD, work_order.VerifyWork)
    assert POWERS[work_order.VerifyWork] == STATION


def test_only_heads_stretch_a_deadline_or_forget_a_case() -> None:
    assert POWERS[work_order.ExtendDeadline] == POWERS[issue.ForgetCase] == HEADS


def test_whoever_gives_posts_gives_no_squad_and_sees_no_case() -> None:
    given = {command for command in POWERS if may(C.ADMINISTRATOR, command)}
    assert given == {
        person.RegisterPerson, person.Appoint, person.Relieve, person.ForgetPerson, person.DisablePerson,
        person.EnablePerson, person.PlanAbsence, person.CancelAbsence, person.SetWeeklyShifts, person.SetDayShifts,
        going_on.ProposeGoingOn, going_on.ConfirmGoingOn,
        witnessing.AdoptWitnessPolicy, witnessing.TakeCosignature,
    }  # fmt: skip
    assert not [head for head in HEADS if may(head, person.Appoint)]  # no head appoints himself more


def test_only_the_product_draws_the_map() -> None:
    assert POWERS[RegisterEstate] == {C.SYSTEM} and C.DISPATCHER not in POWERS[RegisterBuilding]
