"""Papers: rendered to pictures and read back as a person and a telephone would; figures foot, markup is only text."""

import re
import resource
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from services.account_statements.paper import OpenBill, account_statements
from services.arrears.paper import SHORTEST, demands
from services.contracts.paper import BoardSize, price_displays
from services.fees.paper import ReceiptPaper, ReceiptSize, receipts
from services.paper.press import NotSet, pressed, qr
from services.paper.reports import Column, Table, reports
from services.words.sentences import LANGUAGES
from tests.machine.sheets import DEMAND, FEE, FIRM, LINE, MONEY, PRICES, RECEIPT, REPORT, STATEMENT, VERIFY

pytestmark = pytest.mark.slow


def texts(pdf: bytes) -> list[str]:
    """The text of every page, without any space."""
    return [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in pypdfium2.PdfDocument(pdf)]


def codes(pdf: bytes, dots_per_mm: float = 6) -> list[str]:
    """What a telephone reads on each page."""
    return [
        code.text
        for page in pypdfium2.PdfDocument(pdf)
        for code in zxingcpp.read_barcodes(page.render(scale=dots_per_mm * 25.4 / 72).to_pil())
    ]


def sizes(pdf: bytes) -> list[tuple[int, int]]:
    """Width and height of every page in mm."""
    return [(round(w * 25.4 / 72), round(h * 25.4 / 72)) for w, h in (p.get_size() for p in pypdfium2.PdfDocument(pdf))]


# -- receipts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", ReceiptSize)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_receipt_says_everything_and_its_code_is_read(size: ReceiptSize, language: str) -> None:
    pdf = receipts([RECEIPT], size, language)
    (text,) = texts(pdf)
    for words in ("2026-000123", FIRM, "东湖苑3-2-501", "林小梅", "微信", "¥643.46", "陆佰肆拾叁元肆角陆分", "陈秀英"):
        assert words in text
    assert codes(pdf) == [VERIFY]


def test_the_roll_is_80_mm_wide_and_as_long_as_its_lines_and_its_code_is_read_at_its_203_dots_an_inch() -> None:
    short = receipts([RECEIPT], ReceiptSize.ROLL, "zh")
    long = receipts([replace(RECEIPT, lines=(FEE,) * 20, amount=20 * 643_46)], ReceiptSize.ROLL, "zh")
    (one,), (twenty,) = sizes(short), sizes(long)
    assert one[0] == twenty[0] == 80
    assert twenty[1] > one[1] + 100
    assert codes(short, 203 / 25.4) == codes(long, 203 / 25.4) == [VERIFY]


def test_few_lines_lie_on_half_a_sheet_and_many_stand_on_as_many_pages_as_they_need() -> None:
    assert sizes(receipts([RECEIPT], ReceiptSize.A5, "zh")) == [(210, 148)]
    assert sizes(receipts([_with(20)], ReceiptSize.A5, "zh")) == [(148, 210)]
    pages = texts(receipts([_with(100), RECEIPT], ReceiptSize.A5, "zh"))
    assert len(pages) == 4
    assert sum(page.count("物业服务费") for page in pages[:3]) == 100
    assert [page[page.rindex("2026-0") :] for page in pages] == [
        "2026-0001231/3",
        "2026-0001232/3",
        "2026-0001233/3",
        "2026-000123",
    ]


def _with(lines: int) -> ReceiptPaper:
    return replace(RECEIPT, lines=(FEE,) * lines, amount=lines * 643_46)


def test_many_receipts_are_one_file_in_their_order() -> None:
    papers = [replace(RECEIPT, number=f"2026-{n:06d}", verify=f"{VERIFY}{n}") for n in range(1, 31)]
    pdf = receipts(papers, ReceiptSize.A5, "zh")
    assert [each.number in text for each, text in zip(papers, texts(pdf), strict=True)] == [True] * 30
    assert codes(pdf) == [each.verify for each in papers]


@pytest.mark.parametrize("size", ReceiptSize)
def test_a_receipt_that_was_voided_or_printed_before_says_so(size: ReceiptSize) -> None:
    plain, void, again = texts(
        receipts([RECEIPT, replace(RECEIPT, void=True), replace(RECEIPT, again=True)], size, "zh")
    )
    assert "已作废" in void and "已作废" not in plain + again
    assert "补打" in again and "补打" not in plain + void


def test_a_receipt_that_does_not_add_up_is_not_printed() -> None:
    with pytest.raises(ValueError, match="add up"):
        receipts([replace(RECEIPT, amount=643_47)], ReceiptSize.A5, "zh")
    with pytest.raises(ValueError, match="no receipt"):
        receipts([], ReceiptSize.A5, "zh")


@pytest.mark.parametrize("size", ReceiptSize)
def test_what_people_wrote_is_text_and_never_markup(size: ReceiptSize) -> None:
    nasty = '#read("/etc/passwd")*b*_i_$x$`r`//c/*d*/\\#let<lab>@ref[]{}"~--…'
    pdf = receipts([replace(RECEIPT, payer=nasty, dwelling=nasty, method=nasty)], size, "zh")
    assert texts(pdf)[0].count(nasty) == 3


