"""The history of a case in words, a tick per line; what was corrected stays, struck through, below what corrects it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from projections.cases import history
from projections.cases.history import CaseHistory, Entry
from projections.people import people
from projections.projection import Connection
from services.cases.story import StoryEntry, story_entries
from services.console.render import Voice
from services.product import Product
from services.trail.desk_corrections import Corrected, Happened, pointed
from services.trail.desk_lines import who
from services.trail.desk_standing import Asked, Standing, Tick, ticks


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One event. ``told`` has it in words; ``beside`` of it is what the same act wrote besides."""

    told: StoryEntry
    who: str
    tick: Tick
    corrects: Corrected | None
    struck: bool


def of_case(conn: Connection, case: UUID) -> CaseHistory | None:
    """As far as the reader may see it."""
    return history.of_case(conn, case)


def told_history(
    conn: Connection, product: Product, voice: Voice, story: CaseHistory, stands: Standing
) -> list[HistoryLine]:
    """Every event, the newest first. Nothing is folded: each has its own leaf."""
    names = {} if voice.outside else people.named(conn, {entry.actor for entry in story.entries})
    found = ticks(conn, stands, [Asked(each.position, each.event, each.version) for each in story.entries])
    points = pointed([_happened(entry) for entry in story.entries])
    struck = {each.position for each in points.values()}
    return [
        HistoryLine(
            each,
            who(product, voice, each.entry.actor, each.entry.acting_as, names),
            found[each.entry.position],
            points.get(each.entry.position),
            each.entry.position in struck,
        )
        for each in _told(story, names, voice)
    ]


def _told(story: CaseHistory, names: dict[UUID, str | None], voice: Voice) -> Sequence[StoryEntry]:
    whole = story_entries(story, names, voice)
    return [one for each in whole for one in (each, *reversed(each.beside))]


def _happened(entry: Entry) -> Happened:
    names: dict[str, str] = {
        name: str(entry.facts[name]) for name in ("bill", "payment", "invoice", "photo") if name in entry.facts
    }
    return Happened(entry.position, entry.stream, entry.event, names)
