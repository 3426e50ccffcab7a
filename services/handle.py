"""The one way a command enters: who may, load, decide, append; each command is answered once."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from domain import issue as issues
from domain import person as people
from domain import work_order as orders
from domain.calendar import SHANGHAI, ServiceHours, local_date
from domain.capacity import Capacity
from domain.category import Category, Priority
from domain.decider import Decider
from domain.estate import ESTATE, Estate
from domain.estate import Command as EstateCommand
from domain.issue import ISSUE, Channel, Issue, IssueNoted, IssueTriaged, Status
from domain.person import PERSON, Person
from domain.place import Part
from domain.powers import POWERS, may
from domain.recorded import Act
from domain.refusal import Refusal, refuse_if
from domain.work_order import UNDER_WAY, WORK_ORDER, OpenWorkOrder, WorkOrder
from services.event_log import AnsweredBefore, Change, EventLog, Loaded, VersionConflict
from services.event_store import StoredAnswer
from services.numbers import Numbers
from services.photo_store import PhotoStore
from services.vault import Vault

ESTATES = UUID("5f0c2f0e-6f0b-4c36-9a3c-4f1f6c1f3f10")  # namespace of estate streams: uuid5(ESTATES, estate code)
EARLIEST = datetime(2000, 1, 1, tzinfo=SHANGHAI)  # before that somebody mistyped the year
CLOCK_SKEW = timedelta(minutes=2)  # a phone's clock may run ahead this much; later is the future
ATTEMPTS = 8


class Forbidden(Exception):
    """The caller's capacity does not carry this power, or was not held at the time."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class NotFound(Exception):
    """No such thing among the caller's estates; a foreign one answers alike."""


class KeyReused(Exception):
    """The Idempotency-Key was used before with another request."""


class Stale(Exception):
    """The version the caller saw is not the newest: ``version`` is, changed by ``actor`` at ``at``."""

    def __init__(self, version: int, actor: UUID | None = None, at: datetime | None = None) -> None:
        super().__init__(version)
        self.version = version
        self.actor = actor
        self.at = at


@dataclass(frozen=True, slots=True)
class Caller:
    """A signed-in person in one capacity, and the estates in which it is held."""

    person: UUID
    capacity: Capacity
    estates: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ask:
    """What comes with every command. ``fingerprint`` tells two requests under one ``key`` apart."""

    caller: Caller
    occurred_at: datetime | None = None
    expected_version: int | None = None
    key: str | None = None
    fingerprint: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """``version`` of the stream after the command, ``position`` of the log to wait for."""

    stream: UUID
    version: int
    position: int
    number: str | None = None
    order: UUID | None = None


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
class _Plan:
    """What one command would do: the changes of all streams together, and the answer without its position."""

    changes: Sequence[Change]
    answer: Answer


