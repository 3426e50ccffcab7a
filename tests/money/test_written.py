"""Numbers and days as people write them: one reading, or both are told."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import SHANGHAI
from domain.refusal import Refusal
from domain.written.days import DayOrder, day, moment
from domain.written.numbers import count, money, number
from services.register.sheet import area

AMOUNTS = {
    "0": 0, "12": 1200, "12.3": 1230, "12.30": 1230, "1,234.56": 123456, "1234.5600": 123456, "１２．５": 1250,
    "￥1,234.5": 123450, "¥ 12": 1200, "12元": 1200, "12.00+": 1200, "12 元整": 1200,
    "CNY13.50": 1350, "RMB 13.50": 1350, "人民币12.00元": 1200, "1.2万": 1_200_000, "1 234.56": 123456,
    "1'234.50": 123450, ".5": 50, "5.": 500, "12。5": 1250, "+10000.00": 1_000_000, "1,234,567": 123_456_700,
    "0,00": 0, "1, 234.00": 123_400,
    "-12": -1200, "−12": -1200, "－１２": -1200, "–12.00": -1200, "12.00-": -1200, "(12.00)": -1200, "（12.00）": -1200,
    "(¥12.00)": -1200, "¥-12.00": -1200, "-¥12.00": -1200, "负12": -1200, "(-12)": -1200, "12\u200b.00": 1200,
}  # fmt: skip
BOTH = {
    "89,37": ("89.37", "8,937"), "89，37": ("89.37", "8,937"), "1.234,56": ("1,234.56", "1.23456"),
    "0,5": ("0.5", "5"), "12 50": ("12.50", "1,250"), "1,2345": ("1.2345", "12,345"), "-89,37": ("-89.37", "-8,937"),
    "1,234,56": ("1,234.56", "123,456"), "1.234": ("1.234", "1,234"), "1.234.567,89": ("1,234,567.89", "123,456,789"),
}  # fmt: skip
NONE = (
    "", " ", "-", "--12", "abc", "12.3.4", "12%", "1e5", "1,23,456", "(12", "12)", "9" * 14, "12.345.1", "1/2", "½",
    "12元5角", "٣", "=1+1", "0x10", "1" * 200, "NaN", "inf", "12..5", ",", ".", "万", "1_000",
)  # fmt: skip


@pytest.mark.parametrize("written", AMOUNTS)
def test_an_amount_with_one_reading(written: str) -> None:
    assert money(written) == AMOUNTS[written]


@pytest.mark.parametrize("written", BOTH)
def test_two_readings_are_both_told(written: str) -> None:
    with pytest.raises(Refusal) as caught:
        money(written, field="amount")
    assert (caught.value.code, caught.value.facts["field"]) == ("two_readings", "amount")
    assert (caught.value.facts["one"], caught.value.facts["other"]) == BOTH[written]


@pytest.mark.parametrize("written", NONE)
def test_what_is_no_amount(written: str) -> None:
    with pytest.raises(Refusal) as caught:
        money(written)
    assert caught.value.code == "amount"


@given(st.integers(-(10**12), 10**12), st.booleans(), st.sampled_from(["{}", "¥{}", "{}元", " {} ", "CNY {}"]))
def test_every_amount_is_read_as_it_is_written(fen: int, grouped: bool, dressed: str) -> None:
    yuan = f"{abs(fen) // 100:,}" if grouped else str(abs(fen) // 100)
    written = f"{'-' if fen < 0 else ''}{yuan}.{abs(fen) % 100:02d}"
    assert money(dressed.format(written)) == fen


@given(st.text("0123456789.,' -+()¥元万，。−", max_size=12))
def test_whatever_is_written_is_read_or_refused(written: str) -> None:
    try:
        assert abs(money(written)) < 10**17
    except Refusal as refused:
        assert refused.code in ("amount", "two_readings")
        if refused.code == "two_readings":
            assert refused.facts["one"] != refused.facts["other"]


def test_areas_are_written_with_three_decimals_by_some() -> None:
    assert (area("89.37㎡"), area("1,234.5 平方米"), area("89.370")) == (8937, 123_450, 8937)
    for written, code in (("89,37", "two_readings"), ("89，370", "two_readings"), ("89.375", "area_decimals")):
        with pytest.raises(Refusal) as caught:
            area(written)
        assert caught.value.code == code


def test_prices_and_counts() -> None:
    assert number("0.655", 4, "unit_price") == 6550
    assert count("３", 9, "count") == 3 and count("", 9, "count") == 0
    for written in ("1,234", "1，5"):
        with pytest.raises(Refusal) as caught:
            number(written, 4, "unit_price")
        assert caught.value.code == "two_readings"
    for written in ("10", "-1", "1.5", "x"):
        with pytest.raises(Refusal) as caught:
            count(written, 9, "count")
        assert caught.value.code == "count" and caught.value.facts["most"] == 9


MOMENTS = {
    "20261005": "2026-10-05 00:00:00", "2026-10-05": "2026-10-05 00:00:00", "2026/10/5": "2026-10-05 00:00:00",
    "2026.10.05": "2026-10-05 00:00:00", "2026年10月5日": "2026-10-05 00:00:00", "46300": "2026-10-05 00:00:00",
    "46300.5": "2026-10-05 12:00:00", "20261005.0": "2026-10-05 00:00:00",
    "20261005093015": "2026-10-05 09:30:15", "2026-10-05 9:30": "2026-10-05 09:30:00",
    "20261005 093015": "2026-10-05 09:30:15", "2026-10-05-10.20.30": "2026-10-05 10:20:30",
    "2026-10-05T09:30:00.123": "2026-10-05 09:30:00", "2026年10月5日 星期一 下午3:05": "2026-10-05 15:05:00",
    "13/04/2026": "2026-04-13 00:00:00", "04/13/2026": "2026-04-13 00:00:00", "04/04/2026": "2026-04-04 00:00:00",
    "5 Oct 2026": "2026-10-05 00:00:00", "Oct 5, 2026": "2026-10-05 00:00:00",
    "２０２６－１０－０５": "2026-10-05 00:00:00",
    "2026-10-05 16:30:00Z": "2026-10-06 00:30:00", "2026-10-05 00:30:00+08:00": "2026-10-05 00:30:00",
    "2026 10 05": "2026-10-05 00:00:00", "2026-10-05 09:30:15": "2026-10-05 09:30:15",
}  # fmt: skip


@pytest.mark.parametrize("written", MOMENTS)
def test_a_moment_with_one_reading(written: str) -> None:
    assert moment(written) == datetime.fromisoformat(MOMENTS[written]).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("written", "one", "other"),
    [("03/04/2026", "2026-04-03", "2026-03-04"), ("26-10-05", "2026-10-05", "2005-10-26")],
)
def test_a_day_with_two_readings(written: str, one: str, other: str) -> None:
    with pytest.raises(Refusal) as caught:
        day(written, field="since")
    assert caught.value.code == "two_readings" and caught.value.facts["field"] == "since"
    assert (caught.value.facts["one"], caught.value.facts["other"]) == (one, other)


def test_an_order_that_is_known_leaves_one_reading() -> None:
    assert day("03/04/2026", order=DayOrder.DMY) == date(2026, 4, 3)
    assert day("03/04/2026", order=DayOrder.MDY) == date(2026, 3, 4)
    assert day("26-10-05", order=DayOrder.YMD) == date(2026, 10, 5)


@pytest.mark.parametrize(
    "written", ["", "10/5", "2026-13-01", "20260230", "yesterday", "2026-10-05 25:00", "1", "2026"]
)
def test_what_is_no_day(written: str) -> None:
    with pytest.raises(Refusal) as caught:
        day(written)
    assert caught.value.code == "register_date"


@given(st.text("0123456789/-.年月日: tz+上下午", max_size=24))
def test_whatever_is_written_is_a_moment_or_refused(written: str) -> None:
    try:
        assert moment(written).tzinfo is not None
    except Refusal as refused:
        assert refused.code in ("register_date", "two_readings")
