"""A halted view goes on past the event that it cannot take in: for a reason, on record, and honoured by every fold."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from domain.cases.issue import ISSUE, AdviceGiven, IssueDropped
from domain.recorded import Recorded
from projections import rebuild as rebuilding
from projections.as_of import set_back
from projections.cases import notebook
from projections.cases.notebook import NOTEBOOK
from projections.catalogue import VIEWS
from projections.projection import View
from projections.rebuild import RebuildHalted, RebuildUnderWay, alone_beside, rebuild_view
from projections.skip import LONGEST_REASON, CannotSkip, skip, withdraw
from projections.skipped import skips
from projections.standings import Overview, overview
from projections.views import together
from services.__main__ import main
from services.log.event_log import Change
from services.running.upkeep import user
from services.running.wiring import FOLLOWINGS
from tests.machine.ground import ACT, ESTATE, Ground, a_ground
from tests.postgres import keep_logins
from tests.templates import Templates

WHY = "the notebook cannot read it; repaired with the next version"


@pytest.fixture
def ground(templates: Templates) -> Iterator[Ground]:
    """A log of one's own for every test, so that nothing skipped elsewhere is skipped here."""
    with a_ground(templates.empty()) as made:
        yield made


def choking_on(poison: UUID) -> tuple[View[Any], ...]:
    """The views of a product whose notebook cannot take in what happened to one line."""

    def choke(line: Any, recorded: Recorded[Any]) -> Any:
        if recorded.stream == poison:
            raise ValueError("what it says stays here")
        return NOTEBOOK.evolve(line, recorded)

    return tuple(replace(view, evolve=choke, stands_for=view) if view is NOTEBOOK else view for view in VIEWS)


def halted(ground: Ground) -> tuple[tuple[View[Any], ...], int]:
    """Three lines, the second of them poison: the notebook halts there. The views and the position."""
    ground.note(1)
    poison = ground.note(2)
    ground.note(3)
    views = choking_on(poison)
    ground.follower(views)[0].catch_up()
    return views, ground.log.last_position() - 1


def stand(ground: Ground) -> Overview:
    with ground.database.app.connection() as conn:
        return overview(conn, [together(VIEWS)], ground.log.last_position())


def rebuild(ground: Ground, view: View[Any]) -> int:
    return rebuild_view(ground.database.follower.connection, ground.owner, ground.log, view)


def test_it_goes_on_and_everything_after_is_there(ground: Ground) -> None:
    views, position = halted(ground)
    assert stand(ground).problems() == [f"view notebook is halted at position {position}"]
    with ground.owner() as conn:
        skip(conn, "notebook", position, f"  {WHY}\n", "anna")
        (skipped,) = skips(conn)
    assert (skipped.view, skipped.position, skipped.because, skipped.by) == ("notebook", position, WHY, "anna")
    assert stand(ground).problems() == []
    assert f"view notebook skips the event at position {position}" in stand(ground).notes()
    ground.note(4)
    ground.follower(views)[0].catch_up()
    assert ground.notes() == 3  # of four
    assert ground.findings() == []


def test_a_look_back_leaves_it_out_too(ground: Ground) -> None:
    line = ground.note(1)
    skipped = [AdviceGiven("关一下总阀"), IssueDropped("修好了")]
    ground.log.append([Change(line, ISSUE.name, 1, skipped, ACT, ESTATE, line)])
    poison = ground.log.last_position() - 1  # the advice

    def choke(row: Any, recorded: Recorded[Any]) -> Any:
        if recorded.position == poison:
            raise ValueError("what it says stays here")
        return NOTEBOOK.evolve(row, recorded)

    follower, _ = ground.follower((replace(NOTEBOOK, evolve=choke, stands_for=NOTEBOOK),))
    follower.catch_up()
    with ground.owner() as conn:
        skip(conn, "notebook", poison, WHY, "anna")
    follower.catch_up()
    with ground.database.lend_still([ESTATE]) as conn:  # when the advice is the last that was said
        set_back(conn, ground.log, ESTATE, poison, [NOTEBOOK])
        then = notebook.line(conn, line)
    assert then is not None
    assert (then.version, then.outcome) == (1, None)  # then the notebook shows what it showed: nothing of it


def test_a_rebuild_and_a_follower_that_begins_anew_leave_it_out_too(ground: Ground) -> None:
    views, position = halted(ground)
    with ground.owner() as conn:
        skip(conn, "notebook", position, WHY, "anna")
    choking = next(view for view in views if view.name == "notebook")
    assert rebuild(ground, choking) == ground.log.last_position()
    assert (ground.notes(), ground.findings()) == (2, [])
    with ground.database.follower.connection() as conn:  # as after a restore, which brings the log and no views
        for view in VIEWS:
            conn.execute(f"DELETE FROM view.{view.name}".encode())
        conn.execute("DELETE FROM view.positions")
    follower, heard = ground.follower(views)
    follower.catch_up()
    assert heard.halts == []
    assert (ground.notes(), ground.findings()) == (2, [])


