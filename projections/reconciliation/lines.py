"""Lines of statement files: what waits for a person, what was matched and why, what was set aside."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from domain.changed import changed
from domain.money.evidence import Evidence
from domain.reconciliation.line import (
    STATEMENT_LINE,
    LineFacts,
    LineStage,
    SetAsideReason,
    StatementLineDoubted,
    StatementLineMatched,
    StatementLinePassedOn,
    StatementLineQueued,
    StatementLineReturned,
    StatementLineSetAside,
    StatementLineToldApart,
    Waiting,
)
from domain.recorded import Recorded
from domain.words import Personal
from projections.fees.payments import PaymentRow
from projections.projection import OWN_STREAM, Connection, View, fetch, select


@dataclass(frozen=True)
class LineRow:
    """One line as it stands; ``waiting`` says why it waits or waited, ``changed_at`` is a position.

    ``twins`` are earlier lines that it may be, ``same`` is the one that it is.
    """

    line: UUID
    estate: str
    told: LineFacts
    stage: LineStage
    version: int
    changed_at: int
    waiting: Waiting | None = None
    evidence: Evidence | None = None
    dwelling: UUID | None = None
    payment: UUID | None = None
    reason: SetAsideReason | None = None
    reversed: UUID | None = None  # the payment that did not stand
    serial: Personal = None
    payer: Personal = None
    account: Personal = None
    remark: Personal = None
    text: Personal = None
    twins: tuple[UUID, ...] = ()
    same: UUID | None = None
    state: Personal = None
    refund: UUID | None = None  # that came back by it


_EVENTS = frozenset(STATEMENT_LINE.events)
_NUMBERS = ("number", "number_2", "number_3")  # a line has no more


def keys(recorded: Recorded[Any]) -> Iterable[str]:
    return (str(recorded.stream),) if type(recorded.event) in _EVENTS else ()


def evolve(row: LineRow | None, recorded: Recorded[Any]) -> LineRow | None:
    event = recorded.event
    now = {"version": recorded.version, "changed_at": recorded.position}
    if row is None:
        row = _new(event, recorded)
        if row is None:
            return None
    match event:
        case StatementLineQueued(_, waiting):
            said = {"twins": event.twins, "state": event.state}
            return changed(row, **now, **said, stage=LineStage.QUEUED, waiting=waiting)
        case StatementLineMatched(dwelling, payment, evidence):
            found = {"dwelling": dwelling, "payment": payment, "evidence": evidence, "refund": event.refund}
            return changed(row, **now, stage=LineStage.MATCHED, **found)
        case StatementLineSetAside(reason, text, same):
            return changed(row, **now, stage=LineStage.SET_ASIDE, reason=reason, text=text, same=same)
        case StatementLineToldApart():
            return changed(row, **now, waiting=Waiting.APART, twins=())
        case StatementLineDoubted(twins):
            return changed(row, **now, waiting=Waiting.TWIN, twins=twins)
        case StatementLinePassedOn(told, waiting):
            theirs = {"estate": told.estate, "told": told, "reason": None, "text": None, "same": None}
            return changed(row, **now, **theirs, stage=LineStage.QUEUED, waiting=waiting)
        case StatementLineReturned(payment):
            waiting = Waiting.TWIN if row.twins else Waiting.RETURNED
            back = {"stage": LineStage.QUEUED, "waiting": waiting, "reason": None, "text": None, "same": None}
            return changed(
                row, **now, **back, dwelling=None, payment=None, evidence=None, refund=None, reversed=payment
            )
    return row


def _new(event: Any, recorded: Recorded[Any]) -> LineRow | None:
    told = getattr(event, "told", None)
    if told is None or recorded.estate is None:
        return None
    return LineRow(
        line=recorded.stream,
        estate=recorded.estate,
        told=told,
        stage=LineStage.QUEUED,
        version=recorded.version,
        changed_at=recorded.position,
        serial=event.serial,
        payer=event.payer,
        account=event.account,
        remark=event.remark,
    )


STATEMENT_LINES: View[LineRow] = View(
    name="statement_lines",
    row=LineRow,
    keys=keys,
    events=_EVENTS,
    evolve=evolve,
    estates=lambda row: (row.estate,),
    columns={
        "estate": "body->>'estate'",
        "stage": "body->>'stage'",
        "at": "body->'told'->>'at'",
        "file": "body->'told'->>'file'",
        "file_row": "body->'told'->>'row'",
        "mark": "body->'told'->>'mark'",
        "dwelling": "body->>'dwelling'",
        "payment": "body->>'payment'",
        "evidence": "body->>'evidence'",
        "amount": "body->'told'->>'amount'",
        "same": "body->>'same'",
    }
    | {name: f"body->'told'->'numbers'->>{place}" for place, name in enumerate(_NUMBERS)},
    indexes=(
        "(estate, stage, at)",
        "(file, stage)",
        "(estate, mark) WHERE stage = 'MATCHED'",
        "(payment) WHERE evidence = 'AT_DESK'",
        "(amount, at)",
        "(same) WHERE same IS NOT NULL",
        *(f"({name}) WHERE {name} IS NOT NULL" for name in _NUMBERS),
    ),
    streams=OWN_STREAM,
)


def line(conn: Connection, id: UUID) -> LineRow | None:
    """One line, if the connection may see its estate."""
    return fetch(conn, STATEMENT_LINES, str(id))


def by_id(conn: Connection, ids: Iterable[UUID]) -> dict[UUID, LineRow]:
    """Those of these lines that may be seen."""
    wanted = [str(id) for id in set(ids)]
    return {row.line: row for row in select(conn, STATEMENT_LINES, "key = ANY(%s)", (wanted,))}


def of_stage(conn: Connection, estate: str, stage: LineStage, limit: int, offset: int = 0) -> list[LineRow]:
    """Lines of an estate that stand so: what waits the oldest first, the rest the newest first.

    Those of one moment stand as their file has them.
    """
    order = ("at" if stage is LineStage.QUEUED else "at DESC") + ", file, file_row::integer, key"
    where = f"estate = %s AND stage = %s ORDER BY {order} LIMIT %s OFFSET %s"
    return select(conn, STATEMENT_LINES, where, (estate, stage.value, limit, offset))


def of_amounts(conn: Connection, amounts: Iterable[int], since: date, until: date) -> list[LineRow]:
    """Lines of these amounts from the day ``since`` to the day ``until``, but none that is another one's double."""
    where = "amount = ANY(%s) AND at >= %s AND at < %s AND same IS NULL ORDER BY at, key"
    given = ([str(each) for each in set(amounts)], since.isoformat(), (until + timedelta(days=1)).isoformat())
    return select(conn, STATEMENT_LINES, where, given)


