"""Statement files as they really are: read whole, or refused with what is wrong and where."""

import io
from collections.abc import Sequence

import pytest
import xlsxwriter

from domain.reconciliation.line import Provider
from domain.refusal import Refusal
from services.reconciliation.formats import reading
from services.reconciliation.formats.entry import ProviderStatement
from services.reconciliation.formats.mapping import Mapping, fingerprint
from services.reconciliation.formats.reading import Unknown
from tests.reconciliation import files
from tests.reconciliation.files import Paid

pytestmark = pytest.mark.slow

LINES = (Paid("0001", 9500), Paid("0002", 12_345), Paid("0001", -9500))


def nothing(prints: Sequence[str]) -> dict[str, Mapping]:
    return {}


def read(file: bytes | str, encoding: str = "utf-8") -> ProviderStatement:
    found = reading.read(file.encode(encoding) if isinstance(file, str) else file, nothing)
    assert isinstance(found, ProviderStatement)
    return found


def refused(file: bytes | str, code: str, **facts: object) -> None:
    with pytest.raises(Refusal) as caught:
        reading.read(file.encode() if isinstance(file, str) else file, nothing)
    assert caught.value.code == code, caught.value.facts
    assert facts.items() <= caught.value.facts.items(), caught.value.facts


# -- WeChat Pay ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_wechat_in_any_encoding(encoding: str) -> None:
    found = read(files.wechat(LINES), encoding)
    assert found.provider is Provider.WECHAT and found.footed
    assert [(each.serial, each.amount, each.refund_of) for each in found.entries] == [
        ("420000001/", 9500, None),
        ("420000002/", 12_345, None),
        ("420000001/500001", -9500, "420000001/"),
    ]
    assert (found.money_in, found.money_out) == (21_845, 9500)
    assert found.entries[0].fee == 57 and found.entries[0].row == 2 and found.entries[0].account == "oX1"


def test_wechat_packed_in_zip_or_gz_and_with_plain_line_ends() -> None:
    text = files.wechat(LINES)
    for file in (files.packed("bill.csv", text.encode()), files.gz(text.encode()), text.replace("\r\n", "\n").encode()):
        assert len(read(file).entries) == 3


@pytest.mark.parametrize("tick", ["`", ""])
def test_wechat_names_may_hold_commas(tick: str) -> None:
    found = read(files.wechat([Paid("1", 100, name="水费,电费,3-2-501"), Paid("2", 200, name="公摊,")], tick=tick))
    assert [(each.remark, each.amount) for each in found.entries] == [("水费,电费,3-2-501", 100), ("公摊,", 200)]


def test_wechat_with_ticks_before_its_headings() -> None:
    text = files.wechat(LINES).replace(files.WECHAT_HEAD, ",".join("`" + each for each in files.WECHAT_HEAD.split(",")))
    assert len(read(text).entries) == 3


def test_wechat_revoked_moves_no_money() -> None:
    found = read(files.wechat([Paid("1", 100), Paid("2", 300, state="REVOKED")]))
    assert [each.amount for each in found.entries] == [100] and found.void == 1


def test_wechat_must_foot() -> None:
    refused(files.wechat(LINES, total=21_846), "statement_sum", stated="218.46", counted="218.45")
    refused(files.wechat(LINES, count=4), "statement_count", stated="4", counted=3)
    refused(files.wechat(LINES).split("总交易单数")[0], "statement_cut")


def test_wechat_rows_must_fit_and_say_what_they_are() -> None:
    text = files.wechat(LINES)
    refused(text.replace("`9500", "`9").replace("`95.00", "`95.0x", 1), "statement_amount", line=2)
    assert read(text.replace("`SUCCESS", "`USERPAYING", 1)).void == 1  # it may come yet
    assert [each.currency for each in read(text.replace("`CNY", "`USD", 1)).foreign] == ["USD"]
    refused(text.replace("`2026-10-05 08:30:00", "`yesterday", 1), "statement_date", line=2)
    refused(text.replace("`NATIVE,", "", 1).replace("`CMB_CREDIT,", "", 1), "statement_row", line=2)


def test_wechat_saved_again_as_a_workbook() -> None:
    rows = [line.split(",") for line in files.wechat(LINES).strip().split("\r\n")]
    found = read(workbook(rows))
    assert found.footed and [each.amount for each in found.entries] == [9500, 12_345, -9500]


