"""Pages out of templates: the words, clocks and icons that every template uses."""

import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from domain.calendar import ServiceHours
from domain.masks import masked_phone
from projections.cases.line_clock import line_clock, line_hours
from projections.cases.notebook import IssueLine
from projections.cases.order_clock import RUNNING, Clock, clock, counted
from projections.cases.orders import OrderCard
from services.console.areas import area_of
from services.console.clock_marks import ticking
from services.console.drawn import CSRF_MARK, KEY_MARK, Drawn, apart
from services.console.signs import DOT, assets, glyph, icon
from services.console.viewer import Viewer
from services.words.figures import day, period
from services.words.sentences import LANGUAGES
from services.words.time_words import TimeWords

ROOMS = Path(__file__).parents[1]  # templates lie in the rooms whose pages use them; no two bear one name
CLOCK_MARK = "\x02clock\x02"
CACHED_CARDS = 4000
ICON_OF_CLOCK = {
    "late": "alert-triangle",
    "paused": "player-pause",
    "overdue": "player-pause",
    "done": "check",
    "missed": "alert-triangle",
}

_CLAUSE_ENDS = "".join(map(chr, (0xFF0C, 0x3002, 0xFF1B, 0xFF1A, 0x3001, 0xFF01, 0xFF1F)))  # full-width , . ; : etc.


_WITHHELD = {
    "text-forgotten": "text-withheld",
    "person-forgotten": "person-withheld",
    "photos-none": "photos-withheld",
}


class Voice(TimeWords):
    """Words of one language at one moment. Every method gives plain text unless it says markup.

    ``still`` stops the clocks at that moment: the browser does not go on ticking them. Read from ``outside`` the
    station, a text or a name that is not there was withheld, not forgotten.
    """

    def __init__(self, language: str, now: datetime, *, still: bool = False, outside: bool = False) -> None:
        super().__init__(language, now)
        self.still = still
        self._clocks: dict[tuple[UUID, int], Clock] = {}
        self.outside = outside

    def say(self, key: str, **facts: Any) -> str:
        return super().say(_WITHHELD.get(key, key) if self.outside else key, **facts)

    def name(self, member: Enum | None) -> str:
        """The word for a stage, category, capacity, …: its key is the kind and the member."""
        return "" if member is None else self.say(f"{type(member).__name__.lower()}-{member.value}")

    def place(self, row: Any, *, dwelling: bool = True) -> str:
        """Building, stairwell and, unless it may be overheard, the dwelling."""
        if row.building is None:
            return self.say("place-unknown")
        if dwelling and getattr(row, "dwelling", None):
            key = "place-dwelling" if row.stairwell else "place-building-dwelling"
            return self.say(key, building=row.building, stairwell=row.stairwell or "", dwelling=row.dwelling)
        if row.stairwell:
            return self.say("place-stairwell", building=row.building, stairwell=row.stairwell)
        return self.say("place-building", building=row.building)

    def buildings(self, codes: list[str]) -> str:
        """Linked buildings, neighbours joined: 1-3."""
        if not codes:
            return self.say("buildings-none")
        runs: list[list[str]] = []
        for code in codes:
            if runs and code.isdecimal() and runs[-1][-1].isdecimal() and int(code) == int(runs[-1][-1]) + 1:
                runs[-1].append(code)
            else:
                runs.append([code])
        parts = [run[0] if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs]
        return self.say("buildings-linked", codes=self.say("list-comma").join(parts))

    def clock(self, card: OrderCard) -> Clock:
        """The clock of a card, read once for all that a page says of it."""
        found = self._clocks.get((card.order, card.version))
        if found is None:
            found = self._clocks[card.order, card.version] = clock(card, self.now)
        return found

    def clock_text(self, found: Clock, card: OrderCard) -> str:
        return self.clock_word(found, counted(card))

    def clock_word(self, found: Clock, hours: ServiceHours) -> str:
        """What a clock says, in the same words on a card, a page and a list."""
        match found.kind:
            case "late" | "missed":
                said = self.say("clock-late", span=self.span(found.span, hours))
            case "done":
                said = self.say("clock-used", span=self.span(found.span, hours))
            case "paused" | "overdue" | "none":
                said = self.say(f"clock-{found.kind}")
            case _:
                said = self.say("clock-left", span=self.span(found.span, hours))
        return self.say("clock-provisional", clock=said) if found.provisional and found.kind in RUNNING else said

    def chip(self, card: OrderCard) -> Markup:
        """Markup of a deadline clock; the browser goes on ticking it."""
        found = self.clock(card)
        if found.kind == "none":
            return Markup("")
        marks = ticking(self, found, counted(card), self.due_what(card), still=self.still)
        return Markup('<time class="sla sla--{}"{}>{}<span class="sla__t">{}</span></time>').format(
            found.kind, marks, icon(ICON_OF_CLOCK.get(found.kind, "clock")), self.clock_text(found, card)
        )

    def line_chip(self, line: IssueLine) -> Markup:
        """Markup of the clock of a line that waits."""
        found, hours = line_clock(line, self.now), line_hours(line)
        if found.kind == "none":
            return Markup("")
        return Markup('<time class="sla sla--{}"{}>{}<span class="sla__t">{}</span></time>').format(
            found.kind,
            ticking(self, found, hours, self.say("due-line"), still=self.still),
            icon(ICON_OF_CLOCK.get(found.kind, "clock")),
            self.clock_word(found, hours),
        )

    def due_what(self, card: OrderCard) -> str:
        """What the present clock counts towards."""
        return self.say(f"due-{card.lane}") if card.lane in ("waiting", "sent", "working") else ""

    def burn(self, card: OrderCard) -> tuple[str, int]:
        """Kind of the clock and the share of the time that is used, in per cent."""
        found = self.clock(card)
        return found.kind, found.share if found.kind in RUNNING else 0

    def clauses(self, text: str | None, kind: Enum | None = None) -> Markup:
        """Markup that breaks a Chinese title after a comma before it breaks inside a word.

        Whoever may not read the text is told of which ``kind`` the case is.
        """
        if not text and kind is not None and self.outside:
            return escape(self.name(kind))
        if not text:
            return escape(self.say("text-forgotten"))
        parts: list[str] = [""]
        for letter in text:
            parts[-1] += letter
            if letter in _CLAUSE_ENDS:
                parts.append("")
        kept = [part for part in parts if part]
        if len(kept) < 2 or any(len(part) > 16 for part in kept):
            return escape(text)
        return Markup("").join(Markup('<span class="cl">{}</span>').format(part) for part in kept)

    def masked(self, phone: str | None) -> str:
        return masked_phone(phone) or ""

    def surname(self, name: str | None) -> str:
        """The letter in the round mark of a person."""
        return name[0] if name else "·"

    def script_words(self) -> str:
        """The sentences that the browser says itself, as JSON; its own facts stay as {names} in them."""
        spans = {
            "days": self.say("span-days", days="{d}", hours="{h}"),
            "wholeDays": self.say("span-whole-days", days="{d}"),
            "hours": self.say("span-hours", hours="{h}", minutes="{m}"),
            "minutes": self.say("span-minutes", minutes="{m}"),
            "left": self.say("clock-left", span="{span}"),
            "late": self.say("clock-late", span="{span}"),
            "provisional": self.say("clock-provisional", clock="{clock}"),
        }
        keys = (
            "live-on",
            "live-wait",
            "undo",
            "capture-offline",
            "server-down",
            "session-gone",
            "sign-in",
            "take-back",
            "not-kept",
            "mend",
            "mend-first",
            "again",
            "drop",
            "draft-back",
            "draft-away",
        )
        plain = {key: self.say(f"script-{key}") for key in keys}
        plain |= {key: self.say(f"script-{key}", t="{t}") for key in ("live-off", "live-old", "live-gone")}
        plain |= {"sent": self.say("script-sent", no="{no}"), "waiting": self.say("script-waiting", n="{n}")}
        plain |= {
            "dropped": self.say("script-dropped", text="{text}"),
            "unsaid": self.say("script-unsaid", status="{status}"),
        }
        return json.dumps(spans | plain, ensure_ascii=False)


