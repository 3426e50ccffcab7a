"""Whom an occasion is told, by which ways, and the words of each letter as they are when it is sent."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.calendar import SHANGHAI
from domain.capacity import HEADS
from domain.cases.category import Priority
from domain.cases.work_order import PauseTold
from domain.refusal import reject_if
from domain.telling.occasions import BEFORE, LATEST, NoticeWay, Occasion, letter_id, of_deadline, of_pause
from domain.written.phones import texted
from projections.cases import notebook, orders
from projections.cases.notebook import IssueLine
from projections.cases.orders import ORDERS, OrderCard
from projections.people import people
from projections.projection import Connection, select
from services.product import Product
from services.telling.following import note
from services.telling.ways import Letter
from services.words.sentences import DEFAULT, has, say

_MOST_DEADLINES = 500
_MOST_MERGED = 50


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter that is about to be tried, as it is kept."""

    id: UUID
    what: str
    estate: str
    order: UUID | None
    channel: str
    person: UUID | None
    line: UUID | None
    tries: int


@dataclass(frozen=True, slots=True)
class Made:
    """``to``: channel, somebody of the station, and the line of a reporter; neither of a group."""

    danger: bool
    to: Sequence[tuple[NoticeWay, UUID | None, UUID | None]]

    def id_of(self, occasion: UUID, channel: NoticeWay, person: UUID | None, line: UUID | None) -> UUID:
        return letter_id(occasion, channel, str(person or line or "group"))


def noted_deadlines(product: Product, now: datetime) -> None:
    """Note the deadlines of running orders that come up, or have just passed, and pauses that should be over."""
    local = now.astimezone(SHANGHAI)
    with product.database.follower.connection() as conn, conn.transaction():
        found = select(
            conn, ORDERS,
            "lane IN ('waiting', 'sent', 'working') AND due > %s AND due <= %s ORDER BY due LIMIT %s",
            ((local - LATEST).isoformat(), (local + BEFORE).isoformat(), _MOST_DEADLINES),
        )  # fmt: skip
        told = [of_deadline(each.estate, each.issue, each.order, each.due, now) for each in found if each.due]
        note(conn, [each for each in told if each is not None])
        over = select(
            conn, ORDERS,
            "lane = 'held' AND pause_until > %s AND pause_until <= %s ORDER BY pause_until LIMIT %s",
            ((local - LATEST).isoformat(), local.isoformat(), _MOST_DEADLINES),
        )  # fmt: skip
        ends = [(each, each.state.pause_until) for each in over]
        note(conn, [of_pause(each.estate, each.issue, each.order, end) for each, end in ends if end is not None])


def made_of(
    product: Product, what: Occasion, estate: str, case: UUID, order: UUID | None, person: UUID | None,
    ways: set[NoticeWay],
) -> Made | None:  # fmt: skip
    """The letters of an occasion; ``None`` while the views do not show what it is about."""
    with product.database.follower.connection() as conn:
        card = orders.card(conn, order) if order else None
        line = notebook.line(conn, case)
        if line is None or (order and card is None):
            return None
        danger = line.danger is not None or (card is not None and _in_danger(card))
        match what:
            case Occasion.SENT:
                return Made(danger, [*_staff(conn, [person] if person else [], ways), *_group(ways)])
            case Occasion.DUE_SOON | Occasion.OVERDUE:
                return Made(danger, [*_staff(conn, _heads(conn, estate, product.clock()), ways), *_group(ways)])
            case Occasion.PAUSE_OVER:
                assert card is not None
                return Made(danger, list(_staff(conn, _of_pause(conn, card, product.clock()), ways)))
            case Occasion.PROMISED | Occasion.ENDED:
                reporters = [line, *_merged(conn, line)] if NoticeWay.SMS in ways else []
                return Made(danger, [(NoticeWay.SMS, None, each.issue) for each in reporters if texted(each.phone)])


def _in_danger(card: OrderCard) -> bool:
    return card.state.priority is Priority.P0 or card.state.persons_inside


def _group(ways: set[NoticeWay]) -> list[tuple[NoticeWay, UUID | None, UUID | None]]:
    return [(NoticeWay.WEBHOOK, None, None)] if NoticeWay.WEBHOOK in ways else []


def _staff(
    conn: Connection, whom: Sequence[UUID], ways: set[NoticeWay]
) -> Iterator[tuple[NoticeWay, UUID | None, UUID | None]]:
    for person in whom:
        row = people.person(conn, person)
        if row is None or row.state.forgotten is not None:
            continue
        yield NoticeWay.BELL, person, None
        if NoticeWay.MAIL in ways:
            yield NoticeWay.MAIL, person, None  # dropped where no address was left
        if NoticeWay.SMS in ways and texted(row.phone):
            yield NoticeWay.SMS, person, None


def _of_pause(conn: Connection, card: OrderCard, now: datetime) -> list[UUID]:
    """Whom the pause names; the heads where nobody else is there to be told."""
    named = {PauseTold.DESK: card.state.desk, PauseTold.STEWARD: card.state.steward}
    whom = named.get(card.state.pause_tell) if card.state.pause_tell else None
    row = people.person(conn, whom) if whom else None
    there = row is not None and not row.state.disabled and row.state.forgotten is None
    return [row.person] if row is not None and there else _heads(conn, card.estate, now)


