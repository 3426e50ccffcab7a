"""Hands everything in a database from some roles to others: owners, rights and policies, leaving nothing behind.

Used where roles that all installations shared become logins of one's own, and where a database is a copy of another.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.sql import SQL, Identifier

_SCHEMAS = (
    "SELECT nspname, pg_get_userbyid(nspowner) FROM pg_namespace"
    " WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
)

# each answers what to say, and what else; %(old)s and %(new)s are roles, one for one
_PAIRS = """
WITH pair AS (
    SELECT o.oid AS old, o.rolname AS old_name, n.name AS new
    FROM unnest(%(old)s::text[], %(new)s::text[]) AS n (former, name) JOIN pg_roles o ON o.rolname = n.former
), relation AS (
    SELECT c.*, nspname, CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind
    FROM pg_class c JOIN pg_namespace s ON s.oid = relnamespace
)
"""
_RIGHTS = (
    """
    SELECT format('GRANT %%s ON SCHEMA %%I TO %%I', string_agg(a.privilege_type, ', '), nspname, new),
        format('REVOKE ALL ON SCHEMA %%I FROM %%I', nspname, old_name)
    FROM pg_namespace, aclexplode(nspacl) AS a, pair WHERE a.grantee = old GROUP BY nspname, old_name, new
    """,
    """
    SELECT format('GRANT %%s ON %%s %%I.%%I TO %%I', string_agg(a.privilege_type, ', '), kind, nspname, relname, new),
        format('REVOKE ALL ON %%s %%I.%%I FROM %%I', kind, nspname, relname, old_name)
    FROM relation, aclexplode(relacl) AS a, pair WHERE a.grantee = old GROUP BY kind, nspname, relname, old_name, new
    """,
    """
    SELECT format('GRANT %%s (%%I) ON TABLE %%I.%%I TO %%I', a.privilege_type, attname, nspname, relname, new),
        format('REVOKE %%s (%%I) ON TABLE %%I.%%I FROM %%I', a.privilege_type, attname, nspname, relname, old_name)
    FROM pg_attribute t JOIN relation ON relation.oid = attrelid, aclexplode(attacl) AS a, pair WHERE a.grantee = old
    """,
    """
    SELECT format('GRANT EXECUTE ON FUNCTION %%s TO %%I', p.oid::regprocedure, new),
        format('REVOKE ALL ON FUNCTION %%s FROM %%I', p.oid::regprocedure, old_name)
    FROM pg_proc p, aclexplode(proacl) AS a, pair WHERE a.grantee = old
    """,
    """
    SELECT format('ALTER POLICY %%I ON %%I.%%I TO %%s', polname, nspname, relname, string_agg(
        quote_ident(coalesce(new, pg_get_userbyid(each))), ', '))
    FROM pg_policy JOIN relation ON relation.oid = polrelid, unnest(polroles) AS each LEFT JOIN pair ON old = each
    WHERE each <> 0 GROUP BY polname, nspname, relname HAVING bool_or(new IS NOT NULL)
    """,
)


def hand_over(conn: "Connection[Any]", former: Mapping[str, str], now: Mapping[str, str]) -> None:
    """In the caller's transaction: all that is the ``former`` role's becomes the role's of the same key in ``now``."""
    rows = conn.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", (list(former.values()),))
    there = {name for (name,) in rows}
    pairs = [(role, now[key]) for key, role in former.items() if role in there]
    if not pairs:
        return
    become_able(conn, [old for old, _ in pairs])
    schemas = [name for name, owner in conn.execute(_SCHEMAS) if owner in there]
    roles = SQL(", ").join(Identifier(new) for _, new in pairs)
    for name in schemas:  # an owner must be able to create where its things stand
        conn.execute(SQL("GRANT USAGE, CREATE ON SCHEMA {} TO {}").format(Identifier(name), roles))
    for old, new in pairs:
        conn.execute(SQL("REASSIGN OWNED BY {} TO {}").format(Identifier(old), Identifier(new)))
    for name, owner in conn.execute(_SCHEMAS).fetchall():
        for _, new in pairs:
            if name in schemas and owner != new:
                conn.execute(SQL("REVOKE ALL ON SCHEMA {} FROM {}").format(Identifier(name), Identifier(new)))
    names = {"old": [old for old, _ in pairs], "new": [new for _, new in pairs]}
    for rights in _RIGHTS:
        _say(conn, [said for row in conn.execute((_PAIRS + rights).encode(), names) for said in row])


def drop_where_unused(conn: "Connection[Any]", roles: Collection[str]) -> None:
    """Remove these roles unless another database of the server still has something of theirs."""
    for role in roles:
        try:
            conn.execute(SQL("DROP ROLE IF EXISTS {}").format(Identifier(role)))
        except (psycopg.errors.DependentObjectsStillExist, psycopg.errors.InsufficientPrivilege):
            continue


def become_able(conn: "Connection[Any]", roles: Collection[str]) -> None:
    """Whoever is no superuser gives and makes only what is a role's that he may become."""
    become = "SET" if conn.info.server_version >= 160000 else "MEMBER"
    lacking = conn.execute(
        "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s) AND NOT pg_has_role(current_user, oid, %s)",
        (list(roles), become),
    ).fetchall()
    for (role,) in lacking:
        conn.execute(SQL("GRANT {} TO CURRENT_USER").format(Identifier(role)))


def _say(conn: "Connection[Any]", statements: Sequence[str]) -> None:
    if statements:
        conn.execute("; ".join(statements).encode(), prepare=False)
