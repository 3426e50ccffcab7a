"""Takes new checkpoints to the witnesses that answer by HTTP, and keeps what they cosign or refuse.

It works in a thread as long as the product serves; ``step`` is one round of it. Whoever does not answer is asked
less often.
"""

import http.client
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from threading import Event, Thread

import psycopg
import structlog
from psycopg_pool import PoolClosed, PoolTimeout

from services.product import Product
from services.runtime.outward import Errand, Said, Unreached, run
from services.threads.try_later import TryLater
from services.tlog.cosignature import verify
from services.tlog.note import Note, Signature, Verifier, opened, parse_note
from services.tlog.policy import Witness
from services.tlog.refusals import Malformed, Unproven
from services.tlog.spelling import number
from services.trail.fork import ForkWatch
from services.trail.keys import TrailKeyMissing
from services.trail.publishing import Forked, Publisher
from services.trail.reading import KeptCheckpoint
from services.trail.witness_gauges import WitnessGauges
from services.trail.witness_offer import submission
from services.trail.witness_policy import in_force
from services.trail.witness_records import ALARMING, WitnessRecord, WitnessWent, keep_evidence, record, records
from services.trail.witness_standing import last_cosigned, witness_standing

log = structlog.get_logger()

EVERY_SECONDS = 5.0
LONGEST_PAUSE = timedelta(minutes=10)  # between two tries of one that does not answer
MOST_ANSWER, MOST_CHECKPOINT = 65_536, 131_072  # bytes
AT_ONCE = 8  # witnesses asked at the same time
TRIES = 3  # a witness that tells another size is asked again from there
_AWAY = (psycopg.OperationalError, PoolTimeout, PoolClosed, TryLater)
_WENT = {404: WitnessWent.UNKNOWN_LOG, 403: WitnessWent.UNKNOWN_KEY, 422: WitnessWent.REFUSED}

Run = Callable[[Errand], Said]


@dataclass(frozen=True, slots=True)
class _Told:
    """What a witness answered: lines, the size it told, or neither; ``theirs`` is what it has, where it refuses."""

    went: WitnessWent
    lines: tuple[Signature, ...] = ()
    size: int | None = None
    theirs: str = ""


