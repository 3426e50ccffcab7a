"""What a sentence tells of place and reporter is read for every caller alike, and a field that is given holds."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from services.cases.told import told
from tests.conftest import FIRST, Demo


@pytest.fixture(scope="module")
def head(demo: Demo) -> TestClient:
    return demo.sign_in("head")


def noted(demo: Demo, client: TestClient, text: str, **fields: Any) -> dict[str, Any]:
    sent = client.post("/api/v1/issues", json={"estate": FIRST, "text": text, **fields})
    assert sent.status_code == 201, sent.text
    demo.caught_up()
    shown: dict[str, Any] = client.get(f"/api/v1/issues/{sent.json()['issue']}").json()
    return shown


@pytest.mark.parametrize(
    ("text", "building", "stairwell"),
    [
        ("６栋２单元４０１ 水管漏了", "6", "2"),
        ("六號樓二單元401室漏水", "6", "2"),
        ("3棟1單元門口路燈不亮", "3", "1"),
        ("王阿姨说3栋路灯不亮", "3", None),
        ("楼道灯坏了", None, None),
    ],
)
def test_a_line_over_the_api_has_the_place_that_its_text_names(
    demo: Demo, head: TestClient, text: str, building: str | None, stairwell: str | None
) -> None:
    shown = noted(demo, head, text)
    assert (shown["building"], shown["stairwell"]) == (building, stairwell)


def test_a_place_that_is_given_holds_and_the_text_may_be_left_alone(demo: Demo, head: TestClient) -> None:
    text = "6栋2单元的王阿姨说3栋路灯不亮"
    assert noted(demo, head, text, building="5")["building"] == "5"
    left = noted(demo, head, text, as_told=True)
    assert (left["building"], left["reporter"], left["text"]) == (None, None, text)


def test_a_name_in_the_text_stands_behind_the_one_in_its_field() -> None:
    text = "王阿姨13805931234说路灯不亮"
    assert told(text, None, None, name_told=False).reporter == "王阿姨"
    assert told(text, "李伟", None, name_told=False).reporter == "李伟（王阿姨）"
    assert told(text, "5栋王阿姨", None, name_told=False).reporter == "5栋王阿姨"
    seen = told(text, "王桂英", None, name_told=True)
    assert (seen.text, seen.reporter, seen.phone) == ("路灯不亮", "王桂英", "13805931234")
    none = told(text, None, None, name_told=True)
    assert (none.text, none.reporter, none.phone) == ("王阿姨，路灯不亮", None, "13805931234")


def test_a_mobile_dialled_from_another_city_is_one() -> None:
    assert told("电话０１３８０５９３１２３４ 楼道灯", None, None, name_told=False).phone == "13805931234"
