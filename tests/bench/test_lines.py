"""The bench says what it promises to say; how fast anything is, no test asks."""

import json
import re
import subprocess
import sys
from importlib.metadata import packages_distributions

import pytest

from tests.bench.ground import best
from tests.bench.lines import MeasureLine
from tests.bench.load import ROOT, Load, LoadFailed, under
from tests.bench.raw import echoing
from tests.bench.table import rows

pytestmark = pytest.mark.slow


def test_a_line_tells_the_ratio_and_whether_the_target_is_met() -> None:
    line = MeasureLine(
        "http_report_8", 1200.0, "requests/s", 6000.0, "value >= 1000, p99 <= 25", {"p50": 5.0, "p99": 31.25}
    )
    assert line.as_json() == {
        "measure": "http_report_8", "value": 1200, "unit": "requests/s", "limit": 6000, "ratio": 0.2, "p50": 5.0,
        "p99": 31.2, "target": "value >= 1000, p99 <= 25", "met": False,
    }  # fmt: skip


def test_a_line_without_a_limit_has_no_ratio_and_without_a_target_says_nothing_of_one() -> None:
    assert MeasureLine("memory", 250.0, "MB").as_json() == {
        "measure": "memory", "value": 250.0, "unit": "MB", "limit": None, "ratio": None,
    }  # fmt: skip


def test_a_target_that_could_not_be_measured_is_not_met() -> None:
    assert MeasureLine("visible_p99", None, "ms", target="value <= 30").as_json()["met"] is False


def test_the_load_counts_answers_and_their_size() -> None:
    with echoing(size=300) as port:
        counted = under(Load(port, "POST", ["/"], clients=2, seconds=0.1, bodies=["{}"], keys="k", warm_up=0))
    assert set(counted.statuses) == {"200"} and counted.size == 300
    assert counted.rate > 0 and counted.p50 is not None and counted.p99 is not None and counted.p50 <= counted.p99


def test_the_load_fails_loudly_on_anything_but_success() -> None:
    with echoing(size=10, status=503) as port, pytest.raises(LoadFailed, match="503"):
        under(Load(port, "GET", ["/"], clients=2, seconds=0.1, warm_up=0))


@pytest.mark.slow
def test_a_measure_prints_the_machine_and_one_line_of_json() -> None:
    command = [sys.executable, "-m", "tests.bench", "--only", "append_1", "--seconds", "0.2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    header, line = map(json.loads, done.stdout.splitlines())
    assert {"cores", "python", "postgres", "fdatasync_us"} <= header["machine"].keys()
    assert (header["machine"]["fsync"], header["machine"]["synchronous_commit"]) == ("on", "on")
    assert line.keys() >= {"measure", "value", "unit", "limit", "ratio", "p50", "p99", "others"}
    assert line["measure"] == "append_1" and line["ratio"] == pytest.approx(line["value"] / line["limit"], rel=0.01)


def test_an_unknown_measure_is_said_to_be_unknown() -> None:
    command = [sys.executable, "-m", "tests.bench", "--only", "nonsense"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2 and "http_report_32" in done.stderr and not done.stdout


def test_the_bench_is_made_of_what_runs_and_of_nothing_that_only_tests() -> None:
    """It is there after `make install`, as the product is."""
    runs, tests = (
        set(re.findall(r"^([\w.-]+)==", (ROOT / "deploy" / name).read_text(encoding="utf-8"), re.MULTILINE))
        for name in ("requirements.txt", "requirements-dev.txt")
    )
    lacking = [
        module
        for module, belongs in packages_distributions().items()
        if {re.sub(r"[-_.]+", "-", name).lower() for name in belongs} & (tests - runs)
    ]
    assert {"pytest", "pypdfium2", "hypothesis"} <= set(lacking)
    without = f"import sys; sys.modules.update(dict.fromkeys({lacking})); import tests.bench.__main__"
    done = subprocess.run([sys.executable, "-c", without], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_run_becomes_the_table_of_the_handbook() -> None:
    lines = [
        "Installing what runs\n",
        json.dumps({"machine": {}}),
        json.dumps(
            MeasureLine(
                "http_report_8", 1200.0, "requests/s", 6000.0, "p99 <= 25", {"p50": 5.0, "p99": 31.25}
            ).as_json()
        ),
        json.dumps(MeasureLine("memory", 250.0, "MB (PSS)").as_json()),
    ]
    assert list(rows(lines))[2:] == [
        "| `http_report_8` | 1,200 requests/s | 5 / 31.2 | 6,000 | 0.2 | p99 <= 25: missed |",
        "| `memory` | 250 MB |  |  |  |  |",
    ]


def test_a_limit_pressed_down_in_one_round_makes_nothing_look_good() -> None:
    told = [{"value": 900.0, "limit": 1000.0}]
    rounds = iter([*told, {"value": 1100.0, "limit": 2000.0}, {"value": 1000.0, "limit": 4000.0}])
    assert best(3, lambda: next(rounds)) == {"value": 1100.0, "limit": 4000.0}
