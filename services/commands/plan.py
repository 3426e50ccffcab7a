"""What each command would do: a plan looks at the streams it needs, decides, and changes nothing.

A plan may be made several times for one command: whenever what it looked at has changed before it was appended.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from domain.calendar import SHANGHAI, ServiceHours, local_date
from domain.capacity import Capacity
from domain.cases import issue as issues
from domain.cases import notebook_import as imports
from domain.cases import work_order as orders
from domain.cases.category import Category, Priority
from domain.cases.issue import ISSUE, Channel, Issue, IssueNoted, IssueTriaged, Status
from domain.cases.notebook_import import NOTEBOOK_IMPORT
from domain.cases.work_order import UNDER_WAY, WORK_ORDER, OpenWorkOrder, WorkOrder
from domain.decider import Decider
from domain.estates.estate import ESTATE, Estate, estate_stream
from domain.estates.estate import Command as EstateCommand
from domain.estates.place import Part
from domain.people import person as people
from domain.people.person import PERSON, Person
from domain.powers import POWERS, may
from domain.recorded import Act
from domain.refusal import Refusal, refuse_if
from services.commands.ask import Answer, Ask, Forbidden, NotFound, Stale
from services.log.event_log import Change, EventLog, Loaded
from services.log.numbers import Numbers
from services.log.photo_store import PhotoStore
from services.log.pseudonyms import Pseudonyms
from services.log.randomness import new_id
from services.log.vault import Vault

S = TypeVar("S")

EARLIEST = datetime(2000, 1, 1, tzinfo=SHANGHAI)  # before that somebody mistyped the year
CLOCK_SKEW = timedelta(minutes=2)  # a phone's clock may run ahead this much; later is the future


@dataclass(frozen=True, slots=True)
class NewIssue:
    """What a person writes down; the rest of ``NoteIssue`` is settled here."""

    estate: str
    text: str
    channel: Channel = Channel.DESK
    building: str | None = None
    stairwell: str | None = None
    dwelling: str | None = None
    reporter: str | None = None
    phone: str | None = None
    photos: tuple[UUID, ...] = ()
    follows: UUID | None = None


@dataclass(frozen=True, slots=True)
class Promotion:
    """How a notebook line becomes a work order; what is ``None`` was settled at triage or is usual."""

    category: Category | None = None
    priority: Priority | None = None
    part: Part | None = None
    persons_inside: bool | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies within a plan's reach."""

    log: EventLog
    vault: Vault
    numbers: Numbers
    photos: PhotoStore
    pseudonyms: Pseudonyms


class Planned(NamedTuple):
    """What one command would do: the changes of all streams together, and the answer without its position."""

    changes: Sequence[Change]
    answer: Answer


@dataclass(frozen=True, slots=True)
class Plan:
    """``make`` may be called again and again; ``afterwards`` once the command is durable, also when it is repeated."""

    make: "Callable[[Looking], Planned]"
    afterwards: "Callable[[Desk], None] | None" = None


