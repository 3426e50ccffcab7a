"""A log that is not the one that was cosigned takes nothing in, until two persons have said that it goes on.

A restore is such a log until the opposite is shown: by what the data folder remembers, or by a witness that signs on.
"""

from collections.abc import Sequence
from threading import Lock
from weakref import WeakKeyDictionary

from domain.access.account import ACCOUNT
from domain.access.installation import INSTALLATION
from domain.access.reading import READING
from domain.refusal import Refusal, refuse_if
from domain.trail.going_on import GOING_ON, ConfirmGoingOn, Fork, ProposeGoingOn, log_stream
from services.commands.plan import Attempt, Plan, Planned
from services.database.database import Database
from services.log.event_log import Change
from services.product import Product
from services.tlog.checkpoint import Checkpoint
from services.trail.keys import TrailKeyMissing, keep_keys
from services.trail.publishing import Forked, Publisher, see_no_fork
from services.trail.reading import head, latest_cosigned
from services.trail.remembered import Forgotten, is_restored, proven, remembered

# to these kinds of streams is written all the same: who was here, what was read, what was done to the machine
LET_THROUGH = frozenset({GOING_ON.name, ACCOUNT.name, READING.name, INSTALLATION.name})


class ForkWatch:
    """A part of the product: knows whether the log is the one that was cosigned."""

    def __init__(self, product: Product) -> None:
        self._product = product
        self._publisher = product.part(Publisher)
        self._lock = Lock()
        self._whole = False  # looked at once, and found whole
        _WATCHES[product.database] = self

    def look_again(self) -> None:
        """Something said that it is not the one."""
        with self._lock:
            self._whole = False

    def fork(self) -> Fork | None:
        """What is wrong with the log; ``None`` where nothing is. Costs nothing once it was found whole."""
        with self._lock:
            if self._whole and not self._publisher.forked:
                return None
            found = self._found()
            if found is not None and self._confirmed(found):
                self.begin_anew(found)
                found = self._found()
            self._whole = found is None
            if found is None:
                self._publisher.forked = False
            return found

    def begin_anew(self, fork: Fork) -> None:
        """The log goes on under another name. Twice is as good as once."""
        keys = self._publisher.keys
        if keys.origin == fork.origin:
            keep_keys(self._publisher.data, keys.called(next_name(fork.origin)))
            proven(self._publisher.data)

    def _confirmed(self, fork: Fork) -> bool:
        return self._product.log.load(GOING_ON, log_stream(fork.origin)).state.confirmed is not None

    def _found(self) -> Fork | None:
        try:
            data, origin = self._publisher.data, self._publisher.origin
        except TrailKeyMissing:
            return None  # nothing can be signed then, and nothing is said to be
        with self._product.database.app.connection() as conn:
            now = head(conn)
            try:
                known = remembered(data, origin)
                see_no_fork(conn, data, origin, now)
            except Forgotten:
                return Fork(origin, "forgotten", None, now.size)
            except Forked as forked:
                return Fork(origin, forked.code, forked.had, forked.has, forked.root)
            if not is_restored(data):
                return None
            last = latest_cosigned(conn, origin)
        if known is not None or last is None:
            proven(data)  # the folder was not lost, and what it remembers is in the log; or nobody ever signed
            return None
        of_last = Checkpoint.parse(last.note.text)
        return Fork(origin, "unproven", of_last.size, now.size, of_last.root.hex())


_WATCHES: WeakKeyDictionary[Database, ForkWatch] = WeakKeyDictionary()


def next_name(origin: str) -> str:
    """``…/xincheng`` is followed by ``…/xincheng-2``, and that by ``…/xincheng-3``."""
    stem, dash, number = origin.rpartition("-")
    if dash and number.isascii() and number.isdigit() and len(number) < 4:
        return f"{stem}-{int(number) + 1}"
    return f"{origin}-2"


def nothing_after_a_fork(attempt: Attempt, changes: Sequence[Change]) -> None:
    """Refuses ``trail_shorter``, ``trail_different``, ``trail_forgotten``, ``trail_unproven``, with both sizes."""
    watch = _WATCHES.get(attempt.reach.database)
    if watch is None or all(change.category in LET_THROUGH for change in changes):
        return
    fork = watch.fork()
    if fork is not None:
        had, has = fork.had or 0, fork.has
        refuse_if(fork.code == "shorter", "trail_shorter", had=had, has=has)
        refuse_if(fork.code == "different", "trail_different", had=had, has=has)
        refuse_if(fork.code == "forgotten", "trail_forgotten", has=has)
        raise Refusal("trail_unproven", had=had, has=has)


def propose_going_on(watch: ForkWatch, reason: str | None) -> Plan:
    """What the first of two says, about the fork as it is."""

    def make(attempt: Attempt) -> Planned:
        return _decided(attempt, ProposeGoingOn(_standing(watch), reason))

    return Plan(make)


def confirm_going_on(watch: ForkWatch) -> Plan:
    """What the second says; from then on the log has another name."""
    fork = watch.fork()

    def make(attempt: Attempt) -> Planned:
        return _decided(attempt, ConfirmGoingOn(fork or _standing(watch)))

    return Plan(make, afterwards=None if fork is None else lambda reach: watch.begin_anew(fork))


def _standing(watch: ForkWatch) -> Fork:
    """The fork there is. Refuses ``no_fork``."""
    fork = watch.fork()
    if fork is None:
        raise Refusal("no_fork")
    return fork


def _decided(attempt: Attempt, command: ProposeGoingOn | ConfirmGoingOn) -> Planned:
    estate = min(attempt.ask.caller.estates, default=None)
    attempt.check_power(type(command), estate)
    stream = log_stream(command.fork.origin)
    loaded = attempt.at(GOING_ON, stream)
    return attempt.decided(GOING_ON, stream, loaded, command, correlation=stream, estate=estate)
