"""The following that appends a leaf for each event, in the transaction of its bookmark: each once, and in order."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from domain.catalogue import DECIDER_OF
from domain.recorded import Recorded
from domain.trail.crowd import Coarseness, Crowds, months_of, names_of
from projections.following import Batch, Following, NotNow, Take
from projections.projection import Connection
from services.capability import Within
from services.log.envelope import sealed_in
from services.log.vault import Vault
from services.trail.growing import Head, grow, head_for_growing
from services.trail.keys import TrailKeys, own_keys
from services.trail.leaves import Namer, Salted, Salting, leaf_of, skipped_leaf
from services.trail.reading import index_of

AT_ONCE = 500  # events in one transaction


def not_bound(conn: Connection, batch: Batch) -> None:
    """The keys are brought along where the product is put together."""
    raise NotNow


TRAIL = Following("trail", not_bound, batch=AT_ONCE)


def bound(within: Within) -> Take:
    """What the following does, with what it needs: the vault, and the trail's keys in the data folder."""
    kept: list[Trail] = []

    def take(conn: Connection, batch: Batch) -> None:
        if not kept:
            kept.append(Trail(within.vault, _keys(conn, within)))
        kept[0].take(conn, batch)

    return take


def _keys(conn: Connection, within: Within) -> TrailKeys:
    row = conn.execute("SELECT mark FROM trail.head").fetchone()
    return own_keys(within.data, row[0] if row else None, within.origin, within.clock())


class Trail:
    """Appends to the tree."""

    def __init__(self, vault: Vault, keys: TrailKeys) -> None:
        self._vault = vault
        self._mark = keys.mark
        self._namer = Namer(keys.secret)

    def take(self, conn: Connection, batch: Batch) -> None:
        """Append the leaves of a batch. What lies before it and was skipped leaves a leaf that says so."""
        self.appended(conn, head_for_growing(conn, self._mark), batch)

    def appended(self, conn: Connection, head: Head, batch: Batch) -> Head:
        made = self.entries(conn, batch)
        entries: list[bytes] = []
        at = head.size
        for recorded, entry in zip(batch, made, strict=True):
            entries += [skipped_leaf()] * (index_of(recorded.position) - at)
            entries.append(entry)
            at = index_of(recorded.position) + 1
        return grow(conn, head, entries)

    def entries(self, conn: Connection, batch: Batch) -> list[bytes]:
        """The entry of each event, by what is known of its subjects and of its crowd."""
        subjects = self._subjects(conn, batch)
        crowds = _crowds(conn, batch)
        entries = []
        for recorded in batch:
            salted, about = subjects.of(recorded)
            coarse = crowds.coarseness(recorded, _category(recorded)) if about else Coarseness.NONE
            entries.append(leaf_of(recorded, coarse, salted, self._namer))
        _keep(conn, subjects.new, crowds.new)
        return entries

    def _subjects(self, conn: Connection, batch: Batch) -> "Subjects":
        subjects = list({recorded.correlation for recorded in batch})
        rows = conn.execute("SELECT subject, since FROM trail.subject WHERE subject = ANY(%b::uuid[])", (subjects,))
        return Subjects(dict(rows.fetchall()), self._vault.saltings(set(subjects)), self._namer)


class Subjects:
    """From what the leaves of each subject are salted: from its own key, once anything is sealed under that."""

    def __init__(self, since: dict[UUID, int], saltings: dict[UUID, bytes | None], namer: Namer) -> None:
        self._since = since
        self._saltings = saltings
        self._namer = namer
        self._made: dict[tuple[UUID, bool], Salted] = {}
        self.new: list[tuple[UUID, int]] = []

    def of(self, recorded: Recorded[Any]) -> tuple[Salted, bool]:
        """What its salts are made from, and whether it is about a case or a person with a key."""
        subject = recorded.correlation
        if subject not in self._since and sealed_in(recorded.event):
            self._since[subject] = recorded.position
            self.new.append((subject, recorded.position))
        lost = self._saltings.get(subject, b"") is None
        own = lost or self._since.get(subject, recorded.position + 1) <= recorded.position
        made = self._made.get((subject, own))
        if made is None:
            made = self._made[subject, own] = self._salted(subject, own)
        return made, own

    def _salted(self, subject: UUID, own: bool) -> Salted:
        if not own:
            return self._namer.without_key(subject)
        salting = self._saltings.get(subject)
        return self._namer.lost(subject) if salting is None else Salted(Salting(salting))


def _category(recorded: Recorded[Any]) -> str:
    return DECIDER_OF[type(recorded.event)].name


def _crowds(conn: Connection, batch: Batch) -> Crowds:
    """What was counted of these kinds in these months."""
    kinds = {name for recorded in batch for name in names_of(recorded, _category(recorded))}
    months = {month for recorded in batch for month in months_of(recorded)}
    rows = conn.execute(
        "SELECT kind, month, subject FROM trail.crowd WHERE kind = ANY(%b::text[]) AND month = ANY(%b::date[])",
        (list(kinds), list(months)),
    )
    known: dict[tuple[str, Any], set[UUID]] = {}
    for kind, month, subject in rows:
        known.setdefault((kind, month), set()).add(subject)
    return Crowds(known)


def _keep(conn: Connection, subjects: Sequence[tuple[UUID, int]], crowds: Iterable[tuple[str, Any, UUID]]) -> None:
    if subjects:
        conn.execute(
            "INSERT INTO trail.subject (subject, since) SELECT * FROM unnest(%b::uuid[], %b::bigint[])",
            ([subject for subject, _ in subjects], [since for _, since in subjects]),
        )
    rows = list(crowds)
    if rows:
        kinds, months, whose = zip(*rows, strict=True)
        conn.execute(
            "INSERT INTO trail.crowd (kind, month, subject) SELECT * FROM unnest(%b::text[], %b::date[], %b::uuid[])",
            (list(kinds), list(months), list(whose)),
        )
