"""New checkpoints go to the witnesses, and what they answer is kept: cosignatures, sizes, refusals as evidence."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from starlette.testclient import TestClient

from domain.capacity import Capacity
from services.runtime.outward import Errand, Said, Unreached
from services.tlog.checkpoint import Checkpoint, signed
from services.tlog.cosignature import cosign, cosigned
from services.tlog.note import parse_note
from services.tlog.spelling import base64_text
from services.trail.publishing import Publisher
from services.trail.witness_client import WitnessClient
from services.trail.witness_records import WitnessWent, evidence, records
from services.trail.witness_standing import WitnessStanding, witness_standing
from services.witness.submission import Submission
from tests.clock import RunningClock
from tests.conftest import FIRST, Demo
from tests.members import member
from tests.trail.witnesses import CITY, MEMBERS, STREET, Outside, followed, policy

BASE = f"/api/v1/estates/{FIRST}/trail"


@pytest.fixture
def admin(demo: Demo) -> TestClient:
    return member(demo, Capacity.ADMINISTRATOR)


@pytest.fixture
def outside(demo: Demo, tmp_path: Path, admin: TestClient) -> Outside:
    with psycopg.connect(demo.url, autocommit=True) as conn:  # nobody has witnessed anything yet
        conn.execute("SET session_replication_role = replica")
        conn.execute("TRUNCATE trail.witness, trail.evidence, trail.cosignature")
    adopt_anew(demo, admin)
    return Outside(tmp_path, demo)


@pytest.fixture
def client(demo: Demo, outside: Outside) -> WitnessClient:
    return WitnessClient(demo.product, outside, demo.product.part(WitnessClient).gauges)


def stands(demo: Demo) -> WitnessStanding:
    with demo.product.database.lend_by_id() as conn:
        return witness_standing(demo.product, conn, demo.product.clock())


def went(demo: Demo) -> list[WitnessWent | None]:
    return [lane.last.went if lane.last else None for lane in stands(demo).lanes]


def by_hand(committee: TestClient, signer: Any, time: int = 1_790_000_100) -> str:
    """What the member's page would give back for what is to be signed now."""
    found = committee.get(f"{BASE}/witnesses/{signer.verifier.key_id.hex()}/to-sign")
    assert found.status_code == 200, found.text
    return cosign(signer, Submission.parse(found.text).note.text, time).line()


def adopt_anew(demo: Demo, admin: TestClient) -> int:
    """Two more events; how many there are."""
    for text in ("", policy(demo)):
        done = admin.post(f"{BASE}/witness-policy", json={"policy": text})
        assert done.status_code == 200, done.text
    return followed(demo)


def test_what_answers_cosigns_and_a_quorum_comes_of_it_with_the_members(
    demo: Demo, client: WitnessClient, outside: Outside, admin: TestClient
) -> None:
    committee = member(demo, Capacity.RESIDENTS_COMMITTEE)
    size = followed(demo)
    assert client.step() == 2
    assert [lane.size for lane in stands(demo).lanes] == [0, 0, 0, size, size]
    assert stands(demo).witnessed is None and stands(demo).tail == size
    assert client.step() == 0, "nothing new is asked of nobody"
    for count, signer in enumerate(MEMBERS[:2], 1):
        line = by_hand(committee, signer)
        done = committee.post(f"{BASE}/cosignatures", json={"line": line})
        assert done.status_code == 200, done.text
        again = committee.post(f"{BASE}/cosignatures", json={"line": line})
        assert again.status_code == 200 and again.json()["version"] == done.json()["version"]
        assert (stands(demo).size == size) == (count == 2), "witnessed is said at the quorum alone"
        client.step()
    told = committee.get(f"{BASE}/witnesses").json()
    assert (told["witnessed"], told["tail"]) == (size, followed(demo) - size)
    assert told["tail_seconds"] >= 0 and told["source"] == "ACT"
    kept = stands(demo).witnessed
    assert kept is not None and told["root"] == base64_text(Checkpoint.parse(kept.note.text).root)
    public = parse_note(demo.client().get("/audit/log/checkpoint").text)
    assert STREET.verifier in cosigned(public, [each.verifier for each in (*MEMBERS, STREET, CITY)])


def test_a_growing_log_is_proven_to_go_on(
    demo: Demo, client: WitnessClient, outside: Outside, admin: TestClient
) -> None:
    client.step()
    size = adopt_anew(demo, admin)
    assert client.step() == 2
    assert [lane.size for lane in stands(demo).lanes][3:] == [size, size]
    assert all(path.endswith("/add-checkpoint") for path in outside.asked)


def test_a_witness_that_cosigned_elsewhere_meanwhile_is_asked_from_there(
    demo: Demo, client: WitnessClient, outside: Outside
) -> None:
    client.step()
    with demo.product.database.app.connection() as conn:
        conn.execute(
            "UPDATE trail.witness SET size = 3, code = 'AWAY', failures = 0, tried_at = tried_at - interval '1 hour'"
        )
    outside.asked.clear()
    assert client.step() == 2
    assert len(outside.asked) == 4, "told 409 first, then asked from the size that came with it"


def test_who_does_not_answer_is_asked_less_often_and_told(demo: Demo, client: WitnessClient, outside: Outside) -> None:
    def away(errand: Errand) -> Said | None:
        if "shi" in errand.url:
            raise ConnectionRefusedError
        return None

    outside.before = away
    assert client.step() == 1
    assert went(demo)[3:] == [WitnessWent.COSIGNED, WitnessWent.AWAY]
    outside.asked.clear()
    client.step()
    assert outside.asked == [], "not again at once"
    clock = demo.product.clock
    assert isinstance(clock, RunningClock)
    clock.passes(timedelta(minutes=11))
    outside.before = lambda errand: None
    assert client.step() == 1
    assert went(demo)[3:] == [WitnessWent.COSIGNED, WitnessWent.COSIGNED]


