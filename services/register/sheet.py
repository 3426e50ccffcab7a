"""A register of dwellings as stations keep it in a sheet: which column is what, and what each line will become.

What a column is called stands with the words of both languages; columns that mean nothing here are left out unread.
Merged cells count for every line that they span, but for areas and rooms, which every line says for itself. Lines that
add up others are passed over. A line is tried by the rules of what is registered by hand.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from time import sleep
from typing import Any
from uuid import UUID

from domain.estates.estate import Estate
from domain.recorded import Act
from domain.refusal import Refusal, Rejection, refuse_if, reject_if
from domain.register.dwelling import DWELLING, BeginOwnership, Dwelling, RegisterDwelling, Use
from domain.register.owner import OWNER, Owner, OwnerKind, RegisterOwner
from domain.register.register_import import MOST_DWELLINGS
from domain.typed import one_line
from domain.written.days import day as read_day
from domain.written.numbers import number
from domain.written.phones import phone
from projections.register.dwellings import folded
from services.commands.findings import Findings, Wrong
from services.log.pseudonyms import Pseudonyms
from services.register.plans import dwelling_of, place_of
from services.sheets.lines import SHEET, Aside, aside, lines_of, rows_of_all
from services.sheets.reading import Book, SheetIn, is_total
from services.words.sentences import LANGUAGES, say

COLUMNS = (
    "building", "stairwell", "room", "chargeable_area", "exclusive_area", "owner", "phone", "owner_kind", "since",
    "use",
)  # fmt: skip
NEEDED = ("room", "chargeable_area", "owner")
_OF_EACH_LINE = ("room", "chargeable_area", "exclusive_area")
_HEADING_WITHIN = 20  # rows: before it may stand a title
_BREATH = 32  # lines, then others get their turn
_MERGED = "merged"  # the columns of a line that were merged with another one's
_LINE = "line"
_AREA_DECIMALS = 3  # as surveyors write them: 89,370 is no thousand for certain

Rows = list[dict[str, str]]  # texts by column, with the line's number in the file


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One dwelling with its owner as they will be registered. ``number`` is the file's own count of lines.

    ``first`` is set where no line before names this owner.
    """

    number: int
    dwelling: UUID
    building: str
    stairwell: str | None
    room: str
    chargeable_area: int
    exclusive_area: int
    use: Use
    owner: UUID
    first: bool
    name: str
    phone: str | None
    kind: OwnerKind
    since: date

    def register(self, estate: str) -> RegisterDwelling:
        return RegisterDwelling(
            estate, self.building, self.stairwell, self.room, self.chargeable_area, self.exclusive_area, self.use
        )

    def register_owner(self, estate: str) -> RegisterOwner:
        return RegisterOwner(estate, self.kind, self.name, self.phone)


@dataclass(frozen=True, slots=True)
class Reading:
    """A sheet as it was understood: lines in the order of the file, ``good`` of them, and what is wrong."""

    lines: Sequence[RegisterLine]
    good: int
    wrongs: Findings
    aside: Aside = field(default_factory=Aside)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a sheet is read against: the estate's map, the dwellings registered already, and who reads it when."""

    estate: str
    map: Estate
    registered: Collection[UUID]
    pseudonyms: Pseudonyms
    run: UUID  # the import: owners of two imports are never taken for the same
    act: Act
    uploaded_on: date  # ownership begins then where a line does not say


def rows_of_book(book: Book) -> Rows:
    """The texts by column of every sheet that has the heading. Refuses what ``rows_of`` refuses where none has it."""
    rows = rows_of_all(book, rows_of, "register_columns", "import_empty")
    reject_if(len(rows) > MOST_DWELLINGS + 1, "import_too_long", most=MOST_DWELLINGS)
    return rows


def rows_of(sheet: SheetIn) -> Rows:
    """The texts by column. Refuses what is no register as a whole: ``register_columns``, ``import_column_twice``,
    ``import_empty``, ``import_too_long``.
    """
    heading, columns = _heading(sheet)
    merged = _merged(sheet, heading, columns)
    rows: Rows = []
    for place in range(heading + 1, len(sheet.rows)):
        cells = sheet.rows[place]
        if not any(cells) or is_total(cells):
            continue
        row = {columns[at]: said for at, cell in enumerate(cells) if at in columns and (said := one_line(cell))}
        doubtful = []
        for column, text in merged.get(place, {}).items():
            if column in _OF_EACH_LINE:
                doubtful.append(column)
            elif text:
                row[column] = text
        if not row and not doubtful:
            continue
        reject_if(len(rows) >= MOST_DWELLINGS, "import_too_long", most=MOST_DWELLINGS)
        rows.append(row | {_LINE: str(place + 1)} | ({_MERGED: " ".join(doubtful)} if doubtful else {}))
    reject_if(not rows, "import_empty")
    return rows


