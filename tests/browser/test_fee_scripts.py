"""Scripts 8 and 11 of the domain dossier (6.8) through the console, in a product whose days pass when they are told to:
from an estate that nobody serves to its first bills, and from the end of a term to the last handover.
"""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
import uvicorn
import xlsxwriter  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from domain.calendar import local_date
from domain.months import months_later
from projections.catalogue import VIEWS
from services.product import Product
from services.running.app import create_app
from services.running.daily import look_after
from services.running.wiring import built
from services.runtime.settings import Settings
from tests.browser.conftest import PHONE, RunningProduct, SitDown, Workplace, ready, until
from tests.browser.test_board import sideways
from tests.clock import PATIENCE, START
from tests.conftest import FIRST, SECOND
from tests.machine.test_paper import texts
from tests.templates import Templates, passwords_in

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

HEADING = ("楼栋", "单元", "房号", "建筑面积", "专有部分面积", "业主", "联系电话", "业主类别", "交房日期")


@dataclass
class Station:
    """The product's parts and its clock, which stands still until ``passes``."""

    product: Product
    now: datetime
    database: str

    @property
    def today(self) -> date:
        return local_date(self.now)

    def passes(self, day: date) -> None:
        """It is that day; what days bring by themselves is brought, as it is every hour."""
        self.now += timedelta(days=(day - self.today).days)
        assert look_after(self.product)
        self.shown()

    def shown(self) -> None:
        for view in VIEWS:
            assert self.product.positions.wait(view.name, self.product.log.last_position(), PATIENCE), view.name


@pytest.fixture(scope="module")
def station(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    """Two estates with their people, served by nobody: no register, no contract, no prices."""
    data = tmp_path_factory.mktemp("unmanaged")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings = Settings(port=probe.getsockname()[1], data=data)
    made: list[Station] = []
    database = templates.week(data)
    with built(settings, database, lambda: made[0].now if made else START) as product:
        made.append(Station(product, START, database))
        product.follower.start()
        web = uvicorn.Server(uvicorn.Config(create_app(product), port=settings.port, log_config=None, access_log=False))
        thread = threading.Thread(target=web.run, daemon=True)
        thread.start()
        yield made[0]
        web.should_exit = True
        thread.join(20)


@pytest.fixture(scope="module")
def product(station: Station) -> RunningProduct:
    url = f"http://127.0.0.1:{station.product.settings.port}"
    until(lambda: ready(url), 30, lambda: "the product is not ready")
    data = station.product.settings.data
    return RunningProduct(url, passwords_in(data), FIRST, data, station.product.clock, station.database)


# -- what people do ------------------------------------------------------------------------------------------------


def done(page: Page, act: str, **fields: object) -> None:
    """Fill in the form of an act and send it; it is answered by the page as it stands then."""
    filled(page, act, **fields)
    before = page.url
    page.locator(f"form[action$='/{act}'] button[type=submit]").click()
    page.wait_for_url(lambda url: "after=" in url and url != before)
    page.wait_for_selector("html[data-ready]")


def refused(page: Page, act: str, sentence: str, **fields: object) -> None:
    filled(page, act, **fields)
    form = page.locator(f"form[action$='/{act}']")
    form.locator("button[type=submit]").click()
    expect(form.locator(".field-error").first).to_contain_text(sentence)


def filled(page: Page, act: str, **fields: object) -> None:
    form = page.locator(f"form[action$='/{act}']")
    fold = page.locator("details", has=form)
    if fold.count() and fold.get_attribute("open") is None:
        fold.locator("summary").click()
    for name, value in fields.items():
        field = form.locator(f"[name='{name.replace('__', '-')}']")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(str(value))
        else:
            field.fill(str(value))


def imported(desk: Workplace, estate: str, file: Path) -> Page:
    page = desk.see(f"/register/{estate}/imports")
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="看一遍").click()
    return page


