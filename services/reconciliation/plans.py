"""What people do with statement files and their lines: begin one, match a line, set it aside, put it back."""

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid5

from domain.fees.fee_account import (
    FEE_ACCOUNT,
    FeeAccount,
    FindPaymentOnStatement,
    ReleasePaymentFromStatement,
    fee_account_stream,
)
from domain.money.evidence import Evidence
from domain.reconciliation.file import STATEMENT_FILE, CompleteStatement, StartStatement
from domain.reconciliation.line import (
    STATEMENT_LINE,
    DoubtLine,
    LineStage,
    MatchLine,
    ReturnLine,
    SetAsideReason,
    SetLineAside,
    TellLineApart,
)
from domain.refusal import refuse_if
from services.commands.plan import Attempt, Plan, PlanFor, Planned, PlannedAs
from services.fees.plans import MoneyTaken, NewPayment, payment_taken
from services.fees.returned_refunds import refund_back, withdraw_refund_return
from services.log.event_log import Change
from services.log.known_states import Loaded
from services.log.not_found import NotFound
from services.reconciliation.desk_payments import method_of
from services.reconciliation.doubles import check_free


def on_statement_file(stream: UUID, estate: str, command: StartStatement | CompleteStatement) -> Plan:
    """The beginning or the end of taking a file over."""

    def make(attempt: Attempt) -> Planned:
        attempt.check_power(type(command), estate)
        return attempt.decided(STATEMENT_FILE, stream, attempt.at(STATEMENT_FILE, stream), command, stream, estate)

    return Plan(make)


def match_line(
    line: UUID,
    dwelling: UUID,
    bills: tuple[UUID, ...] = (),
    paid_on: date | None = None,
    *,
    accept_excess: bool = False,
) -> PlanFor[MoneyTaken]:
    """A person says whose payment it is: line, account and receipt change together.

    ``accept_excess`` holds as overpaid what may not be held in advance.
    """

    def make(attempt: Attempt) -> PlannedAs[MoneyTaken]:
        loaded = attempt.own(STATEMENT_LINE, line)
        account = attempt.own(FEE_ACCOUNT, fee_account_stream(dwelling)).state
        attempt.check_power(MatchLine, loaded.state.estate)
        facts, payment = loaded.state.told, uuid5(line, f"{dwelling} {loaded.version}")
        planned = attempt.decided(STATEMENT_LINE, line, loaded, MatchLine(dwelling, payment), line)
        assert facts is not None and account.estate is not None
        day = paid_on or facts.at.date()
        new = NewPayment(
            dwelling=dwelling,
            amount=facts.amount,
            method=method_of(facts.provider),
            bills=bills,
            paid_on=day,
            accept_excess=accept_excess,
            line=line,
            evidence=Evidence.BY_HAND,
        )
        paid = payment_taken(attempt, new, payment)
        answer = replace(paid.answer, stream=line, version=planned.answer.version)
        return PlannedAs([*planned.changes, *paid.changes], answer)

    return PlanFor(make, answers=MoneyTaken)


def found_at_desk(line: UUID, dwelling: UUID, payment: UUID) -> PlanFor[MoneyTaken]:
    """A person says that the desk had taken it down before: the line belongs to that payment, and no other is made.

    The account notes it too, so that of two lines that are matched to one payment at once one comes too late.
    Refuses ``line_other_payment``.
    """

    def make(attempt: Attempt) -> PlannedAs[MoneyTaken]:
        loaded = attempt.own(STATEMENT_LINE, line)
        account = attempt.own(FEE_ACCOUNT, fee_account_stream(dwelling))
        attempt.check_power(MatchLine, loaded.state.estate)
        facts, paid = loaded.state.told, account.state.payments.get(payment)
        if facts is None or paid is None:
            raise NotFound
        same = (paid.amount, paid.method) == (facts.amount, method_of(facts.provider))
        refuse_if(paid.reversed or not same, "line_other_payment")
        planned = attempt.decided(STATEMENT_LINE, line, loaded, MatchLine(dwelling, payment, Evidence.AT_DESK), line)
        noted = _on_account(attempt, account, dwelling, FindPaymentOnStatement(payment, line))
        answer = MoneyTaken(line, planned.answer.version, payment=payment, receipt=paid.receipt)
        return PlannedAs([*planned.changes, noted], answer)

    return PlanFor(make, answers=MoneyTaken)


