"""A log as one file that can be verified offline: its checkpoint, all its tiles and entries, a policy, and reports.

    checkpoint                 signed, with its cosignatures
    policy.txt                 as the log's keeper has it: to be read; believed is only the policy one has oneself
    tile/...                   tiles and bundles of entries of exactly this checkpoint, by their public addresses
    reports/...                tables and papers; nothing proves these by themselves
    reports/disclosures.jsonl  a line {"index": 5, "disclosures": [...]} for each entry of which fields are shown
    reports/figures.json       figures that can be counted anew out of the entries (``services.tlog.figures``)

It is a ZIP file, or the same files in a folder. Nothing is unpacked: every file is read up to the size it may have.
"""

import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

from services.tlog.figures import Figure, Tally, figures_of
from services.tlog.leaf import Disclosure, Value, check, read
from services.tlog.note import MOST_NOTE, Note, parse_note
from services.tlog.policy import MOST_POLICY, Believed, Policy
from services.tlog.refusals import Malformed, Unproven
from services.tlog.spelling import HASH
from services.tlog.tiles import (
    MOST_ENTRY,
    WIDTH,
    Address,
    addresses,
    entries_path,
    root_of_complete,
    tile_path,
    unbundle,
)  # fmt: skip
from services.tlog.tree import Frontier, leaf_hash

CHECKPOINT, POLICY = "checkpoint", "policy.txt"
REPORTS, DISCLOSURES, FIGURES = "reports/", "reports/disclosures.jsonl", "reports/figures.json"
MOST_REPORT = 256 * 1024 * 1024  # bytes of one
MOST_REPORTS = 1_000
MOST_BUNDLE = WIDTH * (2 + MOST_ENTRY)
_REPORT = re.compile(r"reports/(?:[\w-][\w.-]{0,99}/){0,3}[\w-][\w.-]{0,99}")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same log gives the same file on every day


class Files(Protocol):
    """What an archive lies in."""

    def names(self) -> Iterable[str]:
        """With slashes; each as often as it is there."""

    def read(self, name: str, most: int) -> bytes:
        """The file's bytes. Raises ``Malformed`` where there are more than ``most``."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What holds of a whole archive. ``believed.quorum`` says who vouches; ``same_policy`` whether the archive's own
    policy says what the reader's does; ``unproven`` are reports that the log says nothing about by itself."""

    believed: Believed
    same_policy: bool
    disclosed: Mapping[int, Mapping[str, Value]]
    figures: tuple[Figure, ...]
    unproven: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Contents:
    note: Note
    believed: Believed
    reports: tuple[str, ...]


def write(
    to: BinaryIO, note: Note, policy: str, tile: Callable[[Address], bytes], reports: Mapping[str, bytes]
) -> None:
    """``tile`` gives the bytes of each tile and bundle of the note's checkpoint; ``reports`` by names below reports/.

    The same contents make the same bytes.
    """
    size = Policy.parse(policy).believed(note).checkpoint.size
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:

        def put(name: str, data: bytes, packed: bool = True) -> None:
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)

        put(CHECKPOINT, note.written().encode("utf-8"))
        put(POLICY, policy.encode("utf-8"))
        for address in addresses(size):
            put(address.path(), tile(address), packed=address.level is None)  # hashes do not shrink
        for name, data in sorted(reports.items()):
            if not _REPORT.fullmatch(REPORTS + name):
                raise Malformed("bad_file_name", f"A report cannot be called {name[:80]!r}.")
            put(REPORTS + name, data)


def disclosures_file(disclosed: Mapping[int, Iterable[Disclosure]]) -> bytes:
    """``reports/disclosures.jsonl`` for these entries."""
    lines = ({"index": at, "disclosures": [it.text() for it in its]} for at, its in sorted(disclosed.items()))
    return "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines).encode("ascii")