def register(folder: Path, *, wrong: bool = False, buildings: int = 9) -> Path:
    """A register as firms hand it over: a title, buildings in merged cells, a total that is a formula."""
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("业主台账")
        sheet.merge_range(0, 0, 0, len(HEADING) - 1, "东湖苑业主台账")
        sheet.write_row(1, 0, HEADING)
        at = 2
        for building in range(1, buildings + 1):
            sheet.merge_range(at, 0, at + 35, 0, f"{building}栋")
            for stairwell in (1, 2, 3):
                for floor in range(1, 7):
                    for flat in (1, 2):
                        area = "89.375" if wrong and (building, floor, flat) == (3, 2, 1) else 89.37
                        owner = "" if wrong and (building, stairwell, floor, flat) == (5, 3, 6, 2) else f"业主{at}"
                        row = (stairwell, f"{floor}0{flat}", area, 73.2, owner, f"1390001{at:04}", "", "2024-03-15")
                        sheet.write_row(at, 1, row)
                        at += 1
        sheet.write(at, 0, "合计")
        sheet.write_formula(at, 3, f"=SUM(D3:D{at})", None, 89.37 * (at - 2))
    file = folder / "register.xlsx"
    file.write_bytes(out.getvalue())
    return file


def prices(day: date, valid_from: date, price: str) -> dict[str, object]:
    return {
        "shown_from": day, "valid_from": valid_from, "item__0": "PROPERTY_FEE", "charged__0": "PER_AREA",
        "use__0": "RESIDENCE", "price__0": price, "clause__0": "第八条", "content__0": "保洁、秩序、绿化、公共设施维护",
    }  # fmt: skip


def public(desk: Workplace, estate: str) -> Page:
    """The price display as anybody sees it, without an account."""
    context = desk.page.context.browser.new_context(locale="zh-CN")  # type: ignore[union-attr]
    page = context.new_page()
    page.goto(f"{desk.product.url}/prices/{estate}")
    return page


def run(desk: Workplace, estate: str, period: date) -> Page:
    """Ask for the bills of a month."""
    page = desk.see(f"/bill-runs/{estate}")
    page.locator("#period").select_option(f"{period:%Y-%m}")
    page.get_by_role("button", name="预览").click()
    return page


def nothing_billed(desk: Workplace, estate: str, period: date, why: str) -> None:
    page = run(desk, estate, period)
    expect(page.locator("form[action^='/bill-runs/'] .field-error").first).to_contain_text(why)


def billed(desk: Workplace, estate: str, period: date, bills: int, total: str) -> Page:
    page = run(desk, estate, period)
    expect(page.locator("#bill-run")).to_contain_text(f"{bills} 张")
    expect(page.locator("#bill-run .sum")).to_contain_text(total)
    page.get_by_role("button", name="确认出账").click()
    expect(page.locator("#bill-run")).to_contain_text(f"出账完成，共 {bills} 张")
    return page


# -- the scripts ---------------------------------------------------------------------------------------------------


