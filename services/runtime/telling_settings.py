"""Settings of telling people: which ways out there are. All of them are optional."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

KNOWN = {
    "JINLIN_MAIL": "",
    "JINLIN_MAIL_FROM": "",
    "JINLIN_QUIET": "22:00-07:00",
    "JINLIN_SMS": "",
    "JINLIN_SMS_SECRET": "",
    "JINLIN_TELL_PRIVATE": "no",
    "JINLIN_WEBHOOK": "",
    "JINLIN_WEBHOOK_SECRET": "",
    "JINLIN_WEBHOOK_SHAPE": "plain",
}
_SHAPES = ("plain", "wecom", "dingtalk", "feishu")


class WrongTelling(Exception):
    """A setting that cannot be; the text names it and repeats no secret."""


@dataclass(frozen=True, slots=True)
class TellingSettings:
    """``mail`` is an smtp:// or smtps:// address; ``webhook`` and ``sms`` are addresses to post to.

    ``private`` lets them be addresses of the own network. ``quiet`` is in minutes after midnight.
    """

    mail: str | None = None
    mail_from: str = ""
    webhook: str | None = None
    webhook_shape: str = "plain"
    webhook_secret: str | None = None
    sms: str | None = None
    sms_secret: str | None = None
    private: bool = False
    quiet: tuple[int, int] = (22 * 60, 7 * 60)

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "TellingSettings":
        """Read and check; raises ``WrongTelling``."""

        def said(name: str) -> str:
            return given.get(name) or KNOWN[name]

        mail = _address("JINLIN_MAIL", said("JINLIN_MAIL"), ("smtp", "smtps"))
        sender = said("JINLIN_MAIL_FROM")
        if mail and "@" not in sender:
            raise WrongTelling("JINLIN_MAIL_FROM must be the address that e-mail comes from")
        shape, private = said("JINLIN_WEBHOOK_SHAPE").lower(), said("JINLIN_TELL_PRIVATE").lower()
        if shape not in _SHAPES:
            raise WrongTelling(f"JINLIN_WEBHOOK_SHAPE must be one of {', '.join(_SHAPES)}")
        if private not in ("yes", "no"):
            raise WrongTelling("JINLIN_TELL_PRIVATE must be yes or no")
        return cls(
            mail=mail,
            mail_from=sender,
            webhook=_address("JINLIN_WEBHOOK", said("JINLIN_WEBHOOK"), ("https", "http")),
            webhook_shape=shape,
            webhook_secret=said("JINLIN_WEBHOOK_SECRET") or None,
            sms=_address("JINLIN_SMS", said("JINLIN_SMS"), ("https", "http")),
            sms_secret=said("JINLIN_SMS_SECRET") or None,
            private=private == "yes",
            quiet=_quiet(said("JINLIN_QUIET")),
        )


def _address(name: str, text: str, schemes: tuple[str, ...]) -> str | None:
    if not text:
        return None
    try:
        parts = urlsplit(text)
        right = parts.scheme in schemes and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        right = False
    if not right:
        raise WrongTelling(
            f"{name} must be an address that begins with {' or '.join(f'{each}://' for each in schemes)}"
        )
    return text


def _quiet(text: str) -> tuple[int, int]:
    begins, _, ends = text.partition("-")
    try:
        found = [int(hour) * 60 + int(minute) for hour, minute in (each.split(":") for each in (begins, ends))]
    except ValueError:
        found = []
    if len(found) != 2 or not all(0 <= each < 24 * 60 for each in found):
        raise WrongTelling("JINLIN_QUIET must be two times such as 22:00-07:00")
    return found[0], found[1]
