"""Chromium's libraries are unpacked on every Python from 3.11.0 on, and nowhere but below their folder."""

import io
import tarfile
from pathlib import Path

import pytest

from tests.browser.chromium import lay_out


def packed(name: str, mode: int = 0o644, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarFile:
    """An archive with one member that says ``text``."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        member = tarfile.TarInfo(name)
        member.mode, member.type, member.linkname = mode, kind, link
        member.size = len(b"text") if kind == tarfile.REGTYPE else 0
        archive.addfile(member, io.BytesIO(b"text") if member.size else None)
    return tarfile.open(fileobj=io.BytesIO(file.getvalue()))


@pytest.mark.parametrize(("mode", "kept"), [(0o100755, 0o755), (0o777, 0o755), (0o4755, 0o755), (0o600, 0o644)])
def test_a_file_is_written_and_may_be_run_if_it_might_before(tmp_path: Path, mode: int, kept: int) -> None:
    lay_out(packed("lib/libnss3.so", mode & 0o7777), tmp_path)
    written = tmp_path / "lib" / "libnss3.so"
    assert written.read_bytes() == b"text" and written.stat().st_mode & 0o7777 == kept


@pytest.mark.parametrize("name", ["../stray", "lib/../../stray", "/stray"])
def test_nothing_is_written_outside_the_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "chromium"
    folder.mkdir()
    with pytest.raises(RuntimeError, match="stray"):
        lay_out(packed(name), folder)
    assert list(tmp_path.iterdir()) == [folder] and not list(folder.iterdir()) and not Path("/stray").exists()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_what_could_lead_elsewhere_is_refused(tmp_path: Path, kind: bytes) -> None:
    with pytest.raises(RuntimeError, match="stray"):
        lay_out(packed("lib/stray", kind=kind, link="/etc/passwd"), tmp_path)
    assert not (tmp_path / "lib").exists()
