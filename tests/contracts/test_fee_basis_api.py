"""Contracts and prices over the API: signed, displayed, billed by; what is wrong is said in words."""

from datetime import timedelta
from typing import Any

from domain.calendar import local_date
from domain.contracts.fee_basis import SHOWN_DAYS
from domain.months import months_later
from tests.conftest import FIRST, SECOND, Demo

PRICE = {
    "item": "PROPERTY_FEE", "charged": "PER_AREA", "uses": ["RESIDENCE"], "unit_price": 6000,
    "clause": "8", "content": "保洁",
}  # fmt: skip


def post(demo: Demo, path: str, body: Any, username: str = "head", **headers: str) -> Any:
    return demo.sign_in(username).post(f"/api/v1/estates/{FIRST}{path}", json=body, headers=headers)


def test_script_8_from_no_service_to_prices_that_everybody_sees(demo: Demo) -> None:
    today = local_date(demo.product.clock())
    since = months_later(today.replace(day=1), 1)
    ground = {"since": str(today), "ground": "LEAD_ORGANISATION", "reference": "1"}
    assert post(demo, "/service-mode", {"mode": "BASELINE_PUBLIC_INTEREST", **ground}).status_code == 200
    run = post(demo, "/bill-runs", {"period": f"{since:%Y-%m}", "months": 1})
    assert (run.status_code, run.json()["code"]) == (409, "no_bills_here")
    contract = {"number": "C-1 ", "fee_mode": "LUMP_SUM", "since": str(since), "until": str(months_later(since, 36))}
    contract |= {"firm": " 某某物业服务有限公司"}
    signed = post(demo, "/contracts", contract, **{"Idempotency-Key": "sign"})
    assert signed.status_code == 201 and signed.headers["ETag"]
    assert post(demo, "/contracts", contract, **{"Idempotency-Key": "sign"}).json() == signed.json()
    listed = {"contract": signed.json()["id"], "prices": [PRICE], "shown_from": str(today), "valid_from": str(since)}
    adopted = post(demo, "/price-lists", listed)
    assert adopted.status_code == 201, adopted.text
    mode = {"mode": "CONTRACTED", "since": str(since), "ground": "CONTRACT", "reference": "C-1"}
    assert post(demo, "/service-mode", mode).status_code == 200
    shown = demo.client().get(f"/api/v1/estates/{FIRST}/prices")
    assert [each["schedule"] for each in shown.json()["price_lists"]] == [adopted.json()["id"]]
    assert (shown.json()["contract"], shown.json()["firm"]) == (None, None)  # its term has not begun
    basis = demo.sign_in("committee").get(f"/api/v1/estates/{FIRST}/fee-basis").json()
    assert (basis["contracts"][0]["number"], basis["bills"]) == ("C-1", False)
    assert basis["contracts"][0]["firm"] == "某某物业服务有限公司"
    assert post(demo, "/bill-runs", {"period": f"{since:%Y-%m}", "months": 1}).status_code == 201
    early = {**listed, "shown_from": str(since), "valid_from": str(since + timedelta(days=SHOWN_DAYS - 1))}
    assert post(demo, "/price-lists", early).json()["code"] == "shown_too_short"
    notice = {"by": "OWNERS", "served_on": str(today), "ends": str(today + timedelta(days=59)), "decision": "D"}
    answer = post(demo, f"/contracts/{signed.json()['id']}/notice", notice)
    assert answer.json()["code"] == "notice_short" and str(today + timedelta(days=60)) in answer.json()["detail"]


def test_who_may_sign_and_what_is_nonsense(demo: Demo) -> None:
    contract = {"number": "C-9", "fee_mode": "LUMP_SUM", "since": "2027-01-01", "until": "2026-01-01"}
    assert post(demo, "/contracts", contract, "accountant").status_code == 403
    assert post(demo, "/contracts", contract, "cashier").status_code == 403
    assert post(demo, "/contracts", contract).json()["code"] == "period"
    assert post(demo, "/contracts", {**contract, "penalty_rate": 0.5}).status_code == 422
    assert post(demo, "/contracts", {**contract, "firm": ""}).status_code == 422
    assert post(demo, "/contracts", {**contract, "firm": "物" * 121}).status_code == 422
    assert demo.sign_in("head").get(f"/api/v1/estates/{SECOND}/fee-basis").status_code == 404
    assert demo.client().get("/api/v1/estates/000000000000-000/prices").status_code == 404
