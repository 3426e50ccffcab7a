"""The console's pages of the register's imports."""

from typing import Any
from uuid import uuid4

from services.register.imports import RegisterImports
from tests.conftest import FIRST, Demo
from tests.register.test_register_imports import csv


def test_the_pages_work_without_script(demo: Demo) -> None:
    """Choose, look, start, see, take back: as plain forms; a wrong file keeps the page and says why."""
    client = demo.client()
    signed = client.post("/api/v1/session", json={"username": "accountant", "password": demo.passwords["accountant"]})
    assert signed.status_code == 200
    place = f"/register/{FIRST}/imports"
    page = client.get(place)
    assert page.status_code == 200
    csrf = page.text.split('name="csrf-token" content="')[1].split('"')[0]
    bad = client.post(place, data={"csrf": csrf}, files={"file": ("x.csv", b"a,b\n1,2\n")})
    assert bad.status_code == 422 and "没找到表头" in bad.text
    assert client.post(place, files={"file": ("x.csv", b"a")}).status_code == 403  # no token
    sample = client.get(f"{place}/sample.xlsx")
    again = client.post(place, data={"csrf": csrf}, files={"file": ("x.xlsx", sample.content)})
    assert "2 户都看得懂" in again.text

    looked = client.post(
        place, data={"csrf": csrf}, files={"file": ("x.csv", csv("9,3,602,89.35,,页面人,13577778888"))}
    )
    assert looked.status_code == 200 and "135****8888" in looked.text and "13577778888" not in looked.text
    here = str(looked.url)
    assert client.post(f"{here}/start", data={"csrf": csrf}).status_code == 200
    demo.product.part(RegisterImports).until_idle()
    demo.caught_up()
    assert "登记好了" in client.get(here).text and "登记好了" in client.get(f"{here}/live").text
    assert "9-3-602" in client.get(f"/register/{FIRST}", params={"q": "ymr"}).text
    assert client.post(f"{here}/undo", data={"csrf": csrf}).status_code == 200
    demo.product.part(RegisterImports).until_idle()
    demo.caught_up()
    assert "已撤下 1 户，留下 0 户" in client.get(here).text
    assert client.post(f"{here}/nothing", data={"csrf": csrf}).status_code == 404


def test_a_dwelling_on_its_page(demo: Demo) -> None:
    """Every form of the page without script: done, or said at the field with what was typed."""
    client = demo.client()
    client.post("/api/v1/session", json={"username": "accountant", "password": demo.passwords["accountant"]})
    place = {"estate": FIRST, "building": "8", "stairwell": "1", "room": "101", "chargeable_area": 9000}
    token = demo.sign_in_patient("accountant")
    dwelling = token.post("/api/v1/dwellings", json=place).json()["id"]
    here = f"/register/{FIRST}/dwellings/{dwelling}"
    csrf = client.get(here).text.split('name="csrf-token" content="')[1].split('"')[0]

    def post(act: str, **fields: str) -> Any:
        answer = client.post(f"{here}/{act}", data={"csrf": csrf, "key": uuid4().hex} | fields)
        demo.caught_up()
        return answer

    wrong = post("areas", chargeable_area="90.125", exclusive_area="70", because="测绘")
    assert wrong.status_code == 422 and "90.125" in wrong.text and "两位小数" in wrong.text
    for act, fields in (
        ("areas", {"chargeable_area": "90.12", "exclusive_area": "70", "because": "测绘"}),
        ("hand-over", {"name": "页上人", "phone": "13588889999", "kind": "PERSON", "since": "2024-01-01"}),
        ("take", {"item": "PARKING", "quantity": "1", "since": "2026-01-01"}),
        ("end", {"item": "PARKING", "until": "2026-07-01"}),
        ("vacancy", {"since": "2026-01-01"}),
        ("end-vacancy", {"until": "2026-02-01"}),
    ):
        assert post(act, **fields).status_code == 200, act
    shown = client.get(here).text
    assert "90.12" in shown and "页上人" in shown and "13588889999" not in shown and "135****9999" in shown
    assert "13588889999" in post("contact", reason="回电话").text
    for act, fields in (
        ("take", {"item": "PARKING", "quantity": "x", "since": "2026-08-01"}),
        ("take", {"item": "CASTLE", "quantity": "1", "since": "2026-08-01"}),
        ("hand-over", {"name": "谁", "kind": "PERSON", "since": "someday"}),
        ("hand-over", {"name": "谁", "kind": "CAT", "since": "2025-01-01"}),
        ("vacancy", {"since": ""}),
    ):
        assert post(act, **fields).status_code == 422, (act, fields)
    assert post("nothing").status_code == 404
    assert post("withdraw-owner").status_code == 200
    assert post("withdraw").status_code == 200
    assert "撤下" in client.get(here).text
