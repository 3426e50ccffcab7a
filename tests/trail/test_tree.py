"""A leaf for each event, once, in the order of the log; whatever stands in between, the tree is the same."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from domain.cases.category import Category, Priority
from domain.cases.issue import ISSUE, IssueNoted, IssueTriaged
from domain.estates.place import Part, Responsibility
from services.log.event_log import Change
from services.log.vault import Vault
from services.tlog import leaf as formats
from services.tlog.tree import leaf_hash, verify_consistency, verify_inclusion
from services.trail import reading
from services.trail.keys import TrailKeys, keep_keys
from tests.machine.ground import ACT, ESTATE, Ground, a_ground
from tests.templates import Templates
from tests.trail.growing import KEY, NOW, follower_over, rows, trail_over, tree_of


@pytest.fixture
def ground(templates: Templates) -> Iterator[Ground]:
    with a_ground(templates.empty()) as made:
        yield made


def note_many(ground: Ground, number: int) -> None:
    """Lines in the notebook, in one go."""
    changes = []
    for each in range(number):
        stream = uuid4()
        noted = IssueNoted(f"IS-{each}", ESTATE, f"第{each}件")
        changes.append(Change(stream, ISSUE.name, 0, [noted], ACT, ESTATE, stream))
    ground.log.append(changes)


def test_each_event_has_one_leaf_at_its_place(ground: Ground, tmp_path: Path) -> None:
    follower = follower_over(ground, tmp_path)
    for number in range(3):
        ground.note(number)
        follower.catch_up()
    note_many(ground, 600)  # two full tiles, and batches that end in the middle of them
    follower.catch_up()
    head, entries = tree_of(ground)
    assert head.size == 603 == ground.log.last_position()
    assert rows(ground, "SELECT level, n, length(hashes) FROM trail.tile ORDER BY 1, 2") == [(0, 0, 8192), (0, 1, 8192)]
    with ground.database.follower.connection() as conn:
        for index in (0, 2, 255, 256, 511, 512, 602):
            for size in {index + 1, 300, 512, 603}:
                if index < size:
                    proof = reading.inclusion(conn, index, size)
                    verify_inclusion(leaf_hash(entries[index]), index, size, proof, reading.root_at(conn, size))
        for old in (1, 3, 255, 256, 257, 512, 603):
            proof = reading.consistency(conn, old, 603)
            verify_consistency(old, 603, proof, reading.root_at(conn, old), head.root)


def test_it_is_the_same_tree_however_the_log_was_taken_in(templates: Templates, tmp_path: Path) -> None:
    """In one go, or event by event as they come; and once more from the beginning."""
    with a_ground(templates.empty()) as ground:
        follower = follower_over(ground, tmp_path)
        for number in range(12):
            stream = ground.note(number)
            follower.catch_up()
            triaged = IssueTriaged(Category.PIPE_LEAK, Priority.P3, Part.PRIVATE, Responsibility.PRIVATE_PART)
            ground.log.append([Change(stream, ISSUE.name, 1, [triaged], ACT, ESTATE, stream)])
            follower.catch_up()
        grown, _ = tree_of(ground)
        with ground.owner() as conn:
            for table in ("entry", "tile", "subject", "crowd", "head"):
                conn.execute(f"ALTER TABLE trail.{table} DISABLE TRIGGER USER; DELETE FROM trail.{table}".encode())
            conn.execute("DELETE FROM view.positions WHERE name = 'trail'")
        follower_over(ground, tmp_path).catch_up()
        assert tree_of(ground)[0] == grown


def test_a_leaf_made_after_its_key_was_destroyed_hides_nothing_and_shows_nothing(
    ground: Ground, tmp_path: Path
) -> None:
    kept, gone = ground.note(1), ground.note(2)
    Vault(ground.database, KEY).destroy(gone)
    follower_over(ground, tmp_path).catch_up()
    _, entries = tree_of(ground)
    assert len(formats.read(entries[0])[1]) == len(formats.read(entries[1])[1])
    assert (kept, 1) in rows(ground, "SELECT subject, since FROM trail.subject")


def test_the_follower_cannot_rewrite_what_stands_in_the_trail(ground: Ground, tmp_path: Path) -> None:
    note_many(ground, 300)
    follower_over(ground, tmp_path).catch_up()
    for statement in (
        "UPDATE trail.entry SET entry = '\\x00' WHERE idx = 0",
        "DELETE FROM trail.entry",
        "TRUNCATE trail.tile",
        "UPDATE trail.tile SET hashes = root",
        "UPDATE trail.head SET size = 1",
        "DELETE FROM trail.head",
        "DELETE FROM trail.subject",
        "INSERT INTO trail.checkpoint VALUES ('x', 1, 'x', '2026-01-01')",
    ):
        with ground.database.follower.connection() as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute(statement.encode())
    with ground.owner() as conn, pytest.raises(psycopg.errors.InsufficientPrivilege, match="only grows"):
        conn.execute("DELETE FROM trail.entry")  # not the owner either, who has all rights
    assert tree_of(ground)[0].size == 300


def test_under_another_secret_the_tree_does_not_grow(ground: Ground, tmp_path: Path) -> None:
    ground.note(1)
    follower_over(ground, tmp_path).catch_up()
    ground.note(2)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    keep_keys(elsewhere, TrailKeys.new("log.test/other", NOW))
    follower, heard = ground.follower(followings=[trail_over(ground, elsewhere)])
    follower.catch_up()
    assert [halt[0] for halt in heard.halts] == ["trail"]
    assert tree_of(ground)[0].size == 1
