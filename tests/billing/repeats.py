"""What comes of commands about a bill run that are given once more."""

from dataclasses import replace

from domain.billing import bill_run as runs
from domain.billing.bill_run import BILL_RUN
from tests.billing.examples import PREPARE
from tests.repeats import Repeat, harmless, refused
from tests.scenario import Scenario

_UNKNOWN = Scenario(BILL_RUN, BILL_RUN.initial)
_PREPARED = _UNKNOWN.when(PREPARE)

REPEATS: tuple[Repeat, ...] = (
    harmless(_UNKNOWN, PREPARE, replace(PREPARE, total=1), replace(PREPARE, lines=1)),
    refused(_PREPARED, runs.ConfirmBillRun(), "run_confirmed", runs.ConfirmBillRun(current=False)),
    harmless(_PREPARED.when(runs.ConfirmBillRun()), runs.CompleteBillRun(2), runs.CompleteBillRun(3)),
    refused(_PREPARED, runs.DiscardBillRun(), "run_discarded"),
)
