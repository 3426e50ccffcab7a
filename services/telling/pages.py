"""The bell in the console, and the page of what was sent."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from domain.capacity import HEADS
from domain.masks import masked_name, masked_phone
from domain.refusal import Refusal
from domain.telling.occasions import NoticeWay, Occasion
from projections.cases import notebook, orders
from projections.cases.notebook import NOTEBOOK
from projections.cases.orders import ORDERS
from projections.people import people
from projections.people.people import PEOPLE
from services.console.visit import FormFields, Visit, Visiting
from services.http.problems import detail, problem_of
from services.http.ways_back import as_it_was
from services.log.not_found import NotFound
from services.telling import kept
from services.telling.access import SentVisit
from services.telling.kept import STATES
from services.telling.letters import checked_mail, leave_mail, mail_of, text_of

router = APIRouter(include_in_schema=False)

_OUT = (NoticeWay.MAIL, NoticeWay.WEBHOOK, NoticeWay.SMS)


@router.get("/bell")
def bell(visit: Visiting) -> Response:
    return _bell(visit)


@router.get("/bell/unread")
def count(visit: Visiting) -> Response:
    """The number beside the bell, for the corner of every page."""
    number = kept.unread(visit.product.database, visit.member.person, visit.member.estates)
    return visit.html("part/unread.html", number=number)


@router.post("/bell/read")
def read(visit: Visiting) -> Response:
    kept.read_all(visit.product.database, visit.member.person, visit.member.estates, visit.product.clock())
    return RedirectResponse("/bell", 303)


@router.post("/bell/mail")
def mail(form: FormFields, visit: Visiting) -> Response:
    try:
        leave_mail(visit.product, visit.member.person, checked_mail(form.get("address")))
    except Refusal as refusal:
        problem = problem_of(refusal)
        return _bell(visit, detail(visit.viewer.language, problem), form.get("address", ""), problem.status)
    return RedirectResponse("/bell", 303)


def _bell(visit: Visit, said: str = "", typed: str | None = None, status: int = 200) -> Response:
    stale = visit.caught_up(0, [ORDERS])
    found = kept.of_bell(visit.product.database, visit.member.person, visit.member.estates)
    with visit.lend() as conn:
        cards = orders.of_orders(conn, [each.order for each in found if each.order])
    language = visit.viewer.language
    notices = [
        (each, card.order if card else None,
         text_of(Occasion(each.what), card, None, for_reporter=False, language=language))
        for each in found
        for card in [cards.get(each.order) if each.order else None]
    ]  # fmt: skip
    return visit.html(
        "bell.html",
        status=status,
        stale=stale,
        here="bell",
        notices=notices,
        new=sum(each.read_at is None for each in found),
        mail=typed if typed is not None else mail_of(visit.product, visit.member.person) or "",
        mailing=bool(visit.product.settings.telling.mail),
        said=said,
    )


@router.get("/letters")
def letters(visit: SentVisit, state: str = "", channel: str = "", before: str = "") -> Response:
    stale = visit.caught_up(0, [PEOPLE, NOTEBOOK, ORDERS])
    state = state if state in STATES else ""
    way = next((each for each in _OUT if each.value == channel), None)
    found = kept.of_estates(
        visit.product.database, visit.member.estates, state or None, way and way.value, _moment(before)
    )
    with visit.lend() as conn:
        names = people.named(conn, [each.person for each in found if each.person])
        lines = notebook.of_issues(conn, [each.line for each in found if each.line])
        cards = orders.of_orders(conn, [each.order for each in found if each.order])
    heads = visit.member.capacity in HEADS
    to = {
        each.id: masked_phone(lines[each.line].phone) if heads and each.line in lines else masked_name(
            names.get(each.person)
        ) if each.person else None
        for each in found
    }  # fmt: skip
    return visit.html(
        "letters.html",
        here="letters",
        stale=stale,
        letters=found,
        to=to,
        numbers={order: card.number for order, card in cards.items()},
        estates=dict(visit.viewer.estates),
        states=STATES,
        channels=_OUT,
        state=state,
        channel=way,
        older=found[-1].made_at.isoformat() if len(found) == kept.MOST_SHOWN else "",
        none_set=not any((visit.product.settings.telling.mail, visit.product.settings.telling.webhook,
                          visit.product.settings.telling.sms)),
    )  # fmt: skip


@router.post("/letters/{letter}/resend")
def resend(letter: UUID, visit: SentVisit) -> Response:
    if not kept.resend(visit.product.database, letter, visit.member.estates, visit.product.clock()):
        raise NotFound
    return RedirectResponse(as_it_was(visit.request, "/letters"), 303)


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