def verify(files: Files, policy: Policy, each: Callable[[int, Mapping[str, Value]], None] | None = None) -> Verified:
    """Everything there is, or ``Malformed`` and ``Unproven`` for the first thing that is wrong.

    ``each`` is called with the index and the public fields of every entry, in order, before the root is known to be
    the signed one: what it gathers means something once this returns.
    """
    contents = _contents(files, policy)
    disclosures = _disclosures(files, contents)
    tally = Tally(figures_of(files.read(FIGURES, MOST_REPORT) if FIGURES in contents.reports else b"[]"))
    disclosed: dict[int, Mapping[str, Value]] = {}
    for index, entry in _entries(files, contents.believed):
        shown = disclosures.pop(index, None)
        public, _ = read(entry)
        if shown is not None:
            disclosed[index] = check(entry, shown).disclosed
        tally.count(index, public)
        if each:
            each(index, public)
    if disclosures:
        raise Unproven("not_in_tree", f"Fields are shown of entry {min(disclosures)}, which the log does not have.")
    figures = tally.verified(contents.believed.checkpoint.size)
    own = files.read(POLICY, MOST_POLICY)
    unproven = tuple(name for name in contents.reports if name not in (DISCLOSURES, FIGURES))
    return Verified(contents.believed, _same(own, policy), disclosed, figures, unproven)


def _contents(files: Files, policy: Policy) -> _Contents:
    """The checkpoint, once it is certain that the archive has exactly the files that belong to it."""
    names = list(files.names())
    _refuse_doubled(names)
    if CHECKPOINT not in names:
        raise Malformed("missing_file", "The archive has no checkpoint: it is no archive of a log, or it was cut.")
    note = parse_note(files.read(CHECKPOINT, MOST_NOTE))
    believed = policy.believed(note)
    size, there = believed.checkpoint.size, set(names)
    if size > len(names) * WIDTH:  # before a number that anybody can write down is counted to
        raise Malformed("missing_file", f"The checkpoint is of {size} entries, and most of them are missing.")
    wanted = {CHECKPOINT, POLICY, *(address.path() for address in addresses(size))}
    reports = sorted(name for name in there - wanted if name.startswith(REPORTS))
    odd = sorted(there - wanted - set(reports)) + [name for name in reports if not _REPORT.fullmatch(name)]
    if wanted - there:
        raise Malformed("missing_file", f"The archive lacks {_some(sorted(wanted - there))}.")
    if odd or len(reports) > MOST_REPORTS:
        raise Malformed("extra_file", f"The archive has files that do not belong to it: {_some(odd or reports)}.")
    return _Contents(note, believed, tuple(reports))


