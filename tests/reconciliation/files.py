"""Statement files in the layouts that their providers really send."""

import gzip
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

WECHAT_HEAD = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,"
    "手续费,费率,订单金额,申请退款金额,费率备注"
)
WECHAT_SUMS = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
ALIPAY_HEAD = (
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,"
    "商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,"
    "卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注"
)
CCB_HEAD = (
    "账号,账户名称,交易时间,借方发生额（支取）,贷方发生额（收入）,余额,币种,对方户名,对方账号,对方开户机构,记账日期,摘要,备注,"
    "账户明细编号-交易流水号,企业流水号,凭证种类,凭证号,关联账户"
)
ICBC_HEAD = (
    "凭证号,本方账号,对方账号,交易时间,借/贷,借方发生额,贷方发生额,对方行号,摘要,用途,对方单位名称,余额,个性化信息"
)


@dataclass(frozen=True)
class Paid:
    """One line: ``amount`` in fen, below zero a refund of the line ``order``."""

    order: str
    amount: int
    name: str = "物业费"
    payer: str = "oX1"
    reference: str = "0"
    at: str = "2026-10-05 08:30:00"
    state: str = ""


def yuan(fen: int) -> str:
    return f"{fen / 100:.2f}"


def wechat(lines: Sequence[Paid], *, tick: str = "`", count: int | None = None, total: int | None = None) -> str:
    """A trade bill as text."""
    rows = []
    for paid in lines:
        back = paid.amount < 0
        state = paid.state or ("REFUND" if back else "SUCCESS")
        received, refunded = (0, -paid.amount) if back else (paid.amount, 0)
        fee = round(paid.amount * 0.006)
        rows.append(
            [
                paid.at, "wx8888888888888888", "1230000109", "0", "", f"42000{paid.order}", paid.reference, paid.payer,
                "NATIVE", state, "CMB_CREDIT", "CNY", yuan(received), "0.00", f"50{paid.order}" if back else "0",
                f"R{paid.order}" if back else "0", yuan(refunded), "0.00", "ORIGINAL" if back else "",
                "SUCCESS" if back else "", paid.name, "", f"{fee / 100:.5f}", "0.60%", yuan(received), yuan(refunded),
                "",
            ]
        )  # fmt: skip
    received = sum(each.amount for each in lines if each.amount > 0) if total is None else total
    refunded = -sum(each.amount for each in lines if each.amount < 0)
    sums = [
        str(len(lines) if count is None else count), yuan(received), yuan(refunded), "0.00", "0.00", yuan(received),
        yuan(refunded),
    ]  # fmt: skip
    body = [",".join(tick + cell for cell in row) for row in (*rows,)]
    return "\r\n".join([WECHAT_HEAD, *body, WECHAT_SUMS, ",".join(tick + cell for cell in sums), ""])


def alipay(lines: Sequence[Paid], *, count: int | None = None, positive_refunds: bool = False) -> str:
    """A business detail as text."""
    rows = []
    for paid in lines:
        back = paid.amount < 0
        amount = -paid.amount if back and positive_refunds else paid.amount
        rows.append(
            ",".join(
                [
                    f"20261005220014{paid.order}\t", f"{paid.reference}\t", "退款" if back else "交易", paid.name,
                    paid.at, paid.at, "", "", "", "\t", f"{paid.payer}\t", yuan(amount), yuan(amount), "0.00", "0.00",
                    "0.00", "0.00", "0.00", "", "0.00", "0.00", f"RQ{paid.order}\t" if back else "\t", "-0.01", "0.00",
                    "",
                ]
            )
        )  # fmt: skip
    trades = [each.amount for each in lines if each.amount > 0]
    backs = [each.amount for each in lines if each.amount < 0]
    stated = len(trades) if count is None else count
    return "\r\n".join(
        [
            "#支付宝业务明细查询",
            "#账号：[20881234567890120156]",
            "#起始日期：[2026年10月05日 00:00:00]   终止日期：[2026年10月06日 00:00:00]",
            "#-----------------------------------------业务明细列表----------------------------------------",
            ALIPAY_HEAD,
            *rows,
            "#-----------------------------------------业务明细列表结束------------------------------------",
            f"#交易合计：{stated}笔，商家实收共{yuan(sum(trades))}元，商家优惠共0.00元",
            f"#退款合计：{len(backs)}笔，商家实收退款共{yuan(sum(backs))}元，商家优惠退款共0.00元",
            "",
        ]
    )


def alipay_zip(text: str) -> bytes:
    """As it is downloaded: two files whose names are GBK, too."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (("业务明细(汇总).csv", "#支付宝业务汇总查询\r\n"), ("业务明细.csv", text)):
            info = zipfile.ZipInfo("x" * len(name.encode("gbk")))
            archive.writestr(info, content.encode("gb18030"))
    raw = packed.getvalue()
    for name in ("业务明细(汇总).csv", "业务明细.csv"):
        gbk = name.encode("gbk")
        raw = raw.replace(b"x" * len(gbk), gbk)
    return raw


def packed(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def gz(content: bytes) -> bytes:
    return gzip.compress(content)


def thousands(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}"


def ccb(
    lines: Sequence[Paid], *, opening: int = 1_000_000, wrong_at: int | None = None, total: int | None = None
) -> str:
    """Rows under a block of account data, totals at the end."""
    rows, balance = [], opening
    for place, paid in enumerate(lines):
        balance += paid.amount
        at = paid.at.replace("-", "").replace(":", "")
        serial = f"11-{paid.order}{'R' if paid.amount < 0 else ''}"
        shown = balance + (1 if place == wrong_at else 0)
        out, money_in = (thousands(-paid.amount), "") if paid.amount < 0 else ("", thousands(paid.amount))
        rows.append(
            ["35050168810000000123", "某物业", at, out, money_in, thousands(shown),
             "人民币元", "邹老师", paid.payer, "某行", "20261005", "转账", paid.name, serial, "", "", "", ""]
        )  # fmt: skip
    money_in = sum(each.amount for each in lines if each.amount > 0) if total is None else total
    money_out = -sum(each.amount for each in lines if each.amount < 0)
    foot = ["合计", "", "", thousands(money_out), thousands(money_in)]
    said = [*rows, foot]
    quoted = [",".join(f'"{cell}"' if "," in cell else cell for cell in row) for row in said]
    return "\r\n".join(["账户明细信息", "账号：35050168810000000123,,", "", CCB_HEAD, *quoted, ""])


def icbc(lines: Sequence[Paid]) -> str:
    rows = []
    balance = 500_000
    for paid in lines:
        balance += paid.amount
        out, money_in = (yuan(-paid.amount), "0.00") if paid.amount < 0 else ("0.00", yuan(paid.amount))
        rows.append(
            ["0", "1407001009022100123", paid.payer, paid.at, "借" if paid.amount < 0 else "贷", out, money_in, "102",
             "网转", paid.name, "林小姐", yuan(balance), ""]
        )  # fmt: skip
    return "\r\n".join([ICBC_HEAD, *(",".join(row) for row in rows), ""])
