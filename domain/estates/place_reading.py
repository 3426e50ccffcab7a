"""The one reader of places: building, stairwell and room out of what people write, and only such as the estate has.

6栋2单元401, 6-2-401, 6/2/401, 六号楼二单元四零一, 6#2-401, A座101, 12-1幢, building 6 unit 2 room 401. Several readings
that fit are all told (``read``); none is chosen between them (``place_in``). Amounts, days, times, phones and
ranges are no places.
"""

import re
from collections.abc import Iterator, Sequence

from domain.estates import place_patterns as patterns
from domain.estates import place_words as words
from domain.estates.place_text import Ready, ready
from domain.estates.places import MOST, Known, Mention, Pieces, Place, common


def place_in(text: str, known: Known) -> Place:
    """The place that a text speaks of; less of it where the text does not say, or says several things."""
    agreed = [common(each.places, known) for each in read(text, known)[0]]
    return common([each for each in agreed if each.building is not None], known)


def whole_place(text: str, known: Known) -> Place:
    """The place that a text names and nothing else."""
    found, rest = read(text, known, whole=True)
    return common(found[0].places, known) if len(found) == 1 and not rest else Place()


def read(text: str, known: Known, *, whole: bool = False) -> tuple[list[Mention], str]:
    """Every mention of a place with all readings that fit, and what is left of the text, as it is compared.

    ``whole``: nothing else is expected in it, as in a box that asks for a place.
    """
    said = ready(text)
    found = _Reader(said, known, whole).mentions()
    return found, said.without([(each.start, each.end) for each in found])


