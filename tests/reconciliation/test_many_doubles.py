"""All lines of a file that may be earlier ones are settled in one act, with their count said, and taken back."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import FIRST, Demo
from tests.reconciliation.downloads import Layout, Transfer, in_order
from tests.reconciliation.homes import Ledger

AMOUNTS = {"101": 4610, "102": 4620, "103": 4630}


class Twice:
    """Three transfers that were booked, and then come in another download."""

    def __init__(self, demo: Demo) -> None:
        self.ledger, self.demo = Ledger(demo, "99"), demo
        self.client = demo.sign_in_patient("accountant")
        for room, amount in AMOUNTS.items():
            self.ledger.billed(room, amount)
        demo.caught_up()
        paid = in_order([Transfer(5, amount, remark=f"99-1-{room}") for room, amount in AMOUNTS.items()])
        first = self.ledger.upload(self.client, Layout().text(paid).encode())
        assert self.ledger.confirm(self.client, first["id"])["matched"] == 3
        again = self.ledger.upload(self.client, Layout(at="moment").text(paid).encode())
        assert self.ledger.confirm(self.client, again["id"])["queued"] == 3
        self.file = again["id"]

    def act(self, name: str, lines: int) -> Any:
        body = {"act": name, "lines": lines}
        return self.client.post(f"/api/v1/statements/{self.file}/doubles", json=body)

    def waiting(self) -> list[str]:
        rows = self.ledger.lines(self.client)
        return [each["waiting"] for each in rows if each["amount"] in AMOUNTS.values()]


@pytest.fixture(scope="module")
def twice(demo: Demo) -> Iterator[Twice]:
    yield Twice(demo)


def test_all_are_the_same_in_one_act_and_wait_again_when_it_is_taken_back(twice: Twice) -> None:
    moved = twice.act("SAME", 2)
    assert (moved.status_code, moved.json()["code"]) == (409, "doubles_moved") and "3" in moved.json()["detail"]
    done = twice.act("SAME", 3)
    assert done.status_code == 200 and done.json()["lines"] == 3, done.text
    assert twice.waiting() == []
    aside = [each for each in twice.ledger.lines(twice.client, "SET_ASIDE") if each["amount"] in AMOUNTS.values()]
    assert len({each["same"] for each in aside}) == 3  # each is another one
    assert all(len(twice.ledger.account(room).payments) == 1 for room in AMOUNTS)
    undo = f"/api/v1/statements/{twice.file}/doubles/undo"
    assert twice.client.post(undo, json=done.json()).json()["lines"] == 3
    assert twice.waiting() == ["TWIN"] * 3
    assert twice.client.post(undo, json=done.json()).json()["lines"] == 0  # nothing more to take back


def test_none_is_the_same_on_the_page_and_one_that_went_on_stays(twice: Twice) -> None:
    page = twice.client.get(f"/statements/{FIRST}").text
    assert "3 笔都收过，不再入账" in page and "3 笔都是另外的钱" in page
    csrf, key = (re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("csrf", "key"))  # type: ignore[index]
    form = {"csrf": csrf, "key": key, "lines": "3"}
    where = f"/statements/{FIRST}/{twice.file}/doubles"
    for wrong in ("x", "", "0003"):
        assert twice.client.post(f"{where}/apart", data=form | {"lines": wrong}).status_code in (409, 422)
    assert twice.client.post(f"{where}/other", data=form).status_code == 404
    done = twice.client.post(f"{where}/apart", data=form, follow_redirects=False)
    assert done.status_code == 303, done.text
    assert twice.waiting() == ["APART"] * 3
    position = twice.demo.product.log.last_position()
    [one] = [each for each in twice.ledger.lines(twice.client) if each["amount"] == 4610]
    gone = twice.client.post(f"/api/v1/statement-lines/{one['id']}/set-aside", json={"reason": "SENT_BACK"})
    assert gone.status_code == 200
    twice.demo.caught_up()
    page = twice.client.get(f"/statements/{FIRST}").text
    csrf, key = (re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("csrf", "key"))  # type: ignore[index]
    back = {"csrf": csrf, "key": key}
    assert twice.client.post(f"{where}/undo-{position}-3", data=back, follow_redirects=False).status_code == 303
    assert twice.waiting() == ["TWIN"] * 2


def test_one_line_told_apart_by_mistake_is_doubted_again(twice: Twice) -> None:
    line = next(each for each in twice.ledger.lines(twice.client) if each["amount"] == 4620)
    address = f"/api/v1/statement-lines/{line['id']}"
    assert twice.client.post(f"{address}/apart").status_code == 200
    assert twice.client.post(f"{address}/doubt").status_code == 200
    twice.demo.caught_up()
    [again] = [each for each in twice.ledger.lines(twice.client) if each["id"] == line["id"]]
    assert again["waiting"] == "TWIN" and len(again["earlier"]) == 1
