"""Each login of the product may do what it is for and nothing else, however it is asked: tried on real connections."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import PoolTimeout

from domain.cases.issue import ISSUE, IssueNoted
from services.database.logins import FILE, Login, Logins, address_of
from services.log.event_log import Change
from services.log.event_store import log_factory
from services.log.photo_store import PhotoStore
from services.log.vault import Vault
from services.running import schema
from tests.conftest import Demo
from tests.machine.ground import ACT, ESTATE, Ground
from tests.postgres import new_database

WORKING = (Login.WEB, Login.FOLLOWER, Login.VAULT, Login.BACKUP)
REFUSED, NOT_THERE = "42501", ("0A000", "58P01")  # what this server does not bring along is no way out either
STREAM = uuid4()

# Ways out that are closed to every login, with {self} for its own role and {other} for another one.
WAYS_OUT = (
    "SELECT set_config('role', 'postgres', false)",
    "SELECT set_config('role', '{other}', false)",
    "SET ROLE postgres",
    "SET ROLE {other}",
    "SET SESSION AUTHORIZATION postgres",
    "SET SESSION AUTHORIZATION {other}",
    "SELECT set_config('session_authorization', 'postgres', false)",
    "ALTER ROLE {self} SUPERUSER",
    "ALTER ROLE {self} BYPASSRLS",
    "ALTER ROLE {self} CREATEROLE",
    "ALTER ROLE {other} PASSWORD 'mine'",
    "ALTER ROLE postgres PASSWORD 'mine'",
    "ALTER ROLE {other} SET search_path = pg_temp",
    "CREATE ROLE jinlin_of_mine SUPERUSER LOGIN",
    "GRANT {other} TO {self}",
    "GRANT pg_read_server_files TO {self}",
    "GRANT pg_execute_server_program TO {self}",
    "REASSIGN OWNED BY {other} TO {self}",
    "DROP OWNED BY {other}",
    "COPY (SELECT 1) TO PROGRAM 'cat > /dev/null'",
    "COPY (SELECT 1) TO '/tmp/jinlin-of-mine'",
    "COPY view.positions FROM PROGRAM 'echo 1'",
    "COPY view.positions FROM '/etc/passwd'",
    "SELECT pg_read_file('postgresql.conf')",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_read_binary_file('pg_hba.conf')",
    "SELECT pg_ls_dir('.')",
    "SELECT pg_ls_logdir()",
    "SELECT pg_stat_file('postgresql.conf')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT lo_export(1, '/tmp/jinlin-of-mine')",
    "SELECT rolpassword FROM pg_authid",
    "SELECT passwd FROM pg_shadow",
    "SELECT line_number FROM pg_hba_file_rules()",
    "SELECT data FROM pg_largeobject",
    "ALTER SYSTEM SET fsync = off",
    "SELECT pg_reload_conf()",
    "SELECT pg_switch_wal()",
    "SELECT pg_create_restore_point('mine')",
    "SELECT pg_promote()",
    "SET session_replication_role = replica",
    "SELECT set_config('session_replication_role', 'replica', false)",
    "LOAD 'auto_explain'",
    "CREATE EXTENSION dblink",
    "CREATE EXTENSION file_fdw",
    "CREATE EXTENSION pgcrypto",
    "CREATE LANGUAGE plperlu",
    "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE internal AS 'int4in'",
    "CREATE TABLE public.mine (n int)",
    "CREATE TABLE log.mine (n int)",
    "CREATE TABLE view.mine (n int)",
    "CREATE TABLE access.mine (n int)",
    "CREATE TABLE jinlin.mine (n int)",
    "CREATE SCHEMA mine",
    "CREATE DATABASE mine",
    "CREATE SUBSCRIPTION mine CONNECTION 'dbname=postgres' PUBLICATION p",
    "CREATE PUBLICATION mine FOR TABLE log.stored_events",
    "CREATE EVENT TRIGGER mine ON ddl_command_end EXECUTE FUNCTION log.refuse_rewriting()",
    "CREATE TABLESPACE mine LOCATION '/tmp'",
    "ALTER DATABASE {database} SET search_path = pg_temp",
    "ALTER DATABASE {database} OWNER TO {self}",
    "INSERT INTO log.stored_events VALUES (gen_random_uuid(), 1, 'IssueNoted', '', 1000000)",
    "UPDATE log.stored_events SET state = ''",
    "DELETE FROM log.stored_events",
    "TRUNCATE log.stored_events",
    "ALTER TABLE log.stored_events DISABLE TRIGGER ALL",
    "ALTER TABLE log.stored_events DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE view.orders NO FORCE ROW LEVEL SECURITY",
    "DROP POLICY own_estates ON view.orders",
    "CREATE POLICY mine ON view.orders USING (true)",
    "DROP TABLE log.stored_events",
    "BEGIN; LOCK TABLE log.stored_events IN ACCESS EXCLUSIVE MODE",
    "DROP FUNCTION log.stored_events_append",
    "ALTER FUNCTION log.stored_events_append SECURITY INVOKER",
    "CREATE TRIGGER mine BEFORE INSERT ON log.stored_events EXECUTE FUNCTION log.refuse_rewriting()",
    "INSERT INTO jinlin.steps (name) VALUES ('mine')",
    "UPDATE jinlin.installation SET id = 'mine'",
)

# What each of them may do to tables, by schema: everything else is refused.
MAY: dict[Login, dict[str, str]] = {
    Login.VAULT: {"vault": "SELECT INSERT UPDATE DELETE TRUNCATE REFERENCES TRIGGER"},  # it owns the vault
    Login.BACKUP: dict.fromkeys(("log", "view", "vault", "access", "trail", "jinlin"), "SELECT"),
    Login.FOLLOWER: {
        "view": "SELECT INSERT UPDATE DELETE",
        "view.skipped": "SELECT",
        "view.checked": "SELECT",
        "log.checked": "SELECT",
        "log.occasions": "SELECT INSERT",
        "log.stored_events": "SELECT",
        "jinlin.steps": "SELECT",
        "jinlin.identity": "SELECT",
        "trail": "SELECT INSERT",
        "trail.head": "SELECT INSERT UPDATE",
        "trail.checkpoint": "SELECT",
        "trail.cosignature": "SELECT",
        "trail.witness": "",
        "trail.evidence": "",
    },
    Login.WEB: {
        "view": "SELECT",
        "access": "SELECT INSERT UPDATE DELETE",
        "access.journal": "SELECT INSERT DELETE",
        "access.walls": "SELECT INSERT",  # and what changes of one that is there
        "access.restored": "SELECT",
        "log": "SELECT INSERT UPDATE DELETE",
        "log.numbers": "SELECT INSERT UPDATE",
        "log.photos": "SELECT INSERT",
        "log.bill_runs": "SELECT INSERT DELETE",
        "log.stored_events": "",
        "log.stored_events_answers": "",
        "log.checked": "SELECT",
        "trail": "SELECT",
        "trail.subject": "",
        "trail.crowd": "",
        "trail.checkpoint": "SELECT INSERT",
        "trail.cosignature": "SELECT INSERT",
        "trail.witness": "SELECT INSERT UPDATE",
        "trail.evidence": "SELECT INSERT",
    },
}
PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


@pytest.fixture(scope="module")
def logins(ground: Ground) -> Logins:
    """Of a database with something in its log, its vault and its views."""
    noted = IssueNoted("IS-1", ESTATE, "路灯不亮", phone="13777770001")
    ground.log.append([Change(STREAM, ISSUE.name, 0, [noted], ACT, ESTATE, STREAM)])
    follower, _ = ground.follower()
    follower.catch_up()
    return ground.database.logins


@pytest.fixture(scope="module", params=WORKING)
def login(request: pytest.FixtureRequest) -> Login:
    found: Login = request.param
    return found


@pytest.fixture(scope="module")
def conn(logins: Logins, login: Login) -> Iterator["psycopg.Connection[Any]"]:
    with psycopg.connect(logins.conninfo(login), autocommit=True) as made:
        yield made


def refused(conn: "psycopg.Connection[Any]", statement: str) -> str | None:
    """Why it was refused; ``None`` where it was done."""
    try:
        conn.execute(statement.encode(), prepare=False)
    except psycopg.Error as wrong:
        return wrong.sqlstate
    finally:
        conn.execute("ROLLBACK")
    return None


def test_no_way_out_is_open_to_any_login(conn: "psycopg.Connection[Any]", logins: Logins, login: Login) -> None:
    other = logins.role(Login.OWNER)
    names = {"self": logins.role(login), "other": other, "database": conn.info.dbname}
    found = {way: refused(conn, way.format(**names)) for way in WAYS_OUT}
    assert {way: why for way, why in found.items() if why not in (REFUSED, *NOT_THERE)} == {}
    assert conn.execute("SELECT current_user, session_user").fetchone() == (logins.role(login),) * 2


def test_letting_a_role_go_leaves_the_login_itself(
    conn: "psycopg.Connection[Any]", logins: Logins, login: Login
) -> None:
    """With a role set, whoever let it go was the superuser that had logged in."""
    for way in ("SELECT set_config('role', 'none', false)", "RESET ROLE", "RESET SESSION AUTHORIZATION", "DISCARD ALL"):
        conn.execute(way.encode())
        assert conn.execute("SELECT current_user, session_user").fetchone() == (logins.role(login),) * 2
    for other in Login:
        if other is not login:
            assert refused(conn, f"SET ROLE {logins.role(other)}") == REFUSED


def test_each_login_has_rights_on_what_it_is_for_alone(conn: "psycopg.Connection[Any]", login: Login) -> None:
    tables = conn.execute(
        "SELECT nspname, relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE nspname IN ('log', 'view', 'vault', 'access', 'trail', 'jinlin') AND relkind = 'r'"
    ).fetchall()
    assert len(tables) > 30
    for schema_, table in tables:
        may = MAY[login]
        wanted = set(may.get(f"{schema_}.{table}", may.get(schema_, "")).split())
        held = {
            privilege
            for privilege in PRIVILEGES
            if conn.execute(
                "SELECT has_schema_privilege(%s, 'USAGE') AND has_table_privilege(c.oid, %s) FROM pg_class c"
                " JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = %s AND relname = %s",
                (schema_, privilege, schema_, table),
            ).fetchone()
            == (True,)
        }
        assert held == wanted, f"{schema_}.{table}"


def test_only_the_vault_and_the_backup_see_wrapped_keys(conn: "psycopg.Connection[Any]", login: Login) -> None:
    sees = login in (Login.VAULT, Login.BACKUP)
    assert refused(conn, "SELECT wrapped FROM vault.keys") == (None if sees else REFUSED)
    planted = "SELECT vault.keep(ARRAY[gen_random_uuid()], ARRAY['x'::bytea])"
    if login is not Login.VAULT:
        assert refused(conn, planted) == REFUSED


def test_the_log_shows_itself_to_the_follower_and_the_backup_alone(
    conn: "psycopg.Connection[Any]", login: Login
) -> None:
    rows = "SELECT count(*) FROM log.stored_events"
    if login in (Login.FOLLOWER, Login.BACKUP):
        assert conn.execute(rows.encode()).fetchone() == (1,)
    else:
        assert refused(conn, rows) == REFUSED
        assert refused(conn, "SELECT count(*) FROM log.stored_events_answers") == REFUSED


def test_the_web_reads_streams_whose_ids_it_knows(logins: Logins) -> None:
    with psycopg.connect(logins.conninfo(Login.WEB), autocommit=True) as conn:
        rows = "SELECT topic FROM log.stored_events_of_stream(%s, 0, 10, NULL, false)"
        assert conn.execute(rows, (STREAM,)).fetchall() == [("IssueNoted",)]
        assert conn.execute(rows, (uuid4(),)).fetchall() == []
        assert conn.execute("SELECT count(*) FROM log.stored_events_of_streams('{}', 10)").fetchone() == (0,)


def test_names_in_the_clear_are_not_the_backups(logins: Logins) -> None:
    counted = {}
    for login in (Login.WEB, Login.FOLLOWER, Login.BACKUP):
        with psycopg.connect(logins.conninfo(login), autocommit=True) as conn:
            counted[login] = conn.execute("SELECT count(*) FROM view.notebook").fetchone()
            if login is Login.WEB:
                assert refused(conn, "SET row_security = off; SELECT * FROM view.notebook") == REFUSED
                conn.execute(f"SET row_security = on; SET jinlin.estates = '{ESTATE}'".encode())
                assert conn.execute("SELECT count(*) FROM view.notebook").fetchone() == (1,)
    assert counted == {Login.WEB: (0,), Login.FOLLOWER: (1,), Login.BACKUP: (0,)}


OF_ESTATES = (
    "photos", "bill_runs", "notebook_imports", "register_imports", "statement_files", "statement_mappings", "letters",
    "occasions",
)  # fmt: skip


def test_what_is_kept_beside_the_log_is_seen_by_who_names_its_estate(ground: Ground) -> None:
    with ground.database.app.connection() as conn:
        tables = conn.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'log'::regnamespace AND relrowsecurity"
            " AND relname <> ALL (ARRAY['stored_events', 'stored_events_answers'])"
        ).fetchall()
        with_estate = conn.execute(
            "SELECT relname FROM pg_class c JOIN pg_attribute a ON attrelid = c.oid AND attname = 'estate'"
            " WHERE relnamespace = 'log'::regnamespace AND relkind = 'r'"
        ).fetchall()
    assert sorted(tables) == sorted(with_estate) == sorted((each,) for each in OF_ESTATES)
    photos = PhotoStore(ground.database, Vault(ground.database, b"k" * 32))
    photo = photos.store(b"picture", b"small", ESTATE, ACT.actor)
    assert (photos.estate(photo), photos.fetch(photo)) == (ESTATE, b"picture")
    count = "SELECT count(*) FROM log.photos"
    with ground.database.app.connection() as conn:
        assert conn.execute(count).fetchone() == (0,)  # a forgotten estate finds nothing
    for estates, seen in (([], 0), (["350902002999-002"], 0), ([ESTATE], 1), (["350902002999-002", ESTATE], 1)):
        with ground.database.lend(estates) as conn:
            assert conn.execute(count).fetchone() == (seen,)
    with ground.database.lend_by_id() as conn:
        assert conn.execute(count).fetchone() == (1,)
        assert conn.execute("SELECT count(*) FROM view.notebook").fetchone() == (0,)
    with ground.database.lend(["350902002999-002"]) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute("INSERT INTO log.photos VALUES (gen_random_uuid(), %s, gen_random_uuid(), '', '')", (ESTATE,))


def test_every_login_goes_the_way_that_the_url_says() -> None:
    """Over TLS, checked, wherever it was asked for: the log's connections too."""
    url = "postgresql://setup:secret@db.example/jinlin?sslmode=verify-full&sslrootcert=%2Fetc%2Froot.pem&options=-c%20a%3Db"
    logins = Logins(address_of(url), "0123abcd", {Login.WEB: "its"})
    for conninfo in (
        logins.conninfo(Login.WEB),
        log_factory(logins, Login.WEB, 1, create=False).datastore.pool.conninfo,
    ):
        found = conninfo_to_dict(str(conninfo))
        assert {found[name] for name in ("sslmode", "sslrootcert", "host", "dbname", "user", "password")} == {
            "verify-full", "/etc/root.pem", "db.example", "jinlin", "jinlin_0123abcd_web", "its",
        }  # fmt: skip
        assert "a=b" not in str(conninfo)


