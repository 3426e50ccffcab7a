"""Checkpoints: the log signs how large its tree is and what its root is, and keeps what others sign beside it.

Nothing is signed that does not go on from what was signed before, and from what was cosigned last.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from projections.projection import Connection
from services.product import Product
from services.tlog.checkpoint import Checkpoint, signed
from services.tlog.cosignature import cosigned
from services.tlog.note import Note, Verifier, opened
from services.tlog.refusals import Unproven
from services.trail.growing import BrokenTree
from services.trail.keys import TrailKeyMissing, TrailKeys, kept_keys
from services.trail.reading import KeptCheckpoint, TreeHead, checkpoint_of, head, latest, root_at
from services.trail.remembered import Forgotten, proven, remember, remembered

PAUSE_SECONDS = 1.0  # between two checkpoints that are signed because somebody looks


class Forked(Exception):
    """The log is not the one that was signed or cosigned: shorter, or different.

    ``had`` and ``has`` are the sizes of what was cosigned and of what is there, ``root`` is that of the first, in hex;
    ``None`` where nobody can tell.
    """

    def __init__(self, code: str, had: int | None, has: int, root: str | None = None) -> None:
        super().__init__(f"{code}: {had} entries were cosigned, and the log has {has}")
        self.code = code
        self.had = had
        self.has = has
        self.root = root


class Publisher:
    """A part of the product: signs checkpoints, and keeps cosignatures."""

    def __init__(self, product: Product) -> None:
        self._product = product
        self._lock = Lock()
        self._read: tuple[float, TrailKeys] | None = None
        self.forked = False  # what was to be signed was not the log that was signed before

    @property
    def keys(self) -> TrailKeys:
        """The trail's keys, as the data folder has them now. Raises ``TrailKeyMissing``."""
        path = self.data / "trail.key"
        try:
            changed = path.stat().st_mtime
        except OSError:
            raise TrailKeyMissing(f"{path} is missing") from None
        with self._lock:
            if self._read is None or self._read[0] != changed:
                found = kept_keys(self.data)
                assert found is not None
                self._read = changed, found
            return self._read[1]

    @property
    def data(self) -> Path:
        return self._product.settings.data

    @property
    def origin(self) -> str:
        return self.keys.origin

    def publish(self, conn: Connection) -> KeptCheckpoint | None:
        """The checkpoint of the tree as it stands, signed now where it was not yet; ``None`` of an empty tree.

        Raises ``Forked``, and signs nothing then.
        """
        now = head(conn)
        keys = self.keys
        if not now.size:
            self._see_no_fork(conn, now)
            return None
        there = checkpoint_of(conn, keys.origin, now.size)
        if there is not None and Checkpoint.parse(there.note.text).root == now.root:
            return there
        self._see_no_fork(conn, now)
        at = self._product.clock()
        note = signed(Checkpoint(keys.origin, now.size, now.root), keys.signers(at))
        conn.execute(
            "INSERT INTO trail.checkpoint (origin, size, note, made_at) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
            (keys.origin, now.size, note.written(), at),
        )
        return KeptCheckpoint(keys.origin, now.size, note, at)

    def _see_no_fork(self, conn: Connection, now: TreeHead) -> None:
        try:
            see_no_fork(conn, self.data, self.origin, now)
        except Forked:
            self.forked = True
            raise

    def newest(self, conn: Connection) -> KeptCheckpoint | None:
        """For whoever looks at the log: the newest checkpoint, signed anew at most once a second."""
        there = latest(conn, self.origin)
        if there is not None and (self._product.clock() - there.made_at).total_seconds() < PAUSE_SECONDS:
            return there
        return self.publish(conn)

    def keep_cosignatures(self, conn: Connection, note: Note, witnesses: Iterable[Verifier]) -> int:
        """Keep what these witnesses signed under one of our own checkpoints, here and outside the database; how many.

        Raises ``Unproven`` for a checkpoint that is not ours, and for a bad line of one of the witnesses.
        """
        checkpoint = Checkpoint.parse(note.text)
        opened(note, self.keys.verifiers())
        there = checkpoint_of(conn, checkpoint.origin, checkpoint.size)
        if there is None or there.note.text != note.text:
            raise Unproven("not_ours", "This checkpoint was not signed by the log as it stands.")
        times = cosigned(note, witnesses)
        lines = [
            (checkpoint.origin, checkpoint.size, witness.name, signature.line(), datetime.fromtimestamp(time, UTC))
            for witness, time in times.items()
            for signature in note.signatures
            if witness.made(signature)
        ]
        if not lines:
            return 0
        remember(self.data, there.note.with_more(note.signatures))
        proven(self.data)
        conn.cursor().executemany(
            "INSERT INTO trail.cosignature (origin, size, witness, line, at) VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            lines,
        )
        return len(lines)


def see_no_fork(conn: Connection, data: Path, origin: str, now: TreeHead) -> None:
    """Raise ``Forked`` unless the tree goes on from all that was signed and cosigned of it."""
    try:
        known = remembered(data, origin)
    except Forgotten:
        raise Forked("forgotten", None, now.size) from None
    last = latest(conn, origin)
    notes = [known[1]] if known else []
    for note in [*notes, last.note] if last else notes:
        checkpoint = Checkpoint.parse(note.text)
        if checkpoint.size > now.size:
            raise Forked("shorter", checkpoint.size, now.size, checkpoint.root.hex())
        try:
            root = root_at(conn, checkpoint.size)
        except BrokenTree:
            raise Forked("different", checkpoint.size, now.size, checkpoint.root.hex()) from None
        if root != checkpoint.root:
            raise Forked("different", checkpoint.size, now.size, checkpoint.root.hex())
