"""A product whose log a witness has signed, and what a superuser of its database may do to it."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg

from domain.capacity import Capacity
from domain.people.person import RegisterPerson
from domain.trail.going_on import Fork
from services.commands.ask import Ask, Caller
from services.people.plans import register_person
from services.product import Product
from services.tlog.cosignature import cosign
from services.tlog.note import COSIGNATURE, Signer
from services.tlog.tree import Frontier
from services.trail.fork import ForkWatch
from services.trail.publishing import Publisher
from services.trail.reading import KeptCheckpoint
from tests.clock import PATIENCE
from tests.conftest import FIRST

WITNESS = Signer.generated("witness.test/m1", COSIGNATURE)


@dataclass
class Living:
    product: Product
    url: str
    data: Path

    def tell(self, name: str) -> None:
        ask = Ask(Caller(UUID(int=0), Capacity.SYSTEM, frozenset({FIRST})))
        self.product.handler.do(ask, register_person(RegisterPerson(name, "13900000101", another=True)))

    def followed(self) -> int:
        """Wait until each event has its leaf; how many there are."""
        last = self.product.log.last_position()
        assert self.product.positions.wait("trail", last, PATIENCE)
        return last

    def cosigned(self) -> KeptCheckpoint:
        """The log as it stands, with the signature of a witness."""
        self.followed()
        publisher = self.product.part(Publisher)
        with self.product.database.app.connection() as conn:
            kept = publisher.publish(conn)
            assert kept is not None
            signed = kept.note.with_more([cosign(WITNESS, kept.note.text, 1_800_000_000)])
            assert publisher.keep_cosignatures(conn, signed, [WITNESS.verifier]) == 1
        return kept

    def superuser(self, *statements: str) -> None:
        """In whose way no trigger stands."""
        with psycopg.connect(self.url, autocommit=True) as conn:
            conn.execute("SET session_replication_role = replica")
            for statement in statements:
                conn.execute(statement.encode())
        self.product.part(ForkWatch).look_again()

    def shortened(self, by: int) -> None:
        """The database as it was some events ago, as after a restore; the data folder as it is."""
        whole = self.followed() - by
        with psycopg.connect(self.url) as conn:
            leaves = conn.execute("SELECT leaf FROM trail.entry WHERE idx < %s ORDER BY idx", (whole,))
            frontier = Frontier().extended(leaf for (leaf,) in leaves)
        self.superuser(
            f"DELETE FROM log.stored_events WHERE notification_id > {whole}",
            f"DELETE FROM trail.entry WHERE idx >= {whole}",
            f"DELETE FROM trail.tile WHERE level > 0 OR (n + 1) * 256 > {whole}",
            f"UPDATE trail.head SET size = {whole}, frontier = '\\x{frontier.packed().hex()}'",
            f"UPDATE view.positions SET position = {whole}",
            f"DELETE FROM trail.checkpoint WHERE size > {whole}",
            f"DELETE FROM trail.cosignature WHERE size > {whole}",
        )

    def fork(self) -> Fork | None:
        return self.product.part(ForkWatch).fork()
