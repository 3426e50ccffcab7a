"""Days and moments that people type go through one reader: in every body of every route, and in every form."""

import ast
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, get_args

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel, ValidationError

from domain.refusal import Rejection
from services.console.visit import moment
from services.http.bodies import Typed, day_of
from tests.conftest import Demo

SERVICES = Path(__file__).parents[2] / "services"
ITSELF = {  # what machines wrote, and positions in the log that a program asks for
    "backup/schedule.py", "backup/archive.py", "billing/access.py", "cases/as_of.py", "cases/story.py",
    "running/saved.py", "running/watch.py", "telling/pages.py", "trail/desk_lines.py", "trail/keys.py",
}  # fmt: skip


def parts(hint: Any) -> Iterator[Any]:
    """A type and everything that it is made of."""
    yield hint
    for each in get_args(hint):
        yield from parts(each)


def models(hint: Any, seen: set[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    for each in parts(hint):
        if isinstance(each, type) and issubclass(each, BaseModel) and each not in seen:
            seen.add(each)
            yield each
            for field in each.model_fields.values():
                yield from models(field.annotation, seen)


@pytest.fixture(scope="module")
def bodies(demo: Demo) -> set[type[BaseModel]]:
    seen: set[type[BaseModel]] = set()
    for context in iter_route_contexts(demo.client().app.routes):  # type: ignore[attr-defined]
        route = context.original_route
        if isinstance(route, APIRoute) and route.body_field is not None:
            list(models(route.body_field.field_info.annotation, seen))
    assert len(seen) > 100
    return seen


def test_every_day_of_every_body_is_read_by_the_one_reader(bodies: set[type[BaseModel]]) -> None:
    wrong = [
        f"{body.__name__}.{name}"
        for body in bodies
        for name, field in body.model_fields.items()
        if date in parts(field.annotation) and not _is_read(body, name, field)
    ]
    assert wrong == []


def _is_read(body: type[BaseModel], name: str, field: Any) -> bool:
    if field.annotation in (date, date | None):
        return issubclass(body, Typed) or _by_reader(field.metadata)
    inner = (each for part in parts(field.annotation) for each in getattr(part, "__metadata__", ()))
    return _by_reader([*field.metadata, *inner])


def _by_reader(metadata: Any) -> bool:
    return any(getattr(each, "func", None) is day_of for each in metadata)


def test_no_body_takes_a_count_of_seconds_for_a_day(bodies: set[type[BaseModel]]) -> None:
    days = [
        (body, name) for body in bodies for name, field in body.model_fields.items() if date in parts(field.annotation)
    ]
    assert len(days) > 10
    for body, name in days:
        for wrong in (1_790_000_000, 1_790_000_000.5, "1790000000"):
            try:
                body.model_validate({name: wrong if "list" not in str(body.model_fields[name].annotation) else [wrong]})
            except ValidationError as refused:
                told = {each["loc"][0] for each in refused.errors()}
                assert name in told, f"{body.__name__}.{name} takes {wrong!r}"
            except Rejection:
                continue
            else:
                pytest.fail(f"{body.__name__}.{name} takes {wrong!r}")


def test_no_form_reads_a_day_by_itself() -> None:
    found = set()
    for path in SERVICES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in ("fromisoformat", "strptime"):
                found.add(path.relative_to(SERVICES).as_posix())
    assert found == ITSELF


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-11-20T08:30", (20, 8, 30)), ("2026-11-20 08:30", (20, 8, 30)), ("2026/11/20 8:30", (20, 8, 30)),
        ("2026年11月20日 下午3点05", (20, 15, 5)), ("２０２６－１１－２０　０８：３０", (20, 8, 30)),
        ("2026-11-20T08:30:00+08:00", (20, 8, 30)), ("2026-11-20T00:30:00Z", (20, 8, 30)),
    ],
)  # fmt: skip
def test_a_moment_in_a_form_is_read_as_people_write_it(said: str, meant: tuple[int, int, int]) -> None:
    at, (day, hour, minute) = moment(said), meant
    assert at == datetime(2026, 11, day, hour, minute, tzinfo=timezone(timedelta(hours=8)))


def test_a_moment_with_two_readings_says_both_and_others_are_none() -> None:
    with pytest.raises(Rejection, match="two_readings"):
        moment("03/04/2026 08:30")
    for wrong in ("", "45000", "1790000000", "soon", "2026-13-01T08:00"):
        with pytest.raises(ValueError, match="no moment"):
            moment(wrong)
