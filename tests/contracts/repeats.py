"""What comes of commands about contracts and prices that are given once more."""

from dataclasses import replace
from datetime import date, timedelta

from domain.contracts import fee_basis as basis
from domain.contracts.fee_basis import FEE_BASIS, ModeGround, Party, ServiceMode
from tests.contracts.examples import ADOPT, CONTRACT, ESTATE_CODE, SCHEDULE, SIGN, UNTIL
from tests.repeats import Repeat, harmless, refused
from tests.scenario import MONDAY, Scenario

_NOTHING = Scenario(FEE_BASIS, FEE_BASIS.initial)
_SIGN = replace(SIGN, since=date(2026, 12, 1))
_SIGNED = _NOTHING.when(_SIGN)
_NOTICE = basis.GiveNotice(CONTRACT, Party.OWNERS, date(2029, 1, 20), UNTIL, "JD-2026-09")
_LATE = _SIGNED.at(MONDAY.replace(year=2029, month=2))
_PUBLIC = basis.ChangeServiceMode(
    ESTATE_CODE, ServiceMode.BASELINE_PUBLIC_INTEREST, date(2026, 11, 1), ModeGround.CONTRACT, "JD-1"
)
_OVER = _LATE.when(_NOTICE).at(MONDAY.replace(year=2029, month=12, day=20)).when(basis.LetTimePass(UNTIL))
_HAND = basis.CompleteHandover(CONTRACT, UNTIL + timedelta(days=1))

REPEATS: tuple[Repeat, ...] = (
    harmless(_NOTHING, _PUBLIC, replace(_PUBLIC, since=date(2026, 11, 2))),
    harmless(_NOTHING, _SIGN, replace(_SIGN, number="DHY-2026-02")),
    harmless(_LATE, _NOTICE, replace(_NOTICE, decision="JD-2026-10")),
    refused(_LATE.when(_NOTICE), basis.WithdrawNotice(CONTRACT), "notice_none"),
    harmless(_OVER, _HAND, basis.CompleteHandover(CONTRACT, UNTIL + timedelta(days=2))),
    harmless(_LATE.when(_NOTICE), basis.LetTimePass(UNTIL)),
    harmless(_SIGNED, ADOPT, replace(ADOPT, decision="JD-2026-05")),
    refused(_SIGNED.when(ADOPT), basis.WithdrawFeeSchedule(SCHEDULE), "schedule_withdrawn"),
)
