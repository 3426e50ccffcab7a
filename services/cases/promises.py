"""How far an order is, and what was promised for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.cases.work_order import Counts, Late, Stage
from projections.cases.history import CaseHistory
from projections.cases.order_clock import counted, reading
from projections.cases.orders import OrderCard
from services.cases.acts import Offer
from services.cases.story import who_is
from services.console.render import Voice
from services.console.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Step:
    """``kind`` is ok, now, off or empty (to come)."""

    name: str
    kind: str
    when: str


@dataclass(frozen=True, slots=True)
class Promise:
    """One deadline: ``kind`` is that of its clock; ``used`` in per cent."""

    name: str
    rule: str
    kind: str
    word: str
    by: str
    used: int
    chip: bool = False


def steps_of(
    card: OrderCard,
    story: CaseHistory | None,
    viewer: Viewer,
    names: Mapping[UUID, str | None],
    main: str | None,
    offers: Mapping[str, Offer],
    voice: Voice,
) -> list[Step]:
    called = (
        [e.occurred_at for e in story.entries if e.event == "FollowUpRecorded" and e.facts.get("reached")]
        if story
        else []
    )
    stage = card.state.stage
    fresh = stage not in (Stage.FOLLOWED_UP, Stage.CLOSED)
    moments = {
        "accept": card.accepted_at,
        "dispatch": card.dispatched_at if card.state.steward else None,
        "arrive": card.arrived_at,
        "complete": card.completed_at if stage is not Stage.REWORK else None,
        "verify": card.verified_at if stage in (Stage.VERIFIED, Stage.FOLLOWED_UP, Stage.CLOSED) else None,
        "follow-up": None if fresh or not called else called[-1],
        "close": card.ended_at if stage is Stage.CLOSED else None,
    }
    steps: list[Step] = []
    waiting = stage not in (Stage.REJECTED, Stage.REFERRED, Stage.CANCELLED, Stage.WITHDRAWN, Stage.CLOSED)
    last_done = max((index for index, at in enumerate(moments.values()) if at is not None), default=-1)
    for index, (name, at) in enumerate(moments.items()):
        label = voice.say(f"step-{name}")
        if at is not None:
            steps.append(Step(label, "ok", voice.when(at)))
        elif index <= last_done:
            steps.append(Step(label, "skip", ""))
        elif waiting:
            waiting = False
            yours = main is not None and offers[main].open
            who = (
                who_is(card.state.steward, names, voice)
                if card.state.steward and card.lane in ("sent", "working", "held")
                else ""
            )
            steps.append(
                Step(
                    label,
                    "now",
                    voice.say("step-waiting-you")
                    if yours and not (who and not viewer.steward)
                    else voice.say("step-waiting", name=who)
                    if who
                    else "",
                )
            )
        else:
            steps.append(Step(label, "", ""))
    return steps


def promises_of(card: OrderCard, voice: Voice) -> list[Promise]:
    promised, state = card.deadlines, card.state
    rows = (
        ("accept", Counts.ACCEPT, promised.accept_by, card.accepted_at),
        ("dispatch", Counts.DISPATCH, promised.dispatch_by, card.dispatched_at if state.steward else None),
        ("arrive", Counts.ARRIVE, promised.arrive_by, card.arrived_at),
        ("fix", Counts.FIX, promised.fix_by, card.completed_at),
    )
    return [_promise(name, of, by, at, card, voice) for name, of, by, at in rows if by is not None]


def _promise(name: str, of: Counts, by: datetime, at: datetime | None, card: OrderCard, voice: Voice) -> Promise:
    """One deadline, by the reading that the card shows as well."""
    hours, found = counted(card), reading(card.state, by, voice.now, of, at)
    rule = voice.say("deadline-within", span=voice.span(found.whole, hours))
    label, word = voice.say(f"deadline-{name}"), voice.clock_word(found, hours)
    if at is not None:
        late = card.state.late(of)
        when = voice.when(at) if late is None else _both_times(late, voice)
        return Promise(label, rule, found.kind, word, when, found.share)
    if card.lane == "ended":
        return Promise(label, rule, "none", voice.say("deadline-open"), "", 0)
    if found.kind in ("paused", "overdue"):
        return Promise(label, rule, found.kind, word, "", found.share)
    by_text = voice.say("deadline-by", time=voice.when(by))
    if by == card.due:
        return Promise(label, rule, found.kind, "", by_text, found.share, chip=True)
    kind = "missed" if found.kind == "late" else "ok"
    return Promise(label, rule, kind, word, by_text, found.share)


def _both_times(late: Late, voice: Voice) -> str:
    """When it is said to have happened, when that was told, and who else vouches for it."""
    told = voice.say("told-late", time=voice.when(late.told.occurred_at), told=voice.when(late.told.recorded_at))
    if late.confirmed is None:
        return voice.say("deadline-told-late", told=told)
    return voice.say("deadline-vouched", told=told, who=voice.name(late.confirmed.acting_as))