def test_a_skip_that_is_withdrawn_holds_until_the_next_rebuild(ground: Ground) -> None:
    views, position = halted(ground)
    with ground.owner() as conn:
        skip(conn, "notebook", position, WHY, "anna")
        ground.follower(views)[0].catch_up()
        withdraw(conn, "notebook", position, "bert")
        assert skips(conn) == []
        kept = conn.execute("SELECT skipped_by, withdrawn_by, because FROM view.skipped").fetchall()
        assert kept == [("anna", "bert", WHY)]
        with pytest.raises(CannotSkip, match=f"view notebook has no skip at position {position}"):
            withdraw(conn, "notebook", position, "bert")
    assert ["differs" in finding for finding in ground.findings()] == [True]
    rebuild(ground, NOTEBOOK)  # repaired
    assert (ground.notes(), ground.findings()) == (3, [])


def test_what_is_not_halted_there_is_not_skipped(ground: Ground) -> None:
    _, position = halted(ground)
    with ground.owner() as conn:
        for view, at, because, says in (
            ("notebook", position + 1, WHY, f"view notebook is halted at position {position}, not at {position + 1}"),
            ("orders", position, WHY, f"view orders is not halted: it stands at position {position + 1} and goes on"),
            ("notebook", position, " \n", "say why"),
            ("notebook", position, "x" * (LONGEST_REASON + 1), f"may have {LONGEST_REASON} characters"),
        ):
            with pytest.raises(CannotSkip, match=says):
                skip(conn, view, at, because, "anna")
        with alone_beside(conn, "notebook"), ground.owner() as other, pytest.raises(RebuildUnderWay):
            skip(other, "notebook", position, WHY, "anna")
        assert skips(conn) == []
    assert stand(ground).problems() == [f"view notebook is halted at position {position}"]


def test_a_rebuild_that_halts_says_where_and_goes_on_past_it(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when a new version cannot take in what the old one could: the old view goes on serving."""
    monkeypatch.setattr(rebuilding, "BATCH", 4)
    for number in range(10):
        ground.note(number)
    poison = ground.note(11)
    position = ground.log.last_position()
    for number in range(10):
        ground.note(number)
    ground.follower()[0].catch_up()
    (choking,) = [view for view in choking_on(poison) if view.name == "notebook"]
    with pytest.raises(RebuildHalted) as found:
        rebuild(ground, choking)
    assert (found.value.position, found.value.because) == (position, "ValueError")
    assert (ground.notes(), ground.findings()) == (21, [])
    assert stand(ground).problems() == []
    assert stand(ground).notes() == [f"the rebuild of view notebook is halted at position {position}"]
    with ground.owner() as conn:
        skip(conn, "notebook", position, WHY, "anna")
    heard: list[int] = []
    rebuild_view(
        ground.database.follower.connection, ground.owner, ground.log, choking, lambda done, _: heard.append(done)
    )
    assert heard[0] == position + 4  # it did not begin anew
    assert (ground.notes(), ground.findings()) == (20, [])


def test_an_unfinished_rebuild_that_took_the_event_in_begins_anew(ground: Ground) -> None:
    """The repaired code was under way past it when somebody let the halted view go on without it."""
    views, position = halted(ground)

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild_view(ground.database.follower.connection, ground.owner, ground.log, NOTEBOOK, stop)
    (notebook,) = [each for each in stand(ground).views.views if each.view == "notebook"]
    assert notebook.rebuild and (notebook.rebuild.position, notebook.rebuild.running) == (position + 1, False)
    with ground.owner() as conn:
        skip(conn, "notebook", position, WHY, "anna")
    assert [each.rebuild for each in stand(ground).views.views] == [None] * len(VIEWS)
    rebuild(ground, NOTEBOOK)
    ground.follower(views)[0].catch_up()
    assert (ground.notes(), ground.findings()) == (2, [])


def test_the_commands_say_what_they_do(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    views, position = halted(ground)
    (tmp_path / "vault.key").write_bytes(b"k" * 32)
    monkeypatch.setenv("JINLIN_DATA", str(tmp_path))
    monkeypatch.setenv("JINLIN_DATABASE_URL", ground.url)
    keep_logins(ground.url, tmp_path)

    def jinlin(*arguments: str) -> tuple[int, str]:
        status = main(arguments)
        said = capsys.readouterr()
        return status, said.out + said.err

    assert jinlin("skip", "notes", "1", "--because", WHY) == (
        2,
        f"jinlin: no view notes; there are {', '.join(each.name for each in (*VIEWS, *FOLLOWINGS))}\n",
    )
    assert jinlin("skip", "orders", str(position), "--because", WHY)[0] == 2
    status, said = jinlin("check")
    assert status == 1 and f"view notebook: halted at position {position} (ValueError)" in said
    assert jinlin("skip", "notebook", str(position), "--because", WHY) == (
        0,
        f"notebook: goes on past position {position}\n",
    )
    ground.follower(views)[0].catch_up()
    status, said = jinlin("check")
    assert status == 0
    assert f"view notebook: skips position {position} since " in said and f" by {user()}: {WHY}\n" in said
    assert jinlin("skip", "notebook", str(position), "--withdraw") == (
        0,
        f"notebook: takes in position {position} with the next `jinlin rebuild notebook`\n",
    )
    assert jinlin("rebuild", "notebook")[0] == 0
    assert jinlin("check")[0] == 0
    assert ground.notes() == 3
    with pytest.raises(SystemExit):
        main(["skip", "notebook", str(position)])  # neither a reason nor --withdraw
    capsys.readouterr()
    with pytest.raises(SystemExit):
        main(["skip", "--help"])
    assert "never anything about a person" in " ".join(capsys.readouterr().out.split())
