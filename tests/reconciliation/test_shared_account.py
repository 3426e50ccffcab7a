"""One account of a provider for two estates: both upload its statement, and every line is booked where it belongs."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from domain.fees.fee_account import FEE_ACCOUNT, fee_account_stream
from services.demo.cast import ESTATES
from tests.conftest import FIRST, SECOND, Demo
from tests.reconciliation import files
from tests.reconciliation.files import Paid
from tests.reconciliation.homes import Ledger

OURS, THEIRS, NOBODYS = Paid("S0001", 6100, "93-1-101"), Paid("S0002", 6200, "94-1-101"), Paid("S0003", 6300, "谢谢")
FORGOT = Paid("S0004", 6400, "我交费")
FILE = [OURS, THEIRS, NOBODYS, FORGOT]


class Firm:
    """Two stations of a firm, each with people of its own."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo
        self.first, self.second = Ledger(demo, "93", FIRST), Ledger(demo, "94", SECOND)
        self.one, self.two = demo.sign_in_patient("accountant"), demo.sign_in_patient("head2")

    def uploaded(self, ledger: Ledger, client: TestClient, *lines: Paid) -> Any:
        return ledger.upload(client, files.wechat(lines).encode())

    def lines(self, ledger: Ledger, client: TestClient, stage: str = "QUEUED") -> dict[int, Any]:
        amounts = {each.amount for each in FILE}
        return {each["amount"]: each for each in ledger.lines(client, stage) if each["amount"] in amounts}

    def aside(self, client: TestClient, line: Any, reason: str = "OTHER_ESTATE") -> None:
        answer = client.post(f"/api/v1/statement-lines/{line['id']}/set-aside", json={"reason": reason})
        assert answer.status_code == 200, answer.text


@pytest.fixture(scope="module")
def firm(demo: Demo) -> Iterator[Firm]:
    made = Firm(demo)
    made.first.billed("101", 6100)
    for room, amount in (("101", 6200), ("102", 6400)):
        made.second.billed(room, amount)
    demo.caught_up()
    yield made


def test_each_station_books_its_own_lines_of_one_account(firm: Firm) -> None:
    seen = firm.uploaded(firm.first, firm.one, *FILE)
    done = firm.first.confirm(firm.one, seen["id"])
    assert (done["matched"], done["queued"]) == (1, 3)

    # what leads to nobody there and to somebody here comes here; the rest stays there, and is said to
    seen = firm.uploaded(firm.second, firm.two, *FILE)
    look = seen["look"]
    assert look["matched"] == [{"why": "DWELLING_AND_AMOUNT", "lines": 1}] and look["waiting"] == []
    assert look["known"] == 3
    assert look["elsewhere"] == [{"estate": FIRST, "name": ESTATES[FIRST], "waiting": 2, "settled": 1}]
    shown = {each["amount"]: each["elsewhere"] for each in look["lines"]}
    assert shown == {6200: None, 6300: ESTATES[FIRST], 6400: ESTATES[FIRST]}
    page = firm.two.get(f"/statements/{SECOND}/{seen['id']}").text
    assert f"在「{ESTATES[FIRST]}」待认领" in page and "收款账号和别的小区共用" in page
    assert firm.second.account("101").payments == {}  # nothing yet
    done = firm.second.confirm(firm.two, seen["id"])
    assert (done["matched"], done["queued"]) == (1, 0)
    assert firm.second.account("101").open == firm.first.account("101").open == 0
    assert set(firm.lines(firm.first, firm.one)) == {6300, 6400}
    assert "或在别的小区" in firm.two.get(f"/statements/{SECOND}/{seen['id']}").text
    matched = firm.lines(firm.second, firm.two, "MATCHED")[6200]
    assert (matched["file"], matched["label"], matched["remark"]) == (seen["id"], "94-1-101", "94-1-101")


