"""Lines of the trail as they are told: when, what, as what, and with what they say that names nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.access.account import AccountGround
from domain.access.reading import Taken
from domain.capacity import Capacity
from domain.erasure import ErasureGround
from projections.people import people
from projections.projection import Connection
from projections.trail.lines import LineKind, TrailLine
from services.console.render import Voice
from services.product import Product
from services.trail.desk_corrections import Corrected
from services.trail.desk_standing import Tick
from services.trail.desk_texts import span
from services.words.figures import shown

LISTS: Mapping[str, tuple[LineKind, ...]] = {  # by its name in addresses; ``late`` has lines of every kind
    "noted": (LineKind.NOTED,),
    "completed": (LineKind.COMPLETED,),
    "arrived": (LineKind.ARRIVED,),
    "rated": (LineKind.RATED,),
    "charged": (LineKind.CHARGED,),
    "paid": (LineKind.PAID,),
    "paid-back": (LineKind.PAID_BACK,),
    "corrected": (LineKind.CORRECTED,),
    "late": (),
    "read": (LineKind.READ,),
    "taken": (LineKind.TAKEN,),
    "accounts": (LineKind.ACCOUNT, LineKind.POST),
    "machine": (LineKind.MACHINE, LineKind.FORGOTTEN),
}
MOST_NAMED = 4  # settings of one line
OF_THE_INSTALLATION = frozenset({"accounts", "machine"})  # these have lines that belong to no estate
LIST_OF: Mapping[LineKind, str] = {kinds[0]: name for name, kinds in LISTS.items() if kinds}


@dataclass(frozen=True, slots=True)
class ToldLine:
    """``who`` is the capacity, with the name where the reader may know it, otherwise with a mark of the person."""

    line: TrailLine
    what: str
    who: str
    said: str
    late: str
    tick: Tick
    corrected: Corrected | None = None


def told(
    conn: Connection,
    product: Product,
    voice: Voice,
    found: Sequence[TrailLine],
    ticks: Mapping[int, Tick],
    corrected: Mapping[int, Corrected],
) -> list[ToldLine]:
    """In the order given."""
    names = people.named(conn, {line.actor for line in found}) if found and not voice.outside else {}
    return [
        ToldLine(
            line,
            voice.say(f"trailevent-{line.event}"),
            who(product, voice, line.actor, line.acting_as, names),
            said(voice, line),
            late(voice, line.late),
            ticks.get(line.position, Tick.WAITING),
            corrected.get(line.position),
        )
        for line in found
    ]


def who(product: Product, voice: Voice, person: UUID, acting_as: Capacity, names: Mapping[UUID, str | None]) -> str:
    """Somebody as what they acted."""
    capacity = voice.name(acting_as)
    if acting_as is Capacity.SYSTEM:
        return capacity
    return f"{capacity} {names.get(person) or mark_of(product, person)}"


def mark_of(product: Product, person: UUID) -> str:
    """Tells people apart without saying who they are; the same for the same person everywhere."""
    return f"#{product.pseudonyms.of('trail-person', str(person)).hex[:4]}"


def late(voice: Voice, minutes: int) -> str:
    """How much later it was written down."""
    return voice.say("trail-late", span=span(voice, minutes)) if minutes else ""


def said(voice: Voice, line: TrailLine) -> str:
    """What the line says besides; nothing that anybody wrote."""
    facts = line.facts
    match line.event:
        case "ContactsRead":
            return voice.say("trail-said-people", n=facts["people"])
        case "DataTaken":
            what = voice.name(Taken(facts["what"]))
            return voice.say("trail-said-things", what=what, n=facts["things"]) if facts.get("things") else what
        case "SignInsRefused":
            return voice.say("trail-said-refused", n=facts["times"], places=facts["addresses"])
        case "AdministratorSignedIn":
            return voice.say("trail-said-known" if facts.get("known") else "trail-said-new-browser")
        case "EventLeftOut" | "EventTakenInAgain":
            return voice.say("trail-said-skip", view=facts["view"], at=f"#{facts['position']}")
        case "BackupPutBack":
            at = voice.when(datetime.fromisoformat(facts["taken_at"]))
            return voice.say("trail-said-restore", at=at, position=f"#{facts['position']}")
        case "SettingsChanged":
            return _some(voice, facts["settings"])
        case "StationStaffAppointed" | "StationStaffRelieved":
            return voice.name(Capacity(facts["capacity"]))
        case "SatisfactionRated":
            return voice.say("trail-said-score", score=str(facts["score"]))
        case "RepairCharged":
            return f"¥{shown(line.amount or 0)}" if line.amount is not None else ""
        case "CaseForgotten" | "OwnerForgotten" | "PersonForgotten":
            return voice.name(ErasureGround(facts["ground"]))
    if line.kind is LineKind.ACCOUNT and "why" in facts:
        return voice.name(AccountGround(facts["why"]))
    if line.kind is LineKind.PAID and not voice.outside and line.amount is not None:
        return f"¥{shown(line.amount)}"
    return ""


def _some(voice: Voice, names: Sequence[str]) -> str:
    said = voice.say("list-comma").join(names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    return f"{said} {voice.say('trail-said-more', n=more)}" if more > 0 else said


def as_json(told_line: ToldLine) -> dict[str, Any]:
    """The line for programs."""
    line = told_line.line
    return {
        "index": line.position - 1,
        "event": line.event,
        "kind": line.kind.value,
        "case": line.case,
        "acting_as": line.acting_as,
        "occurred_at": line.occurred_at,
        "recorded_at": line.recorded_at,
        "late_minutes": line.late,
        "facts": line.facts,
        "tick": told_line.tick,
        "corrects": told_line.corrected.position - 1 if told_line.corrected else None,
    }


__all__ = ["LISTS", "LIST_OF", "OF_THE_INSTALLATION", "ToldLine", "as_json", "late", "mark_of", "told", "who"]
