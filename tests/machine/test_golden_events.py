"""Events are kept for ever: what version 1 wrote, today's classes read, and write the same again.

A file of ``tests/<capability>/events`` is never changed. When an event changes, a ``.v2.json`` joins it and an upcaster
leads from one to the other. ``python -m tests.machine.test_golden_events`` writes the files that are missing, and only
those.
"""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from domain.capacity import Capacity
from domain.catalogue import EVENTS
from domain.recorded import Act
from domain.words import is_personal
from services.log.envelope import VERSIONS, Telling, encode, upcast
from tests import examples
from tests.scenario import MONDAY

TESTS = Path(__file__).resolve().parents[1]
EXAMPLES = {type(event).__name__: event for event in examples.EVENTS}
FILES = sorted(TESTS.glob("*/events/*.json"))


def file_of(name: str, version: int) -> Path:
    """It lies with the tests of the capability that the event is of."""
    _, capability, *_ = EVENTS[name].__module__.split(".")
    return TESTS / capability / "events" / f"{name}.v{version}.json"


def data_of(event: Any) -> Any:
    """The fields as JSON has them."""
    return msgspec.json.decode(msgspec.json.encode(event))


def written(event: Any) -> dict[str, Any]:
    """The file's content for an event as today's class writes it."""
    name = type(event).__name__
    return {"name": name, "v": VERSIONS.get(name, 1), "data": data_of(event)}


def test_there_is_one_example_of_every_event() -> None:
    assert len(examples.EVENTS) == len(EXAMPLES) and EXAMPLES.keys() == EVENTS.keys()


@pytest.mark.parametrize("name", EVENTS)
def test_the_newest_version_is_kept(name: str) -> None:
    kept = json.loads(file_of(name, VERSIONS.get(name, 1)).read_text(encoding="utf-8"))
    assert written(EXAMPLES[name]) == kept


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_was_written_once_can_be_read_for_ever(file: Path) -> None:
    kept = json.loads(file.read_text(encoding="utf-8"))
    name, version = kept["name"], kept["v"]
    assert file == file_of(name, version)
    event = msgspec.convert(upcast(name, version, kept["data"]), EVENTS[name])
    assert event == EXAMPLES[name]
    if version == VERSIONS.get(name, 1):
        assert data_of(event) == kept["data"]


@pytest.mark.parametrize("name", EVENTS)
def test_every_clear_field_is_stored_as_it_always_was(name: str) -> None:
    """And no personal one, as there is no key here."""
    event, nobody = EXAMPLES[name], UUID(int=0)
    act = Act(nobody, Capacity.SYSTEM, MONDAY, MONDAY)
    state = encode(Telling(event, nobody, nobody, 1, "-", act, None, nobody, None, None))
    personal = {item.name for item in fields(event) if is_personal(item)}
    stored = json.loads(state)["data"]
    assert list(stored.items()) == [(key, value) for key, value in data_of(event).items() if key not in personal]


def write_missing() -> None:
    """Keep an example of every event version that has none yet."""
    for name, event in EXAMPLES.items():
        file = file_of(name, VERSIONS.get(name, 1))
        if not file.exists():
            file.parent.mkdir(exist_ok=True)
            file.write_text(json.dumps(written(event), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_missing()
