"""One page per dwelling: owner, account, arrears and cases, each for those who may see it; the API tells the same."""

from typing import Any
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from domain.capacity import Capacity
from projections.register import dwellings
from tests.conftest import FIRST, Demo
from tests.fees.fee_ground import bill, carried_out
from tests.members import member


@pytest.fixture(scope="module")
def home(demo: Demo) -> dict[str, Any]:
    """A dwelling of the demo that owes something, with a case that was noted in another spelling of its place."""
    head, accountant = demo.sign_in_patient("head"), demo.sign_in_patient("accountant")
    place = {"estate": FIRST, "building": "8", "stairwell": "3", "room": "302", "chargeable_area": 8935}
    made = accountant.post("/api/v1/dwellings", json=place).json()["id"]
    owned = {"since": "2020-01-01", "name": "令狐望月"}
    assert accountant.post(f"/api/v1/dwellings/{made}/hand-over", json=owned).status_code == 200
    owner = accountant.get(f"/api/v1/dwellings/{made}").json()["owner"]
    carried_out(demo.product, UUID(made), bill(UUID(owner), 5361))
    demo.caught_up()
    with demo.product.database.lend([FIRST]) as conn:
        owing = dwellings.one(conn, UUID(made))
    assert owing is not None
    noted = head.post("/api/v1/issues", json={"estate": FIRST, "text": "厨房下水慢", "dwelling": "8栋三单元302室"})
    assert noted.status_code == 201, noted.text
    demo.caught_up()
    return {"row": owing, "issue": noted.json()["issue"], "number": noted.json()["number"]}


def _overview(client: TestClient, dwelling: str) -> dict[str, Any]:
    answer = client.get(f"/api/v1/dwellings/{dwelling}/overview")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_account_arrears_and_cases_stand_on_one_page(demo: Demo, home: dict[str, Any]) -> None:
    row = home["row"]
    head = demo.sign_in_patient("head")
    told = _overview(head, str(row.dwelling))
    account = head.get(f"/api/v1/accounts/{row.dwelling}").json()
    assert told["open"] - told["held"] == account["balance"]
    assert (told["owed_now"], told["not_due"]) == (account["owed_now"], account["not_due"])
    assert 0 < told["overdue"] <= told["open"] and told["since"] is not None
    assert home["issue"] in [each["issue"] for each in told["cases"]]
    page = head.get(f"/register/{FIRST}/dwellings/{row.dwelling}")
    assert page.status_code == 200
    for said in (
        row.owner_name,
        "现欠",
        "逾期",
        "这户的事项",
        home["number"],
        "厨房下水慢",
        f"/accounts/{row.dwelling}",
    ):
        assert said in page.text


def test_whoever_keeps_accounts_sees_no_case_there(demo: Demo, home: dict[str, Any]) -> None:
    for capacity in (Capacity.CASHIER, Capacity.ACCOUNTANT):
        client = member(demo, capacity)
        assert _overview(client, str(home["row"].dwelling))["cases"] is None
        page = client.get(f"/register/{FIRST}/dwellings/{home['row'].dwelling}").text
        assert "现欠" in page and "厨房下水慢" not in page and "这户的事项" not in page
    assert member(demo, Capacity.RESIDENTS_COMMITTEE).get(
        f"/api/v1/dwellings/{home['row'].dwelling}/overview"
    ).status_code in (403, 404)
