"""One event that cannot be read, as people meet it: that stream is refused by name, everything else goes on."""

from collections.abc import Iterator
from time import monotonic
from uuid import UUID

import psycopg
import pytest
from starlette.testclient import TestClient

from domain.cases.issue import ISSUE
from projections.catalogue import VIEWS
from projections.following import is_away
from projections.skip import remedy
from services.log.vault import KEY_BYTES, Vault, WrongKey
from services.running.wiring import a_follower
from services.words.sentences import say
from tests.clock import PATIENCE
from tests.conftest import FIRST, Demo
from tests.machine.damage import Damaged

SOON = 5.0  # seconds within which it is said
STANDING = {view.name for view in VIEWS} - {"history", "notebook", "case_words", "trail_lines"}


@pytest.fixture(scope="module")
def head(demo: Demo) -> TestClient:
    return demo.sign_in("head")


def note(client: TestClient) -> UUID:
    answer = client.post("/api/v1/issues", json={"estate": FIRST, "text": "路灯不亮"})
    assert answer.status_code == 201, answer.text
    return UUID(answer.json()["issue"])


@pytest.fixture(scope="module")
def broken(demo: Demo, head: TestClient) -> Iterator[tuple[UUID, int]]:
    """An issue of which the last event was damaged before anybody took it in, and its position."""
    demo.caught_up()
    demo.product.follower.stop()
    issue = note(head)
    position = demo.product.log.last_position()
    damaged = Damaged(demo.url)
    row = demo.product.log.reading(position - 1, 1).events[0]
    assert row.stream == issue
    with psycopg.connect(demo.url) as conn:
        kept = conn.execute("SELECT topic, state FROM log.stored_events WHERE notification_id = %s", (position,))
        name, state = kept.fetchone() or ("", b"")
    damaged.before[position] = (name, bytes(state))
    damaged.write(position, name, b"not even JSON")
    demo.product.log._known.forget([issue])
    note(head)
    begun = monotonic()
    product = demo.product
    follower = a_follower(product.database, product.log, product.metrics, ())
    follower.start()
    ready = head.get("/health/ready").json()
    while not ready["problems"] and monotonic() - begun < PATIENCE:
        ready = head.get("/health/ready").json()
    assert monotonic() - begun < SOON
    yield issue, position
    follower.stop()


def test_it_is_said_where_people_look(demo: Demo, head: TestClient, broken: tuple[UUID, int]) -> None:
    _, position = broken
    last = demo.product.log.last_position()
    for view in STANDING:  # nobody else waits
        assert demo.product.positions.wait(view, last, PATIENCE)
    ready = head.get("/health/ready")
    assert ready.status_code == 503
    assert ready.json()["problems"] == [
        f"view {name} is halted at position {position}" for name in ("history", "notebook", "case_words", "trail_lines")
    ]
    figures = head.get("/metrics").text
    assert 'jinlin_follower_halted{view="notebook"} 1.0' in figures
    assert 'jinlin_follower_halted{view="orders"} 0.0' in figures
    assert 'jinlin_follower_lag_events{view="orders"} 0.0' in figures
    client = demo.client()
    client.post("/sign-in", data={"username": "admin", "password": demo.passwords["admin"], "next": "/"})
    page = client.get("/admin/views").text
    assert say("zh", "views-halted", position=position, because="DecodeError") in page
    assert remedy("notebook", position).split(" --")[0] in page


def test_its_stream_is_refused_by_name_and_every_other_works(
    demo: Demo, head: TestClient, broken: tuple[UUID, int]
) -> None:
    issue, position = broken
    refused = head.post(f"/api/v1/issues/{issue}/give-advice", json={"advice": "先关总阀"})
    assert (refused.status_code, refused.json()["code"]) == (409, "unreadable")
    assert refused.json()["detail"] == say("zh", "refused-unreadable", position=position)
    other = note(head)
    done = head.post(f"/api/v1/issues/{other}/give-advice", json={"advice": "先关总阀"})
    assert done.status_code == 200, done.text
    for path in (f"/api/v1/stations/{FIRST}/board", f"/notebook/{FIRST}", f"/orders-of/{FIRST}", "/"):
        assert head.get(path).status_code < 400, path
    assert demo.product.log.readable(ISSUE, issue) is None
    found = demo.product.log.readable_of(ISSUE, [issue, other])
    assert (set(found.states), {stream: why.position for stream, why in found.unreadable.items()}) == (
        {other}, {issue: position},
    )  # fmt: skip


def test_the_log_is_looked_back_at_past_it(demo: Demo, broken: tuple[UUID, int]) -> None:
    _, position = broken
    log = demo.product.log
    assert log.recorded_at(position) == log.recorded_at(position + 1)
    assert log.position_at(log.recorded_at(position - 1)) >= position - 1
    assert log.position_at(demo.product.clock()) == log.last_position()


def test_a_broken_key_closes_what_it_sealed_and_nothing_else(demo: Demo, head: TestClient) -> None:
    mine, other = note(head), note(head)
    with psycopg.connect(demo.url) as conn:
        conn.execute("UPDATE vault.keys SET wrapped = %s WHERE subject = %s", (bytes(KEY_BYTES), mine))
    demo.product.vault.drop_cached(mine)
    demo.product.log._known.forget([mine])
    events = {each.stream for each in demo.product.log.reading(0, 10_000).events}
    assert other in events
    (unread,) = [each for each in demo.product.log.reading(0, 10_000).unread if each.stream == mine]
    assert (unread.because, unread.name) == ("BrokenKey", "IssueNoted")
    refused = head.post(f"/api/v1/issues/{mine}/give-advice", json={"advice": "先关总阀"})
    assert (refused.status_code, refused.json()["code"]) == (409, "sealed")
    assert head.post(f"/api/v1/issues/{other}/give-advice", json={"advice": "先关总阀"}).status_code == 200
    key = (demo.product.settings.data / "vault.key").read_bytes()
    Vault(demo.product.database, key).check()  # one broken key is no other key
    with pytest.raises(WrongKey):
        Vault(demo.product.database, b"x" * 32).check()


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (psycopg.OperationalError(), True),
        (psycopg.errors.LockNotAvailable(), True),
        (psycopg.errors.DiskFull(), True),
        (psycopg.errors.ProgramLimitExceeded(), False),  # no index takes so long a text, however often it is tried
        (psycopg.errors.StatementTooComplex(), False),
        (psycopg.DataError(), False),
        (ValueError(), False),
    ],
)
def test_what_never_fits_is_not_tried_for_ever(error: Exception, away: bool) -> None:
    assert is_away(error) is away
