"""Arrears in a browser: the list, many at once from reminder to proof of service, and the case of one dwelling."""

import re
import socket
from collections.abc import Iterator
from datetime import timedelta
from threading import Thread

import pytest
import uvicorn
from playwright.sync_api import Page, expect

from services.running.app import create_app
from tests.arrears.debts import Home
from tests.browser.conftest import DESKTOP, RunningProduct, SitDown
from tests.browser.test_axe import LOOKS, found
from tests.browser.test_board import sideways
from tests.conftest import FIRST, Demo, a_product
from tests.ids import without_ids
from tests.templates import Templates, passwords_in

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

ROOMS = ("101", "102", "201", "202", "301", "302", "401", "402", "501", "502")
NAMES = ("林静怡", "陈国栋", "邹文静", "黄美兰", "吴建平", "郑小蕙", "叶青松", "许明月", "何秋生", "谢春来")
OLD, USUAL, FRESH = (3 * 365 - 40, 700, 300), (200, 45), (10,)  # days overdue


@pytest.fixture(scope="module")
def product(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningProduct]:
    """A product in this process, whose first estate has homes with bills of three years open."""
    data = tmp_path_factory.mktemp("arrears")
    database = templates.week(data)
    with a_product(database, data) as product:
        demo = Demo(product, passwords_in(data), lambda: None, database)  # type: ignore
        for place, (room, name) in enumerate(zip(ROOMS, NAMES, strict=True)):
            home = Home(demo, room, name, building="3" if place % 2 else "1")
            home.owed(*(OLD if place == 0 else USUAL if place < 7 else FRESH))
        demo.caught_up()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        serving = uvicorn.Server(uvicorn.Config(create_app(product), port=port, log_level="error"))
        thread = Thread(target=serving.run, daemon=True)
        thread.start()
        while not serving.started:
            thread.join(0.05)
        yield RunningProduct(f"http://127.0.0.1:{port}", demo.passwords, FIRST, data, product.clock, database)
        serving.should_exit = True
        thread.join(20)


def at_step(page: Page, product: RunningProduct, step: str) -> None:
    page.goto(f"{product.url}/arrears/{FIRST}?step={step}")
    page.wait_for_selector("html[data-ready]")


def choose_all_and(page: Page, button: str) -> None:
    page.locator("#scope").select_option("all")
    page.get_by_role("button", name=button).click()


def test_from_reminder_to_proof_of_service_for_everybody_at_once(sit_down: SitDown, product: RunningProduct) -> None:
    desk = sit_down("accountant", size=DESKTOP)
    page = desk.see(f"/arrears/{FIRST}")
    expect(page.locator(".ages tbody tr")).to_have_count(5)
    rows = page.locator(".table--arrears tbody tr")
    expect(rows).to_have_count(len(ROOMS))
    expect(rows.first).to_contain_text("1-1-101")  # what lapses first comes first
    expect(rows.first.locator(".mark--bad")).to_be_visible()
    expect(rows.first).to_contain_text("林**")
    desk.picture("arrears-accountant", full=True)

    at_step(page, product, "REMIND")
    page.locator(".table--arrears input[type=checkbox]").first.check()
    page.get_by_role("button", name="记下已提醒").click()
    page.wait_for_url(f"**/arrears/{FIRST}?step=REMIND*after=*")  # the step that was chosen stays chosen
    expect(rows).to_have_count(len(ROOMS) - 1)
    page.locator("#f-building").select_option("3")
    page.get_by_role("button", name="筛选").click()
    expect(rows).to_have_count(5)
    expect(page.locator("#scope option").last).to_have_text("这一步的全部，5 户")
    choose_all_and(page, "记下已提醒")  # of the building that is shown
    page.wait_for_url(f"**/arrears/{FIRST}?step=REMIND&building=3&after=*")
    at_step(page, product, "REMIND")
    expect(rows).to_have_count(4)
    choose_all_and(page, "记下已提醒")
    page.wait_for_url(f"**/arrears/{FIRST}?step=REMIND*after=*")

    at_step(page, product, "WRITE")
    expect(rows).to_have_count(7)
    desk.picture("arrears-write-accountant", full=True)
    page.locator("#pay_by").fill(str(product.now.date() + timedelta(days=5)))
    choose_all_and(page, "写催款函")
    expect(page.locator('[data-error-of="pay_by"]')).to_contain_text("至少留十五天")
    page.locator("#pay_by").fill(str(product.now.date() + timedelta(days=20)))
    page.get_by_role("button", name="写催款函").click()
    page.wait_for_url(f"**/arrears/{FIRST}?step=SERVE*after=*")
    expect(rows).to_have_count(7)
    expect(page.get_by_role("link", name="打印待送达的催款函")).to_be_visible()
    desk.picture("arrears-serve-accountant", full=True)
    letters = desk.context.request.get(f"{product.url}/arrears/{FIRST}/demands.pdf")
    assert letters.ok and letters.headers["content-type"] == "application/pdf" and letters.body().startswith(b"%PDF")
    page.get_by_label("1-1-101 自己的凭证").fill("快递单号 SF1001")
    page.locator("#evidence").fill("挂号信清单第 3 号")
    with page.expect_navigation():
        choose_all_and(page, "记下送达")
    expect(page).to_have_url(re.compile(r"step=SERVE.*after="))
    desk.see(f"/arrears/{FIRST}")
    expect(rows.filter(has_text="催款函已送达")).to_have_count(7)
    expect(page.locator(".table--arrears .mark--bad")).to_have_count(0)  # nothing lapses soon any more
    page.get_by_role("link", name="1-1-101").click()
    expect(page.locator(".facts-list .fact").filter(has_text="快递单号 SF1001")).to_have_count(1)
    expect(page.locator(".acts").first).to_contain_text("请业委会督促")  # says from which day on


