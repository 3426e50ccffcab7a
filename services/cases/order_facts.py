"""What an order page and a notebook line's page show: steps, clocks, the story in words, and what may be done next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from domain.calendar import SHANGHAI
from domain.cases import issue as issues
from domain.cases.category import USUAL, Category, Priority
from domain.cases.dispatch import Candidate, suggest
from domain.cases.issue import PhotoKind, Status
from domain.cases.work_order import ALLOWED, PauseTold, Stage, WithdrawWorkOrder
from domain.catalogue import may
from domain.estates.place import Part
from projections.cases import history, notebook, notebook_lists, orders
from projections.cases.history import CaseHistory
from projections.cases.loads import loads
from projections.cases.notebook import IssueLine
from projections.cases.order_clock import counted
from projections.cases.orders import OrderCard
from projections.cases.reckoning import paused
from projections.estates.estates import EstateRow
from projections.people import people
from projections.projection import Connection
from services.cases import guess, twins
from services.cases.acts import FINAL, Offer, issue_offers, next_acts, order_offers
from services.cases.promises import promises_of, steps_of
from services.cases.reporter import reporter_of
from services.cases.ringing import ringing
from services.cases.signs import CHANNEL_SIGNS, hours_text
from services.cases.story import by_day, names_of, pause_text, stories_of, story_entries, who_is
from services.console.amounts import costs_text
from services.console.render import Voice
from services.console.viewer import Viewer
from services.http.problems import detail, problem_of
from services.words.figures import shown

_OF_THEIR_OWN = ("view-contact", "answer", "remove-photo")  # given beside what they are about
_MOST_ALIKE, _MOST_OFFERED = 6, 9  # of what a line may be merged into

_SIGN_OF_ACT = {
    "accept": "check",
    "reject": "circle-x",
    "dispatch": "send",
    "recall": "arrow-back-up",
    "take": "hand-stop",
    "decline": "circle-x",
    "reassign": "switch-horizontal",
    "arrive": "map-pin",
    "no-access": "lock",
    "start": "player-play",
    "suspend": "player-pause",
    "prolong": "clock-plus",
    "undo-accept": "arrow-back-up",
    "withdraw": "arrow-back-up",
    "undo-promote": "arrow-back-up",
    "resume": "player-play",
    "complete": "check",
    "verify": "check",
    "reject-work": "repeat",
    "follow-up": "phone",
    "rate": "star",
    "close": "flag",
    "reopen": "repeat",
    "bring-back": "arrow-back-up",
    "call": "phone",
    "false-alarm": "circle-x",
    "released": "user-check",
    "promote": "list-details",
    "quote": "report-money",
    "quote-accepted": "check",
    "quote-declined": "circle-x",
    "confirm-time": "user-check",
}

USUAL_WAIT = timedelta(days=2)  # as the form of a pause proposes its end


@dataclass(frozen=True, slots=True)
class Dead:
    """The deadline that counts now, as the steward's phone shows it."""

    kind: str
    what: str
    rule: str
    by: str
    used: int


def sign_of(act: str) -> str:
    """The icon of an act."""
    return _SIGN_OF_ACT.get(act, "arrow-right")


def no_draft(act: str) -> Mapping[str, str]:
    return {}


