"""Many at once, and killed in between: a witness never signs a tree that is smaller or other than one it signed."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest

from services.tlog.checkpoint import Checkpoint
from services.tlog.cosignature import cosigned
from services.tlog.note import COSIGNATURE, Signer, parse_note
from services.witness.answering import Answer, Witness
from services.witness.keeping import made
from services.witness.state import State
from tests.witness.growing import ORIGIN, Log

WITNESS = Signer("witness.example/wang", bytes(32), COSIGNATURE)


def _witness(folder: Path, log: Log) -> Witness:
    state = State(folder, make=True)
    with state.turn() as turn:
        turn.trust(ORIGIN, log.signer.verifier.vkey())
    return Witness(state, WITNESS, lambda: 1)


def test_of_many_at_once_from_one_size_one_is_cosigned(tmp_path: Path) -> None:
    log = Log().grow(24)
    witness = _witness(tmp_path, log)
    witness.add_checkpoint(log.body(0, 4))
    sizes = [*range(5, 13)] * 2
    Random(1).shuffle(sizes)
    with ThreadPoolExecutor(16) as together:
        answers = list(together.map(lambda size: witness.add_checkpoint(log.body(4, size)), sizes))
    won = {size for size, answer in zip(sizes, answers, strict=True) if answer.status == 200}
    assert len(won) == 1
    assert {answer.body for answer in answers if answer.status == 409} == {f"{won.pop()}\n"}
    assert {answer.status for answer in answers} == {200, 409}


def test_of_two_histories_at_once_one_is_cosigned(tmp_path: Path) -> None:
    log = Log().grow(12)
    forked = log.other(5)
    witness = _witness(tmp_path, log)
    witness.add_checkpoint(log.body(0, 4))
    with ThreadPoolExecutor(8) as together:
        answers = list(together.map(lambda each: (each, witness.add_checkpoint(each.body(4, 8))), [log, forked] * 4))
    assert sum(answer.status == 200 for _, answer in answers) == 1
    winner = next(each for each, answer in answers if answer.status == 200)
    loser = forked if winner is log else log
    assert witness.add_checkpoint(loser.body(8, 12)).status == 422


RUNNING = """
import sys
from pathlib import Path
from services.witness.answering import Witness
from services.witness.keeping import kept
from services.witness.state import State
from tests.witness.growing import Log
folder = Path(sys.argv[1])
witness, log = Witness(State(folder), kept(folder), lambda: 1), Log().grow(LEAVES)
old = 0
print("ready", flush=True)
sys.stdin.readline()
while old < LEAVES:
    answer = witness.add_checkpoint(log.body(old, old + 1))
    if answer.status == 200:
        old += 1
        print(old, answer.body.strip(), flush=True)
    elif answer.status == 409:
        old = int(answer.body)
    else:
        sys.exit(f"{answer}")
""".replace("LEAVES", "900")


def _killed(folder: Path, lines: int) -> list[str]:
    """What two processes of one folder told before both were killed."""
    two = [
        subprocess.Popen(
            [sys.executable, "-c", RUNNING, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    for each in two:
        assert each.stdout is not None and each.stdout.readline() == "ready\n"
    for each in two:
        assert each.stdin is not None
        each.stdin.write("\n")
        each.stdin.flush()
    said: list[str] = []
    for each in two:
        assert each.stdout is not None
        said += [each.stdout.readline() for _ in range(lines)]
    for each in two:
        each.send_signal(signal.SIGKILL)
        with each:
            assert each.stdout is not None
            said += [line for line in each.stdout if line.endswith("\n")]
    return said


def _kill_again_and_again(folder: Path, times: int) -> None:
    signer = made(folder, "witness.example/wang")
    log = Log().grow(900)
    with State(folder, make=True).turn() as turn:
        turn.trust(ORIGIN, log.signer.verifier.vkey())
    highest = 0
    for _ in range(times):
        lines = [line.split(" ", 1) for line in _killed(folder, 2)]
        signed = [int(size) for size, _ in lines]
        assert len(set(signed)) == len(signed), "two processes cosigned one step each"
        assert min(signed) > highest, "nothing that was told is rolled back"
        for size, line in lines:
            assert cosigned(parse_note(f"{log.checkpoint(int(size)).written()}{line}"), [signer.verifier])
        with State(folder).look() as looking:
            latest = looking.latest(ORIGIN)
        assert latest is not None and latest.size >= max(signed)
        assert Checkpoint.parse(parse_note(latest.note).text).size == latest.size
        highest = max(signed)


@pytest.mark.slow
def test_killed_in_the_middle_nothing_told_is_forgotten(tmp_path: Path) -> None:
    _kill_again_and_again(tmp_path, 1)


@pytest.mark.slow
@pytest.mark.drill
def test_killed_again_and_again(tmp_path: Path) -> None:
    _kill_again_and_again(tmp_path, 25)


def test_a_step_that_breaks_before_it_is_kept_is_not_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = Log().grow(9)
    witness = _witness(tmp_path, log)
    witness.add_checkpoint(log.body(0, 4))

    def broken(*_: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr("services.witness.state.Turn.cosigned", broken)
    with pytest.raises(OSError, match="disk"):
        witness.add_checkpoint(log.body(4, 9))
    monkeypatch.undo()
    assert witness.add_checkpoint(log.body(9, 9)) == Answer(409, "4\n", "text/x.tlog.size")


def test_a_key_is_made_once_and_read_by_nobody_else(tmp_path: Path) -> None:
    made(tmp_path / "mine", "witness.example/wang")
    assert (tmp_path / "mine/witness.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "mine").stat().st_mode & 0o777 == 0o700
