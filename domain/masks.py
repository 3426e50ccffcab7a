"""What may be shown of a name, a phone or an account to whoever has not asked to see it: enough to recognise, no more.

Whoever needs more looks on record (INV-63).
"""

import re
import unicodedata

HIDDEN = "****"
_MOBILE = re.compile(r"(?:0086|86)?(1[3-9]\d)\d{4}(\d{4})", re.ASCII)
_LEAST_HIDDEN = 4  # digits; what is shorter is hidden whole


def masked_name(name: str | None) -> str | None:
    """The sign of the surname and a mark for the rest: ``欧**``."""
    return name and name[0] + "*" * min(len(name) - 1, 2)


def masked_phone(phone: str | None) -> str | None:
    """``138****6603`` of a mobile, ``****66`` of any other number, however it was written; never anything but digits.

    Of a mobile four of its own eight digits stay, the first three being its network's. A landline has seven or eight,
    and area codes and extensions are written in many ways: of it only the last two stay.
    """
    if not phone:
        return phone
    digits = "".join(str(unicodedata.decimal(sign)) for sign in phone if sign.isdecimal())
    mobile = _MOBILE.fullmatch(digits)
    if mobile:
        return mobile[1] + HIDDEN + mobile[2]
    return HIDDEN + _last(digits, 2)


def masked_account(account: str | None) -> str | None:
    """The last four signs of a bank's or provider's account: ``****0123``."""
    return account and HIDDEN + _last(account, 4)


def _last(text: str, shown: int) -> str:
    return text[-shown:] if len(text) >= shown + _LEAST_HIDDEN else ""
