"""The story of a case in words, the newest day first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from domain.calendar import ServiceHours, local_date
from domain.capacity import Capacity
from domain.cases.category import Category, Priority
from domain.cases.work_order import Consent, Counts, EmergencyService, PauseCause, PauseTold, ReferredTo
from domain.money.repair_costs import RepairCosts
from projections.cases import history
from projections.cases.history import CaseHistory, Entry
from projections.cases.notebook import IssueLine
from projections.people import people
from projections.projection import Connection
from services.console.amounts import costs_text
from services.console.render import Voice
from services.words.figures import shown

LATE_ENTRY = timedelta(minutes=2)  # recorded so much after it happened is told as a late entry
_SIGN_OF_EVENT = {
    "IssueNoted": "notebook",
    "PhotoAttached": "camera",
    "IssueTriaged": "filter",
    "IssuePromotedToWorkOrder": "arrow-forward-up",
    "PromotionUndone": "arrow-back-up",
    "AdviceGiven": "message-2",
    "PhotoRemoved": "trash",
    "IssueMerged": "users-group",
    "MergeUndone": "arrow-back-up",
    "DropUndone": "arrow-back-up",
    "PlaceCorrected": "map-pin",
    "ReporterCorrected": "pencil",
    "ReporterAnswered": "message-2",
    "IssueDropped": "circle-x",
    "ContactDataViewed": "eye",
    "CaseForgotten": "trash",
    "WorkOrderOpened": "list-details",
    "DeadlinesSet": "clock",
    "WorkOrderDispatched": "send",
    "DispatchRecalled": "arrow-back-up",
    "WorkOrderTaken": "hand-stop",
    "WorkOrderReassigned": "switch-horizontal",
    "WorkOrderHandedOver": "switch-horizontal",
    "IssueHandedOver": "switch-horizontal",
    "StewardArrived": "map-pin",
    "NoAccessReported": "lock",
    "WorkStarted": "player-play",
    "WorkSuspended": "player-pause",
    "PauseProlonged": "clock-plus",
    "AcceptanceUndone": "arrow-back-up",
    "WorkResumed": "player-play",
    "WorkRejectedByResident": "repeat",
    "FollowUpRecorded": "phone",
    "SatisfactionRated": "star",
    "WorkOrderClosed": "flag",
    "WorkOrderReopened": "repeat",
    "WorkOrderBroughtBack": "arrow-back-up",
    "PriorityChanged": "urgent",
    "DeadlineExtended": "clock-plus",
    "EmergencyServiceCalled": "phone",
    "PersonsReleased": "user-check",
    "QuoteOffered": "report-money",
    "QuoteDeclined": "circle-x",
    "ToldLate": "clock",
    "StatedTimeConfirmed": "user-check",
    "RepairCharged": "file-invoice",
}


_GOOD = {"WorkCompleted", "WorkVerified", "WorkOrderClosed", "PersonsReleased", "QuoteAccepted"}
_HELD = {
    "WorkSuspended",
    "PauseProlonged",
    "NoAccessReported",
    "WorkRejectedByResident",
    "WorkOrderDeclined",
    "ContactRefused",
}
_BESIDE = {
    "IssueTriaged",
    "WorkOrderOpened",
    "WorkOrderAccepted",
    "WorkOrderWithdrawn",
    "DeadlinesSet",
    "ToldLate",
}  # what another act brings
_SAID = ("text", "summary", "advice", "answer", "note")
_ROLES_OF_FACTS: dict[str, Any] = {
    "category": Category,
    "priority": Priority,
    "to": ReferredTo,
    "service": EmergencyService,
    "of": Counts,
    "cause": PauseCause,
    "tell": PauseTold,
}
_PEOPLE_OF_FACTS = ("steward", "desk", "successor")


@dataclass(frozen=True, slots=True)
class StoryEntry:
    """One entry of the story in words; ``beside`` is what the same act wrote besides."""

    entry: Entry
    sentence: str
    who: str
    sign: str
    tone: str
    late: str
    said: str
    why: str
    photos: tuple[str, ...]
    beside: tuple["StoryEntry", ...] = ()


def stories_of(conn: Connection, merged: Sequence[IssueLine]) -> dict[UUID, CaseHistory | None]:
    return {each.issue: history.of_case(conn, each.issue) for each in merged}


def names_of(
    conn: Connection, story: CaseHistory | None, some: Sequence[UUID | None], known: Sequence[UUID]
) -> dict[UUID, str | None]:
    wanted = {each for each in some if each is not None}
    for entry in story.entries if story else ():
        wanted.add(entry.actor)
        wanted |= {UUID(str(entry.facts[each])) for each in _PEOPLE_OF_FACTS if each in entry.facts}
    return people.named(conn, wanted - set(known))


def story_entries(story: CaseHistory | None, names: Mapping[UUID, str | None], voice: Voice) -> list[StoryEntry]:
    """Newest first."""
    if story is None:
        return []
    gone = {str(entry.facts.get("photo")) for entry in story.entries if entry.event == "PhotoRemoved"}
    told = [_entry(entry, names, voice) for entry in reversed(story.entries)]
    return folded([replace(each, photos=tuple(photo for photo in each.photos if photo not in gone)) for each in told])


def folded(told: Sequence[StoryEntry]) -> list[StoryEntry]:
    """One line for each act: what it wrote besides, in the same transaction, is folded into the line of what was meant.

    Nothing that somebody said is folded away.
    """
    found: list[list[StoryEntry]] = []
    for each in told:
        last = found[-1][-1].entry if found else None
        if last is not None and last.position == each.entry.position + 1 and _moment(last) == _moment(each.entry):
            found[-1].append(each)
        else:
            found.append([each])
    return [line for act in found for line in _one_line(act)]


def _moment(entry: Entry) -> tuple[datetime, datetime]:
    return entry.recorded_at, entry.occurred_at


def _one_line(act: Sequence[StoryEntry]) -> list[StoryEntry]:
    kept = [each for each in act if each.entry.event not in _BESIDE] or [act[-1]]
    beside = tuple(each for each in act if each not in kept)
    return [*kept[:-1], replace(kept[-1], beside=beside)]


def _entry(entry: Entry, names: Mapping[UUID, str | None], voice: Voice) -> StoryEntry:
    key = f"told-{entry.event}"
    if entry.event == "FollowUpRecorded" and not entry.facts.get("reached"):
        key = "told-FollowUpRecorded-missed"
    late = entry.recorded_at - entry.occurred_at
    said = [entry.words[name] for name in _SAID if entry.words.get(name)]
    if entry.event == "WorkCompleted":
        said += [
            voice.say(f"told-{each.replace('_', '-')}")
            for each in ("signed_off", "remote_advice")
            if entry.facts.get(each)
        ]
    if entry.event == "DeadlinesSet":
        said.append(_promised(entry, voice))
    if entry.event == "PlaceCorrected":
        place = {name: entry.facts.get(name) for name in ("building", "stairwell")}
        said.append(voice.place(SimpleNamespace(**place, dwelling=entry.words.get("dwelling"))))
    if "costs" in entry.facts:
        costs = RepairCosts(**entry.facts["costs"])
        said.insert(0, f"{costs_text(voice, costs)} = {shown(costs.total)}")
    if entry.facts.get("until") and entry.event == "WorkSuspended":
        said.append(pause_text(voice, **{name: entry.facts[name] for name in ("cause", "until", "tell")}))
    if "consent" in entry.facts:
        said.append(voice.name(Consent(entry.facts["consent"])))
    return StoryEntry(
        entry=entry,
        sentence=voice.say(key, **_facts(entry, names, voice)),
        who=who_is(entry.actor, names, voice) if entry.acting_as is not Capacity.SYSTEM else "",
        sign=_SIGN_OF_EVENT.get(entry.event, "circle-check"),
        tone="good" if entry.event in _GOOD else "hold" if entry.event in _HELD else "",
        late=_late(entry, late, voice) if late > LATE_ENTRY else "",
        said="\n".join(said),
        why=entry.words.get("reason", ""),
        photos=tuple(str(photo) for photo in entry.facts.get("photos", ())) or _one_photo(entry),
    )


def pause_text(voice: Voice, cause: str, until: str, tell: str) -> str:
    """What a pause waits for, until when at the latest, and who is told then."""
    end = voice.when(datetime.fromisoformat(until))
    return voice.say("told-pause", cause=voice.name(PauseCause(cause)), until=end, tell=voice.name(PauseTold(tell)))


def _one_photo(entry: Entry) -> tuple[str, ...]:
    return (str(entry.facts["photo"]),) if "photo" in entry.facts else ()


def _facts(entry: Entry, names: Mapping[UUID, str | None], voice: Voice) -> dict[str, Any]:
    found: dict[str, Any] = {"steward": "none"} if entry.event == "WorkOrderHandedOver" else {}
    for name, value in entry.facts.items():
        if name in _ROLES_OF_FACTS:
            found[name] = voice.name(_ROLES_OF_FACTS[name](value))
        elif name in _PEOPLE_OF_FACTS:
            found[name] = who_is(UUID(str(value)), names, voice)
        elif name == "until" and value:
            found["until"] = voice.when(datetime.fromisoformat(str(value)))
        elif name == "at":
            found["at"] = voice.when(datetime.fromisoformat(str(value)))
        elif name == "fix_by":
            found["by"] = voice.when(datetime.fromisoformat(str(value)))
        elif name in ("number", "score"):
            found[name] = str(value)
    return found


def _promised(entry: Entry, voice: Voice) -> str:
    def by(name: str) -> str:
        value = entry.facts.get(name)
        return voice.when(datetime.fromisoformat(str(value))) if value else voice.say("told-none")

    if "accept_by" not in entry.facts:
        return voice.say("told-set-fix", fix=by("fix_by"))
    return voice.say(
        "told-set-by", accept=by("accept_by"), dispatch=by("dispatch_by"), arrive=by("arrive_by"), fix=by("fix_by")
    )


def _late(entry: Entry, late: timedelta, voice: Voice) -> str:
    same_day = local_date(entry.recorded_at) == local_date(entry.occurred_at)
    time = voice.time(entry.recorded_at) if same_day else voice.when(entry.recorded_at)
    return voice.say("late-entry", time=time, span=voice.span(late, ServiceHours(0, 24 * 60)))


def who_is(person: UUID, names: Mapping[UUID, str | None], voice: Voice) -> str:
    return names.get(person) or voice.say("person-forgotten")


def by_day(entries: Sequence[StoryEntry], voice: Voice) -> list[tuple[str, list[StoryEntry]]]:
    days: list[tuple[str, list[StoryEntry]]] = []
    for each in entries:
        day = voice.day(each.entry.occurred_at)
        if days and days[-1][0] == day:
            days[-1][1].append(each)
        else:
            days.append((day, [each]))
    return days
