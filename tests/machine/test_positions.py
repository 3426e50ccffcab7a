"""What is known of the views without asking: how far they are, where they changed, how long they lag."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.capacity import Capacity
from domain.cases.issue import ISSUE, IssueNoted
from domain.recorded import Act
from projections import news
from projections.catalogue import VIEWS
from projections.follow import Follower
from projections.news import CHANNEL
from projections.positions import ViewPositions
from projections.projection import Connection
from projections.views import together
from services.database.database import Database, listening
from services.database.logins import Login
from services.log.event_log import Change, EventLog
from services.log.vault import Vault
from tests.clock import PATIENCE
from tests.postgres import logins_of

NOW = datetime(2026, 11, 23, 8, 40, tzinfo=UTC)
ACT = Act(uuid4(), Capacity.DISPATCHER, NOW, NOW)
HERE, THERE = "350902002999-001", "350902002999-002"


class Silent:
    """An alarm nobody hears."""

    def halted(self, following: str, position: int, because: str) -> None: ...
    def disturbed(self, group: str, because: str) -> None: ...
    def leads(self, group: str) -> None: ...
    def stands_by(self, group: str) -> None: ...
    def lags(self, following: str, events: int) -> None: ...


class Ground:
    """A log that is followed only when ``follow`` is called."""

    def __init__(self, url: str) -> None:
        logins = logins_of(url)
        self.database = Database(logins)
        self.log = EventLog(logins, Vault(self.database, b"k" * 32))
        self.listen = partial(listening, logins, Login.WEB)
        self.positions = ViewPositions(self.listen, self.log.last_position)
        self._follower = Follower(self.database.follower.connection, self.listen, self.log, [together(VIEWS)], Silent())

    def note(self, estate: str) -> int:
        stream: UUID = uuid4()
        change = Change(stream, ISSUE.name, 0, [IssueNoted("IS-1", estate, "灯坏了")], ACT, estate, stream)
        return self.log.append([change]).position

    def follow(self) -> None:
        self._follower.catch_up()
        assert self.positions.wait("estates", self.log.last_position(), 5)

    def close(self) -> None:
        self.positions.stop()
        self.log.close()
        self.database.close()


@pytest.fixture
def ground(url: str) -> Iterator[Ground]:
    made = Ground(url)
    made.note(HERE)
    made.follow()
    yield made
    made.close()


def test_a_change_is_known_where_it_happened_and_nowhere_else(ground: Ground) -> None:
    before = ground.positions.changed("notebook", HERE)
    position = ground.note(THERE)
    ground.follow()
    assert ground.positions.changed("notebook", THERE) == position
    assert ground.positions.changed("notebook") == position
    assert ground.positions.changed("notebook", HERE) == before
    assert ground.positions.changed("people") < position  # it was read there, but changed nothing
    assert ground.positions.position("people") == position


def test_who_begins_to_listen_takes_everything_for_changed(ground: Ground) -> None:
    position = ground.log.last_position()
    late = ViewPositions(ground.listen, ground.log.last_position)
    assert late.wait("notebook", position, PATIENCE)
    assert late.changed("notebook", HERE) == late.changed("notebook", "350902002999-009") == position
    late.stop()


def test_a_view_is_behind_since_the_log_held_what_it_does_not_show(ground: Ground) -> None:
    assert ground.positions.behind("notebook") == 0.0
    ground.note(HERE)
    end = ground.note(HERE)
    until = monotonic() + PATIENCE
    while not ground.positions.behind("notebook"):  # told within moments
        assert monotonic() < until, "nobody told that the log has grown"
    first = ground.positions.behind("notebook")
    assert ground.positions.behind("notebook") > first > 0.0
    ground.follow()
    assert ground.positions.position("notebook") == end
    assert ground.positions.behind("notebook") == 0.0


def notices_of_a_batch(conn: Connection) -> list[list[dict[str, Any]]]:
    """What is told until every view is told of."""
    missing, notices = {view.name for view in VIEWS}, list[list[dict[str, Any]]]()
    for notice in conn.notifies(timeout=PATIENCE):
        notices.append(json.loads(notice.payload))
        missing -= {news["view"] for news in notices[-1]}
        if not missing:
            break
    assert not missing
    return notices


def test_what_a_batch_did_is_told_in_as_few_notices_as_hold_it(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    with ground.listen(CHANNEL) as conn:
        ground.note(HERE)
        ground.follow()
        assert len(notices_of_a_batch(conn)) == 1
        many = [f"350902002999-{number:03}" for number in range(100, 200)]
        for estate in many:
            ground.note(estate)
        monkeypatch.setattr(news, "LONGEST_NOTICE", 3_000)
        heard = list[str]()
        with ground.positions.subscribed(lambda view, position, estates: heard.append(view)):
            ground.follow()
            assert ground.positions.wait(VIEWS[-1].name, ground.log.last_position(), 5)
        assert {view.name for view in VIEWS} <= set(heard)
        assert 1 < len(notices_of_a_batch(conn)) < len(VIEWS)
    end = ground.log.last_position()
    assert {ground.positions.changed("notebook", estate) for estate in many} == {end}
