"""One telling example of every command and event of a fee basis."""

from datetime import date
from typing import Any
from uuid import UUID

from domain.contracts import fee_basis as basis
from domain.contracts.fee_basis import Charged, FeeMode, ModeGround, Party, Price, ServiceMode, Terms
from domain.money.allocation import AllocationOrder
from domain.money.items import FeeItem
from domain.register.dwelling import Use

ESTATE_CODE = "350902002999-001"
CONTRACT, SCHEDULE = UUID(int=0x400), UUID(int=0x401)
SINCE, UNTIL = date(2026, 12, 1), date(2029, 12, 1)
TERMS = Terms(AllocationOrder.PRINCIPAL_FIRST, 12, 30, 500, "第十二条", 6000, "第九条")
PRICES = (
    Price(FeeItem.PROPERTY_FEE, Charged.PER_AREA, (Use.RESIDENCE,), 6000, "第八条", "保洁、秩序、绿化、公共设施维护"),
    Price(FeeItem.PARKING, Charged.PER_UNIT, (Use.RESIDENCE, Use.PARKING), 500_000, "第十条", "地面车位"),
)
FIRM = "东侨某某物业服务有限公司"
SIGN = basis.SignContract(
    ESTATE_CODE, CONTRACT, "DHY-2026-01", FeeMode.LUMP_SUM, SINCE, UNTIL, TERMS, "JD-2026-04", FIRM
)
ADOPT = basis.AdoptFeeSchedule(SCHEDULE, CONTRACT, PRICES, date(2026, 11, 24), SINCE, "JD-2026-04")
CHANGE = basis.ChangeServiceMode(ESTATE_CODE, ServiceMode.CONTRACTED, SINCE, ModeGround.CONTRACT, "DHY-2026-01")

COMMANDS: tuple[Any, ...] = (
    CHANGE,
    SIGN,
    basis.GiveNotice(CONTRACT, Party.OWNERS, date(2026, 11, 20), date(2027, 2, 1), "JD-2026-09"),
    basis.WithdrawNotice(CONTRACT),
    basis.CompleteHandover(CONTRACT, date(2026, 11, 20)),
    basis.LetTimePass(date(2029, 10, 1)),
    ADOPT,
    basis.WithdrawFeeSchedule(SCHEDULE),
)

EVENTS: tuple[Any, ...] = (
    basis.EstateServiceModeChanged(
        ESTATE_CODE,
        ServiceMode.BASELINE_PUBLIC_INTEREST,
        ServiceMode.CONTRACTED,
        SINCE,
        ModeGround.CONTRACT,
        "DHY-2026-01",
    ),
    basis.ContractSigned(
        ESTATE_CODE, CONTRACT, "DHY-2026-01", FeeMode.LUMP_SUM, SINCE, UNTIL, TERMS, "JD-2026-04", FIRM
    ),
    basis.ContractTermReminded(CONTRACT, 90),
    basis.ContractNoticeGiven(CONTRACT, Party.OWNERS, date(2026, 11, 20), date(2027, 2, 1), "JD-2026-09"),
    basis.ContractNoticeWithdrawn(CONTRACT),
    basis.ContractExpired(CONTRACT, UNTIL),
    basis.ContractBecameIndefinite(CONTRACT, UNTIL),
    basis.ContractTerminated(CONTRACT, UNTIL),
    basis.FeeScheduleAdopted(SCHEDULE, CONTRACT, PRICES, date(2026, 11, 24), SINCE, "JD-2026-04"),
    basis.FeeScheduleWithdrawn(SCHEDULE),
)
