"""Quick capture: one sentence becomes a numbered line of the notebook."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse, RedirectResponse, Response

from domain.cases.category import Category, Priority
from domain.cases.issue import Channel
from domain.refusal import Refusal, Rejection
from domain.words import TEXT_LENGTH
from services.board.pages import board_page
from services.cases import contacts, guess, twins
from services.cases import plans as case_plans
from services.cases.danger import first_of
from services.cases.plans import NewIssue
from services.cases.ringing import Ring, ringing
from services.cases.twins import Twin
from services.commands.ask import Forbidden, KeyReused
from services.console.answers import refused
from services.console.render import Voice
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
        found = contacts.lifted(form.get("text", "")[:TEXT_LENGTH])
        seen, voice = guess.guess(found.text, row), here.voice
        who, phone = contacts.placed(found.reporter, None, found.phones)
        alike = twins.twins(conn, estate, found.text, seen, voice.now)
        danger = seen.priority is Priority.P0
        rings = ringing(conn, here.viewer, estate).about(seen.category, seen.priority) if danger else ()
    said = [
        seen.building and voice.say("place-building", building=seen.building),
        seen.stairwell and voice.say("place-stairwell-only", stairwell=seen.stairwell),
        seen.dwelling,
        seen.category and voice.name(seen.category),
        seen.priority and seen.priority.value,
    ]
    return JSONResponse(
        {
            "guesses": [each for each in said if each],
            "danger": _first(here, seen.category) if danger else None,
            "rings": [_ring(voice, each) for each in rings],
            "reporter": who or "",
            "phone": phone or "",
            "twins": [_offered(voice, each) for each in alike],
        }
    )


def _offered(voice: Voice, twin: Twin) -> dict[str, str]:
    """A case that it may be the same as, in words."""
    stage = voice.say(f"stage-{twin.stage.value}") if twin.stage else voice.say("twin-waits")
    key = "twin-reopens" if twin.closed else "twin-merge"
    about = voice.say("twin-about", no=twin.number[-4:], stage=stage, text=twin.text[:40])
    return {"issue": str(twin.issue), "about": about, "act": voice.say(key)}


def _ring(voice: Voice, ring: Ring) -> dict[str, str]:
    """Whom to ring in words, with what a click dials; nothing to dial where nobody is registered."""
    if not ring.phone:
        return {"text": voice.say("ring-none", what=voice.name(ring.service)), "tel": ""}
    return {"text": f"{voice.name(ring.service)} {ring.phone} {ring.firm}", "tel": ring.tel}


def _first(here: Visit, danger: Category | None) -> str:
    """What to do before anything else; nothing where no life is in danger."""
    return here.voice.say(first_of(danger)) if danger else ""


def issue_of(said: str) -> UUID | None:
    """The case that it is the same as. Refuses ``body`` for what is no id."""
    try:
        return UUID(said) if said else None
    except ValueError:
        raise Rejection("body", field="into") from None


def _noted(here: Visit, estate: str, form: FormFields) -> Response:
    with here.lend() as conn:
        row = here.estate(conn, estate)
    seen = guess.guess(contacts.lifted(form.get("text", "")).text[:TEXT_LENGTH], row)
    channel = form.get("channel", Channel.DESK.value)
    new = NewIssue(
        estate=estate,
        text=form.get("text", ""),
        channel=Channel(channel) if channel in Channel.__members__ else Channel.DESK,
        building=form.get("building") or None,
        stairwell=form.get("stairwell") or None,
        dwelling=form.get("dwelling") or None,
        reporter=form.get("reporter", "").strip() or None,
        phone=form.get("phone", "").strip() or None,
        into=issue_of(form.get("into", "")),
        name_told=bool(form.get("lifted")),  # the clerk has seen what was lifted: the fields hold,
    )
    ask = here.ask(form)
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