def test_fonts_are_inside_and_only_the_signs_that_are_used() -> None:
    pdf = receipts([RECEIPT], ReceiptSize.A5, "zh")
    names = set(re.findall(rb"/FontName\s*/([A-Za-z0-9+-]+)", pdf))
    assert names and all(re.fullmatch(rb"[A-Z]{6}\+NotoSansSC.*", name) for name in names)
    assert len(pdf) < 120_000  # one font alone has ten million bytes


# -- demands -----------------------------------------------------------------------------------------------------------


def test_a_demand_names_every_bill_and_what_is_asked_for_until_when() -> None:
    pdf = demands([DEMAND, replace(DEMAND, number="2026-0032", lines=(LINE,) * 20)], "zh")
    one, *more = texts(pdf)
    for words in (
        "2026-0031",
        "2025-000123",
        "643.46",
        "543.46",
        "伍佰肆拾叁元肆角陆分",
        "2026年12月15日",
        "第十二条",
        "送达回执",
    ):
        assert words in one
    assert "10,869.20" in "".join(more) and "".join(more).count("2025-000123") == 20
    assert set(sizes(pdf)) == {(210, 297)}


def test_name_and_address_stand_in_the_window_and_nothing_of_the_debt() -> None:
    page = pypdfium2.PdfDocument(demands([DEMAND], "zh"))[0]
    height, mm = page.get_height(), 72 / 25.4
    shown = page.get_textpage().get_text_bounded(20 * mm, height - 80 * mm, 105 * mm, height - 45 * mm)
    assert "林小梅" in shown and "3 栋 2 单元 501" in shown
    assert not re.search("催|欠|费|643|543", shown)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_demand_asks_and_threatens_nothing(language: str) -> None:
    text = "".join(texts(demands([DEMAND], language)))
    for threat in (
        "停水",
        "停电",
        "停气",
        "断水",
        "断电",
        "限制门禁",
        "公布名单",
        "黑名单",
        "cutoff",
        "disconnect",
        "suspend",
    ):
        assert threat not in text
    assert ("不受本函影响" if language == "zh" else "nottouchedbythisletter") in text
    assert ("第一百九十五条" if language == "zh" else "article195") in text


def test_a_demand_does_not_pretend_that_what_has_lapsed_has_to_be_paid() -> None:
    """CC 192: the payer may refuse, what is paid freely is taken; the letter interrupts nothing of it."""
    old = replace(LINE, number="2021-000123", due=date(2021, 12, 31), lapsed=True)
    (both,) = texts(demands([replace(DEMAND, lines=(old, LINE))], "zh"))
    assert "2021-12-31*" in both and "2025-12-31*" not in both
    assert "诉讼时效中断" in both and "标*的费用已过诉讼时效" in both and "付不付由您决定" in both
    (lapsed,) = texts(demands([replace(DEMAND, lines=(old,))], "zh"))
    assert "付不付由您决定" in lapsed and "诉讼时效中断" not in lapsed and "提起诉讼" not in lapsed
    (usual,) = texts(demands([DEMAND], "zh"))
    assert "已过诉讼时效" not in usual


def test_a_demand_leaves_its_time_and_asks_for_what_is_open() -> None:
    with pytest.raises(ValueError, match="15 days"):
        demands([replace(DEMAND, pay_by=DEMAND.written_on + SHORTEST - timedelta(days=1))], "zh")
    for lines in ((), (replace(LINE, settled=643_46),)):
        with pytest.raises(ValueError, match="not open"):
            demands([replace(DEMAND, lines=lines)], "zh")
    with pytest.raises(ValueError, match="no demand"):
        demands([], "zh")


# -- statements, reports, prices ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_statement_runs_from_what_was_owed_to_what_is(language: str) -> None:
    pdf = account_statements([STATEMENT], language)
    (text,) = texts(pdf)
    for words in ("100.00", "153.62", "33.62", "叁拾叁元陆角贰分", "东湖苑3-2-501"):
        assert words in text
    assert codes(pdf) == [STATEMENT.link]


def test_a_statement_in_credit_and_an_empty_one() -> None:
    credit = replace(STATEMENT, bills=(), prepaid=66_38, before=0)
    empty = replace(STATEMENT, bills=(), before=0, movements=(), payer=None, link=None)
    first, second = texts(account_statements([credit, empty], "zh"))
    assert "现有结余¥66.38" in first and "没有未付清的账单" in first
    assert "已结清¥0.00" in second and "这段时间没有往来" in second


