"""Looking back: the views of an estate at a position are what a rebuild from the first so many events would hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from domain.capacity import Capacity
from domain.cases.issue import ISSUE, AdviceGiven, CaseForgotten, IssueMerged, IssueNoted
from domain.erasure import ErasureGround
from domain.estates.estate import ESTATE, EstateRegistered, estate_stream
from domain.recorded import Act, Recorded
from projections.as_of import LOOKED_BACK, Behind, set_back
from projections.cases import notebook, order_lists
from projections.cases.notebook import NOTEBOOK
from projections.cases.orders import ORDERS
from projections.catalogue import VIEWS
from projections.estates import estates
from projections.follow import Follower
from projections.projection import fold, keyed
from projections.views import together
from services.cases.as_of import BOARD_VIEWS, CASE_VIEWS
from services.database.database import Database, listening
from services.database.logins import Login
from services.log.event_log import Change, EventLog
from services.log.vault import Vault
from services.runtime.metrics import Metrics
from tests.clock import START
from tests.conftest import FIRST, SECOND, Demo
from tests.postgres import logins_of
from tests.templates import Templates

ACT = Act(uuid4(), Capacity.DISPATCHER, datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC))
ESTATES = ("350902002999-011", "350902002999-012")

Rows = dict[str, dict[str, tuple[Any, list[str], int]]]  # by view and key: the row, who sees it, its last change


def rebuilt(events: Sequence[Recorded[Any]], estate: str) -> Rows:
    """Every view of an estate, folded from these events and nothing else."""
    found: Rows = {}
    for view in LOOKED_BACK:
        folded = fold(view, {}, keyed(view, events))
        found[view.name] = {
            key: (view.as_kept(row), list(view.estates(row)), position)
            for key, (row, position) in folded.written.items()
            if estate in view.estates(row)
        }
    return found


def looked_back(database: Database, log: EventLog, estate: str, position: int) -> Rows:
    """The same, as a look back shows it."""
    found: Rows = {}
    with database.lend_still([estate]) as conn:
        set_back(conn, log, estate, position, LOOKED_BACK)
        for view in LOOKED_BACK:
            rows = conn.execute(f"SELECT key, body::text, estates, position FROM {view.name}").fetchall()
            assert len({row[0] for row in rows}) == len(rows), "a row stands there twice"
            found[view.name] = {key: (view.decode(body), who, last) for key, body, who, last in rows}
    return found


# -- the demo's week: every kind of event, two estates, stewards of both -------------------------------------------


def test_every_view_of_boards_and_cases_can_be_looked_back_at() -> None:
    assert {view.name for view in (*BOARD_VIEWS, *CASE_VIEWS)} <= {view.name for view in LOOKED_BACK}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(position=19, estate=FIRST)  # somebody is registered and holds no post there yet
@given(st.integers(1, 10_000), st.sampled_from([FIRST, SECOND]))
def test_any_position_of_the_week_shows_what_its_first_events_say(demo: Demo, position: int, estate: str) -> None:
    product = demo.product
    events = product.log.read(0, 100_000)
    position = position % len(events) + 1
    assert looked_back(product.database, product.log, estate, position) == rebuilt(events[:position], estate)


def test_live_looks_and_looks_back_take_turns_on_one_connection(demo: Demo) -> None:
    """Statements are kept prepared by the connection; each must read the rows of its own transaction."""
    product, middle = demo.product, demo.product.log.last_position() // 2
    single = Database(product.database.logins, size=1)
    then = len(rebuilt(product.log.read(0, middle), FIRST)["orders"])
    with single.lend([FIRST]) as conn:
        now = len(order_lists.listed(conn, FIRST, "all", START, 200))
    assert then < now
    seen = []
    for _ in range(12):  # more often than the driver needs to prepare a statement
        with single.lend([FIRST]) as conn:
            seen.append(len(order_lists.listed(conn, FIRST, "all", START, 200)))
        with single.lend_still([FIRST]) as conn:
            set_back(conn, product.log, FIRST, middle, LOOKED_BACK)
            seen.append(len(order_lists.listed(conn, FIRST, "all", START, 200)))
    single.close()
    assert seen == [now, then] * 12


def test_a_look_back_shows_no_other_estate(demo: Demo) -> None:
    product = demo.product
    for mine, other in ((FIRST, SECOND), (SECOND, FIRST)):
        with product.database.lend_still([mine]) as conn:
            set_back(conn, product.log, mine, product.log.last_position() - 20, LOOKED_BACK)
            assert estates.estate(conn, mine) is not None
            assert estates.estate(conn, other) is None
            assert order_lists.listed(conn, mine, "all", START, 5)
            assert order_lists.listed(conn, other, "all", START, 5) == []
            assert notebook.recent(conn, other, 5) == []


def test_a_view_that_was_not_set_back_is_not_shown_as_it_is_now(demo: Demo) -> None:
    with demo.product.database.lend_still([FIRST]) as conn:
        set_back(conn, demo.product.log, FIRST, demo.product.log.last_position(), [NOTEBOOK])
        with pytest.raises(psycopg.errors.UndefinedTable):
            order_lists.listed(conn, FIRST, "all", START, 5)


def test_nothing_of_a_look_back_stays(demo: Demo) -> None:
    """No table, no lock and no setting is left on the connection."""
    single = Database(demo.product.database.logins, size=1)
    with single.lend_still([FIRST]) as conn:
        set_back(conn, demo.product.log, FIRST, 30, LOOKED_BACK)
    with single.lend([FIRST]) as conn:
        assert conn.execute("SELECT count(*) FROM pg_class WHERE relname = 'orders_again'").fetchone() == (0,)
        assert conn.execute("SHOW search_path").fetchone() == ("view,pg_temp",)
        assert conn.execute("SHOW transaction_isolation").fetchone() == ("read committed",)
    single.close()


# -- any log: merged, answered and forgotten in whatever order ------------------------------------------------------


@dataclass(frozen=True)
class Ground:
    """A log that grows from example to example, with a follower that is called when it is wanted."""

    database: Database
    log: EventLog
    vault: Vault
    follower: Follower


@pytest.fixture(scope="module")
def ground(templates: Templates) -> Iterator[Ground]:
    url = templates.empty()
    logins = logins_of(url)
    database = Database(logins)
    vault = Vault(database, b"k" * 32)
    log = EventLog(logins, vault)
    for code in ESTATES:
        stream = estate_stream(code)
        registered = EstateRegistered(code, "C1", "东湖苑", "东湖社区")
        log.append([Change(stream, ESTATE.name, 0, [registered], ACT, code, stream)])
    yield Ground(
        database,
        log,
        vault,
        Follower(
            database.follower.connection, partial(listening, logins, Login.FOLLOWER), log, [together(VIEWS)], Metrics()
        ),
    )
    log.close()
    database.close()


class Lines:
    """A few notebook lines of two estates; ``tell`` takes acts as (line, what happens to it)."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._streams = [uuid4() for _ in range(6)]
        self._versions: dict[UUID, int] = {}
        self._merged: set[UUID] = set()

    def tell(self, acts: Sequence[tuple[int, str]]) -> None:
        for line, what in acts:
            stream, estate = self._streams[line], ESTATES[line % 2]
            version = self._versions.get(stream, 0)
            event = self._event(line, what)
            self._ground.log.append([Change(stream, ISSUE.name, version, [event], ACT, estate, stream)])
            self._versions[stream] = version + 1
            if isinstance(event, CaseForgotten):
                self._ground.vault.destroy(stream)

    def _event(self, line: int, what: str) -> Any:
        stream, target = self._streams[line], self._streams[(line + 2) % 6]  # both of one estate
        if stream not in self._versions:
            return IssueNoted(f"IS-{line}", ESTATES[line % 2], "漏水", phone="13800138000")
        if what == "merge" and target in self._versions and stream not in self._merged:  # which happens once
            self._merged.add(stream)
            return IssueMerged(target)
        return CaseForgotten(ErasureGround.RESIDENT_ASKED, None) if what == "forget" else AdviceGiven("好")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(  # a line said me too and was left alone; what it was merged into is answered only after the position
    acts=[(0, "answer"), (2, "answer"), (0, "merge"), (2, "answer")], back=1, late=0, estate=ESTATES[0]
)
@example(acts=[(0, "answer"), (0, "forget")], back=0, late=1, estate=ESTATES[0])  # forgotten before the views follow
@given(
    st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["answer", "merge", "forget"])), min_size=1, max_size=25),
    st.integers(0, 25),
    st.integers(0, 10),
    st.sampled_from(ESTATES),
)
def test_any_log_shows_what_its_first_events_say(
    ground: Ground, acts: list[tuple[int, str]], back: int, late: int, estate: str
) -> None:
    """``late`` acts are in the log and not yet in the views: they belong to no position asked for here.

    None of them forgets: a key goes at once and the words in a view a moment later, whether one looks at now or back.
    """
    lines, seen = Lines(ground), max(1, len(acts) - late)
    lines.tell(acts[:seen])
    ground.follower.catch_up()
    position = max(len(ESTATES), ground.log.last_position() - back)
    lines.tell([(line, what) for line, what in acts[seen:] if what != "forget"])
    events = ground.log.read(0, position)
    assert looked_back(ground.database, ground.log, estate, position) == rebuilt(events, estate)


def test_a_position_that_a_view_has_not_taken_in_is_not_guessed(ground: Ground) -> None:
    ground.follower.catch_up()
    Lines(ground).tell([(0, "note")])
    with ground.database.lend_still([ESTATES[0]]) as conn, pytest.raises(Behind):
        set_back(conn, ground.log, ESTATES[0], ground.log.last_position(), [NOTEBOOK, ORDERS])
    ground.follower.catch_up()
    assert len(looked_back(ground.database, ground.log, ESTATES[0], ground.log.last_position())["notebook"]) >= 1