class Handler:
    """``clock`` gives the time of recording, with an offset."""

    def __init__(
        self, log: EventLog, vault: Vault, numbers: Numbers, photos: PhotoStore, clock: Callable[[], datetime]
    ) -> None:
        self._log = log
        self._vault = vault
        self._numbers = numbers
        self._photos = photos
        self._clock = clock

    # -- issues --------------------------------------------------------------------------------------------------

    def note_issue(self, ask: Ask, new: NewIssue) -> Answer:
        stream = uuid4()

        def plan(act: Act) -> _Plan:
            estate = self._place(ask, act, issues.NoteIssue, new.estate, new.building, new.stairwell, new.dwelling)
            if new.follows is not None:
                earlier = self._seen(ask, WORK_ORDER, new.follows).state
                refuse_if(earlier.estate != new.estate, "other_estate")
            self._check_photos(new.photos, new.estate)
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
            ISSUE.consider(replace(command, number="-"), Issue(), act)  # refuse before a number is drawn
            numbered = replace(command, number=self._number("IS", estate, act))
            events = ISSUE.consider(numbered, Issue(), act)
            change = Change(stream, ISSUE.name, 0, events, act, new.estate, correlation=stream, causation=None)
            return _Plan([change], Answer(stream, len(events), 0, numbered.number))

        return self._once(ask, plan)

    def on_issue(self, ask: Ask, stream: UUID, command: issues.Command) -> Answer:
        def plan(act: Act) -> _Plan:
            loaded = self._seen(ask, ISSUE, stream)
            self._empowered(ask, act, type(command), loaded.state.estate)
            match command:
                case issues.MergeIssue(into):
                    self._check_merge(ask, stream, into, loaded.state.estate)
                case issues.AttachPhoto(photo):
                    self._check_photos([photo], loaded.state.estate)
                case issues.ForgetCase():
                    self._check_forgettable(loaded.state)
            return self._decided(ask, ISSUE, stream, loaded, command, act, correlation=stream)

        answer = self._once(ask, plan)
        if isinstance(command, issues.ForgetCase):
            self._vault.destroy(stream)  # after the event: a crash in between is mended by saying it again
            forgotten = self._log.load(ISSUE, stream).state
            for photo in forgotten.photos:
                if self._photos.estate(photo) == forgotten.estate:  # a key is destroyed only if it is a photo's
                    self._vault.destroy(photo)
        return answer

    def promote(self, ask: Ask, stream: UUID, promotion: Promotion) -> Answer:
        """Turn a notebook line into a work order: both streams change in one transaction."""
        order = uuid4()

        def plan(act: Act) -> _Plan:
            loaded = self._seen(ask, ISSUE, stream)
            self._empowered(ask, act, issues.PromoteToWorkOrder, loaded.state.estate)
            self._expect(ask, loaded.version)
            command = issues.PromoteToWorkOrder(
                order, promotion.category, promotion.priority, promotion.part, promotion.persons_inside
            )
            events = ISSUE.consider(command, loaded.state, act)
            noted = self._noted(stream)
            estate = self._log.load(ESTATE, estate_stream(noted.estate)).state
            triage = ISSUE.fold([(event, act) for event in events], loaded.state).triage
            assert triage is not None  # promoted means triaged
            opened = self._opened(noted, stream, triage, estate, act)
            order_events = WORK_ORDER.consider(opened, WorkOrder(), act)
            changes = [
                Change(stream, ISSUE.name, loaded.version, events, act, noted.estate, stream, None),
                Change(order, WORK_ORDER.name, 0, order_events, act, noted.estate, stream, None),
            ]
            return _Plan(changes, Answer(stream, loaded.version + len(events), 0, opened.number, order))

        return self._once(ask, plan)

    def _opened(self, noted: IssueNoted, stream: UUID, triage: IssueTriaged, estate: Estate, act: Act) -> OpenWorkOrder:
        return OpenWorkOrder(
            number=self._number("WO", estate, act),
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

    def _noted(self, stream: UUID) -> IssueNoted:
        first = self._log.history(stream)[0].event
        assert isinstance(first, IssueNoted)
        refuse_if(first.text is None, "case_forgotten")
        return first

    def _check_merge(self, ask: Ask, stream: UUID, into: UUID, estate: str | None) -> None:
        refuse_if(stream == into, "merge_into_itself")
        target = self._seen(ask, ISSUE, into).state
        refuse_if(target.estate != estate, "other_estate")  # its station could not follow where the case went
        refuse_if(target.status in (Status.MERGED, Status.DROPPED), "merge_target", status=target.status)

    def _check_photos(self, photos: Sequence[UUID], estate: str | None) -> None:
        """Photos of a case were taken in its estate: forgetting the case destroys their keys."""
        for photo in photos:
            refuse_if(self._photos.estate(photo) != estate, "unknown_photo")

    def _check_forgettable(self, issue: Issue) -> None:
        if issue.order is not None:
            order = self._log.load(WORK_ORDER, issue.order).state
            refuse_if(order.stage in UNDER_WAY, "order_under_way")

    # -- work orders ---------------------------------------------------------------------------------------------

    def on_work_order(self, ask: Ask, stream: UUID, command: orders.Command) -> Answer:
        def plan(act: Act) -> _Plan:
            loaded = self._seen(ask, WORK_ORDER, stream)
            self._empowered(ask, act, type(command), loaded.state.estate)
            match command:
                case orders.DispatchSteward(steward) | orders.ReassignSteward(steward):
                    sent = self._log.load(PERSON, steward).state
                    attached = sent.holds(Capacity.RED_STEWARD, loaded.state.estate, act.recorded_at)
                    refuse_if(not attached, "steward_not_attached")
                case orders.ReopenWorkOrder():
                    assert loaded.state.issue is not None
                    case_of_it = self._log.load(ISSUE, loaded.state.issue).state
                    refuse_if(case_of_it.forgotten, "case_forgotten")  # its key is gone: nothing said could be kept
            assert loaded.state.issue is not None
            return self._decided(ask, WORK_ORDER, stream, loaded, command, act, correlation=loaded.state.issue)

        return self._once(ask, plan)

    # -- people and estates --------------------------------------------------------------------------------------

    def register_person(self, ask: Ask, command: people.RegisterPerson) -> Answer:
        stream = uuid4()

        def plan(act: Act) -> _Plan:
            self._empowered(ask, act, people.RegisterPerson, None)
            return self._decided(ask, PERSON, stream, Loaded(Person(), 0), command, act, correlation=stream)

        return self._once(ask, plan)

    def on_person(self, ask: Ask, stream: UUID, command: people.Command) -> Answer:
        def plan(act: Act) -> _Plan:
            estate: str | None = getattr(command, "estate", None)
            self._empowered(ask, act, type(command), estate)
            if estate is not None:
                register = self._register(ask, estate)
                register.check_place(getattr(command, "building", None), None, None)
            loaded = self._log.load(PERSON, stream)
            if loaded.version == 0:
                raise NotFound
            self._own_people(ask, loaded.state)
            return self._decided(ask, PERSON, stream, loaded, command, act, correlation=stream)

        answer = self._once(ask, plan)
        if isinstance(command, people.ForgetPerson):
            self._vault.destroy(stream)
        return answer

    def on_estate(self, ask: Ask, code: str, command: EstateCommand) -> Answer:
        stream = estate_stream(code)

        def plan(act: Act) -> _Plan:
            self._empowered(ask, act, type(command), code)
            loaded = self._log.load(ESTATE, stream)
            return self._decided(ask, ESTATE, stream, loaded, command, act, correlation=stream, estate=code)

        return self._once(ask, plan)

    def _own_people(self, ask: Ask, person: Person) -> None:
        """A head may change people without a post yet, or with one in his own estates; others are not found."""
        estates = {post.estate for post in person.posts}
        if ask.caller.capacity is not Capacity.SYSTEM and estates and not estates & ask.caller.estates:
            raise NotFound

    # -- what all of them share ----------------------------------------------------------------------------------

    def _once(self, ask: Ask, plan: Callable[[Act], _Plan]) -> Answer:
        """Decide and append; a lost race is decided anew unless the caller named the version seen."""
        if ask.key is not None:
            before = self._log.answered(ask.caller.person, ask.key)
            if before is not None:
                return self._first_answer(ask, before)
        for attempt in range(ATTEMPTS):
            act = self._act(ask)
            planned = plan(act)
            answer = planned.answer
            kept = None if ask.key is None else _kept(ask, answer, act)
            try:
                changes = [change for change in planned.changes if change.events]
                if not changes and kept is None:
                    return replace(answer, position=self._log.last_position())
                return replace(answer, position=self._log.append(changes, kept).position)
            except AnsweredBefore as before:
                return self._first_answer(ask, before.answer)
            except VersionConflict:
                if ask.expected_version is not None or attempt == ATTEMPTS - 1:
                    raise self._stale(answer.stream) from None
                time.sleep(random.uniform(0, 0.005 * 2**attempt))  # jitter, so that the same two do not meet again
        raise AssertionError("unreachable")

    def _first_answer(self, ask: Ask, before: StoredAnswer) -> Answer:
        if before.fingerprint != ask.fingerprint:
            raise KeyReused
        kept = before.answer
        return Answer(
            stream=UUID(kept["stream"]),
            version=kept["version"],
            position=self._log.last_position(),
            number=kept["number"],
            order=UUID(kept["order"]) if kept["order"] else None,
        )

    def _act(self, ask: Ask) -> Act:
        now = self._clock()
        occurred = ask.occurred_at or now
        refuse_if(occurred.tzinfo is None, "offset_missing")
        refuse_if(occurred > now + CLOCK_SKEW, "future")
        refuse_if(occurred < EARLIEST, "too_long_ago")
        occurred, now = min(occurred, now).astimezone(SHANGHAI), now.astimezone(SHANGHAI)  # one offset in the whole log
        return Act(ask.caller.person, ask.caller.capacity, occurred, now)

    def _seen(self, ask: Ask, decider: Decider[Any, Any, Any], stream: UUID) -> Loaded[Any]:
        """The stream, if it exists within the caller's estates."""
        loaded = self._log.load(decider, stream)
        if loaded.version == 0 or loaded.state.estate not in ask.caller.estates:
            raise NotFound
        return loaded

    def _empowered(self, ask: Ask, act: Act, command: type[Any], estate: str | None) -> None:
        """Powers of the capacity, and INV-05: it was held, here, when the thing happened."""
        caller = ask.caller
        if estate is not None and caller.capacity is not Capacity.SYSTEM and estate not in caller.estates:
            raise NotFound
        if not may(caller.capacity, command):
            raise Forbidden("capacity", capacity=caller.capacity, may=POWERS[command])
        if caller.capacity is Capacity.SYSTEM:
            return
        actor = self._log.load(PERSON, caller.person).state
        if not actor.holds(caller.capacity, estate, act.recorded_at):
            raise Forbidden("capacity_not_held", capacity=caller.capacity)
        if not actor.holds(caller.capacity, estate, act.occurred_at):
            raise Refusal("capacity_not_held_then", capacity=caller.capacity)

    def _place(
        self,
        ask: Ask,
        act: Act,
        command: type[Any],
        code: str,
        building: str | None,
        stairwell: str | None,
        dwelling: str | None,
    ) -> Estate:
        self._empowered(ask, act, command, code)
        estate = self._register(ask, code)
        estate.check_place(building, stairwell, dwelling)
        return estate

    def _register(self, ask: Ask, code: str) -> Estate:
        estate: Estate = self._log.load(ESTATE, estate_stream(code)).state
        if estate.estate is None:
            raise NotFound
        return estate

    def _decided(
        self,
        ask: Ask,
        decider: Decider[Any, Any, Any],
        stream: UUID,
        loaded: Loaded[Any],
        command: Any,
        act: Act,
        correlation: UUID,
        estate: str | None = None,
    ) -> _Plan:
        self._expect(ask, loaded.version, stream)
        events = decider.consider(command, loaded.state, act)
        place = estate or getattr(loaded.state, "estate", None)
        change = Change(stream, decider.name, loaded.version, events, act, place, correlation, None)
        return _Plan([change], Answer(stream, loaded.version + len(events), 0))

    def _expect(self, ask: Ask, version: int, stream: UUID | None = None) -> None:
        if ask.expected_version is not None and ask.expected_version != version:
            raise Stale(version) if stream is None else self._stale(stream)

    def _stale(self, stream: UUID) -> Stale:
        last = self._log.history(stream)[-1]
        return Stale(last.version, last.act.actor, last.act.recorded_at)

    def _number(self, prefix: str, estate: Estate, act: Act) -> str:
        assert estate.centre is not None
        return self._numbers.draw(prefix, estate.centre, local_date(act.recorded_at))


def estate_stream(code: str) -> UUID:
    """The stream of an estate by its code."""
    return uuid5(ESTATES, code)


def _kept(ask: Ask, answer: Answer, act: Act) -> StoredAnswer:
    order = str(answer.order) if answer.order else None
    body = {"stream": str(answer.stream), "version": answer.version, "number": answer.number, "order": order}
    assert ask.key is not None
    return StoredAnswer(ask.caller.person, ask.key, ask.fingerprint, body, act.recorded_at)
