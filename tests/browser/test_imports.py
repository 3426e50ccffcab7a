"""An old notebook is taken over in a browser: choose, see what is wrong, choose again, start, watch, look at it."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, PHONE, SitDown
from tests.browser.test_axe import LOOKS, found
from tests.browser.test_board import CAPTURED, sideways

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

LINES = 3_000


def written(folder: Path, name: str, *lines: str) -> Path:
    """A file as spreadsheets in China save it."""
    file = folder / name
    file.write_bytes("\r\n".join(["登记日期,内容,楼号,电话,处理结果", *lines, ""]).encode("gb18030"))
    return file


def choose(page: Page, file: Path) -> None:
    page.locator("#notebook").set_input_files(file)
    page.get_by_role("button", name="看一遍").click()


def test_an_old_notebook_is_put_right_taken_over_and_watched(sit_down: SitDown, tmp_path: Path) -> None:
    desk = sit_down("head")
    page = desk.see(f"/notebook/{desk.product.estate}")
    page.get_by_role("link", name="搬旧记事本").click()
    choose(
        page, written(tmp_path, "wrong.csv", "2024-3-5,楼道灯不亮,3栋,,", "大前天,东门坏了,99栋,,", "2024-3-6,,3栋,,")
    )
    wrongs = page.locator(".table--wrongs tbody tr")
    expect(wrongs).to_have_count(2)  # what is wrong with a line first of all
    expect(wrongs.first).to_contain_text("第 3 行")
    expect(wrongs.first).to_contain_text("2024-03-05 09:20")
    expect(page.get_by_role("button", name="开始搬")).to_have_count(0)
    desk.picture("import-wrong-head")
    page.get_by_role("button", name="抹掉").click()

    old = (f"2024年3月{n % 28 + 1}日 9:{n % 60:02},旧事 {n},{n % 6 + 1}栋,1390000{n:04},换了灯头" for n in range(LINES))
    choose(page, written(tmp_path, "old.csv", *old))
    expect(page.locator("#h-good")).to_contain_text(f"{LINES:,}")
    expect(page.locator(".table--notes tbody tr")).to_have_count(20)
    expect(page.locator(".table--notes")).not_to_contain_text("13900000001")
    desk.picture("import-checked-head")
    page.get_by_role("button", name="开始搬").click()
    way = page.locator("progress.way")
    expect(way).to_have_attribute("max", str(LINES))
    desk.picture("import-running-head")
    expect(page.locator("#h-done")).to_contain_text(f"{LINES:,}")  # by itself
    rows = page.locator(".table--notes tbody tr")
    expect(rows).to_have_count(40)
    expect(rows.first).to_contain_text("旧事 0")
    desk.picture("import-done-head")
    rows.first.locator("a").click()
    page.wait_for_url("**/issues/**")
    expect(page.locator("main")).to_contain_text("换了灯头")
    expect(page.locator("header").first).to_contain_text(CAPTURED)

    page.goto(f"{desk.product.url}/imports/{desk.product.estate}")
    choose(page, tmp_path / "old.csv")
    expect(page.locator("#h-done")).to_contain_text(f"{LINES:,}")  # recognised


def test_what_cannot_be_read_is_said_beside_the_field(sit_down: SitDown, tmp_path: Path) -> None:
    desk = sit_down("head", size=NARROW)
    page = desk.see(f"/imports/{desk.product.estate}")
    table = tmp_path / "old.csv"
    table.write_bytes(b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00\xff\xff")
    choose(page, table)
    expect(page.locator("#import-error")).to_contain_text("另存为 .xlsx 或 CSV")
    expect(page.locator("#notebook")).to_have_attribute("aria-describedby", "import-error")
    assert sideways(page) == 0
    desk.picture("imports-head-360")


def test_others_see_no_way_there(sit_down: SitDown) -> None:
    desk = sit_down("clerk")
    page = desk.see(f"/notebook/{desk.product.estate}")
    expect(page.get_by_role("link", name="搬旧记事本")).to_have_count(0)


@pytest.mark.parametrize(("language", "theme", "size"), LOOKS)
def test_axe_has_nothing_against_any_step(
    sit_down: SitDown, tmp_path: Path, language: str, theme: str, size: dict[str, int]
) -> None:
    desk = sit_down("head", size=size, language=language, bypass_csp=True)
    desk.context.add_cookies([{"name": "theme", "value": theme, "url": desk.product.url}])
    look = f"{language}-{theme}-{size['width']}"
    page = desk.see(f"/imports/{desk.product.estate}")
    assert found(desk) == []
    desk.picture(f"imports-{look}", full=True)
    page.locator("#notebook").set_input_files(
        written(tmp_path, "wrong.csv", f"2024-3-5,楼道灯不亮 {look},3栋,13900000000,", "大前天,东门坏了,99栋,,")
    )
    page.locator("form[enctype] button[type=submit]").click()
    expect(page.locator("#h-wrong")).to_be_visible()
    assert found(desk) == []
    assert size != PHONE or sideways(page) == 0
    desk.picture(f"import-wrong-{look}", full=True)
    page.goto(f"{desk.product.url}/imports/{desk.product.estate}")
    page.locator("#notebook").set_input_files(written(tmp_path, "good.csv", f"2024-3-5,楼道灯不亮 {look},3栋,,好"))
    page.locator("form[enctype] button[type=submit]").click()
    expect(page.locator("#h-good")).to_be_visible()
    assert found(desk) == []
    desk.picture(f"import-checked-{look}", full=True)
    page.locator("form[action$=start] button").click()
    expect(page.locator("#h-done")).to_be_visible()
    expect(page.locator(".table--notes tbody tr")).to_have_count(1)
    assert found(desk) == []
    desk.picture(f"import-done-{look}", full=True)
