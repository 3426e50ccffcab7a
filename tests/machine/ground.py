"""A log on a real database with followers over it, for the tests of views."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import psycopg

from domain.capacity import Capacity
from domain.cases.issue import ISSUE, IssueNoted
from domain.recorded import Act
from projections.catalogue import VIEWS
from projections.follow import Follower, Log
from projections.following import Following, alone
from projections.views import together
from services.database.database import Database, as_owner, listening
from services.database.logins import Login
from services.log.event_log import Change, EventLog
from services.log.vault import Vault
from services.running.checking.of_log import check_log
from services.running.checking.of_views import check_views
from tests.postgres import logins_of

ESTATE = "350902002999-001"
# the product itself: whoever else acts must hold a post
ACT = Act(uuid4(), Capacity.SYSTEM, datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC))


@dataclass
class Heard:
    """An alarm that keeps what it heard."""

    halts: list[tuple[str, int, str]]
    behind: dict[str, int]

    def halted(self, following: str, position: int, because: str) -> None:
        self.halts.append((following, position, because))

    def disturbed(self, group: str, because: str) -> None:
        pass

    def leads(self, group: str) -> None:
        pass

    def stands_by(self, group: str) -> None:
        pass

    def lags(self, following: str, events: int) -> None:
        self.behind[following] = events


@dataclass(frozen=True)
class Ground:
    """A log and the connections around it."""

    url: str
    database: Database
    log: EventLog

    def follower(
        self, views: Any = VIEWS, log: Log | None = None, followings: Sequence[Following] = ()
    ) -> tuple[Follower, Heard]:
        """Of these views and of what follows beside them, over this log or another."""
        heard, groups = Heard([], {}), [together(views), *map(alone, followings)]
        listen = partial(listening, self.database.logins, Login.FOLLOWER)
        return Follower(self.database.follower.connection, listen, log or self.log, groups, heard), heard

    def note(self, number: int = 1) -> UUID:
        stream = uuid4()
        noted = IssueNoted(f"IS-{number}", ESTATE, f"第{number}件")
        self.log.append([Change(stream, ISSUE.name, 0, [noted], ACT, ESTATE, stream)])
        return stream

    def notes(self) -> int:
        with self.database.follower.connection() as conn:
            row = conn.execute("SELECT count(*) FROM view.notebook").fetchone()
        assert row
        return int(row[0])

    def findings(self) -> list[str]:
        return [*check_log(self.database), *check_views(self.database, self.log)]

    def owner(self) -> psycopg.Connection[Any]:
        return as_owner(self.database.logins)


@contextmanager
def a_ground(url: str, key: bytes = b"k" * 32) -> Iterator[Ground]:
    """A log over a database that has its tables, and whose vault is opened by ``key``."""
    logins = logins_of(url)
    database = Database(logins)
    log = EventLog(logins, Vault(database, key))
    yield Ground(url, database, log)
    log.close()
    database.close()
