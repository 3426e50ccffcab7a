"""A bill run: previewed, confirmed once, completed once."""

from dataclasses import replace

from domain.billing.bill_run import (
    BILL_RUN,
    BillRun,
    BillRunCompleted,
    BillRunConfirmed,
    BillRunDiscarded,
    BillRunPrepared,
    CompleteBillRun,
    ConfirmBillRun,
    DiscardBillRun,
)
from tests.billing.examples import PREPARE
from tests.scenario import Scenario


def prepared() -> Scenario[BillRun]:
    return Scenario(BILL_RUN, BILL_RUN.initial).head().when(PREPARE)


def test_it_is_confirmed_and_completed_once() -> None:
    prepared().then(BillRunPrepared)
    confirmed = prepared().when(ConfirmBillRun())
    confirmed.then(BillRunConfirmed())
    confirmed.refused(ConfirmBillRun(current=False), "run_confirmed")
    confirmed.refused(ConfirmBillRun(), "run_confirmed")
    confirmed.when(CompleteBillRun(2)).then(BillRunCompleted(2))
    confirmed.when(CompleteBillRun(2), CompleteBillRun(2)).then()
    confirmed.refused(DiscardBillRun(), "run_confirmed")


def test_an_outdated_or_empty_preview_is_no_basis_for_bills() -> None:
    prepared().refused(ConfirmBillRun(current=False), "preview_outdated")
    Scenario(BILL_RUN, BILL_RUN.initial).when(replace(PREPARE, lines=0)).refused(ConfirmBillRun(), "nothing_to_bill")
    discarded = prepared().when(DiscardBillRun())
    discarded.then(BillRunDiscarded()).refused(ConfirmBillRun(), "run_discarded")
    prepared().refused(CompleteBillRun(1), "run_not_confirmed")
    Scenario(BILL_RUN, BILL_RUN.initial).refused(replace(PREPARE, until=PREPARE.since), "period")
