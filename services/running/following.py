"""``jinlin follow``: the follower in a process of its own. Many may start: one leads, the others stand by."""

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from threading import Event

import structlog

from projections.follow import Follower
from projections.following import Following
from services.database.database import Database
from services.database.embedded_postgres import running_url
from services.database.installation import VAULT_KEY
from services.database.logins import Login
from services.database.pooler import check_direct
from services.log.event_log import EventLog
from services.log.vault import Vault
from services.running import schema
from services.running.follow_port import answering
from services.running.gauges import product_version
from services.running.opening import see_database, see_folder
from services.running.own_keys import own_key
from services.running.upkeep import renew
from services.running.views_standing import how_they_stand
from services.running.watch import Watch, Watched
from services.running.wiring import FOLLOWINGS, a_follower, check_server, utc_now, with_keys
from services.runtime import logs
from services.runtime.metrics import Metrics
from services.runtime.settings import Settings
from services.runtime.traces import tracing

log = structlog.get_logger()


def follow(settings: Settings, followings: Sequence[Following] = FOLLOWINGS) -> int:
    """Follow the log until SIGTERM or Ctrl-C."""
    logs.configure(settings.log_level)
    stopping = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    url = settings.database_url or running_url(settings.data / "postgres")
    if url is None:
        print(
            f"jinlin: no PostgreSQL runs in {settings.data}; start `jinlin run` first, or set JINLIN_DATABASE_URL",
            file=sys.stderr,
        )
        return 2
    see_folder(settings, first=True)
    with (
        tracing(settings.traces, product_version()),
        _follower(settings, url, followings) as (follower, watch),
        answering(watch, settings.host, settings.follow_port) as port,
    ):
        follower.start()
        watch.go_on()
        log.info("follower_started", port=port)
        stopping.wait()
    log.info("follower_stopped")
    return 0


@contextmanager
def _follower(settings: Settings, url: str, followings: Sequence[Following]) -> Iterator[tuple[Follower, Watch]]:
    """A follower over a prepared database, what it needs and who watches over it, nothing else; none runs yet.

    Whoever may set up is asked only where something is missing: over a database that ``jinlin run`` has prepared, the
    logins of the follower and of the vault are enough.
    """
    logins = schema.standing(url, settings.data)
    see_database(settings, logins.conninfo(Login.FOLLOWER) if logins else url, first=True)
    if logins is None:
        logins = schema.prepare(url, settings.data)
    else:
        check_direct(logins.conninfo(Login.FOLLOWER))
    check_server(logins, len(followings), serving=False)
    key = own_key(settings.data, logins.conninfo(Login.FOLLOWER), VAULT_KEY)
    with ExitStack() as stack:
        among = (Login.FOLLOWER, Login.VAULT)
        database = stack.enter_context(closing(Database(logins, followings=len(followings), among=among)))
        vault = Vault(database, key)
        vault.check()
        events = stack.enter_context(closing(EventLog(logins, vault, login=Login.FOLLOWER)))
        renew(database, events)
        metrics = Metrics()
        follower = a_follower(database, events, metrics, with_keys(followings, settings, vault))
        stack.callback(follower.stop)
        stand = partial(how_they_stand, database, follower.groups, events)
        watch = stack.enter_context(closing(Watch(Watched(settings, database, events, metrics, utc_now, stand))))
        yield follower, watch