def test_what_is_owed_now_leaves_out_what_is_not_due() -> None:
    coming = OpenBill("2026-000101", "车位费", "2026-12", date(2026, 12, 31), 50_00, 50_00)
    both = replace(STATEMENT, bills=(*STATEMENT.bills, coming), before=150_00)
    alone = replace(STATEMENT, bills=(coming,), before=116_38)
    first, second = texts(account_statements([both, alone], "zh"))
    assert "现欠¥33.62" in first and "另有未到应付日的¥50.00" in first
    assert "现欠¥0.00" in second and "另有未到应付日的¥50.00" in second


def test_a_statement_that_does_not_foot_is_not_printed() -> None:
    with pytest.raises(ValueError, match="foot"):
        account_statements([replace(STATEMENT, prepaid=1)], "zh")
    with pytest.raises(ValueError, match="no statement"):
        account_statements([], "zh")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_says_its_tables_with_their_totals(language: str) -> None:
    (text,) = texts(reports([REPORT], language))
    for words in ("月结表", "1,234", "1,000.00", "0.50", "1,000.50", "会计", "与记录核对到第123456条"):
        assert words in text
    assert ("2026年12月1日00:00" if language == "zh" else "1Dec202600:00") in text  # Shanghai's clock
    assert ("发票没有" if language == "zh" else "发票None") in text


def test_a_wide_report_lies_and_a_long_one_repeats_its_heads() -> None:
    wide = Table("宽", (Column("项目"), *(Column(f"列{n}", "money") for n in range(9))), (("甲", *range(9)),))
    long = replace(MONEY, rows=(("物业服务费", 1, 1),) * 120, total=("合计", 120, 120))
    assert set(sizes(reports([replace(REPORT, tables=(wide,))], "zh"))) == {(297, 210)}
    pages = texts(reports([replace(REPORT, tables=(long,))], "zh"))
    assert len(pages) == 3 and all("项目笔数应收" in page for page in pages)
    assert sum(page.count("物业服务费10.01") for page in pages) == 120


def test_a_report_that_does_not_add_up_is_not_printed() -> None:
    with pytest.raises(ValueError, match="add up"):
        reports([replace(REPORT, tables=(replace(MONEY, total=("合计", 1_236, 1_000_51)),))], "zh")
    with pytest.raises(ValueError, match="no report"):
        reports([], "zh")


@given(st.lists(st.tuples(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9)), max_size=6))
@settings(max_examples=10, deadline=None)
def test_any_table_whose_totals_are_sums_is_printed(rows: list[tuple[int, int]]) -> None:
    columns = (Column("项目"), Column("甲", "money"), Column("乙", "money"))
    total = ("合计", sum(row[0] for row in rows), sum(row[1] for row in rows))
    table = Table("表", columns, tuple(("行", *row) for row in rows), total)
    assert "".join(texts(reports([replace(REPORT, tables=(table,))], "zh"))).count("行") >= len(rows)


@pytest.mark.parametrize(("size", "sheet"), [(BoardSize.A4, (297, 210)), (BoardSize.A3, (420, 297))])
@pytest.mark.parametrize("language", LANGUAGES)
def test_prices_hang_out_in_two_sizes(size: BoardSize, sheet: tuple[int, int], language: str) -> None:
    pdf = price_displays([PRICES, replace(PRICES, lines=(), notes=(), link=None)], size, language)
    first, second = texts(pdf)
    assert sizes(pdf) == [sheet, sheet]
    assert "0.60元/m²·月" in first and "第十二条" in first
    assert ("不收取物业服务费" if language == "zh" else "Nopropertyfeeischarged") in second
    assert codes(pdf) == [PRICES.link]


# -- words and templates -----------------------------------------------------------------------------------------------


@given(st.text(alphabet=st.characters(codec="ascii", exclude_categories=("Cc",)), min_size=1, max_size=200))
@settings(max_examples=20, deadline=None)
def test_any_address_comes_back_from_its_code(text: str) -> None:
    code = qr(text)
    modules = Image.frombytes("L", (code["side"],) * 2, bytes(255 * int(each) for each in code["rows"]))
    picture = ImageOps.expand(modules.resize((code["side"] * 4,) * 2, Image.Resampling.NEAREST), 16, 255)
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [text]


def test_a_template_that_is_not_there_is_an_error() -> None:
    with pytest.raises(NotSet):
        pressed("no-such.typ", {}, {})


def test_nothing_of_thousands_of_pages_stays_in_memory() -> None:
    """Typst keeps what it has set: in the product's own process some hundred kilobytes of each receipt."""

    def kept() -> int:
        return int(Path("/proc/self/statm").read_text("utf-8").split()[1]) * resource.getpagesize()

    papers = [replace(_with(1 + n % 4), number=f"2026-{n:06d}", verify=f"{VERIFY[:-6]}{n:06d}") for n in range(300)]
    receipts(papers[:1], ReceiptSize.A5, "zh")
    before = kept()
    pdf = receipts(papers, ReceiptSize.A5, "zh")
    assert len(pypdfium2.PdfDocument(pdf)) == 300
    assert kept() - before < 60_000_000
