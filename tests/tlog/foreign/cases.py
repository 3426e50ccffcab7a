"""What other people's verifiers are asked: our proofs, notes and tiles, and the same ones tampered with."""

import base64
import json
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path

from services.tlog.note import parse_note
from services.tlog.tree import leaf_hash
from tests.tlog.logs import LOG, MEMBERS, MemoryLog

SIZE, EARLIER = 300, 200


@dataclass(frozen=True, slots=True)
class Inclusion:
    index: int
    size: int
    entry: str  # Base 64
    proof: list[str]  # hex
    root: str
    good: bool


@dataclass(frozen=True, slots=True)
class Consistency:
    old: int
    new: int
    old_root: str
    new_root: str
    proof: list[str]
    good: bool


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint signed by the log and cosigned by one member."""

    note: str
    good: bool


@dataclass(frozen=True, slots=True)
class Cases:
    """``log`` and ``witness`` are their keys, as text and, for who wants them so, as 32 bytes in hex."""

    log: str
    witness: str
    log_key: str
    log_id: str
    inclusion: list[Inclusion]
    consistency: list[Consistency]
    notes: list[Signed]

    def written(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    def verdicts(self) -> dict[str, list[bool]]:
        return {kind: [case.good for case in getattr(self, kind)] for kind in ("inclusion", "consistency", "notes")}


def cases() -> Cases:
    log, key = MemoryLog.of(SIZE), LOG.verifier
    return Cases(
        log=key.vkey(),
        witness=MEMBERS[0].verifier.vkey(),
        log_key=key.public_key.hex(),
        log_id=key.key_id.hex(),
        inclusion=list(chain.from_iterable(_inclusion(log, index) for index in (0, 123, 255, 256, 299))),
        consistency=list(chain.from_iterable(_consistency(log, old) for old in (1, 128, 200, 256, 299))),
        notes=_notes(log),
    )


def lay(folder: Path, tampered: str | None = None) -> None:
    """The log as its address serves it, in a folder; with a byte of one of its files altered."""
    log = MemoryLog.of(SIZE)
    files = {"checkpoint": log.checkpoint(witnesses=MEMBERS[:1]).written().encode(), **log.files()}
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data if name != tampered else data[:20] + bytes([data[20] ^ 1]) + data[21:])


def _inclusion(log: MemoryLog, index: int) -> list[Inclusion]:
    proof = [it.hex() for it in log.inclusion(index, SIZE)]
    entry, root = log.entries[index], log.root(SIZE).hex()

    def case(
        entry: bytes = entry, proof: list[str] = proof, root: str = root, at: int = index, good: bool = False
    ) -> Inclusion:
        return Inclusion(at, SIZE, base64.b64encode(entry).decode(), proof, root, good)

    return [
        case(good=True), case(entry=entry.replace(b"Issue", b"issue")), case(proof=[_other(proof[0]), *proof[1:]]),
        case(proof=proof[1:]), case(proof=[*proof, proof[0]]), case(proof=proof[::-1]), case(root=_other(root)),
        case(at=index ^ 1), case(at=SIZE),
    ]  # fmt: skip


def _consistency(log: MemoryLog, old: int) -> list[Consistency]:
    proof = [it.hex() for it in log.consistency(old, SIZE)]
    before, after = log.root(old).hex(), log.root(SIZE).hex()
    return [
        Consistency(old, SIZE, before, after, proof, True),
        Consistency(old, SIZE, _other(before), after, proof, False),
        Consistency(old, SIZE, before, _other(after), proof, False),
        Consistency(old, SIZE, before, after, [_other(proof[0]), *proof[1:]], False),
        Consistency(old, SIZE, before, after, proof[:-1], False),
        Consistency(old, SIZE, before, after, [*proof, proof[0]], False),
        Consistency(old, SIZE, after, before, proof, False),
    ]


def _notes(log: MemoryLog) -> list[Signed]:
    note = log.checkpoint(witnesses=MEMBERS[:1]).written()
    body, lines = note.split("\n\n")
    other = MemoryLog.of(EARLIER).checkpoint(witnesses=MEMBERS[:1])
    spoilt = [
        note.replace("\n300\n", "\n301\n"),
        note.replace("xincheng-2026\n300", "xincheng-2027\n300"),
        f"{other.text}\n{lines}",
        f"{body}\n\n{lines.splitlines()[1]}\n",  # the witness alone
        f"{body}\n\n{other.signatures[0].line()}\n{lines.splitlines()[1]}\n",
    ]
    assert parse_note(note) and leaf_hash(b"")
    return [Signed(note, True), *(Signed(each, False) for each in spoilt)]


def _other(hash: str) -> str:
    return hash[:-1] + ("0" if hash[-1] != "0" else "1")
