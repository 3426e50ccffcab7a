"""Every personal field of every event under a mark of its own: whatever arrives somewhere tells where it is from."""

import re
from base64 import b32encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from hashlib import sha256
from io import BytesIO
from subprocess import CompletedProcess
from typing import Any
from unittest.mock import patch
from uuid import UUID
from zipfile import ZipFile

from domain.catalogue import EVENTS
from domain.recorded import Recorded
from domain.words import is_personal
from services.log import log_reading
from services.paper import press

Field = tuple[str, str]  # stored name of the event, and of its field

FIELDS: tuple[Field, ...] = tuple(
    (name, item.name) for name, kind in sorted(EVENTS.items()) for item in fields(kind) if is_personal(item)
)
_MARK = re.compile(r"Q[A-Z2-7]{11}|139\d{8}")


def mark(field: Field) -> str:
    """A word, or a number of a phone, that occurs nowhere else."""
    digest = sha256(".".join(field).encode()).digest()
    if field[1] == "phone":
        return f"139{int.from_bytes(digest[:6]) % 10**8:08}"
    return "Q" + b32encode(digest).decode()[:11]


MARKS: dict[str, Field] = {mark(field): field for field in FIELDS}
_NAMES = {"name", "reporter", "payer", "title"}  # of which the first sign may be shown


def marked(event: Any) -> Any:
    """The event with a mark in each personal field that says something."""
    said = {
        item.name: _of_its_kind((type(event).__name__, item.name))
        for item in fields(event)
        if is_personal(item) and getattr(event, item.name) is not None
    }
    return replace(event, **said) if said else event


def _of_its_kind(field: Field) -> str:
    if field[1] in _NAMES:
        return f"欧{mark(field)}"
    return f"{mark(field)}0123" if field[1] == "account" else mark(field)  # of an account the end may be shown


@contextmanager
def marking(but: UUID) -> Iterator[None]:
    """Whatever is read from the log is marked, except of one person, and instead of a PDF comes what it would say."""
    read = log_reading.recorded

    def recorded(*stored: Any) -> Recorded[Any]:
        found = read(*stored)
        return found if found.stream == but else found._replace(event=marked(found.event))

    def told(command: Any, *, input: bytes, **_: Any) -> CompletedProcess[bytes]:
        return CompletedProcess(command, 0, b"%PDF" + input, b"")

    with patch.object(log_reading, "recorded", recorded), patch.object(press.subprocess, "run", told):
        yield


def marks_in(answer: bytes) -> set[Field]:
    """The fields whose marks stand in an answer, also where it is a workbook."""
    if answer.startswith(b"PK"):
        with ZipFile(BytesIO(answer)) as packed:
            answer = b"\n".join(packed.read(each) for each in packed.namelist())
    return {MARKS[found] for found in _MARK.findall(answer.decode("utf-8", "replace")) if found in MARKS}
