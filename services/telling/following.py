"""The following that notes what there is to tell: ids and times alone, once, in the transaction of its bookmark."""

from domain.telling.occasions import EVENTS, Told, occasions
from projections.following import Batch, Following
from projections.projection import Connection


def take(conn: Connection, batch: Batch) -> None:
    note(conn, [told for recorded in batch if type(recorded.event) in EVENTS for told in occasions(recorded)])


def note(conn: Connection, found: list[Told]) -> None:
    """Note occasions that are not known yet."""
    if found:
        conn.cursor().executemany(
            "INSERT INTO log.occasions (id, what, estate, case_id, order_id, person, at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [(each.id, each.what.value, each.estate, each.case, each.order, each.person, each.at) for each in found],
        )


TELLING = Following("telling", take, events=EVENTS)
