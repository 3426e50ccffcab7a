"""The station board (看板): what burns, what is next, and who has how much in hand, for one estate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.cases.category import Category
from domain.cases.dispatch import Candidate, Suggestion, suggest
from projections.cases import notebook, order_counts, orders
from projections.cases.notebook import IssueLine
from projections.cases.order_counts import Completed, Count
from projections.cases.orders import OrderCard
from projections.people import people
from projections.people.people import PersonRow
from projections.projection import Connection

FIGURE_DAYS = 7  # over which promptness is told
RUNNING = ("sent", "working")  # a steward's lanes in which the clock runs
SHOWN = 20  # cards a lane shows before it says how many more there are


@dataclass(frozen=True, slots=True)
class Lane:
    """The first cards of a lane, most urgent first, and how many there are in all."""

    name: str
    cards: list[OrderCard]
    total: int


@dataclass(frozen=True, slots=True)
class StewardLoad:
    """A steward of the estate: the first orders in hand, most urgent first, and how many there are in all."""

    person: PersonRow
    orders: list[OrderCard]
    total: int
    late: int


@dataclass(frozen=True, slots=True)
class StationFigures:
    """Counts of the day; ``on_time`` is per mille over the last seven days, ``None`` without a completed order."""

    waiting: int
    under_way: int
    due_today: int
    overdue: int
    done_today: int
    on_time: int | None


@dataclass(frozen=True, slots=True)
class Board:
    estate: str
    inbox: list[IssueLine]
    inbox_total: int
    lanes: list[Lane]
    stewards: list[StewardLoad]
    figures: StationFigures
    me_too: dict[UUID, int]  # issues of shown orders that others reported as well
    names: dict[UUID, str | None]


def board(conn: Connection, estate: str, now: datetime, shown: int = SHOWN) -> Board:
    """The board of one estate as its views stand, at most ``shown`` cards a lane."""
    counts = order_counts.counted(conn, estate, now)
    sizes = order_counts.lane_sizes(counts)
    lanes = [
        Lane(name, orders.in_lane(conn, estate, name, shown) if size else [], size) for name, size in sizes.items()
    ]
    cards = [card for lane in lanes for card in lane.cards]
    lines = notebook.of_issues(conn, [card.issue for card in cards]) if cards else {}
    stewards = _squad(conn, estate, now, counts)
    names: dict[UUID, str | None] = {each.person.person: each.person.name for each in stewards}
    absent = {card.state.steward for card in cards if card.state.steward and card.state.steward not in names}
    return Board(
        estate=estate,
        inbox=notebook.inbox(conn, estate, shown),
        inbox_total=notebook.inbox_size(conn, estate),
        lanes=lanes,
        stewards=stewards,
        figures=_figures(counts, sizes, order_counts.completed(conn, estate, now, FIGURE_DAYS)),
        me_too={issue: line.me_too for issue, line in lines.items() if line.me_too},
        names=names | (people.named(conn, absent) if absent else {}),
    )


def squad(conn: Connection, estate: str, now: datetime) -> list[StewardLoad]:
    """The Red Stewards of the estate and what each has in hand."""
    return _squad(conn, estate, now, order_counts.counted(conn, estate, now))


def _squad(conn: Connection, estate: str, now: datetime, counts: Sequence[Count]) -> list[StewardLoad]:
    found = people.stewards(conn, estate, now)
    first = orders.first_in_hand(conn, estate, [each.person for each in found]) if found else {}
    loads = order_counts.loads(counts)
    return [
        StewardLoad(
            person=each,
            orders=first.get(each.person, []),
            total=loads.get(each.person, 0),
            late=sum(c.overdue for c in counts if c.steward == each.person and c.lane in RUNNING),
        )
        for each in found
    ]


def _figures(counts: Sequence[Count], sizes: dict[str, int], done: Completed) -> StationFigures:
    running = [each for each in counts if each.lane == "waiting" or each.lane in RUNNING]
    return StationFigures(
        waiting=sizes["waiting"],
        under_way=sizes["sent"] + sizes["working"],
        due_today=sum(each.due_today for each in running),
        overdue=sum(each.overdue for each in running),
        done_today=done.today,
        on_time=done.kept * 1000 // done.promised if done.promised else None,
    )


def suggestions(board: Board, category: Category, building: str | None) -> list[Suggestion]:
    """Whom to send, best first, from the stewards on the board."""
    return ranked(board.stewards, board.estate, category, building)


def ranked(stewards: Sequence[StewardLoad], estate: str, category: Category, building: str | None) -> list[Suggestion]:
    """Whom of these to send for such a thing at this building, best first."""
    candidates = [
        Candidate(each.person.person, each.person.state.roles, frozenset(each.person.buildings(estate)), each.total)
        for each in stewards
    ]
    return list(suggest(category, building, candidates))
