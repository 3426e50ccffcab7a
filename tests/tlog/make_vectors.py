"""Writes ``tests/tlog/vectors``: cases with their verdicts, for whoever writes a verifier of their own.

``python -m tests.tlog.make_vectors`` makes them anew; the same ones come out each time.
"""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from services.tlog.archive import disclosures_file, write
from services.tlog.figures import Figure, figures_file
from services.tlog.leaf import Disclosure, digest_of
from services.tlog.note import Note
from services.tlog.proof import Proof
from services.tlog.tree import consistency_proof, inclusion_proof
from services.tlog.verify import Carried
from tests.tlog import naive
from tests.tlog.logs import GOVERNMENT, LOG, MEMBERS, ORIGIN, POLICY_TEXT, QUORUM, MemoryLog, entry, signer

VECTORS = Path(__file__).with_name("vectors")
SIZE, INDEX = 300, 123


def receipts() -> list[tuple[str, str, str, str]]:
    """File name, text, verdict, and why."""
    log = MemoryLog.of(SIZE)
    good = log.receipt(INDEX)
    data, disclosures = entry(INDEX)
    other = MemoryLog.of(SIZE, signer("log.other.example/2026"))
    thief = MemoryLog.of(SIZE, signer(ORIGIN, seed=99))
    text, hashes = good.text(), good.hashes
    stolen = log.checkpoint(SIZE - 1, QUORUM).signatures[-1]

    def with_(**changed: Any) -> str:
        parts = {"index": good.index, "hashes": hashes, "note": good.note, "extra": good.extra, **changed}
        return Proof(**parts).text()

    def carrying(leaf: bytes, shown: tuple[Disclosure, ...]) -> str:
        return with_(extra=Carried(leaf, shown).extra())

    signed = good.note
    return [
        ("good", text, "witnessed", "two members and the sub-district cosigned"),
        ("all-fields", carrying(data, disclosures), "witnessed", "both fields are shown"),
        ("no-fields", carrying(data, ()), "witnessed", "no field is shown"),
        (
            "unknown-signature",
            with_(note=signed.with_more([signer("n.example", seed=77).signed(signed.text)])),
            "witnessed",
            "a signature by somebody unknown means nothing",
        ),
        (
            "members-only",
            with_(note=log.checkpoint(witnesses=MEMBERS)),
            "unwitnessed",
            "three members, nobody of the government",
        ),
        (
            "government-only",
            with_(note=log.checkpoint(witnesses=GOVERNMENT)),
            "unwitnessed",
            "the government, no member",
        ),
        ("log-alone", with_(note=log.checkpoint()), "unwitnessed", "only the log signed"),
        (
            "entry-altered",
            carrying(data.replace(b'"fen":123', b'"fen":124'), disclosures[:1]),
            "not_included",
            "one figure of the entry",
        ),
        ("other-entry", carrying(entry(INDEX + 1)[0], ()), "not_included", "an entry of another place"),
        (
            "disclosure-altered",
            carrying(data, (Disclosure(disclosures[0].salt, "name", "欧阳雨"),)),
            "not_of_entry",
            "another name",
        ),
        ("disclosure-of-another", carrying(data, entry(INDEX + 1)[1][:1]), "not_of_entry", "a field of another entry"),
        ("disclosure-twice", carrying(data, disclosures[:1] * 2), "field_twice", "one field shown twice"),
        ("index-other", with_(index=INDEX + 1), "not_included", "another number of the entry"),
        ("index-beyond", with_(index=SIZE), "not_in_tree", "a number that the log does not have"),
        (
            "hash-altered",
            with_(hashes=(hashes[1], hashes[0], *hashes[2:])),
            "not_included",
            "two hashes in each other's place",
        ),
        ("hash-less", with_(hashes=hashes[:-1]), "wrong_length", "a hash is missing"),
        ("hash-more", with_(hashes=(*hashes, hashes[0])), "wrong_length", "a hash too many"),
        (
            "size-altered",
            with_(note=_text(signed, f"\n{SIZE}\n", f"\n{SIZE + 1}\n")),
            "bad_signature",
            "the size is not the signed one",
        ),
        ("other-log", with_(note=other.checkpoint()), "other_log", "a log that the policy does not have"),
        (
            "other-key",
            with_(note=thief.checkpoint(witnesses=QUORUM)),
            "no_known_signature",
            "the log's name, another key",
        ),
        (
            "forged-cosignature",
            with_(note=signed.with_more([stolen])),
            "bad_signature",
            "a known witness's signature of something else",
        ),
        ("no-entry", with_(extra=None), "no_entry", "a proof without its entry"),
        ("cut", text[: len(text) // 2], "malformed", "the second half is missing"),
        ("dos-lines", text.replace("\n", "\r\n"), "control_character", "lines that end as on DOS"),
        (
            "index-leading-zero",
            text.replace(f"index {INDEX}", f"index 0{INDEX}"),
            "bad_number",
            "a number spelt otherwise",
        ),
        ("not-a-proof", "hello\n\nworld\n", "not_a_proof", "another file"),
    ]


def growth() -> list[dict[str, Any]]:
    log, forked = MemoryLog.of(SIZE), MemoryLog.of(SIZE)
    forked.entries[100] = entry(999)[0]
    cases = [
        ("from 1", log, 1, log, "goes_on"), ("from a full tile", log, 256, log, "goes_on"),
        ("from 200", log, 200, log, "goes_on"), ("the same", log, SIZE, log, "goes_on"),
        ("an entry before was altered", log, 200, forked, "other_history"),
        ("the same size, another root", log, SIZE, forked, "other_history"),
    ]  # fmt: skip
    return [
        {
            "why": why,
            "old": of.checkpoint(old).written(),
            "new": to.checkpoint(SIZE, QUORUM).written(),
            "proof": [it.hex() for it in to.consistency(old, SIZE)],
            "verdict": verdict,
        }
        for why, of, old, to, verdict in cases
    ]


def tree() -> dict[str, Any]:
    """Small trees whole: every root, inclusion and consistency proof up to 9 entries."""
    entries = [f"entry {n}".encode() for n in range(9)]

    def hash_at(level: int, n: int) -> bytes:
        return naive.mth(entries[n << level : (n + 1) << level])

    pairs = [(index, size) for size in range(1, 10) for index in range(size)]
    return {
        "entries": [it.hex() for it in entries],
        "roots": [naive.mth(entries[:size]).hex() for size in range(10)],
        "inclusion": [
            {"index": index, "size": size, "proof": [it.hex() for it in inclusion_proof(hash_at, index, size)]}
            for index, size in pairs
        ],
        "consistency": [
            {"old": index + 1, "new": size, "proof": [it.hex() for it in consistency_proof(hash_at, index + 1, size)]}
            for index, size in pairs
        ],
    }


def leaves() -> list[dict[str, Any]]:
    return [
        {
            "leaf": data.decode(),
            "disclosures": [
                {"text": it.text(), "digest": digest_of(it.text()), "name": it.name, "value": it.value} for it in shown
            ],
        }
        for data, shown in map(entry, (0, 7, 299))
    ]


def archive() -> bytes:
    log, to = MemoryLog.of(258), io.BytesIO()
    files = log.files()
    figures = [Figure("fen of the third stream", 7, 21, (("stream", "s3"),), 10 + 17, "fen")]
    reports = {"disclosures.jsonl": disclosures_file({5: entry(5)[1][:1]}), "figures.json": figures_file(figures)}
    write(to, log.checkpoint(witnesses=QUORUM), POLICY_TEXT, lambda address: files[address.path()], reports)
    return to.getvalue()


def files() -> dict[str, bytes]:
    """Everything but the README, by its name below ``vectors``."""
    cases = receipts()
    verdicts = [
        {"file": f"receipts/{name}.tlog-proof", "verdict": verdict, "why": why} for name, _, verdict, why in cases
    ]
    return {
        "policy.txt": POLICY_TEXT.encode(),
        "log.vkey": f"{LOG.verifier.vkey()}\n".encode(),
        "archive.zip": archive(),
        "receipts.json": _json(verdicts),
        "growth.json": _json(growth()),
        "tree.json": _json(tree()),
        "leaves.json": _json(leaves()),
        **{f"receipts/{name}.tlog-proof": text.encode() for name, text, _, _ in cases},
    }


def _json(found: Any) -> bytes:
    return (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode()


def _text(note: Note, old: str, new: str) -> Note:
    return Note(note.text.replace(old, new), note.signatures)


def main(say: Callable[[str], None] = print) -> None:
    for name, data in files().items():
        (VECTORS / name).parent.mkdir(parents=True, exist_ok=True)
        (VECTORS / name).write_bytes(data)
        say(name)


if __name__ == "__main__":
    main()
