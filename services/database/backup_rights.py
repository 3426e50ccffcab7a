"""What is read beside the product's own work: all but the views by the backup, the steps by those who follow."""

from typing import Any

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from services.database.logins import Login, Logins

_SCHEMAS = "'log', 'view', 'vault', 'access', 'trail', 'jinlin'"
_NOT_YET = f"""
SELECT nspname, relname, relkind = 'S', false FROM pg_class c JOIN pg_namespace s ON s.oid = relnamespace
WHERE nspname IN ({_SCHEMAS}) AND relkind IN ('r', 'S') AND NOT has_table_privilege(%(role)s, c.oid, 'SELECT')
UNION ALL
SELECT nspname, relname, false, true FROM pg_class c JOIN pg_namespace s ON s.oid = relnamespace
WHERE nspname IN ({_SCHEMAS}) AND nspname <> 'view' AND relrowsecurity
AND NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid AND polname = 'backup')
"""


def let_read(conn: "Connection[Any]", logins: Logins) -> None:
    """Let the backup read every table there is by now.

    Under row-level security too (``pg_dump --enable-row-security``), but no row of a view: names stand there in the
    clear, and whoever restores folds them anew.
    """
    backup = Identifier(logins.role(Login.BACKUP))
    others = SQL(", ").join(Identifier(logins.role(login)) for login in (Login.FOLLOWER, Login.OWNER))
    with conn.transaction():
        conn.execute(SQL("GRANT USAGE ON SCHEMA jinlin TO {}").format(others))
        conn.execute(SQL("GRANT SELECT ON jinlin.steps TO {}").format(others))
        there = conn.execute(f"SELECT nspname FROM pg_namespace WHERE nspname IN ({_SCHEMAS})")
        for (schema,) in there.fetchall():  # an older database has fewer, until it is brought up to date
            conn.execute(SQL("GRANT USAGE ON SCHEMA {} TO {}").format(Identifier(schema), backup))
        missing = conn.execute(_NOT_YET, {"role": logins.role(Login.BACKUP)}).fetchall()
        for schema, name, sequence, policy in missing:
            names = {"table": Identifier(schema, name), "backup": backup}
            if policy:
                said = "CREATE POLICY backup ON {table} FOR SELECT TO {backup} USING (true)"
            else:
                said = f"GRANT SELECT ON {'SEQUENCE' if sequence else 'TABLE'} {{table}} TO {{backup}}"
            conn.execute(SQL(said).format(**names))
