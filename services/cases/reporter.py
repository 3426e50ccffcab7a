"""Who reported a case, as far as whoever looks may see it."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from domain.cases import issue as issues
from domain.cases.issue import Status
from domain.catalogue import may
from domain.masks import masked_name
from projections.cases.history import CaseHistory
from projections.cases.notebook import IssueLine
from services.console.render import Viewer, Voice

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
    )


def _looked(line: IssueLine, story: CaseHistory | None, viewer: Viewer, voice: Voice) -> bool:
    """Whether the viewer has asked for this contact just now; the asking is on record."""
    return any(
        entry.event == "ContactDataViewed"
        and entry.actor == viewer.person
        and entry.stream == line.issue
        and voice.now - entry.recorded_at < CONTACT_SHOWN
        for entry in (story.entries if story else ())
    )
