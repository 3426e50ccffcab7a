"""Bodies of acts, made from the command dataclasses: same names, same types, unknown fields refused."""

import re
from collections.abc import Collection
from dataclasses import MISSING, fields
from datetime import UTC, date, datetime
from functools import cache
from typing import Annotated, Any, get_type_hints

from fastapi import Body
from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    create_model,
    field_validator,
    model_validator,
)

from domain.refusal import Refusal
from domain.typed import tidied
from domain.words import is_personal
from domain.written.days import day as read_day

_SETTLED = {"order", "number", "hours", "targets", "reported_at"}  # settled by the product, not by who asks
_LONGEST = 200_000  # a longer text is refused as too large before anybody looks at it


Text = Annotated[str, StringConstraints(max_length=_LONGEST)]


# years that every calendar can turn into another time zone
Moment = Annotated[AwareDatetime, Field(ge=datetime(1900, 1, 1, tzinfo=UTC), lt=datetime(9000, 1, 1, tzinfo=UTC))]


def day_of(said: Any, field: str | None = None) -> Any:
    """A day as people write it; a number is none. Refuses ``two_readings``, raises ``ValueError`` for no day."""
    if isinstance(said, int | float):
        raise ValueError("a number is no day")
    if not isinstance(said, str):
        return said
    try:
        return read_day(said, "body", field=field)
    except Refusal as refused:
        if refused.code == "two_readings":
            raise
        raise ValueError("no day") from None


Day = Annotated[date, BeforeValidator(day_of)]


@cache
def days_of(body: type[BaseModel]) -> frozenset[str]:
    """The fields of a body that are days."""
    return frozenset(name for name, field in body.model_fields.items() if field.annotation in (date, date | None))


class Typed(BaseModel):
    """A body with its texts as they were meant, however they were typed."""

    @model_validator(mode="before")
    @classmethod
    def _tidy(cls, said: Any) -> Any:
        return tidied(said)

    @field_validator("*", mode="before")
    @classmethod
    def _day(cls, said: Any, field: ValidationInfo) -> Any:
        """A number is no day: a count of seconds would be read as one."""
        return day_of(said, field.field_name) if field.field_name in days_of(cls) else said


class ActBody(Typed):
    """What every act may carry: when it happened, with an offset; now, if it is not said."""

    model_config = ConfigDict(extra="forbid")

    occurred_at: AwareDatetime | None = Field(default=None, alias="occurredAt")


def body_of(command: type[Any], settled: Collection[str] = (), base: type[ActBody] = ActBody) -> type[ActBody]:
    """The body of a command, less the fields that are ``settled`` elsewhere, with those of ``base``."""
    hints = get_type_hints(command)
    wanted: dict[str, Any] = {}
    for item in fields(command):
        if item.name in _SETTLED or item.name in settled:
            continue
        default = ... if item.default is MISSING else item.default
        wanted[item.name] = (_typed(hints[item.name], item, default is ...), default)
    made = create_model(f"{command.__name__}Body", __base__=base, **wanted)
    made.__doc__ = described(command)
    return made


def described(command: type[Any]) -> str | None:
    """What somebody wrote of a command; the call that a dataclass writes by itself names modules, which move."""
    return None if (command.__doc__ or "").startswith(f"{command.__name__}(") else command.__doc__


def default_of(body: type[ActBody]) -> Any:
    """No body at all means an empty one where nothing has to be said."""
    needed = any(each.is_required() for each in body.model_fields.values())
    return Body() if needed else Body(default_factory=body)


def _typed(hint: Any, item: Any, required: bool) -> Any:
    if is_personal(item):
        text = Annotated[Text, Field(examples=[_EXAMPLES.get(item.name, "-")])]
        return text if required else text | None
    if hint is datetime:
        return Moment
    if hint is int:
        return Annotated[int, Field(strict=True)]  # neither "5" nor 5.0 nor true
    if hint is str:
        return Annotated[str, StringConstraints(max_length=_LONGEST, min_length=1)]
    return hint


_EXAMPLES = {
    "text": "3栋1单元门口路灯不亮",
    "reason": "轴承要换，厂家明早送到",
    "note": "敲门无人应，电话未接",
    "summary": "换感应灯头一只，试亮正常",
    "advice": "市政道路部分，已报街道",
    "answer": "灯已修好，谢谢您来说",
    "name": "林静怡",
    "phone": "13900000000",
    "reporter": "邹老师",
    "dwelling": "402",
}


def path_of(command: type[Any]) -> str:
    """The last part of an act's address: ``RecordArrival`` is ``record-arrival``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", command.__name__).lower()


def command_of(command: type[Any], body: ActBody, **settled: Any) -> Any:
    """The command that a body asks for; whether it makes sense is the domain's to say."""
    given = {item.name: getattr(body, item.name) for item in fields(command) if item.name not in settled}
    return command(**given, **settled)