def _heads(conn: Connection, estate: str, now: datetime) -> list[UUID]:
    found = people.of_estate(conn, estate, now)
    return [
        row.person for row in found if not row.state.disabled and any(row.state.holds(c, estate, now) for c in HEADS)
    ]


def _merged(conn: Connection, line: IssueLine) -> list[IssueLine]:
    """Everybody who said me too, to this line or to one that was merged into it."""
    found: dict[UUID, IssueLine] = {}
    ahead = [line.issue]
    while ahead and len(found) < _MOST_MERGED:
        for each in notebook.merged_into(conn, ahead.pop()):
            if each.issue not in found:
                found[each.issue] = each
                ahead.append(each.issue)
    return list(found.values())


def addressed(product: Product, claimed: Claimed, now: datetime) -> Letter | None:
    """The letter as it is sent now; ``None`` where there is nobody to send it to any more."""
    channel = NoticeWay(claimed.channel)
    with product.database.follower.connection() as conn:
        card = orders.card(conn, claimed.order) if claimed.order else None
        line = notebook.line(conn, claimed.line or (card.issue if card else claimed.id))
        to = ""
        if claimed.line is not None:
            to = texted(line.phone) if line else ""
        elif claimed.person is not None:
            row = people.person(conn, claimed.person)
            to = texted(row.phone) if row and channel is NoticeWay.SMS else ""
    if channel is NoticeWay.MAIL and claimed.person is not None:
        to = mail_of(product, claimed.person) or ""
    if not to and channel is not NoticeWay.WEBHOOK:
        return None
    if card is not None and _passed(Occasion(claimed.what), card, claimed.person):
        return None
    text = text_of(Occasion(claimed.what), card, line, for_reporter=claimed.line is not None)
    if text is None:
        return None
    return Letter(claimed.id, to, say(DEFAULT, "notice-subject"), text, now)


def _passed(what: Occasion, card: OrderCard, person: UUID | None) -> bool:
    """Whether it is not so any more: nobody is told of an order that was recalled from him, or of one that is over."""
    if what is Occasion.ENDED:
        return False
    recalled = card.state.steward != person if person else card.state.steward is None
    return card.lane == "ended" or (what is Occasion.SENT and recalled)


def text_of(
    what: Occasion, card: OrderCard | None, line: IssueLine | None, *, for_reporter: bool, language: str = DEFAULT
) -> str | None:
    """The words: numbers, times and buildings, nothing that anybody wrote."""
    if for_reporter:
        if line is None:
            return None
        if what is Occasion.PROMISED:
            by = card.deadlines.fix_by if card else None
            return None if by is None else say(language, "notice-PROMISED", number=line.number, by=_time(by))
        state: Any = card.state.stage if card else line.state.status
        return say(language, "notice-ENDED", number=line.number, result=_name(language, state))
    if card is None:
        return None
    place = say(language, "building-short", building=card.building) if card.building else ""
    about = {"number": card.number, "what": _name(language, card.state.category), "place": place}
    if what is Occasion.SENT:
        return say(language, "notice-SENT", **about)
    due = _time(card.due) if card.due else ""
    return say(language, f"notice-{what.value}", by=due, **about)


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%m-%d %H:%M}"


def _name(language: str, member: Any) -> str:
    key = f"{type(member).__name__.lower()}-{member.value}" if member is not None else ""
    return say(language, key) if key and has(language, key) else ""


# -- addresses that people leave -----------------------------------------------------------------------------------


def mail_of(product: Product, person: UUID) -> str | None:
    """The address that somebody of the station left for e-mail."""
    with product.database.app.connection() as conn:
        row = conn.execute("SELECT sealed FROM log.addresses WHERE person = %s", (person,)).fetchone()
    opener = product.vault.openers({person}).get(person) if row else None
    return opener.open(row[0], _bound(person)).decode() if row and opener else None


def leave_mail(product: Product, person: UUID, address: str | None) -> None:
    """Keep an address, sealed under the person's own key; or keep none."""
    sealer = product.vault.sealer(person) if address else None
    with product.database.app.connection() as conn:
        if address is None or sealer is None:
            conn.execute("DELETE FROM log.addresses WHERE person = %s", (person,))
            return
        conn.execute(
            "INSERT INTO log.addresses (person, sealed) VALUES (%s, %s)"
            " ON CONFLICT (person) DO UPDATE SET sealed = excluded.sealed",
            (person, sealer.seal(address.encode(), _bound(person))),
        )


def _bound(person: UUID) -> bytes:
    return f"mail|{person}".encode()


_MAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}")


def checked_mail(text: str | None) -> str | None:
    """An address as it may be written to. Refuses ``mail_address``."""
    address = unicodedata.normalize("NFKC", text or "").strip()
    reject_if(bool(address) and not (address.isascii() and _MAIL.fullmatch(address)), "mail_address", field="address")
    return address or None
