"""The page of witnesses: what it says, what it takes, and what it refuses exactly."""

import re
from pathlib import Path

import psycopg
import pytest
from starlette.testclient import TestClient

from domain.capacity import Capacity
from services.tlog.cosignature import cosign
from services.tlog.note import COSIGNATURE, Signer, parse_note
from services.trail.publishing import Publisher
from services.trail.witness_codes import code, link
from services.witness.submission import Submission
from tests.conftest import FIRST, Demo
from tests.members import member
from tests.trail.witnesses import MEMBERS, STREET, followed, policy
from tests.witness.growing import Log

PAGE = f"/trail/{FIRST}/witnesses"
ACT = f"/api/v1/estates/{FIRST}/trail/cosignatures"


@pytest.fixture(scope="module")
def committee(demo: Demo) -> TestClient:
    return member(demo, Capacity.RESIDENTS_COMMITTEE)


@pytest.fixture(scope="module")
def admin(demo: Demo) -> TestClient:
    return member(demo, Capacity.ADMINISTRATOR)


def settle(demo: Demo, admin: TestClient, text: str) -> None:
    with psycopg.connect(demo.url, autocommit=True) as conn:
        conn.execute("SET session_replication_role = replica")
        conn.execute("TRUNCATE trail.witness, trail.evidence, trail.cosignature")
    done = admin.post(f"/api/v1/estates/{FIRST}/trail/witness-policy", json={"policy": text})
    assert done.status_code == 200, done.text
    followed(demo)


def to_sign(committee: TestClient, signer: Signer) -> Submission:
    return Submission.parse(committee.get(f"{PAGE}/{signer.verifier.key_id.hex()}/to-sign").text)


def test_without_a_policy_it_says_so_plainly(demo: Demo, committee: TestClient, admin: TestClient) -> None:
    settle(demo, admin, "")
    page = committee.get(PAGE)
    assert page.status_code == 200 and "还没定由谁见证" in page.text and "已见证" not in page.text
    assert demo.product.part(Publisher).keys.verifiers()[0].vkey() in page.text.replace("&#43;", "+")
    assert "Nobody has been named" in committee.get(PAGE, headers={"Accept-Language": "en"}).text
    assert member(demo, Capacity.CASHIER).get(PAGE).status_code == 403
    assert committee.post(ACT, json={"line": "— a b"}).json()["code"] == "no_witness_policy"


def test_a_member_signs_the_file_and_the_line_is_taken(demo: Demo, committee: TestClient, admin: TestClient) -> None:
    settle(demo, admin, policy(demo))
    line = cosign(MEMBERS[0], to_sign(committee, MEMBERS[0]).note.text, 1_790_000_000).line()
    csrf = re.search(r'name="csrf" value="([^"]+)"', committee.get(PAGE).text)
    assert csrf is not None
    done = committee.post(f"{PAGE}/take", data={"csrf": csrf[1], "key": "k1", "line": f"  {line} \r\n"})
    assert done.status_code == 200, "led back to the page"
    page = committee.get(PAGE).text
    assert "还没人见证" in page and "这个检查点他已经签了" in page
    assert demo.product.log.last_position() == followed(demo)


def _whole(demo: Demo, signer: Signer, submission: Submission) -> str:
    return submission.note.with_more([cosign(signer, submission.note.text, 1_790_000_000)]).written()


def test_what_is_no_cosignature_is_refused_by_what_it_is(demo: Demo, committee: TestClient, admin: TestClient) -> None:
    settle(demo, admin, policy(demo))
    asked = to_sign(committee, MEMBERS[0])
    line = cosign(MEMBERS[0], asked.note.text, 1_790_000_000).line()
    stranger = Signer("witness.nobody.example", b"n" * 32, COSIGNATURE)
    other_key = Signer(MEMBERS[0].name, b"o" * 32, COSIGNATURE)
    elsewhere = Log().grow(5).submission(0)
    wrong = {
        "": "cosignature_missing",
        "好的，已经签了": "cosignature_none",
        asked.text(): "cosignature_question",
        "https://wuye.example/audit/witness#x": "cosignature_link",
        "c2sp.org/tlog-proof@v1\nindex 3\n": "cosignature_receipt",
        MEMBERS[0].verifier.vkey(): "cosignature_key",
        "x" * 20_000: "cosignature_none",
        line[:-9]: "cosignature_damaged",
        line[: len(line) // 2]: "cosignature_damaged",
        asked.note.written(): "cosignature_of_log",
        cosign(stranger, asked.note.text, 7).line(): "cosignature_stranger",
        cosign(other_key, asked.note.text, 7).line(): "cosignature_other_key",
        cosign(MEMBERS[0], elsewhere.note.text, 7).line(): "cosignature_fits_none",
        _whole(demo, MEMBERS[0], elsewhere): "cosignature_other_log",
    }
    for text, expected in wrong.items():
        answer = committee.post(ACT, json={"line": text})
        assert (answer.status_code, answer.json()["code"]) == (422, expected), text[:60]
        assert len(answer.json()["detail"]) >= 8
    assert committee.post(ACT, json={"line": _whole(demo, MEMBERS[0], asked)}).status_code == 200


def test_a_policy_that_cannot_be_is_refused_by_its_line(demo: Demo, admin: TestClient) -> None:
    good = policy(demo)
    wrong = {
        "witness": "policy_malformed",
        good.replace("quorum Q", ""): "policy_malformed",
        good.replace("owners 2", "owners 4"): "policy_malformed",
        good.replace("+", "-", 1): "policy_malformed",
        Log().submission(0).text(): "policy_malformed",
        re.sub("log .*", f"log {Log().signer.verifier.vkey()}", good): "policy_other_log",
    }
    for text, expected in wrong.items():
        answer = admin.post(f"/api/v1/estates/{FIRST}/trail/witness-policy", json={"policy": text})
        assert (answer.status_code, answer.json()["code"]) == (422, expected), text[:80]
    assert (
        "第 7 行"
        in admin.post(
            f"/api/v1/estates/{FIRST}/trail/witness-policy", json={"policy": good.replace("owners 2", "owners 4")}
        ).json()["detail"]
    )


def test_the_usual_policy_is_made_of_five_keys(demo: Demo, admin: TestClient) -> None:
    csrf = re.search(r'name="csrf" value="([^"]+)"', admin.get(PAGE).text)
    assert csrf is not None
    form = {"csrf": csrf[1], "key": "u1"} | {f"member-{n}": each.verifier.vkey() for n, each in enumerate(MEMBERS, 1)}
    form |= {"government-1": STREET.verifier.vkey(), "government-url-1": "https://witness.jiaobei.example"}
    assert admin.post(f"{PAGE}/usual", data=form | {"government-1": ""}).status_code == 422
    assert admin.post(f"{PAGE}/usual", data=form | {"key": "u2"}).status_code == 200
    told = admin.get(f"/api/v1/estates/{FIRST}/trail/witnesses").json()
    assert "group owners 2 m1 m2 m3" in told["policy"] and [each["by_hand"] for each in told["witnesses"]] == [
        True, True, True, False,
    ]  # fmt: skip


def test_the_code_for_a_phone_holds_all_of_it(tmp_path: Path) -> None:
    log = Log().grow(3000)
    asked = log.submission(1234)
    address = link("https://wuye.example", log.signer.verifier.vkey(), asked)
    found = code(address)
    assert found is not None and found.side < 150
    assert parse_note(asked.note.written()) == asked.note and code("x" * 5000) is None
