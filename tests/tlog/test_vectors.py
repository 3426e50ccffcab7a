"""The vectors that others test their verifiers with: made anew as they lie there, and judged here as they say."""

import io
import json
from pathlib import Path

import pytest

from services.tlog.archive import ZipFiles
from services.tlog.archive import verify as verify_archive
from services.tlog.leaf import Disclosure, check
from services.tlog.note import Verifier, parse_note
from services.tlog.policy import Policy
from services.tlog.refusals import Malformed, Unproven
from services.tlog.tree import leaf_hash, root_of, verify_consistency, verify_inclusion
from services.tlog.verify import verify_growth, verify_receipt
from tests.tlog.make_vectors import VECTORS, files

POLICY = Policy.parse((VECTORS / "policy.txt").read_bytes())


def test_the_vectors_lie_there_as_they_are_made() -> None:
    made = files()
    there = {path.relative_to(VECTORS).as_posix() for path in VECTORS.rglob("*") if path.is_file()}
    assert there == {*made, "README.md"}
    for name, data in made.items():
        if not name.endswith(".zip"):  # packed by another zlib it has other bytes and the same contents
            assert (VECTORS / name).read_bytes() == data, name


@pytest.mark.parametrize(
    "case", json.loads((VECTORS / "receipts.json").read_bytes()), ids=lambda case: Path(case["file"]).stem
)
def test_a_receipt_has_the_verdict_that_is_said(case: dict[str, str]) -> None:
    try:
        proven = verify_receipt(POLICY, (VECTORS / case["file"]).read_bytes())
        verdict = "witnessed" if proven.quorum.witnessed else "unwitnessed"
    except Malformed as refusal:
        verdict = case["verdict"] if case["verdict"] == "malformed" else refusal.code
    except Unproven as refusal:
        verdict = refusal.code
    assert verdict == case["verdict"]


@pytest.mark.parametrize("case", json.loads((VECTORS / "growth.json").read_bytes()), ids=lambda case: case["why"])
def test_growth_has_the_verdict_that_is_said(case: dict[str, str]) -> None:
    proof = [bytes.fromhex(it) for it in case["proof"]]
    try:
        verify_growth(POLICY, parse_note(case["old"]), parse_note(case["new"]), proof)
        verdict = "goes_on"
    except Unproven as refusal:
        verdict = refusal.code
    assert verdict == case["verdict"]


def test_trees_leaves_keys_and_the_archive_are_as_they_say() -> None:
    tree = json.loads((VECTORS / "tree.json").read_bytes())
    leaves = [leaf_hash(bytes.fromhex(it)) for it in tree["entries"]]
    roots = [bytes.fromhex(it) for it in tree["roots"]]
    assert [root_of(leaves[:size]) for size in range(10)] == roots
    for it in tree["inclusion"]:
        proof = [bytes.fromhex(each) for each in it["proof"]]
        verify_inclusion(leaves[it["index"]], it["index"], it["size"], proof, roots[it["size"]])
    for it in tree["consistency"]:
        proof = [bytes.fromhex(each) for each in it["proof"]]
        verify_consistency(it["old"], it["new"], proof, roots[it["old"]], roots[it["new"]])
    for it in json.loads((VECTORS / "leaves.json").read_bytes()):
        shown = [Disclosure.parse(each["text"]) for each in it["disclosures"]]
        assert [each["digest"] for each in it["disclosures"]] == [each.digest() for each in shown]
        assert check(it["leaf"].encode(), shown).disclosed == {
            each["name"]: each["value"] for each in it["disclosures"]
        }
    assert Verifier.parse((VECTORS / "log.vkey").read_text().strip()) == POLICY.logs[0].verifier
    archive = io.BytesIO((VECTORS / "archive.zip").read_bytes())
    assert verify_archive(ZipFiles(archive), POLICY).believed.quorum.witnessed