def read(rows: Rows, ground: Ground, most: int | None = None) -> Reading:
    """Every line tried as it will be registered; of those that will be, the first ``most`` are kept, or all."""
    lines: list[RegisterLine] = []
    good, wrongs = 0, Findings()
    seen: dict[UUID, tuple[str, int]] = {}
    owners: set[UUID] = set()
    for count, row in enumerate(lines_of(rows)):
        if count % _BREATH == 0:
            sleep(0)
        number, sheet = int(row[_LINE]), row.get(SHEET, "")
        if wrongs.note(replace(each, sheet=sheet) for each in _wrongs(number, row)):
            continue
        try:
            line = _line(number, row, ground, owners)
            earlier = seen.setdefault(line.dwelling, (sheet, number))
            reject_if(earlier != (sheet, number), "register_twice", field="room", line=earlier[1])
            refuse_if(line.dwelling in ground.registered, "dwelling_registered", field="room")
        except Refusal as refusal:
            wrongs.note([Wrong(number, _column_of(refusal), refusal, sheet)])
        else:
            good += 1
            owners.add(line.owner)
            if most is None or good <= most:
                lines.append(line)
    return Reading(lines, good, wrongs, aside(rows))


def names(language: str, column: str) -> list[str]:
    """What a column may be called in a language; the first is the usual one."""
    return [name.strip() for name in say(language, f"register-names-{column}").split("/")]


def samples(language: str) -> list[list[str]]:
    """Two lines as people fill them in."""
    return [[cell.strip() for cell in say(language, f"register-sample-{n}").split("/")] for n in (1, 2)]


# -- which column is what ------------------------------------------------------------------------------------------


def _heading(sheet: SheetIn) -> tuple[int, dict[int, str]]:
    """The row of the heading, and the columns by their places; what stands before it is a title."""
    for place, cells in enumerate(sheet.rows[:_HEADING_WITHIN]):
        columns: dict[int, str] = {}
        for at, cell in enumerate(cells):
            column = _known().get(_plain(cell))
            if column is not None:
                columns[at] = column
        if all(column in columns.values() for column in NEEDED):
            twice = next((at for at, column in columns.items() if list(columns.values()).count(column) > 1), None)
            reject_if(twice is not None, "import_column_twice", place=(twice or 0) + 1)
            return place, columns
    raise Rejection("register_columns")


@cache
def _known() -> dict[str, str]:
    return {_plain(name): column for each in LANGUAGES for column in COLUMNS for name in names(each, column)}


def _plain(heading: str) -> str:
    """A heading without its unit in brackets, and without blanks."""
    return "".join(re.sub(r"[(\[].*", "", folded(heading)).split()).rstrip("*:")


def _merged(sheet: SheetIn, heading: int, columns: Mapping[int, str]) -> dict[int, dict[str, str]]:
    """By row what merged cells say there, by column."""
    found: dict[int, dict[str, str]] = {}
    for area in sheet.merged:
        if area.column not in columns or area.last_row <= heading or area.last_row == area.row:
            continue
        first = sheet.rows[area.row] if area.row < len(sheet.rows) else []
        text = first[area.column] if area.column < len(first) else ""
        for row in range(max(area.row, heading + 1), min(area.last_row + 1, len(sheet.rows))):
            found.setdefault(row, {})[columns[area.column]] = one_line(text)
    return found


# -- what a line says ----------------------------------------------------------------------------------------------


