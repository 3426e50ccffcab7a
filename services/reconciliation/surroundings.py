"""What stands around an estate when its money is read: the other estates of the firm, and the names of owners."""

from domain.estates.place_patterns import HAN
from projections.estates import estates
from projections.estates.estates import ESTATES
from projections.projection import Connection, select
from projections.register import owners
from services.database.database import Database
from services.reconciliation.formats.against import Around


def firm(database: Database) -> frozenset[str]:
    """The estates that this product knows: money of one may stand in a file of another."""
    with database.follower.connection() as conn:
        return frozenset(row.code for row in select(conn, ESTATES, "true", ()))


def around_of(conn: Connection, estate: str, *, people: bool = True) -> Around:
    """Names around an estate, as far as the connection may see them; owners only for ``people``."""
    own, others = "", list[str]()
    for row in estates.mine(conn):
        if row.code == estate:
            own = row.name
        else:
            named = [each for each in row.state.buildings if len(each) > 1 and HAN.match(each)]
            others += [row.name, *named]
    ours = estates.estate(conn, estate)
    others = [each for each in others if ours is None or each not in ours.state.buildings]
    return Around(own, tuple(others), owners.names_by_home(conn, estate) if people else {})
