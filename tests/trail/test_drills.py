"""A superuser of the database changes a row, in whose way no trigger stands: everybody who holds something notices."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from services.database.installation import VAULT_KEY
from services.log.vault import Vault
from services.running.checking.of_trail import check_trail
from services.tlog.checkpoint import Checkpoint
from services.tlog.refusals import Unproven
from services.tlog.tree import leaf_hash, verify_consistency, verify_inclusion
from services.trail import reading
from services.trail.growing import BrokenTree
from services.trail.reading import KeptCheckpoint
from tests.conftest import a_product
from tests.postgres import drop
from tests.templates import Templates
from tests.trail.living import Living

EVENTS = 280  # a full tile and the beginning of another one
SWAP = (
    "UPDATE trail.entry SET idx = -1 WHERE idx = {0}",
    "UPDATE trail.entry SET idx = {0} WHERE idx = {1}",
    "UPDATE trail.entry SET idx = {1} WHERE idx = -1",
)
SWAP_EVENTS = (
    "UPDATE log.stored_events SET notification_id = -1 WHERE notification_id = {0}",
    "UPDATE log.stored_events SET notification_id = {0} WHERE notification_id = {1}",
    "UPDATE log.stored_events SET notification_id = {1} WHERE notification_id = -1",
)
OF_TREE = {
    "edits an entry": ("UPDATE trail.entry SET entry = entry || '\\x20' WHERE idx = 7",),
    "edits an entry with its hash": (
        "UPDATE trail.entry SET entry = entry || '\\x20', leaf = sha256('\\x00' || entry || '\\x20') WHERE idx = 7",
    ),
    "edits one of the last entries with its hash": (
        "UPDATE trail.entry SET entry = entry || '\\x20', leaf = sha256('\\x00' || entry || '\\x20') WHERE idx = 265",
    ),
    "deletes an entry": ("DELETE FROM trail.entry WHERE idx = 265",),
    "inserts an entry": ("INSERT INTO trail.entry SELECT (SELECT size FROM trail.head), leaf, entry FROM trail.entry"
                         " WHERE idx = 1",),
    "changes the order of entries": tuple(each.format(268, 269) for each in SWAP),
    "edits a tile": ("UPDATE trail.tile SET hashes = sha256(hashes) || substr(hashes, 33)",),
    "deletes a tile": ("DELETE FROM trail.tile",),
    "inserts a tile": ("INSERT INTO trail.tile SELECT level, n + 5, hashes, root FROM trail.tile",),
    "edits the head": ("UPDATE trail.head SET frontier = sha256(frontier) || substr(frontier, 33)",),
    "shortens the head": ("UPDATE trail.head SET size = 256, frontier = (SELECT root FROM trail.tile)",),
    "edits a checkpoint": ("UPDATE trail.checkpoint SET note = overlay(note placing 'AAAA' from position(E'\\n' in"
                           " substr(note, position(E'\\n' in note) + 1)) + position(E'\\n' in note) + 1 for 4)",),
}  # fmt: skip
OF_LOG = {
    "edits an event": (
        "UPDATE log.stored_events SET state = convert_to(replace(convert_from(state, 'UTF8'), '\"SYSTEM\"',"
        " '\"DISPATCHER\"'), 'UTF8') WHERE notification_id = 9",
    ),
    "deletes the last event": ("DELETE FROM log.stored_events WHERE notification_id ="
                               " (SELECT max(notification_id) FROM log.stored_events)",),
    "changes the order of events": tuple(each.format(20, 21) for each in SWAP_EVENTS),
}  # fmt: skip
LONG = (pytest.mark.slow, pytest.mark.drill)
AT_EVERY_BUILD = {"edits an entry with its hash", "edits a tile", "changes the order of entries", "edits the head"}


@pytest.fixture(scope="module")
def template(server: str, templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    url, data = templates.empty(), tmp_path_factory.mktemp("drill") / "data"
    with a_product(url, data) as product:
        made = Living(product, url, data)
        for number in range(EVENTS):
            made.tell(f"Lin {number}")
        yield made
    drop(server, url)


def findings(living: Living) -> list[str]:
    """What whoever has the machine is told (``jinlin check``): the monitor."""
    product = living.product
    key = Vault(product.database, (living.data / VAULT_KEY).read_bytes())
    return [each.text for each in check_trail(living.data, key, product.database, product.log, 0)]


def receipt_holds(living: Living, kept: KeptCheckpoint, index: int, entry: bytes) -> bool:
    """Whether somebody with an old entry can be shown the way from it to the root that was signed."""
    try:
        with living.product.database.app.connection() as conn:
            proof = reading.inclusion(conn, index, kept.size)
        verify_inclusion(leaf_hash(entry), index, kept.size, proof, Checkpoint.parse(kept.note.text).root)
    except (Unproven, BrokenTree):
        return False
    return True


def witness_signs_on(living: Living, kept: KeptCheckpoint) -> bool:
    """Whether a witness that has cosigned ``kept`` would cosign the tree as it is; so with a sheet of paper."""
    try:
        with living.product.database.app.connection() as conn:
            now = reading.head(conn)
            proof = reading.consistency(conn, kept.size, now.size)
        verify_consistency(kept.size, now.size, proof, Checkpoint.parse(kept.note.text).root, now.root)
    except (Unproven, BrokenTree):
        return False
    return True


@pytest.mark.parametrize("what", [
    *(pytest.param(each, marks=() if each in AT_EVERY_BUILD else LONG) for each in OF_TREE),
])  # fmt: skip
def test_what_a_superuser_does_to_the_tree_is_noticed(template: Living, what: str) -> None:
    kept = template.cosigned()
    with template.product.database.app.connection() as conn:
        entries = {index: reading.entry(conn, index) or b"" for index in (7, 270)}
    assert findings(template) == [] and witness_signs_on(template, kept)
    assert all(receipt_holds(template, kept, index, entry) for index, entry in entries.items())
    tables = ("trail.entry", "trail.tile", "trail.head", "trail.checkpoint")
    with ExitStack() as put_back:
        for table in tables:
            template.superuser(f"CREATE TABLE kept_{table[6:]} AS SELECT * FROM {table}")
            put_back.callback(
                template.superuser, f"DELETE FROM {table}", f"INSERT INTO {table} SELECT * FROM kept_{table[6:]}",
                f"DROP TABLE kept_{table[6:]}",
            )  # fmt: skip
        reading.forget_tiles()
        template.superuser(*OF_TREE[what])
        assert findings(template), "the monitor notices nothing"
        told = not witness_signs_on(template, kept)
        told |= not all(receipt_holds(template, kept, index, entry) for index, entry in entries.items())
        assert told or "entry" in what or "tile" in what or "entries" in what or "checkpoint" in what
    reading.forget_tiles()
    assert findings(template) == []


@pytest.mark.parametrize("what", [
    pytest.param(each, marks=() if each == "edits an event" else LONG) for each in OF_LOG
])  # fmt: skip
def test_what_a_superuser_does_to_the_log_is_noticed(template: Living, what: str) -> None:
    template.cosigned()
    assert findings(template) == []
    template.superuser("CREATE TABLE kept_log AS SELECT * FROM log.stored_events")
    try:
        template.superuser(*OF_LOG[what])
        assert findings(template), "the monitor notices nothing"
    finally:
        template.superuser(
            "DELETE FROM log.stored_events",
            "INSERT INTO log.stored_events SELECT * FROM kept_log",
            "DROP TABLE kept_log",
        )
    assert findings(template) == []
