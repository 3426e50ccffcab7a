"""Refunds that were paid out, and lines by which a bank sends such money back: that is nobody's payment."""

import re
import tomllib
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from projections.fees import payments, refunds
from projections.projection import Connection
from services.reconciliation.desk_payments import method_of
from services.reconciliation.formats.entry import Entry

WITHIN = timedelta(days=92)  # a bank sends back sooner
_WORDS = tomllib.loads(Path(__file__).with_name("formats").joinpath("returns.toml").read_text(encoding="utf-8"))
_SURELY, _PERHAPS = (re.compile("|".join(_WORDS[name])) for name in ("surely", "perhaps"))


@dataclass(frozen=True, slots=True)
class PaidRefund:
    """A refund as a line may bring it back; ``paid_on`` is the day on which it went out."""

    refund: UUID
    payment: UUID
    dwelling: UUID
    paid_on: date
    receipt: str


class PaidRefunds:
    """Refunds of an estate that were paid out in the weeks before some lines, and that no line brought back yet."""

    def __init__(self, conn: Connection, estate: str, entries: Sequence[Entry]) -> None:
        self._found: dict[tuple[object, int], list[PaidRefund]] = {}
        came = [entry for entry in entries if entry.amount > 0]
        if not came:
            return
        days = [entry.at.date() for entry in came]
        methods, amounts = {method_of(entry.provider) for entry in came}, {entry.amount for entry in came}
        rows = refunds.may_be_back(conn, estate, methods, amounts, min(days) - WITHIN, max(days))
        paid = payments.by_id(conn, [row.payment for row in rows])
        for row in rows:
            of = paid.get(row.payment)
            if of is not None and of.reversed is None and row.paid_on is not None:
                told = PaidRefund(row.refund, row.payment, of.dwelling, row.paid_on, of.receipt)
                self._found.setdefault((row.method, row.amount), []).append(told)

    def of(self, entry: Entry, used: Collection[UUID] = ()) -> list[PaidRefund]:
        """Those that this line may bring back: of its amount, by its way, paid out before it."""
        there, day = self._found.get((method_of(entry.provider), entry.amount), ()), entry.at.date()
        return [each for each in there if each.refund not in used and each.paid_on <= day <= each.paid_on + WITHIN]

    def back(self, entry: Entry, used: Collection[UUID]) -> list[PaidRefund] | None:
        """Those of a line whose words say that money came back; ``None`` where they do not, or may mean other money."""
        said = unicodedata.normalize("NFKC", " ".join(each for each in (entry.remark, entry.payer) if each)).upper()
        if entry.amount <= 0 or entry.waits is not None:
            return None
        found = self.of(entry, used)
        if _SURELY.search(said):
            return found
        return found if found and _PERHAPS.search(said) else None
