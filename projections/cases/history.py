"""The history of a case: every event of its issue and work order, who, as what, when it happened and was recorded."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from domain.capacity import Capacity
from domain.cases.issue import ISSUE, CaseForgotten
from domain.cases.work_order import WORK_ORDER
from domain.changed import changed
from domain.recorded import Recorded
from domain.words import is_personal
from projections.projection import OWN_STREAM, Connection, View, fetch

_SHOWN = frozenset((*ISSUE.events, *WORK_ORDER.events))


@dataclass(frozen=True, slots=True)
class Entry:
    """One event. ``facts`` may be read aloud; ``words`` are personal and empty once the case is forgotten."""

    position: int
    event_id: UUID
    stream: UUID
    version: int
    event: str
    actor: UUID
    acting_as: Capacity
    occurred_at: datetime
    recorded_at: datetime
    facts: dict[str, Any]
    words: dict[str, str]


@dataclass(frozen=True)
class CaseHistory:
    case: UUID
    estate: str
    entries: tuple[Entry, ...] = ()
    forgotten: bool = False


def keys(recorded: Recorded[Any]) -> Iterable[str]:
    return (str(recorded.correlation),) if type(recorded.event) in _SHOWN else ()


def evolve(history: CaseHistory | None, recorded: Recorded[Any]) -> CaseHistory | None:
    if history is None:
        if recorded.estate is None:
            return None
        history = CaseHistory(recorded.correlation, recorded.estate)
    history = changed(history, entries=(*history.entries, _entry(recorded, history.forgotten)))
    if isinstance(recorded.event, CaseForgotten):
        silent = tuple(replace(entry, words={}) for entry in history.entries)
        return changed(history, entries=silent, forgotten=True)
    return history


def _entry(recorded: Recorded[Any], forgotten: bool) -> Entry:
    event, act = recorded.event, recorded.act
    facts: dict[str, Any] = {}
    words: dict[str, str] = {}
    for item in fields(event):
        value = getattr(event, item.name)
        if is_personal(item):
            if value is not None and not forgotten:
                words[item.name] = value
        elif value is not None:
            facts[item.name] = msgspec.to_builtins(value)
    return Entry(
        position=recorded.position,
        event_id=recorded.event_id,
        stream=recorded.stream,
        version=recorded.version,
        event=type(event).__name__,
        actor=act.actor,
        acting_as=act.acting_as,
        occurred_at=act.occurred_at,
        recorded_at=act.recorded_at,
        facts=facts,
        words=words,
    )


def _from_outside(entry: Entry) -> Entry:
    """Without words, and without pictures: one of a home is personal."""
    facts = {name: value for name, value in entry.facts.items() if name not in ("photo", "photos")}
    return replace(entry, facts=facts, words={})


HISTORY: View[CaseHistory] = View(
    name="history",
    row=CaseHistory,
    keys=keys,
    events=_SHOWN,
    evolve=evolve,
    estates=lambda history: (history.estate,),
    columns={"estate": "body->>'estate'"},
    indexes=("(estate, position)",),
    withheld=(),
    shortened=lambda history: changed(history, entries=tuple(map(_from_outside, history.entries))),
    streams=f"{OWN_STREAM} UNION SELECT key FROM view.orders WHERE issue = ANY(%(keys)s)",
)


def of_case(conn: Connection, case: UUID) -> CaseHistory | None:
    """The whole history of a case, oldest entry first."""
    return fetch(conn, HISTORY, str(case))
