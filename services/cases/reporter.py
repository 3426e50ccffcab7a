"""Who reported a case, as far as whoever looks may see it."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from domain.cases import issue as issues
from domain.cases.issue import Status
from domain.catalogue import may
from domain.masks import masked_name
from projections.cases import history, notebook
from projections.cases.history import CaseHistory
from projections.cases.notebook import IssueLine
from projections.projection import Connection
from services.console.render import Voice
from services.console.viewer import Viewer

CONTACT_SHOWN = timedelta(minutes=15)  # for so long after asking does one see the number


@dataclass(frozen=True, slots=True)
class Reporter:
    issue: UUID
    page: str
    version: int
    who: str
    how: str
    phone: str
    shown: bool
    act_url: str
    answer_url: str
    outcome: str
    owed: bool  # left a name or a number, and was told nothing yet


def reporter_of(
    line: IssueLine, first: IssueLine | None, viewer: Viewer, story: CaseHistory | None, voice: Voice
) -> Reporter:
    shown = _looked(line, story, viewer, voice)
    name = line.reporter if shown else masked_name(line.reporter)
    dwelling = voice.say("reporter-dwelling", dwelling=line.dwelling) if line.dwelling else ""
    who = " ".join(part for part in (dwelling, name) if part) or voice.say("reporter-anonymous")
    how = voice.say("reporter-first" if line is first else "reporter-too", channel=voice.name(line.channel))
    page = f"/issues/{line.issue}"
    may_view = viewer.capacity is not None and may(viewer.capacity, issues.ViewContact) and not line.state.forgotten
    answerable = line.state.status in (Status.MERGED, Status.PROMOTED) and not line.state.answered
    may_answer = viewer.capacity is not None and may(viewer.capacity, issues.AnswerReporter) and answerable
    return Reporter(
        issue=line.issue,
        page=page,
        version=line.version,
        who=who,
        how=f"{how} {line.number[-4:]}",
        phone=(line.phone or "") if shown else voice.masked(line.phone),
        shown=shown,
        act_url=f"{page}/view-contact" if may_view else "",
        answer_url=f"{page}/answer" if may_answer and not line.state.forgotten else "",
        outcome=line.outcome or "",
        owed=is_owed(line) and not (line is first and _called(story)),
    )


def is_owed(line: IssueLine) -> bool:
    """Whether somebody is known who was told nothing: the answer to each is its own (INV-19)."""
    known = bool(line.reporter or line.phone)
    return known and line.state.status in (Status.MERGED, Status.PROMOTED) and not line.state.answered


def _called(story: CaseHistory | None) -> bool:
    """Whether the first reporter was reached after the work: that is an answer, too."""
    return any(e.event == "FollowUpRecorded" and e.facts.get("reached") for e in (story.entries if story else ()))


def owed_of(conn: Connection, issue: UUID) -> list[IssueLine]:
    """The lines of a case whose reporter was told nothing yet, the first one before all."""
    first, called = notebook.line(conn, issue), _called(history.of_case(conn, issue))
    lines = [line for line in notebook.merged_into(conn, issue) if is_owed(line)]
    return [first, *lines] if first is not None and is_owed(first) and not called else lines


def _looked(line: IssueLine, story: CaseHistory | None, viewer: Viewer, voice: Voice) -> bool:
    """Whether the viewer has asked for this contact just now; the asking is on record."""
    return any(
        entry.event == "ContactDataViewed"
        and entry.actor == viewer.person
        and entry.stream == line.issue
        and voice.now - entry.recorded_at < CONTACT_SHOWN
        for entry in (story.entries if story else ())
    )
