"""Other people's verifiers accept what ours makes, and refuse it tampered with: none of them knows this product.

In each build PyPI's pymerkle and npm's @sigstore/verify; in ``make drill`` those that need another Python, or Go:
aics-tlog, aics-witness (which cosigns a checkpoint of ours), sigstore, the Go toolchain's own checksum database,
transparency-dev, sigsum, and the fsck of tessera.
"""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pymerkle
import pytest

from services.tlog.cosignature import cosigned
from services.tlog.note import COSIGNATURE, Signature, Verifier, parse_note
from services.tlog.spelling import base64_text
from services.tlog.tree import leaf_hash
from tests.tlog.foreign.cases import SIZE, Cases, cases, lay
from tests.tlog.logs import LOG, ORIGIN, MemoryLog

HERE = Path(__file__).parent / "foreign"
ROOT = HERE.parents[2]
MODULES = ROOT / "tests" / "browser" / "node_modules"
TAMPERED = (None, "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/44")
PACKAGES = ("aics-tlog==0.2.1", "aics-witness==0.1.0", "sigstore==4.5.1")


@pytest.fixture(scope="module")
def asked() -> Cases:
    return cases()


@pytest.fixture
def folders(tmp_path: Path) -> list[str]:
    """The log's files as they are, and then with a byte of one of them altered."""
    for number, tampered in enumerate(TAMPERED):
        lay(tmp_path / str(number), tampered)
    return [str(tmp_path / str(number)) for number in range(len(TAMPERED))]


WHOLE_ALONE = [tampered is None for tampered in TAMPERED]

# -- in each build -----------------------------------------------------------------------------------------------------


def test_pymerkle_has_the_same_roots_and_takes_our_proofs_of_inclusion(asked: Cases) -> None:
    """Its proofs begin with the leaf and say for each hash on which side it stands; of consistency they are its own."""
    log, theirs = MemoryLog.of(SIZE), pymerkle.InmemoryTree(algorithm="sha256")
    for entry in log.entries:
        theirs.append_entry(entry)
    assert [theirs.get_root(size) for size in (1, 7, 128, 255, SIZE)] == [
        log.root(size) for size in (1, 7, 128, 255, SIZE)
    ]
    said = []
    for case in asked.inclusion:
        leaf = leaf_hash(base64.b64decode(case.entry))
        path = [leaf, *map(bytes.fromhex, case.proof)]
        rule = theirs.prove_inclusion(min(case.index, SIZE - 1) + 1, SIZE).rule
        proof = pymerkle.InclusionProof("sha256", True, case.size, case.index + 1, rule, path)
        said.append(_holds(proof, leaf, bytes.fromhex(case.root)))
    assert said == asked.verdicts()["inclusion"]


def _holds(proof: pymerkle.InclusionProof, leaf: bytes, root: bytes) -> bool:
    try:
        pymerkle.verify_inclusion(leaf, root, proof)
    except pymerkle.InvalidProof:
        return False
    return True


@pytest.mark.slow
def test_sigstores_verifier_in_javascript_agrees(asked: Cases, tmp_path: Path) -> None:
    node = shutil.which("node") or shutil.which("node", path=str(ROOT / "build" / "node" / "bin"))
    assert node, "there is no node: make test installs one"
    (tmp_path / "cases.json").write_text(asked.written(), encoding="utf-8")
    said = _said([node, str(HERE / "sigstore_verify.cjs"), str(MODULES), str(tmp_path / "cases.json")])
    assert said == {kind: asked.verdicts()[kind] for kind in ("inclusion", "notes")}


