"""What is seen of a statement on its way: how far it is, and what its lines would become."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from domain.money.evidence import Evidence
from domain.reconciliation.file import StatementStarted
from domain.reconciliation.line import Waiting
from services.reconciliation.formats.columns import Rows
from services.reconciliation.formats.entry import Entry, ProviderStatement


class StatementStage(Enum):
    """How far a file is."""

    UNREAD = "UNREAD"  # its columns are not known
    CHECKED = "CHECKED"  # read and looked at; nothing is in the log
    RUNNING = "RUNNING"
    STOPPED = "STOPPED"  # begun, and no thread of this process is at it
    DONE = "DONE"


@dataclass(frozen=True, slots=True)
class StatementImport:
    """One file of an estate. ``done`` of ``lines`` are in the log; ``started`` tells its figures once it is begun."""

    id: UUID
    estate: str
    uploaded_at: datetime
    standing: StatementStage
    lines: int
    done: int
    started: StatementStarted | None
    completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class PreviewedLine:
    """One line of a preview: what it would become, and whose; or the estate ``elsewhere`` where it waits."""

    entry: Entry
    waiting: Waiting | None = None
    evidence: Evidence | None = None
    dwelling: UUID | None = None
    elsewhere: str | None = None


@dataclass(frozen=True, slots=True)
class StatementPreview:
    """What a file would bring: lines ``known`` before, lines matched by their evidence, lines left by their reason.
    ``void`` ones move no money.

    Of those known, ``waiting_at`` and ``settled_at`` other estates, which share the account with this one, are so many.
    ``shown`` are the first lines of those left, of those that wait elsewhere, and then of those matched.
    """

    statement: ProviderStatement
    known: int
    void: int
    waiting_at: Mapping[str, int]
    settled_at: Mapping[str, int]
    matched: Mapping[Evidence, int]
    waiting: Mapping[Waiting, int]
    shown: Sequence[PreviewedLine]


@dataclass(frozen=True, slots=True)
class Table:
    """A file as a person sees it to say which column is what: ``guess`` is what was understood.

    ``wrong`` is why it could not be read so, as a code with its facts.
    """

    rows: Rows
    head: int
    guess: Mapping[str, Any] = field(default_factory=dict)
    wrong: Mapping[str, Any] | None = None
