"""One set of transfers as different downloads of the same account write them."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDE = {each: each + 0xFEE0 for each in range(0x21, 0x7F)}


@dataclass(frozen=True)
class Transfer:
    """``amount`` in fen, below zero out; ``day`` of October 2026; ``serial`` is the bank's, where a layout has it."""

    day: int
    amount: int
    payer: str = "邹老师"
    account: str = "6217001820001234567"
    remark: str = "物业费"
    second: int = 0
    serial: str = ""
    balance: int = 0

    def date(self, sign: str = "-") -> str:
        return sign.join(("2026", "10", f"{self.day:02}"))

    def time(self) -> str:
        return f"{8 + self.second // 3600:02}:{self.second // 60 % 60:02}:{self.second % 60:02}"


def in_order(transfers: Sequence[Transfer], opening: int = 1_000_000) -> list[Transfer]:
    """As a bank books them: day by day, each with its second, its serial and the balance after it."""
    booked: list[Transfer] = []
    for place, each in enumerate(sorted(transfers, key=lambda each: each.day)):
        opening += each.amount
        booked.append(
            Transfer(
                each.day, each.amount, each.payer, each.account, each.remark, 61 * place,
                f"{each.day:02}{place * 7919 % 100_000:05}X{place}", opening,
            )
        )  # fmt: skip
    return booked


@dataclass(frozen=True)
class Layout:
    """Which columns a download has, and how it writes."""

    at: str = "day"  # day, moment or apart (two columns)
    account: bool = False
    payer: bool = True
    balance: bool = True
    serial: bool = False
    counted: bool = False  # numbers its rows
    signed: bool = False  # one column of amounts
    thousands: bool = False
    wide: bool = False
    named: str = "交易"  # how its heading begins

    def head(self) -> list[str]:
        day = {"day": ["交易日期"], "moment": ["交易时间"], "apart": ["交易日期", "交易时间"]}[self.at]
        money = ["交易金额"] if self.signed else ["借方发生额", "贷方发生额"]
        more = [
            *(["交易序号"] if self.counted else []), *(["交易流水号"] if self.serial else []),
            *(["对方户名"] if self.payer else []), *(["对方账号"] if self.account else []),
            *(["余额"] if self.balance else []),
        ]  # fmt: skip
        return [*day, *money, *more, "摘要" if self.named == "交易" else "用途"]

    def row(self, place: int, each: Transfer) -> list[str]:
        compact = f"{each.date('')} {each.time().replace(':', '')}"
        day = {"day": [each.date()], "moment": [compact], "apart": [each.date("/"), each.time()]}[self.at]
        out, came = (self.money(-each.amount), "") if each.amount < 0 else ("", self.money(each.amount))
        money = [self.money(each.amount)] if self.signed else [out, came]
        said = [each.remark.translate(WIDE) if self.wide else each.remark]
        return [
            *day, *money, *([str(place)] if self.counted else []), *([each.serial] if self.serial else []),
            *([each.payer] if self.payer else []), *([each.account] if self.account else []),
            *([self.money(each.balance)] if self.balance else []), *said,
        ]  # fmt: skip

    def money(self, fen: int) -> str:
        sign, fen = ("-", -fen) if fen < 0 else ("", fen)
        return f"{sign}{fen // 100:,}.{fen % 100:02}" if self.thousands else f"{sign}{fen // 100}.{fen % 100:02}"

    def text(self, transfers: Sequence[Transfer]) -> str:
        rows = [self.head(), *(self.row(place, each) for place, each in enumerate(transfers, 1))]
        quoted = [",".join(f'"{cell}"' if "," in cell else cell for cell in row) for row in rows]
        return "\r\n".join([*quoted, ""])


AS_IS = Layout()
WITH_ACCOUNT = Layout(account=True)
WITH_TIME = Layout(at="moment")
CORPUS = {
    "as it is": AS_IS,
    "with the payer's account": WITH_ACCOUNT,
    "with the time of day": WITH_TIME,
    "day and time apart": Layout(at="apart"),
    "one column of amounts": Layout(signed=True),
    "thousands apart": Layout(thousands=True),
    "wide signs": Layout(wide=True),
    "no payer": Layout(payer=False),
    "no balance": Layout(balance=False),
    "no balance, with account and time": Layout(at="moment", account=True, balance=False),
    "a purpose for the remark": Layout(named="用途"),
    "serials": Layout(serial=True),
    "serials, no balance": Layout(serial=True, balance=False),
    "rows are numbered": Layout(counted=True, balance=False),
    "nothing but day and money": Layout(payer=False, balance=False),
}