# -- in drills ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def python() -> str:
    """A Python with the packages, in a folder of its own."""
    own = ROOT / "build" / "foreign"
    if not (own / "ready").exists():
        base = _newer_python()
        if base is None:
            pytest.skip("needs Python 3.12 or newer beside the product's own, for aics-tlog")
        subprocess.run([base, "-m", "venv", "--clear", own], check=True)
        subprocess.run([own / "bin" / "python", "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
        (own / "ready").touch()
    return str(own / "bin" / "python")


def _newer_python() -> str | None:
    named = (shutil.which(f"python3.{minor}") for minor in range(12, 20))
    by_pyenv = sorted(Path.home().glob(".pyenv/versions/3.1[2-9]*/bin/python"))
    return next(
        filter(None, [sys.executable if sys.version_info >= (3, 12) else None, *map(str, by_pyenv), *named]), None
    )


@pytest.mark.drill
@pytest.mark.slow
def test_aics_tlog_and_sigstore_agree(asked: Cases, python: str, folders: list[str], tmp_path: Path) -> None:
    (tmp_path / "cases.json").write_text(asked.written(), encoding="utf-8")
    said = _said([python, str(HERE / "in_python.py"), str(tmp_path / "cases.json"), *folders])
    verdicts = asked.verdicts()
    assert said["aics-tlog"] == {**verdicts, "folders": WHOLE_ALONE}
    assert said["sigstore"] == {kind: verdicts[kind] for kind in ("inclusion", "notes")}


@pytest.mark.drill
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_four_verifiers_in_go_agree(asked: Cases, folders: list[str], tmp_path: Path) -> None:
    if shutil.which("go") is None:
        pytest.skip("needs Go, for golang.org/x/mod, transparency-dev, sigsum and tessera")
    program = tmp_path / "foreign"
    environment = {**os.environ, "GOFLAGS": "-mod=readonly"}
    subprocess.run(["go", "build", "-o", program, "."], cwd=HERE / "in_go", check=True, env=environment)
    (tmp_path / "cases.json").write_text(asked.written(), encoding="utf-8")
    said = _said([str(program), str(tmp_path / "cases.json"), *folders])
    verdicts = asked.verdicts()
    assert said["golang.org/x/mod/sumdb"] == said["transparency-dev"] == verdicts
    assert said["sigsum"] == {kind: verdicts[kind] for kind in ("inclusion", "consistency")}
    assert said["tessera fsck"] == {"folders": WHOLE_ALONE}


def _said(call: list[str]) -> dict[str, dict[str, list[bool]]]:
    done = subprocess.run(call, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)  # type: ignore[no-any-return]


@pytest.fixture
def foreign_witness(python: str, tmp_path: Path) -> Iterator[tuple[str, int]]:
    """aics-witness, which knows our log by its key alone: its own key, and the port on which it listens."""
    config, call = tmp_path / "witness.json", [python, "-m", "aics_witness"]
    environment = {**os.environ, "AICS_WITNESS_CONFIG": str(config)}
    own = subprocess.run(
        [*call, "init", "--name", "fremd.example/w1"], env=environment, capture_output=True, text=True, check=True
    )
    added = ["add-log", "--origin", ORIGIN, "--vkey", LOG.verifier.vkey()]
    subprocess.run([*call, *added], env=environment, capture_output=True, check=True)
    vkey = re.search(r"fremd\.example/w1\+[0-9a-f]{8}\+\S+", own.stdout + own.stderr)
    assert vkey, own.stdout
    serving = subprocess.Popen(
        [*call, "serve", "--listen", "127.0.0.1:0"],
        env=environment,
        stderr=subprocess.STDOUT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert serving.stdout
        port = next(found for line in serving.stdout if (found := re.search(r"127\.0\.0\.1:(\d+)", line)))
        yield vkey[0], int(port[1])
    finally:
        serving.terminate()
        serving.wait(10)


@pytest.mark.drill
@pytest.mark.slow
def test_a_foreign_witness_cosigns_our_checkpoints_and_no_others(foreign_witness: tuple[str, int]) -> None:
    vkey, port = foreign_witness
    log, forked = MemoryLog.of(SIZE), MemoryLog.of(SIZE)
    forked.entries[7] = b"{}"
    witness = Verifier.parse(vkey, COSIGNATURE)

    def asked_for(of: MemoryLog, old: int, new: int) -> tuple[int, str]:
        proof = "".join(f"{base64_text(it)}\n" for it in of.consistency(old, new)) if old else ""
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("POST", "/add-checkpoint", f"old {old}\n{proof}\n{of.checkpoint(new).written()}".encode())
        answer = connection.getresponse()
        return answer.status, answer.read().decode()

    for old, new in ((0, 200), (200, 256), (256, SIZE)):
        status, lines = asked_for(log, old, new)
        assert status == 200, lines
        note = log.checkpoint(new).with_more(map(Signature.parse, lines.splitlines()))
        assert list(cosigned(parse_note(note.written()), [witness])) == [witness]
    assert asked_for(log, 200, SIZE) == (409, f"{SIZE}\n")
    log.entries.append(b"{}")
    forked.entries.append(b"{}")
    assert asked_for(forked, SIZE, SIZE + 1)[0] == 422
    assert asked_for(log, SIZE, SIZE + 1)[0] == 200
