"""What a capability brings to the product.

Each folder of ``services`` that is a capability names one of these in its ``__init__``, as ``CAPABILITY``. Its words,
templates, styles, papers and SQL are found where they lie; its deciders and views are named by the folders of the same
name in ``domain`` and ``projections``.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from fastapi import APIRouter

from domain.recorded import Recorded
from projections.following import Following, Take
from projections.projection import Connection, View
from services.commands.plan import Companion, Guard
from services.commands.spanning import SpanningRule
from services.console.navigation import Entry, Tab
from services.http.border import Upload
from services.log.vault import Vault
from services.product import Product


@dataclass(frozen=True, slots=True)
class DailyWork:
    """What the passing of days brings: ``do`` gets the day in Shanghai, every hour, and may be done again.

    Lower places come first: a contract ends before what it no longer serves is taken off the bills.
    """

    place: int
    do: Callable[[Product, date], None]


@dataclass(frozen=True, slots=True)
class Check:
    """A rule that spans streams, as ``jinlin check`` verifies it; ``name`` stands before what it finds.

    ``among`` looks at ``views`` of all estates as they stand at one moment and answers a line for each thing that is
    wrong. ``each`` looks at these views once and answers who looks at every event, and says what is wrong with it.
    Lines tell ids, numbers and positions, never anything personal.
    """

    name: str
    views: tuple[View[Any], ...]
    among: Callable[[Connection], Iterable[str]] | None = None
    each: Callable[[Connection], Callable[[Recorded[Any]], str | None]] | None = None


@dataclass(frozen=True, slots=True)
class Within:
    """What lies within reach of a following that needs keys, in whatever process it runs.

    ``data`` is the data folder, ``origin`` a name for what it makes that no other installation uses.
    """

    data: Path
    vault: Vault
    origin: str
    clock: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Capability:
    """All of it is optional.

    ``api`` and ``pages`` are routers; ``entries`` and ``tabs`` lead people there; ``uploads`` are addresses that take
    files. ``guards`` forbid changes of other capabilities, ``companions`` add to them in the same transaction;
    ``spanning`` tells the rules over several streams that are decided here.
    ``parts`` make what it keeps at work or in memory, once for each product; others find one by its class. What has a
    ``go_on`` is told when the product starts, what has a ``close`` when it stops. ``followings`` follow the log beside
    the views; ``takes`` makes what those of them do that need keys, by their names. ``checks`` are rules that span
    streams.
    """

    api: tuple[APIRouter, ...] = ()
    pages: tuple[APIRouter, ...] = ()
    entries: tuple[Entry, ...] = ()
    tabs: tuple[Tab, ...] = ()
    uploads: tuple[Upload, ...] = ()
    guards: tuple[Guard, ...] = ()
    companions: tuple[Companion, ...] = ()
    spanning: tuple[SpanningRule, ...] = ()
    parts: tuple[Callable[[Product], object], ...] = ()
    daily: tuple[DailyWork, ...] = ()
    followings: tuple[Following, ...] = ()
    takes: Mapping[str, Callable[[Within], Take]] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
