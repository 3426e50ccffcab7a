"""A line of a statement file: taken up once, matched once, set aside with a reason, and back if that was wrong."""

from dataclasses import replace
from uuid import UUID

from domain.money.evidence import Evidence
from domain.reconciliation.file import (
    STATEMENT_FILE,
    CompleteStatement,
    StartStatement,
    StatementCompleted,
    StatementFile,
    StatementStarted,
)
from domain.reconciliation.line import (
    STATEMENT_LINE,
    LineStage,
    MatchLine,
    PassLineOn,
    ReturnLine,
    SetAsideReason,
    SetLineAside,
    StatementLine,
    StatementLineMatched,
    StatementLinePassedOn,
    StatementLineQueued,
    StatementLineReturned,
    StatementLineSetAside,
    Waiting,
)
from tests.reconciliation.examples import BACK, DWELLING, FIGURES, MATCHED, PAYMENT, SAID, TAKE, THEIRS, TOLD
from tests.scenario import Scenario

ASIDE = SetLineAside(SetAsideReason.NOT_FEES)
GIVEN_UP = SetLineAside(SetAsideReason.OTHER_ESTATE)
BY_HAND = MatchLine(DWELLING, PAYMENT)


def unknown() -> Scenario[StatementLine]:
    return Scenario(STATEMENT_LINE, STATEMENT_LINE.initial).head()


def queued() -> Scenario[StatementLine]:
    return unknown().when(TAKE)


def test_it_is_taken_up_once_however_many_files_hold_it() -> None:
    queued().then(StatementLineQueued(TOLD, TAKE.waiting, *SAID)).when(TAKE).then()
    matched = unknown().when(MATCHED)
    matched.then(StatementLineMatched(DWELLING, PAYMENT, Evidence.DWELLING_AND_AMOUNT, TOLD, *SAID))
    matched.when(TAKE).then()
    matched.holds(lambda line: line.stage is LineStage.MATCHED and line.payment == PAYMENT and line.told == TOLD)


def test_a_person_matches_it_once() -> None:
    by_hand = queued().when(BY_HAND).then(StatementLineMatched(DWELLING, PAYMENT, Evidence.BY_HAND))
    by_hand.refused(BY_HAND, "line_matched")
    by_hand.refused(MatchLine(DWELLING, UUID(int=9)), "line_matched")
    by_hand.refused(ASIDE, "line_matched")
    unknown().refused(BY_HAND, "line_not_queued")


def test_money_that_went_out_is_nobody_s_payment() -> None:
    out = unknown().when(replace(TAKE, told=BACK))
    out.refused(BY_HAND, "line_money_out")
    unknown().refused(replace(MATCHED, told=BACK), "line_money_out")
    out.when(SetLineAside(SetAsideReason.REFUND_RECORDED)).then(StatementLineSetAside)


def test_what_is_set_aside_has_a_reason_and_can_come_back() -> None:
    queued().refused(SetLineAside(SetAsideReason.OTHER), "blank_text", field="text")
    aside = queued().when(ASIDE).then(StatementLineSetAside(SetAsideReason.NOT_FEES))
    aside.refused(ASIDE, "line_not_queued")
    aside.refused(BY_HAND, "line_not_queued")
    back = aside.when(ReturnLine()).then(StatementLineReturned()).refused(ReturnLine(), "line_waits")
    back.when(BY_HAND).then(StatementLineMatched)
    unknown().refused(ASIDE, "line_not_queued")
    unknown().refused(ReturnLine(), "line_not_queued")


def test_a_matched_line_comes_back_with_the_payment_that_did_not_stand() -> None:
    back = unknown().when(MATCHED).when(ReturnLine()).then(StatementLineReturned(PAYMENT))
    back.holds(lambda line: line.stage is LineStage.QUEUED and line.payment is None)


def test_another_estate_has_it_once_the_first_says_it_is_not_theirs() -> None:
    """One account of a provider for two estates: the line is in the files of both, and one line."""
    pass_on = PassLineOn(THEIRS, Waiting.OTHER_AMOUNT)
    unknown().refused(pass_on, "line_elsewhere")
    waiting = unknown().when(replace(TAKE, waiting=Waiting.OTHER_AMOUNT))
    waiting.refused(pass_on, "line_elsewhere")  # it leads to somebody here
    waiting.when(ASIDE).refused(pass_on, "line_elsewhere")
    queued().when(BY_HAND).refused(pass_on, "line_matched")
    queued().when(PassLineOn(TOLD, Waiting.NO_TRACE)).then()

    given_up = waiting.when(GIVEN_UP)
    passed = given_up.when(pass_on).then(StatementLinePassedOn(THEIRS, Waiting.OTHER_AMOUNT))
    passed.holds(lambda line: (line.estate, line.stage, line.told) == (THEIRS.estate, LineStage.QUEUED, THEIRS))
    passed.when(pass_on).then()
    passed.when(BY_HAND).then(StatementLineMatched)
    passed.when(GIVEN_UP).refused(PassLineOn(TOLD, Waiting.NO_TRACE), "line_elsewhere")  # who gave it up has no more
    queued().when(pass_on).then(StatementLinePassedOn)  # nothing leads to anybody here, something does there


def test_what_was_given_up_by_mistake_comes_back() -> None:
    back = queued().when(GIVEN_UP, ReturnLine())
    back.refused(PassLineOn(THEIRS, Waiting.NO_TRACE), "line_elsewhere")
    passed = back.when(GIVEN_UP, PassLineOn(THEIRS, Waiting.NO_TRACE), GIVEN_UP)
    passed.holds(lambda line: not line.may_pass_to(TOLD.estate) and line.may_pass_to("350902002999-003"))


def test_a_file_is_started_and_completed_once() -> None:
    new: Scenario[StatementFile] = Scenario(STATEMENT_FILE, STATEMENT_FILE.initial).head()
    new.refused(CompleteStatement(), "statement_not_started")
    new.refused(replace(StartStatement(*FIGURES), lines=0), "statement_empty")
    started = new.when(StartStatement(*FIGURES)).then(StatementStarted(*FIGURES))
    started.when(StartStatement(*FIGURES)).then()
    started.when(CompleteStatement()).then(StatementCompleted()).when(CompleteStatement()).then()
