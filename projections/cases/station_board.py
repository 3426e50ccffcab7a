"""The station board (看板): what burns, what is next, and who has how much in hand, for one estate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.cases.category import Category
from domain.cases.dispatch import Candidate, Suggestion, suggest
from projections.cases import notebook, notebook_lists, order_lists, orders
from projections.cases.loads import loads
from projections.cases.notebook import IssueLine
from projections.cases.notebook_lists import LinesOnly
from projections.cases.order_lists import EVERYTHING, OPEN, Only, Tally
from projections.cases.orders import OrderCard
from projections.people import people
from projections.people.people import PersonRow
from projections.projection import Connection

SHOWN = 20  # cards a lane shows before it says how many more there are


@dataclass(frozen=True, slots=True)
class Lane:
    """The first cards of a lane, most urgent first, how many there are in all, and how many of those are overdue."""

    name: str
    cards: list[OrderCard]
    total: int
    late: int
    hidden: int  # by what the board is narrowed to


@dataclass(frozen=True, slots=True)
class StewardLoad:
    """A steward of the estate: the first orders in hand, most urgent first, and how many there are in all."""

    person: PersonRow
    orders: list[OrderCard]
    total: int
    late: int
    everywhere: int = 0  # orders in hand in all estates
    serves: bool = True  # there to be sent: neither disabled nor away
    on_duty: bool = True  # a planned shift lasts, or none is planned


@dataclass(frozen=True, slots=True)
class StationFigures:
    """Lengths of lists. ``on_time`` is per mille, ``None`` where no promise was kept or missed of late.

    ``promised`` orders are those that kept their promise within the last seven days, and the ``missed``: done late or
    ended undone when overdue within these days, or overdue and still open, however long since.
    """

    waiting: int
    under_way: int
    due_today: int
    overdue: int
    done_today: int
    on_time: int | None
    promised: int
    missed: int


@dataclass(frozen=True, slots=True)
class Board:
    estate: str
    inbox: list[IssueLine]
    inbox_total: int
    inbox_hidden: int
    inbox_late: int
    lanes: list[Lane]
    stewards: list[StewardLoad]
    tally: Tally
    figures: StationFigures
    me_too: dict[UUID, int]  # issues of shown orders that others reported as well
    names: dict[UUID, str | None]


def board(
    conn: Connection,
    estate: str,
    now: datetime,
    shown: int = SHOWN,
    only: Only = EVERYTHING,
    lines_only: LinesOnly | None = None,
) -> Board:
    """The board of one estate as its views stand, at most ``shown`` cards a lane, narrowed where it is asked for."""
    everything = order_lists.tally(conn, estate, now)
    counted = everything if only.nothing else order_lists.tally(conn, estate, now, only)
    lanes = [_lane(conn, estate, now, shown, only, counted, everything, name) for name in OPEN]
    cards = [card for lane in lanes for card in lane.cards]
    lines = notebook.of_issues(conn, [card.issue for card in cards]) if cards else {}
    stewards = _squad(conn, estate, now, everything)
    names: dict[UUID, str | None] = {each.person.person: each.person.name for each in stewards}
    absent = {card.state.steward for card in cards if card.state.steward and card.state.steward not in names}
    waiting = notebook_lists.size(conn, estate, "waiting", now)
    seen = waiting if lines_only is None else notebook_lists.size(conn, estate, "waiting", now, lines_only)
    return Board(
        estate=estate,
        inbox=notebook_lists.inbox(conn, estate, now, shown, lines_only),
        inbox_total=seen,
        inbox_hidden=waiting - seen,
        inbox_late=notebook_lists.size(conn, estate, "late", now),
        lanes=lanes,
        stewards=stewards,
        tally=everything,
        figures=_figures(conn, estate, now, everything),
        me_too={issue: line.me_too for issue, line in lines.items() if line.me_too},
        names=names | (people.named(conn, absent) if absent else {}),
    )


def _lane(
    conn: Connection, estate: str, now: datetime, shown: int, only: Only, counted: Tally, everything: Tally, name: str
) -> Lane:
    total = counted.of("all", lane=name)
    cards = order_lists.listed(conn, estate, name, now, shown, only=only) if total else []
    return Lane(name, cards, total, counted.of("overdue", lane=name), everything.of("all", lane=name) - total)


def squad(conn: Connection, estate: str, now: datetime) -> list[StewardLoad]:
    """The Red Stewards of the estate and what each has in hand."""
    return _squad(conn, estate, now, order_lists.tally(conn, estate, now))


def _squad(conn: Connection, estate: str, now: datetime, counted: Tally) -> list[StewardLoad]:
    found = people.stewards(conn, estate, now)
    first = orders.first_in_hand(conn, estate, [each.person for each in found]) if found else {}
    everywhere = loads(conn, found) if found else {}
    return [
        StewardLoad(
            person=each,
            orders=first.get(each.person, []),
            total=counted.of("in-hand", steward=each.person),
            late=counted.of("overdue", steward=each.person),
            everywhere=everywhere.get(each.person, 0),
            serves=each.state.serves(estate, now),
            on_duty=each.state.on_duty(estate, now),
        )
        for each in found
    ]


def _figures(conn: Connection, estate: str, now: datetime, counted: Tally) -> StationFigures:
    over = order_lists.sizes(conn, estate, ("done-today", "kept", "missed"), now)
    promised = over["kept"] + over["missed"]
    return StationFigures(
        waiting=counted.of("all", lane="waiting"),
        under_way=counted.of("under-way"),
        due_today=counted.of("due-today"),
        overdue=counted.of("overdue"),
        done_today=over["done-today"],
        on_time=over["kept"] * 1000 // promised if promised else None,
        promised=promised,
        missed=over["missed"],
    )


def suggestions(board: Board, category: Category, building: str | None) -> list[Suggestion]:
    """Whom to send, best first, from the stewards on the board."""
    return ranked(board.stewards, board.estate, category, building)


def ranked(stewards: Sequence[StewardLoad], estate: str, category: Category, building: str | None) -> list[Suggestion]:
    """Whom of these to send for such a thing at this building, best first."""
    candidates = [
        Candidate(
            each.person.person,
            each.person.state.roles,
            frozenset(each.person.buildings(estate)),
            each.everywhere,
            each.on_duty,
        )
        for each in stewards
        if each.serves
    ]
    return list(suggest(category, building, candidates))
