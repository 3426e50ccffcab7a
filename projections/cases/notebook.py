"""The notebook (问题清单): every issue entry of an estate, what became of it, and how many said me too."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.cases.category import Category, Priority
from domain.cases.issue import (
    ISSUE,
    WAITING,
    AdviceGiven,
    CaseForgotten,
    Channel,
    DropUndone,
    Issue,
    IssueDropped,
    IssueMerged,
    IssueNoted,
    MergeUndone,
    PlaceCorrected,
    ReporterAnswered,
    ReporterCorrected,
)
from domain.changed import changed
from domain.recorded import Recorded
from domain.words import Personal
from projections.projection import OWN_STREAM, Connection, View, fetch, select

_OF_ISSUES = frozenset(ISSUE.events)
_WAITS = "CASE WHEN body->'state'->>'status' IN ('NOTED', 'TRIAGED') THEN body->'state'->>'{}' END"
_DANGER = """CASE WHEN body->'state'->>'status' = 'NOTED' THEN body->'state'->>'danger'
    WHEN body->'state'->>'status' = 'TRIAGED' AND body->'state'->'triage'->>'priority' = 'P0'
    THEN body->'state'->'triage'->>'category' END"""  # as ``IssueLine.danger`` says it


@dataclass(frozen=True)
class IssueLine:
    """One line. ``state`` is the issue itself; texts are ``None`` once the case is forgotten."""

    issue: UUID
    estate: str
    number: str
    channel: Channel
    noted_at: datetime
    state: Issue
    version: int
    changed_at: datetime
    text: Personal = None
    building: str | None = None
    stairwell: str | None = None
    dwelling: Personal = None
    reporter: Personal = None
    phone: Personal = None
    outcome: Personal = None  # the advice, the answer or the reason for dropping it
    merged_into: UUID | None = None
    me_too: int = 0
    follows: UUID | None = None
    formerly: tuple[UUID, ...] = ()  # what it was merged into, and is no more

    @property
    def due(self) -> datetime | None:
        """By when somebody has to deal with it, as long as it waits."""
        return self.state.answer_by if self.state.status in WAITING else None

    @property
    def soon(self) -> datetime | None:
        """From when on little time is left for that."""
        return self.state.answer_soon if self.state.status in WAITING else None

    @property
    def danger(self) -> Category | None:
        """What may cost a life as long as the line waits: as triaged, or as it was noted."""
        triage = self.state.triage
        if self.state.status not in WAITING:
            return None
        if triage is None:
            return self.state.danger
        return triage.category if triage.priority is Priority.P0 else None

    @property
    def kind(self) -> Category | None:
        """What it is about, as triaged or as what may cost a life."""
        return self.state.triage.category if self.state.triage else self.danger


def keys(recorded: Recorded[Any]) -> Iterable[str]:
    if type(recorded.event) not in _OF_ISSUES:
        return ()
    if isinstance(recorded.event, IssueMerged | MergeUndone):
        return (str(recorded.stream), str(recorded.event.into))
    return (str(recorded.stream),)


def evolve(line: IssueLine | None, recorded: Recorded[Any]) -> IssueLine | None:
    event, act = recorded.event, recorded.act
    if isinstance(event, IssueNoted):
        return IssueLine(
            issue=recorded.stream,
            estate=event.estate,
            number=event.number,
            channel=event.channel,
            noted_at=act.occurred_at,
            state=ISSUE.evolve(ISSUE.initial, event, act),
            version=recorded.version,
            changed_at=act.recorded_at,
            text=event.text,
            building=event.building,
            stairwell=event.stairwell,
            dwelling=event.dwelling,
            reporter=event.reporter,
            phone=event.phone,
            follows=event.follows,
        )
    if line is None:
        return None
    if line.issue != recorded.stream:  # another line was merged into this one, or stands for itself again
        return changed(line, me_too=line.me_too + (1 if isinstance(event, IssueMerged) else -1))
    line = changed(
        line, state=ISSUE.evolve(line.state, event, act), version=recorded.version, changed_at=act.recorded_at
    )
    match event:
        case AdviceGiven(said) | ReporterAnswered(said) | IssueDropped(said):
            return changed(line, outcome=said)
        case IssueMerged(into):
            return changed(line, merged_into=into)
        case MergeUndone(into):
            return changed(line, merged_into=None, formerly=(*line.formerly, into))
        case DropUndone():
            return changed(line, outcome=None)
        case PlaceCorrected(_, building, stairwell, dwelling):
            return changed(line, building=building, stairwell=stairwell, dwelling=dwelling)
        case ReporterCorrected(reporter, phone):
            return changed(line, reporter=reporter or line.reporter, phone=phone or line.phone)
        case CaseForgotten():
            return changed(line, text=None, dwelling=None, reporter=None, phone=None, outcome=None)
    return line


NOTEBOOK: View[IssueLine] = View(
    name="notebook",
    row=IssueLine,
    keys=keys,
    events=_OF_ISSUES,
    evolve=evolve,
    estates=lambda line: (line.estate,),
    columns={
        "estate": "body->>'estate'",
        "status": "body->'state'->>'status'",
        "noted_at": "body->>'noted_at'",
        "merged_into": "body->>'merged_into'",
        "danger": _DANGER,
        "formerly": "body->>'formerly'",
        "due": _WAITS.format("answer_by"),
        "soon": _WAITS.format("answer_soon"),
    },
    indexes=(
        "(estate, status, noted_at DESC) INCLUDE (estates)",
        "(estate, noted_at DESC)",
        "(estate, position)",
        "(estate, noted_at DESC) WHERE status IN ('NOTED', 'TRIAGED')",
        "(estate, noted_at DESC) WHERE danger IS NOT NULL",
        "(estate, due) WHERE due IS NOT NULL",
        "(merged_into)",
        "(key) WHERE formerly <> '[]'",
    ),
    withheld=("text", "dwelling", "reporter", "phone", "outcome"),
    shortened=lambda line: changed(line, state=changed(line.state, photos=(), after=())),  # a home is personal
    streams=f"{OWN_STREAM} UNION SELECT key FROM view.notebook WHERE merged_into = ANY(%(keys)s)"
    " UNION SELECT key FROM view.notebook WHERE formerly <> '[]' AND body->'formerly' ?| %(keys)s",
)


def line(conn: Connection, issue: UUID) -> IssueLine | None:
    """One line, if the connection may see it."""
    found = fetch(conn, NOTEBOOK, str(issue))
    return found and with_chains(conn, [found])[0]


def recent(conn: Connection, estate: str, limit: int, offset: int = 0) -> list[IssueLine]:
    """All lines of an estate, newest first."""
    where = "estate = %s ORDER BY noted_at DESC LIMIT %s OFFSET %s"
    return with_chains(conn, select(conn, NOTEBOOK, where, (estate, limit, offset)))


def of_issues(conn: Connection, issues: Sequence[UUID]) -> dict[UUID, IssueLine]:
    """The lines of these issues, by issue."""
    found = select(conn, NOTEBOOK, "key = ANY(%s)", ([str(issue) for issue in issues],))
    return {each.issue: each for each in with_chains(conn, found)}


_CHAIN = (
    "WITH RECURSIVE said AS (SELECT key AS first, key FROM notebook WHERE key = ANY(%s)"
    " UNION SELECT said.first, n.key FROM said JOIN notebook n ON n.merged_into = said.key) SELECT first, key FROM said"
)


def merged_into(conn: Connection, issue: UUID) -> list[IssueLine]:
    """Lines that said me too, also by way of another line, oldest first."""
    chain = [key for _, key in conn.execute(_CHAIN, ([str(issue)],)) if key != str(issue)]
    return select(conn, NOTEBOOK, "key = ANY(%s) ORDER BY noted_at", (chain,)) if chain else []


def with_chains(conn: Connection, lines: Sequence[IssueLine]) -> list[IssueLine]:
    """The lines with ``me_too`` counting also who came by way of another line."""
    some = [str(line.issue) for line in lines if line.me_too]
    if not some:
        return list(lines)
    counts = Counter(first for first, key in conn.execute(_CHAIN, (some,)) if key != first)
    return [changed(line, me_too=counts.get(str(line.issue), line.me_too)) if line.me_too else line for line in lines]