class Looking:
    """One attempt at a command: who asks, when, and the version of every stream looked at (``seen``)."""

    def __init__(self, desk: Desk, ask: Ask, now: datetime) -> None:
        self.desk = desk
        self.ask = ask
        self.seen: dict[UUID, int] = {}
        self._loaded: dict[UUID, Loaded[Any]] = {}
        self._now = now
        self._act: Act | None = None

    @property
    def act(self) -> Act:
        """Who does it and when. Refuses times without an offset, in the future, or of another age."""
        if self._act is None:
            occurred = self.ask.occurred_at or self._now
            refuse_if(occurred.tzinfo is None, "offset_missing")
            refuse_if(occurred > self._now + CLOCK_SKEW, "future")
            refuse_if(occurred < EARLIEST, "too_long_ago")
            now = self._now.astimezone(SHANGHAI)  # one offset in the whole log
            occurred = min(occurred.astimezone(SHANGHAI), now)
            self._act = Act(self.ask.caller.person, self.ask.caller.capacity, occurred, now)
        return self._act

    def at(self, decider: Decider[Any, S, Any], stream: UUID) -> Loaded[S]:
        """A stream as this process knows it; that it still stands there is checked before anything is answered."""
        loaded = self._loaded.get(stream)
        if loaded is None:
            loaded = self.desk.log.remembered(decider, stream)
            self._loaded[stream] = loaded
            self.seen[stream] = loaded.version
        return loaded

    def own(self, decider: Decider[Any, S, Any], stream: UUID) -> Loaded[S]:
        """The stream, if it exists within the caller's estates."""
        loaded = self.at(decider, stream)
        if loaded.version == 0 or getattr(loaded.state, "estate", None) not in self.ask.caller.estates:
            raise NotFound
        return loaded

    def register(self, code: str) -> Estate:
        """The estate's register of buildings."""
        estate = self.at(ESTATE, estate_stream(code)).state
        if estate.estate is None:
            raise NotFound
        return estate

    def check_power(self, command: type[Any], estate: str | None) -> None:
        """Powers of the capacity, and INV-05: it was held, here, when the thing happened."""
        caller, act = self.ask.caller, self.act
        if estate is not None and caller.capacity is not Capacity.SYSTEM and estate not in caller.estates:
            raise NotFound
        if not may(caller.capacity, command):
            raise Forbidden("capacity", capacity=caller.capacity, may=POWERS[command])
        if caller.capacity is Capacity.SYSTEM:
            return
        actor = self.at(PERSON, caller.person).state
        if not actor.holds(caller.capacity, estate, act.recorded_at):
            raise Forbidden("capacity_not_held", capacity=caller.capacity)
        if not actor.holds(caller.capacity, estate, act.occurred_at):
            raise Refusal("capacity_not_held_then", capacity=caller.capacity)

    def check_version(self, version: int, stream: UUID) -> None:
        """Raise ``Stale`` where the caller named another version than the stream's."""
        if self.ask.expected_version is None or self.ask.expected_version == version:
            return
        last = self.desk.log.newest(stream)
        raise Stale(last.version, last.act.actor, last.act.recorded_at) if last else Stale(version)

    def check_photos(self, photos: Sequence[UUID], estate: str | None) -> None:
        """Photos of a case were taken in its estate: forgetting the case destroys their keys."""
        for photo in photos:
            refuse_if(self.desk.photos.estate(photo) != estate, "unknown_photo")

    def number(self, prefix: str, estate: Estate) -> str:
        """The next number of the estate's service centre today."""
        assert estate.centre is not None
        return self.desk.numbers.draw(prefix, estate.centre, local_date(self.act.recorded_at))

    def refuse_early(self, decider: Decider[Any, Any, Any], stream: UUID, loaded: Loaded[Any], draft: Any) -> None:
        """Refuse what the stream's rules refuse before a number is drawn for it; ``draft`` has another in its place."""
        self.check_version(loaded.version, stream)
        decider.consider(draft, loaded.state, self.act)

    def decided(
        self,
        decider: Decider[Any, Any, Any],
        stream: UUID,
        loaded: Loaded[Any],
        command: Any,
        correlation: UUID,
        estate: str | None = None,
    ) -> Planned:
        """What the stream's own rules say."""
        self.check_version(loaded.version, stream)
        events = decider.consider(command, loaded.state, self.act)
        place = estate or getattr(loaded.state, "estate", None)
        change = Change(stream, decider.name, loaded.version, events, self.act, place, correlation)
        return Planned([change], Answer(stream, loaded.version + len(events), 0))


# -- issues ------------------------------------------------------------------------------------------------------


