"""What PyPI's sigstore and aics-tlog say; run by a Python that has them: ``in_python.py CASES FOLDER…``."""

import base64
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace


def holds(check: Callable[[], object]) -> bool:
    try:
        return check() is not False
    except (ValueError, LookupError, OSError) as refused:
        print(type(refused).__name__, refused, file=sys.stderr)
        return False


def of_aics(cases: dict, folders: list[Path]) -> dict[str, list[bool]]:
    from aics_tlog.checkpoint import verify_checkpoint
    from aics_tlog.hashing import leaf_hash
    from aics_tlog.note import parse_note, parse_vkey
    from aics_tlog.tiles import FileSystemTileReader
    from aics_tlog.tree import verify_consistency, verify_inclusion
    from aics_tlog.verified import audit_tiles

    def noted(text: str) -> bool:
        found = verify_checkpoint(parse_note(text), parse_vkey(cases["log"]), [parse_vkey(cases["witness"])], 1)
        return bool(found.ok)

    def whole(folder: Path) -> object:
        found = verify_checkpoint(parse_note((folder / "checkpoint").read_bytes()), parse_vkey(cases["log"]))
        return audit_tiles(FileSystemTileReader(folder), found.size, found.root)

    return {
        "inclusion": [
            holds(lambda it=it: verify_inclusion(
                leaf_hash(base64.b64decode(it["entry"])), it["index"], it["size"],
                [bytes.fromhex(each) for each in it["proof"]], bytes.fromhex(it["root"])))
            for it in cases["inclusion"]
        ],
        "consistency": [
            holds(lambda it=it: verify_consistency(
                it["old"], it["new"], bytes.fromhex(it["old_root"]), bytes.fromhex(it["new_root"]),
                [bytes.fromhex(each) for each in it["proof"]]))
            for it in cases["consistency"]
        ],
        "notes": [holds(lambda it=it: noted(it["note"])) for it in cases["notes"]],
        "folders": [holds(lambda it=it: whole(it)) for it in folders],
    }  # fmt: skip


def of_sigstore(cases: dict) -> dict[str, list[bool]]:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from sigstore._internal.merkle import verify_merkle_inclusion
    from sigstore._internal.rekor.checkpoint import SignedCheckpoint
    from sigstore.errors import VerificationError

    class Keys:
        """Stands for sigstore's keyring, which knows no plain Ed25519 keys of its own."""

        def verify(self, *, key_id: bytes, signature: bytes, data: bytes) -> None:
            try:
                Ed25519PublicKey.from_public_bytes(bytes.fromhex(cases["log_key"])).verify(signature, data)
            except Exception as refused:
                raise VerificationError("bad") from refused

    def entry(it: dict) -> SimpleNamespace:
        proof = SimpleNamespace(
            log_index=it["index"], tree_size=it["size"], hashes=[bytes.fromhex(each) for each in it["proof"]],
            root_hash=bytes.fromhex(it["root"]),
        )  # fmt: skip
        return SimpleNamespace(
            _inner=SimpleNamespace(inclusion_proof=proof, canonicalized_body=base64.b64decode(it["entry"]))
        )

    def said(check: Callable[[], object]) -> bool:
        try:
            check()
        except VerificationError:
            return False
        return True

    key = bytes.fromhex(cases["log_id"])
    return {
        "inclusion": [said(lambda it=it: verify_merkle_inclusion(entry(it))) for it in cases["inclusion"]],
        "notes": [
            said(lambda it=it: SignedCheckpoint.from_text(it["note"]).signed_note.verify(Keys(), key))
            for it in cases["notes"]
        ],
    }


def main() -> None:
    cases = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    said = {"aics-tlog": of_aics(cases, list(map(Path, sys.argv[2:]))), "sigstore": of_sigstore(cases)}
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main()
