"""``jinlin run``: the whole product in one process beside its PostgreSQL."""

import asyncio
import gc
import json
import signal
import socket
import sys
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

import structlog
import uvicorn

from projections.catalogue import VIEWS
from services.database.embedded_postgres import EmbeddedPostgres, PostgresError
from services.demo.cast import ESTATES, PEOPLE, ROLE_WORDS
from services.demo.fees import FeeHistory
from services.demo.week import Demo, DemoClock
from services.http.addresses import is_proxy
from services.http.connection import connections_of
from services.http.door import Bounds, Door, within_open_files
from services.product import Product
from services.running import schema
from services.running.app import create_app
from services.running.daily import Daily
from services.running.follow_port import CannotListen
from services.running.gauges import product_version
from services.running.opening import lives, opened, say_if_shorter
from services.running.upkeep import renew
from services.running.wiring import built, utc_now
from services.runtime import logs
from services.runtime.settings import Settings
from services.runtime.traces import tracing
from services.sessions.accounts import Accounts
from services.trail.keys import kept_keys
from services.words.sentences import words_at_hand

log = structlog.get_logger()

WATCH_SECONDS = 1.0
GLANCE_SECONDS = 0.1
GRACE_SECONDS = 3
SHOWN_SECONDS = 60.0  # at most, before the first page is open to anybody
CALM_SECONDS = 10.0  # at most, before the greeting is told although log lines may follow it


def run(settings: Settings, clock: Callable[[], datetime] = utc_now) -> int:
    """Start everything, print where it is, and serve until Ctrl-C."""
    lines = logs.configure(settings.log_level)
    stop_on_terminate()
    try:
        _see_that_port_is_free(settings)
        _run(settings, clock, lines)
    except KeyboardInterrupt:
        print("jinlin: stopped", file=sys.stderr)
    except CannotListen as wrong:
        print(f"jinlin: {wrong}", file=sys.stderr)
        return 2
    return 0


def _see_that_port_is_free(settings: Settings) -> None:
    """Before minutes are spent on anything else."""
    host, port = settings.host, settings.port
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as wrong:
        raise CannotListen(f"cannot listen on {host} port {port} ({wrong.strerror}); set PORT or JINLIN_HOST") from None


def _run(settings: Settings, clock: Callable[[], datetime], lines: logs.Lines) -> None:
    with (
        tracing(settings.traces, product_version()),
        opened(settings, first=True) as (url, embedded),
        built(settings, url, clock) as product,
    ):
        first = product.log.last_position() == 0
        if first:
            with schema.setting_up(url):
                set_up_demo(product)
            lives(settings.data)
        say_if_shorter(settings.data, product.log.last_position())
        renew(product.database, product.log)
        if settings.follow:
            product.follower.start()
            if first:
                _until_shown(product)
        product.go_on()
        words_at_hand()
        config = _config(product)
        gc.freeze()  # all of it stays as long as the process: nobody who waits for a page waits for a look through it
        with (
            suppress(KeyboardInterrupt),
            Daily(product) as daily,
            asyncio.Runner(loop_factory=config.get_loop_factory()) as runner,
        ):
            server = uvicorn.Server(config)
            greeting = welcome(product, server, daily, lines, first=first)
            runner.run(_serve(server, greeting, embedded))  # raises it once more after the server has stopped cleanly


def _until_shown(product: Product) -> None:
    """Wait until the views show the demo: whoever comes first shall find it whole."""
    last, until = product.log.last_position(), monotonic() + SHOWN_SECONDS
    for view in VIEWS:
        product.positions.wait(view.name, last, max(until - monotonic(), 0))