def refund_came_back(line: UUID, dwelling: UUID, refund: UUID) -> PlanFor[MoneyTaken]:
    """A person says that a refund which was paid out came back by this line.

    Refuses ``line_other_refund``, and what ``ReturnRefund`` refuses.
    """

    def make(attempt: Attempt) -> PlannedAs[MoneyTaken]:
        loaded = attempt.own(STATEMENT_LINE, line)
        account = attempt.own(FEE_ACCOUNT, fee_account_stream(dwelling)).state
        attempt.check_power(MatchLine, loaded.state.estate)
        facts, paid = loaded.state.told, account.refunds.get(refund)
        if facts is None or paid is None:
            raise NotFound
        same = (paid.amount, paid.method) == (facts.amount, method_of(facts.provider))
        refuse_if(not same or paid.line not in (None, line), "line_other_refund")
        matched = MatchLine(dwelling, paid.payment, Evidence.REFUND_RETURNED, refund)
        planned = attempt.decided(STATEMENT_LINE, line, loaded, matched, line)
        back = refund_back(attempt, dwelling, refund, facts.at.date(), line)
        receipt = account.payments[paid.payment].receipt
        answer = MoneyTaken(line, planned.answer.version, payment=paid.payment, receipt=receipt)
        return PlannedAs([*planned.changes, *back.changes], answer)

    return PlanFor(make, answers=MoneyTaken)


def on_line(line: UUID, command: SetLineAside | TellLineApart | DoubtLine | ReturnLine) -> Plan:
    """Set a line aside, tell it apart, or put it back. A payment of the desk that it was found for stands as it did.

    Refuses ``line_same_taken`` for the earlier line that another line of the file is already.
    """

    def make(attempt: Attempt) -> Planned:
        loaded = attempt.own(STATEMENT_LINE, line)
        attempt.check_power(type(command), loaded.state.estate)
        if isinstance(command, SetLineAside) and command.reason is SetAsideReason.SAME_LINE:
            check_free(attempt, line, loaded.state, command.same)
        planned = attempt.decided(STATEMENT_LINE, line, loaded, command, line)
        if isinstance(command, ReturnLine) and loaded.state.stage is LineStage.MATCHED:
            dwelling, payment = loaded.state.dwelling, loaded.state.payment
            if dwelling is not None and loaded.state.refund is not None:
                out = withdraw_refund_return(dwelling, loaded.state.refund).make(attempt)
                return Planned([*planned.changes, *out.changes], planned.answer)
            assert dwelling is not None and payment is not None
            account = attempt.at(FEE_ACCOUNT, fee_account_stream(dwelling))
            of_desk = loaded.state.evidence is Evidence.AT_DESK
            refuse_if(not account.state.payments[payment].reversed and not of_desk, "line_payment_stands")
            freed = _on_account(attempt, account, dwelling, ReleasePaymentFromStatement(payment, line))
            return Planned([*planned.changes, freed], planned.answer)
        return planned

    return Plan(make)


def _on_account(
    attempt: Attempt,
    account: Loaded[FeeAccount],
    dwelling: UUID,
    command: FindPaymentOnStatement | ReleasePaymentFromStatement,
) -> Change:
    """What the account notes of a line of a statement and a payment of the desk."""
    events = FEE_ACCOUNT.consider(command, account.state, attempt.act)
    payer = account.state.payments[command.payment].payer
    stream = fee_account_stream(dwelling)
    return Change(stream, FEE_ACCOUNT.name, account.version, events, attempt.act, account.state.estate, payer)
