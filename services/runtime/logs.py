"""Log lines: JSON, from a list of allowed keys, never a personal field.

What is not on the list is dropped, texts are cut short, and anything that looks like a phone number is masked. Errors
are told by type and SQL state: their texts carry values. Lines are written together a few times a second, warnings and
errors at once: each write of its own would hold up the commands under way.
"""

import atexit
import json
import logging
import re
import sys
import traceback
from contextlib import suppress
from functools import lru_cache
from threading import Event, Lock, Thread
from time import sleep
from typing import TextIO

import msgspec
import structlog
from structlog.typing import EventDict, WrappedLogger

from services.runtime import traces

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "request", "method", "route", "status", "command", "outcome", "code", "version",
        "position", "stream", "estate", "actor", "acting_as", "view", "following", "error", "sqlstate", "constraint",
        "where", "milliseconds", "address", "pid", "port", "count", "most", "account", "reason_code", "remedy", "trace",
    }
)  # fmt: skip
COMPOSED = frozenset({"remedy", "request", "timestamp", "level", "trace"})  # made here, of what is nobody's
LONGEST = 200
WRITE_WITHIN = 0.1  # seconds
MOST_WAITING = 1_000  # lines; then whoever says the next one writes them
_PHONE = re.compile(r"(?<![A-Za-z0-9_-])(\+?\d[\d -]{5,}\d)(?![A-Za-z0-9_-])")
_NUMBERS = (int, float)
_NO_PHONE = re.compile(r"\d{4}-\d\d-\d\d|\d{12}-\d{3}")  # a date; the code of an estate


def configure(level: str = "info") -> "Lines":
    """Write JSON lines to standard error, also those of libraries."""
    number = logging.getLevelName(level.upper())
    lines = Lines(sys.stderr)
    atexit.register(lines.flush)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            traced,
            told_by_type,
            only_allowed,
            written,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=lambda *_: lines,
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(handlers=[_Forwarding()], level=max(number, logging.WARNING), force=True)
    return lines


def traced(logger: WrappedLogger, method: str, line: EventDict) -> EventDict:
    """The trace in which the line is said, where there is one."""
    if traces.is_on():
        line["trace"] = traces.present()
    return line


def told_by_type(logger: WrappedLogger, method: str, line: EventDict) -> EventDict:
    """An exception becomes its type, SQL state, constraint and the place in our code."""
    error = line.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    elif isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        line["error"] = type(error).__name__
        diagnosis = getattr(error, "diag", None)
        line["sqlstate"] = getattr(error, "sqlstate", None)
        line["constraint"] = getattr(diagnosis, "constraint_name", None)
        frames = traceback.extract_tb(error.__traceback__)
        line["where"] = " < ".join(f"{f.name}:{f.lineno}" for f in reversed(frames[-4:]))
    return line


def only_allowed(logger: WrappedLogger, method: str, line: EventDict) -> EventDict:
    """Keep allowed keys that say something; mask and cut their texts."""
    return {
        key: value if key in COMPOSED or isinstance(value, _NUMBERS) else _masked(_text(value))
        for key, value in line.items()
        if value is not None and key in ALLOWED
    }


def _text(value: object) -> str:
    return value if type(value) is str else str(getattr(value, "value", value))


def written(logger: WrappedLogger, method: str, line: EventDict) -> str:
    """The line as JSON, its text as it is."""
    try:
        return msgspec.json.encode(line).decode()
    except UnicodeEncodeError:  # half a character
        return json.dumps(line)


@lru_cache(maxsize=2_000)  # of names of routes, commands and codes, which are most of what is said
def _masked(text: str) -> str:
    return _PHONE.sub(_mask, text)[:LONGEST]


def _mask(found: "re.Match[str]") -> str:
    digits = sum(character.isdigit() for character in found[1])
    return found[1] if digits < 7 or _NO_PHONE.fullmatch(found[1]) else "***"


class Lines:
    """Writes what is urgent at once and the rest within ``WRITE_WITHIN`` seconds, in the order in which it was said."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = Lock()
        self._waiting: list[str] = []
        self._writer: Thread | None = None
        self._some = Event()

    def info(self, line: str) -> None:
        """A line that can wait."""
        with self._lock:
            self._waiting.append(line)
            many = len(self._waiting) >= MOST_WAITING
            if self._writer is None:
                self._writer = Thread(target=self._write_now_and_then, name="log-lines", daemon=True)
                self._writer.start()
        self._some.set()
        if many:
            self.flush()

    debug = info

    def warning(self, line: str) -> None:
        """A line that cannot."""
        with self._lock:
            self._waiting.append(line)
        self.flush()

    error = critical = exception = fatal = warn = msg = warning

    def flush(self) -> None:
        """Write everything said so far."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
            if waiting:
                with suppress(OSError, ValueError):  # nobody reads it any more
                    self._stream.write("\n".join(waiting) + "\n")
                    self._stream.flush()

    def _write_now_and_then(self) -> None:
        while True:
            self._some.wait()
            self._some.clear()
            sleep(WRITE_WITHIN)
            self.flush()


class _Forwarding(logging.Handler):
    """Lines of libraries, told by logger and level: their texts may carry anything."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        log = structlog.get_logger()
        log.log(record.levelno, "library", where=record.name, exc_info=error)
