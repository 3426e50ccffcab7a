"""What comes of commands about statement files and their lines that are given once more."""

from dataclasses import replace
from uuid import UUID

from domain.money.evidence import Evidence
from domain.reconciliation import file as statements
from domain.reconciliation import line as lines
from domain.reconciliation.file import STATEMENT_FILE
from domain.reconciliation.line import STATEMENT_LINE, SetAsideReason
from tests.reconciliation.examples import ABOUT, DWELLING, FIGURES, PAYMENT, TAKE, THEIRS
from tests.repeats import Repeat, harmless, refused
from tests.scenario import Scenario

_UNKNOWN = Scenario(STATEMENT_LINE, STATEMENT_LINE.initial)
_QUEUED = _UNKNOWN.when(TAKE)
_TWIN = _UNKNOWN.when(replace(TAKE, waiting=lines.Waiting.TWIN, twins=(ABOUT,)))
_ASIDE = lines.SetLineAside(SetAsideReason.NOT_FEES, "充电的钱")
_FILE = Scenario(STATEMENT_FILE, STATEMENT_FILE.initial)
_START = statements.StartStatement(*FIGURES)

REPEATS: tuple[Repeat, ...] = (
    harmless(_UNKNOWN, TAKE),
    refused(_QUEUED, lines.MatchLine(DWELLING, PAYMENT), "line_matched", lines.MatchLine(DWELLING, UUID(int=0x9001)),
            lines.MatchLine(DWELLING, PAYMENT, Evidence.AT_DESK)),
    refused(_QUEUED, _ASIDE, "line_not_queued", lines.SetLineAside(SetAsideReason.SENT_BACK)),
    harmless(_TWIN, lines.TellLineApart()),
    harmless(_TWIN.when(lines.TellLineApart()), lines.DoubtLine()),
    refused(_QUEUED.when(_ASIDE), lines.ReturnLine(), "line_waits"),
    harmless(_QUEUED, lines.PassLineOn(THEIRS, lines.Waiting.OTHER_AMOUNT)),
    harmless(_FILE, _START, replace(_START, lines=13), replace(_START, money_in=1)),
    harmless(_FILE.when(_START), statements.CompleteStatement()),
)  # fmt: skip