class WitnessClient:
    """A part of the product."""

    def __init__(self, product: Product, out: Run = run, gauges: WitnessGauges | None = None) -> None:
        self._product = product
        self._run = out
        self.gauges = gauges or WitnessGauges(product)
        self._stopping = Event()
        self._thread = Thread(target=self._work, name="witnesses", daemon=True)

    def go_on(self) -> None:
        if not self._thread.is_alive():
            self._thread.start()

    def close(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def notes(self) -> list[str]:
        """What those who run the product should know while it serves."""
        return self.gauges.notes()

    def step(self) -> int:
        """One round; how many cosignatures came."""
        now = self._product.clock()
        self.gauges.show_fork(self._product.part(ForkWatch).fork())
        holds = in_force(self._product)
        asked = [each for each in holds.policy.witnesses if each.url] if holds.policy else []
        came = 0
        if asked:
            with self._product.database.lend_by_id() as conn:
                newest, known = self._product.part(Publisher).publish(conn), records(conn)
            if newest is not None:
                due = [each for each in asked if _is_due(known.get(each.verifier.vkey()), newest.size, now)]
                came = self._ask_all(due, newest, now) if due else 0
        with self._product.database.lend_by_id() as conn:
            self.gauges.show(witness_standing(self._product, conn, now))
        return came

    # -- within --------------------------------------------------------------------------------------------------

    def _work(self) -> None:
        while not self._stopping.wait(EVERY_SECONDS):
            try:
                self.step()
            except _AWAY:
                log.warning("witnesses_put_off")
            except (Forked, TrailKeyMissing) as wrong:  # told on their own pages and in ready
                log.error("witnesses_not_asked", error=type(wrong).__name__)
            except Exception as broken:  # the next round tries again
                log.error("witnesses_broken", error=type(broken).__name__)

    def _ask_all(self, due: Sequence[Witness], newest: KeptCheckpoint, now: datetime) -> int:
        """Ask them together, and those again that told another size. Nothing of the database is held meanwhile."""
        came, asking = 0, {each.verifier: self._known(each.verifier, newest) for each in due}
        urls = {each.verifier: each.url or "" for each in due}
        for _ in range(TRIES):
            if not asking:
                break
            said = self._together(asking, urls, newest)
            asking = {}
            for witness, told in said.items():
                if told.size is not None and told.size <= newest.size and told.went is WitnessWent.AHEAD:
                    asking[witness] = told.size
                else:
                    came += self._kept(witness, told, newest, now)
        for witness, size in asking.items():  # it tells another size each time
            self._kept(witness, _Told(WitnessWent.MISREAD, size=size), newest, now)
        return came

    def _known(self, witness: Verifier, newest: KeptCheckpoint) -> int:
        """From which size a witness is asked first: the one that it told, or that it cosigned, last."""
        with self._product.database.lend_by_id() as conn:
            found = records(conn).get(witness.vkey())
            size = found.size if found else last_cosigned(conn, newest.origin, witness)[0]
        return min(size, newest.size)

    def _together(
        self, asking: dict[Verifier, int], urls: dict[Verifier, str], newest: KeptCheckpoint
    ) -> dict[Verifier, _Told]:
        bodies = {}
        with self._product.database.lend_by_id() as conn:
            for witness, old in asking.items():
                bodies[witness] = submission(conn, newest, old).text().encode()
        private = self._product.settings.witness_private
        with ThreadPoolExecutor(min(AT_ONCE, len(asking))) as together:
            ask = partial(self._ask, newest=newest, private=private)
            return dict(
                zip(asking, together.map(ask, asking, [urls[each] for each in asking], bodies.values()), strict=True)
            )

    def _ask(self, witness: Verifier, url: str, body: bytes, newest: KeptCheckpoint, private: bool) -> _Told:
        prefix = url.rstrip("/")
        errand = Errand(
            f"{prefix}/add-checkpoint", body, {"Content-Type": "text/plain; charset=utf-8"}, private, MOST_ANSWER
        )
        try:
            said = self._run(errand)
        except Unreached as wrong:
            return _Told(WitnessWent.PRIVATE if str(wrong) == "private_address" else WitnessWent.AWAY)
        except (OSError, http.client.HTTPException, ValueError):
            return _Told(WitnessWent.AWAY)
        if said.status == 200:
            return _cosigned(witness, newest.note, said.body)
        if said.status == 409:
            size = _size(said.body)
            if size is None:
                return _Told(WitnessWent.MISREAD)
            return _Told(
                WitnessWent.AHEAD, size=size, theirs=self._theirs(prefix, newest, private) if size > newest.size else ""
            )
        later = said.status >= 500 or said.status == 429
        went = _WENT.get(said.status, WitnessWent.AWAY if later else WitnessWent.MISREAD)
        return _Told(went, theirs=self._theirs(prefix, newest, private) if went is WitnessWent.REFUSED else "")

    def _theirs(self, prefix: str, newest: KeptCheckpoint, private: bool) -> str:
        """What the witness cosigned last, if it shows it and the log did sign it."""
        address = sha256(newest.origin.encode()).hexdigest()
        try:
            said = self._run(Errand(f"{prefix}/{address}/checkpoint", private=private, most=MOST_CHECKPOINT))
            note = parse_note(said.body)
            opened(note, self._product.part(Publisher).keys.verifiers())
        except (OSError, http.client.HTTPException, Unreached, Malformed, Unproven, ValueError):
            return ""
        return note.written()

    def _kept(self, witness: Verifier, told: _Told, newest: KeptCheckpoint, now: datetime) -> int:
        with self._product.database.lend_by_id() as conn:
            size = newest.size if told.went is WitnessWent.COSIGNED else told.size
            known = records(conn).get(witness.vkey())
            record(conn, witness, told.went, known.size if size is None and known else size or 0, now)
            if told.went is WitnessWent.COSIGNED:
                log_alone = (each for each in newest.note.signatures if each.name == newest.origin)
                note = Note(newest.note.text, (*log_alone, *told.lines))
                return self._product.part(Publisher).keep_cosignatures(conn, note, [witness])
            if told.went in ALARMING:
                theirs = told.theirs or last_cosigned(conn, newest.origin, witness)[1]
                if keep_evidence(conn, witness, told.went, newest.note.written(), theirs, now):
                    log.error("witness_refused", code=told.went.value, count=newest.size)
                self._product.part(ForkWatch).look_again()
            elif known is None or known.went is not told.went:
                log.warning("witness_failed", code=told.went.value)
        return 0


def _is_due(known: WitnessRecord | None, size: int, now: datetime) -> bool:
    if known is None:
        return True
    if known.went is WitnessWent.COSIGNED:
        return known.size != size
    pause = min(timedelta(seconds=EVERY_SECONDS * 2 ** min(known.failures, 10)), LONGEST_PAUSE)
    return now - known.tried_at >= pause


def _cosigned(witness: Verifier, note: Note, body: bytes) -> _Told:
    """The lines by this witness's key that are good; those of others are left out."""
    try:
        lines = [Signature.parse(line) for line in body.decode("utf-8").split("\n") if line]
    except (Malformed, UnicodeDecodeError):
        return _Told(WitnessWent.MISREAD)
    ours = tuple(each for each in lines if witness.made(each))
    try:
        times = cosigned_by(witness, note, ours)
    except Unproven:
        return _Told(WitnessWent.WRONG_KEY)
    return _Told(WitnessWent.COSIGNED, ours) if times else _Told(WitnessWent.WRONG_KEY)


def cosigned_by(witness: Verifier, note: Note, lines: Sequence[Signature]) -> bool:
    """Whether there is a good cosignature among the lines. Raises ``Unproven`` for a bad one."""
    return all(verify(witness, note.text, each) > 0 for each in lines) and bool(lines)


def _size(body: bytes) -> int | None:
    try:
        return number(body.decode("ascii").removesuffix("\n"), "size")
    except (Malformed, UnicodeDecodeError):
        return None
