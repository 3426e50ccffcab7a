"""Archives: written, verified with the command alone, and every way in which one can be bad refused for what it is."""

import io
import json
import os
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from unittest.mock import ANY

import pytest

from services.__main__ import main
from services.tlog.archive import ZipFiles, disclosures_file, verify, write
from services.tlog.figures import Figure, figures_file
from services.tlog.leaf import leaf
from services.tlog.refusals import Malformed, Unproven
from tests.tlog.logs import MEMBERS, ORIGIN, POLICY, POLICY_TEXT, QUORUM, MemoryLog, entry, signer

SIZE = 258
LOG = MemoryLog.of(SIZE)
NAMES = ("checkpoint", "policy.txt", "tile/0/000", "tile/0/001.p/2", "tile/1/000.p/1", "tile/entries/000",
         "tile/entries/001.p/2")  # fmt: skip
FIGURES = [
    Figure("报修", 0, SIZE, (("type", "IssueReported"),), SIZE),
    Figure("third street, in fen", 7, 21, (("stream", "s3"),), 10 + 17, "fen"),
]
REPORTS = {
    "disclosures.jsonl": disclosures_file({5: entry(5)[1][:1], 257: entry(257)[1]}),
    "figures.json": figures_file(FIGURES),
    "2026-11/cases.csv": b"number,kind\n",
}


def files_of(
    log: MemoryLog = LOG, witnesses: tuple = QUORUM, reports: dict[str, bytes] | None = None
) -> dict[str, bytes]:  # type: ignore[type-arg]
    return {
        "checkpoint": log.checkpoint(witnesses=witnesses).written().encode(),
        "policy.txt": POLICY_TEXT.encode(),
        **log.files(),
        **{f"reports/{name}": data for name, data in (REPORTS if reports is None else reports).items()},
    }


def packed(files: dict[str, bytes] | list[tuple[str, bytes]]) -> io.BytesIO:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items() if isinstance(files, dict) else files:
            archive.writestr(name, content)
    return data


def test_an_archive_is_verified_as_a_whole() -> None:
    verified = verify(ZipFiles(packed(files_of())), POLICY)
    assert (verified.believed.checkpoint.size, verified.believed.quorum.witnessed) == (SIZE, True)
    assert verified.disclosed == {5: {"name": "欧阳雪"}, 257: {"name": "欧阳雪", "phone": "13910000257"}}
    assert (len(verified.figures), verified.unproven, verified.same_policy) == (2, ("reports/2026-11/cases.csv",), True)


def test_the_same_log_is_written_as_the_same_bytes() -> None:
    files, written = LOG.files(), [io.BytesIO(), io.BytesIO()]
    for to in written:
        write(to, LOG.checkpoint(witnesses=QUORUM), POLICY_TEXT, lambda address: files[address.path()], REPORTS)
    assert written[0].getvalue() == written[1].getvalue()
    assert verify(ZipFiles(written[0]), POLICY).believed.quorum.met
    assert {*ZipFiles(written[0]).names()} == {*NAMES, *(f"reports/{name}" for name in REPORTS)}
    for name in ("../x", "/x", "a b", "", "a/b/c/d/e", ".hidden", "a\\b"):
        with pytest.raises(Malformed):
            write(io.BytesIO(), LOG.checkpoint(), POLICY_TEXT, lambda address: files[address.path()], {name: b""})


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 512])
def test_archives_of_every_edge_are_whole(size: int) -> None:
    log = MemoryLog(LOG.entries + LOG.entries)
    log.entries = log.entries[:size]
    assert verify(ZipFiles(packed(files_of(log, reports={}))), POLICY).believed.checkpoint.size == size


@pytest.mark.slow
def test_an_archive_of_three_levels_is_whole() -> None:
    """Where a full tile stands above full tiles."""
    log = MemoryLog([leaf({"n": n}) for n in range(70_000)])
    files = files_of(log, reports={})
    assert "tile/2/000.p/1" in files
    assert verify(ZipFiles(packed(files)), POLICY).believed.checkpoint.size == 70_000


Change = Callable[[dict[str, bytes]], object]


def _set(name: str, data: bytes | Callable[[bytes], bytes]) -> Change:
    return lambda files: files.update({name: data if isinstance(data, bytes) else data(files[name])})


def _figure(**changed: object) -> Change:
    return _set("reports/figures.json", json.dumps([{**FIGURES[1].written(), **changed}]).encode())


def _note(log: MemoryLog) -> Change:
    return _set("checkpoint", log.checkpoint().written().encode())


def _shown(lines: bytes | Callable[[bytes], bytes]) -> Change:
    return _set("reports/disclosures.jsonl", lines)


