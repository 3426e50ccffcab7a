"""The maps of estates as places are read against them: made anew only where an estate has changed."""

from collections.abc import Sequence
from threading import Lock

from domain.estates.places import Known
from projections.estates import estates
from projections.estates.estates import EstateRow
from projections.projection import Connection


class Maps:
    """A part of the product. Estates are public within the station, so their maps may be kept in memory."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[tuple[str, bool], tuple[int, EstateRow, Known]] = {}

    def mine(self, conn: Connection, among: Sequence[str], *, outside: bool) -> list[tuple[EstateRow, Known]]:
        """The estates that the connection may see and that are asked for, in the order of their codes.

        ``outside`` says that it is lent to a reader outside the station: such a map has no rooms, and is kept apart.
        """
        found = []
        for code, position in estates.positions(conn, among):
            with self._lock:
                kept = self._kept.get((code, outside))
            if kept is None or kept[0] != position:
                row = estates.estate(conn, code)
                if row is None:
                    continue
                kept = position, row, Known(row.state.buildings)
                with self._lock:
                    self._kept[code, outside] = kept
            found.append(kept[1:])
        return found
