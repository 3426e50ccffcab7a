"""The public pages: last week's sheet compared with the log, the file for offline use, the policy; no account."""

import json
import re
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from fastapi.testclient import TestClient
from PIL import Image

from services.__main__ import main
from services.product import Product
from services.tlog.checkpoint import Checkpoint
from services.tlog.note import Note
from services.tlog.policy import Policy
from services.tlog.refusals import Malformed
from services.tlog.spelling import base64_text
from services.trail.following import TRAIL
from services.trail.publishing import Publisher
from services.trail.reading import root_at
from services.trail.verify_compare import remembered
from services.trail.verify_pages import MOST_OFFLINE, offline_file
from services.trail.verify_policy import policy_of
from services.trail.witness_policy import InForce, PolicySource
from tests.conftest import FIRST, Demo
from tests.tlog.logs import ORIGIN, POLICY_TEXT, MemoryLog

JSON = {"Accept": "application/json"}
ROOT = b"\x00\x10\x83" * 10 + b"\xfb\xff"
TEXT = base64_text(ROOT)
SHEET = f"{ORIGIN}\n48655\n{TEXT}\n"
FOURS = " ".join(TEXT[at : at + 4] for at in range(0, 44, 4))


@pytest.mark.parametrize(
    "typed",
    [
        SHEET, SHEET.rstrip(), SHEET.replace("\n", "\r\n"), f"\n\n  {SHEET}", f"{SHEET}\n— {ORIGIN} AAAAAAE=\n",
        f"{ORIGIN}\n48,655\n{FOURS}", f"{ORIGIN}\n48 655\n{FOURS[:24]}\n{FOURS[24:]}", f"48655\n{TEXT}",
        f"{ORIGIN}\n４８６５５\n{TEXT[:-1]}", f"{ORIGIN} 48655 {TEXT}",
    ],
)  # fmt: skip
def test_a_sheet_is_read_as_people_type_it(typed: str) -> None:
    assert remembered(typed, ORIGIN) == Checkpoint(ORIGIN, 48655, ROOT)


@pytest.mark.parametrize(
    "typed",
    ["x", "", "\n", ORIGIN, f"{ORIGIN}\n48655", f"{ORIGIN}\n{TEXT}", f"{ORIGIN}\n-5\n{TEXT}", f"{ORIGIN}\n5.5\n{TEXT}",
     f"{ORIGIN}\n48655\n{TEXT[:40]}", f"{ORIGIN}\n48655\n{TEXT}x", f"{ORIGIN}\n48655\n{TEXT.replace('/', '?')}",
     "https://example.org/pay?x=1", "<script>alert(1)</script>", "9" * 19_999, f"{ORIGIN}\n{'9' * 19}\n{TEXT}",
     f"{ORIGIN}\n0\n{TEXT}"],
)  # fmt: skip
def test_what_is_no_sheet_is_not_read(typed: str) -> None:
    with pytest.raises(Malformed):
        remembered(typed, ORIGIN)


@pytest.fixture
def note(demo: Demo) -> Note:
    """The demo's newest checkpoint."""
    demo.product.follower.catch_up()
    with demo.product.database.app.connection() as conn:
        found = demo.product.part(Publisher).newest(conn)
    assert found is not None and TRAIL.name
    return found.note


def answer(client: TestClient, text: str) -> str:
    page = client.get("/audit/compare", params={"text": text}, headers={"Accept-Language": "en"})
    assert page.status_code == 200, page.text
    found = re.search(r'<div class="tv (\w+)" role="status"><strong>(.*?)</strong>', page.text)
    assert found, page.text
    return f"{found[1]}: {found[2]}"


def test_the_answer_is_one_sentence(demo: Demo, note: Note) -> None:
    client, now = demo.client(), Checkpoint.parse(note.text)
    with demo.product.database.app.connection() as conn:
        before = Checkpoint(now.origin, now.size - 3, root_at(conn, now.size - 3))
    assert answer(client, note.written()) == "good: The log is exactly as on this sheet"
    assert answer(client, before.text()).startswith(
        f"good: The log goes on from this sheet: of the {before.size:,} entries"
    )
    for wrong, said in (
        (Checkpoint(now.origin, before.size, now.root), "bad: It does not fit this sheet"),
        (Checkpoint(now.origin, now.size, before.root), "bad: It does not fit this sheet"),
        (Checkpoint(now.origin, now.size + 1, now.root), "bad: The log is shorter than on this sheet"),
        (Checkpoint("other.example/2025", before.size, before.root), "wait: This sheet is of another log"),
        (
            Checkpoint.parse(MemoryLog.of(0).checkpoint().text.replace(ORIGIN, now.origin)),
            "wait: Nothing was recorded yet",
        ),
    ):
        assert answer(client, wrong.text()).startswith(said)
    assert answer(client, "<b>hello</b>").startswith("wait: That cannot be read")