CardDrawing = Callable[[], str]


@dataclass
class CardCache:
    """HTML of cards by what it depends on, least recently used dropped first."""

    room: int = CACHED_CARDS
    _kept: "OrderedDict[tuple[Any, ...], str]" = field(default_factory=OrderedDict)

    def get(self, key: tuple[Any, ...], draw: CardDrawing) -> str:
        found = self._kept.pop(key, None)
        if found is None:
            found = draw()
        self._kept[key] = found
        if len(self._kept) > self.room:
            self._kept.popitem(last=False)
        return found


def _environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(sorted(ROOMS.glob("*/templates"))),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        undefined=StrictUndefined,
    )
    env.globals.update(
        icon=icon,
        glyph=glyph,
        dot=DOT,
        asset=lambda name: assets().url(name),
        integrity=lambda name: assets().integrity(name),
        has_asset=lambda name: assets().has(name),
        fresh_key=lambda: KEY_MARK,
        languages=LANGUAGES,
        period=period,
    )
    env.filters["day"] = day
    env.filters["apart"] = apart
    return env


ENVIRONMENT = _environment()
CARDS = CardCache()


def html(template: str, viewer: Viewer, now: datetime, **context: Any) -> str:
    """A whole page or a fragment of it, with the viewer's token and a new key in every form."""
    return drawn(template, viewer, now, **context).plain(viewer.csrf).decode()


def drawn(template: str, viewer: Viewer, now: datetime, **context: Any) -> Drawn:
    """A page or a fragment that may be answered several times."""
    voice = Voice(viewer.language, now, still=viewer.past, outside=viewer.masked)
    page = ENVIRONMENT.get_template(template)
    text = page.render(
        viewer=viewer,
        voice=voice,
        say=voice.say,
        name_of=voice.name,
        language=viewer.language,
        now=voice.now,
        csrf=CSRF_MARK,
        page_area=area_of(Path(page.filename or "").parents[1].name),
        **context,
    )
    return Drawn(text)


def card_html(
    card: OrderCard,
    viewer: Viewer,
    voice: Voice,
    depends: tuple[Any, ...],
    context: Mapping[str, Any],
) -> Markup:
    """One card from the cache, with the clock of this very moment.

    A card of the past is drawn anew: the cache may still know what was forgotten since.
    """
    kind, used = voice.burn(card)
    key = (card.order, card.version, viewer.language, viewer.capacity, kind, used // 5, *depends)

    def draw() -> str:
        return ENVIRONMENT.get_template("part/card.html").render(
            card=card,
            viewer=viewer,
            voice=voice,
            say=voice.say,
            name_of=voice.name,
            csrf=CSRF_MARK,
            clock_mark=Markup(CLOCK_MARK),
            kind=kind,
            used=used,
            **context,
        )

    drawn = draw() if viewer.past else CARDS.get(key, draw)
    return Markup(drawn.replace(CLOCK_MARK, str(voice.chip(card))))
