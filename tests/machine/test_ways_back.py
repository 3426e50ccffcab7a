"""Filters survive an act: whoever acts on a page that was told what to show comes back to what it showed."""

import re

import pytest

from tests.conftest import FIRST, Demo

DRAWER = f"/drawer/{FIRST}"


@pytest.mark.parametrize(
    ("referer", "kept"),
    [
        (f"http://station.test{DRAWER}?step=SERVE&page=2&after=7&look=1", "?step=SERVE&page=2&"),
        (f"http://station.test{DRAWER}?q=%E9%82%B9%20%26%20a", "?q=%E9%82%B9+%26+a&"),
        (f"http://elsewhere.test{DRAWER}?step=SERVE", "?"),
        (f"http://station.test/arrears/{FIRST}?step=SERVE", "?"),
        ("http://[not:an:address", "?"),
        ("", "?"),
    ],
)
def test_the_page_acted_on_comes_back_as_it_was(demo: Demo, referer: str, kept: str) -> None:
    client = demo.client()
    form = {"username": "accountant", "password": demo.passwords["accountant"]}
    client.post("/sign-in", data=form, headers={"Origin": "http://station.test"})
    found = re.search(r'name="csrf" value="([^"]*)"', client.get("/account").text)
    assert found
    opened = {"csrf": found[1], "change": "0.00", "reason": "数过了"}
    sent = client.post(f"{DRAWER}/open", data=opened, headers={"Referer": referer}, follow_redirects=False)
    if sent.status_code == 409:  # it was opened before
        counted = client.post(f"{DRAWER}/count", data=opened, headers={"Referer": referer}, follow_redirects=False)
        sent = counted
    assert sent.status_code == 303, sent.text
    assert re.fullmatch(re.escape(DRAWER + kept) + r"after=\d+", sent.headers["location"])