# -- Alipay --------------------------------------------------------------------------------------------------------


def test_alipay_as_it_is_downloaded() -> None:
    found = read(files.alipay_zip(files.alipay([*LINES, Paid("3", 5, name="停车费,10月")])))
    assert found.provider is Provider.ALIPAY and found.footed
    assert [each.amount for each in found.entries] == [9500, 12_345, -9500, 5]
    assert found.entries[2].refund_of == found.entries[0].serial
    assert found.entries[3].remark == "停车费,10月" and found.entries[0].account == "oX1"


def test_alipay_refunds_may_stand_without_their_sign() -> None:
    found = read(files.alipay(LINES, positive_refunds=True).replace("退款共-", "退款共"), "gb18030")
    assert [each.amount for each in found.entries] == [9500, 12_345, -9500]


def test_alipay_must_foot_and_not_contradict_itself() -> None:
    refused(files.alipay(LINES, count=3), "statement_count", stated="3", counted=2)
    refused(
        files.alipay(LINES).replace("实收共218.45", "实收共218.46"), "statement_sum", stated="218.46", counted="218.45"
    )
    refused(files.alipay([Paid("1", 100)]).replace(",1.00,1.00,", ",-1.00,-1.00,"), "statement_sign", line=6)
    refused(files.alipay(LINES).split("#-----------------------------------------业务明细列表结束")[0], "statement_cut")


# -- banks ---------------------------------------------------------------------------------------------------------


def test_ccb_under_its_block_of_account_data() -> None:
    found = read(files.ccb(LINES), "gb18030")
    assert found.provider is Provider.CCB and found.footed and not found.breaks
    assert [each.amount for each in found.entries] == [9500, 12_345, -9500]
    assert found.entries[0].serial == "35050168810000000123/11-0001" and found.entries[0].payer == "邹老师"


def test_a_balance_that_does_not_follow_is_shown_with_its_line() -> None:
    found = read(files.ccb([Paid(str(n), 1000) for n in range(6)], wrong_at=5))
    assert [(each.row, each.expected, each.found) for each in found.breaks] == [(10, 1_006_000, 1_006_001)]


def test_a_bank_s_totals_that_do_not_agree_are_told() -> None:
    found = read(files.ccb(LINES, total=21_844))
    assert [(each.of.value, each.stated, each.counted) for each in found.differences] == [("MONEY_IN", 21_844, 21_845)]
    assert not found.footed


def test_totals_of_pages_count_their_own_rows_and_those_of_a_time_none() -> None:
    head, line = "交易日期,摘要,对方户名,借方发生额,贷方发生额,余额", "2026-10-0{},物业费,邹老师,,{}.00,{}.00"
    rows = [
        head, line.format(1, 12, 12), "本页合计,,,,12.00", head, line.format(2, 3, 15), "本页合计,,,,3.00",
        "本年累计,,,,99.00", "总计,,,,15.00",
    ]  # fmt: skip
    found = read("\n".join(rows))
    assert [each.amount for each in found.entries] == [1200, 300] and found.footed
    rows[5] = "本页合计,,,,4.00"
    assert [(each.stated, each.counted) for each in read("\n".join(rows)).differences] == [(400, 300)]


@pytest.mark.parametrize("time", ["093011", "93011", "51530", "09:30:11"])
@pytest.mark.parametrize("day", ["交易日", "记账日期", "日期"])
def test_the_day_stands_beside_a_column_of_times(day: str, time: str) -> None:
    text = f"{day},交易时间,借方金额,贷方金额,余额,摘要,流水号\n20261005,{time},,12.00,12.00,物业费,C1\n"
    assert f"{read(text).entries[0].at:%Y-%m-%d}" == "2026-10-05"


def test_icbc_and_a_statement_that_runs_backwards() -> None:
    text = files.icbc([Paid("1", 100), Paid("2", 200), Paid("3", -50, name="退款")])
    found = read(text)
    assert found.provider is Provider.ICBC and not found.breaks
    assert [each.amount for each in found.entries] == [100, 200, -50]
    assert found.entries[2].refund_of is not None and found.entries[0].refund_of is None
    head, *rows = text.strip().split("\r\n")
    assert not read("\r\n".join([head, *reversed(rows)])).breaks


