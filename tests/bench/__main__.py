"""``make bench``: a header with the facts of the machine, then one JSON line per measure."""

import argparse
import gc
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, redirect_stdout
from dataclasses import dataclass
from functools import partial

from services.__main__ import COLLECTING
from tests.bench import (
    billing,
    checks,
    commands,
    followers,
    http,
    ledgers,
    papers,
    reads,
    register,
    search,
    statements,
    trail,
)
from tests.bench.ground import Ground, machine, memory_of, prepared
from tests.bench.lines import MeasureLine, progress, tell
from tests.bench.station import RunningProduct, running

OfLog = Callable[[Ground], Iterator[MeasureLine]]
OfProduct = Callable[[Ground, RunningProduct], Iterator[MeasureLine]]

CLIENTS = (1, 8, 32)

OF_LOG: dict[str, OfLog] = {
    **{f"append_{clients}": commands.append(clients) for clients in CLIENTS},
    **{f"command_{clients}": commands.command(clients) for clients in CLIENTS},
    "bulk_append": commands.bulk_append,
    "bulk_sealed": commands.bulk_sealed,
    "bulk_holds_up": commands.bulk_holds_up,
    "command_cost_growth": commands.command_cost_growth,
    "follow_board": followers.follow_board,
    "follow_all": followers.follow_all,
    "rebuild_board": followers.rebuild_board,
    "rebuild_million": followers.rebuild_million,
    "check_whole": checks.check_whole,
    "check_new": checks.check_new,
    "receipts_pdf": papers.receipts_pdf,
    "reconcile_50k": statements.reconcile_50k,
    "bill_run_100k": billing.bill_run_100k,
    "trail_batched": trail.trail_batched,
    "trail_single": trail.trail_single,
    "trail_follow": trail.trail_follow,
    "trail_proof": trail.trail_proof,
    "trail_verified": trail.trail_verified,
    "http_report_8_apart": http.report_apart(8),
}
OF_PRODUCT: dict[str, OfProduct] = {
    **{f"http_report_{clients}": http.report(clients) for clients in (*CLIENTS, 128)},
    "visible_p99": http.visible_p99,
    "visible_p99_steady": http.visible_p99_steady,
    "receipt_p99": trail.receipt_p99,
    "board_page": reads.board_page,
    "board_page_packed": reads.board_page_packed,
    "board_page_changing": reads.board_page_changing,
    "order_page": reads.order_page,
    "fee_desk_search": register.fee_desk_search,
    "search_everything": search.search_everything,
    "account_page": ledgers.account_page,
    "account_api": ledgers.account_api,
}
MEMORY = "memory"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says; ``seconds`` and ``rounds`` of each timed load."""

    only: tuple[str, ...]
    seconds: float
    rounds: int
    full: bool
    huge: bool

    def wants(self, measure: str) -> bool:
        return not self.only or measure.startswith(self.only)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for; 1 if a measure could not be taken."""
    asked = _asked(arguments)
    known = [*OF_LOG, *OF_PRODUCT, MEMORY]
    if not any(map(asked.wants, known)):
        print(f"bench: no measure starts so; there are {', '.join(known)}", file=sys.stderr)
        return 2
    broken = 0
    gc.set_threshold(*COLLECTING)  # as in the product
    with redirect_stdout(sys.stderr), prepared(asked.seconds, asked.rounds, asked.full, asked.huge) as ground:
        tell({"machine": machine(ground)})
        for name, measure in OF_LOG.items():
            if asked.wants(name):
                broken += _taken(name, partial(measure, ground))
        broken += _of_product(ground, asked)
    return 1 if broken else 0


def _of_product(ground: Ground, asked: Asked) -> int:
    """Everything that needs the product running, in one life of it."""
    wanted = {name: measure for name, measure in OF_PRODUCT.items() if asked.wants(name)}
    if not wanted and not asked.wants(MEMORY):
        return 0
    progress("starting the product")
    broken = 0
    with ExitStack() as stack:
        product = stack.enter_context(running(ground))
        at_rest = memory_of(product.pid)
        for name, measure in wanted.items():
            broken += _taken(name, partial(measure, ground, product))
        if asked.wants(MEMORY):
            broken += _taken(MEMORY, partial(http.memory, ground, product, at_rest))
    return broken


def _taken(name: str, measure: Callable[[], Iterator[MeasureLine]]) -> bool:
    """Take one measure and tell its lines; whether it broke."""
    started = time.monotonic()
    progress(name)
    try:
        for line in measure():
            tell(line.as_json())
    except Exception as error:
        progress(f"{name} could not be measured: {type(error).__name__}: {error}")
        return True
    progress(f"{name} took {time.monotonic() - started:.1f} s")
    return False


def _asked(arguments: Sequence[str] | None) -> Asked:
    parser = argparse.ArgumentParser(prog="make bench", description="How fast Jinlin is on this machine.")
    parser.add_argument("--only", nargs="*", default=[], metavar="PREFIX", help="measures whose names start so")
    parser.add_argument("--full", action="store_true", help="longer, three rounds each, a log of a million events")
    parser.add_argument("--huge", action="store_true", help="command_cost_growth up to ten million events")
    parser.add_argument("--seconds", type=float, help="how long each timed load lasts")
    parser.add_argument("--rounds", type=int, help="how often each is repeated; the best round is told")
    given = parser.parse_args(arguments)
    return Asked(
        tuple(given.only), given.seconds or (5.0 if given.full else 1.5), given.rounds or (3 if given.full else 1),
        given.full, given.huge,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