def note_issue(new: NewIssue) -> Plan:
    """A new line in the notebook."""
    stream = new_id()

    def make(look: Looking) -> Planned:
        look.check_power(issues.NoteIssue, new.estate)
        estate = look.register(new.estate)
        estate.check_place(new.building, new.stairwell, new.dwelling)
        if new.follows is not None:
            refuse_if(look.own(WORK_ORDER, new.follows).state.estate != new.estate, "other_estate")
        look.check_photos(new.photos, new.estate)
        command = issues.NoteIssue(
            number="",
            estate=new.estate,
            text=new.text,
            channel=new.channel,
            building=new.building,
            stairwell=new.stairwell,
            dwelling=new.dwelling,
            reporter=new.reporter,
            phone=new.phone,
            photos=new.photos,
            follows=new.follows,
        )
        ISSUE.consider(replace(command, number="-"), Issue(), look.act)  # refuse before a number is drawn
        numbered = replace(command, number=look.number("IS", estate))
        events = ISSUE.consider(numbered, Issue(), look.act)
        change = Change(stream, ISSUE.name, 0, events, look.act, new.estate, correlation=stream)
        return Planned([change], Answer(stream, len(events), 0, numbered.number))

    return Plan(make)


def on_issue(stream: UUID, command: issues.Command) -> Plan:
    """Something done with a line of the notebook."""

    def make(look: Looking) -> Planned:
        loaded = look.own(ISSUE, stream)
        look.check_power(type(command), loaded.state.estate)
        match command:
            case issues.MergeIssue(into):
                _check_merge(look, stream, into, loaded.state.estate)
            case issues.AttachPhoto(photo):
                look.check_photos([photo], loaded.state.estate)
            case issues.ForgetCase() if loaded.state.order is not None:
                refuse_if(look.at(WORK_ORDER, loaded.state.order).state.stage in UNDER_WAY, "order_under_way")
        return look.decided(ISSUE, stream, loaded, command, correlation=stream)

    def forget(desk: Desk) -> None:
        desk.vault.destroy(stream)  # after the event: a crash in between is mended by saying it again
        forgotten = desk.log.load(ISSUE, stream).state
        for photo in forgotten.photos:
            if desk.photos.estate(photo) == forgotten.estate:  # a key is destroyed only if it is a photo's
                desk.vault.destroy(photo)

    return Plan(make, forget if isinstance(command, issues.ForgetCase) else None)


def _check_merge(look: Looking, stream: UUID, into: UUID, estate: str | None) -> None:
    refuse_if(stream == into, "merge_into_itself")
    target = look.own(ISSUE, into).state
    refuse_if(target.estate != estate, "other_estate")  # its station could not follow where the case went
    refuse_if(target.status in (Status.MERGED, Status.DROPPED), "merge_target", status=target.status)


def promote(stream: UUID, promotion: Promotion) -> Plan:
    """Turn a notebook line into a work order: both streams change in one transaction."""
    order = new_id()

    def make(look: Looking) -> Planned:
        loaded = look.own(ISSUE, stream)
        look.check_power(issues.PromoteToWorkOrder, loaded.state.estate)
        look.check_version(loaded.version, stream)
        command = issues.PromoteToWorkOrder(
            order, promotion.category, promotion.priority, promotion.part, promotion.persons_inside
        )
        events = ISSUE.consider(command, loaded.state, look.act)
        noted = _noted(look, stream)
        triage = ISSUE.fold([(event, look.act) for event in events], loaded.state).triage
        assert triage is not None  # promoted means triaged
        opened = _opened(look, noted, stream, triage)
        order_events = WORK_ORDER.consider(opened, WorkOrder(), look.act)
        changes = [
            Change(stream, ISSUE.name, loaded.version, events, look.act, noted.estate, stream),
            Change(order, WORK_ORDER.name, 0, order_events, look.act, noted.estate, stream),
        ]
        return Planned(changes, Answer(stream, loaded.version + len(events), 0, opened.number, order))

    return Plan(make)


