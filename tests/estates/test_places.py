"""The reader of places: every way of writing one down is read, and what is no place is not taken for one."""

import string
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.estates.codes import Kind, alike
from domain.estates.place_reading import place_in, read
from domain.estates.places import Known, Place

ROOMS = frozenset(f"{floor}{flat:02}" for floor in range(1, 8) for flat in (1, 2))
KNOWN = Known(
    {
        **{number: {"1": ROOMS, "2": ROOMS} for number in ("1", "2", "3", "5", "6", "12", "81", "102")},
        "7": {"1": ROOMS | {"地下室"}, "2": ROOMS},
        "A": {"": frozenset({"101", "102", "101A", "102-1"})},
        "12-1": {"2": ROOMS},
        "15号楼": {"东单元": ROOMS, "西单元": ROOMS},
        "商业街": {"": frozenset({"1", "2", "88"})},
        "20": {"1": frozenset({"2101", "B1"})},
    }
)
CORPUS = [
    line.rstrip("\n").split(" => ")
    for line in Path(__file__).with_name("places.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def said(place: Place) -> str:
    return "/".join(part or "-" for part in place)


@pytest.mark.parametrize(("text", "place"), CORPUS, ids=[text for text, _ in CORPUS])
def test_a_text_is_read(text: str, place: str) -> None:
    assert said(place_in(text, KNOWN)) == place


BUILDINGS = st.sampled_from([each for each in KNOWN.map if each.isdigit() and each != "20"])
BLANK = st.sampled_from(["", " ", "\u3000", "\u200b", "  "])
_SPELT = str.maketrans("0123456789", "零一二三四五六七八九")


def written(number: str, how: str) -> str:
    """A number in half or full width, or spelt out."""
    if how == "wide":
        return number.translate(str.maketrans(string.digits, "０１２３４５６７８９"))
    if how == "spelt" and len(number) < 3:
        tens, ones = divmod(int(number), 10)
        before = "零一二三四五六七八九"[tens] if tens > 1 else ""
        return f"{before}{'十' if tens else ''}{'零一二三四五六七八九'[ones] if ones else ''}"
    if how == "spelt" and number.startswith("10"):
        return f"一百零{'零一二三四五六七八九'[int(number[2])]}"
    return number


@given(
    building=BUILDINGS,
    stairwell=st.sampled_from(["1", "2"]),
    room=st.sampled_from(sorted(ROOMS)),
    how=st.sampled_from(["plain", "wide", "spelt"]),
    form=st.sampled_from(
        [
            ("", "栋", "单元", ""), ("", "号楼", "单元", "室"), ("", "幢", "单元", "房"), ("", "#", "-", ""),
            ("", "#楼", "单元", ""), ("", "座", "梯", "室"), ("", "栋", "门", ""), ("", "栋-", "-", ""),
            ("", "栋/", "/", "室"),
        ]
    ),
    blanks=st.lists(BLANK, min_size=6, max_size=6),
    around=st.sampled_from([("", ""), ("师傅，", "漏水"), ("昨天8点", "的灯不亮"), ("电话13900006401，", "")]),
)  # fmt: skip
def test_every_spelling_of_a_place_is_that_place(
    building: str, stairwell: str, room: str, how: str, form: tuple[str, str, str, str], blanks: list[str],
    around: tuple[str, str],
) -> None:  # fmt: skip
    parts = [written(building, how), form[1], written(stairwell, how), form[2], written(room, "wide") + form[3]]
    text = around[0] + "".join(part + blank for part, blank in zip(parts, blanks, strict=False)) + around[1]
    if how == "plain":
        text = text.replace(written(room, "wide"), room)
    assert place_in(text, KNOWN) == Place(building, stairwell, room)


@given(st.text() | st.text("0123456789一二三十百零-/#.、 栋幢号楼单元室层梯门座aAbB元点天月:和到的", max_size=30))
def test_whatever_is_written_only_places_of_the_estate_are_read(text: str) -> None:
    place = place_in(text, KNOWN)
    assert place == Place() or KNOWN.fits(place)
    for whole in (False, True):
        mentions, rest = read(text, KNOWN, whole=whole)
        assert all(KNOWN.fits(each) for mention in mentions for each in mention.places)
        assert isinstance(rest, str)


@given(st.text("0123456789-/:. 年月日号点元块天", max_size=20))
def test_numbers_with_a_measure_are_no_places(text: str) -> None:
    for measure in ("元", "点", "天", "块钱", "个人"):
        place = place_in(f"{text}{measure}", KNOWN)
        assert place.building is None or any(mark in text for mark in "-/. 号")


def test_a_long_text_is_read_in_a_moment() -> None:
    started = time.process_time()
    for text in ("6栋" * 700, "1-" * 1000, "一" * 2000, "a1" * 1000, "6 2 4" * 400, "住" * 2000, "#" * 2000):
        place_in(text, KNOWN)
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("3", "３", Kind.BUILDING), ("3", "3号楼", Kind.BUILDING), ("A座", "a", Kind.BUILDING),
        ("1#", "1", Kind.BUILDING),
        ("12—1", "12-1", Kind.BUILDING), ("十二", "12", Kind.BUILDING), ("101a", "101A", Kind.ROOM),
        ("0101", "101室", Kind.ROOM), ("东单元", "东", Kind.STAIRWELL), ("102－1", "102-1", Kind.ROOM),
    ],
)  # fmt: skip
def test_codes_that_people_take_for_one_are_alike(one: str, other: str, kind: Kind) -> None:
    assert alike(one, kind) == alike(other, kind)


@given(st.text(min_size=1, max_size=16))
def test_a_code_is_like_itself_without_end(code: str) -> None:
    for kind in (Kind.BUILDING, Kind.STAIRWELL, Kind.ROOM):
        once = alike(code, kind)
        assert alike(once, Kind.ROOM) == alike(alike(once, Kind.ROOM), Kind.ROOM)


@pytest.mark.parametrize(
    ("one", "other"), [("3", "13"), ("A", "B"), ("12-1", "121"), ("101", "102"), ("地下室", "地下")]
)
def test_codes_of_two_things_are_not_alike(one: str, other: str) -> None:
    assert alike(one, Kind.ROOM) != alike(other, Kind.ROOM)
