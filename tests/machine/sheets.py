"""One sheet of every kind, filled in: what tests and the bench print."""

from dataclasses import replace
from datetime import UTC, date, datetime

from services.account_statements.paper import AccountStatementPaper, Movement, OpenBill
from services.arrears.paper import DemandLine, DemandPaper
from services.contracts.paper import PriceDisplay, PriceLine
from services.fees.paper import ReceiptLine, ReceiptPaper
from services.paper.reports import Column, ReportPaper, Table

FIRM = "福州市近邻物业服务有限公司"
VERIFY = "https://jinlin.example.org/verify/GXWAyjRCSt-4bO6kd3rEGXWAyjRCSt-4bO6kd3rE"
FEE = ReceiptLine("物业服务费", "2026-01-01 至 2026-12-31", "89.37 m² × 0.60 元 × 12 个月", 643_46)
RECEIPT = ReceiptPaper(
    number="2026-000123",
    firm=FIRM,
    estate="东湖苑",
    dwelling="3-2-501",
    payer="林小梅",
    paid_on=date(2026, 11, 24),
    method="微信",
    lines=(FEE,),
    amount=643_46,
    cashier="陈秀英",
    verify=VERIFY,
)
LINE = DemandLine("2025-000123", "物业服务费", "2025-01-01 至 2025-12-31", date(2025, 12, 31), 643_46, 100_00)
DEMAND = DemandPaper(
    number="2026-0031",
    firm=FIRM,
    station="东湖苑红色物业服务站",
    phone="0591-8765 4321",
    address=("福建省福州市鼓楼区东湖路 18 号", "3 栋 2 单元 501"),
    payer="林小梅",
    estate="东湖苑",
    dwelling="3-2-501",
    contract="2024-01 号",
    clause="第十二条",
    written_on=date(2026, 11, 24),
    pay_by=date(2026, 12, 15),
    lines=(LINE,),
    ways=("到站现金、刷卡", "微信、支付宝"),
)
STATEMENT = AccountStatementPaper(
    reference="JL04NZZFJVY",
    firm=FIRM,
    station="东湖苑红色物业服务站",
    phone="0591-8765 4321",
    estate="东湖苑",
    dwelling="3-2-501",
    payer="林小梅",
    since=date(2026, 1, 1),
    as_of=date(2026, 11, 24),
    before=100_00,
    movements=(
        Movement(date(2026, 1, 1), "物业服务费", "89.37 m² × 0.60 元 × 1 个月", 53_62, 0),
        Movement(date(2026, 2, 1), "微信", "2026-000123", 0, 120_00),
    ),
    bills=(OpenBill("2026-000100", "物业服务费", "2026-01", date(2026, 1, 31), 53_62, 33_62),),
    prepaid=0,
    link="https://jinlin.example.org/statement/abc",
)
PRICES = PriceDisplay(
    firm=FIRM,
    estate="东湖苑",
    mode="合同约定服务，包干制",
    contract="2024-01 号",
    shown_from=date(2026, 11, 1),
    valid_from=date(2026, 12, 1),
    lines=(PriceLine("物业服务费", "保洁、保安、绿化", "0.60 元/m²·月", "住宅", "第十二条"),),
    notes=("每张账单四舍五入到分一次。",),
    station="东湖苑红色物业服务站",
    link="https://jinlin.example.org/prices/dhy",
)
MONEY = Table(
    heading="各项目应收实收",
    columns=(Column("项目"), Column("笔数", "count"), Column("应收", "money")),
    rows=(("物业服务费", 1_234, 1_000_00), ("车位费", 2, 50)),
    total=("合计", 1_236, 1_000_50),
)
REPORT = ReportPaper(
    firm=FIRM,
    title="月结表",
    subtitle="2026年11月",
    facts=(("小区", "东湖苑"),),
    tables=(MONEY, replace(MONEY, heading="发票", rows=(), total=None)),
    signs=("会计", "站长"),
    source="与记录核对到第 123456 条",
    made_at=datetime(2026, 11, 30, 16, 0, tzinfo=UTC),
)