def test_what_the_first_gives_up_the_second_gets_by_the_same_file(firm: Firm) -> None:
    again = firm.uploaded(firm.second, firm.two, *FILE)
    assert again["standing"] == "DONE"  # nothing new: it is that file
    waiting = firm.lines(firm.first, firm.one)
    firm.aside(firm.one, waiting[6400])
    firm.aside(firm.one, waiting[6300], "NOT_FEES")
    assert firm.one.get(f"/statements/{FIRST}?stage=SET_ASIDE").text.count("再传一次，就到那边了") == 1
    more = firm.uploaded(firm.second, firm.two, *FILE)
    assert more["id"] != again["id"] and more["standing"] == "CHECKED"
    assert more["look"]["waiting"] == [{"why": "NO_TRACE", "lines": 1}]
    assert more["look"]["elsewhere"] == [{"estate": FIRST, "name": ESTATES[FIRST], "waiting": 0, "settled": 2}]
    assert firm.uploaded(firm.second, firm.two, *FILE)["id"] == more["id"]
    done = firm.second.confirm(firm.two, more["id"])
    assert (done["queued"], done["matched"]) == (1, 0)
    line = firm.lines(firm.second, firm.two)[6400]
    assert line["waiting"] == "NO_TRACE" and line["remark"] == FORGOT.name
    assert 6400 not in firm.lines(firm.first, firm.one, "SET_ASIDE")
    address = f"/api/v1/statement-lines/{line['id']}"
    assert firm.one.post(f"{address}/return").status_code == 404  # it is not theirs any more
    body = {"dwelling": str(firm.second.dwellings["102"])}
    assert firm.two.post(f"{address}/match", json=body).status_code == 200
    assert firm.second.account("102").open == 0
    assert firm.uploaded(firm.second, firm.two, *FILE)["id"] == more["id"]
    assert firm.uploaded(firm.first, firm.one, *FILE)["standing"] == "DONE"


def test_a_line_that_is_booked_at_one_is_no_payment_at_the_other(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither before, nor while the file of the other is taken over."""
    home = firm.first.billed("201", 6500)
    firm.second.billed("201", 6500)
    firm.demo.caught_up()
    fought_over = Paid("S0005", 6500, "94-1-201")
    seen = firm.uploaded(firm.first, firm.one, fought_over)
    assert firm.first.confirm(firm.one, seen["id"])["queued"] == 1
    seen = firm.uploaded(firm.second, firm.two, fought_over, Paid("S0006", 6501))
    assert seen["look"]["matched"] == [{"why": "DWELLING_AND_AMOUNT", "lines": 1}]
    [line] = [each for each in firm.first.lines(firm.one) if each["amount"] == 6500]
    log, append, met = firm.demo.product.log, firm.demo.product.log.append_prepared, []

    def meanwhile(prepared: Any) -> Any:
        if not met and any(change.stream == UUID(line["id"]) for change in prepared.changes):
            met.append(True)
            body = {"dwelling": str(home)}
            assert firm.one.post(f"/api/v1/statement-lines/{line['id']}/match", json=body).status_code == 200
        return append(prepared)

    monkeypatch.setattr(log, "append_prepared", meanwhile)
    done = firm.second.confirm(firm.two, seen["id"])
    assert met and (done["matched"], done["queued"]) == (0, 1)
    paid = [len(ledger.account("201").payments) for ledger in (firm.first, firm.second)]
    assert paid == [1, 0]


def test_a_payment_that_was_reversed_there_is_another_one_here(firm: Firm) -> None:
    """It was booked at the wrong estate: reversed, given up, and taken over by the same file."""
    firm.first.billed("301", 6600)
    home = firm.second.billed("301", 6600)
    firm.demo.caught_up()
    wrong = Paid("S0007", 6600, "93-1-301")
    firm.first.confirm(firm.one, firm.uploaded(firm.first, firm.one, wrong)["id"])
    [old] = firm.first.account("301").payments
    assert firm.one.post(f"/api/v1/payments/{old}/reverse", json={"reason": "WRONG_DWELLING"}).status_code == 200
    [line] = [each for each in firm.first.lines(firm.one) if each["amount"] == 6600]
    firm.aside(firm.one, line)
    firm.second.confirm(firm.two, firm.uploaded(firm.second, firm.two, wrong)["id"])
    body = {"dwelling": str(home)}
    assert firm.two.post(f"/api/v1/statement-lines/{line['id']}/match", json=body).status_code == 200
    account = firm.demo.product.log.load(FEE_ACCOUNT, fee_account_stream(home)).state
    [new] = account.payments
    assert new != old and account.open == 0 and firm.first.account("301").open == 6600


def test_a_file_books_anew_what_was_reversed_at_another_estate(firm: Firm) -> None:
    """Both have a dwelling that is called so: two payments, of which the first stays as it was."""
    twin = Ledger(firm.demo, "93", SECOND)
    firm.first.billed("401", 6700)
    twin.billed("401", 6700)
    firm.demo.caught_up()
    both = Paid("S0008", 6700, "93-1-401")
    firm.first.confirm(firm.one, firm.uploaded(firm.first, firm.one, both)["id"])
    [old] = firm.first.account("401").payments
    assert firm.one.post(f"/api/v1/payments/{old}/reverse", json={"reason": "WRONG_DWELLING"}).status_code == 200
    [line] = [each for each in firm.first.lines(firm.one) if each["amount"] == 6700]
    firm.aside(firm.one, line)
    assert twin.confirm(firm.two, firm.uploaded(twin, firm.two, both)["id"])["matched"] == 1
    [new] = twin.account("401").payments
    assert new != old and twin.account("401").open == 0
    assert firm.first.account("401").payments[old].reversed