def test_script_8_from_an_estate_that_nobody_serves_to_bills_at_sixty_fen(
    sit_down: SitDown, station: Station, tmp_path: Path
) -> None:
    head, accountant = sit_down("head"), sit_down("accountant")
    page = head.see(f"/contracts/{FIRST}")
    expect(page.locator("section[aria-labelledby=h-now]")).to_contain_text("无物业")
    page = imported(accountant, FIRST, register(tmp_path, wrong=True))
    wrongs = page.locator(".table--wrongs tbody tr")
    expect(wrongs).to_have_count(4)  # of 324 lines: three areas and an owner
    expect(wrongs.first).to_contain_text("面积最多两位小数")
    expect(wrongs.last).to_contain_text("业主")
    accountant.picture("script-8-register-wrong", full=True)
    page = imported(accountant, FIRST, register(tmp_path))
    expect(page.locator("#h-good")).to_contain_text("324 户都看得懂")
    page.get_by_role("button", name="开始登记").click()
    expect(page.locator("#h-done")).to_contain_text("324")
    station.shown()

    today, month = station.today, station.today.replace(day=1)
    page = head.see(f"/contracts/{FIRST}")
    done(page, "mode", mode="BASELINE_PUBLIC_INTEREST", since=today, ground="LEAD_ORGANISATION", reference="党委2026-3")
    expect(page.locator("section[aria-labelledby=h-now]")).to_contain_text("公益性基本服务")
    expect(page.locator("section[aria-labelledby=h-now]")).to_contain_text("不收费")
    nothing_billed(accountant, FIRST, months_later(month, 1), "公益性基本服务")
    expect(public(head, FIRST).locator("main")).to_contain_text("目前不收物业费")
    head.picture("script-8-baseline")

    station.passes(months_later(today, 6))
    head, accountant = sit_down("head"), sit_down("accountant")
    begins = months_later(month, 7)
    nothing_billed(accountant, FIRST, months_later(month, 6), "公益性基本服务")
    page = head.see(f"/contracts/{FIRST}")
    refused(
        page, "mode", "还没有生效的物业服务合同", mode="CONTRACTED", since=begins, ground="CONTRACT", reference="DHY-1"
    )
    done(page, "sign", number="DHY-1", fee_mode="LUMP_SUM", since=begins, until=months_later(begins, 36) - timedelta(1),
         decision="业主大会2027-1", firm="某某物业服务有限公司")  # fmt: skip
    done(page, "prices", **prices(station.today, begins, "0.6"))
    shown = public(head, FIRST)
    expect(shown.locator("main")).to_contain_text("公示中")
    expect(shown.locator("main")).to_contain_text("0.60 元/㎡·月")
    expect(shown.locator("main")).to_contain_text("某某物业服务有限公司 · 合同 DHY-1")
    nothing_billed(accountant, FIRST, begins, "公益性基本服务")  # contract and prices alone bill nothing
    done(page, "mode", mode="CONTRACTED", since=begins, ground="CONTRACT", reference="DHY-1")
    head.picture("script-8-contract", full=True)
    nothing_billed(accountant, FIRST, months_later(month, 6), "不收费")
    page = billed(accountant, FIRST, begins, 324, "¥17,372.88")  # 324 times 53.62
    accountant.picture("script-8-billed", full=True)
    page.locator("section[aria-labelledby=h-bills] .table--bills a").first.click()
    expect(page.locator("main")).to_contain_text("53.62")
    expect(page.locator("main")).to_contain_text("0.60")

    station.passes(begins + timedelta(days=4))
    head = sit_down("head")
    page = head.see(f"/contracts/{FIRST}")
    refused(page, "prices", "改价要先公示 30 天", **prices(station.today, station.today + timedelta(days=20), "0.72"))
    dearer = station.today + timedelta(days=30)
    done(page, "prices", **prices(station.today, dearer, "0.72"))
    head.picture("script-8-dearer", full=True)
    shown = public(head, FIRST)
    expect(shown.locator("section.panel").first).to_contain_text("0.60 元/㎡·月")
    expect(shown.locator("section.panel").last).to_contain_text("0.72 元/㎡·月")
    paper = head.context.request.get(f"{head.product.url}/api/v1/estates/{FIRST}/prices.pdf")
    now, later = texts(paper.body())
    assert "0.60元/㎡·月" in now and "0.72元/㎡·月" in later and "某某物业服务有限公司" in now
    station.passes(dearer)
    shown = public(head, FIRST)
    expect(shown.locator("section.panel")).to_have_count(1)
    expect(shown.locator("main")).to_contain_text("0.72 元/㎡·月")
    page = billed(sit_down("accountant"), FIRST, months_later(dearer.replace(day=1), 1), 324, "¥20,849.40")
    expect(page.locator("section[aria-labelledby=h-different]")).to_contain_text("单价")


