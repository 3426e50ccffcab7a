"""Settings: everything that comes from the environment, read once. deploy/handbook/settings.md lists them all."""

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path

from services.runtime import telling_settings
from services.runtime.telling_settings import TellingSettings, WrongTelling

PREFIX = "JINLIN_"
KNOWN = {
    "JINLIN_BACKUP": "",
    "JINLIN_BACKUP_COPY": "",
    "JINLIN_BACKUP_HOURS": "26",
    "JINLIN_BACKUP_KEEP": "30",
    "JINLIN_BACKUP_THEN": "",
    "JINLIN_DATA": "build/data",
    "JINLIN_DATABASE_URL": "",
    "JINLIN_FOLLOW": "yes",
    "JINLIN_FOLLOW_PORT": "",
    "JINLIN_HOST": "127.0.0.1",
    "JINLIN_LOG_LEVEL": "info",
    "JINLIN_MOST_LAG": "60",
    "JINLIN_MOST_TAIL": "60",
    "JINLIN_PROXIES": "",
    "JINLIN_PUBLIC_URL": "",
    "JINLIN_TRACES": "",
    "JINLIN_WITNESS_POLICY": "",
    "JINLIN_WITNESS_PRIVATE": "no",
    **telling_settings.KNOWN,
}
LEVELS = ("debug", "info", "warning", "error")


class SettingsError(Exception):
    """A setting that is unknown or cannot be; the text names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """``data`` keeps everything that lasts; ``database_url`` is ``None`` for the embedded PostgreSQL.

    ``follow`` says whether ``run`` keeps the views up to date itself, or leaves that to ``jinlin follow``.
    ``backup`` is where a backup goes every day, of which the newest ``backup_keep`` stay; ``backup_copy`` is a second
    folder for them, ``backup_then`` a command after each.
    ``public_url`` is where browsers reach the product behind a proxy; https there makes cookies secure.
    ``proxies`` are the networks from which a forwarded address is believed.
    ``most_lag`` is in seconds; ``follow_port`` is where ``follow`` answers those who watch it, if anywhere.
    ``telling`` says by which ways people are told.
    ``witness_policy`` is a file that says which witnesses have to vouch for the audit trail, ``most_tail`` in minutes
    how long they may take; ``witness_private`` lets them have addresses of the own network.
    ``traces`` is the address of a collector of OpenTelemetry, for spans by HTTP.
    """

    port: int = 8000
    host: str = "127.0.0.1"
    data: Path = Path("build/data")
    database_url: str | None = None
    public_url: str | None = None
    log_level: str = "info"
    follow: bool = True
    backup: Path | None = None
    backup_copy: Path | None = None
    backup_keep: int = 30
    backup_then: str | None = None
    follow_port: int | None = None
    most_lag: float = 60.0
    backup_hours: float = 26.0
    traces: str | None = None
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    telling: TellingSettings = TellingSettings()
    witness_policy: Path | None = None
    witness_private: bool = False
    most_tail: float = 60.0

    @property
    def origin(self) -> str:
        """Where browsers reach the product, as far as the settings know: without a slash at its end."""
        if self.public_url:
            return self.public_url
        host = "127.0.0.1" if _is_everywhere(self.host) else self.host
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def secure(self) -> bool:
        """Whether browsers come over TLS."""
        return bool(self.public_url and self.public_url.startswith("https://"))

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read and check; raises ``SettingsError``."""
        given = os.environ if environment is None else environment
        for name in given:
            if name.startswith(PREFIX) and name not in KNOWN:
                words = [known.removeprefix(PREFIX) for known in KNOWN]
                near = difflib.get_close_matches(name.removeprefix(PREFIX), words, 1)
                hint = f"; did you mean {PREFIX}{near[0]}?" if near else f"; known are {', '.join(sorted(KNOWN))}"
                raise SettingsError(f"unknown setting {name}{hint}")
        level = (given.get("JINLIN_LOG_LEVEL") or KNOWN["JINLIN_LOG_LEVEL"]).lower()
        if level not in LEVELS:
            raise SettingsError(f"JINLIN_LOG_LEVEL must be one of {', '.join(LEVELS)}")
        url = given.get("JINLIN_DATABASE_URL") or None
        if url and not url.startswith(("postgresql://", "postgres://")):
            raise SettingsError("JINLIN_DATABASE_URL must be a postgresql:// address")
        public = (given.get("JINLIN_PUBLIC_URL") or "").rstrip("/") or None
        if public and not public.startswith(("https://", "http://")):
            raise SettingsError("JINLIN_PUBLIC_URL must be an http:// or https:// address")
        collector = given.get("JINLIN_TRACES") or None
        if collector and not collector.startswith(("https://", "http://")):
            raise SettingsError("JINLIN_TRACES must be an http:// or https:// address")
        watched_at = given.get("JINLIN_FOLLOW_PORT") or ""
        try:
            telling = TellingSettings.of(given)
        except WrongTelling as wrong:
            raise SettingsError(str(wrong)) from None
        return cls(
            port=_port("PORT", given.get("PORT") or "8000"),
            host=given.get("JINLIN_HOST") or KNOWN["JINLIN_HOST"],
            data=Path(given.get("JINLIN_DATA") or KNOWN["JINLIN_DATA"]).absolute(),
            database_url=url,
            public_url=public,
            log_level=level,
            follow=_yes(given, "JINLIN_FOLLOW"),
            proxies=_networks(given.get("JINLIN_PROXIES") or ""),
            follow_port=_port("JINLIN_FOLLOW_PORT", watched_at) if watched_at else None,
            most_lag=_number(given, "JINLIN_MOST_LAG"),
            backup_hours=_number(given, "JINLIN_BACKUP_HOURS"),
            traces=collector,
            backup=_folder(given.get("JINLIN_BACKUP")),
            backup_copy=_folder(given.get("JINLIN_BACKUP_COPY")),
            backup_keep=_keep(given.get("JINLIN_BACKUP_KEEP") or KNOWN["JINLIN_BACKUP_KEEP"]),
            backup_then=given.get("JINLIN_BACKUP_THEN") or None,
            telling=telling,
            witness_policy=_folder(given.get("JINLIN_WITNESS_POLICY")),
            witness_private=_yes(given, "JINLIN_WITNESS_PRIVATE"),
            most_tail=_number(given, "JINLIN_MOST_TAIL"),
        )


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Addresses and networks, parted by commas or spaces."""
    found = []
    for each in text.replace(",", " ").split():
        try:
            found.append(ip_network(each))
        except ValueError:
            raise SettingsError(
                f"JINLIN_PROXIES must be addresses or networks such as 10.0.0.7 or 10.0.0.0/24, not {each}"
            ) from None
    return tuple(found)


def _is_everywhere(host: str) -> bool:
    try:
        return ip_address(host).is_unspecified
    except ValueError:
        return False


def _port(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise SettingsError(f"{name} must be a number from 1 to 65535")
    return int(text)


def _yes(given: Mapping[str, str], name: str) -> bool:
    said = (given.get(name) or KNOWN[name]).lower()
    if said not in ("yes", "no"):
        raise SettingsError(f"{name} must be yes or no")
    return said == "yes"


def _number(given: Mapping[str, str], name: str) -> float:
    """A whole number of at least 1."""
    text = given.get(name) or KNOWN[name]
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 1_000_000:
        raise SettingsError(f"{name} must be a number from 1 to 1000000")
    return float(text)


def _folder(text: str | None) -> Path | None:
    return Path(text).absolute() if text else None


def _keep(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 100_000:
        raise SettingsError("JINLIN_BACKUP_KEEP must be a number of backups, 1 or more")
    return int(text)
