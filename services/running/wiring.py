"""Puts the product together: one place that knows which part gets which."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import psycopg
import structlog
from psycopg_pool import PoolClosed, PoolTimeout

from projections.catalogue import VIEWS
from projections.follow import Follower, Log
from projections.following import Batch, Following, alone
from projections.positions import ViewPositions
from projections.projection import Connection
from projections.views import together
from services.capability import Within
from services.commands.handle import Handler
from services.commands.plan import Reach
from services.database.database import VAULT_SIZE, VIEWS_SIZE, WEB_SIZE, Database
from services.database.embedded_postgres import EmbeddedPostgres
from services.database.installation import belonging
from services.database.logins import Login, Logins
from services.database.safety import check_room, check_safe
from services.log.event_log import READING_SIZE, EventLog
from services.log.event_store import LOG_SIZE
from services.log.numbers import Numbers
from services.log.photo_store import PhotoStore
from services.log.pseudonyms import Pseudonyms
from services.log.snapshots import know_folds
from services.log.vault import Vault
from services.product import Closes, Product
from services.running import schema
from services.running.capabilities import all_of
from services.running.own_keys import belong_together, both_keys, trail_keys
from services.runtime import traces
from services.runtime.metrics import Metrics
from services.runtime.settings import Settings
from services.runtime.steady_clock import SteadyClock
from services.sessions.accounts import Accounts
from services.trail.keys import origin_for

FOLLOWINGS: tuple[Following, ...] = all_of(lambda each: each.followings)
_TAKES = dict(all_of(lambda each: each.takes.items()))  # what those of them do that need keys


def utc_now() -> datetime:
    """The clock of the product."""
    return datetime.now(UTC)


@contextmanager
def database_url(settings: Settings) -> Iterator[tuple[str, EmbeddedPostgres | None]]:
    """The database of the settings: the external one, or our own, started for as long as this lasts."""
    if settings.database_url:
        yield settings.database_url, None
        return
    embedded = EmbeddedPostgres(settings.data / "postgres")
    try:
        yield embedded.start(), embedded
    finally:
        embedded.stop()


def a_follower(database: Database, log: Log, metrics: Metrics, followings: Sequence[Following]) -> Follower:
    """The views in one group, every other following beside them; it does not run yet."""
    groups = [together(VIEWS), *map(alone, followings)]
    if traces.is_on():
        groups = [replace(group, followings=tuple(map(_traced, group.followings))) for group in groups]
    listen = partial(database.listening, Login.FOLLOWER)
    return Follower(database.follower.connection, listen, log, groups, metrics)


def with_keys(followings: Sequence[Following], settings: Settings, vault: Vault) -> list[Following]:
    """The same, and those that need keys have them."""
    said = belonging(settings.data)
    within = Within(settings.data, vault, origin_for(settings.public_url, said.installation if said else None), utc_now)
    return [replace(each, take=_TAKES[each.name](within)) if each.name in _TAKES else each for each in followings]


def check_server(logins: Logins, followings: int, *, serving: bool) -> dict[Login, int]:
    """See that a process can work there as it must, and tell how many connections of each login it may come to hold.

    ``serving`` people takes more than following the log alone. Raises ``UnsafeServer``.
    """
    needed = {  # a pool and readers, those who listen, and the pulse
        Login.FOLLOWER: VIEWS_SIZE + READING_SIZE + followings + 1 + followings + 1,
        Login.VAULT: VAULT_SIZE + 1,
    }
    if serving:
        needed[Login.WEB] = WEB_SIZE + LOG_SIZE + 1 + 1
    check_safe(logins, needed)
    of = check_room(logins, needed)
    structlog.get_logger().info("database_connections", count=sum(needed.values()), most=of)
    return needed


def _traced(following: Following) -> Following:
    """The same, with a span for each batch that it takes in."""

    def take(conn: Connection, batch: Batch) -> Iterable[str] | None:
        facts: dict[str, str | int] = {"jinlin.following": following.name, "jinlin.events": len(batch)}
        with traces.span(f"follow {following.name}", facts):
            return following.take(conn, batch)

    return replace(following, take=take)


@contextmanager
def built(
    settings: Settings, url: str, clock: Callable[[], datetime] = utc_now, followings: Sequence[Following] = FOLLOWINGS
) -> Iterator[Product]:
    """The product over a prepared database. Nothing runs yet that follows the log."""
    logins = schema.prepare(url, settings.data)
    keys = both_keys(settings.data, url)
    needed = check_server(logins, len(followings), serving=True)
    database = Database(logins, followings=len(followings))
    with _closed_if_refused(database):
        vault = Vault(database, keys.vault)
        vault.check()
    know_folds()
    log = EventLog(logins, vault)
    with _closed_if_refused(log, database):
        belong_together(settings.data, url, keys, log)
        trail_keys(settings, url, clock())
    metrics = Metrics()
    for login, most in needed.items():
        metrics.connections.labels(login).set(most)
    positions = ViewPositions(partial(database.listening, Login.WEB), log.last_position)
    numbers = Numbers(database)
    photos = PhotoStore(database, vault)
    steady = SteadyClock(clock)
    metrics.clock_behind(steady.behind)
    accounts = Accounts(database, log, clock, keys.product, steady)
    follower = a_follower(database, log, metrics, with_keys(followings, settings, vault))
    pseudonyms = Pseudonyms(keys.product)
    reach = Reach(database, log, vault, numbers, photos, pseudonyms)
    handler = Handler(reach, clock, all_of(lambda each: each.guards), all_of(lambda each: each.companions))
    parts: dict[type, object] = {Accounts: accounts, SteadyClock: steady}
    product = Product(
        settings=settings,
        database=database,
        vault=vault,
        log=log,
        numbers=numbers,
        photos=photos,
        pseudonyms=pseudonyms,
        handler=handler,
        follower=follower,
        positions=positions,
        sessions=accounts,
        metrics=metrics,
        clock=clock,
        secret=keys.product,
        parts=parts,
    )
    parts.update((type(part), part) for part in (make(product) for make in all_of(lambda each: each.parts)))
    try:
        yield product
    finally:
        product.close_parts()
        follower.stop()
        positions.stop()
        log.close()
        with suppress(psycopg.OperationalError, PoolTimeout, PoolClosed):  # a lost database only leaves out numbers
            numbers.close()
        database.close()


@contextmanager
def _closed_if_refused(*parts: Closes) -> Iterator[None]:
    """What was opened for nothing leaves no threads that complain at the end."""
    try:
        yield
    except BaseException:
        for part in parts:
            part.close()
        raise
