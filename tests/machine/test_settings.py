"""Settings: read once, checked, every one in the handbook."""

import re
from ipaddress import ip_network
from pathlib import Path

import pytest

from services.runtime.settings import KNOWN, Settings, SettingsError

PAGE = Path(__file__).resolve().parents[2] / "deploy" / "handbook" / "settings.md"


def test_nothing_set_gives_what_the_readme_promises() -> None:
    found = Settings.from_environment({})
    assert (found.port, found.host, found.data) == (8000, "127.0.0.1", Path("build/data").absolute())
    assert found.database_url is None and found.public_url is None and not found.secure
    assert found.log_level == "info" and found.follow and found.proxies == ()
    assert found.origin == "http://127.0.0.1:8000"


def test_everything_set() -> None:
    found = Settings.from_environment(
        {
            "PORT": "9001",
            "JINLIN_BACKUP_HOURS": "50",
            "JINLIN_FOLLOW": "No",
            "JINLIN_FOLLOW_PORT": "8011",
            "JINLIN_HOST": "0.0.0.0",
            "JINLIN_DATA": "/var/lib/jinlin",
            "JINLIN_DATABASE_URL": "postgresql://jinlin@db/jinlin",
            "JINLIN_PUBLIC_URL": "https://station.example/",
            "JINLIN_LOG_LEVEL": "WARNING",
            "JINLIN_PROXIES": "10.0.0.7, 10.1.0.0/16 fd00::/8",
            "JINLIN_MOST_LAG": "120",
            "JINLIN_TRACES": "http://collector:4318",
            "JINLIN_BACKUP": "/backup",
            "JINLIN_BACKUP_COPY": "/mnt/backup",
            "JINLIN_BACKUP_KEEP": "7",
            "JINLIN_BACKUP_THEN": "rsync --delete /backup far:",
            "HOME": "/",
        }
    )
    assert found == Settings(
        port=9001,
        host="0.0.0.0",
        data=Path("/var/lib/jinlin"),
        database_url="postgresql://jinlin@db/jinlin",
        public_url="https://station.example",
        log_level="warning",
        follow=False,
        proxies=(ip_network("10.0.0.7"), ip_network("10.1.0.0/16"), ip_network("fd00::/8")),
        follow_port=8011,
        most_lag=120.0,
        backup_hours=50.0,
        traces="http://collector:4318",
        backup=Path("/backup"),
        backup_copy=Path("/mnt/backup"),
        backup_keep=7,
        backup_then="rsync --delete /backup far:",
    )
    assert found.secure and found.origin == "https://station.example"


def test_an_empty_setting_is_as_good_as_none() -> None:
    assert Settings.from_environment(dict.fromkeys([*KNOWN, "PORT"], "")) == Settings.from_environment({})


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("JINLIN_DATABSE_URL", "x", "unknown setting JINLIN_DATABSE_URL; did you mean JINLIN_DATABASE_URL?"),
        ("JINLIN_X", "", "unknown setting JINLIN_X; known are JINLIN_BACKUP, "),
        ("PORT", "eighty", "PORT must be"),
        ("PORT", "0", "PORT must be"),
        ("PORT", "65536", "PORT must be"),
        ("PORT", "8\u0660", "PORT must be"),
        ("JINLIN_DATABASE_URL", "mysql://db", "JINLIN_DATABASE_URL must be"),
        ("JINLIN_PUBLIC_URL", "station.example", "JINLIN_PUBLIC_URL must be"),
        ("JINLIN_BACKUP_KEEP", "0", "JINLIN_BACKUP_KEEP must be"),
        ("JINLIN_FOLLOW", "perhaps", "JINLIN_FOLLOW must be yes or no"),
        ("JINLIN_PROXIES", "proxy.example", "JINLIN_PROXIES must be addresses or networks"),
        ("JINLIN_PROXIES", "10.0.0.7/8", "JINLIN_PROXIES must be addresses or networks"),
        ("JINLIN_FOLLOW_PORT", "no", "JINLIN_FOLLOW_PORT must be a number from 1 to 65535"),
        ("JINLIN_MOST_LAG", "a minute", "JINLIN_MOST_LAG must be a number"),
        ("JINLIN_BACKUP_HOURS", "0", "JINLIN_BACKUP_HOURS must be a number"),
        ("JINLIN_TRACES", "collector:4318", "JINLIN_TRACES must be"),
        ("JINLIN_LOG_LEVEL", "loud", "JINLIN_LOG_LEVEL must be"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str, message: str) -> None:
    with pytest.raises(SettingsError) as wrong:
        Settings.from_environment({name: value})
    assert str(wrong.value).startswith(message)


def test_a_secret_in_an_address_is_not_repeated() -> None:
    with pytest.raises(SettingsError) as wrong:
        Settings.from_environment({"JINLIN_DATABASE_URL": "mysql://jinlin:hunter2@db/x"})
    assert "hunter2" not in str(wrong.value)


def test_the_handbook_lists_every_setting_with_its_default() -> None:
    page = PAGE.read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (?:`([^`]*)`)? ?\|", page, flags=re.MULTILINE))
    assert rows == {"PORT": "8000", **KNOWN}
