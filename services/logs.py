"""Log lines: JSON, from a list of allowed keys, never a personal field.

What is not on the list is dropped, texts are cut short, and anything that looks like a phone number is masked. Errors
are told by type and SQL state: their texts carry values.
"""

import logging
import re
import sys
import traceback
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "request", "method", "route", "status", "command", "outcome", "code", "version",
        "position", "stream", "estate", "actor", "acting_as", "view", "error", "sqlstate", "constraint", "where",
        "milliseconds", "address", "pid", "count", "account", "reason_code",
    }
)  # fmt: skip
LONGEST = 200
_PHONE = re.compile(r"(?<![A-Za-z0-9_-])(\+?\d[\d -]{5,}\d)(?![A-Za-z0-9_-])")
_NO_PHONE = re.compile(r"\d{4}-\d\d-\d\d|\d{12}-\d{3}")  # a date; the code of an estate


def configure(level: str = "info") -> None:
    """Write JSON lines to standard error, also those of libraries."""
    number = logging.getLevelName(level.upper())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            told_by_type,
            only_allowed,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(handlers=[_Forwarding()], level=max(number, logging.WARNING), force=True)


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
    return {key: _safe(value) for key, value in line.items() if key in ALLOWED and value is not None}


def _safe(value: Any) -> Any:
    if isinstance(value, bool | int | float):
        return value
    text = str(getattr(value, "value", value))
    return _PHONE.sub(_mask, text)[:LONGEST]


def _mask(found: "re.Match[str]") -> str:
    digits = sum(character.isdigit() for character in found[1])
    return found[1] if digits < 7 or _NO_PHONE.fullmatch(found[1]) else "***"


class _Forwarding(logging.Handler):
    """Lines of libraries, told by logger and level: their texts may carry anything."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        log = structlog.get_logger()
        log.log(record.levelno, "library", where=record.name, exc_info=error)
