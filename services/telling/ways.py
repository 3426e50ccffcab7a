"""The ways out: e-mail, a robot's webhook, SMS. Which there are, the settings say; with none the bell is left."""

import base64
import hashlib
import hmac
import json
import smtplib
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Any, Protocol
from urllib.parse import quote, unquote, urlencode, urlsplit
from uuid import UUID

from domain.telling.occasions import NoticeWay
from services.runtime.outward import TIMEOUT_SECONDS
from services.runtime.telling_settings import TellingSettings
from services.telling.outward import Refused, post


@dataclass(frozen=True, slots=True)
class Letter:
    """``to`` is an address of the way, empty for a group; ``id`` is the same with every try."""

    id: UUID
    to: str
    subject: str
    text: str
    at: datetime


class Way(Protocol):
    """Sends, or raises ``Refused`` or ``OSError``."""

    def __call__(self, letter: Letter) -> None: ...


def ways(settings: TellingSettings) -> Mapping[NoticeWay, Way]:
    """Every way that is set up."""
    found: dict[NoticeWay, Way] = {}
    if settings.mail:
        found[NoticeWay.MAIL] = lambda letter: by_mail(settings, letter)
    if settings.webhook:
        found[NoticeWay.WEBHOOK] = lambda letter: by_webhook(settings, letter)
    if settings.sms:
        found[NoticeWay.SMS] = lambda letter: by_sms(settings, letter)
    return found


def by_mail(settings: TellingSettings, letter: Letter) -> None:
    """By SMTP: ``smtp://`` with STARTTLS where the server offers it, ``smtps://`` with TLS from the beginning."""
    parts = urlsplit(settings.mail or "")
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.mail_from, letter.to, letter.subject
    message["Message-ID"] = f"<{letter.id}@jinlin>"
    message["Date"] = letter.at
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    host, context = parts.hostname or "", ssl.create_default_context()
    try:
        server: smtplib.SMTP
        if parts.scheme == "smtps":
            server = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=context)
        else:
            server = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT_SECONDS)
        with server:
            server.ehlo()
            if parts.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)
    except smtplib.SMTPResponseException as wrong:
        raise Refused(f"smtp_{wrong.smtp_code}") from None
    except smtplib.SMTPException as wrong:
        raise Refused(f"smtp_{type(wrong).__name__}") from None


@dataclass(frozen=True, slots=True)
class Shape:
    """What a robot takes: ``body`` of a text, ``signed`` its address, headers and body, ``accepted`` its answer."""

    body: Callable[[Letter], dict[str, Any]]
    signed: Callable[[str, dict[str, Any], str, datetime], tuple[str, dict[str, Any], dict[str, str]]]
    accepted: Callable[[dict[str, Any]], bool]


def _plain(letter: Letter) -> dict[str, Any]:
    return {"id": str(letter.id), "subject": letter.subject, "text": letter.text, "at": letter.at.isoformat()}


def _unsigned(url: str, body: dict[str, Any], secret: str, at: datetime) -> tuple[str, dict[str, Any], dict[str, str]]:
    return url, body, {}


def _dingtalk(url: str, body: dict[str, Any], secret: str, at: datetime) -> tuple[str, dict[str, Any], dict[str, str]]:
    """Milliseconds and the secret, signed with the secret, in the address."""
    if not secret:
        return url, body, {}
    stamp = str(int(at.timestamp() * 1000))
    sign = base64.b64encode(hmac.digest(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256)).decode()
    return (
        f"{url}{'&' if '?' in url else '?'}{urlencode({'timestamp': stamp, 'sign': sign}, quote_via=quote)}",
        body,
        {},
    )


def _feishu(url: str, body: dict[str, Any], secret: str, at: datetime) -> tuple[str, dict[str, Any], dict[str, str]]:
    """Seconds and the secret as the key of nothing, in the body."""
    if not secret:
        return url, body, {}
    stamp = str(int(at.timestamp()))
    sign = base64.b64encode(hmac.digest(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256)).decode()
    return url, {"timestamp": stamp, "sign": sign} | body, {}


SHAPES: Mapping[str, Shape] = {
    "plain": Shape(_plain, _unsigned, lambda said: True),
    "wecom": Shape(
        lambda letter: {"msgtype": "text", "text": {"content": letter.text}},
        _unsigned,
        lambda said: said.get("errcode", 0) == 0,
    ),
    "dingtalk": Shape(
        lambda letter: {"msgtype": "text", "text": {"content": letter.text}},
        _dingtalk,
        lambda said: said.get("errcode", 0) == 0,
    ),
    "feishu": Shape(
        lambda letter: {"msg_type": "text", "content": {"text": letter.text}},
        _feishu,
        lambda said: said.get("code", said.get("StatusCode", 0)) == 0,
    ),
}


def by_webhook(settings: TellingSettings, letter: Letter) -> None:
    """To the robot of a group, in its shape; ours is signed as a whole."""
    shape = SHAPES[settings.webhook_shape]
    url, body, headers = shape.signed(
        settings.webhook or "", shape.body(letter), settings.webhook_secret or "", letter.at
    )
    said = _posted(url, body, headers, settings.webhook_secret, letter, private=settings.private)
    if not shape.accepted(said):
        raise Refused("not_accepted")


def by_sms(settings: TellingSettings, letter: Letter) -> None:
    """To whoever sends SMS for the firm: number, text and id, signed."""
    body = {"id": str(letter.id), "to": letter.to, "text": letter.text}
    _posted(settings.sms or "", body, {}, settings.sms_secret, letter, private=settings.private)


def _posted(
    url: str, body: dict[str, Any], headers: dict[str, str], secret: str | None, letter: Letter, *, private: bool
) -> dict[str, Any]:
    raw = json.dumps(body, ensure_ascii=False).encode()
    headers = {"X-Jinlin-Id": str(letter.id), **headers}
    if secret:
        headers["X-Jinlin-Signature"] = "sha256=" + hmac.digest(secret.encode(), raw, hashlib.sha256).hex()
    answer = post(url, raw, headers, private=private)
    try:
        said = json.loads(answer)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
