"""Every command has a form with words in both languages, and every event is told in words."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from domain.capacity import Capacity
from domain.cases import issue as issues
from domain.cases import work_order as orders
from domain.cases.category import Category, Priority
from domain.cases.issue import ISSUE
from domain.cases.work_order import WORK_ORDER, Stage, WorkOrder
from domain.refusal import Refusal
from services.cases.acts import ISSUE_ACTS, ORDER_ACTS, controls, filled, next_acts, order_offers
from services.cases.guess import category_of
from services.words.sentences import LANGUAGES, has

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def test_every_command_of_an_order_can_be_given_in_the_console() -> None:
    elsewhere = {orders.OpenWorkOrder, orders.ChargeRepair, orders.HandOverWorkOrder}  # promotion, the account, people
    assert set(ORDER_ACTS.values()) == set(WORK_ORDER.commands) - elsewhere


def test_every_command_of_an_issue_can_be_given_in_the_console() -> None:
    elsewhere = {issues.NoteIssue, issues.AttachPhoto, issues.PromoteToWorkOrder, issues.HandOverIssue}
    assert set(ISSUE.commands) - set(ISSUE_ACTS.values()) == elsewhere


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("act", "command"), [*ORDER_ACTS.items(), *ISSUE_ACTS.items()])
def test_every_act_and_its_fields_have_words(language: str, act: str, command: type) -> None:
    keys = [f"act-{act}", f"about-{act}"]
    for control in controls(command):
        keys.append(f"field-{control.name}")
        if control.kind == "text":
            keys.append(f"hint-{act}")
        if control.kind == "yes-no":
            keys += [f"yes-{control.name}", f"no-{control.name}"]
    assert [key for key in keys if not has(language, key)] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("event", [*ISSUE.events, *WORK_ORDER.events], ids=lambda event: event.__name__)
def test_every_event_is_told(language: str, event: type) -> None:
    assert has(language, f"told-{event.__name__}")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.UNOPENED])
def test_the_next_act_of_every_stage_says_why(language: str, stage: Stage) -> None:
    order = WorkOrder(stage=stage, estate="e", issue=uuid4(), promised_at=NOW, steward=uuid4(), suspended_at=NOW)
    offers = order_offers(order, uuid4(), Capacity.STATION_HEAD, NOW)
    main, second = next_acts(order, offers)
    for act in (main, second):
        assert act is None or has(language, f"bar-{act}") or has(language, f"why-{act}")


def test_what_cannot_be_chosen_is_refused_at_its_field() -> None:
    for form, field in (({"to": "MOON", "reason": "-"}, "to"), ({"reason": "-"}, "to")):
        with pytest.raises(Refusal) as refused:
            filled(orders.ReferWorkOrder, form)
        assert refused.value.facts["field"] == field


def test_a_promoted_line_keeps_the_answer_about_the_lift() -> None:
    inside = filled(ISSUE_ACTS["promote"], {"category": "LIFT_FAULT", "persons_inside": "false"})
    assert (inside.category, inside.persons_inside) == (Category.LIFT_FAULT, False)


@pytest.mark.parametrize(
    ("text", "category", "priority"),
    [
        ("3栋门口路灯不亮", Category.PUBLIC_LIGHTING, Priority.P3),
        ("电梯困人，一位老人", Category.LIFT_TRAPPED, Priority.P0),
        ("电梯异响", Category.LIFT_FAULT, Priority.P2),
        ("水管爆裂，漏到楼下", Category.PIPE_LEAK, Priority.P1),
        ("闻到燃气味", Category.GAS_SMELL, Priority.P0),
        ("street lamp out at building 3", Category.PUBLIC_LIGHTING, Priority.P3),
        ("随便说说", None, None),
    ],
)
def test_a_sentence_gives_away_what_it_is_about(
    text: str, category: Category | None, priority: Priority | None
) -> None:
    assert category_of(text) == (category, priority)


def test_nothing_is_offered_that_would_change_nothing() -> None:
    order = WorkOrder(stage=Stage.ACCEPTED, estate="e", issue=uuid4(), promised_at=NOW)
    offers = order_offers(order, uuid4(), Capacity.STATION_HEAD, NOW)
    assert "released" not in offers
    assert offers["dispatch"].open
