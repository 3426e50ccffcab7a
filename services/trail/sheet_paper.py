"""The Friday sheet for the notice board: the checkpoint that was witnessed, so that anybody may photograph it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from domain.calendar import SHANGHAI
from projections.estates.estates import EstateRow
from projections.projection import Connection
from services.paper.press import pressed, qr, said_in
from services.product import Product
from services.tlog.checkpoint import Checkpoint
from services.tlog.cosignature import cosigned
from services.tlog.spelling import base64_text
from services.trail.publishing import Publisher
from services.trail.reading import KeptCheckpoint, checkpoint_of
from services.trail.witness_standing import WitnessStanding
from services.words.figures import full_date
from services.words.sentences import say

TEMPLATE = "trail/sheet.typ"
WEEKS_BACK = 4
BEGINS = 12  # signs of an earlier root that are shown


@dataclass(frozen=True, slots=True)
class WallSheet:
    """``kept`` is witnessed where ``witnessed``; ``earlier`` are the last checkpoints of weeks before, newest first."""

    place: EstateRow
    kept: KeptCheckpoint
    witnessed: bool
    witnesses: tuple[tuple[str, str, datetime | None], ...]  # what the policy calls it, its key, when it signed
    earlier: tuple[KeptCheckpoint, ...]


def wall_sheet(product: Product, conn: Connection, stands: WitnessStanding, place: EstateRow) -> WallSheet | None:
    """The checkpoint with a quorum, or the newest one where there is none, which the sheet then says."""
    kept = stands.witnessed or product.part(Publisher).newest(conn)
    if kept is None:
        return None
    policy = stands.holds.policy
    keys = {each.verifier: each.name for each in policy.witnesses} if policy else {}
    times = cosigned(kept.note, keys)
    witnesses = tuple(
        (name, key.name, datetime.fromtimestamp(times[key], SHANGHAI) if key in times else None)
        for key, name in keys.items()
    )
    return WallSheet(place, kept, stands.witnessed is not None, witnesses, tuple(_earlier(conn, kept)))


def _earlier(conn: Connection, kept: KeptCheckpoint) -> Sequence[KeptCheckpoint]:
    found: list[KeptCheckpoint] = []
    for weeks in range(1, WEEKS_BACK + 1):
        row = conn.execute(
            "SELECT max(size) FROM trail.checkpoint WHERE origin = %s AND made_at <= %s AND size < %s",
            (kept.origin, kept.made_at - timedelta(weeks=weeks), found[-1].size if found else kept.size),
        ).fetchone()
        earlier = checkpoint_of(conn, kept.origin, row[0]) if row and row[0] is not None else None
        if earlier is None:
            break
        found.append(earlier)
    return found


def short_code(root: bytes) -> str:
    """Twelve signs to be read aloud: ``5D18 - A0F7 - 3C2B``."""
    said = root.hex().upper()[:12]
    return " - ".join(said[at : at + 4] for at in range(0, 12, 4))


def in_fours(root: bytes) -> str:
    """The 44 characters of a root, in groups that the eye can follow."""
    said = base64_text(root)
    return " ".join(said[at : at + 4] for at in range(0, len(said), 4))


def sheets(papers: Sequence[WallSheet], language: str) -> bytes:
    """A page for each, as PDF. Raises ``NotSet``."""
    words = {name: say(language, f"wallsheet-{name}") for name in said_in(TEMPLATE)}
    return pressed(TEMPLATE, [_facts(paper, language) for paper in papers], words)


def _facts(paper: WallSheet, language: str) -> dict[str, Any]:
    checkpoint = Checkpoint.parse(paper.kept.note.text)
    made = paper.kept.made_at.astimezone(SHANGHAI)
    year, week, _ = made.isocalendar()
    signed, waits = say(language, "wallsheet-signed"), say(language, "wallsheet-waits")
    return {
        "place": f"{paper.place.community} {paper.place.name}",
        "week": say(language, "wallsheet-week", year=str(year), week=str(week)),
        "at": f"{full_date(language, made.date())} {made:%H:%M}",
        "qr": qr(paper.kept.note.written()),
        "size": say(language, "wallsheet-size", n=f"{checkpoint.size:,}"),
        "root": in_fours(checkpoint.root),
        "short": short_code(checkpoint.root),
        "unwitnessed": not paper.witnessed,
        "can": say(language, "wallsheet-can-what", n=f"{checkpoint.size:,}"),
        "witnesses": [
            (name, key, f"{at:%m-%d %H:%M}" if at else "", signed if at else waits) for name, key, at in paper.witnesses
        ],
        "earlier": [_earlier_facts(each, language) for each in paper.earlier],
        "origin": checkpoint.origin,
    }


def _earlier_facts(kept: KeptCheckpoint, language: str) -> tuple[str, str, str]:
    checkpoint = Checkpoint.parse(kept.note.text)
    day = full_date(language, kept.made_at.astimezone(SHANGHAI).date())
    return day, f"{checkpoint.size:,}", base64_text(checkpoint.root)[:BEGINS]
