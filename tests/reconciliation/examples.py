"""One telling example of every command and event of statement files and their lines."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.calendar import SHANGHAI
from domain.money.evidence import Evidence
from domain.reconciliation import file as statements
from domain.reconciliation import line as lines
from domain.reconciliation.line import LineFacts, Provider

ESTATE_CODE = "350902002999-001"
DWELLING, PAYMENT, FILE, MARK, ABOUT = (UUID(int=n) for n in range(0x300, 0x305))
PAID_AT = datetime(2026, 10, 5, 8, 30, tzinfo=SHANGHAI)
TOLD = LineFacts(ESTATE_CODE, Provider.WECHAT, 64346, PAID_AT, FILE, 2, 386, MARK)
BACK = LineFacts(ESTATE_CODE, Provider.WECHAT, -64346, PAID_AT, FILE, 3, -386, MARK, ABOUT)
OTHER_FILE = UUID(int=0x306)
THEIRS = LineFacts("350902002999-002", Provider.WECHAT, 64346, PAID_AT, OTHER_FILE, 9, 386, MARK)
SAID = ("4200002468202610051234567890/", None, "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", "3-2-501 物业费")

TAKE = lines.TakeUpLine(TOLD, *SAID, lines.Waiting.NO_TRACE)
MATCHED = lines.TakeUpLine(
    TOLD, *SAID, None, DWELLING, PAYMENT, Evidence.DWELLING_AND_AMOUNT
)  # fmt: skip
FIGURES = (ESTATE_CODE, Provider.WECHAT, 12, 772_152, 0, 4632, date(2026, 10, 5), date(2026, 10, 6))

COMMANDS: tuple[Any, ...] = (
    TAKE,
    lines.MatchLine(DWELLING, PAYMENT),
    lines.SetLineAside(lines.SetAsideReason.NOT_FEES, "门口电动车充电的钱"),
    lines.TellLineApart(),
    lines.DoubtLine(),
    lines.ReturnLine(),
    lines.PassLineOn(THEIRS, lines.Waiting.OTHER_AMOUNT),
    statements.StartStatement(*FIGURES),
    statements.CompleteStatement(),
)

EVENTS: tuple[Any, ...] = (
    lines.StatementLineQueued(BACK, lines.Waiting.REFUND, *SAID),
    lines.StatementLineMatched(DWELLING, PAYMENT, Evidence.DWELLING_AND_AMOUNT, TOLD, *SAID),
    lines.StatementLineSetAside(lines.SetAsideReason.NOT_FEES, "门口电动车充电的钱"),
    lines.StatementLineToldApart(),
    lines.StatementLineDoubted((ABOUT,)),
    lines.StatementLineReturned(PAYMENT),
    lines.StatementLinePassedOn(THEIRS, lines.Waiting.OTHER_AMOUNT),
    statements.StatementStarted(*FIGURES),
    statements.StatementCompleted(),
)
