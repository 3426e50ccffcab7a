"""Receipts: that what somebody handed in stands in the log, as a proof that needs nobody's word.

A receipt carries the entry, what of it may be shown to whoever gets it, the way to the root, and a checkpoint with the
cosignatures it has by then. Whoever asks for it in a command gets index and checkpoint with the answer, and an address
at which the whole receipt can be fetched, also later and without an account.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

from fastapi import Request

from domain.capacity import CASES, MONEY
from domain.recorded import Recorded
from domain.trail.crowd import Coarseness
from domain.words import is_personal
from projections.projection import Connection
from services.commands.ask import Answer
from services.log.not_found import NotFound
from services.product import Product
from services.sessions.member import Member
from services.threads.waiting import about_to_wait, here_or_in_a_thread
from services.tlog.leaf import Disclosure, read
from services.tlog.proof import Proof
from services.tlog.refusals import Malformed
from services.tlog.verify import Carried
from services.trail.following import TRAIL
from services.trail.leaves import Namer, Salted, Salting, disclosures
from services.trail.publishing import Forked, Publisher
from services.trail.reading import KeptCheckpoint, covering, inclusion, leaf_of

MAY = CASES | MONEY  # who hands out receipts
PREFIX = "/audit/receipts"
WAIT_SECONDS = 1.0  # for the trail to have the event, when a command's answer is to name its checkpoint


@dataclass(frozen=True, slots=True)
class Receipt:
    """``shown`` are the fields that are disclosed; ``witnessed`` says whether anybody cosigned the checkpoint."""

    position: int
    index: int
    proof: Proof
    checkpoint: KeptCheckpoint
    shown: tuple[Disclosure, ...]

    @property
    def cosigned(self) -> bool:
        """Whether anybody but the log has signed the checkpoint."""
        return len({each.name for each in self.checkpoint.note.signatures}) > 1


class Receipts:
    """A part of the product: makes receipts of events."""

    def __init__(self, product: Product) -> None:
        self._product = product
        self._publisher = product.part(Publisher)

    def of_own(self, position: int, who: Member) -> Receipt:
        """For somebody of the station, of an event in the own estates; what is personal only of one's own act.

        Raises ``NotFound``, ``Forked``, ``NotYet``.
        """
        recorded = self._event(position)
        if recorded.estate not in who.estates:
            raise NotFound
        return self._made(recorded, personal=recorded.act.actor == who.person)

    def of_holder(self, position: int, token: str) -> Receipt:
        """For whoever has the address from a receipt: nothing personal. Raises as ``of_own``."""
        if not hmac.compare_digest(token.encode(), self.token(position).encode()):
            raise NotFound
        return self._made(self._event(position), personal=False)

    def token(self, position: int) -> str:
        """What the address of a receipt ends in, so that nobody goes through them by counting."""
        digest = hmac.new(self._product.secret, f"receipt|{position}".encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")

    def address(self, position: int) -> str:
        """Where the receipt of an event can be fetched by whoever holds it."""
        return f"{PREFIX}/{position}/{self.token(position)}"

    def told(self, answer: Answer) -> dict[str, Any]:
        """What a command's answer says of the receipts of its events; waits a moment for the trail."""
        found = self._of_act(answer)
        last = max((each.position for each in found), default=0)
        about_to_wait()
        there = self._product.positions.wait(TRAIL.name, last, WAIT_SECONDS)
        checkpoint = self._checkpoint() if there and found else None
        return {
            "checkpoint": checkpoint,
            "entries": [
                {
                    "type": type(each.event).__name__,
                    "index": each.position - 1,
                    "proof": self.address(each.position),
                }
                for each in found
            ],
        }

    def _checkpoint(self) -> str | None:
        try:
            with self._product.database.app.connection() as conn:
                kept = self._publisher.publish(conn)
        except Forked:
            return None
        return kept.note.written() if kept else None

    def _of_act(self, answer: Answer) -> list[Recorded[Any]]:
        """The events of one act on the answer's stream: its last ones, told in the same breath."""
        mine = [each for each in self._product.log.of_streams([answer.stream], answer.position)
                if each.version <= answer.version]  # fmt: skip
        return [each for each in mine if each.act.recorded_at == mine[-1].act.recorded_at] if mine else []

    def _event(self, position: int) -> Recorded[Any]:
        found = self._product.log.reading(position - 1, 1).events if position > 0 else []
        if not found or found[0].position != position:
            raise NotFound
        return found[0]

    def _made(self, recorded: Recorded[Any], *, personal: bool) -> Receipt:
        with self._product.database.app.connection() as conn:
            leaf = leaf_of(conn, recorded.position)
            if leaf is None:
                raise NotYet
            index, entry = leaf
            origin = self._publisher.origin
            checkpoint = covering(conn, origin, index, cosigned=True) or covering(conn, origin, index)
            checkpoint = checkpoint or self._publisher.publish(conn)
            if checkpoint is None or checkpoint.size <= index:
                raise NotYet
            hashes = inclusion(conn, index, checkpoint.size)
            shown = self._shown(conn, recorded, entry, personal)
        extra = Carried(entry, tuple(shown)).extra()
        proof = Proof(index, tuple(hashes), checkpoint.note, extra)
        return Receipt(recorded.position, index, proof, checkpoint, tuple(shown))

    def _shown(self, conn: Connection, recorded: Recorded[Any], entry: bytes, personal: bool) -> list[Disclosure]:
        """What can still be shown of the entry: nothing of somebody whose key is destroyed."""
        salted = self._salted(conn, recorded)
        if salted is None:
            return []
        coarse = Coarseness(json.loads(entry).get("coarse", Coarseness.NONE.value))
        digests = set(read(entry)[1])
        sealed = set() if personal else sealed_fields(type(recorded.event))
        found = disclosures(recorded, coarse, salted)
        return [each for each in found if each.name not in sealed and each.digest() in digests]

    def _salted(self, conn: Connection, recorded: Recorded[Any]) -> Salted | None:
        """From what the leaf's salts were made; ``None`` where that is destroyed."""
        return salted_of(conn, self._product, Namer(self._publisher.keys.secret), recorded)


def salted_of(conn: Connection, product: Product, namer: Namer, recorded: Recorded[Any]) -> Salted | None:
    """From what the salts of an event's leaf were made; ``None`` where that is destroyed."""
    row = conn.execute("SELECT trail.salted_since(%s)", (recorded.correlation,)).fetchone()
    since = row[0] if row else None
    salting = product.vault.saltings({recorded.correlation}).get(recorded.correlation, b"")
    if salting is None:
        return None
    own = since is not None and since <= recorded.position
    if not own:
        return namer.without_key(recorded.correlation)
    return Salted(Salting(salting)) if salting else None


def sealed_fields(kind: type[Any]) -> set[str]:
    """The personal fields of a kind of event."""
    return {item.name for item in fields(kind) if is_personal(item)}


class NotYet(Exception):
    """The trail does not have the event yet."""


async def receipts_told(request: Request) -> dict[str, Any] | None:
    """For a command that asked for it: what its answer says of receipts; ``None`` where nothing was done."""
    answer: Answer | None = getattr(request.state, "answered", None)
    product: Product = request.app.state.product
    if answer is None:
        return None
    try:
        return await here_or_in_a_thread(partial(product.part(Receipts).told, answer))
    except Malformed:
        return None
