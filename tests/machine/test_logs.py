"""Log lines: JSON, allowed keys only, nothing personal however it got there."""

import io
import json
import logging
from collections.abc import Iterator
from threading import Event
from types import SimpleNamespace

import pytest
import structlog

from services.runtime import logs
from tests.clock import PATIENCE


@pytest.fixture(autouse=True)
def set_back() -> Iterator[None]:
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


def line(lines: logs.Lines, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    lines.flush()
    found: dict[str, object] = json.loads(capsys.readouterr().err.splitlines()[-1])
    return found


class DuplicateKey(Exception):
    """As the driver raises it: the text carries values."""

    sqlstate = "23505"
    diag = SimpleNamespace(constraint_name="accounts_pkey")


def test_a_line_is_one_json_object_with_what_is_allowed(capsys: pytest.CaptureFixture[str]) -> None:
    lines = logs.configure()
    structlog.contextvars.bind_contextvars(request="r1", acting_as="DISPATCHER")
    structlog.get_logger().info("request", command="ReportIssue", outcome="done", version=3, name="陈志强", text="漏水")
    found = line(lines, capsys)
    assert found.pop("timestamp")
    assert found == {
        "event": "request", "level": "info", "request": "r1", "acting_as": "DISPATCHER", "command": "ReportIssue",
        "outcome": "done", "version": 3,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("13800138000", "***"),
        ("电话13800138000请回", "电话***请回"),
        ("138 0013 8000", "***"),
        ("+86-138-0013-8000", "***"),
        ("0593-2876543", "***"),
        ("35092219800101123X"[:17], "***"),
        ("2026-11-23", "2026-11-23"),
        ("350902002999-001", "350902002999-001"),
        ("WO-20261123-0007", "WO-20261123-0007"),
        ("6f1c2b3a-1234-4567-8901-123456789012", "6f1c2b3a-1234-4567-8901-123456789012"),
        ("x" * 500, "x" * 200),
    ],
)
def test_what_looks_like_a_phone_is_masked(given: str, written: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = logs.configure()
    structlog.get_logger().info("request", code=given)
    assert line(lines, capsys)["code"] == written


def test_half_a_character_costs_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    lines = logs.configure()
    structlog.get_logger().info("request", code="a\ud800b")
    assert line(lines, capsys)["code"] == "a\ud800b"


def test_an_error_is_told_without_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    try:
        raise DuplicateKey("Key (phone)=(陈志强 13800138000) already exists")
    except DuplicateKey as error:
        structlog.get_logger().error("broken", exc_info=error)
    written = capsys.readouterr().err
    found = json.loads(written)
    assert (found["error"], found["sqlstate"], found["constraint"]) == ("DuplicateKey", "23505", "accounts_pkey")
    assert "test_an_error_is_told_without_its_text" in found["where"]
    assert "陈志强" not in written and "13800138000" not in written


def test_lines_of_libraries_are_told_by_their_logger_only(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    try:
        raise ValueError("陈志强")
    except ValueError:
        logging.getLogger("a.library").exception("could not save %s", "陈志强")
    written = capsys.readouterr().err
    found = json.loads(written)
    assert found["event"] == "library" and found["level"] == "error" and found["error"] == "ValueError"
    assert "陈志强" not in written and "could not" not in written


def test_the_level_is_heeded(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("warning")
    structlog.get_logger().info("request")
    logging.getLogger("a.library.part").info("hidden")
    assert capsys.readouterr().err == ""


class Paper(io.StringIO):
    """Standard error that tells when something was written on it."""

    def __init__(self) -> None:
        super().__init__()
        self.written = Event()

    def flush(self) -> None:
        self.written.set()


def test_lines_that_can_wait_are_written_together_soon_and_in_order() -> None:
    paper = Paper()
    lines = logs.Lines(paper)
    for n in range(3):
        lines.info(f"line {n}")
    assert paper.written.wait(PATIENCE)
    assert paper.getvalue() == "line 0\nline 1\nline 2\n"


def test_a_warning_is_written_at_once_with_what_was_said_before() -> None:
    paper = Paper()
    lines = logs.Lines(paper)
    lines.info("before")
    lines.warning("now")
    assert paper.getvalue() == "before\nnow\n"


def test_lines_do_not_pile_up_without_end() -> None:
    paper = Paper()
    lines = logs.Lines(paper)
    for n in range(logs.MOST_WAITING):
        lines.info(str(n))
    assert paper.getvalue().count("\n") == logs.MOST_WAITING
