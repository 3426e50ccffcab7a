"""``jinlin check``: what is new since the last good check, all of it on demand, and rules that span streams."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from domain.capacity import Capacity
from domain.fees import fee_account as fees
from domain.fees.fee_account import fee_account_stream
from projections.catalogue import VIEWS
from services.__main__ import main
from services.running.capabilities import all_of
from services.running.checking import check as checking
from services.running.checking import of_log, work
from services.running.checking.of_views import shares
from services.running.wiring import FOLLOWINGS
from tests.conftest import FIRST, Demo
from tests.fees.fee_ground import ACCOUNTANT, bill, carried_out, payment
from tests.machine.damage import Damaged
from tests.machine.ground import Ground, a_ground
from tests.templates import Templates

Jinlin = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def ground(templates: Templates, tmp_path: Path) -> Iterator[Ground]:
    """The demo's week, taken in by every view."""
    with a_ground(templates.week(tmp_path), (tmp_path / "vault.key").read_bytes()) as made:
        yield made


@pytest.fixture
def jinlin(
    ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Jinlin:
    monkeypatch.setenv("JINLIN_DATA", str(tmp_path))
    monkeypatch.setenv("JINLIN_DATABASE_URL", ground.url)

    def call(*arguments: str) -> tuple[int, list[str]]:
        status = main(arguments)
        return status, capsys.readouterr().out.splitlines()

    return call


def change(ground: Ground, statement: str, *values: object) -> None:
    """As a hand with all rights does."""
    with psycopg.connect(ground.url) as conn:
        conn.execute("SET session_replication_role = replica")
        assert conn.execute(statement.encode(), values).rowcount


def test_only_what_is_new_is_looked_at_and_the_rest_on_demand(ground: Ground, jinlin: Jinlin) -> None:
    last = ground.log.last_position()
    assert jinlin("check") == (0, [f"checked {last} events: all is whole"])
    assert jinlin("check") == (0, [f"checked {last} events, 0 of them new since the last check: all is whole"])
    ground.note(1)
    ground.follower()[0].catch_up()
    assert jinlin("check") == (0, [f"checked {last + 1} events, 1 of them new since the last check: all is whole"])
    change(ground, "UPDATE view.notebook SET body = jsonb_set(body, '{me_too}', '7') WHERE position <= %s", last)
    assert jinlin("check")[0] == 0  # what was found good is not looked at
    status, said = jinlin("check", "--whole")
    assert status == 1
    assert {line.partition(": row")[0] for line in said[:-1]} == {"view notebook"}
    assert jinlin("check", "orders", "--whole")[0] == 0
    assert jinlin("check", "notebook", "--whole")[0] == 1
    assert jinlin("check", "nobody")[0] == 2


def test_nobody_is_blamed_for_what_a_view_does_not_show_yet(
    ground: Ground, jinlin: Jinlin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a restore by hand, or while a follower is behind: posts are known from a view."""
    monkeypatch.setattr(checking, "PATIENCE_SECONDS", 0.0)
    change(ground, "DELETE FROM view.people")
    change(ground, "UPDATE view.positions SET position = 0 WHERE name = 'people'")
    status, said = jinlin("check")
    late = [line for line in said if line.startswith("posts and acts")]
    assert status == 1 and late and not [line for line in late if "without that post" in line]
    assert all("not checked from here on, as view people stands at position 0" in line for line in late)
    ground.follower()[0].catch_up()
    last = ground.log.last_position()
    assert jinlin("check") == (0, [f"checked {last} events: all is whole"])  # nothing of it was remembered as good


def test_a_row_that_changed_since_is_held_against_its_streams(ground: Ground, jinlin: Jinlin) -> None:
    jinlin("check")
    line = ground.note(1)
    ground.follower()[0].catch_up()
    change(ground, "UPDATE view.notebook SET body = jsonb_set(body, '{me_too}', '7') WHERE key = %s", str(line))
    assert jinlin("check")[1][0] == f"view notebook: row {line} differs from its rebuild"
    assert jinlin("check")[0] == 1  # nothing was found good that was not
    change(ground, "DELETE FROM view.notebook WHERE key = %s", str(line))
    assert jinlin("check")[1][0] == f"view notebook: row {line} differs from its rebuild"
    change(ground, "DELETE FROM view.history WHERE key = %s", str(line))
    assert len(jinlin("check")[1]) == 2  # that row was good when it was last looked at
    assert len(jinlin("check", "--whole")[1]) == 3


def test_what_was_changed_below_is_found_by_the_chain(
    ground: Ground, jinlin: Jinlin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_log, "RANGE", 100)
    assert jinlin("check")[0] == 0
    # a name that reads as well as the old one, and another order of what happened: all is well-formed
    damaged = Damaged(ground.url)
    first = next(each for each in ground.log.reading(100, 100).events if type(each.event).__name__ == "PersonRegistered"
                 or each.act.actor)  # fmt: skip
    with psycopg.connect(ground.url) as conn:
        row = conn.execute(
            "SELECT topic, state FROM log.stored_events WHERE notification_id = %s", (first.position,)
        ).fetchone()
    assert row
    damaged.write(first.position, row[0], bytes(row[1]) + b" ")  # the same JSON
    assert jinlin("check")[0] == 0
    status, said = jinlin("check", "--whole")
    assert status == 1
    assert said[0] == "log: positions 101 to 200 are not what they were when they were found good: they were changed"
    assert jinlin("check", "--whole")[0] == 1
    with psycopg.connect(ground.url) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute("DELETE FROM log.checked")


def test_it_names_what_cannot_be_read_and_goes_on(ground: Ground, jinlin: Jinlin) -> None:
    jinlin("check")
    stream = ground.note(1)
    position = ground.log.last_position()
    Damaged(ground.url).write(position, "NeverHeardOf", b"not even JSON")
    ground.note(2)
    ground.follower()[0].catch_up()
    status, said = jinlin("check")
    assert status == 1
    where = f"log: position {position} (unknown name, version 1 of stream {stream}) cannot be read: its body is broken"
    assert said[0].startswith(where)
    halted = [*(view.name for view in VIEWS), *(following.name for following in FOLLOWINGS)]
    assert said[0].endswith(f"halts {', '.join(halted)}")
    for name in halted:
        assert jinlin("skip", name, str(position), "--because", "broken on purpose")[0] == 0
    ground.follower()[0].catch_up()
    for _ in range(2):  # it is told again, though the log was looked at up to there
        status, said = jinlin("check")
        assert (status, said[0]) == (1, f"{where}: it is no JSON; skipped by {', '.join(halted)}")
        assert sum("skips position" in line for line in said) == len(halted)


def test_a_skip_may_come_before_the_halt(ground: Ground, jinlin: Jinlin) -> None:
    ground.note(1)
    position = ground.log.last_position()
    assert jinlin("skip", "notebook", str(position), "--because", "why not")[0] == 2  # it can be read
    Damaged(ground.url).write(position, "IssueNoted", b"not even JSON")
    assert jinlin("skip", "orders", str(position), "--because", "no need")[0] == 2  # nothing to it
    assert jinlin("skip", "notebook", str(position), "--because", "damaged")[0] == 0
    follower, heard = ground.follower()
    follower.catch_up()
    assert heard.halts == [(name, position, "DecodeError") for name in ("history", "case_words", "trail_lines")]
    assert jinlin("skip", "notebook", str(position), "--because", "again")[0] == 2  # it is past it
    assert jinlin("skip", "notebook", str(10**30), "--because", "far away")[0] == 2


def test_how_the_last_check_ended_is_kept(ground: Ground, jinlin: Jinlin, tmp_path: Path) -> None:
    jinlin("check", "orders")
    assert not (tmp_path / "check.json").exists()  # that was not all
    jinlin("check")
    said = json.loads((tmp_path / "check.json").read_text(encoding="utf-8"))
    assert datetime.fromisoformat(said["checked_at"]).tzinfo
    assert (said["position"], said["findings"]) == (ground.log.last_position(), 0)
    assert said["seconds"] > 0
    change(ground, "UPDATE view.orders SET estates = '{999}'")
    jinlin("check", "--whole")
    assert json.loads((tmp_path / "check.json").read_text(encoding="utf-8"))["findings"] == 1 * orders(ground)


def orders(ground: Ground) -> int:
    with psycopg.connect(ground.url) as conn:
        row = conn.execute("SELECT count(*) FROM view.orders").fetchone()
    return row[0] if row else 0


@pytest.mark.slow
@pytest.mark.drill
def test_processes_find_what_one_finds(ground: Ground, jinlin: Jinlin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "MUCH", 1)
    change(ground, "UPDATE view.people SET body = jsonb_set(body, '{version}', '77')")
    status, said = jinlin("check", "people", "orders", "--whole")
    assert status == 1
    assert {line.partition(": row")[0] for line in said[:-1]} == {"view people"}


def test_every_event_is_in_one_share() -> None:
    names = [name for share in shares() for name in share.names]
    assert len(names) == len(set(names))
    assert sorted(name for share in shares() for name in share.views) == sorted(view.name for view in VIEWS)


# -- rules that span streams -----------------------------------------------------------------------------------------


def test_rules_have_names_of_their_own() -> None:
    names = [check.name for check in all_of(lambda each: each.checks)]
    assert len(names) == len(set(names)) >= 6


def found(demo: Demo, name: str) -> list[str]:
    """What one rule finds once every view has taken everything in."""
    demo.caught_up()
    (check,) = [check for check in all_of(lambda each: each.checks) if check.name == name]
    assert check.among is not None
    with demo.product.database.follower.connection() as conn:
        return [*check.among(conn)]


def test_money_on_no_dwelling_is_found(demo: Demo) -> None:
    assert found(demo, "money and dwellings") == []
    dwelling, owner = uuid4(), uuid4()
    carried_out(demo.product, dwelling, fees.OpenFeeAccount(dwelling, FIRST, "3"), bill(owner))
    assert found(demo, "money and dwellings") == [
        f"dwelling {dwelling} is in no register, and there are 1 bills and 0 payments on it"
    ]


def test_receipts_of_no_book_and_twice_are_found(demo: Demo) -> None:
    before = found(demo, "receipts and payments")
    assert before == []
    dwelling, owner = uuid4(), uuid4()
    one, two = (payment(owner, 100, demo.now, receipt="2026-000001") for _ in range(2))
    carried_out(demo.product, dwelling, fees.OpenFeeAccount(dwelling, FIRST, "3"), bill(owner), one, two)
    said = found(demo, "receipts and payments")
    assert any(line.startswith("receipt 2026-000001 of estate") and str(one.payment) in line for line in said)
    assert any(line.startswith(f"the receipt book 2026 of estate {FIRST} has") for line in said)
    assert fee_account_stream(dwelling)


def alter(demo: Demo, statement: str, *values: object) -> None:
    """Make rows say what no command could."""
    demo.caught_up()
    with psycopg.connect(demo.url) as conn:
        assert conn.execute(statement.encode(), values).rowcount == 1


def test_orders_and_issues_that_do_not_belong_together_are_found(demo: Demo) -> None:
    assert (found(demo, "orders and issues"), found(demo, "orders and bills")) == ([], [])
    with psycopg.connect(demo.url) as conn:
        one, two = conn.execute("SELECT key, issue FROM view.orders ORDER BY key LIMIT 2").fetchall()
    alter(demo, "UPDATE view.orders SET body = jsonb_set(body, '{issue}', to_jsonb(%s::text)) WHERE key = %s",
          str(uuid4()), one[0])  # fmt: skip
    alter(demo, "UPDATE view.orders SET body = jsonb_set(body, '{state,charged}', to_jsonb(%s::text)) WHERE key = %s",
          str(uuid4()), two[0])  # fmt: skip
    said = found(demo, "orders and issues")
    assert [line.partition(" is of")[0] for line in said[:1]] == [f"order {one[0]}"]
    assert said[1] == f"issue {one[1]} became order {one[0]}, which is not of it"
    assert found(demo, "orders and bills")[0].startswith(f"order {two[0]} is charged by bill ")


def test_lines_and_payments_that_do_not_agree_are_found(demo: Demo) -> None:
    name = "statement lines and payments"
    assert found(demo, name) == []
    dwelling, owner, lines = uuid4(), uuid4(), [str(uuid4()) for _ in range(3)]
    paid = payment(owner, 100, demo.now, line=uuid4(), receipt="2026-000009")
    carried_out(demo.product, dwelling, fees.OpenFeeAccount(dwelling, FIRST, "3"), bill(owner), paid)
    assert found(demo, name) == [f"payment {paid.payment} came by line {paid.line}, which is not matched with it"]
    matches = {
        lines[0]: (paid.payment, dwelling, 100),
        lines[1]: (paid.payment, uuid4(), 99),
        lines[2]: (uuid4(), dwelling, 1),
    }
    for line, (to, where, amount) in matches.items():
        body = {"stage": "MATCHED", "payment": str(to), "dwelling": str(where), "told": {"amount": amount}}
        alter(demo, "INSERT INTO view.statement_lines (key, estates, position, body) VALUES (%s, '{}', 1, %s)",
              line, json.dumps(body))  # fmt: skip
    said = found(demo, name)
    assert f"line {lines[2]} is matched with payment {matches[lines[2]][0]}, which is on no account" in said
    assert f"line {lines[1]} is matched with payment {paid.payment} of another dwelling" in said
    assert f"line {lines[1]} is matched with payment {paid.payment} of another amount" in said
    assert f"lines {', '.join(sorted(lines[:2]))} are all matched with payment {paid.payment}" in said


def test_an_act_in_a_post_that_was_not_held_is_found(demo: Demo) -> None:
    demo.caught_up()
    (check,) = [check for check in all_of(lambda each: each.checks) if check.name == "posts and acts"]
    assert check.each is not None
    with demo.product.database.follower.connection() as conn:
        look = check.each(conn)
    events = demo.product.log.read(0, 10_000)
    strangers = [each for each in events if look(each)]
    assert {each.act.actor for each in strangers} <= {ACCOUNTANT}  # who wrote accounts here without a post
    one = next(each for each in events if each.act.acting_as is Capacity.DISPATCHER and each.estate)
    for act in (
        one.act._replace(actor=uuid4()),
        one.act._replace(acting_as=Capacity.CENTRE_HEAD),
        one.act._replace(recorded_at=one.act.recorded_at - timedelta(days=9_000)),
    ):
        said = f"{act.actor} acted as {act.acting_as.value} in estate {one.estate} without that post"
        assert look(one._replace(act=act)) == said
    assert look(one._replace(estate="350902002999-777")) is not None
    assert look(one) is None


def test_rules_are_not_held_against_views_that_stand_apart(ground: Ground, jinlin: Jinlin) -> None:
    change(ground, "UPDATE view.positions SET position = position - 1 WHERE name = 'bills'")
    said = jinlin("check")[1]
    assert any(line.startswith("money and dwellings: not checked, as view bills stands at position") for line in said)