NO_ANSWERS: list[tuple[Said | Exception, WitnessWent]] = [
    (Said(404, "", b""), WitnessWent.UNKNOWN_LOG),
    (Said(403, "", b""), WitnessWent.UNKNOWN_KEY),
    (Said(400, "", b""), WitnessWent.MISREAD),
    (Said(302, "", b""), WitnessWent.MISREAD),
    (Said(500, "", b""), WitnessWent.AWAY),
    (Said(429, "", b""), WitnessWent.AWAY),
    (Said(409, "", b"many"), WitnessWent.MISREAD),
    (Said(409, "", b"12345678901234567890123\n"), WitnessWent.MISREAD),
    (Said(409, "", b"2\n"), WitnessWent.MISREAD),
    (Said(200, "", b""), WitnessWent.WRONG_KEY),
    (Said(200, "", b"<html>"), WitnessWent.MISREAD),
    (Said(200, "", b"\xff"), WitnessWent.MISREAD),
    (Said(200, "", "— witness.shi.example AAAAAAAA\n".encode()), WitnessWent.WRONG_KEY),
    (Unreached("private_address"), WitnessWent.PRIVATE),
    (TimeoutError(), WitnessWent.AWAY),
]


def test_answers_that_are_none(demo: Demo, client: WitnessClient, outside: Outside, admin: TestClient) -> None:
    clock = demo.product.clock
    assert isinstance(clock, RunningClock)
    for said, found in NO_ANSWERS:

        def instead(errand: Errand, said: Said | Exception = said) -> Said | None:
            if "shi" not in errand.url:
                return None
            if isinstance(said, Exception):
                raise said
            return said

        outside.before = instead
        adopt_anew(demo, admin)
        clock.passes(timedelta(minutes=11))
        assert client.step() == 1, "the other one is asked all the same"
        assert went(demo)[3:] == [WitnessWent.COSIGNED, found], said
    assert stands(demo).evidence == ()


def test_another_history_is_an_alarm_with_both_signed_checkpoints(
    demo: Demo, client: WitnessClient, outside: Outside
) -> None:
    keys = demo.product.part(Publisher).keys
    forged = signed(Checkpoint(keys.origin, 5, b"f" * 32), keys.signers(demo.product.clock()))
    outside.known["witness.shi.example"].add_checkpoint(Submission(0, (), forged).text().encode())
    assert client.step() == 1
    assert went(demo)[3:] == [WitnessWent.COSIGNED, WitnessWent.REFUSED]
    with demo.product.database.lend_by_id() as conn:
        (kept,) = evidence(conn)
    assert kept.theirs.startswith(forged.text) and CITY.verifier in cosigned(parse_note(kept.theirs), [CITY.verifier])
    assert Checkpoint.parse(parse_note(kept.ours).text).size == followed(demo)
    committee = member(demo, Capacity.RESIDENTS_COMMITTEE)
    told = committee.get(f"{BASE}/witnesses").json()
    assert [each["witness"] for each in told["evidence"]] == [CITY.name]
    assert committee.get(f"{BASE}/evidence/{kept.number}").text == kept.text()
    assert committee.get(f"{BASE}/evidence/99").status_code == 404
    notes = demo.client().get("/health/ready").json()["notes"]
    assert any("refused what the trail shows" in note for note in notes)
    assert "jinlin_trail_evidence 1.0" in demo.client().get("/metrics").text


def test_a_witness_that_is_ahead_of_the_log_is_an_alarm(demo: Demo, client: WitnessClient, outside: Outside) -> None:
    keys = demo.product.part(Publisher).keys
    later = signed(Checkpoint(keys.origin, 10**6, b"l" * 32), keys.signers(demo.product.clock()))
    outside.known["witness.shi.example"].add_checkpoint(Submission(0, (), later).text().encode())
    client.step()
    assert went(demo)[4] is WitnessWent.AHEAD
    with demo.product.database.lend_by_id() as conn:
        (kept,) = evidence(conn)
        assert records(conn)[CITY.verifier.vkey()].size == 10**6
    assert kept.theirs.startswith(later.text)


def test_the_tail_is_told_and_its_age_grows(demo: Demo, client: WitnessClient, outside: Outside) -> None:
    client.step()
    clock = demo.product.clock
    assert isinstance(clock, RunningClock)
    clock.passes(timedelta(days=30))
    told = demo.client().get("/metrics").text
    seconds = next(float(line.split()[1]) for line in told.splitlines() if line.startswith("jinlin_trail_tail_seconds"))
    assert seconds > 30 * 86_400
    assert any("no quorum of witnesses" in note for note in demo.client().get("/health/ready").json()["notes"])


def test_a_policy_in_a_file_goes_before_what_was_entered(demo: Demo, outside: Outside, tmp_path: Path) -> None:
    file = tmp_path / "policy.txt"
    product = replace(demo.product, settings=replace(demo.product.settings, witness_policy=file))

    def told() -> WitnessStanding:
        with product.database.lend_by_id() as conn:
            return witness_standing(product, conn, product.clock())

    assert told().holds.source.value == "BROKEN" and told().lanes == ()
    file.write_text("quorum nobody\n")
    assert "Line 1 of the policy" in told().holds.wrong
    file.write_text(policy(demo))
    assert told().holds.source.value == "FILE" and len(told().lanes) == 5
    client = WitnessClient(product, outside, demo.product.part(WitnessClient).gauges)
    assert client.step() == 2
