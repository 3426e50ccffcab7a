"""Whatever is typed, wherever it is typed, the answer says something: never that the product stumbled."""

import json
import re
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests.conftest import FIRST, Demo

SIGNS = (
    "0123456789０１２３一二三十百廿两〇零半½²①Ⅱ-－/＃#.、，：: 栋幢号楼单元室层梯门座负元点天aAｂB"
    "\u3000\u200b\ufeff\u202e\u00ad\x00\x07\n\r\t|%_\\'\""
)
TYPED = st.one_of(
    st.text(max_size=60),
    st.text(SIGNS, max_size=30),
    st.sampled_from(
        [
            "１栋2单元电梯困人", "３栋１单元着火了", "½栋²单元", "卌栋", "十百千栋",
            "一" * 300, "6" * 5000, "-" * 500, "#" * 300,
            "6栋" * 500, "\u200d" * 50, "🏴󠁧󠁢󠁥󠁮󠁧󠁿👨‍👩‍👧",
            "\ud800", "a\udfffb", "\x00", "%00", "{$x}", "{{ 7*7 }}", "<b>&amp;", "' OR 1=1 --", "NaN",
            "٣栋", "𝟞栋", "⑥栋", "㈥栋", "Ⅵ栋", "6️⃣栋", "İI", "ßẞ", "ﬀ", "２０２６－１１－２５",
        ]
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def people(demo: Demo) -> dict[str, TestClient]:
    return {name: demo.sign_in(name) for name in ("head", "accountant")}


@pytest.fixture(scope="module")
def token(people: dict[str, TestClient]) -> dict[str, str]:
    pages = {name: client.get(f"/register/{FIRST}").text for name, client in people.items()}
    return {name: re.findall(r'name="csrf-token" content="([^"]+)"', page)[0] for name, page in pages.items()}


def told(body: dict[str, Any]) -> dict[str, Any]:
    """JSON of texts that are none as well."""
    return {"content": json.dumps(body).encode(), "headers": {"content-type": "application/json"}}


def form(token: str, **more: str) -> dict[str, Any]:
    body = "&".join(
        f"{name}={quote(text.encode(errors='surrogatepass'))}" for name, text in {"csrf": token, **more}.items()
    )
    return {"content": body, "headers": {"content-type": "application/x-www-form-urlencoded"}}


@pytest.mark.parametrize("said", ["１栋2单元电梯困人", "１栋２单元\u3000电梯困人", "一栋二单元电梯困人"])
def test_wide_digits_are_noted_where_they_belong(
    people: dict[str, TestClient], token: dict[str, str], demo: Demo, said: str
) -> None:
    sent = form(token["head"], text=said, key=f"w{abs(hash(said))}")
    sent["headers"]["accept"] = "application/json"
    answer = people["head"].post(f"/board/{FIRST}/notes", **sent)
    assert answer.status_code == 200, answer.text
    demo.caught_up()
    line = people["head"].get(f"/api/v1/issues/{answer.json()['issue']}").json()
    assert (line["building"], line["stairwell"]) == ("1", "2")


@settings(
    max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(said=TYPED)
def test_any_text_gets_an_answer(people: dict[str, TestClient], token: dict[str, str], said: str) -> None:
    head, accountant = people["head"], people["accountant"]
    raw = said.encode(errors="surrogatepass")
    asked = quote(raw)
    place = {"building": said, "stairwell": said, "dwelling": said}
    building = {"building": said, "stairwells": [{"code": said, "rooms": [said, "101"]}]}
    answers = [
        head.get(f"/search?q={asked}"),
        head.get(f"/search?q={asked}", headers={"hx-request": "true"}),
        head.get(f"/api/v1/search?q={asked}"),
        accountant.get(f"/register/{FIRST}?q={asked}"),
        accountant.get(f"/register/{FIRST}?building={asked}"),
        accountant.get(f"/api/v1/dwellings?estate={FIRST}&q={asked}"),
        head.get(f"/fees/{FIRST}?q={asked}", headers={"hx-request": "true"}),
        head.post(f"/board/{FIRST}/guess", **form(token["head"], text=said)),
        head.post(f"/board/{FIRST}/notes", **form(token["head"], text=said, key=f"k{abs(hash(said))}")),
        head.post("/api/v1/issues", **told({"estate": FIRST, "text": said})),
        head.post("/api/v1/issues", **told({"estate": FIRST, "text": "灯", **place})),
        accountant.post(f"/api/v1/estates/{FIRST}/buildings", **told(building)),
        accountant.post(
            f"/register/{FIRST}/buildings",
            **form(token["accountant"], building=said, rooms=said, stairwells=said, key=f"b{abs(hash(said))}"),
        ),
        accountant.post(
            "/api/v1/dwellings", **told({"estate": FIRST, "room": said, "building": said, "stairwell": said})
        ),
    ]
    assert [answer.status_code for answer in answers if answer.status_code >= 500] == []