@pytest.mark.parametrize(("language", "said"), [("zh", "记下"), ("en", "Noted")])
def test_the_page_knows_what_entries_are_called(demo: Demo, language: str, said: str) -> None:
    page = demo.client().get("/audit/verify", headers={"Accept-Language": language})
    found = re.search(r'id="words">(.*?)</script>', page.text)
    assert page.status_code == 200 and found
    words = json.loads(found[1])
    assert words["is-IssueNoted"] == said and "{n}" in words["two"] and words["is-event"]
    assert policy_of(demo.product).text() in page.text


def test_the_policy_is_that_of_the_log(demo: Demo, note: Note) -> None:
    told = demo.client().get("/audit/policy.txt").text
    assert Policy.parse(told) == policy_of(demo.product)
    assert Policy.parse(told).believed(note).checkpoint.text() == note.text


def test_the_policy_wants_the_witnesses_that_were_agreed_on(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    agreed = Policy.parse(POLICY_TEXT)
    monkeypatch.setattr("services.trail.verify_policy.in_force", lambda product: InForce(PolicySource.FILE, agreed))
    told = Policy.parse(demo.client().get("/audit/policy.txt").text)
    assert (told.witnesses, told.groups, told.quorum) == (agreed.witnesses, agreed.groups, "Q")
    assert [each.verifier for each in told.logs] == list(demo.product.part(Publisher).keys.verifiers())
    assert "group gov 1 jiedao shi" in demo.client().get("/audit/verify.html").text


def test_the_file_for_offline_use_is_small_and_stands_alone(demo: Demo) -> None:
    """With a usual policy of five witnesses in it; nothing in it leads anywhere."""
    for language in ("zh", "en"):
        html = offline_file(language, POLICY_TEXT)
        assert len(html.encode()) <= MOST_OFFLINE, (language, len(html.encode()))
        assert not re.search(r"(src|href|action)=|https?:|url\(|import\(|fetch\(|XMLHttp", html)
        assert POLICY_TEXT in html and "{" + "script}" not in html and "\x02" not in html
    told = demo.client().get("/audit/verify.html", headers={"Accept-Language": "zh"})
    assert told.headers["content-disposition"] == 'attachment; filename="jinlin-verify-zh.html"'
    assert policy_of(demo.product).text() in told.text


def test_what_the_committee_takes_away_is_verified_offline(
    demo: Demo, note: Note, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The desk's archive by the command, with the policy that everybody can fetch; and cut, and with another policy."""
    taken = demo.sign_in("committee").get(f"/trail/{FIRST}/archive.zip")
    archive, policy = tmp_path / "trail.zip", tmp_path / "policy.txt"
    archive.write_bytes(taken.content)
    policy.write_text(demo.client().get("/audit/policy.txt").text, encoding="utf-8")
    assert taken.status_code == 200 and Checkpoint.parse(note.text).size > 100
    assert main(["audit", "verify", str(archive), "--policy", str(policy)]) == 0
    told = capsys.readouterr().out
    assert f"log: {Checkpoint.parse(note.text).origin}" in told and "your policy asks for none" in told, told
    policy.write_text(POLICY_TEXT, encoding="utf-8")
    assert main(["audit", "verify", str(archive), "--policy", str(policy)]) == 1
    assert "This is of another log" in capsys.readouterr().out
    archive.write_bytes(taken.content[:-100])
    assert main(["audit", "verify", str(archive), "--policy", str(policy)]) == 1


def photo_of(text: str) -> bytes:
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    sheet, picture = Image.new("L", (420, 380), 230), BytesIO()
    drawn = code.to_image(scale=3)
    sheet.paste(Image.frombytes("L", (drawn.shape[1], drawn.shape[0]), bytes(drawn)), (60, 30))
    sheet.rotate(3, fillcolor=200).save(picture, "JPEG", quality=25)
    return picture.getvalue()


def test_a_photographed_sheet_is_read(demo: Demo, note: Note) -> None:
    client = demo.client()
    told = client.post("/audit/photo", content=photo_of(note.written()), headers=JSON)
    assert told.status_code == 200 and told.json() == {"text": note.written()}
    assert answer(client, told.json()["text"]).startswith("good: ")


@pytest.mark.parametrize(
    ("sent", "code"),
    [(b"", "not_a_photo"), (b"hello", "not_a_photo"), (b"\xff\xd8\xff\xe0" * 9, "not_a_photo"), (None, "no_code")],
)
def test_what_is_no_photograph_of_a_sheet_is_refused(demo: Demo, sent: bytes | None, code: str) -> None:
    blank = BytesIO()
    Image.new("RGB", (300, 300), "white").save(blank, "PNG")
    told = demo.client().post("/audit/photo", content=blank.getvalue() if sent is None else sent, headers=JSON)
    assert (told.status_code, told.json()["code"]) == (422, code)
    assert isinstance(demo.product, Product)
