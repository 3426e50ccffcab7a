"""Databases told once and cloned: every test that wants a past has one of its own for the price of a copy.

A data folder belongs to its database, since it keeps the keys that open it and the passwords of its people: a clone
brings a copy of both.
"""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier

from services.running import schema
from services.running.run import set_up_demo
from services.running.wiring import built
from services.runtime.settings import Settings
from tests.clock import START
from tests.postgres import alone, name_of, new_database, remember


@dataclass(frozen=True)
class Template:
    """A database to which nobody can connect, so that it can be cloned at any time, and the files belonging to it."""

    database: str
    data: Path


class Templates:
    """The templates of one server, each told when it is first wanted, by whichever worker of the tests.

    ``folder`` keeps the files belonging to them; the workers share it.
    """

    def __init__(self, server: str, folder: Path) -> None:
        self._server = server
        self._folder = folder

    def empty(self) -> str:
        """The URL of a database with all its tables and nothing in them."""
        return new_database(self._server, self._template("empty", schema.prepare).database)

    def week(self, data: Path) -> str:
        """The URL of a database with the demo's week, up to where the tests' clock starts; its files go to ``data``."""
        return self._clone(self._template("week", lambda url, folder: tell(url, folder, fees=False)), data)

    def years(self, data: Path) -> str:
        """As ``week``, with the three years of fees that come before it."""
        return self._clone(self._template("years", lambda url, folder: tell(url, folder, fees=True)), data)

    def _clone(self, template: Template, data: Path) -> str:
        shutil.copytree(template.data, data, dirs_exist_ok=True)
        return new_database(self._server, template.database)

    def _template(self, name: str, fill: Callable[[str, Path], object]) -> Template:
        data, told = self._folder / name, self._folder / f"{name}.told"
        with alone(self._folder / f"{name}.turn"):
            if not told.exists():
                url = new_database(self._server)
                shutil.rmtree(data, ignore_errors=True)  # another worker may have failed in the middle
                data.mkdir()
                fill(url, data)
                with psycopg.connect(self._server, autocommit=True) as conn:
                    conn.execute(SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(Identifier(name_of(url))))
                told.write_text(name_of(url), encoding="utf-8")
        remember(data)
        return Template(told.read_text(encoding="utf-8"), data)


def tell(url: str, data: Path, *, fees: bool, clock: Callable[[], datetime] = lambda: START) -> None:
    """The demo up to now, taken in by every view; without ``fees`` its week alone."""
    with built(Settings(data=data), url, clock) as product:
        set_up_demo(product, fees=fees)
        product.follower.catch_up()


def passwords_in(data: Path) -> dict[str, str]:
    """The demo's passwords by account."""
    accounts = json.loads((data / "demo-accounts.json").read_text(encoding="utf-8"))
    return {account["username"]: account["password"] for account in accounts}
