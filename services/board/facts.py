"""What the station board shows, gathered from the views for one viewer at one moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from markupsafe import Markup

from domain.calendar import ServiceHours
from domain.cases import issue as issues
from domain.cases.category import USUAL, Category, Priority
from domain.cases.dispatch import Suggestion
from domain.cases.issue import Channel
from domain.cases.work_order import Stage
from domain.catalogue import may
from domain.people.person import StewardRole
from projections.cases import station_board
from projections.cases.notebook import IssueLine
from projections.cases.order_clock import clock
from projections.cases.orders import OrderCard
from projections.cases.station_board import SHOWN, Board
from projections.estates.estates import EstateRow
from projections.projection import Connection
from services.cases import guess
from services.cases.signs import CHANNEL_SIGNS, hours_text
from services.console.render import Viewer, Voice, card_html

SHOWS = ("all", "soon", "urgent", "mine")
_MANY = 500  # cards looked through when a filter is on


@dataclass(frozen=True, slots=True)
class NoteCard:
    """A notebook line with what can be guessed about it. ``lift``: first ask whether anybody is inside."""

    line: IssueLine
    category: Category | None
    priority: Priority | None
    twin: IssueLine | None
    sign: str

    @property
    def lift(self) -> bool:
        return self.category is Category.LIFT_FAULT and self.line.state.triage is None

    @property
    def urgent(self) -> bool:
        return self.priority is Priority.P0


@dataclass(frozen=True, slots=True)
class DrawnCard:
    order: UUID
    html: Markup


@dataclass(frozen=True, slots=True)
class DrawnLane:
    name: str
    cards: Sequence[DrawnCard]
    total: int
    late: int
    more: int


def facts(conn: Connection, viewer: Viewer, estate: EstateRow, voice: Voice, show: str, wall: bool) -> dict[str, Any]:
    """The context of the board's templates."""
    found = station_board.board(conn, estate.code, voice.now, SHOWN if show == "all" else _MANY)
    everything = [card for lane in found.lanes for card in lane.cards]
    kinds = {card.order: clock(card, voice.now).kind for card in everything}
    wanted = _filter(show, viewer, kinds)
    lanes = [
        _lane(lane, [card for card in lane.cards if wanted(card)], kinds, found, viewer, voice, wall, show)
        for lane in found.lanes
    ]
    notes = [_note(line, found) for line in found.inbox]
    notes.sort(key=lambda note: not note.urgent)  # danger to life first, then the newest
    dangers = sum(note.urgent for note in notes)
    if show != "all":
        notes = [note for note in notes if note.urgent or (show == "urgent" and note.priority is Priority.P1)]
    open_p0 = ("waiting", "sent", "working")
    alarms = [c for c in everything if c.state.priority is Priority.P0 and c.lane in open_p0]
    return {
        "estate": estate.code,
        "community": estate.community,
        "board": found,
        "lanes": lanes,
        "notes": notes[: max(SHOWN, sum(note.urgent for note in notes))],
        "more": {"inbox": max(found.inbox_total - len(notes), 0) if show == "all" else 0},
        "dangers": [note for note in notes if note.urgent],
        "alarms": alarms,
        "names": found.names,
        "show": show,
        "wall": wall,
        "can_note": viewer.capacity is not None
        and may(viewer.capacity, issues.NoteIssue)
        and not wall
        and not viewer.past,
        "channels": list(Channel),
        "categories": list(Category),
        "counts": {
            "soon": sum(kind in ("soon", "late") for kind in kinds.values()),
            "urgent": sum(card.state.priority in (Priority.P0, Priority.P1) for card in everything) + dangers,
        },
        "in_hand": sum(each.total for each in found.stewards),
        "late_orders": {
            card.order for each in found.stewards for card in each.orders if clock(card, voice.now).kind == "late"
        },
        "hours_text": hours_text(estate.state.hours or ServiceHours(), voice),
        "name_of_act": lambda act: voice.say(f"act-{act}"),
    }


def _filter(show: str, viewer: Viewer, kinds: dict[UUID, str]) -> Any:
    match show:
        case "soon":
            return lambda card: kinds[card.order] in ("soon", "late")
        case "urgent":
            return lambda card: card.state.priority in (Priority.P0, Priority.P1)
        case "mine":
            return lambda card: viewer.person in (card.state.owner, card.state.steward)
    return lambda card: True


def _lane(
    lane: station_board.Lane,
    cards: list[OrderCard],
    kinds: dict[UUID, str],
    board: Board,
    viewer: Viewer,
    voice: Voice,
    wall: bool,
    show: str,
) -> DrawnLane:
    total = lane.total if show == "all" else len(cards)
    drawn = [DrawnCard(card.order, _card(card, board, viewer, voice, wall)) for card in cards[:SHOWN]]
    late = sum(kinds[card.order] == "late" for card in cards)
    return DrawnLane(lane.name, drawn, total, late, max(total - len(drawn), 0))


def _card(card: OrderCard, board: Board, viewer: Viewer, voice: Voice, wall: bool) -> Markup:
    suggestion = _suggestion(card, board) if viewer.acts else None
    name = board.names.get(card.state.steward) if card.state.steward else None
    suggested = (board.names.get(suggestion.steward) or "") if suggestion else ""
    context: dict[str, Any] = {
        "wall": wall,
        "me_too": board.me_too.get(card.issue, 0),
        "tag": _tag(card, voice),
        "suggestion": suggestion,
        "suggestion_name": suggested,
        "suggestion_why": why_suggested(suggestion, card.state.category, voice) if suggestion else "",
        "steward_name": (name or voice.say("person-forgotten")) if card.state.steward else None,
        "name_of_act": lambda act: voice.say(f"act-{act}"),
    }
    depends = (wall, context["me_too"], context["tag"], suggestion, suggested, context["steward_name"])
    return card_html(card, viewer, voice, depends, context)


def _suggestion(card: OrderCard, board: Board) -> Suggestion | None:
    if card.state.stage is not Stage.ACCEPTED or card.state.category is None:
        return None
    found = station_board.suggestions(board, card.state.category, card.building)
    return found[0] if found else None


def why_suggested(suggestion: Suggestion, category: Category | None, voice: Voice) -> str:
    """The reason for a suggestion in words."""
    role: StewardRole | None = USUAL[category].role if category else None
    if not suggestion.fitting and role is not None:
        return voice.say("why-role", role=voice.name(role))
    return voice.say("why-linked-load" if suggestion.linked else "why-load", n=suggestion.load)


def _tag(card: OrderCard, voice: Voice) -> str:
    """One thing worth knowing about a card, if there is any."""
    if card.state.stage in (Stage.REWORK, Stage.COMPLETED, Stage.VERIFIED, Stage.FOLLOWED_UP):
        return voice.say(f"tag-{card.state.stage.value}")
    return voice.say("persons-inside") if card.state.persons_inside else ""


def _note(line: IssueLine, board: Board) -> NoteCard:
    category, priority = guess.of_line(line)
    return NoteCard(line, category, priority, guess.twin(line, board.inbox), CHANNEL_SIGNS[line.channel])
