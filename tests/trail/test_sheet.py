"""The sheet for the notice board: one page of A4 whose code is the checkpoint, and which never claims too much."""

from pathlib import Path

import pypdfium2
import zxingcpp
from starlette.testclient import TestClient

from domain.capacity import Capacity
from services.tlog.checkpoint import Checkpoint
from services.tlog.note import parse_note
from services.tlog.spelling import base64_text
from services.trail.sheet_paper import in_fours, short_code
from services.trail.witness_client import WitnessClient
from tests.conftest import FIRST, Demo
from tests.members import member
from tests.trail.test_witness_client import BASE, by_hand
from tests.trail.witnesses import MEMBERS, Outside, followed, policy


def sheet(client: TestClient) -> tuple[str, str, int]:
    """Its text, what its code says, and how many pages it has."""
    answer = client.get(f"/trail/{FIRST}/sheet.pdf")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    document = pypdfium2.PdfDocument(answer.content)
    page = document[0]
    (found,) = zxingcpp.read_barcodes(page.render(scale=3).to_pil())
    return page.get_textpage().get_text_range(), found.text, len(document)


def test_the_sheet_says_what_is_witnessed_and_what_is_not(demo: Demo, tmp_path: Path) -> None:
    committee, admin = member(demo, Capacity.RESIDENTS_COMMITTEE), member(demo, Capacity.ADMINISTRATOR)
    assert admin.post(f"{BASE}/witness-policy", json={"policy": policy(demo)}).status_code == 200
    followed(demo)
    text, code, pages = sheet(committee)
    assert pages == 1 and "还没见证" in text and "还没签" in text
    outside = Outside(tmp_path, demo)
    assert WitnessClient(demo.product, outside, demo.product.part(WitnessClient).gauges).step() == 2
    for signer in MEMBERS[:2]:
        done = committee.post(f"{BASE}/cosignatures", json={"line": by_hand(committee, signer)})
        assert done.status_code == 200, done.text
    text, code, pages = sheet(committee)
    checkpoint = Checkpoint.parse(parse_note(code).text)
    assert pages == 1 and "还没见证" not in text and f"{checkpoint.size:,} 条" in text
    assert base64_text(checkpoint.root) in text.replace(" ", "").replace("\r", "").replace("\n", "")
    assert short_code(checkpoint.root) in text and checkpoint.origin in text and "签了" in text


def test_root_and_short_code() -> None:
    assert short_code(bytes.fromhex("5d18a0f73c2b") + bytes(26)) == "5D18 - A0F7 - 3C2B"
    assert in_fours(bytes(32)).replace(" ", "") == base64_text(bytes(32)) and len(in_fours(bytes(32))) == 54


def test_who_may_not_see_it(demo: Demo) -> None:
    assert member(demo, Capacity.CASHIER).get(f"/trail/{FIRST}/sheet.pdf").status_code == 403
