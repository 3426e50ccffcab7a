"""Quick capture: one sentence becomes a numbered line of the notebook."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse, RedirectResponse, Response

from domain.cases.category import Category, Priority
from domain.cases.issue import Channel
from domain.refusal import Refusal
from domain.words import TEXT_LENGTH
from services.board.pages import board_page
from services.cases import guess
from services.cases import plans as case_plans
from services.cases.danger import first_of
from services.cases.plans import NewIssue
from services.commands.ask import Forbidden, KeyReused
from services.console.answers import asked, refused
from services.console.visit import ActVisit, FormFields, Visit
from services.http.acting import perform

router = APIRouter(include_in_schema=False)


@router.post("/board/{estate}/notes")
def note(estate: str, visit: ActVisit, form: FormFields) -> Response:
    here = visit.at(estate)
    try:
        return _noted(here, estate, form)
    except (Refusal, Forbidden, KeyReused) as wrong:
        typed = form.get("text", "")[:TEXT_LENGTH]
        return refused(
            here,
            wrong,
            lambda errors, status: board_page(
                here, "all", False, 0, status, typed=typed, error=next(iter(errors.values()))
            ),
        )


@router.post("/board/{estate}/guess")
def guessed(estate: str, visit: ActVisit, form: FormFields) -> Response:
    """What a sentence seems to be about while it is typed; a form, so that nothing of it stands in an address."""
    here = visit.at(estate)
    with here.lend() as conn:
        row = here.estate(conn, estate)
    seen, voice = guess.guess(form.get("text", "")[:TEXT_LENGTH], row), here.voice
    said = [
        seen.building and voice.say("place-building", building=seen.building),
        seen.stairwell and voice.say("place-stairwell-only", stairwell=seen.stairwell),
        seen.dwelling,
        seen.category and voice.name(seen.category),
        seen.priority and seen.priority.value,
    ]
    danger = seen.priority is Priority.P0
    return JSONResponse(
        {"guesses": [each for each in said if each], "danger": _first(here, seen.category) if danger else None}
    )


def _first(here: Visit, danger: Category | None) -> str:
    """What to do before anything else; nothing where no life is in danger."""
    return here.voice.say(first_of(danger)) if danger else ""


def _noted(here: Visit, estate: str, form: FormFields) -> Response:
    with here.lend() as conn:
        row = here.estate(conn, estate)
    text = form.get("text", "")
    seen = guess.guess(text[:TEXT_LENGTH], row)
    channel = form.get("channel", Channel.DESK.value)
    new = NewIssue(
        estate=estate,
        text=text,
        channel=Channel(channel) if channel in Channel.__members__ else Channel.DESK,
        building=form.get("building") or seen.building,
        stairwell=form.get("stairwell") or (seen.stairwell if not form.get("building") else None),
        dwelling=form.get("dwelling") or (seen.dwelling if not form.get("building") else None),
        reporter=form.get("reporter") or None,
        phone=form.get("phone") or None,
    )
    ask = asked(here, form)
    answer = perform(here.request, "NoteIssue", lambda: here.product.handler.do(ask, case_plans.note_issue(new)))
    urgent = seen.priority is Priority.P0
    said = (
        here.voice.say("capture-saved-urgent", no=answer.number, first=_first(here, seen.category))
        if urgent
        else here.voice.say("capture-saved", no=answer.number)
    )
    if not here.wants_json:
        return RedirectResponse(f"/board/{estate}?after={answer.position}&noted={answer.number}", 303)
    return here.done(answer, said, f"/board/{estate}", urgent=urgent, issue=str(answer.stream), number=answer.number)
