"""The notebook's rules: what becomes of a line, who answers, and what is never lost (domain dossier 6.3 B)."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from domain.cases.category import USUAL, Category, Priority, settled
from domain.cases.issue import (
    MOST_PHOTOS,
    AdviceGiven,
    AnswerReporter,
    AttachPhoto,
    CaseForgotten,
    ContactDataViewed,
    DropIssue,
    ForgetCase,
    GiveAdvice,
    IssueMerged,
    IssueNoted,
    IssuePromotedToWorkOrder,
    IssueTriaged,
    MergeIssue,
    PromoteToWorkOrder,
    ReporterAnswered,
    Status,
    TriageIssue,
    ViewContact,
)
from domain.erasure import ErasureGround
from domain.estates.place import Part, Responsibility
from tests.cases.examples import NOTE, ORDER_ID, OTHER_ISSUE, PHOTO, STATUSES, noted
from tests.scenario import CLERK, HEAD, MONDAY, STEWARD, last

LAMP = TriageIssue(Category.PUBLIC_LIGHTING)
MERGE, DROP = MergeIssue(OTHER_ISSUE), DropIssue("看错了")


def test_noting_keeps_what_was_said_and_by_whom() -> None:
    line = noted()
    line.then(
        IssueNoted(
            number=NOTE.number,
            estate=NOTE.estate,
            text=NOTE.text,
            channel=NOTE.channel,
            building="3",
            stairwell="1",
            dwelling="402",
            reporter="邹老师",
            phone="13900000000",
            photos=(PHOTO,),
        )
    )
    line.refused(NOTE, "status", status=Status.NOTED)


def test_a_line_needs_nothing_but_words() -> None:
    noted(replace(NOTE, building=None, stairwell=None, dwelling=None, reporter=None, phone=None, photos=()))
    STATUSES[Status.UNNOTED]().refused(replace(NOTE, text="   "), "blank_text", field="text")


def test_nothing_happens_to_a_line_before_it_was_noted() -> None:
    line = noted().later(hours=1)
    for command in (LAMP, MERGE, DROP, AttachPhoto(PHOTO), GiveAdvice("已报街道")):
        line.refused(command, "before_report", act=line.act._replace(occurred_at=MONDAY - timedelta(minutes=1)))
    line.when(LAMP, act=line.act._replace(occurred_at=MONDAY))


# -- photos ------------------------------------------------------------------------------------------------------


def test_photos_up_to_a_limit() -> None:
    photos = [UUID(int=n) for n in range(MOST_PHOTOS)]
    full = noted(replace(NOTE, photos=())).when(*(AttachPhoto(photo) for photo in photos))
    full.holds(lambda state: state.photos == tuple(photos))
    full.refused(AttachPhoto(PHOTO), "too_many_photos", most=MOST_PHOTOS)
    unnoted = STATUSES[Status.UNNOTED]()
    unnoted.when(replace(NOTE, photos=tuple(photos))).holds(lambda state: state.photos == tuple(photos))
    unnoted.refused(replace(NOTE, photos=(PHOTO,) * (MOST_PHOTOS + 1)), "too_many_photos", most=MOST_PHOTOS)


def test_a_photo_attached_twice_is_attached_once() -> None:
    noted().when(AttachPhoto(PHOTO)).then()


# -- triage ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("category", [c for c in Category if not c.name.startswith("LIFT")], ids=lambda c: c.name)
def test_a_category_has_its_usual_priority(category: Category) -> None:
    triaged = noted().when(TriageIssue(category)).state.triage
    assert triaged is not None and (triaged.category, triaged.priority) == (category, USUAL[category].priority)


def test_a_person_may_think_otherwise_than_usual() -> None:
    urgent = noted().when(replace(LAMP, priority=Priority.P2, part=Part.PRIVATE))
    urgent.then(IssueTriaged(Category.PUBLIC_LIGHTING, Priority.P2, Part.PRIVATE, Responsibility.PRIVATE_PART))
    street = noted().when(replace(LAMP, responsibility=Responsibility.MUNICIPAL))
    street.then(IssueTriaged(Category.PUBLIC_LIGHTING, Priority.P3, Part.COMMON, Responsibility.MUNICIPAL))


def test_inv_14_a_repair_at_home_is_private_unless_somebody_says_otherwise() -> None:
    at_home = IssueTriaged(Category.APPLIANCE, Priority.P3, Part.PRIVATE, Responsibility.PRIVATE_PART)
    noted().when(TriageIssue(Category.APPLIANCE)).then(at_home)
    noted().when(PromoteToWorkOrder(ORDER_ID, Category.APPLIANCE)).then(at_home, IssuePromotedToWorkOrder(ORDER_ID))
    common = noted().when(TriageIssue(Category.APPLIANCE, part=Part.COMMON))
    common.when(PromoteToWorkOrder(ORDER_ID)).then(IssuePromotedToWorkOrder(ORDER_ID))


def test_triage_again_counts_only_when_it_says_something_new() -> None:
    noted().when(LAMP).when(LAMP).then().when(TriageIssue(Category.GREENERY)).then(IssueTriaged)


@pytest.mark.parametrize("category", [Category.LIFT_FAULT, Category.LIFT_TRAPPED], ids=lambda c: c.name)
@pytest.mark.parametrize("priority", [None, *Priority], ids=str)
def test_inv_12_unless_somebody_says_no_a_lift_holds_a_person(category: Category, priority: Priority | None) -> None:
    for answer in (None, True):
        assert settled(category, priority, answer) == (Category.LIFT_TRAPPED, Priority.P0)
    assert settled(category, priority, False) == (Category.LIFT_FAULT, priority or Priority.P2)


# -- becoming a work order ---------------------------------------------------------------------------------------


def test_promoting_settles_what_triage_left_open() -> None:
    noted().when(PromoteToWorkOrder(ORDER_ID, Category.PUBLIC_LIGHTING)).then(
        IssueTriaged(Category.PUBLIC_LIGHTING, Priority.P3, Part.COMMON, Responsibility.ESTATE_COMMON),
        IssuePromotedToWorkOrder(ORDER_ID),
    )
    noted().refused(PromoteToWorkOrder(ORDER_ID), "not_triaged")


def test_promoting_after_triage_keeps_what_was_settled() -> None:
    triaged = noted().when(replace(LAMP, priority=Priority.P2))
    triaged.when(PromoteToWorkOrder(ORDER_ID)).then(IssuePromotedToWorkOrder(ORDER_ID))


def test_inv_12_the_answer_about_a_lift_given_at_triage_holds_when_promoting() -> None:
    empty = noted().when(TriageIssue(Category.LIFT_FAULT, persons_inside=False))
    empty.when(PromoteToWorkOrder(ORDER_ID)).then(IssuePromotedToWorkOrder(ORDER_ID))
    trapped = noted().when(TriageIssue(Category.LIFT_FAULT), PromoteToWorkOrder(ORDER_ID))
    assert last(trapped.happened, IssueTriaged).priority is Priority.P0


def test_inv_12_a_lift_that_was_empty_at_triage_may_hold_somebody_now() -> None:
    empty = noted().when(TriageIssue(Category.LIFT_FAULT, persons_inside=False))
    for now in (
        PromoteToWorkOrder(ORDER_ID, Category.LIFT_TRAPPED),
        PromoteToWorkOrder(ORDER_ID, persons_inside=True),
    ):
        trapped = last(empty.when(now).happened, IssueTriaged)
        assert (trapped.category, trapped.priority) == (Category.LIFT_TRAPPED, Priority.P0)


def test_a_lift_that_turns_out_empty_when_promoting_is_no_emergency_any_more() -> None:
    trapped = noted().when(TriageIssue(Category.LIFT_FAULT))
    empty = last(trapped.when(PromoteToWorkOrder(ORDER_ID, persons_inside=False)).happened, IssueTriaged)
    assert (empty.category, empty.priority) == (Category.LIFT_FAULT, Priority.P2)


# -- emergencies -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("category", [Category.FIRE, Category.GAS_SMELL, Category.LIFT_TRAPPED], ids=lambda c: c.name)
def test_inv_11_an_emergency_is_neither_merged_nor_dropped_nor_talked_away(category: Category) -> None:
    urgent = noted().when(TriageIssue(category))
    for command in (MERGE, DROP, GiveAdvice("开窗通风")):
        urgent.refused(command, "emergency_first")
    urgent.when(PromoteToWorkOrder(ORDER_ID))


def test_inv_11_what_reads_like_danger_is_dealt_with_first() -> None:
    """Nobody has said yet what it is: it becomes a work order, or somebody sorts it as something else."""
    line = noted(replace(NOTE, danger=Category.FIRE))
    for command in (MERGE, DROP, GiveAdvice("开窗通风")):
        line.refused(command, "danger_first")
    line.when(LAMP).when(DROP)
    noted(replace(NOTE, danger=Category.FIRE)).when(PromoteToWorkOrder(ORDER_ID, Category.FIRE))


# -- answers -----------------------------------------------------------------------------------------------------


def test_inv_18_every_line_has_an_owner_from_the_first() -> None:
    line = noted().holds(lambda state: state.owner == CLERK)
    line.head().when(LAMP).holds(lambda state: state.owner == HEAD)
    for status, story in STATUSES.items():
        assert (story().state.owner is None) is (status is Status.UNNOTED)


def test_inv_19_a_merged_line_keeps_its_own_reporter_and_its_own_answer() -> None:
    merged = noted().when(MERGE).then(IssueMerged(OTHER_ISSUE))
    first = last(merged.happened, IssueNoted)
    assert (first.reporter, first.phone) == (NOTE.reporter, NOTE.phone)
    merged.holds(lambda state: not state.answered and state.owner == CLERK)
    merged.when(AnswerReporter("灯已修好")).then(ReporterAnswered("灯已修好")).holds(lambda state: state.answered)


def test_the_reporter_of_an_order_gets_an_answer_too() -> None:
    STATUSES[Status.PROMOTED]().when(AnswerReporter("灯已修好")).then(ReporterAnswered)
    noted().refused(AnswerReporter("灯已修好"), "status", status=Status.NOTED)


def test_advice_is_an_answer() -> None:
    noted().when(GiveAdvice("市政道路，已报街道")).then(AdviceGiven).holds(lambda state: state.answered)


@pytest.mark.parametrize("status", [Status.ADVISED, Status.MERGED, Status.DROPPED, Status.PROMOTED])
def test_what_was_dealt_with_is_not_dealt_with_again(status: Status) -> None:
    for command in (LAMP, MERGE, DROP, GiveAdvice("已报街道"), PromoteToWorkOrder(ORDER_ID)):
        STATUSES[status]().refused(command, "status", status=status)


# -- personal data -----------------------------------------------------------------------------------------------


def test_inv_63_looking_at_contact_data_is_on_record_with_its_reason() -> None:
    noted().steward(STEWARD).when(ViewContact("上门前联系")).then(ContactDataViewed("上门前联系"))
    noted().refused(ViewContact(" "), "blank_text", field="reason")


def test_inv_66_a_forgotten_case_is_closed_to_every_act() -> None:
    ground = ErasureGround.RESIDENT_ASKED
    gone = STATUSES[Status.PROMOTED]().when(ForgetCase(ground)).then(CaseForgotten(ground, ORDER_ID))
    gone.when(ForgetCase(ground)).then()
    for command in (ViewContact("回访"), AnswerReporter("好了"), AttachPhoto(PHOTO)):
        gone.refused(command, "case_forgotten")


def test_a_line_that_still_waits_is_not_forgotten() -> None:
    noted().refused(ForgetCase(ErasureGround.RESIDENT_ASKED), "status", status=Status.NOTED)