def test_the_case_of_one_dwelling(sit_down: SitDown, product: RunningProduct) -> None:
    desk = sit_down("head", size=DESKTOP)
    page = desk.see(f"/arrears/{FIRST}")
    page.get_by_role("link", name="1-1-501").click()
    page.wait_for_url(f"**/arrears/{FIRST}/*")
    page.get_by_text("业主有异议").click()
    page.locator("#dispute-text-1").fill("说服务没有做好")
    page.get_by_role("button", name="记下异议").click()
    expect(page.locator(".facts-list .fact").first).to_contain_text("说服务没有做好")
    desk.picture("arrears-case-disputed-head", full=True)
    page.locator("#reject-text-1").fill("巡查记录齐全，已当面说明")
    page.get_by_role("button", name="账单没错").click()
    expect(page.locator(".facts-list .fact").first).to_contain_text("账单没错")
    page.locator("summary", has_text="有障碍，没法主张").click()
    page.locator("#hinder-kind-1").select_option(label="业主去世，继承人或遗产管理人未定")
    page.locator("#hinder-evidence-1").fill("户口注销证明")
    page.get_by_role("button", name="记下障碍").click()
    expect(page.locator(".facts-list .fact").first).to_contain_text("户口注销证明")
    expect(page.locator(".said", has_text="消除前不会过时效")).to_be_visible()
    page.locator("summary", has_text="业主去世").click()
    page.locator("#unhinder-text-1").fill("记错了户")
    page.get_by_role("button", name="记错了，撤回").click()
    expect(page.locator(".said", has_text="消除前不会过时效")).to_have_count(0)
    page.get_by_text("约定分期").first.click()
    page.locator("#agree-evidence-1").fill("书面协议已签")
    page.locator("#agree-count-1").fill("2")
    page.get_by_role("button", name="记下分期").click()
    expect(page.locator(".rows li")).to_have_count(2)
    expect(page.locator("h2 ~ .mark--warn").first).to_contain_text("按约分期")
    page.get_by_text("减免", exact=True).first.click()
    page.locator("#waive-amount-1").fill("3.46")
    page.locator("#waive-rule-1").fill("困难家庭减免办法第三条")
    page.locator("form[action$='/waive'] button").click()
    expect(page.locator(".sum b")).to_have_text("¥640.00")
    desk.picture("arrears-case-head", full=True)
    suit = page.get_by_role("link", name="诉讼材料").get_attribute("href")
    paper = desk.context.request.get(f"{product.url}{suit}")
    assert paper.ok and paper.body().startswith(b"%PDF")

    case = page.url.partition("?")[0]
    desk.see(case.replace("/arrears/", "/register/").replace(f"{FIRST}/", f"{FIRST}/dwellings/"))
    page.locator("summary", has_text="是本站同事的家").click()
    page.locator("#staff-person").select_option(label="林静怡")  # the head's own home
    page.locator("form[action$='/staff'] button").click()
    expect(page.get_by_text("本站同事", exact=True)).to_be_visible()
    desk.picture("arrears-own-home-head", full=True)
    desk.see(case)
    page.get_by_text("减免", exact=True).first.click()
    page.locator("#waive-amount-1").fill("1")
    page.locator("#waive-rule-1").fill("困难家庭减免办法第三条")
    page.locator("form[action$='/waive'] button").click()
    expect(page.locator("form[action$='/waive'] .field-error:visible")).to_contain_text("不能减免自己家的费用")


def test_the_residents_committee_sees_totals_and_no_dwelling(sit_down: SitDown, product: RunningProduct) -> None:
    desk = sit_down("committee", size=DESKTOP)
    page = desk.see(f"/arrears/{FIRST}")
    expect(page.locator(".ages tbody tr")).to_have_count(5)
    expect(page.locator(".table--ages tbody tr")).to_have_count(2)
    shown = without_ids(page.content())
    assert not [room for room in ROOMS if f"-{room}" in shown]
    assert not [name for name in NAMES if name[0] + "*" in shown]
    desk.picture("arrears-committee")
    page.get_by_role("link", name="收费").first.click()
    assert desk.context.request.get(f"{product.url}/arrears/{FIRST}/demands.pdf").status == 403


@pytest.mark.parametrize(("language", "theme", "size"), LOOKS)
def test_everybody_can_read_it(
    sit_down: SitDown, product: RunningProduct, language: str, theme: str, size: dict[str, int]
) -> None:
    desk = sit_down("head", size=size, language=language)
    desk.context.add_cookies([{"name": "theme", "value": theme, "url": product.url}])
    page = desk.see(f"/arrears/{FIRST}")
    name = f"{language}-{theme}-{size['width']}"
    assert sideways(page) == 0
    assert found(desk) == []
    desk.picture(f"arrears-{name}", full=True)
    desk.see(page.url + f"/{page.locator('.table--arrears a.link').first.get_attribute('href').rsplit('/', 1)[1]}")
    assert sideways(page) == 0
    assert found(desk) == []
    desk.picture(f"arrears-case-{name}", full=True)
