"""The station board (看板): what burns, what is next, and who has how much in hand, for one estate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from domain.calendar import local_date
from domain.category import Category
from domain.dispatch import Candidate, Suggestion, suggest
from projections import notebook, orders, people
from projections.notebook import IssueLine
from projections.orders import LANES, OrderCard
from projections.people import PersonRow
from projections.projection import Connection

SHOWN = 20  # cards a lane shows before it says how many more there are


@dataclass(frozen=True, slots=True)
class Lane:
    """The first cards of a lane, most urgent first, and how many there are in all."""

    name: str
    cards: list[OrderCard]
    total: int


@dataclass(frozen=True, slots=True)
class StewardLoad:
    """A steward of the estate and the orders in hand, most urgent first."""

    person: PersonRow
    orders: list[OrderCard]


@dataclass(frozen=True, slots=True)
class Figures:
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
    figures: Figures
    me_too: dict[UUID, int]  # issues of shown orders that others reported as well
    names: dict[UUID, str | None]


def board(conn: Connection, estate: str, now: datetime, shown: int = SHOWN) -> Board:
    """The board of one estate as its views stand, at most ``shown`` cards a lane."""
    sizes = orders.lane_sizes(conn, estate)
    lanes = [
        Lane(name, orders.in_lane(conn, estate, name, shown) if sizes[name] else [], sizes[name])
        for name in LANES
        if name != "ended"
    ]
    cards = [card for lane in lanes for card in lane.cards]
    lines = notebook.of_issues(conn, [card.issue for card in cards]) if cards else {}
    stewards = squad(conn, estate, now)
    names: dict[UUID, str | None] = {each.person.person: each.person.name for each in stewards}
    absent = {card.state.steward for card in cards if card.state.steward and card.state.steward not in names}
    return Board(
        estate=estate,
        inbox=notebook.inbox(conn, estate, shown),
        inbox_total=notebook.inbox_size(conn, estate),
        lanes=lanes,
        stewards=stewards,
        figures=figures(conn, estate, now, sizes),
        me_too={issue: line.me_too for issue, line in lines.items() if line.me_too},
        names=names | (people.named(conn, absent) if absent else {}),
    )


def squad(conn: Connection, estate: str, now: datetime) -> list[StewardLoad]:
    """The Red Stewards of the estate and what each has in hand."""
    in_hand = orders.loads(conn, estate)
    return [StewardLoad(person, in_hand.get(person.person, [])) for person in people.stewards(conn, estate, now)]


def figures(conn: Connection, estate: str, now: datetime, sizes: dict[str, int]) -> Figures:
    """The counts above the board."""
    today = local_date(now)
    found = conn.execute(
        "SELECT count(*) FILTER (WHERE (body->>'due')::timestamptz >= %(now)s"
        "   AND ((body->>'due')::timestamptz AT TIME ZONE 'Asia/Shanghai')::date = %(today)s),"
        " count(*) FILTER (WHERE (body->>'due')::timestamptz < %(now)s)"
        " FROM view.orders WHERE body->>'estate' = %(estate)s AND body->>'lane' = ANY(%(lanes)s)",
        {"now": now, "today": today, "estate": estate, "lanes": ["waiting", "sent", "working"]},
    ).fetchone()
    due_today, overdue = found or (0, 0)
    done = conn.execute(
        "SELECT count(*) FILTER (WHERE (done AT TIME ZONE 'Asia/Shanghai')::date = %(today)s),"
        " count(*) FILTER (WHERE on_time), count(*) FILTER (WHERE on_time IS NOT NULL)"
        " FROM (SELECT (body->>'completed_at')::timestamptz AS done, (body->>'on_time')::boolean AS on_time"
        "   FROM view.orders WHERE body->>'estate' = %(estate)s"
        "   AND body->>'completed_at' IS NOT NULL) AS completed WHERE done >= %(since)s",
        {"today": today, "estate": estate, "since": now - timedelta(days=7)},
    ).fetchone()
    done_today, kept, promised = done or (0, 0, 0)
    return Figures(
        waiting=sizes["waiting"],
        under_way=sizes["sent"] + sizes["working"],
        due_today=due_today,
        overdue=overdue,
        done_today=done_today,
        on_time=kept * 1000 // promised if promised else None,
    )


def suggestions(board: Board, category: Category, building: str | None) -> list[Suggestion]:
    """Whom to send, best first, from the stewards on the board."""
    return ranked(board.stewards, board.estate, category, building)


def ranked(stewards: Sequence[StewardLoad], estate: str, category: Category, building: str | None) -> list[Suggestion]:
    """Whom of these to send for such a thing at this building, best first."""
    candidates = [
        Candidate(
            each.person.person, each.person.state.roles, frozenset(each.person.buildings(estate)), len(each.orders)
        )
        for each in stewards
    ]
    return list(suggest(category, building, candidates))
