"""A line of a statement file: taken up once, matched once, set aside with a reason, and back if that was wrong."""

from dataclasses import replace
from uuid import UUID

from domain.evidence import Evidence
from domain.statement_file import (
    STATEMENT_FILE,
    CompleteStatement,
    StartStatement,
    StatementCompleted,
    StatementFile,
    StatementStarted,
)
from domain.statement_line import (
    STATEMENT_LINE,
    LineStage,
    MatchLine,
    ReturnLine,
    SetAsideReason,
    SetLineAside,
    StatementLine,
    StatementLineMatched,
    StatementLineQueued,
    StatementLineReturned,
    StatementLineSetAside,
)
from tests.scenario import Scenario
from tests.statement_examples import BACK, DWELLING, FIGURES, MATCHED, PAYMENT, SAID, TAKE, TOLD

ASIDE = SetLineAside(SetAsideReason.NOT_FEES)
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
    by_hand.when(BY_HAND).then()
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
    aside.when(ASIDE).then()
    aside.refused(BY_HAND, "line_not_queued")
    aside.when(ReturnLine()).then(StatementLineReturned()).when(ReturnLine()).then().when(BY_HAND).then(
        StatementLineMatched
    )
    unknown().refused(ASIDE, "line_not_queued")
    unknown().refused(ReturnLine(), "line_not_queued")


def test_a_matched_line_comes_back_with_the_payment_that_did_not_stand() -> None:
    back = unknown().when(MATCHED).when(ReturnLine()).then(StatementLineReturned(PAYMENT))
    back.holds(lambda line: line.stage is LineStage.QUEUED and line.payment is None)


def test_a_file_is_started_and_completed_once() -> None:
    new: Scenario[StatementFile] = Scenario(STATEMENT_FILE, STATEMENT_FILE.initial).head()
    new.refused(CompleteStatement(), "statement_not_started")
    new.refused(replace(StartStatement(*FIGURES), lines=0), "statement_empty")
    started = new.when(StartStatement(*FIGURES)).then(StatementStarted(*FIGURES))
    started.when(StartStatement(*FIGURES)).then()
    started.when(CompleteStatement()).then(StatementCompleted()).when(CompleteStatement()).then()
