"""The trail's lines: each event that a figure of a period is counted from, or that others must be able to see.

A line names no person by name and holds nothing that somebody wrote. Lines of the installation itself, of accounts and
of people without a post belong to no estate; ``NOWHERE`` stands for it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from psycopg.sql import SQL

from domain.access.account import ACCOUNT
from domain.access.installation import INSTALLATION
from domain.access.reading import ContactsRead, DataTaken
from domain.calendar import SHANGHAI
from domain.capacity import Capacity
from domain.cases import issue as issues
from domain.cases import work_order as orders
from domain.catalogue import ERASURES, EVENTS
from domain.fees import fee_account as fees
from domain.people import person as people
from domain.recorded import Recorded
from domain.register import dwelling as dwellings
from domain.register import owner as owners
from domain.trail.going_on import GoingOnConfirmed, GoingOnProposed
from domain.trail.witnessing import WitnessPolicyAdopted
from domain.words import is_personal
from projections.projection import Connection, View, select, shown

LATE = timedelta(minutes=2)  # recorded so much after it happened is a late entry
NOWHERE = "-"


class LineKind(Enum):
    """What a line counts for, or is listed under."""

    NOTED = "NOTED"
    OPENED = "OPENED"
    ARRIVED = "ARRIVED"
    COMPLETED = "COMPLETED"
    RATED = "RATED"
    CHARGED = "CHARGED"
    PAID = "PAID"
    PAID_BACK = "PAID_BACK"
    CORRECTED = "CORRECTED"
    READ = "READ"
    TAKEN = "TAKEN"
    ACCOUNT = "ACCOUNT"
    POST = "POST"
    MACHINE = "MACHINE"
    FORGOTTEN = "FORGOTTEN"
    LATE = "LATE"  # that a time counts from when it was told


_CORRECTIONS = (
    issues.PlaceCorrected, issues.ReporterCorrected, issues.MergeUndone, issues.DropUndone, issues.PromotionUndone,
    issues.PhotoRemoved, orders.AcceptanceUndone, orders.DispatchRecalled, orders.WorkOrderBroughtBack,
    orders.WorkOrderWithdrawn, orders.PriorityChanged, orders.DeadlineExtended, fees.BillVoided, fees.PaymentReversed,
    fees.InvoiceReversed, fees.InvoiceRequestWithdrawn, owners.OwnerContactCorrected, dwellings.DwellingAreasCorrected,
    dwellings.OwnershipWithdrawn, dwellings.DwellingWithdrawn,
)  # fmt: skip
_POSTS = (
    people.StationStaffAppointed, people.StationStaffRelieved, people.StewardEnrolled, people.StewardAttachedToEstate,
    people.StewardReleasedFromEstate, people.PersonDisabled, people.PersonEnabled, people.PersonAdmitted,
)  # fmt: skip
KINDS: Mapping[type[Any], LineKind] = {
    issues.IssueNoted: LineKind.NOTED,
    orders.WorkOrderOpened: LineKind.OPENED,
    orders.StewardArrived: LineKind.ARRIVED,
    orders.WorkCompleted: LineKind.COMPLETED,
    orders.SatisfactionRated: LineKind.RATED,
    orders.RepairCharged: LineKind.CHARGED,
    fees.PaymentRecorded: LineKind.PAID,
    fees.PrepaymentRefunded: LineKind.PAID_BACK,
    issues.ContactDataViewed: LineKind.READ,
    owners.OwnerContactViewed: LineKind.READ,
    ContactsRead: LineKind.READ,
    DataTaken: LineKind.TAKEN,
    orders.ToldLate: LineKind.LATE,
    **dict.fromkeys(_CORRECTIONS, LineKind.CORRECTED),
    **dict.fromkeys(_POSTS, LineKind.POST),
    **dict.fromkeys(ACCOUNT.events, LineKind.ACCOUNT),
    **dict.fromkeys(INSTALLATION.events, LineKind.MACHINE),
    WitnessPolicyAdopted: LineKind.MACHINE,
    GoingOnProposed: LineKind.MACHINE,
    GoingOnConfirmed: LineKind.MACHINE,
    **{EVENTS[name]: LineKind.FORGOTTEN for name in sorted(ERASURES)},
}
_AMOUNTS: Mapping[type[Any], Callable[[Any], int]] = {
    orders.RepairCharged: lambda event: int(event.costs.total),
    fees.PaymentRecorded: lambda event: int(event.amount),
    fees.PrepaymentRefunded: lambda event: int(event.amount),
    orders.SatisfactionRated: lambda event: int(event.score),
}
_FACTS = frozenset({  # what of an event a line tells: codes, counts and times
    "capacity", "why", "deed", "list", "people", "what", "things", "times", "addresses", "known", "view", "position",
    "taken_at", "settings", "reason", "ground", "category", "priority", "number", "roles", "score",
})  # fmt: skip


@dataclass(frozen=True)
class TrailLine:
    """One event. ``version`` is its place in its stream; ``case`` what it is about, where that is a case.

    ``late`` is in whole minutes. ``amount`` is in fen, of a rating the points. ``about`` is a payment.
    """

    position: int
    kind: LineKind
    event: str
    estate: str
    stream: UUID
    version: int
    case: UUID | None
    actor: UUID
    acting_as: Capacity
    occurred_at: datetime
    recorded_at: datetime
    late: int = 0
    amount: int | None = None
    about: UUID | None = None
    facts: dict[str, Any] = field(default_factory=dict)


_OF_CASES = frozenset((*issues.ISSUE.events, *orders.WORK_ORDER.events))


def keys(recorded: Recorded[Any]) -> Iterable[str]:
    return (f"{recorded.position:012}",) if type(recorded.event) in KINDS else ()


def evolve(line: TrailLine | None, recorded: Recorded[Any]) -> TrailLine | None:
    event, act, kind = recorded.event, recorded.act, type(recorded.event)
    amount = _AMOUNTS.get(kind)
    return TrailLine(
        position=recorded.position,
        kind=KINDS[kind],
        event=kind.__name__,
        estate=recorded.estate or getattr(event, "estate", None) or NOWHERE,
        stream=recorded.stream,
        version=recorded.version,
        case=recorded.correlation if kind in _OF_CASES else None,
        actor=act.actor,
        acting_as=act.acting_as,
        occurred_at=act.occurred_at,
        recorded_at=act.recorded_at,
        late=int((act.recorded_at - act.occurred_at).total_seconds()) // 60 if _late(recorded) else 0,
        amount=amount(event) if amount else None,
        about=getattr(event, "payment", None),
        facts=_facts(event),
    )


def _late(recorded: Recorded[Any]) -> bool:
    return recorded.act.recorded_at - recorded.act.occurred_at > LATE


def _facts(event: Any) -> dict[str, Any]:
    said = {
        item.name: msgspec.to_builtins(getattr(event, item.name))
        for item in fields(event)
        if item.name in _FACTS and not is_personal(item) and getattr(event, item.name) is not None
    }
    if "settings" in said:
        said["settings"] = [each["name"] for each in said["settings"]]
    return said


LINES: View[TrailLine] = View(
    name="trail_lines",
    row=TrailLine,
    keys=keys,
    events=frozenset(KINDS),
    evolve=evolve,
    estates=lambda line: (line.estate,),
    columns={
        "estate": "body->>'estate'",
        "kind": "body->>'kind'",
        "event": "body->>'event'",
        "at": "body->>'recorded_at'",
        "late": "body->>'late'",
        "about": "body->>'about'",
        "stream": "body->>'stream'",
        "amount": "body->>'amount'",
        "number": "body->'facts'->>'number'",
    },
    indexes=(
        "(estate, kind, position)",
        "(estate, at)",
        "(estate, number) WHERE kind IN ('NOTED', 'OPENED')",
        "(stream) WHERE kind = 'OPENED'",
        "(about)",
    ),
    withheld=("amount", "about"),
)


class Span(NamedTuple):
    """From ``since`` to before ``until``, by when it was recorded."""

    since: datetime
    until: datetime

    @property
    def texts(self) -> tuple[str, str]:
        """As rows hold moments: the log has one offset."""
        return _text(self.since), _text(self.until)


def _text(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).isoformat()


class Mark(NamedTuple):
    """A line as far as its leaf must say the same."""

    position: int
    kind: LineKind
    event: str
    version: int


def marks(conn: Connection, estate: str, span: Span, most: int) -> list[Mark]:
    """Every line of a span, the oldest first, at most so many."""
    query = SQL(
        "SELECT position, kind, event, (body->>'version')::int FROM {} WHERE estate = %s AND at >= %s AND at < %s"
        " ORDER BY position LIMIT %s"
    ).format(shown(conn, LINES))
    rows = conn.execute(query, (estate, *span.texts, most))
    return [Mark(position, LineKind(kind), event, version) for position, kind, event, version in rows]


class Counted(NamedTuple):
    """Lines of one kind in a span: how many, their sum, and the first and last position."""

    kind: LineKind
    lines: int
    amount: int
    first: int
    last: int


def counted(conn: Connection, estate: str, span: Span) -> dict[LineKind, Counted]:
    """Each kind that there is. Sums are told to whoever may read totals: ``conn`` must see amounts."""
    query = SQL(
        "SELECT kind, count(*), coalesce(sum(amount::bigint), 0)::bigint, min(position), max(position) FROM {}"
        " WHERE estate = %s AND at >= %s AND at < %s GROUP BY kind"
    ).format(shown(conn, LINES))
    rows = conn.execute(query, (estate, *span.texts))
    return {LineKind(kind): Counted(LineKind(kind), *more) for kind, *more in rows}


def listed(
    conn: Connection,
    estates: Sequence[str],
    kinds: Sequence[LineKind],
    span: Span,
    most: int,
    *,
    before: int | None = None,
    late: bool = False,
) -> list[TrailLine]:
    """Lines of these kinds (none named: of all), the newest first; ``late``: entered late alone."""
    where = (
        "estate = ANY(%(estates)s) AND (%(kinds)s::text[] = '{}' OR kind = ANY(%(kinds)s)) AND at >= %(since)s"
        " AND at < %(until)s AND (%(before)s::bigint IS NULL OR position < %(before)s)"
        + (" AND late <> '0'" if late else "")
        + " ORDER BY position DESC LIMIT %(most)s"
    )
    since, until = span.texts
    asked = {
        "estates": list(estates),
        "kinds": [each.value for each in kinds],
        "since": since,
        "until": until,
        "before": before,
        "most": most,
    }
    return select(conn, LINES, where, asked)


def late_ones(conn: Connection, estates: Sequence[str], span: Span) -> int:
    """How many were entered late."""
    query = SQL("SELECT count(*) FROM {} WHERE estate = ANY(%s) AND at >= %s AND at < %s AND late <> '0'")
    row = conn.execute(query.format(shown(conn, LINES)), (list(estates), *span.texts)).fetchone()
    return int(row[0]) if row else 0


def opened_of(conn: Connection, streams: Sequence[UUID]) -> dict[UUID, TrailLine]:
    """The lines with which these orders began."""
    rows = select(conn, LINES, "kind = 'OPENED' AND stream = ANY(%s)", ([str(each) for each in streams],))
    return {row.stream: row for row in rows}


def reversed_in(conn: Connection, estate: str, span: Span, event: str) -> list[int]:
    """The amounts of payments that were undone in a span by this kind of event."""
    query = SQL(
        "SELECT amount::bigint FROM {} WHERE kind = 'PAID' AND about IN"
        " (SELECT about FROM {} WHERE estate = %s AND kind = 'CORRECTED' AND event = %s AND at >= %s AND at < %s)"
    ).format(shown(conn, LINES), shown(conn, LINES))
    return [int(amount) for (amount,) in conn.execute(query, (estate, event, *span.texts))]


def numbered(conn: Connection, estate: str, number: str) -> list[UUID]:
    """The cases whose line or order has this number, or one that ends so; two at most."""
    query = SQL(
        "SELECT DISTINCT body->>'case' FROM {} WHERE estate = %s AND kind IN ('NOTED', 'OPENED')"
        " AND right(number, length(%s)) = %s LIMIT 2"
    ).format(shown(conn, LINES))
    return [UUID(case) for (case,) in conn.execute(query, (estate, number, number))]