def _refuse_doubled(names: list[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:  # on half of all machines they would be one file
            raise Malformed("doubled_file", f"The archive has {name[:80]!r} twice.")
        seen.add(name.casefold())


def _some(names: list[str]) -> str:
    shown = ", ".join(repr(name[:80]) for name in names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"


def _entries(files: Files, believed: Believed) -> Iterator[tuple[int, bytes]]:
    """Every entry in order, each of a bundle that its tile agrees with; the root is compared at the end."""
    checkpoint = believed.checkpoint
    frontier, above = Frontier(), _Above(files)
    for n in range(-(-checkpoint.size // WIDTH)):
        width = min(WIDTH, checkpoint.size - n * WIDTH)
        entries = unbundle(files.read(entries_path(n, width), MOST_BUNDLE))
        if len(entries) != width:
            raise Malformed("bad_bundle", f"{entries_path(n, width)} has {len(entries)} entries instead of {width}.")
        hashes = [leaf_hash(entry) for entry in entries]
        above.compare(0, n, hashes)
        frontier = frontier.extended(hashes)
        yield from ((n * WIDTH + at, entry) for at, entry in enumerate(entries))
    above.finish()
    if frontier.root() != checkpoint.root:
        raise Unproven("other_root", "The entries are not those that were signed: they lead to another root.")


class _Above:
    """Compares tiles with what is below them, level by level, as soon as one is full."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._open: list[list[bytes]] = []  # of each level from 1 on, the hashes since the last full tile
        self._full: list[int] = []

    def compare(self, level: int, n: int, hashes: list[bytes]) -> None:
        path = tile_path(level, n, len(hashes))
        if self._files.read(path, WIDTH * HASH) != b"".join(hashes):
            raise Unproven("other_tile", f"{path} does not belong to what is below it: one of the two was altered.")
        if len(hashes) == WIDTH:
            self._rise(level + 1, root_of_complete(hashes))

    def finish(self) -> None:
        """The partial tiles at the tree's edge."""
        for level in range(len(self._open)):
            if self._open[level]:
                self.compare(level + 1, self._full[level], self._open[level])

    def _rise(self, level: int, hash: bytes) -> None:
        if level > len(self._open):
            self._open.append([])
            self._full.append(0)
        hashes = self._open[level - 1]
        hashes.append(hash)
        if len(hashes) == WIDTH:
            self.compare(level, self._full[level - 1], hashes)
            self._open[level - 1] = []
            self._full[level - 1] += 1


def _disclosures(files: Files, contents: _Contents) -> dict[int, tuple[Disclosure, ...]]:
    found: dict[int, tuple[Disclosure, ...]] = {}
    raw = files.read(DISCLOSURES, MOST_REPORT) if DISCLOSURES in contents.reports else b""
    for at, line in enumerate(raw.split(b"\n")[:-1] if raw.endswith(b"\n") else [raw] if raw else [], 1):
        try:
            match json.loads(line):
                case {"index": int(index), "disclosures": [*texts], **more} if (
                    not more and index not in found and index is not True and all(isinstance(it, str) for it in texts)
                ):
                    found[index] = tuple(Disclosure.parse(text) for text in texts)
                    continue
        except Malformed as refusal:
            raise Malformed(refusal.code, f"Line {at} of {DISCLOSURES}: {refusal}") from None
        except (ValueError, RecursionError):
            pass
        raise Malformed("bad_disclosure", f"Line {at} of {DISCLOSURES} does not say which entry it shows what of.")
    return found


def _same(own: bytes, policy: Policy) -> bool:
    try:
        return Policy.parse(own) == policy
    except Malformed:
        return False


@dataclass(slots=True)
class ZipFiles:
    """A ZIP file as somebody sent it: nothing in it is believed, and nothing read beyond what a file may have."""

    data: BinaryIO
    _archive: zipfile.ZipFile = field(init=False, repr=False)

    def __post_init__(self) -> None:
        try:
            self._archive = zipfile.ZipFile(self.data)
        except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, UnicodeError):
            raise Malformed("not_an_archive", "This is no ZIP file, or it was cut.") from None
        length = self.data.seek(0, 2)
        if sum(info.compress_size for info in self._archive.infolist()) > length:
            raise Malformed("overlapping_files", "Files of the archive lie over one another: it was made to do harm.")

    def names(self) -> list[str]:
        return [info.filename for info in self._archive.infolist() if not _is_folder(info)]

    def read(self, name: str, most: int) -> bytes:
        info = self._archive.getinfo(name)
        if info.flag_bits & 1:
            raise Malformed("locked_file", f"{name[:80]!r} is locked with a password.")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Malformed("not_an_archive", f"{name[:80]!r} is packed in a way that is not read here.")
        if info.file_size > most:
            raise Malformed("too_long", f"{name[:80]!r} has {info.file_size} bytes, more than the {most} it may have.")
        try:
            with self._archive.open(info) as file:
                data = file.read(most + 1)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError, UnicodeError):
            raise Malformed("damaged_file", f"{name[:80]!r} cannot be read: the archive is damaged.") from None
        if len(data) != info.file_size:
            raise Malformed("damaged_file", f"{name[:80]!r} is not as long as the archive says.")
        return data


def _is_folder(info: zipfile.ZipInfo) -> bool:
    """A folder's own line, which some programs put before the files in it."""
    return info.is_dir() and not info.file_size and info.filename.startswith(("tile/", REPORTS))