def test_lines_without_serials_are_told_apart_and_found_again() -> None:
    same = [Paid("1", 100)] * 2
    text = "交易日期,摘要,对方户名,借方发生额,贷方发生额,余额\r\n" + "".join(
        f"2026/10/5,物业费,邹老师,,{p.amount / 100},\r\n" for p in same
    )
    first, second = read(text).entries
    assert first.serial != second.serial
    assert [each.serial for each in read(text).entries] == [first.serial, second.serial]


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("20261005", "2026-10-05 00:00"), ("2026-10-05", "2026-10-05 00:00"), ("2026/10/5", "2026-10-05 00:00"),
        ("46300", "2026-10-05 00:00"), ("46300.5", "2026-10-05 12:00"), ("2026年10月5日", "2026-10-05 00:00"),
        ("20261005093015", "2026-10-05 09:30"), ("2026-10-05 9:30", "2026-10-05 09:30"),
    ],
)  # fmt: skip
def test_days_in_every_form(day: str, said: str) -> None:
    entry = read(f"交易日期\t摘要\t金额\r\n{day}\t物业费\t1,234.50\r\n").entries[0]
    assert f"{entry.at:%Y-%m-%d %H:%M}" == said and entry.amount == 123_450


def test_one_column_of_money_with_a_sign_or_a_side() -> None:
    head = "日期,金额,借贷,摘要,对方账号与户名"
    text = f"{head}\n2026-10-05,12.00,借,电费,某公司\n2026-10-05,12.00,贷,物业费,6217000000001234 邹老师\n"
    out, into = read(text).entries
    assert (out.amount, into.amount) == (-1200, 1200)
    assert (into.payer, into.account) == ("邹老师", "6217000000001234")


def test_a_page_under_the_suffix_of_a_workbook() -> None:
    cells = [line.split(",") for line in files.icbc(LINES).strip().split("\r\n")]
    rows = "".join("<tr>" + "".join(f"<td>{cell}&nbsp;</td>" for cell in row) + "</tr>" for row in cells)
    found = read(f"<html><meta charset=gb2312><table><tr><td colspan=13>明细</td></tr>{rows}</table>", "gb18030")
    assert found.provider is Provider.ICBC and len(found.entries) == 3


def test_tabs_under_the_suffix_of_a_workbook() -> None:
    assert len(read(files.icbc(LINES).replace(",", "\t"), "gb18030").entries) == 3


def test_a_workbook_with_formulas_keeps_them_as_text() -> None:
    rows = [line.split(",") for line in files.icbc([Paid("1", 100, name="=HYPERLINK(1)")]).strip().split("\r\n")]
    assert read(workbook(rows)).entries[0].remark == "网转 =HYPERLINK(1)"


def test_a_cover_beside_the_statement_is_no_second_one() -> None:
    def book(*sheets: Sequence[Sequence[str]]) -> bytes:
        out = io.BytesIO()
        with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
            for rows in sheets:
                sheet = made.add_worksheet()
                for place, row in enumerate(rows):
                    sheet.write_row(place, 0, row)
        return out.getvalue()

    cover = [["对账单说明"], ["请核对", "每一笔"]]
    lines = [["交易日期", "摘要", "贷方发生额"], ["2026-10-05", "物业费", "12.00"]]
    assert [each.amount for each in read(book(cover, lines)).entries] == [1200]
    refused(book(lines, lines), "statement_sheets")


def test_a_sum_that_a_workbook_does_not_show_is_no_zero() -> None:
    """A formula with an error, or one that nothing has reckoned yet, is an amount that cannot be read."""
    for value in ("#DIV/0!", "#N/A"):
        out = io.BytesIO()
        with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
            sheet = book.add_worksheet()
            for column, name in enumerate(("交易日期", "摘要", "贷方发生额")):
                sheet.write(0, column, name)
            sheet.write(1, 0, "2026-10-05")
            sheet.write_formula(1, 2, "=A9", None, value)
        found = reading.read(out.getvalue(), nothing)
        assert isinstance(found, Unknown) and found.wrong == {"code": "statement_amount", "line": 2}


# -- what cannot be taken ------------------------------------------------------------------------------------------


def test_the_same_line_twice_in_a_file_counts_once() -> None:
    found = read(files.wechat([LINES[0], LINES[0], LINES[1]]))
    assert [each.amount for each in found.entries] == [9500, 12_345] and found.doubled == 1


