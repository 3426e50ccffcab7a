"""Whoever hands something in can prove that it stands in the log, with nothing but the receipt."""

import re
from typing import Any
from uuid import UUID

import pytest

from services.log.vault import Vault
from services.tlog.note import COSIGNATURE, Signer
from services.tlog.policy import Policy
from services.tlog.refusals import Malformed, Unproven
from services.tlog.verify import verify_receipt
from services.trail.publishing import Publisher
from tests.conftest import FIRST, Demo
from tests.trail.living import WITNESS, Living

TEXT = "三单元门口路灯一直不亮"


def policy(demo: Demo, *witnesses: Signer) -> Policy:
    keys = [f"log {key.vkey()}" for key in demo.product.part(Publisher).keys.verifiers()]
    names = [f"witness m{n} {each.verifier.vkey()}" for n, each in enumerate(witnesses)]
    return Policy.parse("\n".join([*keys, *names, f"quorum {'m0' if witnesses else 'none'}", ""]))


def reported(demo: Demo, who: str = "clerk", **more: object) -> dict[str, Any]:
    body = {"estate": FIRST, "text": TEXT, "building": "3", "reporter": "欧阳晓", **more}
    answer = demo.sign_in(who).post("/api/v1/issues?receipt=1", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_the_answer_names_index_and_checkpoint(demo: Demo) -> None:
    receipt = reported(demo)["receipt"]
    [entry] = receipt["entries"]
    assert entry["type"] == "IssueNoted" and entry["index"] == demo.product.log.last_position() - 1
    assert f"\n{entry['index'] + 1}\n" in receipt["checkpoint"]  # it is the last one in that tree
    proof = demo.client().get(entry["proof"])
    proven = verify_receipt(policy(demo), proof.content)
    assert proven.index == entry["index"]
    assert proven.disclosed["building"] == "3" and "text" not in proven.disclosed


def test_nobody_gets_a_receipt_in_the_answer_who_did_not_ask(demo: Demo) -> None:
    clerk = demo.sign_in("clerk")
    body = {"estate": FIRST, "text": TEXT, "building": "3"}
    assert "receipt" not in clerk.post("/api/v1/issues", json=body).json()
    assert "receipt" in clerk.post("/api/v1/issues", json=body, headers={"Jinlin-Receipt": "1"}).json()


def test_the_one_who_told_it_may_show_its_text_and_others_may_not(demo: Demo) -> None:
    [entry] = reported(demo)["receipt"]["entries"]
    address = f"/api/v1/audit/receipts/{entry['index'] + 1}"
    own = verify_receipt(policy(demo), demo.sign_in("clerk").get(address).content)
    assert (own.disclosed["text"], own.disclosed["reporter"]) == (TEXT, "欧阳晓")
    others = verify_receipt(policy(demo), demo.sign_in("head").get(address).content)
    assert not {"text", "reporter", "phone", "dwelling"} & others.disclosed.keys()
    assert demo.sign_in("committee").get(address).status_code == 403
    assert demo.client().get(address).status_code == 401


def test_fetched_later_it_comes_with_cosignatures(demo: Demo) -> None:
    [entry] = reported(demo)["receipt"]["entries"]
    strict = policy(demo, WITNESS)
    assert not verify_receipt(strict, demo.client().get(entry["proof"]).content).quorum.met
    Living(demo.product, demo.url, demo.product.settings.data).cosigned()
    assert verify_receipt(strict, demo.client().get(entry["proof"]).content).quorum.met
    other = policy(demo, Signer.generated("witness.test/m9", COSIGNATURE))
    assert not verify_receipt(other, demo.client().get(entry["proof"]).content).quorum.met


def test_a_receipt_holds_when_the_case_is_forgotten_and_shows_nothing_more(demo: Demo) -> None:
    told = reported(demo)
    [entry] = told["receipt"]["entries"]
    address = f"/api/v1/audit/receipts/{entry['index'] + 1}"
    before = demo.sign_in("clerk").get(address).content
    given = demo.sign_in("clerk").post(f"/api/v1/issues/{told['issue']}/give-advice", json={"advice": "请找街道"})
    assert given.status_code == 200, given.text
    forgotten = demo.sign_in("head").post(
        f"/api/v1/issues/{told['issue']}/forget-case?receipt=1", json={"ground": "RESIDENT_ASKED"}
    )
    assert forgotten.status_code == 200, forgotten.text
    assert [each["type"] for each in forgotten.json()["receipt"]["entries"]] == ["CaseForgotten"]
    assert verify_receipt(policy(demo), before).disclosed["text"] == TEXT  # what was shown cannot be called back
    after = verify_receipt(policy(demo), demo.sign_in("clerk").get(address).content)
    assert after.index == entry["index"] and after.disclosed == {}
    assert Vault(demo.product.database, b"k" * 32).saltings({UUID(told["issue"])}) == {UUID(told["issue"]): None}


def test_whoever_counts_through_the_addresses_finds_nothing(demo: Demo) -> None:
    [entry] = reported(demo)["receipt"]["entries"]
    right = entry["proof"]
    stem, token = right.rsplit("/", 1)
    stranger = demo.client()
    for wrong in (
        f"{stem}/{token[::-1]}",
        f"{stem}/x",
        "/audit/receipts/1/" + token,
        "/audit/receipts/0/x",
        f"{stem}/é",
    ):
        assert stranger.get(wrong).status_code in (404, 422), wrong
    assert demo.sign_in("clerk").get("/api/v1/audit/receipts/999999999").status_code == 404


def test_every_changed_byte_of_a_receipt_is_noticed(demo: Demo) -> None:
    [entry] = reported(demo)["receipt"]["entries"]
    whole, strict = demo.client().get(entry["proof"]).content, policy(demo)
    verify_receipt(strict, whole)
    for at in range(0, len(whole), 7):
        altered = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        with pytest.raises((Malformed, Unproven)):
            verify_receipt(strict, altered)


def test_the_page_of_a_receipt_can_be_printed(demo: Demo) -> None:
    [entry] = reported(demo)["receipt"]["entries"]
    page = demo.sign_in("clerk").get(f"/audit/receipts/{entry['index'] + 1}")
    assert page.status_code == 200 and entry["proof"] in page.text and TEXT not in page.text


def test_the_history_of_a_case_leads_to_the_receipts_of_its_lines(demo: Demo) -> None:
    told = reported(demo)
    clerk = demo.sign_in_patient("clerk")
    page = clerk.get(f"/issues/{told['issue']}").text
    [place] = re.findall(r'class="leaf link" href="(/audit/receipts/\d+)"', page)
    assert place == f"/audit/receipts/{told['receipt']['entries'][0]['index'] + 1}"
    assert clerk.get(place).status_code == 200
    assert "/audit/receipts" not in demo.sign_in("committee").get(f"/issues/{told['issue']}").text
