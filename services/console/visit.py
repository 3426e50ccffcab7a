"""One visit to the console: who looks, in which language, at what moment, and how pages and acts are answered."""

import hashlib
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from domain.refusal import Refusal, Rejection
from domain.written.days import moment as read_moment
from projections.estates import estates
from projections.estates.estates import ESTATES, EstateRow
from projections.people import people
from projections.people.people import PEOPLE
from projections.projection import Connection, View
from services.commands.ask import Answer, Ask
from services.console import render
from services.console.drawn import Drawn
from services.console.keeper import keeper_of
from services.console.kept_pages import Kept
from services.console.navigation import NOWHERE
from services.console.render import Voice
from services.console.viewer import Viewer
from services.http.acting import fingerprint, key_of, own_position
from services.http.addresses import opens_here_only, origin
from services.http.forms import form_of
from services.http.problems import language_of
from services.http.showing import lagging
from services.http.ways_back import as_it_was
from services.http.who import (
    Permission,
    accountant,
    actor,
    administrator,
    basis_reader,
    board_reader,
    cashier,
    fee_reader,
    listener,
    reader,
    signed_in,
    totals_reader,
    wall_keeper,
)
from services.log.not_found import NotFound
from services.product import Product
from services.sessions.member import Member
from services.threads.waiting import here_or_in_a_thread

_THEMES = ("auto", "light", "dark")


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of somebody signed in."""

    request: Request
    product: Product
    member: Member
    viewer: Viewer
    voice: Voice

    @property
    def wants_json(self) -> bool:
        """Sent by our script, which shows answers itself; otherwise by a plain form."""
        return "application/json" in self.request.headers.get("accept", "")

    @property
    def here_only(self) -> bool:
        """Whether codes and addresses given out now open on this machine alone; staff are told where they print."""
        return opens_here_only(origin(self.product))

    @contextmanager
    def lend(self) -> Iterator[Connection]:
        """A connection that sees the estates of the present capacity."""
        with self.product.lend(self.member) as conn:
            yield conn

    def at(self, estate: str) -> "Visit":
        """The same visit with ``estate`` as the present one."""
        return Visit(self.request, self.product, self.member, self.viewer.at(estate), self.voice)

    def estate(self, conn: Connection, code: str) -> EstateRow:
        """The estate, if it is one of the visitor's own. Raises ``NotFound``."""
        found = estates.estate(conn, code) if code in self.member.estates else None
        if found is None:
            raise NotFound
        return found

    # -- reading -------------------------------------------------------------------------------------------------

    def caught_up(self, after: int, views: Sequence[View[Any]]) -> str:
        """Wait a moment for what the visitor has done; the time at which these views stand if they lag, else ``""``."""
        behind = lagging(self.product, own_position(self.request, self.member.person, after), views)
        if not behind:
            return ""
        stands = min(self.product.positions.position(view.name) for view in behind)
        try:
            return self.voice.time(self.product.log.recorded_at(stands))
        except LookupError:  # it shows nothing yet
            return self.voice.time(self.voice.now)

    def etag(self, views: Sequence[View[Any]], estates: Sequence[str], *more: object) -> str:
        """Changes whenever what these views hold of these estates changes, for this viewer."""
        newest = [self.product.positions.changed(view.name, estate) for view in views for estate in estates]
        seen = (newest, self.viewer.language, self.viewer.person, self.viewer.capacity, self.voice.now.date(), more)
        return f'W/"{hashlib.sha256(repr(seen).encode()).hexdigest()[:20]}"'

    def unchanged(self, etag: str) -> Response | None:
        if self.request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers={"ETag": etag})
        return None

    def html(self, template: str, etag: str = "", status: int = 200, **context: Any) -> HTMLResponse:
        """A page or fragment of a person's own: no cache keeps it, not even the browser's for its way back."""
        return self.answered(self.drawn(template, etag, **context), etag, status)

    def drawn(self, template: str, etag: str, **context: Any) -> Drawn:
        """The HTML of a page or fragment, to be ``answered`` once or several times."""
        return render.drawn(template, self.viewer, self.voice.now, **({"etag": etag, "stale": ""} | context))

    def answered(self, drawn: Drawn, etag: str, status: int = 200) -> HTMLResponse:
        """An answer of what was drawn, packed for whoever takes it so."""
        headers = {"Cache-Control": "no-store", "Vary": "Cookie, Accept-Language"}
        if etag:
            headers["ETag"] = etag
        if not self.request.state.packs:
            return HTMLResponse(drawn.plain(self.viewer.csrf), status, headers)
        return HTMLResponse(drawn.packed(self.viewer.csrf), status, headers | {"Content-Encoding": "gzip"})

    # -- acting --------------------------------------------------------------------------------------------------

    def ask(self, form: Mapping[str, str]) -> Ask:
        """What comes with a command of a form.

        Refuses ``body`` for a version or time that is none. Raises ``Unusable`` for a key that cannot be kept.
        """
        try:
            version = int(form["version"]) if form.get("version") else None
            at = moment(form["occurred_at"]) if form.get("occurred_at") else None
        except (ValueError, OverflowError):
            raise Rejection("body", field="occurred_at") from None
        meant = sorted((name, value) for name, value in form.items() if name not in ("csrf", "key", "version", "back"))
        return Ask(
            caller=self.member.caller,
            occurred_at=at,
            expected_version=version,
            key=key_of(form.get("key") or None),
            fingerprint=fingerprint(self.product, self.request, repr(meant).encode("utf-8", "backslashreplace")),
        )

    def done(
        self, answer: Answer, toast: str, back: str, *, undo: str | None = None, go: str | None = None, **more: Any
    ) -> Response:
        """An act is done: say so to the script, or lead a plain form back to the page, which shows what it showed."""
        go = as_it_was(self.request, go) if go else None
        if not self.wants_json:
            there = go or as_it_was(self.request, back)
            mark = "&" if "?" in there else "?"
            return RedirectResponse(f"{there}{mark}after={answer.position}", 303)
        undone = {"url": undo, "version": answer.version} if undo else None
        body = {
            "position": answer.position,
            "version": answer.version,
            "toast": toast,
            "undo": undone,
            "go": f"{go}{'&' if '?' in go else '?'}after={answer.position}" if go else None,
        }
        return JSONResponse(body | more)