def shown_up_to(conn: Connection) -> int:
    """The position up to which the view shows what happened; read first, what is read after it shows no less."""
    row = conn.execute("SELECT position FROM view.positions WHERE name = %s", (STATEMENT_LINES.name,)).fetchone()
    return int(row[0]) if row else 0


def of_file(conn: Connection, file: UUID, waiting: Waiting | None = None) -> list[LineRow]:
    """The lines of a file in its order, or those of them that wait for this reason."""
    where, given = "file = %s", [str(file)]
    if waiting is not None:
        where, given = f"{where} AND stage = 'QUEUED' AND body->>'waiting' = %s", [*given, waiting.value]
    return select(conn, STATEMENT_LINES, f"{where} ORDER BY file_row::integer, key", given)


def twins_by_file(conn: Connection, estate: str) -> list[tuple[UUID, int]]:
    """Files of an estate of which several lines wait as possible doubles, and how many."""
    found = conn.execute(
        "SELECT file, count(*) FROM statement_lines WHERE estate = %s AND stage = 'QUEUED'"
        " AND body->>'waiting' = 'TWIN' GROUP BY file HAVING count(*) > 1 ORDER BY min(at), file",
        (estate,),
    )
    return [(UUID(file), int(count)) for file, count in found]


def doubles(conn: Connection, lines: Iterable[UUID]) -> dict[UUID, list[LineRow]]:
    """Lines that a person said are these earlier ones, by them."""
    found: dict[UUID, list[LineRow]] = {}
    for row in select(conn, STATEMENT_LINES, "same = ANY(%s)", ([str(each) for each in set(lines)],)):
        if row.same is not None:
            found.setdefault(row.same, []).append(row)
    return found


def counts(conn: Connection, estate: str, file: UUID | None = None) -> Mapping[LineStage, int]:
    """How many lines of an estate, or of one file, stand how."""
    where, given = ("estate = %s", [estate]) if file is None else ("estate = %s AND file = %s", [estate, str(file)])
    query = f"SELECT stage, count(*) FROM statement_lines WHERE {where} GROUP BY stage"
    return {LineStage(stage): int(count) for stage, count in conn.execute(query.encode(), given)}


def of_desk(conn: Connection, payments: Iterable[UUID]) -> dict[UUID, UUID]:
    """Those of these payments that the desk took down and a line of a statement was found for, with that line."""
    found = conn.execute(
        "SELECT payment, key FROM statement_lines WHERE evidence = 'AT_DESK' AND payment = ANY(%s)",
        ([str(payment) for payment in payments],),
    )
    return {UUID(payment): UUID(line) for payment, line in found}


def of_payment(conn: Connection, row: PaymentRow) -> UUID | None:
    """The line of a statement that brought a payment, or that was found for one of the desk."""
    return row.line or of_desk(conn, [row.payment]).get(row.payment)


def under_number(conn: Connection, number: UUID) -> list[LineRow]:
    """Lines with this number that were matched to a payment, the oldest first."""
    under = " OR ".join(f"{name} = %s" for name in _NUMBERS)
    where = f"({under}) AND stage = 'MATCHED' ORDER BY at, key"
    return select(conn, STATEMENT_LINES, where, [str(number)] * len(_NUMBERS))


def payers(conn: Connection, estate: str, marks: Sequence[UUID] | None = None) -> Mapping[UUID, frozenset[UUID]]:
    """The dwellings that each payer's account was matched to before, by its mark; of all or of these."""
    query = (
        "SELECT mark, array_agg(DISTINCT dwelling) FROM statement_lines"
        " WHERE estate = %s AND stage = 'MATCHED' AND mark IS NOT NULL AND body->>'refund' IS NULL"
        " AND (%s::text[] IS NULL OR mark = ANY(%s))"
        " GROUP BY mark"
    )
    wanted = None if marks is None else [str(mark) for mark in marks]
    found = conn.execute(query, (estate, wanted, wanted))
    return {UUID(mark): frozenset(UUID(each) for each in dwellings) for mark, dwellings in found}


def matched_lately(conn: Connection, estate: str, mark: UUID) -> LineRow | None:
    """The newest line of a payer's account that was matched."""
    where = "estate = %s AND stage = 'MATCHED' AND mark = %s AND body->>'refund' IS NULL ORDER BY at DESC LIMIT 1"
    return next(iter(select(conn, STATEMENT_LINES, where, (estate, str(mark)))), None)