def _opened(look: Looking, noted: IssueNoted, stream: UUID, triage: IssueTriaged) -> OpenWorkOrder:
    estate = look.at(ESTATE, estate_stream(noted.estate)).state
    draft = OpenWorkOrder(
        number="-",
        issue=stream,
        estate=noted.estate,
        category=triage.category,
        priority=triage.priority,
        part=triage.part,
        hours=estate.hours or ServiceHours(),
        text=noted.text,
        building=noted.building,
        stairwell=noted.stairwell,
        dwelling=noted.dwelling,
        accept=True,
        follows=noted.follows,
    )
    WORK_ORDER.consider(draft, WorkOrder(), look.act)  # refuse before a number is drawn
    return replace(draft, number=look.number("WO", estate))


def _noted(look: Looking, stream: UUID) -> IssueNoted:
    first = look.desk.log.history(stream)[0].event
    assert isinstance(first, IssueNoted)
    refuse_if(first.text is None, "case_forgotten")
    return first


# -- work orders -------------------------------------------------------------------------------------------------


def on_work_order(stream: UUID, command: orders.Command) -> Plan:
    """Something done with a work order."""

    def make(look: Looking) -> Planned:
        loaded = look.own(WORK_ORDER, stream)
        look.check_power(type(command), loaded.state.estate)
        assert loaded.state.issue is not None
        match command:
            case orders.DispatchSteward(steward) | orders.ReassignSteward(steward):
                sent = look.at(PERSON, steward).state
                attached = sent.holds(Capacity.RED_STEWARD, loaded.state.estate, look.act.recorded_at)
                refuse_if(not attached, "steward_not_attached")
            case orders.ReopenWorkOrder():  # once its key is gone, nothing said could be kept
                refuse_if(look.at(ISSUE, loaded.state.issue).state.forgotten, "case_forgotten")
        return look.decided(WORK_ORDER, stream, loaded, command, correlation=loaded.state.issue)

    return Plan(make)


# -- people and estates ------------------------------------------------------------------------------------------


def register_person(command: people.RegisterPerson) -> Plan:
    """Somebody new."""
    stream = new_id()

    def make(look: Looking) -> Planned:
        look.check_power(people.RegisterPerson, None)
        return look.decided(PERSON, stream, Loaded(Person(), 0), command, correlation=stream)

    return Plan(make)


def on_person(stream: UUID, command: people.Command) -> Plan:
    """Something about a person: posts, licences, attachment."""

    def make(look: Looking) -> Planned:
        estate: str | None = getattr(command, "estate", None)
        look.check_power(type(command), estate)
        if estate is not None:
            look.register(estate).check_place(getattr(command, "building", None), None, None)
        loaded = look.at(PERSON, stream)
        if loaded.version == 0:
            raise NotFound
        _check_own_people(look.ask, loaded.state)
        return look.decided(PERSON, stream, loaded, command, correlation=stream)

    def forget(desk: Desk) -> None:
        desk.vault.destroy(stream)

    return Plan(make, forget if isinstance(command, people.ForgetPerson) else None)


def _check_own_people(ask: Ask, person: Person) -> None:
    """A head may change people without a post yet, or with one in his own estates; others are not found."""
    estates = {post.estate for post in person.posts}
    if ask.caller.capacity is not Capacity.SYSTEM and estates and not estates & ask.caller.estates:
        raise NotFound


def on_estate(code: str, command: EstateCommand) -> Plan:
    """Something about an estate: its register, its hours."""
    stream = estate_stream(code)

    def make(look: Looking) -> Planned:
        look.check_power(type(command), code)
        loaded = look.at(ESTATE, stream)
        return look.decided(ESTATE, stream, loaded, command, correlation=stream, estate=code)

    return Plan(make)


def on_import(stream: UUID, estate: str, command: imports.Command) -> Plan:
    """The beginning or the end of the import of a paper notebook."""

    def make(look: Looking) -> Planned:
        look.check_power(type(command), estate)
        loaded = look.at(NOTEBOOK_IMPORT, stream)
        return look.decided(NOTEBOOK_IMPORT, stream, loaded, command, correlation=stream, estate=estate)

    return Plan(make)