async def form_fields(request: Request) -> dict[str, str]:
    """The text fields of a form, the last of several alike; its token is left where ``who`` looks for it."""
    if request.method in ("GET", "HEAD"):
        return {}
    form = await form_of(request)
    found = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    request.state.typed = found  # for the page that says what went wrong: nothing typed is lost
    return found


FormFields = Annotated[dict[str, str], Depends(form_fields)]  # stands before the member: the token must be read first


def visiting(permission: Permission) -> Callable[..., Awaitable[Visit]]:
    """What a page demands that is for those with this permission alone."""

    async def visit(request: Request, _form: FormFields, member: Annotated[Member, Depends(permission)]) -> Visit:
        return await here_or_in_a_thread(partial(visited, request, member))

    return visit


Visiting = Annotated[Visit, Depends(visiting(signed_in))]
CaseVisit = Annotated[Visit, Depends(visiting(reader))]
ActVisit = Annotated[Visit, Depends(visiting(actor))]
FeeVisit = Annotated[Visit, Depends(visiting(fee_reader))]
BasisVisit = Annotated[Visit, Depends(visiting(basis_reader))]
TotalsVisit = Annotated[Visit, Depends(visiting(totals_reader))]
CashVisit = Annotated[Visit, Depends(visiting(cashier))]
AccountsVisit = Annotated[Visit, Depends(visiting(accountant))]
BoardVisit = Annotated[Visit, Depends(visiting(board_reader))]
ListenVisit = Annotated[Visit, Depends(visiting(listener))]
WallKeeperVisit = Annotated[Visit, Depends(visiting(wall_keeper))]
AdminVisit = Annotated[Visit, Depends(visiting(administrator))]


@dataclass(frozen=True, slots=True)
class Known:
    """How a visitor is called, and the own estates by code and name."""

    name: str
    estates: tuple[tuple[str, str], ...]


def visited(request: Request, member: Member) -> Visit:
    """The visit of this member."""
    product: Product = request.app.state.product
    language = language_of(request)
    known = _known(request, product, member)
    theme = request.cookies.get("theme", "auto")
    viewer = Viewer(
        language=language,
        theme=theme if theme in _THEMES else "auto",
        csrf=member.csrf,
        person=member.person,
        name=known.name,
        capacity=member.capacity,
        estates=known.estates,
        estate=known.estates[0][0] if known.estates else None,
        navigation=request.app.state.navigation,
        keeper=keeper_of(product.secret, member.person),
        bar=tuple(request.cookies.get("bar", "")[:200].split(".")),
        folded=request.cookies.get("shelf") == "folded",
        large=request.cookies.get("size") == "large",
    )
    if member.wall:  # nobody stands there: no name, no way to other pages, nothing kept
        viewer = replace(viewer, person=None, name=None, navigation=NOWHERE, keeper=None)
    return Visit(request, product, member, viewer, Voice(language, product.clock(), outside=viewer.masked))


def _known(request: Request, product: Product, member: Member) -> Known:
    visitors: Kept[Known] = request.app.state.visitors
    since = (product.positions.changed(PEOPLE.name), product.positions.changed(ESTATES.name))
    key = (member.person, member.username, member.estates, since)
    known = visitors.get(key)
    if known is None:
        with product.database.lend(member.estates) as conn:  # one's own name is told to everybody
            name = people.named(conn, [member.person]).get(member.person) or member.username
            mine = tuple((row.code, row.name) for row in estates.mine(conn) if row.code in member.estates)
        known = visitors.keep(key, Known(name, mine))
    return known


def moment(raw: str, field: str | None = None) -> datetime:
    """A moment as a form field gives it, or as somebody types it where a browser has no field for it: local time in
    Shanghai unless it names an offset. Refuses ``two_readings``, raises ``ValueError`` for what is no moment.
    """
    if raw.strip().replace(".", "").isdecimal():  # a count of something
        raise ValueError("no moment")
    try:
        return read_moment(raw, "body", field=field)
    except Refusal as refused:
        if refused.code == "two_readings":
            raise
        raise ValueError("no moment") from None
