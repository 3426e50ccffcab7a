"""Who logs in to the database: a login for each thing that the product does there, none with more than it needs.

Roles belong to a whole server, so their names hold the installation's: two databases on one server share none. Nobody
is a member of anybody, so no session can become another one. Passwords are random; they lie in the data folder alone.
"""

import json
import os
import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.sql import SQL, Identifier, Literal

from services.database.hand_over import become_able, drop_where_unused, hand_over
from services.database.pooler import check_settings_pass
from services.database.pulse import bounded
from services.database.unsafe_server import UnsafeServer

FILE = "logins.json"  # in the data folder


class Login(StrEnum):
    """``OWNER`` sets up, builds views anew and skips; the others are what their names say."""

    OWNER = "owner"
    WEB = "web"
    FOLLOWER = "follower"
    VAULT = "vault"
    BACKUP = "backup"


# What the schema's steps call them; and what they were called, without a login, while all installations shared them.
STAND_INS = {
    Login.OWNER: "jinlin_owner",
    Login.WEB: "jinlin_app",
    Login.FOLLOWER: "jinlin_follower",
    Login.VAULT: "jinlin_vault",
    Login.BACKUP: "jinlin_backup",
}
_STAND_IN = re.compile(rf"\b(?:{'|'.join(STAND_INS.values())})\b")
_NOT_THE_ADDRESS = ("user", "password", "passfile", "options", "application_name")


class LoginMissing(UnsafeServer):
    """There is no password for a login, or the server does not take it."""


@dataclass(frozen=True)
class Logins:
    """The logins of one database. ``address`` is where it is: a conninfo that names nobody."""

    address: str
    installation: str
    passwords: Mapping[Login, str] = field(repr=False)

    def role(self, login: Login) -> str:
        """The name of the role."""
        return f"jinlin_{self.installation}_{login}"

    def roles(self) -> dict[Login, str]:
        return {login: self.role(login) for login in Login}

    def conninfo(self, login: Login, options: str = "") -> str:
        """How ``login`` connects, for the driver alone: the password is in it. Raises ``LoginMissing``."""
        if login not in self.passwords:
            raise LoginMissing(f"{FILE} in JINLIN_DATA holds no password of {self.role(login)}; bring it from there")
        named: dict[str, Any] = {"user": self.role(login), "password": self.passwords[login]}
        if options:
            named["options"] = options
        return make_conninfo(self.address, application_name=f"jinlin {login}", **named)

    def named(self, step: str) -> str:
        """SQL of the schema with our roles in place of those that stand for them."""
        by_stand_in = {stand_in: self.role(login) for login, stand_in in STAND_INS.items()}
        return _STAND_IN.sub(lambda found: by_stand_in[found[0]], step)


