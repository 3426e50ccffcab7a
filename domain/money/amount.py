"""Money in words and figures: amounts are whole fen, on paper also in capitals nobody can add a stroke to."""

LIMIT = 10**12  # ten thousand million yuan: one amount stays below, so that a slip of the finger cannot pass
_SAYABLE = 10**14

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")


def yuan(fen: int) -> str:
    """Yuan with two decimals and thousands apart, without a sign of the currency: ``1,234.56``, ``-0.05``."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}.{rest:02d}"


def capital(fen: int) -> str:
    """Chinese capitals as the central bank's rules for vouchers have them: ``柒拾壹元陆角捌分``, ``壹佰元整``.

    Raises ``ValueError`` for a million million yuan and more.
    """
    if abs(fen) >= _SAYABLE:
        raise ValueError("amount too large for capitals")
    whole, rest = divmod(abs(fen), 100)
    jiao, cents = divmod(rest, 10)
    words = "负" if fen < 0 else ""
    if whole or not rest:
        words += f"{_whole(whole)}元"
    if whole and rest and (jiao == 0 or whole % 10 == 0):
        words += "零"
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    if cents:
        words += f"{_DIGITS[cents]}分"
    return words if rest else f"{words}整"


def _whole(number: int) -> str:
    """A whole number in capitals; zeros between two figures are said once."""
    words, left_out = "", False
    for power, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        group = number // power % 10**4
        if group:
            words += "零" if words and (left_out or group < 1000) else ""
            words += _group(group) + name
        left_out = group == 0
    return words or _DIGITS[0]


def _group(group: int) -> str:
    words = ""
    for digit, place in zip(f"{group:04d}", _PLACES, strict=True):
        if digit != "0":
            words += _DIGITS[int(digit)] + place
        elif words and not words.endswith("零"):
            words += "零"
    return words.removesuffix("零")
