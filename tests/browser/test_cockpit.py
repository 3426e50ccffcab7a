"""The cockpit and closing in a browser: pictures say what their tables say, and a month is closed by two clicks."""

import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
import uvicorn
from playwright.sync_api import expect

from domain.calendar import SHANGHAI, local_date
from domain.capacity import Capacity
from domain.fees import fee_account as fees
from domain.fees.fee_account import FEE_ACCOUNT, Method, fee_account_stream
from domain.months import end_of, first_day, following, month_of
from domain.recorded import Act
from services.product import Product
from services.running.app import create_app
from tests.browser.conftest import DESKTOP, PHONE, RunningProduct, SitDown, Workplace, ready, until
from tests.browser.test_axe import LOOKS, found
from tests.browser.test_board import sideways
from tests.conftest import FIRST, a_product
from tests.fees.examples import ISSUE, PAY
from tests.fees.log import append
from tests.templates import Templates, passwords_in

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

MONTHS = 13
PLACES = [(building, room) for building in ("1", "2", "3") for room in ("101", "102", "201", "202", "301", "302")]


def act(day: date) -> Act:
    at = datetime.combine(day, time(9), SHANGHAI)
    return Act(UUID(int=1), Capacity.ACCOUNTANT, at, at)


def history(product: Product, dwelling: UUID, place: int, payer: UUID, today: date) -> None:
    """A bill a month for a year; every fourth household owes some, every third has paid today."""
    account, happened = product.log.load(FEE_ACCOUNT, fee_account_stream(dwelling)).state, list[tuple[Any, Act]]()
    first = following(month_of(today), 1 - MONTHS)

    def do(command: Any, day: date) -> None:
        nonlocal account
        events = [(event, act(day)) for event in FEE_ACCOUNT.consider(command, account, act(day))]
        account = FEE_ACCOUNT.fold(events, account)
        happened.extend(events)

    if account.dwelling is None:
        do(fees.OpenFeeAccount(dwelling, FIRST, str(place // 6 + 1)), first_day(first))
    for count in range(MONTHS):
        month = following(first, count)
        bill = replace(
            ISSUE, bill=uuid4(), number=f"{month}-{place:03d}", since=first_day(month), until=end_of(month),
            amount=5000 + 311 * place, due=first_day(month).replace(day=20), payer=payer, reference=None,
        )  # fmt: skip
        do(bill, first_day(month))
        paid_on = min(first_day(month).replace(day=18), today)
        if place % 4 or count < place:
            pay = replace(
                PAY, payment=uuid4(), payer=payer, amount=bill.amount, bills=(), receipt=f"R{month}-{place}",
                method=list(Method)[place % 5], paid_on=paid_on, reference=None, accept_excess=True,
            )  # fmt: skip
            do(pay, paid_on)
    if place % 3 == 0:
        do(replace(PAY, payment=uuid4(), payer=payer, amount=9900, bills=(), receipt=f"T{place}", method=Method.CASH,
                   paid_on=today, reference=None, prepay_limit=9900), today)  # fmt: skip
    append(product, FIRST, dwelling, happened)


@pytest.fixture(scope="module")
def product(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningProduct]:
    """A product of the module's own with a year of fees in it."""
    data = tmp_path_factory.mktemp("cockpit")
    with ExitStack() as stack:
        database = templates.week(data)
        product = stack.enter_context(a_product(database, data))
        today = local_date(product.clock())
        for place, (building, room) in enumerate(PLACES):
            dwelling = product.pseudonyms.dwelling(FIRST, building, "1", room)
            history(product, dwelling, place, UUID(int=0x5000 + place), today)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        serving = uvicorn.Server(uvicorn.Config(create_app(product), port=port, log_level="error", ws="none"))
        thread = Thread(target=serving.run, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{port}"
        until(lambda: ready(url), 60, lambda: "does not start")
        yield RunningProduct(url, passwords_in(data), FIRST, data, product.clock, database)
        serving.should_exit = True
        thread.join(10)


def in_fen(text: str) -> int:
    return int("".join(each for each in text if each.isdecimal()))


@pytest.mark.parametrize(("language", "theme", "size"), LOOKS)
def test_axe_has_nothing_against_cockpit_and_closing(
    sit_down: SitDown, language: str, theme: str, size: dict[str, int]
) -> None:
    desk = sit_down("accountant", size=size, language=language, bypass_csp=True)
    desk.context.add_cookies([{"name": "theme", "value": theme, "url": desk.product.url}])
    for name, path in (
        ("cockpit", f"/cockpit/{FIRST}"),
        ("cockpit-cases", f"/cockpit/{FIRST}/cases/overdue"),
        ("closing", f"/closing/{FIRST}"),
    ):
        desk.see(path)
        for toggle in desk.page.locator("details.behind summary").all():
            toggle.click()
        assert found(desk) == [], path
        assert not sideways(desk.page), path
        desk.picture(f"{name}-{language}-{theme}-{size['width']}", full=True)


def test_the_picture_says_what_its_table_says(sit_down: SitDown) -> None:
    desk = sit_down("head")
    page = desk.see(f"/cockpit/{FIRST}")
    bars = page.locator(".chart__paid")
    rows = page.locator("section:has(#h-months) tbody tr")
    assert bars.count() == rows.count() == 12
    heights = [float(bar.get_attribute("height") or 0) for bar in bars.all()]
    paid = [in_fen(row.locator("td").nth(2).text_content() or "") for row in reversed(rows.all())]
    most = max(range(12), key=lambda place: paid[place])
    assert heights[most] == max(heights) and all(height <= 200 for height in heights)
    assert page.locator("svg[role=img]").count() == page.locator("svg[role=img] > title").count()
    page.locator("section:has(#h-months) summary").click()
    expect(rows.first).to_be_visible()


def test_a_figure_opens_the_cases_it_is_made_of(sit_down: SitDown) -> None:
    desk = sit_down("cashier")
    page = desk.see(f"/cockpit/{FIRST}")
    link = page.locator(".six__one--bad a")
    said = in_fen(link.inner_text())
    link.click()
    page.wait_for_selector("h2#h-cases")
    assert in_fen(page.locator(".panel__head b").inner_text()) == said
    assert sum(in_fen(each) for each in page.locator("tbody td:last-child").all_inner_texts()) == said


def test_a_mark_of_the_picture_opens_its_month_and_an_age_its_bills(sit_down: SitDown) -> None:
    desk = sit_down("cashier")
    page = desk.see(f"/cockpit/{FIRST}")
    page.locator(".chart a").last.click()
    page.wait_for_selector("h2#h-cases")
    assert "/cases/open?month=" in page.url
    page = desk.see(f"/cockpit/{FIRST}")
    row = page.locator(".meters li", has=page.locator("a[href*='age=']")).first
    said = in_fen(row.locator("b").inner_text())
    row.locator("a").click()
    page.wait_for_selector("h2#h-cases")
    assert in_fen(page.locator(".panel__head b").inner_text()) == said


def test_the_wall_and_the_firm(sit_down: SitDown) -> None:
    desk = sit_down("centre", size={"width": 1920, "height": 1080})
    desk.see(f"/cockpit/{FIRST}?wall=1")
    desk.picture("cockpit-wall")
    page = desk.see("/cockpit")
    expect(page.locator("#h-estates")).to_be_visible()
    desk.picture("cockpit-firm", full=True)


def test_a_month_is_closed_and_its_files_come_down(sit_down: SitDown, tmp_path: Path) -> None:
    desk: Workplace = sit_down("accountant", size=PHONE)
    page = desk.see(f"/closing/{FIRST}")
    page.get_by_role("link", name=re.compile("的数字，再结账")).click()
    page.wait_for_selector(".sums__end")
    assert not sideways(page)
    desk.picture("closing-look-390", full=True)
    page.locator(f"form[action='/closing/{FIRST}'] button").click()
    page.wait_for_selector(f"a[href^='/closing/{FIRST}/'][href$='.xlsx']")
    assert not sideways(page)
    desk.picture("closing-closed-390", full=True)
    for ending, begins in ((".xlsx", b"PK"), (".pdf", b"%PDF")):
        with page.expect_download() as waiting:
            page.locator(f"a[href$='{ending}']").click()
        waiting.value.save_as(tmp_path / f"file{ending}")
        assert (tmp_path / f"file{ending}").read_bytes().startswith(begins)
    wide = sit_down("head", size=DESKTOP)
    wide.see(f"/closing/{FIRST}")
    wide.picture("closing-closed-1366", full=True)
