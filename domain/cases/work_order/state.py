"""A work order as it stands: only what a later decision needs."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from uuid import UUID

from domain.calendar import ServiceHours
from domain.cases.category import Category, Priority
from domain.cases.service_level import Deadlines, Target
from domain.cases.work_order.vocabulary import Counts, PauseTold
from domain.estates.place import Part
from domain.money.repair_costs import RepairCosts
from domain.recorded import Act


class Stage(Enum):
    """Where an order stands (domain dossier 4.4)."""

    UNOPENED = "UNOPENED"
    REPORTED = "REPORTED"
    ACCEPTED = "ACCEPTED"
    DISPATCHED = "DISPATCHED"
    TAKEN = "TAKEN"
    ON_SITE = "ON_SITE"
    IN_PROGRESS = "IN_PROGRESS"
    SUSPENDED = "SUSPENDED"
    COMPLETED = "COMPLETED"
    REWORK = "REWORK"
    VERIFIED = "VERIFIED"
    FOLLOWED_UP = "FOLLOWED_UP"
    CLOSED = "CLOSED"
    REJECTED = "REJECTED"
    REFERRED = "REFERRED"
    CANCELLED = "CANCELLED"
    WITHDRAWN = "WITHDRAWN"  # opened by mistake


@dataclass(frozen=True)
class Late:
    """Something told too long after it is said to have happened, and who else vouches for the stated time."""

    of: Counts
    told: Act
    confirmed: Act | None = None

    @property
    def counts_from(self) -> datetime:
        return self.told.recorded_at if self.confirmed is None else self.told.occurred_at


@dataclass(frozen=True)
class WorkOrder:
    stage: Stage = Stage.UNOPENED
    staged: Act | None = None  # whose act brought it to its stage
    estate: str | None = None
    issue: UUID | None = None  # the notebook line it came from: its case
    promised_at: datetime | None = None  # since when the promises count: reported, or opened again
    category: Category | None = None
    priority: Priority = Priority.P3
    part: Part = Part.COMMON
    hours: ServiceHours = ServiceHours()
    targets: tuple[Target, ...] = ()
    owner: UUID | None = None  # who answers for it now (INV-18)
    desk: UUID | None = None  # who last answered for it at the station: it goes back there when a steward declines
    steward: UUID | None = None
    arrived: bool = False
    accept_by: datetime | None = None
    dispatch_by: datetime | None = None
    arrive_by: datetime | None = None
    fix_by: datetime | None = None
    fix_by_binds: bool = False  # it could be kept when it was promised; a wrong priority put right leaves no lateness
    suspended_at: datetime | None = None
    away_since: datetime | None = None  # since when the clock stands because others have it
    pauses: tuple[tuple[datetime, datetime], ...] = ()  # when the clock stood still since the promise
    pause_until: datetime | None = None  # the end that was named of the pause that goes on
    pause_tell: PauseTold | None = None  # and who is told when that has passed
    extensions: int = 0
    extended: Act | None = None  # whose act extended the deadline last
    refused_contacts: int = 0
    workers: frozenset[UUID] = frozenset()  # who did or reported the work: they may not verify it (INV-06)
    touched: bool = False  # more was done about it than to take it in and to choose whom to send
    begun: bool = False  # somebody has begun the work, whoever goes on with it
    follow_up_days: frozenset[date] = frozenset()
    first_of_day: bool = False  # the last asking was the first one on its day
    score: int | None = None
    completed_at: datetime | None = None
    closed_at: datetime | None = None
    emergency_answered: bool = False  # a service was called, or the alarm was false (INV-11)
    persons_inside: bool = False
    offered: RepairCosts | None = None  # a quote that the resident has not answered
    offered_at: datetime | None = None
    quote: RepairCosts | None = None  # what the resident agreed to pay at most (INV-22)
    agreed_at: datetime | None = None  # when the resident first agreed to a quote
    charged: UUID | None = None  # the bill of the work
    answered: Act | None = None  # whose act told the resident's last answer to a quote
    told_late: tuple[Late, ...] = ()  # what counts, the last of each kind, as far as it was told late

    @property
    def deadlines(self) -> Deadlines:
        """What is promised now."""
        return Deadlines(self.accept_by, self.dispatch_by, self.arrive_by, self.fix_by)

    @property
    def stopped(self) -> datetime | None:
        """When the clock was stopped that has not been started since: suspended, or passed on to others."""
        return self.away_since if self.suspended_at is None else self.suspended_at

    @property
    def stands(self) -> bool:
        """Whether the clock stands still: stopped, and not too late already, for a pause heals nothing."""
        return self.stopped is not None and (self.fix_by is None or self.stopped < self.fix_by)

    def late(self, of: Counts) -> Late | None:
        """What was told late of this kind."""
        return next((each for each in self.told_late if each.of is of), None)

    def counted(self, of: Counts, stated: datetime) -> datetime:
        """The moment by which a promise is judged: ``stated``, unless it was told late and nobody else vouches."""
        late = self.late(of) if self.told_late else None
        return stated if late is None else late.counts_from


_BEFORE_WORK = frozenset({Stage.REPORTED, Stage.ACCEPTED, Stage.DISPATCHED, Stage.TAKEN})
_AT_WORK = frozenset({Stage.ON_SITE, Stage.IN_PROGRESS, Stage.SUSPENDED, Stage.REWORK})
IN_HAND = frozenset({Stage.DISPATCHED, Stage.TAKEN}) | _AT_WORK  # a steward has it
OPEN = _BEFORE_WORK | _AT_WORK
UNDER_WAY = OPEN | {Stage.COMPLETED, Stage.VERIFIED, Stage.FOLLOWED_UP}
DONE = frozenset({Stage.COMPLETED, Stage.VERIFIED, Stage.FOLLOWED_UP, Stage.CLOSED})


def missed(order: WorkOrder, act: Act) -> bool:
    """Whether a promise that could be kept had passed when this was told."""
    return order.fix_by is not None and order.fix_by_binds and act.recorded_at >= order.fix_by
