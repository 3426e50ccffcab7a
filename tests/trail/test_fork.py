"""A log that is shorter than what was cosigned, or different, takes nothing in until two persons let it go on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.refusal import Refusal
from services.tlog.cosignature import cosign
from services.tlog.note import parse_note
from services.trail.fork import ForkWatch, next_name
from services.trail.publishing import Forked, Publisher
from services.trail.reading import head, latest_cosigned
from services.trail.remembered import FILE, is_restored, remembered, restored
from services.trail.witness_client import WitnessClient
from tests.conftest import FIRST, Demo, a_product
from tests.postgres import drop
from tests.templates import Templates
from tests.trail.living import WITNESS, Living


@pytest.fixture
def living(server: str, templates: Templates, tmp_path: Path) -> Iterator[Living]:
    url = templates.empty()
    with a_product(url, tmp_path / "data") as product:
        made = Living(product, url, tmp_path / "data")
        for number in range(4):
            made.tell(f"Lin {number}")
        yield made
    drop(server, url)


def test_a_shorter_log_refuses_to_write_and_says_both_sizes(living: Living) -> None:
    kept = living.cosigned()
    living.shortened(2)
    with pytest.raises(Refusal) as refused:
        living.tell("Later")
    assert (refused.value.code, refused.value.facts) == ("trail_shorter", {"had": kept.size, "has": kept.size - 2})
    publisher = living.product.part(Publisher)
    with living.product.database.app.connection() as conn, pytest.raises(Forked):
        publisher.publish(conn)


def test_ready_notes_why_commands_are_refused(living: Living) -> None:
    client = living.product.part(WitnessClient)
    client.step()
    assert client.notes() == []
    living.cosigned()
    living.shortened(2)
    client.step()
    assert client.notes() == [
        "commands are refused: the audit trail is shorter than what witnesses cosigned; see /audit/fork"
    ]


def test_an_altered_log_is_noticed_by_whoever_signs(living: Living) -> None:
    living.cosigned()
    living.superuser("UPDATE trail.entry SET leaf = sha256(leaf) WHERE idx = 1")
    assert (fork := living.fork()) is not None and fork.code == "different"
    with pytest.raises(Refusal, match="trail_different"):
        living.tell("Later")


def test_what_was_cosigned_is_remembered_outside_the_database(living: Living) -> None:
    kept = living.cosigned()
    found = remembered(living.data, kept.origin)
    assert found is not None and found[0].size == kept.size
    assert parse_note((living.data / FILE).read_bytes()).signatures[-1].name == WITNESS.name
    (living.data / FILE).write_bytes(b"torn")
    living.product.part(ForkWatch).look_again()
    assert (fork := living.fork()) is not None and fork.code == "forgotten"


def test_a_restore_writes_nothing_until_a_witness_signs_on(living: Living) -> None:
    living.cosigned()
    (living.data / FILE).unlink()  # another machine
    restored(living.data)
    living.product.part(ForkWatch).look_again()
    with pytest.raises(Refusal, match="trail_unproven"):
        living.tell("Later")
    with living.product.database.app.connection() as conn:
        last = latest_cosigned(conn)
        assert last is not None and last.size == head(conn).size
        signed = last.note.with_more([cosign(WITNESS, last.note.text, 1_800_000_100)])
        living.product.part(Publisher).keep_cosignatures(conn, signed, [WITNESS.verifier])
    assert not is_restored(living.data)
    living.tell("Later")


def test_a_restore_that_nobody_ever_witnessed_goes_on(living: Living) -> None:
    living.followed()
    restored(living.data)
    living.product.part(ForkWatch).look_again()
    living.tell("Later")
    assert not is_restored(living.data)


def test_names_follow_on_one_another() -> None:
    assert next_name("log.test/xincheng") == "log.test/xincheng-2"
    assert next_name("log.test/xincheng-2") == "log.test/xincheng-3"
    assert next_name("log.test/xincheng-2026") == "log.test/xincheng-2026-2"


def test_two_persons_let_it_go_on_under_another_name(demo: Demo) -> None:
    living = Living(demo.product, demo.url, demo.product.settings.data)
    head_of_station, administrator, clerk = (demo.sign_in(name) for name in ("head", "admin", "clerk"))
    note = {"estate": FIRST, "text": "路灯不亮", "building": "3"}
    for _ in range(3):
        assert clerk.post("/api/v1/issues", json=note).status_code == 201
    before = living.cosigned()
    living.shortened(2)
    refused = clerk.post("/api/v1/issues", json=note)
    assert (refused.status_code, refused.json()["code"]) == (409, "trail_shorter")
    assert str(before.size) in refused.json()["detail"] and str(before.size - 2) in refused.json()["detail"]
    fork = "/api/v1/audit/fork"
    assert administrator.get(fork).json()["had"] == before.size
    assert clerk.get(fork).status_code == 403
    assert administrator.post(f"{fork}/confirm-going-on").json()["code"] == "nothing_proposed"
    proposed = administrator.post(f"{fork}/propose-going-on", json={"reason": "没有更新的备份"})
    assert proposed.status_code == 200, proposed.text
    assert administrator.post(f"{fork}/confirm-going-on").json()["code"] == "same_person"
    page = head_of_station.get("/audit/fork").text
    assert "确认继续" in page and str(before.size) in page
    confirmed = head_of_station.post(f"{fork}/confirm-going-on")
    assert confirmed.status_code == 200, confirmed.text
    assert clerk.post("/api/v1/issues", json=note).status_code == 201
    assert living.cosigned().origin == before.origin + "-2"
    assert administrator.get(fork).json() == {
        "forked": False, "origin": None, "code": None, "had": None, "has": None, "proposed": False,
    }  # fmt: skip
    assert administrator.post(f"{fork}/propose-going-on", json={"reason": "x"}).json()["code"] == "no_fork"