def _config(product: Product) -> uvicorn.Config:
    door = Door(
        within_open_files(Bounds()),
        partial(is_proxy, proxies=product.settings.proxies),
        lambda why: product.metrics.turned_away.labels(why).inc(),
    )
    return uvicorn.Config(
        create_app(product),
        host=product.settings.host,
        port=product.settings.port,
        http=connections_of(door),
        ws="none",
        log_config=None,
        access_log=False,
        proxy_headers=False,  # whose word about addresses counts is settled in one place, for every route alike
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


async def _serve(
    server: uvicorn.Server, greeting: Coroutine[Any, Any, None], embedded: EmbeddedPostgres | None
) -> None:
    beside = [asyncio.create_task(greeting)]
    if embedded:
        beside.append(asyncio.create_task(_watch(embedded, server)))
    try:
        await server.serve()
    finally:
        for task in beside:
            task.cancel()


async def _watch(embedded: EmbeddedPostgres, server: uvicorn.Server) -> None:
    """A PostgreSQL that was killed is started again; pools reconnect by themselves."""
    while not server.should_exit:
        await asyncio.sleep(WATCH_SECONDS)
        if not embedded.running():
            log.error("postgres_gone")
            try:
                embedded.start()  # on this thread: the child's death signal follows the thread that started it
            except PostgresError:
                log.error("postgres_did_not_start", exc_info=True)


def set_up_demo(product: Product, *, fees: bool = True) -> None:
    """Tell the demo's three years of fees, if wanted, and its week up to now by the product's clock.

    Then draw a password for each account.
    """
    print("jinlin: setting up the demo community, once", flush=True)
    now = product.clock()
    clock = DemoClock(now)
    demo = Demo(product.handler.by(clock), clock, now)
    demo.found()
    if fees:
        FeeHistory(product.log, product.pseudonyms, demo.people, demo.begins).tell()
    demo.tell()
    accounts: list[dict[str, Any]] = []
    for someone in PEOPLE:
        if someone.account is None:
            continue
        password = product.part(Accounts).create(someone.account, demo.people[someone.key])
        accounts.append(
            {
                "username": someone.account,
                "password": password,
                "role": ROLE_WORDS[someone.account],
                "estate": someone.estate,
                "estate_name": ESTATES[someone.estate],
            }
        )
    _write_private(product.settings.data / "demo-accounts.json", accounts)


def _write_private(path: Path, accounts: Sequence[dict[str, Any]]) -> None:
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.chmod(0o600)
    draft.write_text(json.dumps(accounts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    draft.replace(path)


async def welcome(
    product: Product, server: uvicorn.Server, daily: Daily, lines: logs.Lines, *, first: bool = False
) -> None:
    """Greet once all is open and what a start has to say is said, so that nothing pushes the greeting out of sight."""
    until = monotonic() + CALM_SECONDS
    while not server.started or (not _is_calm(product, daily) and monotonic() < until):
        await asyncio.sleep(GLANCE_SECONDS)
    lines.flush()
    _greet(product, first=first)


def _is_calm(product: Product, daily: Daily) -> bool:
    """Whether the day's work was looked after once and no view is behind, as far as this process follows."""
    behind = product.metrics.lagging or any(product.positions.behind(view.name) for view in VIEWS)
    return daily.looked_after and not (product.settings.follow and behind)


def _greet(product: Product, *, first: bool) -> None:
    """The address, for the person who started it. The demo's passwords are told once: what a start says is kept."""
    address = f"http://{product.settings.host}:{product.settings.port}/"
    path = product.settings.data / "demo-accounts.json"
    print(f"\n  {address}\n")
    if path.exists() and not first:
        print(f"  the demo's accounts and their passwords are in {path}")
    elif path.exists():
        for account in json.loads(path.read_text(encoding="utf-8")):
            print(f"  {account['username']:<10} {account['password']:<20} {account['role']}")
        print(f"\n  also in {path}")
    if first:
        _print_trail(product)
    print("  Ctrl-C stops it\n", flush=True)


def _print_trail(product: Product) -> None:
    """What the residents' committee and the witnesses check the log by: to be printed or copied once."""
    keys = kept_keys(product.settings.data)
    if keys is None:
        return
    print(f"\n  the audit log is called {keys.origin}, its public key is")
    for key in keys.verifiers():
        print(f"  {key.vkey()}")
    print("  give both to the residents' committee on paper\n")


def stop_on_terminate() -> None:
    """SIGTERM ends the process like Ctrl-C before the server has its own handler."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
