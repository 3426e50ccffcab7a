"""Which earlier event a correction is about: the corrected one and the correcting one both stay, one pointing back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from projections.trail.lines import TrailLine
from services.log.event_log import EventLog

CORRECTS: Mapping[str, tuple[str, ...]] = {  # by stored names: what may have been corrected, in the same stream
    "PlaceCorrected": ("IssueNoted", "PlaceCorrected"),
    "ReporterCorrected": ("IssueNoted", "ReporterCorrected"),
    "MergeUndone": ("IssueMerged",),
    "DropUndone": ("IssueDropped",),
    "PromotionUndone": ("IssuePromotedToWorkOrder",),
    "WorkOrderWithdrawn": ("WorkOrderOpened",),
    "PhotoRemoved": ("PhotoAttached", "IssueNoted"),
    "AcceptanceUndone": ("WorkOrderAccepted",),
    "DispatchRecalled": ("WorkOrderDispatched", "WorkOrderReassigned"),
    "WorkOrderBroughtBack": ("WorkCompleted", "WorkVerified", "WorkOrderReferred", "WorkOrderRejected"),
    "PriorityChanged": ("WorkOrderOpened", "PriorityChanged"),
    "DeadlineExtended": ("DeadlinesSet", "DeadlineExtended"),
    "BillVoided": ("BillIssued",),
    "PaymentReversed": ("PaymentRecorded",),
    "InvoiceReversed": ("InvoiceIssued",),
    "InvoiceRequestWithdrawn": ("InvoiceRequested",),
    "OwnerContactCorrected": ("OwnerRegistered", "OwnerContactCorrected"),
    "DwellingAreasCorrected": ("DwellingRegistered", "DwellingAreasCorrected"),
    "OwnershipWithdrawn": ("OwnershipBegan",),
    "DwellingWithdrawn": ("DwellingRegistered",),
}
SAME = ("bill", "payment", "invoice", "photo")  # where both name one, it is the same one


@dataclass(frozen=True, slots=True)
class Corrected:
    """What was corrected."""

    position: int
    event: str


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as far as it may be corrected, or correct another."""

    position: int
    stream: UUID
    event: str
    names: Mapping[str, str]


def pointed(happened: Sequence[Happened]) -> dict[int, Corrected]:
    """For each correction among these, the last one before it that it may be about; the oldest come first."""
    found: dict[int, Corrected] = {}
    for at, each in enumerate(happened):
        wanted = CORRECTS.get(each.event, ())
        before = (other for other in reversed(happened[:at]) if other.stream == each.stream and other.event in wanted)
        corrected = next((other for other in before if _about_one(other, each)), None)
        if corrected is not None:
            found[each.position] = Corrected(corrected.position, corrected.event)
    return found


def corrected_by(log: EventLog, lines: Iterable[TrailLine]) -> dict[int, Corrected]:
    """By position of the correction. Reads the streams of these lines."""
    of = [line for line in lines if line.event in CORRECTS]
    if not of:
        return {}
    reading = log.reading_of(list(dict.fromkeys(line.stream for line in of)), max(line.position for line in of))
    happened = [
        Happened(each.position, each.stream, type(each.event).__name__, _names(each.event)) for each in reading.events
    ]
    return pointed(happened)


def _names(event: object) -> dict[str, str]:
    return {name: str(value) for name in SAME if (value := getattr(event, name, None)) is not None}


def _about_one(one: Happened, other: Happened) -> bool:
    both = one.names.keys() & other.names.keys()
    return all(one.names[name] == other.names[name] for name in both)
