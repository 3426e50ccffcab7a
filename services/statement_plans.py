"""What people do with statement files and their lines: begin one, match a line, set it aside, put it back."""

from datetime import date
from uuid import UUID, uuid5

from domain.evidence import Evidence
from domain.fee_account import FEE_ACCOUNT, fee_account_stream
from domain.refusal import refuse_if
from domain.statement_file import STATEMENT_FILE, CompleteStatement, StartStatement
from domain.statement_line import STATEMENT_LINE, LineStage, MatchLine, ReturnLine, SetLineAside
from services.ask import Answer, NotFound
from services.payment_plans import NewPayment, payment_taken
from services.plan import Looking, Plan, Planned
from services.statement_desk import method_of


def on_statement(stream: UUID, estate: str, command: StartStatement | CompleteStatement) -> Plan:
    """The beginning or the end of taking a file over."""

    def make(look: Looking) -> Planned:
        look.check_power(type(command), estate)
        return look.decided(STATEMENT_FILE, stream, look.at(STATEMENT_FILE, stream), command, stream, estate)

    return Plan(make)


def match_line(
    line: UUID,
    dwelling: UUID,
    bills: tuple[UUID, ...] = (),
    paid_on: date | None = None,
    *,
    accept_excess: bool = False,
) -> Plan:
    """A person says whose payment it is: line, account and receipt change together. The answer's ``order`` is the
    payment, its ``number`` the receipt. ``accept_excess`` holds as overpaid what may not be held in advance.
    """

    def make(look: Looking) -> Planned:
        loaded = look.own(STATEMENT_LINE, line)
        account = look.own(FEE_ACCOUNT, fee_account_stream(dwelling)).state
        look.check_power(MatchLine, loaded.state.estate)
        told, payment = loaded.state.told, uuid5(line, f"{dwelling} {loaded.version}")
        planned = look.decided(STATEMENT_LINE, line, loaded, MatchLine(dwelling, payment), line)
        assert told is not None and account.estate is not None
        day = paid_on or told.at.date()
        new = NewPayment(
            dwelling=dwelling,
            amount=told.amount,
            method=method_of(told.provider),
            bills=bills,
            paid_on=day,
            accept_excess=accept_excess,
            line=line,
            evidence=Evidence.BY_HAND,
        )
        paid = payment_taken(look, new, payment)
        answer = Answer(line, planned.answer.version, 0, paid.answer.number, payment)
        return Planned([*planned.changes, *paid.changes], answer)

    return Plan(make)


def found_at_desk(line: UUID, dwelling: UUID, payment: UUID) -> Plan:
    """A person says that the desk had taken it down before: the line belongs to that payment, and no other is made.

    The answer's ``order`` is the payment, its ``number`` the receipt. Refuses ``line_other_payment``.
    """

    def make(look: Looking) -> Planned:
        loaded = look.own(STATEMENT_LINE, line)
        account = look.own(FEE_ACCOUNT, fee_account_stream(dwelling)).state
        look.check_power(MatchLine, loaded.state.estate)
        told, paid = loaded.state.told, account.payments.get(payment)
        if told is None or paid is None:
            raise NotFound
        same = (paid.amount, paid.method) == (told.amount, method_of(told.provider))
        refuse_if(paid.reversed or not same, "line_other_payment")
        planned = look.decided(STATEMENT_LINE, line, loaded, MatchLine(dwelling, payment, Evidence.AT_DESK), line)
        return Planned(planned.changes, planned.answer._replace(number=paid.receipt, order=payment))

    return Plan(make)


def on_line(line: UUID, command: SetLineAside | ReturnLine) -> Plan:
    """Set a line aside, or put it back into the queue."""

    def make(look: Looking) -> Planned:
        loaded = look.own(STATEMENT_LINE, line)
        look.check_power(type(command), loaded.state.estate)
        if isinstance(command, ReturnLine) and loaded.state.stage is LineStage.MATCHED:
            assert loaded.state.dwelling is not None and loaded.state.payment is not None
            account = look.at(FEE_ACCOUNT, fee_account_stream(loaded.state.dwelling)).state
            refuse_if(not account.payments[loaded.state.payment].reversed, "line_payment_stands")
        return look.decided(STATEMENT_LINE, line, loaded, command, line)

    return Plan(make)