def order_facts(
    conn: Connection, viewer: Viewer, estate: EstateRow, card: OrderCard, voice: Voice, asked: str = ""
) -> dict[str, Any]:
    """The context of the order page."""
    assert viewer.person is not None and viewer.capacity is not None
    line = notebook.line(conn, card.issue)
    merged = notebook.merged_into(conn, card.issue)
    story = history.of_case(conn, card.issue)
    squad = people.stewards(conn, card.estate, voice.now)
    everywhere = loads(conn, squad) if squad else {}
    names = names_of(conn, story, [card.state.steward, viewer.person], [each.person for each in squad])
    names |= {each.person: each.name for each in squad}
    offers = order_offers(card.state, viewer.person, viewer.capacity, voice.now)
    main, second = next_acts(card.state, offers)
    if main not in offers:
        main = None
    candidates = [
        Candidate(
            e.person,
            e.state.roles,
            frozenset(e.buildings(card.estate)),
            everywhere.get(e.person, 0),
            e.state.on_duty(card.estate, voice.now),
        )
        for e in squad
        if e.state.serves(card.estate, voice.now)
    ]
    category = card.state.category or Category.PUBLIC_LIGHTING
    near = ringing(conn, viewer, card.estate)
    return _shared(viewer, voice, line, merged, story, names, asked, stories_of(conn, merged)) | {
        "card": card,
        "merged": merged,
        "offers": offers,
        "rings": near.about(card.state.category, card.state.priority) if main or card.state.persons_inside else (),
        "enters": near.enters,
        "main": main,
        "second": second,
        "why": _why(main, offers, card, viewer, names, voice),
        "steps": steps_of(card, story, viewer, names, main, offers, voice),
        "clocks": promises_of(card, voice),
        "dead": _dead(card, voice) if card.due and card.lane in ("waiting", "sent", "working") else None,
        "hours_text": hours_text(counted(card), voice),
        "pause": _pause(card, voice),
        "paused_minutes": int(paused(card.state).total_seconds() // 60),
        "suggestions": suggest(category, card.building, candidates),
        "usual_role": USUAL[category].role,
        "present_steward": card.state.steward,
        "quotes": _quotes(card, voice),
        "free": card.state.part is Part.PRIVATE and card.state.begun and card.state.quote is None,
        "preset": _preset(card, voice.now),
        "similar": [],
        "photo_kind": PhotoKind.AFTER if card.state.begun else PhotoKind.BEFORE,
        "version": card.version,
        "base": f"/orders/{card.order}",
        "back": "/mine" if viewer.steward else f"/board/{card.estate}",
    }


def _quotes(card: OrderCard, voice: Voice) -> list[tuple[str, str, str, str]]:
    """What was quoted for work in the home: its standing, the word for it, its parts and their sum."""
    state = card.state
    found: list[tuple[str, str, str, str]] = []
    if state.quote is not None:
        standing = "charged" if state.charged else "agreed"
        found.append(
            (standing, voice.say(f"quote-{standing}"), costs_text(voice, state.quote), shown(state.quote.total))
        )
    if state.offered is not None:
        found.append(("open", voice.say("quote-open"), costs_text(voice, state.offered), shown(state.offered.total)))
    return found


def issue_facts(
    conn: Connection, viewer: Viewer, estate: EstateRow, line: IssueLine, voice: Voice, asked: str = ""
) -> dict[str, Any]:
    """The context of a notebook line's page."""
    assert viewer.person is not None and viewer.capacity is not None
    merged = notebook.merged_into(conn, line.issue)
    story = history.of_case(conn, line.issue)
    names = names_of(conn, story, [viewer.person], [])
    offers = issue_offers(line.state, viewer.person, viewer.capacity, voice.now)
    made = orders.card(conn, line.state.order) if line.state.order else None
    kept = _OF_THEIR_OWN if made is None or _untouched(made) else (*_OF_THEIR_OWN, "undo-promote")
    offers = {name: offer for name, offer in offers.items() if name not in kept}
    category, priority = guess.of_line(line)
    private = category is not None and USUAL[category].private
    waiting = line.state.status in (Status.NOTED, Status.TRIAGED)
    main = "promote" if waiting and "promote" in offers else None
    promote = offers.get("promote")
    near = ringing(conn, viewer, line.estate)
    return _shared(viewer, voice, line, merged, story, names, asked, stories_of(conn, merged)) | {
        "offers": offers,
        "merged": merged,
        "main": main,
        "second": "advise" if waiting else None,
        "rings": near.about(category, priority) if waiting and priority is Priority.P0 else (),
        "enters": near.enters,
        "why": _why_of(promote, viewer, voice, "promote") if main and promote else voice.say("why-ended"),
        "triaged": line.state.triage,
        "lift": category in (Category.LIFT_FAULT, Category.LIFT_TRAPPED),
        "order": line.state.order,
        "preset": {
            "category": category.value if category else None,
            "priority": priority.value if priority else None,
            "part": (Part.PRIVATE if private else Part.COMMON).value,
            "responsibility": "PRIVATE_PART" if private else "ESTATE_COMMON",
            "building": line.building or "",
            "stairwell": line.stairwell or "",
            "dwelling": line.dwelling or "",
        },
        "similar": _similar(conn, line, voice.now) if waiting else [],
        "photo_kind": PhotoKind.BEFORE,
        "suggestions": [],
        "usual_role": None,
        "present_steward": None,
        "version": line.version,
        "base": f"/issues/{line.issue}",
        "back": f"/notebook/{line.estate}" if viewer.steward else f"/board/{line.estate}",
    }


def _untouched(card: OrderCard) -> bool:
    """Whether the order may still be taken back."""
    return not card.state.touched and card.state.stage in ALLOWED[WithdrawWorkOrder]


def _shared(
    viewer: Viewer,
    voice: Voice,
    line: IssueLine | None,
    merged: Sequence[IssueLine],
    story: CaseHistory | None,
    names: Mapping[UUID, str | None],
    asked: str,
    of_line: Mapping[UUID, CaseHistory | None],
) -> dict[str, Any]:
    entries = story_entries(story, names, voice)
    lines = ([line] if line else []) + list(merged)
    reporters = [
        reporter_of(each, line, viewer, story if each is line else of_line.get(each.issue), voice) for each in lines
    ]
    may_attach = viewer.capacity is not None and may(viewer.capacity, issues.AttachPhoto)
    return {
        "line": line,
        "channel_sign": CHANNEL_SIGNS[line.channel] if line else "",
        "names": names,
        "days": by_day(entries, voice),
        "entries_total": len(entries),
        "reporters": reporters,
        "owed": [each for each in reporters if each.owed],
        "photos": _pictures(lines),
        "can_remove": viewer.capacity is not None and may(viewer.capacity, issues.RemovePhoto) and not viewer.past,
        "can_correct": viewer.capacity is not None and may(viewer.capacity, issues.CorrectPlace) and not viewer.past,
        "can_photo": line is not None and may_attach and not line.state.forgotten,
        "sign_of": sign_of,
        "final": FINAL,
        "asked": asked,
        "typed_of": no_draft,
        "errors_of": no_draft,
        "lift": False,
    }


def _similar(conn: Connection, line: IssueLine, now: datetime) -> list[twins.Twin]:
    """What this one may be merged into: what looks alike first, then the newest lines."""
    alike = twins.of_line(conn, line, now, _MOST_ALIKE)
    apart = {line.issue, *(each.issue for each in alike)}
    newest = notebook_lists.inbox(conn, line.estate, now, _MOST_OFFERED)
    others = twins.of_lines(each for each in newest if each.issue not in apart)
    return (alike + others)[:_MOST_OFFERED]


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo on the page, with the line that it belongs to; ``after`` shows the work done."""

    photo: UUID
    issue: UUID
    version: int
    number: str
    after: bool


def _pictures(lines: Sequence[IssueLine]) -> list[Picture]:
    """Those of the line and of all that were merged into it."""
    return [
        Picture(photo, each.issue, each.version, each.number[-4:], photo in each.state.after)
        for each in lines
        if not each.state.forgotten
        for photo in each.state.photos
    ]


# -- what comes next ---------------------------------------------------------------------------------------------


def _why(
    main: str | None,
    offers: Mapping[str, Offer],
    card: OrderCard,
    viewer: Viewer,
    names: Mapping[UUID, str | None],
    voice: Voice,
) -> str:
    if main is None:
        return voice.say("next-closed")
    name = who_is(card.state.steward, names, voice) if card.state.steward else ""
    own = viewer.person == card.state.steward and main in ("take", "arrive")
    key = f"{main}-own" if own else "start-rework" if main == "start" and card.state.stage is Stage.REWORK else main
    return _why_of(offers[main], viewer, voice, key, name=name)


def _why_of(offer: Offer, viewer: Viewer, voice: Voice, key: str, **facts: str) -> str:
    """Why the act may be done, or who may do it, or which rule forbids it."""
    if offer.powers:
        capacities = voice.say("list-comma").join(voice.name(each) for each in offer.powers)
        return voice.say("why-powers", capacities=capacities, capacity=voice.name(viewer.capacity))
    if offer.refusal is not None:
        return detail(voice.language, problem_of(offer.refusal))
    return voice.say(f"why-{key}", **facts)


def _dead(card: OrderCard, voice: Voice) -> Dead:
    assert card.due is not None
    found = voice.clock(card)
    rule = voice.say("deadline-within", span=voice.span(found.whole, counted(card)))
    by = voice.say("deadline-by", time=voice.when(card.due))
    return Dead(found.kind, voice.say(f"dead-{card.lane}"), rule, by, found.share)


def _pause(card: OrderCard, voice: Voice) -> str:
    """What an order waits for that is suspended, as far as it was said."""
    state = card.state
    if state.pause_until is None or card.hold_cause is None or state.pause_tell is None:
        return ""
    text = pause_text(voice, card.hold_cause.value, state.pause_until.isoformat(), state.pause_tell.value)
    return voice.say("pause-over" if voice.now >= state.pause_until else "pause-now", text=text)


def _preset(card: OrderCard, now: datetime) -> dict[str, str]:
    """What stands in the forms beforehand."""
    fix_by = {"fix_by": _form_time(card.state.fix_by)} if card.state.fix_by else {}
    since = max(now, card.state.pause_until or now)
    evening = since.astimezone(SHANGHAI).replace(hour=18, minute=0) + USUAL_WAIT
    return {"until": _form_time(evening), "tell": PauseTold.DESK.value} | fix_by


def _form_time(moment: datetime | None) -> str:
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M") if moment else ""
