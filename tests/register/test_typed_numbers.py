"""What people type into fields: read as it is meant, or both readings told at the field; as good as a file's."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.conftest import FIRST, Demo

HOME = {"estate": FIRST, "building": "4", "stairwell": "1", "chargeable_area": 8935}


@pytest.fixture(scope="module")
def accountant(demo: Demo) -> TestClient:
    return demo.sign_in_patient("accountant")


@pytest.fixture(scope="module")
def home(accountant: TestClient) -> str:
    answer = accountant.post("/api/v1/dwellings", json=HOME | {"room": "401"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def handed(accountant: TestClient, home: str, **said: Any) -> Any:
    return accountant.post(f"/api/v1/dwellings/{home}/hand-over", json={"name": "应先生"} | said)


def test_a_day_in_a_body_is_read_as_people_write_it(accountant: TestClient, home: str) -> None:
    both = handed(accountant, home, since="03/04/2026")
    assert (both.status_code, both.json()["code"]) == (422, "two_readings")
    assert "2026-04-03" in both.json()["detail"] and "2026-03-04" in both.json()["detail"]
    for seconds in ("20217600", 20217600, 1.5, "soon"):  # a count of seconds is no day in 1970
        assert handed(accountant, home, since=seconds).json()["code"] == "invalid", seconds
    assert handed(accountant, home, since="2026/1/5").status_code == 200
    assert accountant.get(f"/api/v1/dwellings/{home}").json()["ownerships"][-1]["since"] == "2026-01-05"


@pytest.mark.parametrize("phone", ["1.38E+10", "12345", "138****0001", "13800000000/13900000000", "call me"])
def test_a_number_that_cannot_be_called_is_told(accountant: TestClient, home: str, phone: str) -> None:
    answer = handed(accountant, home, since="2026-02-01", phone=phone)
    assert (answer.status_code, answer.json()["code"]) == (422, "phone_unreadable")
    owner = {"estate": FIRST, "kind": "PERSON", "name": "应先生", "phone": phone}
    assert accountant.post("/api/v1/owners", json=owner).json()["code"] == "phone_unreadable"


def test_fields_of_the_console_tell_both_readings(demo: Demo, home: str) -> None:
    demo.caught_up()
    client = demo.client()
    client.post("/sign-in", data={"username": "accountant", "password": demo.passwords["accountant"]})
    found = re.search(r'name="csrf-token" content="([^"]+)"', client.get(f"/register/{FIRST}").text)
    assert found is not None

    def sent(path: str, **form: str) -> str:
        answer = client.post(path, data={"csrf": found[1], **form}, follow_redirects=False)
        assert answer.status_code == 422, (path, answer.status_code)
        return answer.text

    areas = sent(
        f"/register/{FIRST}/dwellings/{home}/areas", chargeable_area="89,37", exclusive_area="70", because="量错了"
    )
    assert "89.37" in areas and "8,937" in areas and 'value="89,37"' in areas
    paid = sent(f"/fees/{FIRST}/{home}", amount="1.234,56", method="CASH")
    assert "1,234.56" in paid and "1.23456" in paid
