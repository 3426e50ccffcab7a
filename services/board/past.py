"""The board as it stood (看板截至…): the choice of a moment, and the page that shows it."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from fastapi.responses import Response

from domain.calendar import SHANGHAI, local_date
from domain.estates.estate import estate_stream
from services.board import facts as board_facts
from services.cases.as_of import FIELD, looking_back, point
from services.console.render import Voice
from services.console.visit import Visit
from services.log.event_log import EventLog
from services.log.not_found import NotFound

_FRIDAY = 5
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Asked = dict[str, str]  # ``day`` (also a whole moment or a position) and perhaps ``time``, as they were asked for
NOTHING_ASKED: Asked = {"day": "", "time": ""}


def past_page(here: Visit, show: str, asked: Asked) -> Response:
    """The board as it stood: nothing to act on, clocks that stand still, no stream.

    Raises ``NotFound``, and refuses what ``services.cases.as_of`` refuses.
    """
    estate = here.viewer.estate
    if estate is None or estate not in here.member.estates:
        raise NotFound
    meant = point(here.product, _meant(asked, here.voice.now), SHANGHAI)
    viewer = replace(here.viewer, past=True)
    voice = Voice(viewer.language, meant.moment, still=True, outside=viewer.masked)
    with looking_back(here.product, here.member, estate, meant) as conn:
        context = board_facts.facts(conn, viewer, here.estate(conn, estate), voice, show, wall=False)
        context["counts"]["mine"] = board_facts.own_share(conn, estate, viewer, voice)
    said = {
        "noted": "",
        "typed": "",
        "error": "",
        "contract_calls": [],
        "past": meant,
        "past_when": here.voice.moment(meant.moment),
    }
    return replace(here, viewer=viewer, voice=voice).html(
        "board.html", here="board", stale="", live_url="", **(choices(here, asked) | said | context)
    )


def choices(here: Visit, asked: Asked = NOTHING_ASKED) -> dict[str, Any]:
    """What the choice of a moment needs: what was asked, and days that people ask for often, nearest first."""
    today = local_date(here.voice.now)
    began = _first_day(here.product.log, here.viewer.estate or "")
    often = {
        today.replace(day=1) - timedelta(days=1): "month",
        today - timedelta(days=(today.isoweekday() - _FRIDAY - 1) % 7 + 1): "friday",
        today - timedelta(days=1): "yesterday",
    }
    kept = {FIELD: asked["day"]} | ({"time": asked["time"]} if asked["time"] else {})
    return {
        "past": None,
        "past_asked": asked,
        "past_error": "",
        "past_query": urlencode(kept) if asked["day"] else "",
        "past_days": [
            (key, day, here.voice.date(datetime.combine(day, datetime.min.time(), SHANGHAI)))
            for day, key in sorted(often.items(), reverse=True)
            if day >= began
        ],
        "past_first": began,
        "past_last": today,
    }


def _meant(asked: Asked, now: datetime) -> str:
    """What is asked of the log: a day without a time means its end, today without one means now."""
    day, time = asked["day"], asked["time"]
    if not _DAY.fullmatch(day):
        return day  # a whole moment or a position, or nothing of the kind
    if time:
        return f"{day}T{time}"
    return now.isoformat() if day == local_date(now).isoformat() else f"{day}T23:59:59.999999"


@lru_cache(maxsize=10_000)
def _first_day(log: EventLog, estate: str) -> date:
    """The day on which the estate came into the log, which never changes."""
    first = log.first(estate_stream(estate))
    return local_date(first.act.recorded_at) if first else date.max
