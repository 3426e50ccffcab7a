"""Lines of statements that wait for somebody to say whose money it is."""

from domain.catalogue import may
from domain.reconciliation.line import LineStage, MatchLine
from projections.projection import Connection
from projections.reconciliation import lines
from projections.reconciliation.lines import STATEMENT_LINES
from services.console.navigation import Waiting, Waits
from services.console.visit import Visit


def _to_match(here: Visit, conn: Connection) -> Waits:
    if not may(here.member.capacity, MatchLine):
        return Waits()
    return Waits(lines.counts(conn, here.viewer.estate or "").get(LineStage.QUEUED, 0))


TO_MATCH = Waiting((STATEMENT_LINES,), _to_match)
