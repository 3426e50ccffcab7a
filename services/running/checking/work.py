"""The shares of a check done side by side, in processes of their own where it is much: one core folds one share."""

import gc
import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from contextlib import closing
from typing import Any, NamedTuple

from services.database.database import Database
from services.database.logins import Login, Logins
from services.log.event_log import EventLog
from services.log.vault import Vault
from services.running.checking.of_rules import eyes
from services.running.checking.of_views import Seen, Share, Tell, one_moment, since, whole

MUCH = 100_000  # events beside those of the largest task; for less it takes longer to start processes
SMALL = 1 / 16  # of all events
GLANCE_SECONDS = 0.2

Progress = Callable[[int, int], None]


class Task(NamedTuple):
    """A share: its views from ``begin`` on, its events after ``fresh``, both up to ``last``; all of it if ``whole``.

    ``events`` is about how many that is.
    """

    share: Share
    begin: int
    fresh: int
    last: int
    whole: bool
    events: int


def joined(tasks: Sequence[Task]) -> list[Task]:
    """Small tasks done in one go: each has to look through the log for what is its own."""
    least = sum(task.events for task in tasks) * SMALL
    large, small = [task for task in tasks if task.events > least], dict[int, Task]()
    for task in tasks:
        if task.events <= least:
            other = small.get(task.begin)
            small[task.begin] = _both(task, other) if other else task
    return [*large, *small.values()]


def _both(one: Task, other: Task) -> Task:
    share = Share((*other.share.views, *one.share.views), (*other.share.names, *one.share.names))
    return one._replace(share=share, events=one.events + other.events)


def worked(key: bytes, database: Database, log: EventLog, tasks: Sequence[Task], progress: Progress) -> list[Seen]:
    """What came of each task."""
    total = sum(task.events for task in tasks)
    cores = min(len(os.sched_getaffinity(0)), len(tasks))
    meanwhile = total - max((task.events for task in tasks), default=0)
    if meanwhile >= MUCH and cores > 1:
        return _side_by_side(database.logins, key, tasks, cores, lambda done: progress(min(done, total), total))
    done = 0

    def tell(events: int) -> None:
        nonlocal done
        done += events
        progress(min(done, total), total)

    return [_done(database, log, task, tell) for task in tasks]


def _done(database: Database, log: EventLog, task: Task, tell: Tell) -> Seen:
    with one_moment(database.follower.connection, task.share.views) as conn:
        looking = eyes(conn)
        if task.whole:
            return whole(conn, log, task.share, task.last, looking, tell)
        return since(conn, log, task.share, task.fresh, task.last, looking, tell)


# -- in other processes --------------------------------------------------------------------------------------------

_counter: Any = None  # how many events all processes have done, in each of them


def _side_by_side(
    logins: Logins, key: bytes, tasks: Sequence[Task], cores: int, tell: Callable[[int], None]
) -> list[Seen]:
    """Each task in a process of its own, as many at once as there are cores."""
    context = multiprocessing.get_context("spawn")  # a copy of this one would hold its connections
    counter = context.Value("q", 0)
    with ProcessPoolExecutor(cores, context, _begin, (counter, gc.get_threshold())) as processes:
        longest_first = sorted(tasks, key=lambda task: -task.events)
        futures = [processes.submit(_done_alone, logins, key, task) for task in longest_first]
        under_way: set[Future[Seen]] = set(futures)
        while under_way:
            _, under_way = wait(under_way, GLANCE_SECONDS)
            tell(counter.value)
        return [each.result() for each in futures]


def _begin(counter: Any, collecting: tuple[int, int, int]) -> None:
    global _counter
    _counter = counter
    gc.set_threshold(*collecting)


def _done_alone(logins: Logins, key: bytes, task: Task) -> Seen:
    among = (Login.FOLLOWER, Login.VAULT)
    with (
        closing(Database(logins, size=2, among=among)) as database,
        closing(EventLog(logins, Vault(database, key), size=2, login=Login.FOLLOWER)) as log,
    ):
        return _done(database, log, task, _counted)


def _counted(events: int) -> None:
    with _counter.get_lock():
        _counter.value += events
