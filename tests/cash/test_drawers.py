"""The cash drawer over HTTP: one's own, down to the fen, with every difference told and explained."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from starlette.testclient import TestClient

from domain.capacity import Capacity
from domain.cash.drawer import CASH_DRAWER, DrawerOpened, drawer_stream
from domain.recorded import Act
from services.log.event_log import Change
from tests.conftest import FIRST, SECOND, Demo
from tests.fees.till import Till

PLACE = f"/api/v1/estates/{FIRST}/drawer"


def post(client: TestClient, what: str, **body: Any) -> Any:
    return client.post(f"{PLACE}/{what}", json=body)


def drawer_of(client: TestClient) -> Any:
    answer = client.get(PLACE)
    assert answer.status_code == 200, answer.text
    return answer.json()


def notes(**pieces: int) -> list[dict[str, int]]:
    """``yuan100=3``: three notes of 100 yuan."""
    return [{"value": int(name.removeprefix("yuan")) * 100, "pieces": count} for name, count in pieces.items()]


def test_a_drawer_is_opened_counted_and_closed(demo: Demo) -> None:
    cashier = demo.sign_in_patient("cashier")
    assert drawer_of(cashier) | {"cashier": "", "name": ""} == {
        "cashier": "", "name": "", "open": False, "opened_at": None, "change": 0, "taken": 0, "paid_out": 0,
        "expected": 0, "counted": None, "left": 0, "movements": [], "denominations": [], "closings": [],
    }  # fmt: skip
    assert post(cashier, "count", denominations=[]).json()["code"] == "drawer_closed"
    opened = post(cashier, "open", change=30000)
    assert (opened.status_code, opened.headers["ETag"]) == (200, '"1"')
    assert post(cashier, "open", change=30000).json()["code"] == "drawer_open"
    now = drawer_of(cashier)
    assert (now["open"], now["change"], now["expected"], now["name"]) == (True, 30000, 30000, "江小燕")
    assert [(each["event"], each["amount"]) for each in now["movements"]] == [("DrawerOpened", 30000)]

    assert post(cashier, "close", left=0).json()["code"] == "drawer_not_counted"
    assert post(cashier, "count", denominations=notes(yuan100=2, yuan50=1, yuan10=4)).status_code == 200
    now = drawer_of(cashier)
    assert (now["counted"], len(now["denominations"])) == (29000, 3)
    short = post(cashier, "close", left=20000)
    assert (short.status_code, short.json()["code"]) == (409, "drawer_difference")
    assert post(cashier, "close", left=20000, reason="少一张十元，待查").status_code == 200
    closed = drawer_of(cashier)
    assert (closed["open"], closed["left"], closed["expected"], closed["movements"]) == (False, 20000, 20000, [])
    [closing] = closed["closings"]
    assert (closing["difference"], closing["counted"], closing["expected"]) == (-1000, 29000, 30000)
    assert closing["reason"] == "少一张十元，待查"

    other = post(cashier, "open", change=25000)
    assert (other.status_code, other.json()["code"]) == (409, "drawer_float")
    assert post(cashier, "open", change=25000, reason="从银行换零钱").status_code == 200


def test_a_repeat_changes_nothing_and_a_stale_look_is_told(demo: Demo) -> None:
    accountant = demo.sign_in("accountant")
    key = {"Idempotency-Key": "open-once"}
    first = accountant.post(f"{PLACE}/open", json={"change": 100}, headers=key)
    again = accountant.post(f"{PLACE}/open", json={"change": 100}, headers=key)
    assert (first.status_code, again.json()) == (200, first.json())
    stale = accountant.post(f"{PLACE}/count", json={"denominations": []}, headers={"If-Match": '"9"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")


def test_amounts_that_are_none_are_refused(demo: Demo) -> None:
    head = demo.sign_in("head")
    for change in (1.5, "100", True, None):
        answer = post(head, "open", change=change)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "change"), change
    for change in (-1, 10**12, 10**15):
        answer = post(head, "open", change=change)
        assert (answer.status_code, answer.json()["code"]) == (422, "amount"), change
    assert post(head, "open", change=0).status_code == 200
    for denominations, code in (
        (notes(yuan3=1), "drawer_denomination"),
        ([{"value": 100, "pieces": 1}, {"value": 100, "pieces": 2}], "drawer_denomination"),
        ([{"value": 100, "pieces": -1}], "drawer_pieces"),
        ([{"value": 100, "pieces": 10**9}], "drawer_pieces"),
    ):
        assert post(head, "count", denominations=denominations).json()["code"] == code
    assert post(head, "count", denominations=[{"value": True, "pieces": 1}]).status_code == 422


def test_everybody_has_a_drawer_of_their_own_and_the_accounts_see_all(demo: Demo) -> None:
    cashier, accountant = demo.sign_in_patient("cashier"), demo.sign_in("accountant")
    if not drawer_of(cashier)["open"]:
        assert post(cashier, "open", change=1234, reason="换零").status_code == 200
    found = accountant.get(f"{PLACE}s").json()
    assert "江小燕" in {each["name"] for each in found}
    assert len({each["cashier"] for each in found}) == len(found)
    assert cashier.get(f"{PLACE}s").status_code == 403


def test_a_foreign_estate_has_no_drawer(demo: Demo) -> None:
    cashier = demo.sign_in("cashier")
    assert cashier.get(f"/api/v1/estates/{SECOND}/drawer").status_code == 404
    assert cashier.post(f"/api/v1/estates/{SECOND}/drawer/open", json={"change": 0}).status_code == 404
    for username in ("clerk", "committee", "repairer", "admin"):
        assert demo.sign_in(username).get(PLACE).status_code == 403


def test_who_keeps_the_accounts_closes_what_somebody_left_open(demo: Demo) -> None:
    centre, head = demo.sign_in_patient("centre"), demo.sign_in_patient("head")
    cashier = centre.get("/api/v1/session").json()["person"]
    keeper = head.get("/api/v1/session").json()["person"]
    assert post(centre, "open", change=0).status_code == 200
    assert post(demo.sign_in("cashier"), "count", denominations=[], cashier=cashier).status_code == 403
    assert post(head, "count", denominations=[], cashier=str(uuid4())).status_code == 404
    assert post(head, "count", denominations=notes(yuan1=1), cashier=cashier).status_code == 200
    page = head.get(f"/drawer/{FIRST}?cashier={cashier}")
    assert page.status_code == 200 and f"/close?cashier={cashier}" in page.text and "/open" not in page.text
    assert demo.sign_in("cashier").get(f"/drawer/{FIRST}?cashier={cashier}").status_code == 404
    assert post(head, "close", left=0, reason="多一元，本人请假", cashier=cashier).status_code == 200
    now = drawer_of(centre)
    assert (now["open"], now["closings"][0]["closed_by"], now["closings"][0]["difference"]) == (False, keeper, 100)


def test_the_desk_says_that_a_drawer_was_left_open_yesterday(demo: Demo) -> None:
    centre = demo.sign_in_patient("centre")
    person = UUID(centre.get("/api/v1/session").json()["person"])
    stream, yesterday = drawer_stream(FIRST, person), demo.product.clock() - timedelta(days=1)
    act = Act(person, Capacity.CENTRE_HEAD, yesterday, yesterday)
    notice = f'<a class="link" href="/drawer/{FIRST}">'
    assert notice not in centre.get(f"/fees/{FIRST}").text
    opened = [DrawerOpened(FIRST, 0, 0)]
    version = demo.product.log.load(CASH_DRAWER, stream).version
    demo.product.log.append([Change(stream, CASH_DRAWER.name, version, opened, act, FIRST, stream)])
    demo.caught_up()
    assert notice in centre.get(f"/fees/{FIRST}").text
    till = Till(demo).opened()
    till.bill()
    body = {"dwelling": str(till.dwelling), "amount": 100, "method": "CASH"}
    assert centre.post("/api/v1/payments", json=body).json()["code"] == "drawer_earlier_day"
    assert centre.post("/api/v1/payments", json=body | {"method": "WECHAT"}).status_code == 201