BAD: dict[str, tuple[Change, str]] = {
    **{f"without {name}": ((lambda files, name=name: files.pop(name)), "missing_file") for name in NAMES},
    "a file more": (_set("notes.txt", b""), "extra_file"),
    "a program": (_set("reports/../../run.sh", b""), "extra_file"),
    "hidden": (_set("reports/.profile", b""), "extra_file"),
    "absolute": (_set("/checkpoint", b""), "extra_file"),
    "of the system": (_set("__MACOSX/._checkpoint", b""), "extra_file"),
    "a tile more": (_set("tile/0/002", b"x" * 8192), "extra_file"),
    "a partial tile of another size": (_set("tile/0/001.p/1", b"x" * 32), "extra_file"),
    "doubled but for a capital": (_set("Checkpoint", b""), "doubled_file"),
    "a tile too short": (_set("tile/0/000", lambda data: data[:-1]), "other_tile"),
    "a tile too long": (_set("tile/0/000", lambda data: data + b"x"), "too_long"),
    "a tile altered": (_set("tile/0/000", lambda data: b"x" + data[1:]), "other_tile"),
    "a tile above altered": (_set("tile/1/000.p/1", lambda data: data[:-1] + b"x"), "other_tile"),
    "an entry altered": (_set("tile/entries/001.p/2", lambda data: data.replace(b"257", b"258")), "other_tile"),
    "an entry less": (_set("tile/entries/001.p/2", lambda data: data[: len(data) // 2]), "bad_bundle"),
    "a bundle cut": (_set("tile/entries/000", lambda data: data[:-1]), "bad_bundle"),
    "a bundle too long": (_set("tile/entries/001.p/2", b"\0" * 20_000_000), "too_long"),
    "no note": (_set("checkpoint", b"hello\n"), "not_a_note"),
    "no checkpoint": (_set("checkpoint", b"a\n1\n\n\xe2\x80\x94 a AAAAAAE=\n"), "not_a_checkpoint"),
    "a key that is not the log's": (_note(MemoryLog.of(SIZE, signer(ORIGIN, seed=9))), "no_known_signature"),
    "another log": (_note(MemoryLog.of(SIZE, signer("other.example"))), "other_log"),
    "a size that would be counted for ever": (_set("checkpoint", b"huge"), "missing_file"),
    "another time of the log": (_note(MemoryLog.of(257)), "missing_file"),
    "figures that are none": (_set("reports/figures.json", b"{}"), "bad_figures"),
    "figures that are no JSON": (_set("reports/figures.json", b"["), "bad_json"),
    "a figure too great": (_figure(**{"is": 28}), "other_figure"),
    "a figure of no number": (_figure(of="type"), "other_figure"),
    "a figure of what is not there": (_figure(to=SIZE + 1), "not_in_tree"),
    "a figure backwards": (_figure(to=1), "bad_figures"),
    "a figure with more": (_figure(hidden=1), "bad_figures"),
    "a figure that is no number": (_figure(**{"is": True}), "bad_figures"),
    "a disclosure of another entry": (_shown(disclosures_file({6: entry(5)[1]})), "not_of_entry"),
    "a disclosure of no entry": (_shown(disclosures_file({SIZE: entry(5)[1]})), "not_in_tree"),
    "a disclosure twice": (_shown(disclosures_file({5: entry(5)[1]}) * 2), "bad_disclosure"),
    "disclosures that are none": (_shown(b"[]\n"), "bad_disclosure"),
    "disclosures that are no JSON": (_shown(b"\xff\n"), "bad_disclosure"),
    "a disclosure with more": (_shown(b'{"index":1,"disclosures":[],"x":1}\n'), "bad_disclosure"),
    "disclosures cut": (_shown(lambda data: data[:-9]), "bad_disclosure"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_a_bad_archive_is_refused_for_what_is_wrong(what: str) -> None:
    change, code = BAD[what]
    files = files_of()
    change(files)
    if what.startswith("a size"):
        endless = MemoryLog.of(0)
        endless.root = lambda size: b"x" * 32  # type: ignore[method-assign]
        files["checkpoint"] = endless.checkpoint(2**62).written().encode()
    with pytest.raises((Malformed, Unproven)) as refused:
        verify(ZipFiles(packed(files)), POLICY)
    assert refused.value.code == code, refused.value


def test_a_file_that_is_there_twice_is_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = packed([*files_of().items(), ("checkpoint", b"another")])
    with pytest.raises(Malformed) as refused:
        verify(ZipFiles(twice), POLICY)
    assert refused.value.code == "doubled_file"


def test_folders_of_their_own_do_no_harm_and_other_ones_do() -> None:
    """Some programs put a line for each folder into the files that they make."""
    folders = {"tile/": b"", "tile/0/": b"", "reports/": b""}
    assert verify(ZipFiles(packed({**folders, **files_of()})), POLICY)
    with pytest.raises(Malformed):
        verify(ZipFiles(packed({"other/": b"", **files_of()})), POLICY)


def test_a_bomb_is_not_unpacked() -> None:
    """Neither one that says how great it is, nor one that says that it is small, nor files lying over one another."""
    bomb = packed({**files_of(), "checkpoint": b"\0" * 50_000_000})
    assert len(bomb.getvalue()) < 1_000_000
    with pytest.raises(Malformed) as refused:
        verify(ZipFiles(bomb), POLICY)
    assert refused.value.code == "too_long"
    lying = bytearray(bomb.getvalue())
    for sign, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        struct.pack_into("<I", lying, lying.find(sign) + at, 500)
    with pytest.raises(Malformed) as refused:
        verify(ZipFiles(io.BytesIO(bytes(lying))), POLICY)
    assert refused.value.code in ("damaged_file", "not_a_note", "control_character")
    single = packed({"a": os.urandom(10_000)}).getvalue()
    end = single.rfind(b"PK\x05\x06")
    begin = single.find(b"PK\x01\x02")
    record, tail = single[begin:end], bytearray(single[end:])
    many = b"".join(record[:46] + bytes([97 + at]) + record[47:] for at in range(20))
    struct.pack_into("<HHI", tail, 8, 20, 20, len(many))
    with pytest.raises(Malformed) as refused:
        ZipFiles(io.BytesIO(single[:begin] + many + bytes(tail)))
    assert refused.value.code == "overlapping_files"


@pytest.mark.parametrize("data", [b"", b"PK", b"hello", b"PK\x05\x06" + b"\0" * 18 + b"x", b"%PDF-1.7"])
def test_what_is_no_archive_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed) as refused:
        verify(ZipFiles(io.BytesIO(data)), POLICY)
    assert refused.value.code in ("not_an_archive", "missing_file")


def test_no_archive_cut_or_altered_anywhere_makes_more_than_a_refusal() -> None:
    whole = packed(files_of(MemoryLog.of(3), reports={})).getvalue()
    for at in range(0, len(whole), 3):
        for data in (whole[:at], whole[:at] + bytes([whole[at] ^ 0x41]) + whole[at + 1 :]):
            try:
                verified = verify(ZipFiles(io.BytesIO(data)), POLICY)
            except (Malformed, Unproven):
                continue
            assert verified.believed.checkpoint.size == 3  # a byte that says nothing, such as when it was packed


# -- the command -------------------------------------------------------------------------------------------------------

NOTHING_BUT_FILES = """
import sys
for name in ("socket", "ssl", "psycopg", "fastapi", "uvicorn", "eventsourcing"):
    sys.modules[name] = None
from services.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def said(capsys: pytest.CaptureFixture[str], archive: Path, policy: Path) -> tuple[int, str]:
    status = main(["audit", "verify", str(archive), "--policy", str(policy)])
    return status, "".join(capsys.readouterr())


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "policy.txt"
    path.write_text(POLICY_TEXT, encoding="utf-8")
    return path


def test_the_command_needs_neither_network_nor_database_nor_settings(tmp_path: Path, policy: Path) -> None:
    """Sockets and the database's driver cannot even be imported."""
    archive = tmp_path / "audit.zip"
    archive.write_bytes(packed(files_of()).getvalue())
    done = subprocess.run(
        [sys.executable, "-c", NOTHING_BUT_FILES, "audit", "verify", archive, "--policy", policy],
        capture_output=True, text=True, check=False, cwd=Path(__file__).resolve().parents[2],
        env={"JINLIN_DATA": "/nonexistent", "JINLIN_NONSENSE": "is not asked for"},
    )  # fmt: skip
    assert done.returncode == 0 and f"entries: all {SIZE} are those that were signed" in done.stdout, done.stderr


def test_the_command_says_what_holds_of_a_file_and_of_a_folder(
    tmp_path: Path, policy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive, folder = tmp_path / "audit.zip", tmp_path / "audit"
    archive.write_bytes(packed(files_of()).getvalue())
    zipfile.ZipFile(archive).extractall(folder)
    for at in (archive, folder):
        status, text = said(capsys, at, policy)
        assert status == 0, text
        assert f"checkpoint: {SIZE} entries" in text and "witnesses: m1, m2, jiedao; the last at 2026-09-21" in text
        assert "figures: 2 counted anew" in text and "none is missing in any of 7 streams" in text
    (folder / "reports" / "link").symlink_to(policy)
    assert said(capsys, folder, policy) == (1, ANY) and (folder / "reports" / "link").exists()


def test_the_command_says_what_is_wrong(tmp_path: Path, policy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gap = MemoryLog.of(30)
    del gap.entries[11]
    archive = tmp_path / "audit.zip"
    for log, witnesses, sentence in (
        (LOG, MEMBERS, "NOT WITNESSED: too few"),
        (gap, QUORUM, "NOT VERIFIED: In a stream, entry 17 is number 2 where 1 comes next."),
        (MemoryLog.of(5, signer("other.example")), (), "NOT VERIFIED: This is of another log: other.example."),
    ):
        archive.write_bytes(packed(files_of(log, witnesses, reports={})).getvalue())
        status, text = said(capsys, archive, policy)
        assert status == 1 and sentence in text, text
    whole = archive.read_bytes()
    for data in (b"", b"hello", whole[: len(whole) // 2]):
        archive.write_bytes(data)
        assert said(capsys, archive, policy)[1].startswith("NOT VERIFIED: This is no ZIP file, or it was cut.")
    assert said(capsys, tmp_path / "none.zip", policy)[0] == said(capsys, archive, tmp_path / "none.txt")[0] == 2
    assert said(capsys, archive, archive)[0] == 2
