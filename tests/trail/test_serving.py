"""Everybody may fetch the log, and check with what they have fetched that it is whole."""

from starlette.testclient import TestClient

from services.tlog.checkpoint import Checkpoint
from services.tlog.note import opened, parse_note
from services.tlog.tiles import TileReader, addresses, entries_path, unbundle
from services.tlog.tree import consistency_proof, leaf_hash, root_of, verify_consistency
from services.trail.publishing import Publisher
from tests.clock import PATIENCE
from tests.conftest import Demo

LOG = "/audit/log/"


def followed(demo: Demo) -> int:
    last = demo.product.log.last_position()
    assert demo.product.positions.wait("trail", last, PATIENCE)
    return last


def checkpoint(client: TestClient, demo: Demo) -> Checkpoint:
    answer = client.get(LOG + "checkpoint")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    note = parse_note(answer.content)
    opened(note, demo.product.part(Publisher).keys.verifiers())
    return Checkpoint.parse(note.text)


def test_a_stranger_fetches_the_whole_log_and_finds_its_root(demo: Demo) -> None:
    followed(demo)
    client = demo.client()
    found = checkpoint(client, demo)
    assert found.size == demo.product.log.last_position()
    entries: list[bytes] = []
    for address in addresses(found.size):
        answer = client.get(LOG + address.path())
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/octet-stream")
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["access-control-allow-origin"] == "*"
        if address.level is None:
            entries += unbundle(answer.content)
    assert root_of(map(leaf_hash, entries)) == found.root
    reader = TileReader(lambda path: client.get(LOG + path).content, found.size)
    for old in (1, 100, 256, found.size - 1):
        proof = consistency_proof(reader.hash_at, old, found.size)
        verify_consistency(old, found.size, proof, root_of(map(leaf_hash, entries[:old])), found.root)


def test_the_next_checkpoint_goes_on_from_the_last_one(demo: Demo) -> None:
    before = checkpoint(demo.client(), demo)
    head = demo.sign_in("head")
    done = head.post("/api/v1/issues", json={"estate": "350902002999-001", "text": "路灯不亮", "building": "3"})
    assert done.status_code == 201, done.text
    size = followed(demo)
    with demo.product.database.app.connection() as conn:
        after = demo.product.part(Publisher).publish(conn)
    assert after is not None and after.size == size > before.size


def test_what_is_not_there_is_no_tile(demo: Demo) -> None:
    followed(demo)
    client = demo.client()
    size = checkpoint(client, demo).size
    for path in (
        "tile/0/999",
        "tile/0/002.p/255",
        "tile/5/000.p/1",
        "tile/0/0",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/64/000",
        "tile/entries/x999/x999/x999/x999/x999/x999/999",
        "tile/0/%30%30%30%00",
        "Checkpoint",
        "",
        entries_path(size // 256, size % 256 + 1),
    ):
        assert client.get(LOG + path).status_code in (404, 422), path


def test_head_says_what_get_would(demo: Demo) -> None:
    followed(demo)
    client = demo.client()
    for path in ("checkpoint", "tile/0/000", "tile/entries/000.p/3"):
        asked = client.head(LOG + path)
        assert (asked.status_code, asked.content) == (200, b"")
        assert asked.headers["content-length"] == str(len(client.get(LOG + path).content))
