"""Tells the demo's stories to the handler in the order of happening, each act by the person whose job it is."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import count
from uuid import UUID

from domain.calendar import SHANGHAI, ServiceHours, local_date
from domain.capacity import Capacity
from domain.cases import issue as issues
from domain.cases import work_order as orders
from domain.estates.emergency_contacts import SetEmergencyContact
from domain.estates.estate import OpenStation, RegisterBuilding, RegisterEstate, Stairwell
from domain.people import person as people
from services.cases import plans as case_plans
from services.cases.plans import NewIssue, Promotion
from services.commands.ask import Ask, Caller
from services.commands.handle import Handler
from services.demo.cast import BUILDINGS, CENTRE, COMMUNITY, ESTATES, FIRMS, PEOPLE, SERVICE_HOURS, Someone, Story
from services.demo.stories import STORIES
from services.estates import plans as estate_plans
from services.estates.contact_plans import on_contacts
from services.people import plans as people_plans

SYSTEM = UUID(int=0)  # the product itself, when it sets up a demo
_LONG_AGO = timedelta(days=4 * 366)

# acts of a natural life in order, with the minutes that pass before each
_LIFE = (
    ("note", 0),
    ("triage", 3),
    ("promote", 2),
    ("dispatch", 6),
    ("take", 5),
    ("arrive", 14),
    ("start", 4),
    ("complete", 45),
    ("verify", 50),
    ("follow_up", 600),
    ("rate", 1),
    ("close", 2),
)
_SIDE = {"suspend": "start", "advise": "note", "drop": "note"}  # what happens instead of going on after an act


class DemoClock:
    """A clock that the demo sets to each moment it tells of."""

    def __init__(self, start: datetime) -> None:
        self.now = start

    def __call__(self) -> datetime:
        return self.now


@dataclass(slots=True)
class _Case:
    story: Story
    steps: Iterator[tuple[str, int]]
    issue: UUID | None = None
    order: UUID | None = None
    acts: list[str] = field(default_factory=list)


class Demo:
    """Sets up the community and tells its week. ``handler`` must run on ``clock``."""

    def __init__(self, handler: Handler, clock: DemoClock, now: datetime) -> None:
        self._handler = handler
        self._clock = clock
        self._now = now
        self.people: dict[str, UUID] = {}

    def found(self) -> None:
        """The places and the people in their posts, long before anything happens."""
        self._clock.now = self._now - _LONG_AGO
        for code in ESTATES:
            self._estate(code)
        for someone in PEOPLE:
            self._person(someone)

    @property
    def begins(self) -> datetime:
        """When the first case of the week is noted."""
        return min(self._begin(story) for story in STORIES)

    def tell(self, progress: Callable[[int, int], None] = lambda done, total: None) -> None:
        """The week up to now; calls ``progress`` with cases done and in all."""
        self._week(progress)

    # -- places and people ---------------------------------------------------------------------------------------

    def _estate(self, code: str) -> None:
        ask = self._as_system()
        self._handler.do(ask, estate_plans.on_estate(code, RegisterEstate(code, CENTRE, ESTATES[code], COMMUNITY)))
        buildings, stairwells, floors = BUILDINGS[code]
        rooms = tuple(f"{floor}0{flat}" for floor in range(1, floors + 1) for flat in (1, 2))
        for number in range(1, buildings + 1):
            entrances = tuple(Stairwell(str(entrance), rooms) for entrance in range(1, stairwells + 1))
            self._handler.do(ask, estate_plans.on_estate(code, RegisterBuilding(str(number), entrances)))
        self._handler.do(ask, estate_plans.on_estate(code, OpenStation(ServiceHours(*SERVICE_HOURS))))
        for maintainer, (firm, phone) in FIRMS[code].items():
            self._handler.do(ask, on_contacts(SetEmergencyContact(code, maintainer, firm, phone)))

    def _person(self, someone: Someone) -> None:
        ask, since = self._as_system(), self._clock.now
        registered = self._handler.do(
            ask, people_plans.register_person(people.RegisterPerson(someone.name, someone.phone))
        )
        person = self.people[someone.key] = registered.stream
        for capacity, estate in someone.posts:
            self._handler.do(ask, people_plans.on_person(person, people.Appoint(capacity, estate, since)))
        if not someone.roles:
            return
        enrol = people.EnrolSteward(someone.roles, party_member=True, consents_to_roster=True)
        self._handler.do(ask, people_plans.on_person(person, enrol))
        self._handler.do(ask, people_plans.on_person(person, people.AttachStewardToEstate(someone.estate, since)))
        for building in someone.buildings:
            self._handler.do(
                ask, people_plans.on_person(person, people.LinkStewardToBuilding(someone.estate, building))
            )

    # -- the week ------------------------------------------------------------------------------------------------

    def _week(self, progress: Callable[[int, int], None]) -> None:
        order = count()
        queue: list[tuple[datetime, int, _Case, str]] = []
        for story in STORIES:
            case = _Case(story, _life(story))
            name, _ = next(case.steps)
            heapq.heappush(queue, (self._begin(story), next(order), case, name))
        done = 0
        while queue:
            at, _, case, name = heapq.heappop(queue)
            self._clock.now = at
            self._act(case, name)
            following = next(case.steps, None)
            later = at + timedelta(minutes=following[1] * case.story.pace) if following else self._now
            if following and later < self._now:
                heapq.heappush(queue, (_in_service(later, self._now), next(order), case, following[0]))
            else:
                done += 1
                progress(done, len(STORIES))

    def _begin(self, story: Story) -> datetime:
        if isinstance(story.at, int):
            return self._now - timedelta(minutes=story.at)
        hour, minute = map(int, story.at.split(":"))
        day = local_date(self._now) - timedelta(days=story.day)
        return datetime.combine(day, time(hour, minute), SHANGHAI)

    def _act(self, case: _Case, name: str) -> None:
        story = case.story
        desk = "head2" if story.estate not in ESTATES or story.estate != next(iter(ESTATES)) else "clerk"
        head = "head2" if desk == "head2" else "head"
        match name:
            case "note":
                case.issue = self._note(story, desk)
            case "triage":
                assert case.issue is not None
                triage = issues.TriageIssue(story.category, story.priority, story.part, persons_inside=False)
                self._handler.do(self._by(desk, story), case_plans.on_issue(case.issue, triage))
            case "promote":
                assert case.issue is not None
                case.order = self._handler.do(self._by(desk, story), case_plans.promote(case.issue, Promotion())).order
            case "advise":
                assert case.issue is not None
                self._handler.do(
                    self._by(desk, story), case_plans.on_issue(case.issue, issues.GiveAdvice(story.reason))
                )
            case "drop":
                assert case.issue is not None
                self._handler.do(self._by(desk, story), case_plans.on_issue(case.issue, issues.DropIssue(story.reason)))
            case _:
                assert case.order is not None
                command, who = self._order_act(name, story, desk, head)
                self._handler.do(self._by(who, story), case_plans.on_work_order(case.order, command))

    def _order_act(self, name: str, story: Story, desk: str, head: str) -> tuple[orders.Command, str]:
        steward = story.steward
        acts: dict[str, tuple[orders.Command, str]] = {
            "dispatch": (orders.DispatchSteward(self.people[steward]), desk),
            "take": (orders.TakeWorkOrder(), steward),
            "arrive": (orders.RecordArrival(), steward),
            "start": (orders.StartWork(), steward),
            "suspend": (orders.SuspendWork(story.reason), steward),
            "complete": (orders.CompleteWork(story.summary or "-", signed_off=True), steward),
            "verify": (orders.VerifyWork(), head),
            "follow_up": (orders.RecordFollowUp(reached=True), desk),
            "rate": (orders.RateSatisfaction(story.score or 5), desk),
            "close": (orders.CloseWorkOrder(), desk),
        }
        return acts[name]

    def _note(self, story: Story, desk: str) -> UUID:
        reporter, phone = story.reporter or (None, None)
        new = NewIssue(
            estate=story.estate,
            text=story.text,
            channel=story.channel,
            building=story.building,
            stairwell=story.stairwell,
            dwelling=story.dwelling,
            reporter=reporter,
            phone=phone,
        )
        return self._handler.do(self._by(desk, story), case_plans.note_issue(new)).stream

    # -- who asks ------------------------------------------------------------------------------------------------

    def _as_system(self) -> Ask:
        return Ask(Caller(SYSTEM, Capacity.SYSTEM, frozenset(ESTATES)))

    def _by(self, key: str, story: Story) -> Ask:
        someone = next(each for each in PEOPLE if each.key == key)
        capacity = Capacity.RED_STEWARD if someone.roles else someone.posts[0][0]
        return Ask(Caller(self.people[key], capacity, frozenset({story.estate})))


def _life(story: Story) -> Iterator[tuple[str, int]]:
    """The acts of one story with the minutes before each."""
    last = _SIDE.get(story.until, story.until)
    for name, minutes in _LIFE:
        if name == "rate" and story.score is None:
            continue
        yield name, minutes
        if name == last:
            break
    if story.until in _SIDE:
        yield story.until, 20


def _in_service(at: datetime, now: datetime) -> datetime:
    """Nobody verifies or calls back at night: such an act waits for the morning, unless that is still to come."""
    local = at.astimezone(SHANGHAI)
    if 8 <= local.hour < 20:
        return at
    morning = datetime.combine(local_date(at) + timedelta(days=local.hour >= 20), time(8, 20), SHANGHAI)
    return morning if morning < now else at
