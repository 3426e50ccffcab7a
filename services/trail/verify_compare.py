"""What somebody remembers of the log, from a sheet or a photograph of it, compared with the log as it stands."""

import re
import unicodedata
from dataclasses import dataclass
from threading import Semaphore

import zxingcpp

from domain.refusal import Rejection
from projections.projection import Connection
from services.cases.photo_keeping import read
from services.threads.try_later import TryLater
from services.tlog.checkpoint import Checkpoint
from services.tlog.note import Note
from services.tlog.refusals import Malformed, Unproven
from services.tlog.spelling import base64_hash, number
from services.tlog.tree import verify_consistency
from services.trail import reading
from services.trail.growing import BrokenTree

MOST_TYPED = 20_000  # characters
_ROOT = re.compile(r"[A-Za-z0-9+/]{43}=?")
_looking = Semaphore(1)  # one photograph at a time: nobody has to sign in to send one


@dataclass(frozen=True, slots=True)
class Compared:
    """``answer``: ``same``, ``goes-on``, ``altered``, ``shorter`` (than what is remembered), ``other-log``, ``nothing``
    (on the sheet), ``unread`` or ``no-log`` yet. ``note`` and ``proof`` are what shows it."""

    answer: str
    old: Checkpoint | None = None
    now: Checkpoint | None = None
    note: Note | None = None
    proof: tuple[bytes, ...] = ()


def compared(conn: Connection, note: Note | None, typed: str) -> Compared:
    """``note`` is the log's newest checkpoint. Every answer is one that a proof was made and looked at for."""
    if note is None:
        return Compared("no-log")
    now = Checkpoint.parse(note.text)
    try:
        old = remembered(typed, now.origin)
    except Malformed:
        return Compared("unread", now=now, note=note)
    if old.origin != now.origin:
        return Compared("other-log", old, now, note)
    if not old.size:
        return Compared("nothing", old, now, note)
    if old.size > now.size:
        return Compared("shorter", old, now, note)
    try:
        proof = tuple(reading.consistency(conn, old.size, now.size))
        verify_consistency(old.size, now.size, proof, old.root, now.root)
    except (Unproven, BrokenTree):
        return Compared("altered", old, now, note)
    return Compared("same" if old.size == now.size else "goes-on", old, now, note, proof)


def remembered(typed: str, origin: str) -> Checkpoint:
    """Out of what a code says or somebody typed: name, size, root, as on the sheet; the name may be left out.

    Spaces within the root and commas within the size do no harm, nor do signatures behind. Raises ``Malformed``.
    """
    lines = [line.strip() for line in unicodedata.normalize("NFKC", typed[:MOST_TYPED]).splitlines() if line.strip()]
    if len(lines) == 1:  # all of it in one line, as some apps hand on what a code says
        lines = lines[0].split()
    named = bool(lines) and not _digits(lines[0])
    said = lines if named else [origin, *lines]
    if len(said) < 3 or not _digits(said[1]):
        raise Malformed("not_a_checkpoint", "A checkpoint has three lines: the log's name, its size, its root.")
    root = _root("".join(said[2:8]))
    return Checkpoint(said[0], number(_digits(said[1]), "size"), base64_hash(root.rstrip("=") + "=", "root"))


def _root(text: str) -> str:
    """The first 44 signs of a root, whose groups of four may stand in two lines."""
    plain = text.partition("\u2014")[0].replace(" ", "")
    if not _ROOT.fullmatch(plain):
        raise Malformed("bad_hash", "The root of a checkpoint has 44 signs.")
    return plain


def _digits(text: str) -> str:
    """The number that a line is, without what people put between its digits; nothing where it is none."""
    plain = re.sub(r"(?<=\d)[ ,'](?=\d{3}\b)", "", text)
    return plain if re.fullmatch(r"\d{1,19}", plain, re.ASCII) else ""


def text_of(photo: bytes) -> str:
    """What the code on a photograph says. Rejects ``no_code``, ``not_a_photo``, ``photo_too_large``."""
    if not _looking.acquire(timeout=2):
        raise TryLater
    try:
        found = zxingcpp.read_barcodes(read(photo), formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    finally:
        _looking.release()
    texts = [each.text for each in found if each.text]
    if not texts:
        raise Rejection("no_code")
    return texts[0]
