"""Databases of one server do not see each other; what is a copy, or of an older version, becomes one of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from domain.cases.issue import ISSUE, IssueNoted
from services.database.database import Database, listening
from services.database.hand_over import become_able, hand_over
from services.database.logins import FILE, STAND_INS, KeptPasswords, Login, LoginMissing, Logins
from services.database.safety import check_room, check_safe
from services.database.unsafe_server import UnsafeServer
from services.log.event_log import Change, EventLog
from services.log.vault import Vault
from services.running import schema
from services.running.checking.of_log import check_log
from services.running.checking.of_views import check_views
from tests.machine.ground import ACT, ESTATE, Ground
from tests.postgres import drop, name_of, new_database


@dataclass(frozen=True)
class Installation:
    """A database that is set up by a user who is no superuser."""

    url: str
    data: Path
    logins: Logins

    @property
    def user(self) -> str:
        return urlsplit(self.url).username or ""


def owned(server: str) -> str:
    """The URL of a database for a user of its own, who owns it and may create roles."""
    made, user = new_database(server), f"setup_{uuid4().hex[:8]}"
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(SQL("CREATE ROLE {} LOGIN CREATEROLE PASSWORD 'its'").format(Identifier(user)))
        conn.execute(SQL("ALTER DATABASE {} OWNER TO {}").format(Identifier(name_of(made)), Identifier(user)))
    parts = urlsplit(made)
    return urlunsplit(parts._replace(netloc=f"{user}:its@"))


@contextmanager
def installed(server: str, data: Path) -> Iterator[Installation]:
    data.mkdir(exist_ok=True)
    url = owned(server)
    yield Installation(url, data, schema.prepare(url, data))
    drop(server, url)


@pytest.fixture(scope="module")
def one(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """For those who leave it as it was."""
    with installed(server, tmp_path_factory.mktemp("one")) as made:
        yield made


@contextmanager
def at_work(logins: Logins, url: str = "") -> Iterator[Ground]:
    database = Database(logins)
    log = EventLog(logins, Vault(database, b"k" * 32))
    yield Ground(url, database, log)
    log.close()
    database.close()


def note(ground: Ground) -> None:
    stream = uuid4()
    noted = IssueNoted("IS-1", ESTATE, "路灯不亮", phone="13777770001")
    ground.log.append([Change(stream, ISSUE.name, 0, [noted], ACT, ESTATE, stream)])
    follower, _ = ground.follower()
    follower.catch_up()


def findings(ground: Ground) -> list[str]:
    return [*check_log(ground.database), *check_views(ground.database, ground.log)]


def as_superuser(server: str, url: str) -> "psycopg.Connection[Any]":
    return psycopg.connect(urlunsplit(urlsplit(server)._replace(path=f"/{name_of(url)}")), autocommit=True)


def test_two_on_one_server_share_nothing(server: str, one: Installation, tmp_path: Path) -> None:
    with installed(server, tmp_path) as two:
        with at_work(one.logins) as ground, at_work(two.logins) as other:
            note(ground)
            assert (ground.notes(), other.notes()) == (1, 0)
            assert findings(ground) == findings(other) == []
            # each is led for itself: a lock of one is none of the other
            key = "SELECT pg_try_advisory_lock(7)"
            with ground.database.follower.connection() as mine, other.database.follower.connection() as theirs:
                assert mine.execute(key).fetchone() == theirs.execute(key).fetchone() == (True,)
            with listening(two.logins, Login.WEB, "jinlin_log") as heard:
                note(ground)
                assert list(heard.notifies(timeout=0.2)) == []
        assert not set(one.logins.roles().values()) & set(two.logins.roles().values())
        foreign = Logins(two.logins.address, one.logins.installation, one.logins.passwords)
        for login in Login:
            with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                psycopg.connect(foreign.conninfo(login))
        parts = urlsplit(two.url)
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(urlunsplit(parts._replace(netloc=urlsplit(one.url).netloc)))
        with psycopg.connect(one.url, autocommit=True) as conn:  # whoever set up one is nobody in the other
            for login in Login:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    conn.execute(SQL("SET ROLE {}").format(Identifier(two.logins.role(login))))
                if conn.info.server_version >= 160000:  # before, CREATEROLE reached every role but superusers
                    with pytest.raises(psycopg.errors.InsufficientPrivilege):
                        conn.execute(SQL("GRANT {} TO CURRENT_USER").format(Identifier(two.logins.role(login))))


def test_a_later_start_changes_nothing_and_needs_no_right_to_create_roles(server: str, one: Installation) -> None:
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(SQL("ALTER ROLE {} NOCREATEROLE").format(Identifier(one.user)))
    assert schema.prepare(one.url, one.data) == one.logins
    check_safe(one.logins, Login)


def test_who_may_not_set_up_is_told_what_it_takes(server: str, one: Installation, tmp_path: Path) -> None:
    url, foreign = owned(server), new_database(server)
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(SQL("ALTER ROLE {} NOCREATEROLE").format(Identifier(urlsplit(url).username or "")))
    for lacking in (url, one.url.replace(name_of(one.url), name_of(foreign))):
        with pytest.raises(UnsafeServer, match="must own the database and have CREATEROLE"):
            schema.prepare(lacking, tmp_path)
    drop(server, url)
    drop(server, foreign)


def test_a_copy_gets_logins_of_its_own(server: str, tmp_path: Path) -> None:
    """As does what was restored beside the original, whether by a superuser or by whoever set up the original."""
    (tmp_path / "copy").mkdir()
    with installed(server, tmp_path) as made:
        with at_work(made.logins) as ground:
            note(ground)
        with psycopg.connect(server, autocommit=True) as conn:
            conn.execute(
                SQL("CREATE DATABASE copied TEMPLATE {} OWNER {}").format(
                    Identifier(name_of(made.url)), Identifier(made.user)
                )
            )
        url = urlunsplit(urlsplit(made.url)._replace(path="/copied"))
        copied = schema.prepare(url, tmp_path / "copy")
        assert copied.installation != made.logins.installation
        check_safe(copied, Login)
        with at_work(copied) as ground, at_work(made.logins) as original:
            note(ground)
            assert (ground.notes(), original.notes()) == (2, 1)
            assert findings(ground) == findings(original) == []
        for login in Login:
            with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                psycopg.connect(Logins(copied.address, made.logins.installation, made.logins.passwords).conninfo(login))
        assert left_to(made.logins.roles().values(), as_superuser(server, url)) == []
        assert schema.prepare(url, tmp_path / "copy") == copied
        drop(server, url)


def left_to(roles: Any, conn: "psycopg.Connection[Any]") -> list[tuple[Any, ...]]:
    """What depends in this database on any of these roles."""
    with conn:
        return conn.execute(
            "SELECT classid::regclass, objid, rolname FROM pg_shdepend JOIN pg_roles r ON refobjid = r.oid"
            " WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND rolname = ANY(%s)",
            (list(roles),),
        ).fetchall()


@pytest.mark.parametrize("by", ["superuser", "owner"])
def test_what_an_older_version_left_is_taken_over(server: str, tmp_path: Path, by: str) -> None:
    """It knew four roles for all installations of a server, to which whoever set up, or a superuser, changed."""
    url = owned(server) if by == "owner" else new_database(server)
    logins = schema.prepare(url, tmp_path)
    with at_work(logins) as ground:
        note(ground)
    with psycopg.connect(url, autocommit=True) as conn:
        make_it_old(conn, logins)
    (tmp_path / FILE).unlink()
    taken = schema.prepare(url, tmp_path)
    check_safe(taken, Login)
    with at_work(taken) as ground:
        note(ground)
        assert ground.notes() == 2
        assert findings(ground) == []
        with ground.database.lend([ESTATE]) as conn:
            assert conn.execute("SELECT count(*) FROM view.notebook").fetchone() == (2,)
    with psycopg.connect(server) as conn:
        old = conn.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", (list(STAND_INS.values()),))
        assert old.fetchall() == []
    drop(server, url)


def make_it_old(conn: "psycopg.Connection[Any]", logins: Logins) -> None:
    """As version 0.3 left it: roles that nobody logs in as, and the web reading the log as it pleases."""
    former = {str(login): role for login, role in STAND_INS.items() if login is not Login.BACKUP}
    for role in former.values():
        conn.execute(SQL("CREATE ROLE {} NOLOGIN").format(Identifier(role)))
    become_able(conn, former.values())
    with conn.transaction():
        hand_over(conn, {str(login): role for login, role in logins.roles().items() if str(login) in former}, former)
    backup = Identifier(logins.role(Login.BACKUP))
    conn.execute("DROP TABLE jinlin.installation")
    conn.execute("DELETE FROM jinlin.steps WHERE name >= '030' AND name < '035'")
    conn.execute(SQL("DROP OWNED BY {}").format(backup))
    for role in logins.roles().values():
        conn.execute(SQL("DROP OWNED BY {}").format(Identifier(role)))
        conn.execute(SQL("DROP ROLE {}").format(Identifier(role)))
    for name, table in conn.execute(
        "SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'log'"
    ).fetchall():
        conn.execute(SQL("DROP POLICY {} ON log.{}").format(Identifier(name), Identifier(table)))
        conn.execute(SQL("ALTER TABLE log.{} DISABLE ROW LEVEL SECURITY").format(Identifier(table)))
    conn.execute("GRANT SELECT, INSERT ON log.stored_events, log.stored_events_answers TO jinlin_app")
    conn.execute("GRANT USAGE, CREATE ON SCHEMA view TO jinlin_follower")
    conn.execute("GRANT USAGE ON SCHEMA vault TO jinlin_app")
    conn.execute("GRANT EXECUTE ON FUNCTION vault.keep TO jinlin_app")


def test_passwords_that_were_lost_are_made_anew_unless_somebody_works_with_them(server: str, tmp_path: Path) -> None:
    with installed(server, tmp_path) as made:
        (tmp_path / FILE).unlink()
        with (
            psycopg.connect(made.logins.conninfo(Login.VAULT)),
            pytest.raises(LoginMissing, match="another process works with this database; copy logins"),
        ):
            schema.prepare(made.url, tmp_path)
        assert not (tmp_path / FILE).exists()
        again = schema.prepare(made.url, tmp_path)
        assert again.installation == made.logins.installation
        assert not set(again.passwords.values()) & set(made.logins.passwords.values())
        for login in Login:
            psycopg.connect(again.conninfo(login)).close()
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(made.logins.conninfo(login))

        # a start that was cut short after the file and before the roles
        kept = KeptPasswords(tmp_path / FILE)
        kept.keep(made.logins.installation, dict.fromkeys(Login, "never told to the server"))
        again = schema.prepare(made.url, tmp_path)
        check_safe(again, Login)
        assert kept.of(made.logins.installation) == again.passwords


def test_who_follows_alone_needs_two_passwords_and_nobody_who_sets_up(one: Installation, tmp_path: Path) -> None:
    few = {login: one.logins.passwords[login] for login in (Login.FOLLOWER, Login.VAULT)}
    KeptPasswords(tmp_path / FILE).keep(one.logins.installation, few)
    nobody = one.url.replace(urlsplit(one.url).netloc, "")
    logins = schema.standing(nobody, tmp_path)
    assert logins is not None and logins.passwords == few
    check_safe(logins, few)
    with pytest.raises(LoginMissing, match=r"logins\.json in JINLIN_DATA holds no password"):
        logins.conninfo(Login.WEB)
    with psycopg.connect(one.url) as conn:
        conn.execute("UPDATE jinlin.steps SET name = 'gone' WHERE name = '031_view_walls.sql'")
        conn.commit()
        assert schema.standing(nobody, tmp_path) is None  # an upgrade is under way
        conn.execute("UPDATE jinlin.steps SET name = '031_view_walls.sql' WHERE name = 'gone'")
    assert schema.standing(nobody, one.data / "nowhere") is None


@pytest.mark.parametrize(
    ("given", "taken", "why"),
    [
        ("ALTER ROLE {} SUPERUSER", "ALTER ROLE {} NOSUPERUSER", "must not be a superuser"),
        ("ALTER ROLE {} BYPASSRLS", "ALTER ROLE {} NOBYPASSRLS", "must not be a superuser"),
        ("ALTER ROLE {} CREATEROLE", "ALTER ROLE {} NOCREATEROLE", "nor create roles"),
        ("GRANT pg_read_server_files TO {}", "REVOKE pg_read_server_files FROM {}", "member of no other"),
    ],
)
def test_a_login_that_was_given_more_is_refused(
    server: str, one: Installation, given: str, taken: str, why: str
) -> None:
    web = Identifier(one.logins.role(Login.WEB))
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(SQL(given).format(web))
        with pytest.raises(UnsafeServer, match=why):
            check_safe(one.logins)
        conn.execute(SQL(taken).format(web))
    check_safe(one.logins)


def test_a_server_with_too_few_connections_is_refused_with_their_number(server: str, one: Installation) -> None:
    needed = {Login.WEB: 21, Login.FOLLOWER: 8}
    room = check_room(one.logins, needed)
    with psycopg.connect(server) as conn:
        (of_everybody,) = conn.execute("SELECT current_setting('max_connections')::int").fetchone() or (0,)
    assert room == of_everybody - 3  # those of superusers
    with pytest.raises(UnsafeServer, match=f"needs up to {room + 1} connections, and PostgreSQL has {room}"):
        check_room(one.logins, {Login.WEB: room + 1})
    web, database = Identifier(one.logins.role(Login.WEB)), Identifier(name_of(one.url))
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(SQL("ALTER ROLE {} CONNECTION LIMIT 20").format(web))
        with pytest.raises(UnsafeServer, match=r"needs up to 21 connections of jinlin_.*_web, which has .* of 20"):
            check_room(one.logins, needed)
        conn.execute(SQL("ALTER ROLE {} CONNECTION LIMIT -1").format(web))
        conn.execute(SQL("ALTER DATABASE {} CONNECTION LIMIT 28").format(database))
        with pytest.raises(UnsafeServer, match=r"needs up to 29 connections, and the database has .* of 28"):
            check_room(one.logins, needed)
        conn.execute(SQL("ALTER DATABASE {} CONNECTION LIMIT -1").format(database))
