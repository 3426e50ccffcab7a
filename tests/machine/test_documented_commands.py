"""Every command that the README or the handbook names is run from a fresh clone, or excused here with a reason."""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

import pytest

from tests.clock import PATIENCE
from tests.machine.documented import addresses, commands, commands_of
from tests.machine.fresh_clone import Clone, Said, cloned

ESTATE = "350902002999-001"
_JSON = "-H 'Content-Type: application/json'"
_TOKEN = "-H 'Authorization: Bearer TOKEN'"
_API = "localhost:8000/api/v1"
SESSION = f"""curl -s {_API}/session {_JSON} -d '{{"username": "head", "password": "PASSWORD"}}'"""
ISSUE = (
    f"curl -s {_API}/issues {_TOKEN} -H 'Idempotency-Key: 1' {_JSON}"
    f""" -d '{{"estate": "{ESTATE}", "text": "3栋1单元门口路灯不亮"}}'"""
)
BILL_RUN = f"""curl -s {_API}/estates/{ESTATE}/bill-runs {_TOKEN} {_JSON} -d '{{"period": "PERIOD", "months": 1}}'"""
DWELLINGS = f"curl -s '{_API}/dwellings?estate={ESTATE}&q=3-1-101' {_TOKEN}"
PAYMENT = (
    f"curl -s {_API}/payments {_TOKEN} -H 'Idempotency-Key: 2' {_JSON}"
    """ -d '{"dwelling": "DWELLING", "amount": 10000, "method": "WECHAT"}'"""
)
BACKUP = "jinlin backup FOLDER"
BENCH = "make bench ONLY=append_1"


@dataclass(frozen=True)
class Run:
    """What a command has to say, how it has to end, and whether the product runs beside it."""

    says: str
    status: int = 0
    running: bool | None = None  # either will do
    tests: bool = False  # needs what `make check` installs
    later: bool = False  # it is asked again until it says so


