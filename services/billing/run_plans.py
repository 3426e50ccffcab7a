"""What people and the product do with bill runs: prepare, confirm, discard, complete."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from domain.billing.bill_run import BILL_RUN, CompleteBillRun, ConfirmBillRun, DiscardBillRun, PrepareBillRun
from domain.billing.reckoning import Reckoning
from domain.contracts.fee_basis import FEE_BASIS, fee_basis_stream
from services.books.plans import check_open
from services.commands.plan import Attempt, Plan, Planned


def preparing(stream: UUID, estate: str, since: date, until: date, reckoning: Reckoning) -> Plan:
    """A run with what was reckoned for it."""

    def make(attempt: Attempt) -> Planned:
        attempt.check_power(PrepareBillRun, estate)
        place = attempt.estate(estate)
        check_open(attempt, estate)
        draft = PrepareBillRun(estate, "-", since, until, len(reckoning.lines), reckoning.total)
        loaded = attempt.at(BILL_RUN, stream)
        attempt.refuse_early(BILL_RUN, stream, loaded, draft)
        command = replace(draft, number=attempt.number("BR", place).removeprefix("BR-"))
        return attempt.decided(BILL_RUN, stream, loaded, command, stream, estate)

    return Plan(make)


def confirming(run: UUID, basis: int | None) -> Plan:
    """``basis``: the version at which contract and prices have to stand still; ``None`` if the register has changed."""

    def make(attempt: Attempt) -> Planned:
        loaded = attempt.own(BILL_RUN, run)
        estate = loaded.state.estate
        assert estate is not None  # it exists
        attempt.check_power(ConfirmBillRun, estate)
        check_open(attempt, estate)
        current = basis is not None and attempt.at(FEE_BASIS, fee_basis_stream(estate)).version == basis
        return attempt.decided(BILL_RUN, run, loaded, ConfirmBillRun(current), run)

    return Plan(make)


def on_run(run: UUID, command: CompleteBillRun | DiscardBillRun) -> Plan:
    """The end of a run, or of a preview."""

    def make(attempt: Attempt) -> Planned:
        loaded = attempt.own(BILL_RUN, run)
        attempt.check_power(type(command), loaded.state.estate)
        return attempt.decided(BILL_RUN, run, loaded, command, run)

    return Plan(make)
