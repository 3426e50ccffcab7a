"""What the station board shows, gathered from the views for one viewer at one moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from markupsafe import Markup

from domain.calendar import ServiceHours, local_date
from domain.cases import issue as issues
from domain.cases.category import USUAL, Category, Priority
from domain.cases.dispatch import Suggestion
from domain.cases.issue import Channel
from domain.cases.work_order import Stage
from domain.catalogue import may
from domain.people.person import StewardRole
from projections.cases import notebook_lists, order_lists, station_board
from projections.cases.notebook import IssueLine
from projections.cases.notebook_lists import ALL_LINES, LinesOnly
from projections.cases.order_clock import clock
from projections.cases.order_lists import EVERYTHING, Only
from projections.cases.orders import OrderCard
from projections.cases.station_board import SHOWN, Board
from projections.estates.estates import EstateRow
from projections.people import people
from projections.projection import Connection
from services.cases import guess
from services.cases.danger import first_of
from services.cases.ringing import ringing
from services.cases.signs import CHANNEL_SIGNS, hours_text
from services.console.render import Voice, card_html
from services.console.viewer import Viewer

SHOWS = ("all", "soon", "urgent", "mine")


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
    hidden: int


def facts(conn: Connection, viewer: Viewer, estate: EstateRow, voice: Voice, show: str, wall: bool) -> dict[str, Any]:
    """The context of the board's templates."""
    only, lines_only = _narrowed(show, viewer)
    found = station_board.board(conn, estate.code, voice.now, SHOWN, only, lines_only)
    alarms: list[OrderCard] = []
    if burning := found.tally.of("alarms"):  # shown whatever the board is narrowed to
        alarms = order_lists.listed(conn, estate.code, "alarms", voice.now, burning)
    lanes = [
        DrawnLane(
            lane.name,
            [DrawnCard(card.order, _card(card, found, viewer, voice, wall)) for card in lane.cards],
            lane.total,
            lane.late,
            lane.total - len(lane.cards),
            lane.hidden,
        )
        for lane in found.lanes
    ]
    notes = [_note(line, found) for line in found.inbox]
    notes.sort(key=lambda note: not note.urgent)  # danger to life first, then the newest
    return {
        "estate": estate.code,
        "community": estate.community,
        "board": found,
        "lanes": lanes,
        "notes": notes,
        "more": {"inbox": found.inbox_total - len(notes)},
        "dangers": [note for note in notes if note.urgent],
        "danger_first": first_of,
        "ringing": ringing(conn, viewer, estate.code, wall=wall),
        "alarms": alarms,
        "names": found.names
        | people.named(conn, {c.state.steward for c in alarms if c.state.steward} - set(found.names)),
        "show": show,
        "wall": wall,
        "can_note": viewer.capacity is not None
        and may(viewer.capacity, issues.NoteIssue)
        and not wall
        and not viewer.past,
        "channels": list(Channel),
        "categories": list(Category),
        "counts": _counts(conn, estate.code, voice, found),
        "hidden": found.inbox_hidden + sum(lane.hidden for lane in found.lanes),
        "narrowed": _QUERY.get(show, ("", ""))[0],
        "lines_narrowed": _QUERY.get(show, ("", ""))[1],
        "in_hand": found.tally.of("in-hand"),
        "pauses_over": found.tally.of("pause-over"),
        "late_orders": {
            card.order for each in found.stewards for card in each.orders if clock(card, voice.now).kind == "late"
        },
        "hours_text": hours_text(estate.state.hours_on(local_date(voice.now)) or ServiceHours(), voice),
        "name_of_act": lambda act: voice.say(f"act-{act}"),
    }


_QUERY = {"soon": ("&state=soon", "&soon=1"), "urgent": ("&state=urgent", "&urgent=1"), "mine": ("&mine=1", "&mine=1")}


_NARROWED = {
    "all": (EVERYTHING, ALL_LINES),
    "soon": (Only(state="soon"), LinesOnly(soon=True)),
    "urgent": (Only(state="urgent"), LinesOnly(urgent=True)),
}


def _narrowed(show: str, viewer: Viewer) -> tuple[Only, LinesOnly]:
    """What the board is narrowed to: orders, and lines."""
    if show == "mine":
        return Only(mine=viewer.person), LinesOnly(mine=viewer.person)
    return _NARROWED.get(show, _NARROWED["all"])


def _counts(conn: Connection, estate: str, voice: Voice, found: Board) -> dict[str, int]:
    """How much each choice would show that is the same for everybody: orders that have not ended, lines that wait."""
    counts = {}
    for show, (only, lines) in _NARROWED.items():
        counts[show] = found.tally.of(only.state or "all") + notebook_lists.size(
            conn, estate, "waiting", voice.now, lines
        )
    return counts


def own_share(conn: Connection, estate: str, viewer: Viewer, voice: Voice) -> int:
    """How many of them are the viewer's own."""
    only, lines = _narrowed("mine", viewer)
    orders = order_lists.sizes(conn, estate, ("open",), voice.now, only)["open"]
    return orders + notebook_lists.size(conn, estate, "waiting", voice.now, lines)


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
    place = (card.building, card.stairwell, card.dwelling)  # may be put right without a new version of the order
    depends = (wall, *place, context["me_too"], context["tag"], suggestion, suggested, context["steward_name"])
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
    if not suggestion.on_duty:
        return voice.say("why-off-duty", n=suggestion.load)
    return voice.say("why-linked-load" if suggestion.linked else "why-load", n=suggestion.load)


def _tag(card: OrderCard, voice: Voice) -> str:
    """One thing worth knowing about a card, if there is any."""
    if card.state.stage in (Stage.REWORK, Stage.COMPLETED, Stage.VERIFIED, Stage.FOLLOWED_UP):
        return voice.say(f"tag-{card.state.stage.value}")
    return voice.say("persons-inside") if card.state.persons_inside else ""


def _note(line: IssueLine, board: Board) -> NoteCard:
    category, priority = guess.of_line(line)
    return NoteCard(line, category, priority, guess.twin(line, board.inbox), CHANNEL_SIGNS[line.channel])