def _wrongs(number: int, row: Mapping[str, str]) -> Iterator[Wrong]:
    """What is missing or cannot be read, each by its column."""
    doubtful = row.get(_MERGED, "").split()
    for column in doubtful:
        yield Wrong(number, column, Rejection("register_merged"))
    for column in NEEDED:
        by_the_piece = column == "chargeable_area" and _use(row) in (Use.PARKING, Use.STALL)
        if column not in row and column not in doubtful and not by_the_piece:
            yield Wrong(number, column, Rejection("blank_text", field=column))
    tried: tuple[tuple[str, Callable[[str], Any]], ...] = (
        ("chargeable_area", area), ("exclusive_area", area), ("since", day), ("phone", phone),
        ("use", _use_of),
        ("owner_kind", _kind_of),
    )  # fmt: skip
    for column, attempt in tried:
        if column in row and column not in doubtful:
            try:
                attempt(row[column])
            except Refusal as refusal:
                yield Wrong(number, column, refusal)


def area(text: str) -> int:
    """An area in 0.01 m². Refuses ``area_unreadable``, ``area_decimals`` and ``two_readings``."""
    found = number(text, 2, "area_unreadable", too_fine="area_decimals", written=_AREA_DECIMALS, words=_area_words())
    reject_if(found < 0, "area_unreadable")
    return found


def day(text: str) -> date:
    """A day as people write it. Refuses ``register_date`` and ``two_readings``."""
    return read_day(text, "register_date")


def _use(row: Mapping[str, str]) -> Use:
    try:
        return _use_of(row.get("use", ""))
    except Refusal:  # told already
        return Use.RESIDENCE


def _use_of(text: str) -> Use:
    use: Use | None = _members(Use).get("".join(folded(text).split())) if text else Use.RESIDENCE
    if use is None:
        raise Rejection("register_use")
    return use


def _kind_of(text: str) -> OwnerKind:
    kind: OwnerKind | None = _members(OwnerKind).get("".join(folded(text).split())) if text else OwnerKind.PERSON
    if kind is None:
        raise Rejection("register_owner_kind")
    return kind


@cache
def _members(kind: Any) -> dict[str, Any]:
    """By their names in either language, and by what else they are called."""
    said: dict[str, Any] = {}
    for language in LANGUAGES:
        for each in kind:
            name = f"{kind.__name__.lower()}-{each.value}"
            for word in (say(language, name), *say(language, f"register-also-{name}").split("/")):
                said["".join(folded(word).split())] = each
    return said


@cache
def _area_words() -> tuple[str, ...]:
    words = {folded(word.strip()) for each in LANGUAGES for word in say(each, "register-area-words").split("/")}
    return tuple(sorted(words, key=len, reverse=True))


def _line(number: int, row: Mapping[str, str], ground: Ground, owners: Collection[UUID]) -> RegisterLine:
    place = place_of(ground.map, row.get("building"), row.get("stairwell"), row["room"])
    assert place.building is not None and place.room is not None
    dwelling = dwelling_of(ground.pseudonyms, ground.estate, place)
    name, to_call = " ".join(row["owner"].split()), row.get("phone") and phone(row["phone"])
    kind = _kind_of(row.get("owner_kind", ""))
    # two people of one name are two, unless they have one phone; a firm is the same one wherever it is named
    apart = to_call or (str(dwelling) if kind is OwnerKind.PERSON else "")
    owner = ground.pseudonyms.of("import-owner", str(ground.run), name, apart, kind.value)
    line = RegisterLine(
        number=number,
        dwelling=dwelling,
        building=place.building,
        stairwell=place.stairwell,
        room=place.room,
        chargeable_area=area(row["chargeable_area"]) if "chargeable_area" in row else 0,
        exclusive_area=area(row["exclusive_area"]) if "exclusive_area" in row else 0,
        use=_use(row),
        owner=owner,
        first=owner not in owners,
        name=name,
        phone=to_call,
        kind=kind,
        since=day(row["since"]) if "since" in row else ground.uploaded_on,
    )
    act = ground.act
    registered = DWELLING.consider(line.register(ground.estate), Dwelling(), act)
    state = DWELLING.fold([(event, act) for event in registered])
    DWELLING.consider(BeginOwnership(owner, line.since), state, act)
    OWNER.consider(line.register_owner(ground.estate), Owner(), act)
    return line


def _column_of(refusal: Refusal) -> str:
    place = {"unknown_building": "building", "unknown_stairwell": "stairwell", "unknown_dwelling": "room",
             "building_missing": "building"}.get(refusal.code)  # fmt: skip
    field = str(refusal.facts.get("field", ""))
    return place or {"name": "owner"}.get(field, field)