RUN = {
    "make help": Run("make run +set everything up"),
    "make install": Run("Setting up Python in .venv"),
    SESSION: Run('"token":"', running=True),
    ISSUE: Run(r'"number":"IS-\d{8}-\d{4}"', running=True),
    BILL_RUN: Run('"standing":"PREPARED"', running=True),
    f"curl -s -X POST {_API}/bill-runs/RUN/confirm {_TOKEN}": Run('"standing":"(RUNNING|DONE)"', running=True),
    f"curl -s {_API}/bill-runs/RUN {_TOKEN}": Run('"standing":"DONE"', running=True, later=True),
    DWELLINGS: Run('"label":"3-1-101"', running=True),
    PAYMENT: Run(r'"receipt":"\d{4}-\d{6}"', running=True),
    "jinlin --help": Run("begin.*run.*follow.*rebuild.*skip.*check"),
    "jinlin begin": Run("holds an installation already", status=2, running=True),
    "jinlin rebuild": Run(r"orders: rebuilt to position \d+.*accounts: rebuilt", running=True),
    "jinlin rebuild VIEW": Run(r"orders: rebuilt to position \d+", running=True),
    "jinlin rebuild snapshots": Run(r"snapshots: \d+ thrown away", running=True),
    "jinlin admit --help": Run("--name NAME"),
    "jinlin admit USERNAME": Run("admin may sign in as an administrator of .*password, shown this once", running=True),
    "jinlin admit USERNAME --name NAME": Run("there is an account admin already", status=2, running=True),
    "jinlin skip --help": Run("--because REASON"),
    'jinlin skip VIEW POSITION --because "why"': Run("view orders is not halted", status=2, running=True),
    "jinlin skip VIEW POSITION --withdraw": Run("view orders has no skip at position 1", status=2, running=True),
    BACKUP: Run(r"The recovery key.*saved .*jinlin-\w+\.zip: [\d,]+ events", running=True),
    "jinlin restore FOLDER --recovery-key FILE": Run(r"restored [\d,]+ events.*views: built in"),
    "jinlin restore FOLDER --from NAME": Run("holds no NAME", status=2),
    "jinlin drill FOLDER --recovery-key FILE": Run(r"views: (\d+) of \1 as they were.*all came back"),
    "jinlin trail-key": Run(r"origin: .*/[0-9a-f]{8}\n.*\(signs\)", running=True),
    "jinlin trail-key --rotate": Run(r"signs until .*\n.*\(signs\)", running=True),
    "jinlin rebuild trail": Run(r"trail: \d+ entries lead to the root [\w+/]{43}=", running=True),
    "jinlin recovery-key": Run(r"The recovery key .*([A-Z2-7]{4}-){13}", running=True),
    "jinlin backup": Run("name a folder, or set JINLIN_BACKUP", status=2),
    "jinlin restore --help": Run("--keys-only"),
    "jinlin drill --help": Run("--in FOLDER"),
    "jinlin check": Run(r"checked \d+ events.*: all is whole", running=False),
    "jinlin check --whole": Run(r"checked \d+ events: all is whole", running=False),
    "jinlin check --help": Run("--whole"),
    "jinlin audit verify ARCHIVE --policy POLICY": Run("all 258 are those that were signed.*witnesses: m1, m2, jiedao"),
    "python -m tests.tlog.make_vectors": Run("receipts/good.tlog-proof"),
    "jinlin witness --help": Run("make.*trust.*run.*sign.*show"),
    "jinlin witness make FOLDER NAME": Run(r"NAME\+[0-9a-f]{8}\+\S{44}"),
    ". .venv/bin/activate": Run("^$"),
    BENCH: Run('"measure": "append_1"', running=False),
    "python -m tests.bench.table < LINES": Run(r"\| `append_1` \| [\d,]+ events/s \|"),
    "python -m tests.machine.test_golden_events": Run("^$", tests=True),
    "grep -rn inv_05 tests": Run("def test_inv_05_"),
}
UNDER_WAY = {  # what goes on until Ctrl-C: the line by which it is ready
    "make run": "Ctrl-C stops it",
    "jinlin follow": "follower_started",
    "jinlin run": "Ctrl-C stops it",
}
_WITNESS = "`tests/witness` does it, with a witness that was made before"
EXCUSED = {
    **{
        f"jinlin witness {act}": _WITNESS
        for act in (
            "trust FOLDER KEY",
            "distrust FOLDER KEY",
            "run FOLDER",
            "sign FOLDER FILE",
            "show FOLDER",
            "show FOLDER --evidence",
        )
    },
    "make check": "it runs the quick tests, of which this list is one",
    "make test": "it is what runs this",
    "TESTS_START=2027-02-28T23:59 make test": "it is every test once more; `tests/clock.py` reads the setting",
    "TESTS_PICTURES=yes make test PYTEST=tests/browser": "it is the browser's tests once more, with pictures",
    'make test PYTEST="tests/simulation --simulate-for 600"': "ten minutes; the simulation itself is a test",
    "make drill": "many minutes; each drill has a short form among the tests",
    "FUZZ_SEED=7 make drill PYTEST=tests/fuzz": "many minutes; the first 1,500 requests are a test",
    "make drill PYTEST=tests/tlog": "needs a newer Python, Go, a minute; `test_foreign.py` has what each build shows",
    "make drill PYTEST=tests/spanning": "a hundred rounds of each race; some of them are among the tests",
    "make bench": "four minutes; one measure of it is run",
    "make bench FULL=1": "half an hour",
    "docker compose -f deploy/compose.yaml up --build": "needs Docker and a network of its own",
    "jinlin restore FOLDER --keys-only": "asks for the recovery key at a terminal; `test_backup.py` does it",
    "git pull": "needs the repository that was cloned",
    "chown -R": "half a command: of what and to whom is told beside it",
    "fallocate -l 1G $JINLIN_DATA/ballast": "takes a gigabyte of the disk",
}


def test_every_command_is_run_or_excused_and_nothing_else_is() -> None:
    named = {each.text: each.where for each in commands()}
    known = {*RUN, *UNDER_WAY, *EXCUSED}
    assert {text: where for text, where in named.items() if text not in known} == {}
    assert known - named.keys() == set()


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("```sh\nmake run   # sets up\n\ncurl -s x \\\n     -d y\n```", ["make run", "curl -s x -d y"]),
        ("Say `make bench ONLY=x`, `PORT=1 jinlin run` or `.venv/bin/python -m x`.",
         ["make bench ONLY=x", "PORT=1 jinlin run", ".venv/bin/python -m x"]),
        ("`make` and `jinlin` are names, `jinlin: no view` is an answer, `JINLIN_FOLLOW=no` a setting", []),
        ("```text\nmake believe\n```", []),
    ],
)  # fmt: skip
def test_commands_are_found(page: str, found: list[str]) -> None:
    assert list(commands_of(page)) == found


def test_a_block_has_to_say_what_it_is() -> None:
    with pytest.raises(ValueError, match="a block says"):
        list(commands_of("```\nmake run\n```"))