class KeptPasswords:
    """Passwords by installation in a file of mode 0600, which may hold fewer on a machine that needs fewer."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def of(self, installation: str) -> dict[Login, str]:
        found = self._all().get(installation, {})
        return {Login(name): password for name, password in found.items()}

    def installations(self) -> list[str]:
        """Those that passwords are kept of, the newest first."""
        return list(reversed(self._all()))

    def keep(self, installation: str, passwords: Mapping[Login, str]) -> None:
        """Durable before any role is told."""
        kept = self._all()
        kept[installation] = {str(login): password for login, password in passwords.items()}
        draft = self.path.with_suffix(".new")
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)
        with draft.open("w", encoding="utf-8") as file:
            file.write(json.dumps(kept, indent=1) + "\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path)

    def _all(self) -> dict[str, dict[str, str]]:
        if not self.path.exists():
            return {}
        try:
            found: dict[str, dict[str, str]] = json.loads(self.path.read_text(encoding="utf-8"))
        except ValueError:
            raise LoginMissing(f"{self.path} cannot be read; move it away, and the next start makes it anew") from None
        return found


def address_of(url: str) -> str:
    """Where a URL leads, without who goes there."""
    parts: dict[str, Any] = conninfo_to_dict(url)
    return make_conninfo(**{name: value for name, value in parts.items() if name not in _NOT_THE_ADDRESS})


def logins_made(conn: "Connection[Any]", url: str, kept: KeptPasswords) -> Logins:
    """The logins of the database of ``conn``, made where they are missing; as somebody who may create roles.

    A database whose installation has another one's oid is a copy of it, and gets logins of its own. Raises
    ``UnsafeServer``. One at a time: the caller holds the lock.
    """
    address = make_conninfo(address_of(url), dbname=conn.info.dbname)
    try:
        installation, former = _installation(conn)
        logins = Logins(address, installation, kept.of(installation))
        missing = [login for login in Login if login not in logins.passwords]
        if missing:
            logins = _with_new_passwords(conn, logins, missing, kept)
        with conn.transaction():
            _make_roles(conn, logins, missing)
            if former is not None:
                hand_over(conn, former, _names(logins.roles()))
            _remember(conn, installation)
            _close_to_everybody_else(conn, logins)
    except psycopg.errors.InsufficientPrivilege as refused:
        raise UnsafeServer(
            f"{conn.info.user} may not make the logins of this database ({_first_line(refused)}); it must own the"
            " database and have CREATEROLE, and set up a copy as a superuser or as whoever set up the original"
        ) from refused
    if former is not None:
        drop_where_unused(conn, [role for role in former.values() if role in STAND_INS.values()])
    return _taken(conn, logins, kept)


def remembered(url: str, kept: KeptPasswords) -> Logins | None:
    """The logins of the database at ``url`` as the data folder knows them, without anybody who sets up."""
    address = address_of(url)
    for installation in kept.installations():
        logins = Logins(address, installation, kept.of(installation))
        login = next(iter(logins.passwords), None)
        if login is not None and _lets_in(logins, login) is None:
            return logins
    return None


def _installation(conn: "Connection[Any]") -> tuple[str, Mapping[str, str] | None]:
    """The installation of this database, a new one where it has none; and the roles that hold its rights so far."""
    conn.execute("CREATE SCHEMA IF NOT EXISTS jinlin")
    conn.execute("CREATE TABLE IF NOT EXISTS jinlin.installation (id text PRIMARY KEY, database oid NOT NULL)")
    row = conn.execute(
        "SELECT id, database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        " FROM jinlin.installation"
    ).fetchone()
    if row is not None and row[1]:
        return str(row[0]), None
    if row is not None:
        return _new_installation(conn), _names(Logins("", str(row[0]), {}).roles())
    stands = conn.execute("SELECT to_regnamespace('log')").fetchone() != (None,)
    return _new_installation(conn), _names(STAND_INS) if stands else None


def _names(roles: Mapping[Login, str]) -> dict[str, str]:
    return {str(login): role for login, role in roles.items()}


def _new_installation(conn: "Connection[Any]") -> str:
    while True:
        drawn = secrets.token_hex(4)
        if not _there(conn, Logins("", drawn, {}).roles().values()):
            return drawn


def _there(conn: "Connection[Any]", roles: Collection[str]) -> set[str]:
    rows = conn.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", (list(roles),))
    return {name for (name,) in rows}


def _remember(conn: "Connection[Any]", installation: str) -> None:
    conn.execute("DELETE FROM jinlin.installation WHERE id <> %s", (installation,))
    conn.execute(
        "INSERT INTO jinlin.installation (id, database)"
        " SELECT %s, oid FROM pg_database WHERE datname = current_database() ON CONFLICT DO NOTHING",
        (installation,),
    )


def _with_new_passwords(
    conn: "Connection[Any]", logins: Logins, whose: Collection[Login], kept: KeptPasswords
) -> Logins:
    """Nobody who works with the old ones is shut out."""
    roles = [logins.role(login) for login in whose]
    busy = conn.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND usesysid IN (SELECT oid FROM pg_roles WHERE rolname = ANY(%s))",
        (roles,),
    ).fetchone()
    if busy and busy[0]:
        raise LoginMissing(
            f"another process works with this database; copy {FILE} from its data folder to {kept.path.parent}, or stop"
            " it, and the next start makes new passwords"
        )
    made = {login: secrets.token_urlsafe(32) for login in whose}
    changed = replace(logins, passwords={**logins.passwords, **made})
    kept.keep(logins.installation, changed.passwords)
    return changed


def _make_roles(conn: "Connection[Any]", logins: Logins, new: Collection[Login]) -> None:
    """Create what is missing, and tell those of ``new`` their password: as a verifier, which opens nothing."""
    there = _there(conn, logins.roles().values())
    for login, role in logins.roles().items():
        verifier = Literal(_verifier(conn, role, logins.passwords[login]))
        if role not in there:
            conn.execute(
                SQL("CREATE ROLE {} LOGIN NOINHERIT PASSWORD {}").format(Identifier(role), verifier), prepare=False
            )
        elif login in new:
            conn.execute(SQL("ALTER ROLE {} PASSWORD {}").format(Identifier(role), verifier), prepare=False)
    become_able(conn, logins.roles().values())


def _verifier(conn: "Connection[Any]", role: str, password: str) -> str:
    made = conn.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
    return made.decode()


def _close_to_everybody_else(conn: "Connection[Any]", logins: Logins) -> None:
    """Who is not ours connects to another database. A copy begins open, as every new database does."""
    database = Identifier(conn.info.dbname)
    everybody = conn.execute("SELECT has_database_privilege('public', current_database(), 'CONNECT')").fetchone()
    if everybody == (True,):
        conn.execute(SQL("REVOKE CONNECT, TEMPORARY ON DATABASE {} FROM PUBLIC").format(database))
    for role in logins.roles().values():
        conn.execute(SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, Identifier(role)))
    # a page that looks back puts rows as they were into tables of its own transaction
    conn.execute(SQL("GRANT TEMPORARY ON DATABASE {} TO {}").format(database, Identifier(logins.role(Login.WEB))))


def _taken(conn: "Connection[Any]", logins: Logins, kept: KeptPasswords) -> Logins:
    """The same once the server takes them, new ones where a start was cut short between the file and the roles."""
    refused = _lets_in(logins, Login.OWNER)
    if refused is None:
        return logins
    logins = _with_new_passwords(conn, logins, tuple(Login), kept)
    with conn.transaction():
        _make_roles(conn, logins, tuple(Login))
    refused = _lets_in(logins, Login.OWNER)
    if refused is not None:
        raise LoginMissing(
            f"the server does not let {logins.role(Login.OWNER)} in ({refused}); its pg_hba.conf, and a pooler before"
            f" it, must admit the logins jinlin_{logins.installation}_* by password (scram-sha-256)"
        )
    return logins


def _lets_in(logins: Logins, login: Login) -> str | None:
    """Why the server does not let the login in; ``None`` where it does."""
    try:
        psycopg.connect(bounded(logins.conninfo(login, "-c lock_timeout=10s"))).close()
    except psycopg.OperationalError as refused:
        check_settings_pass(refused)
        return _first_line(refused)
    return None


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0]
