"""What people took down at the desk before its statement came: a line about the same money makes no second payment."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from domain.fees.fee_account import FeeAccount, Method, PaymentRecorded, fee_account_stream
from domain.reconciliation.line import Provider
from projections.fees import payments
from projections.fees.payments import PaymentRow
from projections.projection import Connection
from projections.reconciliation import lines as statement_lines
from services.log.event_log import EventLog
from services.reconciliation.formats.entry import Entry
from services.reconciliation.formats.matching import plain_number
from services.reconciliation.line_marks import numbers_said

METHODS = {Provider.WECHAT: Method.WECHAT, Provider.ALIPAY: Method.ALIPAY}
_SAME_NUMBER = timedelta(days=31)  # how far apart the days may be under one number
_ALIKE = timedelta(days=3)  # and without one
_SHORTEST = 6  # signs of the end of a number that somebody typed
_WHOLE = 12  # signs of a number that would agree if it were the same payment


def method_of(provider: Provider) -> Method:
    """How money on a statement of this provider came."""
    return METHODS.get(provider, Method.BANK_TRANSFER)


class DeskPayments:
    """Payments of an estate that no line was found for yet, around the days of some lines."""

    def __init__(self, log: EventLog, conn: Connection, estate: str, entries: Sequence[Entry]) -> None:
        self._log = log
        self._rows: dict[tuple[Method, int], list[PaymentRow]] = {}
        self._numbers: dict[UUID, str] = {}
        self._asked: set[UUID] = set()
        self._seen: set[UUID] = set()
        came = [entry for entry in entries if entry.amount > 0]
        if not came:
            return
        days = [entry.at.date() for entry in came]
        methods = {method_of(entry.provider) for entry in came}
        amounts, since, until = {entry.amount for entry in came}, min(days) - _SAME_NUMBER, max(days) + _SAME_NUMBER
        rows = payments.by_hand(conn, estate, methods, amounts, since, until)
        self._seen = {row.payment for row in rows}
        found = statement_lines.of_desk(conn, self._seen)
        for row in rows:
            if row.payment not in found:
                self._rows.setdefault((row.method, row.amount), []).append(row)

    def prepare(self, entries: Sequence[Entry]) -> set[UUID]:
        """Read the numbers that were typed for payments which these lines may be about, all in one go.

        Answers the dwellings of those that were taken down under the number of one of the lines.
        """
        rows = {row.payment: row for entry in entries for row in self._near(entry, _SAME_NUMBER)}
        streams = {fee_account_stream(row.dwelling) for id, row in rows.items() if id not in self._asked}
        self._asked |= rows.keys()
        for recorded in self._log.reading_of(list(streams), self._log.last_position()).events if streams else ():
            if isinstance(recorded.event, PaymentRecorded) and recorded.event.reference:
                self._numbers[recorded.event.payment] = plain_number(recorded.event.reference)
        return {row.dwelling for entry in entries for row in self._under_number(entry)} if rows else set()

    def same(self, entry: Entry, used: Mapping[UUID, int]) -> PaymentRow | None:
        """The payment that was taken down under the number of this line."""
        found = [row for row in self._under_number(entry) if row.payment not in used]
        return found[0] if len(found) == 1 else None

    def alike(self, entry: Entry, used: Mapping[UUID, int], dwelling: UUID | None = None) -> list[PaymentRow]:
        """Payments that may be about the same money, of one dwelling or of all: nothing says that they are not."""
        near = self._near(entry, _ALIKE)
        numbers = _numbers(entry) if near else ()
        return [
            row
            for row in near
            if row.payment not in used
            and dwelling in (None, row.dwelling)
            and (_agrees(number := self._numbers.get(row.payment, ""), numbers) or len(number) < _WHOLE)
        ]

    def came_since(self, entry: Entry, account: FeeAccount) -> bool:
        """Whether somebody took down a payment like it after these were looked up, while a file is taken over."""
        method, day = method_of(entry.provider), entry.at.date()
        return any(
            payment.amount == entry.amount
            and payment.line is None
            and payment.method is method
            and not payment.reversed
            and abs(payment.paid_on - day) <= _ALIKE
            and id not in self._seen
            for id, payment in account.payments.items()
        )

    def _under_number(self, entry: Entry) -> list[PaymentRow]:
        near = self._near(entry, _SAME_NUMBER)
        numbers = _numbers(entry) if near else ()
        return [row for row in near if _agrees(self._numbers.get(row.payment, ""), numbers)]

    def _near(self, entry: Entry, apart: timedelta) -> list[PaymentRow]:
        rows = self._rows.get((method_of(entry.provider), entry.amount), ())
        return [row for row in rows if abs(row.paid_on - entry.at.date()) <= apart]


def _numbers(entry: Entry) -> list[str]:
    """The provider's numbers of a line, as they are compared."""
    return [number for part in numbers_said(entry) if (number := plain_number(part))]


def _agrees(typed: str, numbers: Sequence[str]) -> bool:
    return len(typed) >= _SHORTEST and any(number.endswith(typed) for number in numbers)