@pytest.fixture(scope="module")
def clone() -> Iterator[Clone]:
    """Installed as `make run` installs, nothing more."""
    with TemporaryDirectory(prefix="jinlin-clone-") as name:
        Path(name).chmod(0o755)  # where tests run as root, PostgreSQL does not and has to get in
        made = Clone(Path(name) / "jinlin", Path(name) / "beside")
        made.beside.mkdir()
        cloned(made.folder)
        installed = made.run("make install")
        assert installed.status == 0, installed.output
        yield made
        made.running(False)


def filled(clone: Clone, command: str) -> str:
    """The command with everything in it that it leaves to its reader."""
    bench = clone.beside / "lines"
    if "LINES" in command:
        bench.write_text(told(clone, BENCH).printed, encoding="utf-8")
    known = {
        "localhost:8000": lambda: f"localhost:{clone.port}",
        "PASSWORD": lambda: clone.password("head"),
        "TOKEN": lambda: json.loads(told(clone, SESSION).output)["token"],
        "PERIOD": clone.next_month,
        "RUN": lambda: json.loads(told(clone, BILL_RUN).output)["run"],
        "DWELLING": lambda: json.loads(told(clone, DWELLINGS).output)[0]["dwelling"],
        "VIEW": lambda: "orders",
        "USERNAME": lambda: "admin",
        "POSITION": lambda: "1",
        "FOLDER": lambda: str(clone.beside / "backup"),
        "FILE": lambda: str(recovery_key(clone)),
        "LINES": lambda: str(bench),
        "ARCHIVE": lambda: str(clone.folder / "tests/tlog/vectors/archive.zip"),
        "POLICY": lambda: str(clone.folder / "tests/tlog/vectors/policy.txt"),
    }
    return re.sub(rf"\b({'|'.join(known)})\b", lambda found: str(known[found[1]]()), command)


def recovery_key(clone: Clone) -> Path:
    """A file with the key that the first backup shows."""
    path = clone.beside / "recovery.txt"
    found = re.search(r"(?:[A-Z2-7]{4}-){13}[A-Z2-7]{4}", told(clone, BACKUP).output)
    assert found is not None
    path.write_text(found[0], encoding="utf-8")
    return path


def told(clone: Clone, command: str) -> Said:
    """What a command says, run where and when the pages mean it to be."""
    how = RUN[command]
    if how.running is not None:
        clone.running(how.running)
    if "restore" in command:  # into a folder without data
        return clone.run(command, lambda text: filled(clone, text), JINLIN_DATA=str(clone.beside / "restored"))
    if how.tests:
        own = Path(sys.executable).parent
        return clone.run(command, PATH=f"{own}:{clone.environment('')['PATH']}")
    said = clone.run(command, lambda text: filled(clone, text))
    until = monotonic() + PATIENCE
    while how.later and not re.search(how.says, said.output) and monotonic() < until:
        said = clone.run(command, lambda text: filled(clone, text), again=True)
    return said


@pytest.mark.slow
def test_the_follower_stands_by_and_is_stopped_by_ctrl_c(clone: Clone) -> None:
    clone.running(True)
    with clone.under_way("jinlin follow", UNDER_WAY["jinlin follow"]) as follower:
        pass
    assert "follower_stopped" in follower.output and "Traceback" not in follower.output


@pytest.mark.slow
def test_every_address_that_a_page_names_is_in_the_document(clone: Clone) -> None:
    clone.running(True)
    document = json.loads(clone.run(f"curl -s localhost:{clone.port}/api/v1/openapi.json").output)
    known = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert addresses() and addresses() - known == set()


@pytest.mark.slow
@pytest.mark.parametrize("command", RUN, ids=lambda command: str(command).split(" -H ")[0])
def test_a_command_does_what_its_page_says(clone: Clone, command: str) -> None:
    said = told(clone, command)
    assert said.status == RUN[command].status, said.output
    assert re.search(RUN[command].says, said.output, re.DOTALL), said.output


@pytest.mark.slow
def test_the_product_names_its_accounts_and_is_stopped_by_ctrl_c(clone: Clone) -> None:
    clone.running(True)
    clone.running(False)
    said = clone.run("make run").output
    assert f"http://127.0.0.1:{clone.port}/" in said and "demo-accounts.json" in said
    assert "Traceback" not in said


@pytest.mark.slow
def test_the_product_starts_again_without_make(clone: Clone) -> None:
    clone.running(False)
    with clone.under_way("jinlin run", UNDER_WAY["jinlin run"]) as product:
        pass
    assert "Traceback" not in product.output and "setting up the demo" not in product.output
    assert clone.password("head") not in product.output, "it was told at the first start"
    assert "demo-accounts.json" in product.output
