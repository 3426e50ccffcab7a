"""Any bytes as a statement: read, shown to a person, or refused; and of what is read no row is lost."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.refusal import Refusal
from domain.written.days import DayOrder
from services.reconciliation.formats import reading
from services.reconciliation.formats.mapping import Mapping, guess_under
from services.reconciliation.formats.reading import Understood, Unknown
from tests.reconciliation import files
from tests.reconciliation.test_layouts import LAYOUTS, file_of, nothing

CELLS = st.one_of(
    st.sampled_from([
        "", "2026-10-05", "20261005", "03/04/2026", "46300", "2026年10月5日 9:30", "12.00", "-12.00", "(3.5)",
        "89,37", "1,234.56", "￥5", "USD 3.00", "贷 Cr", "借", "/", "不计收支", "收入", "合计", "本日合计", "总笔数：3",
        "人民币", "美元",
        "张女士 6217000000000011", "3-2-501 物业费", "---", "\"", "'", "`1", "=1+1", "\t", "交易失败", "期初余额：1.00",
    ]),
    st.text(max_size=8),
)  # fmt: skip
HEADS = ["交易日期", "日期", "时间", "摘要", "用途", "对方户名", "对手信息", "收入", "支出", "金额", "借贷标志", "余额",
         "币种", "交易状态", "流水号", "手续费", "付款人名称", "收款人名称", "发生额", "Date", ""]  # fmt: skip
TABLES = st.integers(1, 7).flatmap(
    lambda wide: st.tuples(
        st.lists(st.sampled_from(HEADS), min_size=wide, max_size=wide),
        st.lists(st.lists(CELLS, max_size=wide + 1), max_size=6),
        st.sampled_from([",", "\t", "|", ";", "  "]),
        st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"]),
    )
)


def looked_into(file: bytes) -> "Understood | Unknown | None":
    try:
        found = reading.understand(file, nothing)
    except Refusal:
        return None
    return found if isinstance(found, Understood | Unknown) else None


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(file: bytes) -> None:
    looked_into(file)
    looked_into(b"\xff\xfe" + file)
    looked_into(b"<table><tr><td>" + file)


@pytest.mark.slow
@given(TABLES)
@settings(max_examples=150)
def test_any_table_is_read_shown_or_refused(table: tuple[list[str], list[list[str]], str, str]) -> None:
    head, rows, between, encoding = table
    text = "\n".join(between.join(row) for row in (head, *rows))
    looked_into(text.encode(encoding, "replace"))


@given(TABLES, st.integers(-1, 3), st.lists(st.integers(0, 6), min_size=5, max_size=5), st.sampled_from(DayOrder))
@settings(max_examples=100)
def test_any_choice_of_columns_reads_or_is_refused(
    table: tuple[list[str], list[list[str]], str, str], head: int, places: Sequence[int], order: DayOrder
) -> None:
    rows = [table[0], *table[1]]
    at, amount, payer, remark, side = places
    chosen = Mapping(at=at, amount=amount, payer=(payer,), remark=(remark,), direction=side, order=order)
    try:
        guess_under(rows, min(head, len(rows) - 1))
        reading.of_rows(rows, head, chosen)
    except Refusal:
        return


@pytest.mark.slow
@given(
    st.lists(
        st.tuples(st.integers(1, 28), st.integers(-(10**7), 10**7), st.sampled_from(["", "物业费", "合计三个月"])),
        min_size=1, max_size=30,
    ),
    st.sampled_from(["{:.2f}", "{:,.2f}", "¥{:,.2f}", "{:.2f}元"]),
    st.sampled_from(["2026-10-{:02d}", "202610{:02d}", "2026/10/{}", "2026年10月{}日", "2026.10.{:02d} 08:30:00"]),
    st.booleans(),
)  # fmt: skip
def test_no_row_of_a_table_is_lost(rows: list[tuple[int, int, str]], amount: str, day: str, apart: bool) -> None:
    """Every amount is a line, or moved nothing, whatever the hand it is written in, and the sums are the rows' own."""
    lines = ["交易日期\t流水号\t摘要\t收入\t支出" if apart else "交易日期\t流水号\t摘要\t金额"]
    for number, (on, fen, remark) in enumerate(rows):
        said = amount.format(abs(fen) / 100)
        money = (f"{said}\t" if fen > 0 else f"\t{said}") if apart else ("-" if fen < 0 else "") + said
        lines.append(f"{day.format(on)}\tS{number:03d}\t{remark}\t{money}")
    found = looked_into("\n".join(lines).encode("gb18030"))
    if all(fen == 0 for _, fen, _ in rows):
        return
    assert isinstance(found, Understood), found
    statement = found.statement
    assert [each.amount for each in statement.entries] == [fen for _, fen, _ in rows if fen]
    assert statement.void == len([fen for _, fen, _ in rows if not fen])


@pytest.mark.parametrize("layout", LAYOUTS[::6], ids=lambda layout: layout["name"])
def test_a_file_cut_anywhere_is_read_shown_or_refused(layout: dict[str, object]) -> None:
    file = file_of(layout)
    for end in range(0, len(file), max(1, len(file) // 40)):
        looked_into(file[:end])
        looked_into(file[:end] + b"\x00\xff" + file[end + 2 :])


@pytest.mark.parametrize("digits", [10, 5000])
def test_numbers_that_no_file_has_break_nothing(digits: int) -> None:
    """So many digits are no number to Python, and a sum of them none of a bank."""
    many = "9" * digits
    table = f"总笔数：{many} 收入笔数：{many} 收入合计：{many}.00 期初余额：{many}.00"
    found = looked_into(f"{table} 期末余额：1.00\n日期,摘要,收入,支出\n2026-10-05,a,1.00,\n合计,,{many},\n".encode())
    assert isinstance(found, Understood) and len(found.statement.entries) == 1
    looked_into(files.wechat([files.Paid("1", 100)]).replace("`1,`1.00", f"`{many},`1.00").encode())
    looked_into(files.alipay([files.Paid("1", 100)]).replace("合计：1笔", f"合计：{many}笔").encode())