def test_two_lines_under_one_serial_are_told_apart_or_refused() -> None:
    two = [Paid("1", 100, payer="6217000000000001"), Paid("1", 200, payer="6217000000000002")]
    assert [each.amount for each in read(files.ccb(two)).entries] == [100, 200]
    twice = read(files.ccb([Paid("1", 100, payer="62170001"), Paid("1", 100, payer="62170002")])).entries
    assert len({each.serial for each in twice}) == 2  # a bank's number that two lines bear is none
    refused(files.wechat([Paid("1", 100), Paid("1", 100, payer="oX2")]), "statement_serial_twice", line=3)


@pytest.mark.parametrize("said", ["4.20000123420261E+27", "4.2E+27", "4200001234202610000000000000"])
def test_a_serial_that_a_spreadsheet_rounded_is_refused(said: str) -> None:
    serials = {"statement_serial_rounded": 2}
    for text, old in ((files.wechat(LINES, tick=""), "420000001"), (files.alipay(LINES), "202610052200140001")):
        assert old in text
        with pytest.raises(Refusal) as caught:
            reading.read(text.replace(old, said).encode(), nothing)
        assert caught.value.code in serials and caught.value.facts["said"] == said
    refused(files.ccb(LINES).replace("11-0001,", f"{said},"), "statement_serial_rounded", line=5)


def test_broken_text_is_refused_with_its_line() -> None:
    broken = files.wechat(LINES).encode().split("物业费".encode())
    refused("物业费".encode()[:-1].join(broken), "statement_encoding", line=2)
    refused(
        "交易日期,摘要,金额\n2026-10-05,锟斤拷锟斤拷,1.00\n".replace("锟斤拷", "\ufffd").encode(),
        "statement_encoding",
        line=2,
    )
    refused(files.icbc(LINES).encode("gb18030") + b"\x81", "statement_encoding")


def test_bombs_and_archives_that_are_none() -> None:
    zeros = b"0" * 160_000_000
    refused(files.gz(zeros), "statement_bomb")
    refused(files.packed("bill.csv", zeros), "statement_bomb")
    for file in (b"PK\x03\x04broken", b"\x1f\x8bbroken", files.packed("a.csv", b"x")[:-30], files.gz(b"x" * 99)[:-9]):
        refused(file, "statement_archive_cut")
    refused(files.packed("readme.md", b"x"), "statement_archive")
    refused(files.packed("bill.csv", files.gz(b"x" * 100)), "statement_archive")
    refused(b"%PDF-1.7 x", "statement_paper")
    refused(b"Rar!\x1a\x07x", "statement_archive_kind")
    refused(b"x" * 20_000_001, "statement_too_large")
    refused(b"  \n ", "sheet_empty")
    refused("交易日期,摘要,金额\n", "statement_empty")


def test_an_unknown_table_is_shown_and_read_as_a_person_says() -> None:
    text = "某农商行\n流水,哪天,多少,谁,写了啥\nA1,2026-10-05,100.00,邹老师,3-2-501\nA2,2026-10-06,-5.00,林小姐,手续\n"
    found = reading.read(text.encode(), nothing)
    assert isinstance(found, Unknown) and found.head == 1
    chosen = Mapping(at=1, amount=2, payer=(3,), remark=(4,), serial=0)
    said = reading.read_as(text.encode(), found.head, chosen)
    assert [(each.serial, each.amount, each.payer) for each in said.entries] == [
        ("/A1", 10_000, "邹老师"),
        ("/A2", -500, "林小姐"),
    ]
    known = {fingerprint(found.rows[1]): chosen}
    again = reading.read(text.encode(), lambda prints: {each: known[each] for each in prints if each in known})
    assert isinstance(again, ProviderStatement) and again.entries == said.entries


@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        (Mapping(at=1), "mapping_money"),
        (Mapping(at=1, amount=2, money_in=0), "mapping_money"),
        (Mapping(at=1, amount=1), "mapping_twice"),
        (Mapping(at=1, amount=99), "mapping_column"),
    ],
)
def test_a_mapping_that_makes_no_sense(chosen: Mapping, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        reading.read_as(b"a,b,c\n1,2026-10-05,3\n", 0, chosen)
    assert caught.value.code == code


def workbook(rows: Sequence[Sequence[str]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for place, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write_string(place, column, cell)
    book.close()
    return out.getvalue()
