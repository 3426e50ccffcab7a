"""Exports in which a column says how each line stands: of a shop's orders, of banks, of a person's own accounts."""

from collections.abc import Sequence

WECHAT_PERSONAL = "交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注"
ALIPAY_PERSONAL = (
    "交易时间,交易分类,交易对方,对方账号,商品说明,收/支,金额,收/付款方式,交易状态,交易订单号,商家订单号,备注"
)
ALIPAY_OLD = (
    "交易号,商家订单号,交易创建时间,付款时间,最近修改时间,交易来源地,类型,交易对方,商品名称,金额（元）,收/支,交易状态,"
    "服务费（元）,成功退款（元）,备注,资金状态"
)
Line = tuple[str, str, str]  # amount, state, what for


def orders(lines: Sequence[Line], state: str = "订单状态") -> str:
    """What a shop's page of orders gives out."""
    rows = [f"2026-10-05 09:0{n}:00,O{n}7Q,{amount},{said},{what}" for n, (amount, said, what) in enumerate(lines)]
    return "\r\n".join([f"交易时间,交易流水号,交易金额,{state},备注", *rows, ""])


def with_refunds(lines: Sequence[tuple[str, str, str]]) -> str:
    """Amounts beside what of each went back."""
    rows = [f"2026-10-05,R{n}7Q,{amount},{back},{what}" for n, (amount, back, what) in enumerate(lines)]
    return "\r\n".join(["交易日期,交易流水号,交易金额,退款金额,备注", *rows, ""])


def wechat_personal(lines: Sequence[Line], side: str = "收入") -> str:
    rows = [
        f'2026-10-05 10:0{n}:00,转账,邹老师,"{what}",{side},¥{amount},/,{said},10000500{n:05}\t,/,"/"'
        for n, (amount, said, what) in enumerate(lines)
    ]
    return "\r\n".join(["微信支付账单明细,,,,,,,,", "微信昵称：[小林],,,,,,,,", WECHAT_PERSONAL, *rows, ""])


def alipay_personal(lines: Sequence[Line], side: str = "收入") -> str:
    rows = [
        f"2026-10-05 11:0{n}:00,转账红包,邹老师,zou***@1.com,{what},{side},{amount},余额,{said},2026100522{n:05}\t,\t,"
        for n, (amount, said, what) in enumerate(lines)
    ]
    return "\r\n".join(["支付宝交易记录明细查询", ALIPAY_PERSONAL, *rows, ""])


def alipay_old(lines: Sequence[tuple[str, str, str, str]]) -> str:
    rows = [
        f"2026100522{n:05}\t,\t,2026-10-05 12:0{n}:00,2026-10-05 12:0{n}:01,2026-10-05 12:0{n}:02,其他,即时到账,邹老师,"
        f"{what},{amount},收入,{said},0.00,{back},,已收入"
        for n, (amount, said, what, back) in enumerate(lines)
    ]
    return "\r\n".join(["支付宝交易记录明细查询", ALIPAY_OLD, *rows, ""])