def test_the_password_file_is_for_our_eyes_alone(server: str, tmp_path: Path) -> None:
    made = schema.prepare(new_database(server), tmp_path)
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    assert len(set(made.passwords.values())) == len(Login)
    assert not [each for each in made.passwords.values() if each in repr(made)]
    with closing(psycopg.connect(made.conninfo(Login.WEB))) as conn:
        assert conn.info.password == made.passwords[Login.WEB]
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(made.conninfo(Login.WEB), password="")


def test_a_process_holds_no_more_connections_than_it_says(demo: Demo) -> None:
    """All that it may do at once, at once: every pool and log, and those who listen."""
    figures = demo.product.metrics.text().decode()
    said = dict(re.findall(r'jinlin_database_connections_most\{login="(\w+)"\} (\d+)', figures))
    product, database = demo.product, demo.product.database
    with ExitStack() as held:
        for pool in (database.app, database.follower, database.vault):
            for _ in range(pool.max_size):
                with suppress(PoolTimeout):
                    held.enter_context(pool.connection(timeout=0.5))
        with ThreadPoolExecutor(16) as readers:
            list(readers.map(lambda n: (product.log.recorded_at(n), product.log.versions([STREAM])), range(1, 65)))
        with psycopg.connect(demo.url) as conn:
            counted = conn.execute(
                "SELECT usename, count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND usename LIKE 'jinlin%%' GROUP BY 1"
            ).fetchall()
    held_by = {name.rsplit("_", 1)[1]: number for name, number in counted}
    assert held_by.keys() == said.keys() == {"web", "follower", "vault"}
    assert all(number <= int(said[login]) for login, number in held_by.items())
    assert held_by["web"] > 12 and held_by["vault"] == 4  # the log's own and the pulses beside the pools'
