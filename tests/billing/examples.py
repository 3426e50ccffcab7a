"""One telling example of every command and event of a bill run."""

from datetime import date
from typing import Any

from domain.billing import bill_run as runs

PREPARE = runs.PrepareBillRun("350902002999-001", "20261124-0001", date(2026, 12, 1), date(2027, 1, 1), 2, 11160)

COMMANDS: tuple[Any, ...] = (PREPARE, runs.ConfirmBillRun(), runs.CompleteBillRun(2), runs.DiscardBillRun())
EVENTS: tuple[Any, ...] = (
    runs.BillRunPrepared("350902002999-001", "20261124-0001", date(2026, 12, 1), date(2027, 1, 1), 2, 11160),
    runs.BillRunConfirmed(),
    runs.BillRunCompleted(2),
    runs.BillRunDiscarded(),
)
