"""The owner's own statement by a private address: it ends, can be taken back, and shows one owner's affairs alone."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from domain.calendar import SHANGHAI
from domain.capacity import Capacity
from domain.fees import fee_account as fees
from domain.fees.fee_account import FEE_ACCOUNT, Basis, fee_account_stream
from domain.money.items import FeeItem
from domain.money.repair_costs import RepairCosts
from domain.recorded import Act
from domain.register.dwelling import DWELLING
from services.words.sentences import say
from tests.conftest import FIRST, SECOND, Demo
from tests.fees.examples import ISSUE
from tests.fees.log import append
from tests.settled import settled

HERE = {"estate": FIRST, "building": "1", "stairwell": "1", "chargeable_area": 8937}
OWNER = {"kind": "PERSON", "name": "林小梅", "phone": "13900000001"}


def new_dwelling(client: TestClient, room: str) -> str:
    answer = client.post("/api/v1/dwellings", json={**HERE, "room": room})
    assert answer.status_code in (200, 201), answer.text
    return str(answer.json()["id"])


def hand_over(client: TestClient, dwelling: str, since: str, name: str = "林小梅") -> None:
    answer = client.post(f"/api/v1/dwellings/{dwelling}/hand-over", json=OWNER | {"since": since, "name": name})
    assert answer.status_code in (200, 201), answer.text


def owner_of(demo: Demo, dwelling: str) -> UUID:
    found = demo.product.log.load(DWELLING, UUID(dwelling)).state.owner_on(date(2026, 11, 1))
    assert found is not None
    return found


def charge(demo: Demo, dwelling: str, payer: UUID, number: str, amount: int, since: date, **fields: Any) -> None:
    at = datetime(since.year, since.month, 1, 9, tzinfo=SHANGHAI)
    act = Act(UUID(int=1), Capacity.ACCOUNTANT, at, at)
    state = demo.product.log.load(FEE_ACCOUNT, fee_account_stream(UUID(dwelling))).state
    happened: list[tuple[Any, Act]] = []
    if state.dwelling is None:
        happened.append((fees.FeeAccountOpened(UUID(dwelling), FIRST, "1"), act))
        state = FEE_ACCOUNT.fold(happened, state)
    bill = replace(
        ISSUE, bill=uuid4(), number=number, since=since, until=since + timedelta(days=28), amount=amount,
        payer=payer, due=since, reference=None, **fields,
    )  # fmt: skip
    happened += [(event, act) for event in FEE_ACCOUNT.consider(bill, state, act)]
    append(demo.product, FIRST, UUID(dwelling), happened)


@pytest.fixture(scope="module")
def dwelling(demo: Demo) -> str:
    """A first owner with a debt, a second one with a debt of another amount."""
    accountant = demo.sign_in_patient("accountant")
    made = new_dwelling(accountant, "101")
    hand_over(accountant, made, "2024-01-01", "甲业主")
    charge(demo, made, owner_of(demo, made), "OLD-1", 11111, date(2025, 1, 1))
    hand_over(accountant, made, "2026-01-01", "乙业主")
    charge(demo, made, owner_of(demo, made), "NEW-1", 22222, date(2026, 2, 1))
    demo.caught_up()
    return made


def issue(client: TestClient, dwelling: str, days: int = 30, **headers: str) -> Any:
    return client.post(f"/api/v1/dwellings/{dwelling}/statement-links", json={"days": days}, headers=headers)


def path_of(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def test_it_shows_one_owners_affairs_and_no_other_ones(demo: Demo, dwelling: str) -> None:
    """INV-54: neither does the new owner see the old debt."""
    answer = issue(demo.sign_in("cashier"), dwelling)
    assert answer.status_code == 200, answer.text
    page = demo.client().get(path_of(answer.json()["url"]))
    assert page.status_code == 200
    assert "222.22" in page.text and "111.11" not in page.text and "OLD-1" not in page.text
    assert "乙业主" not in page.text and "甲业主" not in page.text and "13900000001" not in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "noindex" in page.headers["X-Robots-Tag"] and page.headers["Referrer-Policy"] == "no-referrer"


def test_each_bill_says_how_it_came_about(demo: Demo) -> None:
    accountant = demo.sign_in_patient("accountant")
    made = new_dwelling(accountant, "401")
    hand_over(accountant, made, "2024-01-01")
    owner, since, costs = owner_of(demo, made), date(2026, 2, 1), RepairCosts(2000, 8000, 3500)
    charge(demo, made, owner, "FEE-1", ISSUE.amount, since)
    charge(
        demo, made, owner, "FIX-1", costs.total, since,
        item=FeeItem.IN_HOME_REPAIR, basis=Basis(), costs=costs, schedule=None, run=None,
    )  # fmt: skip
    demo.caught_up()
    formula, parts = "89.37 ㎡ × 0.60 元 × 12 个月 = ¥643.46", "上门 ¥20.00 + 人工 ¥80.00 + 材料 ¥35.00 = ¥135.00"
    read = demo.client().get(path_of(issue(accountant, made).json()["url"])).text
    assert formula in read and parts in read
    assert formula in (account := accountant.get(f"/accounts/{made}").text) and parts in account
    assert parts in accountant.get(f"/fees/{FIRST}/{made}").text


def test_an_address_of_the_old_owner_shows_the_old_owners_affairs_only(demo: Demo) -> None:
    accountant = demo.sign_in_patient("accountant")
    made = new_dwelling(accountant, "201")
    hand_over(accountant, made, "2024-01-01", "甲业主")
    old = owner_of(demo, made)
    charge(demo, made, old, "OLD-2", 33333, date(2025, 1, 1))
    url = issue(accountant, made).json()["url"]
    hand_over(accountant, made, "2026-01-01", "乙业主")
    charge(demo, made, owner_of(demo, made), "NEW-2", 44444, date(2026, 2, 1))
    page = demo.client().get(path_of(url)).text
    assert "333.33" in page and "444.44" not in page


def test_the_address_tells_nothing_and_stands_nowhere(demo: Demo, dwelling: str) -> None:
    answer = issue(demo.sign_in("cashier"), dwelling).json()
    token = answer["url"].rsplit("/", 1)[1]
    assert len(token) == 22 and dwelling not in answer["url"] and dwelling.replace("-", "") not in answer["url"]
    history = demo.product.log.history(UUID(answer["link"]))
    assert token not in repr(history) and answer["link"] not in answer["url"]
    again = issue(demo.sign_in("cashier"), dwelling).json()
    assert again["url"] != answer["url"]


def test_a_repeat_gets_the_same_address(demo: Demo, dwelling: str) -> None:
    cashier = demo.sign_in("cashier")
    first, second = (issue(cashier, dwelling, **{"Idempotency-Key": "link-1"}) for _ in range(2))
    assert first.json()["url"] == second.json()["url"]
    assert issue(demo.sign_in("accountant"), dwelling, **{"Idempotency-Key": "link-1"}).json() != first.json()


def test_it_ends_when_it_is_taken_back(demo: Demo, dwelling: str) -> None:
    cashier = demo.sign_in_patient("cashier")
    made = issue(cashier, dwelling).json()
    assert demo.client().get(path_of(made["url"])).status_code == 200
    demo.caught_up()
    [mine] = [
        each for each in cashier.get(f"/api/v1/dwellings/{dwelling}/statement-links").json()
        if each["link"] == made["link"]
    ]  # fmt: skip
    assert mine["read_at"] is not None and not mine["revoked"]
    assert cashier.post(f"/api/v1/statement-links/{made['link']}/revoke", json={}).status_code == 200
    gone = demo.client().get(path_of(made["url"]))
    assert gone.status_code == 404 and "222.22" not in gone.text


@pytest.mark.parametrize(
    ("public", "warned"),
    [(None, True), ("http://localhost", True), ("http://[::1]:8000", True), ("http://192.168.1.9:8000", False),
     ("http://a.cn", False)],
)  # fmt: skip
def test_the_desk_is_told_that_no_phone_opens_an_address_of_this_machine(
    demo: Demo, dwelling: str, public: str | None, warned: bool
) -> None:
    page = settled(demo, public_url=public).sign_in("cashier").get(f"/accounts/{dwelling}/statement-links")
    assert page.status_code == 200 and (say("zh", "own-here-only") in page.text) is warned


def test_bad_input_and_strangers(demo: Demo, dwelling: str) -> None:
    cashier = demo.sign_in("cashier")
    for days in (0, 91, -1):
        assert issue(cashier, dwelling, days).json()["code"] == "link_days"
    for wrong in (1.5, "3", True):
        assert issue(cashier, dwelling, wrong).status_code == 422  # type: ignore[arg-type]
    assert issue(cashier, str(uuid4())).status_code == 404
    assert cashier.post(f"/api/v1/statement-links/{uuid4()}/revoke", json={}).status_code == 404
    foreign = demo.sign_in("head2")
    link = issue(cashier, dwelling).json()["link"]
    assert SECOND != FIRST and issue(foreign, dwelling).status_code == 404
    assert foreign.post(f"/api/v1/statement-links/{link}/revoke", json={}).status_code == 404
    assert foreign.get(f"/api/v1/dwellings/{dwelling}/statement-links").status_code == 404
    for username in ("committee", "clerk", "repairer"):
        assert issue(demo.sign_in(username), dwelling).status_code == 403
    empty = new_dwelling(demo.sign_in_patient("accountant"), "301")
    assert issue(cashier, empty).json()["code"] == "link_no_owner"


def test_guessing_is_slowed_down(demo: Demo) -> None:
    stranger, seen = demo.client(), set()
    for _ in range(30):
        seen.add(stranger.get(f"/s/{uuid4().hex[:22]}").status_code)
    assert seen == {404, 429}


def test_whoever_shares_an_address_with_somebody_who_guesses_reads_on(demo: Demo, dwelling: str) -> None:
    url = issue(demo.sign_in_patient("cashier"), dwelling).json()["url"]
    assert 429 in [demo.client().get(f"/s/{uuid4().hex[:22]}").status_code for _ in range(30)]
    assert demo.client().get(path_of(url)).status_code == 200


@pytest.mark.parametrize("token", ["x", "x" * 21, "x" * 23, "x" * 4000, "%E9%93%B6" * 8, "!" * 22])
def test_what_is_no_address_opens_nothing(demo: Demo, token: str) -> None:
    assert demo.client().get(f"/s/{token}").status_code in (404, 429)