class _Reader:
    def __init__(self, said: Ready, known: Known, whole: bool) -> None:
        self._text = said.text
        self._known = known
        self._whole = whole
        self._first = {*"#", *(each[0] for each in (*known.names, *known.named_rooms, *words.BEFORE_ROOM))}

    def mentions(self) -> list[Mention]:
        found: list[Mention] = []
        at, inside = 0, None
        while at < len(self._text):
            mention = self._mention(at, inside) if self._begins(at) else None
            if mention is None:
                at = self._passed(at)
                continue
            found.append(mention)
            agreed = common(mention.places, self._known)
            inside = agreed.building or inside
            at = max(mention.end, at + 1)
        return found

    def _begins(self, at: int) -> bool:
        """Whether a code or a word may begin here: not within a run of letters and digits."""
        if not _alnum(self._text, at):
            return self._text[at] in self._first
        return at == 0 or not _alnum(self._text, at - 1)

    def _passed(self, at: int) -> int:
        """Behind what is no place: a whole date or range, or the digits of a phone."""
        run = patterns.CODE.match(self._text, at)
        if run is None:
            return at + 1
        first = patterns.ONE.match(self._text, at)
        assert first is not None
        return first.end() + 1 if len(first[0]) > patterns.PHONE else run.end()

    def _mention(self, at: int, inside: str | None) -> Mention | None:
        return self._from_building(at) or self._from_run(at) or self._without_building(at, inside)

    # -- from a building on

    def _from_building(self, at: int) -> Mention | None:
        for said, end, sure in self._buildings_at(at):
            codes = self._known.buildings_called(said)
            read = [self._behind(code, end) for code in codes]
            places = dict.fromkeys(each for some, _ in read for each in some)
            if not sure:
                floor = self._text[end - 1] == words.MAYBE_BUILDING[1]  # 3楼301 is on the third floor
                places = {
                    each: None for each in places if each.stairwell is not None or (each.room is not None and not floor)
                }
            if end == at + len(said) and said in self._known.named_rooms:  # a building and rooms of one name
                places |= dict.fromkeys(self._rooms_anywhere(said))
            if places:
                last = max(behind for _, behind in read)
                return self._listed(list(places)[:MOST], at, min(last, len(self._text)))
        return None

    def _buildings_at(self, at: int) -> Iterator[tuple[str, int, bool]]:
        """What may name a building here, where it ends, and whether it needs nothing more to be sure of it."""
        text = self._text
        before = patterns.BEFORE_BUILDING.match(text, at)
        code = patterns.CODE.match(text, before.end() if before else at)
        if before and code:
            whole = code if self._known.buildings_called(code[0]) else patterns.ONE.match(text, before.end())
            if whole is not None:
                yield whole[0], whole.end(), True
            return
        for name in self._known.names:
            if text.startswith(name, at) and not (_alnum(name, len(name) - 1) and _alnum(text, at + len(name))):
                word = patterns.BUILDING.match(text, at + len(name))
                if word or len(name) > 1:
                    yield name, word.end() if word else at + len(name), not self._goes_on(name, at + len(name))
        if code is None:
            return
        word = patterns.BUILDING.match(text, code.end())
        if word and not self._one_of_several(at):
            yield code[0], word.end(), not self._counted(at, word)
            return
        maybe = patterns.MAYBE_BUILDING.match(text, code.end())
        if maybe:
            yield code[0], maybe.end(), False
        glued = patterns.GLUED.match(text, at)
        if glued:
            yield glued[1], glued.end(), False

    def _rooms_anywhere(self, said: str) -> Iterator[Place]:
        for building in self._known.map:
            yield from (Place(building, None, room) for room in self._known.rooms_called(building, None, said))

    def _goes_on(self, name: str, end: int) -> bool:
        """A name of one sign says little where Chinese goes on."""
        return len(name) < 2 and patterns.HAN.match(self._text, end) is not None

    def _one_of_several(self, at: int) -> bool:
        """6、7栋."""
        return patterns.ONE_MORE.search(self._text, max(0, at - patterns.PHONE), at) is not None

    def _counted(self, at: int, word: "re.Match[str]") -> bool:
        """3栋楼都停电, 有3栋: how many, not which."""
        before = self._text[at - 1] if at else "-"
        behind = (patterns.COUNTED_AFTER.match(self._text, n) for n in range(word.start() + 1, word.end() + 1))
        return before in words.COUNTED_BEFORE or any(behind)

    def _behind(self, building: str, end: int) -> tuple[list[Place], int]:
        """What stands behind a building: stairwell and room, or as much of it as the estate has."""
        start = self._skipped(end)
        for read in (self._worded, self._dashed_inside):
            found = read(building, start)
            if found is not None:
                return found
        rooms = self._room_at(building, None, start)
        if rooms is not None:
            return [Place(building, None, room) for room in rooms[0]] or [Place(building)], rooms[1]
        return [Place(building)], end

    def _worded(self, building: str, start: int) -> tuple[list[Place], int] | None:
        """A stairwell with its word, and perhaps a room."""
        said = self._stairwell_at(start, building)
        if said is None:
            return None
        stairwells = self._known.stairwells_called(building, said[0])
        if not stairwells:  # one that the building does not have: its rooms would be somebody else's
            return [Place(building)], self._passed(self._skipped(said[1]))
        places, last = list[Place](), said[1]
        for stairwell in stairwells:
            rooms = self._room_at(building, stairwell, self._skipped(said[1]))
            if rooms is None:
                places.append(Place(building, stairwell))
                continue
            places += [Place(building, stairwell, room) for room in rooms[0]] or [Place(building, stairwell)]
            last = max(last, rooms[1])
        return places, last

    def _stairwell_at(self, at: int, building: str | None) -> tuple[str, int] | None:
        text = self._text
        before = patterns.BEFORE_STAIRWELL.match(text, at)
        if before:
            code = patterns.ONE.match(text, before.end())
            has = building is not None and code and self._known.stairwells_called(building, code[0])
            unit = before[0].startswith(words.BEFORE_ROOM[3])  # a unit may be a stairwell or a flat
            return (code[0], code.end()) if code and (has or not unit or len(code[0]) < 3) else None
        code = patterns.CODE.match(text, at)
        word = patterns.STAIRWELL.match(text, code.end()) if code else None
        if code and word and not patterns.RANGE_END.search(code[0]):
            return code[0], word.end()
        if building is not None:
            named = [each for each in self._known.stairwells(building) if not each.isascii() or "-" in each]
            for name in sorted(named, key=len, reverse=True):
                word = patterns.STAIRWELL.match(text, at + len(name)) if text.startswith(name, at) else None
                if word or (len(name) > 1 and text.startswith(name, at) and not name.isascii()):
                    return name, word.end() if word else at + len(name)
        if code and word:  # 2-4单元: several
            return code[0], word.end()
        return None

    def _dashed_inside(self, building: str, start: int) -> tuple[list[Place], int] | None:
        """2-401 behind a building."""
        run = patterns.DASHED.match(self._text, start)
        if run is None:
            return None
        parts = patterns.PARTS.split(run[0])
        if len(parts[-1]) > patterns.PHONE and len(parts) > 2:  # a phone behind it
            parts, end = parts[:-1], run.end() - len(parts[-1]) - 1
        else:
            end = run.end()
        places = [
            Place(building, stairwell, room)
            for n in range(1, len(parts))
            for stairwell in self._known.stairwells_called(building, "-".join(parts[:n]))
            for room in self._known.rooms_called(building, stairwell, "-".join(parts[n:]))
        ]
        places += [Place(building, None, room) for room in self._known.rooms_called(building, None, "-".join(parts))]
        return (places[:MOST], self._room_word(end)) if places and not self._measured(end) else None

    def _room_at(self, building: str, stairwell: str | None, start: int) -> tuple[list[str], int] | None:
        """Rooms that are said here, and where that ends; none of them where the estate has no such room."""
        said = self._room_said(start)
        if said is not None:
            return self._known.rooms_called(building, stairwell, said[0])[:MOST], said[1]
        for name in self._known.named_rooms:
            if self._text.startswith(name, start):
                rooms = self._known.rooms_called(building, stairwell, name)
                if rooms:
                    return rooms, start + len(name)
        return None

    def _room_said(self, start: int) -> tuple[str, int] | None:
        """A room's code as it is written, with its floor if that is said for itself: 4楼01."""
        text = self._text
        before = patterns.BEFORE_ROOM.match(text, start)
        if before:
            start = before.end()
        floor = patterns.FLOORED.match(text, start) or patterns.BEFORE_FLOOR.match(text, start)
        at = self._skipped(floor.end()) if floor else start
        if floor and (before_room := patterns.BEFORE_ROOM.match(text, at)):
            at = before_room.end()
        code = self._code_of_room(at)
        if code is None:
            return None
        end = code[1]
        word = patterns.ROOM.match(text, end)
        if floor and re.fullmatch("[0-9]{1,2}", code[0]) and (word or len(code[0]) == 2):
            code = f"{floor[1]}{code[0]:0>2}", end
        elif len(re.sub("[^0-9]", "", code[0])) < 3 and not (word or before or self._whole):
            return None
        if not word and not before and self._measured(end):
            return None
        return code[0], word.end() if word else end

    def _code_of_room(self, at: int) -> tuple[str, int] | None:
        code = patterns.CODE.match(self._text, at)
        if (
            code is None
            or patterns.STAIRWELL.match(self._text, code.end())
            or patterns.BUILDING.match(self._text, code.end())
        ):
            return None
        first = patterns.ONE.match(self._text, at)
        assert first is not None
        rest = code[0][len(first[0]) :]
        if len(rest) > patterns.PHONE:  # a phone stands behind it
            return first[0], first.end()
        return (code[0], code.end()) if len(first[0]) <= patterns.PHONE else None

    def _room_word(self, end: int) -> int:
        word = patterns.ROOM.match(self._text, end)
        return word.end() if word else end

    def _measured(self, end: int) -> bool:
        return patterns.UNITS.match(self._text, end) is not None

    def _skipped(self, end: int) -> int:
        between = patterns.BETWEEN.match(self._text, end)
        return between.end() if between else end

    def _listed(self, places: list[Place], start: int, end: int) -> Mention:
        """With what else is named of the same building: 401和402."""
        building, stairwells = places[0].building, {each.stairwell for each in places}
        stairwell = next(iter(stairwells)) if len(stairwells) == 1 else None
        while building is not None and (more := patterns.LISTED.match(self._text, end)):
            found = self._worded(building, more.end())
            if found is None and (rooms := self._room_at(building, stairwell, more.end())) and rooms[0]:
                found = [Place(building, stairwell, room) for room in rooms[0]], rooms[1]
            if found is None:
                break
            places, end = [*places, *found[0]], found[1]
        return Mention(tuple(dict.fromkeys(places))[:MOST], start, end)

    # -- codes with signs between them

    def _from_run(self, at: int) -> Mention | None:
        """6-2-401, and whatever else the register makes of such a run: building 12-1 may have a stairwell 2."""
        run = patterns.DASHED.match(self._text, at)
        spaced = patterns.SPACED.match(self._text, at) if self._whole else patterns.SPACED_TRIPLE.match(self._text, at)
        run = spaced if run is None or (spaced and spaced.end() > run.end()) else run
        if run is None:
            return self._alone(at)
        parts, end = patterns.PARTS.split(run[0]), run.end()
        if len(parts) > 2 and len(parts[-1]) > patterns.PHONE:
            end -= len(parts.pop()) + 1
        if any(len(part) > patterns.PHONE for part in parts):
            return None
        stairwell = patterns.STAIRWELL.match(self._text, end)
        found = self._stairwell_behind(parts, stairwell.end()) if stairwell else self._split(parts, end)
        return self._listed(found[0][:MOST], at, found[1]) if found and found[0] else None

    def _alone(self, at: int) -> Mention | None:
        """A building's code and nothing else."""
        code = patterns.CODE.match(self._text, at)
        if not self._whole or code is None or at > 0 or code.end() < len(self._text):
            return None
        places = tuple(Place(each) for each in self._known.buildings_called(code[0]))
        return Mention(places, at, code.end()) if places else None

    def _split(self, parts: Sequence[str], end: int) -> tuple[list[Place], int] | None:
        word = patterns.ROOM.match(self._text, end)
        if self._measured(end) and not word:
            return None
        sure = bool(word) or self._whole
        found = [each for each in self._known.of_run(parts) if sure or len(re.sub("[^0-9]", "", each.room or "")) > 2]
        long = len(parts) > 2 and len(re.sub("[^0-9]", "", parts[-1])) > 2
        if not found and (self._whole or long):  # all but the room
            found = self._known.of_run(parts if self._whole else parts[:-1], rooms=False)
        if self._whole and end == len(self._text):
            found += [Place(each) for each in self._known.buildings_called("-".join(parts))]
        return found, self._room_word(end)

    def _stairwell_behind(self, parts: Sequence[str], end: int) -> tuple[list[Place], int] | None:
        """6-2单元401; 1-3单元 without a room is a range as well."""
        range_like = len(parts) == 2 and all(each.isdecimal() for each in parts) and int(parts[0]) < int(parts[1])
        places, last = list[Place](), end
        for building, rest in self._known.beginnings(parts):
            for stairwell in self._known.stairwells_called(building, "-".join(rest)):
                rooms = self._room_at(building, stairwell, self._skipped(end))
                if rooms and rooms[0]:
                    places += [Place(building, stairwell, room) for room in rooms[0]]
                    last = max(last, rooms[1])
                elif not range_like:
                    places.append(Place(building, stairwell))
        return places, last

    # -- without a building, or with one that stands behind the rest

    def _without_building(self, at: int, inside: str | None) -> Mention | None:
        said = self._pieces(at)
        if said is None:
            return None
        known, places = self._known, dict[Place, None]()
        among = list(known.map) if inside is None else [inside]
        if said.building is not None:
            among = list(known.buildings_called(said.building))
        for building in among:
            stairwells: Sequence[str | None] = (None,)
            if said.stairwell is not None:
                stairwells = known.stairwells_called(building, said.stairwell)
            for stairwell in stairwells:
                rooms = known.rooms_called(building, stairwell, said.room) if said.room is not None else []
                found = [Place(building, stairwell, room) for room in rooms]
                if not found and (said.room is None or said.building is not None or inside is not None):
                    found = [Place(building, stairwell)]
                places |= dict.fromkeys(found)
            if len(places) > MOST:
                break
        return self._listed(list(places)[:MOST], at, said.end) if places else None

    def _pieces(self, at: int) -> Pieces | None:
        """Parts with their words, in any order: room 401, unit 2, building 6."""
        said = Pieces(at)
        while True:
            start = said.end if said.end == at else self._skipped(said.end)
            building = next((each for each in self._buildings_at(start) if each[2]), None)
            if said.building is None and building is not None and said.end > at:
                said.building, said.end = building[0], building[1]
                continue
            stairwell = self._stairwell_at(start, None) if said.stairwell is None else None
            if stairwell is not None and self._text[stairwell[1] - 1] not in "".join(words.STAIRWELL[3:]):
                said.stairwell, said.end = stairwell
                continue
            room = self._room_alone(start, said) if said.room is None else None
            if room is None:
                return said if said.end > at and (said.stairwell or said.room) else None
            said.room, said.end = room

    def _room_alone(self, start: int, said: Pieces) -> tuple[str, int] | None:
        """A room with a word of its own, or right behind its stairwell."""
        for name in self._known.named_rooms:
            if self._text.startswith(name, start):
                return name, start + len(name)
        room = self._room_said(start)
        if room is None or said.stairwell is not None or (self._whole and (start, room[1]) == (0, len(self._text))):
            return room
        floored = patterns.FLOORED.match(self._text, start) or patterns.BEFORE_FLOOR.match(self._text, start)
        worded = not _alnum(self._text, room[1] - 1) and (len(room[0]) > 2 or self._text[room[1] - 1] != words.ROOM[-1])
        return room if worded or floored or patterns.BEFORE_ROOM.match(self._text, start) else None


def _alnum(text: str, at: int) -> bool:
    return at < len(text) and text[at].isascii() and text[at].isalnum()