def test_script_11_a_term_that_nobody_decided_on_goes_on_until_owners_end_it(
    sit_down: SitDown, station: Station, tmp_path: Path
) -> None:
    since, over = station.today, station.today + timedelta(days=200)
    desk = sit_down("head2")
    page = imported(desk, SECOND, register(tmp_path, buildings=8))
    page.get_by_role("button", name="开始登记").click()
    expect(page.locator("#h-done")).to_contain_text("288")
    page = desk.see(f"/contracts/{SECOND}")
    done(page, "sign", number="LAX-9", fee_mode="COMMISSION", since=since, until=over - timedelta(days=1))
    done(page, "prices", **prices(since, since, "0.55"))
    done(page, "mode", mode="CONTRACTED", since=since, ground="CONTRACT", reference="LAX-9")
    expect(page.locator("section[aria-labelledby=h-now]")).to_contain_text("正在收费")
    expect(page.locator(".said--call")).to_have_count(0)

    station.passes(over - timedelta(days=80))
    desk = sit_down("head2")
    for path in (f"/board/{SECOND}", f"/cockpit/{SECOND}", f"/bill-runs/{SECOND}", f"/contracts/{SECOND}"):
        page = desk.see(path)
        expect(page.locator(".said--call")).to_contain_text("合同 LAX-9 还有 80 天期满")
    page = desk.see(f"/board/{SECOND}")
    desk.picture("script-11-reminder-board")
    page.locator(".said--call a").click()
    page.wait_for_url(f"**/contracts/{SECOND}")
    nothing_billed(desk, SECOND, months_later(over.replace(day=1), 1), "不收费")  # nobody knows what will be then

    station.passes(over)
    desk = sit_down("head2")
    page = desk.see(f"/contracts/{SECOND}")
    expect(page.locator("section[aria-labelledby=h-now]")).to_contain_text("不定期")
    expect(page.locator(".said--call")).to_contain_text("转为不定期")
    desk.picture("script-11-indefinite")
    billed(desk, SECOND, months_later(over.replace(day=1), 1), 288, "¥14,155.20")  # 288 times 49.15

    page = desk.see(f"/contracts/{SECOND}")
    earliest = over + timedelta(days=60)
    short = {"by": "OWNERS", "served_on": over, "ends": earliest - timedelta(days=1), "decision": "业主大会2028-2"}
    refused(page, "notice", f"要提前 60 天书面通知，最早 {earliest} 终止", **short)
    done(page, "notice", **{**short, "ends": earliest})
    expect(page.locator(".said--call")).to_contain_text("还有 60 天")
    page.get_by_role("button", name="撤回终止通知").click()
    expect(page.locator(".said--call")).to_contain_text("转为不定期")
    done(page, "notice", **{**short, "ends": earliest})
    phone = sit_down("head2", PHONE)
    page = phone.see(f"/contracts/{SECOND}")
    assert sideways(page) == 0
    phone.picture("script-11-notice-phone", full=True)

    station.passes(earliest)
    desk = sit_down("head2")
    page = desk.see(f"/contracts/{SECOND}")
    expect(page.locator(".said--call")).to_contain_text("还没有交接")
    expect(page.locator("section[aria-labelledby=h-now]")).to_contain_text("正在收费")
    desk.picture("script-11-holding-over", full=True)
    station.passes(earliest + timedelta(days=9))
    desk = sit_down("head2")
    billed(desk, SECOND, station.today.replace(day=1), 288, "¥14,155.20")
    page = desk.see(f"/contracts/{SECOND}")
    refused(page, "handover", "还没到期", day=earliest - timedelta(days=1))
    done(page, "handover", day=station.today)
    expect(page.locator("section[aria-labelledby=h-now]")).to_contain_text("不收费")
    expect(page.locator("section[aria-labelledby=h-now]")).to_contain_text("已终止")
    expect(page.locator(".said--call")).to_have_count(0)
    expect(page.get_by_role("button", name="撤回终止通知")).to_have_count(0)
    expect(page.locator("section[aria-labelledby=h-unserved]")).to_contain_text("288 张账单收到了合同终止以后")
    desk.picture("script-11-ended", full=True)
    nothing_billed(desk, SECOND, months_later(station.today.replace(day=1), 1), "不收费")
    expect(public(desk, SECOND).locator("main")).to_contain_text("目前不收物业费")
    assert (
        "不收取物业服务费"
        in texts(desk.context.request.get(f"{desk.product.url}/api/v1/estates/{SECOND}/prices.pdf").body())[0]
    )
