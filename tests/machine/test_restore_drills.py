"""What was saved comes back elsewhere as it was: by ``jinlin drill``, and from each PostgreSQL to the others."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from projections.catalogue import VIEWS
from services.__main__ import main
from services.backup.archive import MANIFEST, archives
from services.backup.custody import RecoveryKey
from tests.machine.other_servers import VERSIONS, a_server_of
from tests.postgres import drop
from tests.templates import Templates

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Operator:
    """Somebody with a shell, the recovery key in a file, and the settings of one installation."""

    folder: Path
    recovery: Path
    environment: dict[str, str]
    secrets: tuple[str, ...] = ()

    def jinlin(self, *words: str, status: int = 0, **settings: str) -> str:
        """What a command says, run by itself while nobody sees a password among the processes."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("JINLIN_")}
        with subprocess.Popen(
            [sys.executable, "-m", "services", *words], cwd=ROOT, env=environment | self.environment | settings,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        ) as child:  # fmt: skip
            assert child.stdout is not None
            lines = []
            for line in child.stdout:
                lines.append(line)
                self._see_no_secret()
            said = "".join(lines)
        assert child.returncode == status, said
        return said

    def _see_no_secret(self) -> None:
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = path.read_bytes().decode(errors="replace")
            except OSError:
                continue
            assert not [secret for secret in self.secrets if secret in words], words

    def last(self, folder: Path) -> dict[str, str]:
        """The digests of all tables of a folder's newest backup, by name."""
        with zipfile.ZipFile(archives(folder)[-1]) as file:
            return {each["name"]: each["sha256"] for each in json.loads(file.read(MANIFEST))["tables"]}


@pytest.fixture
def operator(server: str, templates: Templates, tmp_path: Path) -> Iterator[Operator]:
    data = tmp_path / "living"
    url = templates.week(data)
    key = RecoveryKey.new()
    recovery = tmp_path / "recovery"
    recovery.write_text(key.text)
    with psycopg.connect(url) as conn:
        conn.execute("UPDATE jinlin.identity SET recovery = %s", (key.public,))
    yield Operator(tmp_path / "folder", recovery, {"JINLIN_DATA": str(data), "JINLIN_DATABASE_URL": url})
    drop(server, url)


def test_a_drill_finds_everything_as_it_was_or_says_what_is_not(
    operator: Operator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("services.runtime.logs.configure", lambda level: None)  # it is of the whole process
    for name, value in operator.environment.items():
        monkeypatch.setenv(name, value)
    assert main(["backup", str(operator.folder)]) == 0
    (path,) = archives(operator.folder)
    with zipfile.ZipFile(path) as file:
        entries = {name: file.read(name) for name in file.namelist()}
    told = json.loads(entries[MANIFEST])
    told["figures"]["paid"] += 1
    told["views"] = [each | {"mac": "0"} if each["name"] == "notebook" else each for each in told["views"]]
    spoilt = operator.folder / "jinlin-20990101T000000Z.zip"
    with zipfile.ZipFile(spoilt, "w") as file:
        for name, body in (entries | {MANIFEST: json.dumps(told).encode()}).items():
            file.writestr(name, body)
    assert main(["drill", str(operator.folder), "--recovery-key", str(operator.recovery)]) == 1
    said = capsys.readouterr().out
    assert f"views: {len(VIEWS) - 1} of {len(VIEWS)} as they were" in said and "every table as it was saved" in said
    assert "view notebook: its rows are not what they were" in said and "paid: " in said and "2 differences" in said


@pytest.mark.drill
@pytest.mark.parametrize("version", VERSIONS)
def test_from_the_embedded_server_to_another_version_and_back(
    operator: Operator, templates: Templates, tmp_path: Path, version: str
) -> None:
    """Needs PostgreSQL of that version on the machine (``apt-get install postgresql-15``), and openssl."""
    from_file = ("--recovery-key", str(operator.recovery))
    assert "all is whole" in operator.jinlin("check")  # what was found good is kept, and comes back too
    operator.jinlin("backup", str(operator.folder))
    with a_server_of(version) as other:
        operator.secrets = (other.password,)
        there = {"JINLIN_DATA": str(tmp_path / "there"), "JINLIN_DATABASE_URL": other.new_database()}
        assert "events in" in operator.jinlin("restore", str(operator.folder), *from_file, **there)
        assert "all is whole" in operator.jinlin("check", **there)
        second = tmp_path / "second"
        operator.jinlin("backup", str(second), **there)
        again = {"JINLIN_DATA": str(tmp_path / "again"), "JINLIN_DATABASE_URL": other.new_database()}
        operator.jinlin("restore", str(second), *from_file, **again)
        assert "all came back" in operator.jinlin("drill", str(second), *from_file, **again)
    back = {"JINLIN_DATA": str(tmp_path / "back"), "JINLIN_DATABASE_URL": ""}
    operator.jinlin("restore", str(second), *from_file, **back)
    third = tmp_path / "third"
    operator.jinlin("backup", str(third), **back)
    assert operator.last(operator.folder) == operator.last(second) == operator.last(third)
