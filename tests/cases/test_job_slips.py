"""Job slips: a page for each order with lines to sign; phones for those alone who may see them, and on record."""

from typing import Any

import pypdfium2
import pytest
from starlette.testclient import TestClient

from tests.conftest import FIRST, SECOND, Demo

SLIPS = f"/api/v1/stations/{FIRST}/work-orders/slips"
PHONE = "13812345678"


@pytest.fixture(scope="module")
def head(demo: Demo) -> TestClient:
    return demo.sign_in_patient("head")


def opened(client: TestClient, text: str) -> dict[str, Any]:
    told = {"estate": FIRST, "text": text, "building": "3", "stairwell": "1", "reporter": "钱多多", "phone": PHONE}
    noted = client.post("/api/v1/issues", json=told)
    assert noted.status_code == 201, noted.text
    to = f"/api/v1/issues/{noted.json()['issue']}/promote-to-work-order"
    made: dict[str, Any] = client.post(to, json={"category": "PUBLIC_LIGHTING"}).json()
    return made


def pages(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    document = pypdfium2.PdfDocument(answer.content)
    return [page.get_textpage().get_text_range() for page in document]


def viewed(client: TestClient, order: str) -> int:
    history = client.get(f"/api/v1/work-orders/{order}/history").json()
    return sum(each["event"] == "ContactDataViewed" for each in history)


def test_each_order_has_a_page_with_lines_to_sign_and_no_whole_phone(head: TestClient) -> None:
    one, two = opened(head, "一层灯不亮"), opened(head, "长" * 2000)
    found = pages(head.post(SLIPS, json={"orders": [two["order"], one["order"]]}))
    assert len(found) == 2  # the longest text stays on its page
    assert two["number"] in found[0] and one["number"] in found[1]
    for each in ("一层灯不亮", "3栋1单元", "住户签字", "红管家签字", "打印于"):
        assert each in found[1], each
    assert PHONE not in found[1] and viewed(head, one["order"]) == 0


def test_a_phone_is_printed_on_record(head: TestClient) -> None:
    order = opened(head, "二层灯不亮")["order"]
    (page,) = pages(head.post(SLIPS, json={"orders": [order], "contact": True}))
    assert PHONE in page and "钱多多" in page
    assert viewed(head, order) == 1


def test_whoever_may_not_see_a_phone_gets_none(demo: Demo, head: TestClient) -> None:
    order = opened(head, "三层灯不亮")["order"]
    for username, contact, status in (("committee", False, 403), ("committee", True, 403), ("repairer", False, 200)):
        answer = demo.sign_in(username).post(SLIPS, json={"orders": [order], "contact": contact})
        assert answer.status_code == status, (username, answer.text)
        assert PHONE.encode() not in answer.content
    assert viewed(head, order) == 0


@pytest.mark.parametrize(
    ("orders", "status"), [([], 422), (["00000000-0000-0000-0000-00000000beef"], 404), (["nonsense"], 422)]
)
def test_what_cannot_be_printed_is_told(head: TestClient, orders: list[str], status: int) -> None:
    assert head.post(SLIPS, json={"orders": orders}).status_code == status


def test_another_estate_s_orders_are_not_there(head: TestClient) -> None:
    order = opened(head, "四层灯不亮")["order"]
    there = f"/api/v1/stations/{SECOND}/work-orders/slips"
    assert head.post(there, json={"orders": [order]}).status_code == 404


def test_the_order_s_page_and_the_list_print_them(head: TestClient) -> None:
    one, two = opened(head, "五层灯不亮")["order"], opened(head, "六层灯不亮")["order"]
    assert f'action="/orders-of/{FIRST}/slips"' in head.get(f"/orders/{one}").text
    assert f'formaction="/orders-of/{FIRST}/slips"' in head.get(f"/orders-of/{FIRST}").text
    assert len(pages(head.post(f"/orders-of/{FIRST}/slips", data={"of": [f"{one}.2", two]}))) == 2
