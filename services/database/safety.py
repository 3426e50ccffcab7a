"""What a start makes sure of before it works: commits last, each login is nobody else, and there are connections."""

from collections.abc import Collection, Mapping
from typing import Any

import psycopg
from psycopg import Connection

from services.database.database import RUNNING, SEARCH_PATH, SETTINGS
from services.database.logins import Login, Logins
from services.database.pooler import check_settings_pass
from services.database.pulse import bounded
from services.database.unsafe_server import UnsafeServer

_DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
_TOO_MUCH = """
SELECT rolsuper OR rolbypassrls, rolcreaterole OR rolcreatedb OR rolreplication,
    EXISTS (SELECT FROM pg_auth_members WHERE member = r.oid), session_user = current_user
FROM pg_roles r WHERE rolname = current_user
"""
_ROOM = """
SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
        - coalesce(current_setting('reserved_connections', true)::int, 0),
    (SELECT nullif(datconnlimit, -1) FROM pg_database WHERE datname = current_database())
"""


def check_safe(logins: Logins, among: Collection[Login] = RUNNING) -> None:
    """Raise ``UnsafeServer`` unless commits are durable and each login is bound to what it is for."""
    for login in among:
        with _connected(logins, login) as conn:
            for setting in _DURABLE:
                found = conn.execute("SELECT current_setting(%s)", (setting,)).fetchone()
                if found is None or found[0] == "off":
                    raise UnsafeServer(f"PostgreSQL runs with {setting}=off; switch it on")
            if conn.execute("SHOW search_path").fetchone() != (SEARCH_PATH,):
                raise UnsafeServer(
                    "the settings of a session are dropped on the way (by a pooler with ignore_startup_parameters);"
                    " let JINLIN_DATABASE_URL lead to PostgreSQL itself"
                )
            role = logins.role(login)
            unbound, more, member, itself = conn.execute(_TOO_MUCH).fetchone() or (True, True, True, False)
            if unbound or more:
                raise UnsafeServer(f"role {role} must not be a superuser, bypass row-level security, nor create roles")
            if member or not itself:
                raise UnsafeServer(f"role {role} must be a member of no other; revoke what was granted to it")


def check_room(logins: Logins, needed: Mapping[Login, int]) -> int:
    """How many connections the server has for all who use it. Raises ``UnsafeServer`` where ``needed`` are more."""
    total = sum(needed.values())
    with _connected(logins, next(iter(needed))) as conn:
        room, of_database = conn.execute(_ROOM).fetchone() or (0, None)
        limits = conn.execute(
            "SELECT rolname, rolconnlimit FROM pg_roles WHERE rolname = ANY(%s) AND rolconnlimit >= 0",
            ([logins.role(login) for login in needed],),
        ).fetchall()
    if room < total:
        raise UnsafeServer(
            f"this process needs up to {total} connections, and PostgreSQL has {room} (max_connections without those"
            " that are reserved); raise max_connections"
        )
    if of_database is not None and of_database < total:
        raise UnsafeServer(
            f"this process needs up to {total} connections, and the database has a CONNECTION LIMIT of {of_database};"
            " raise it"
        )
    for role, limit in limits:
        wanted = next(count for login, count in needed.items() if logins.role(login) == role)
        if limit < wanted:
            raise UnsafeServer(
                f"this process needs up to {wanted} connections of {role}, which has a CONNECTION LIMIT of {limit};"
                " raise it"
            )
    return int(room)


def _connected(logins: Logins, login: Login) -> "Connection[tuple[Any, ...]]":
    try:
        return psycopg.connect(bounded(logins.conninfo(login, SETTINGS)), autocommit=True)
    except psycopg.OperationalError as refused:
        check_settings_pass(refused)
        raise
