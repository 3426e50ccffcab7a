"""What an order page and a notebook line's page show: steps, clocks, the story in words, and what may be done next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from domain.calendar import SHANGHAI, ServiceHours, between, local_date
from domain.capacity import Capacity
from domain.cases import issue as issues
from domain.cases.category import USUAL, Category, Priority
from domain.cases.dispatch import Candidate, suggest
from domain.cases.issue import Status
from domain.cases.service_level import hours_counted
from domain.cases.work_order import Consent, EmergencyService, ReferredTo, Stage
from domain.catalogue import may
from domain.estates.place import Part
from domain.masks import masked_name
from domain.money.repair_costs import RepairCosts
from projections.cases import history, notebook, order_counts
from projections.cases.history import CaseHistory, Entry
from projections.cases.notebook import IssueLine
from projections.cases.orders import OrderCard
from projections.estates.estates import EstateRow
from projections.people import people
from projections.projection import Connection
from services.cases import guess
from services.cases.acts import FINAL, Offer, issue_offers, next_acts, order_offers
from services.cases.signs import CHANNEL_SIGNS, hours_text
from services.console.amounts import costs_text
from services.console.render import Viewer, Voice
from services.http.problems import detail, problem_of
from services.words.figures import shown

LATE_ENTRY = timedelta(minutes=2)  # recorded so much after it happened is told as a late entry
CONTACT_SHOWN = timedelta(minutes=15)  # for so long after asking does one see the number

_SIGN_OF_ACT = {
    "accept": "check",
    "reject": "circle-x",
    "dispatch": "send",
    "recall": "arrow-back-up",
    "take": "hand-stop",
    "decline": "circle-x",
    "reassign": "switch-horizontal",
    "arrive": "map-pin",
    "no-access": "lock",
    "start": "player-play",
    "suspend": "player-pause",
    "resume": "player-play",
    "complete": "check",
    "verify": "check",
    "reject-work": "repeat",
    "follow-up": "phone",
    "rate": "star",
    "close": "flag",
    "reopen": "repeat",
    "call": "phone",
    "false-alarm": "circle-x",
    "released": "user-check",
    "promote": "list-details",
    "quote": "report-money",
    "quote-accepted": "check",
    "quote-declined": "circle-x",
}
_SIGN_OF_EVENT = {
    "IssueNoted": "notebook",
    "PhotoAttached": "camera",
    "IssueTriaged": "filter",
    "IssuePromotedToWorkOrder": "arrow-forward-up",
    "AdviceGiven": "message-2",
    "IssueMerged": "users-group",
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
    "StewardArrived": "map-pin",
    "NoAccessReported": "lock",
    "WorkStarted": "player-play",
    "WorkSuspended": "player-pause",
    "WorkResumed": "player-play",
    "WorkRejectedByResident": "repeat",
    "FollowUpRecorded": "phone",
    "SatisfactionRated": "star",
    "WorkOrderClosed": "flag",
    "WorkOrderReopened": "repeat",
    "PriorityChanged": "urgent",
    "DeadlineExtended": "clock-plus",
    "EmergencyServiceCalled": "phone",
    "PersonsReleased": "user-check",
    "QuoteOffered": "report-money",
    "QuoteDeclined": "circle-x",
    "RepairCharged": "file-invoice",
}
_GOOD = {"WorkCompleted", "WorkVerified", "WorkOrderClosed", "PersonsReleased", "QuoteAccepted"}
_HELD = {"WorkSuspended", "NoAccessReported", "WorkRejectedByResident", "WorkOrderDeclined", "ContactRefused"}
_SAID = ("text", "summary", "advice", "answer", "note")
_ROLES_OF_FACTS: dict[str, Any] = {
    "category": Category,
    "priority": Priority,
    "to": ReferredTo,
    "service": EmergencyService,
}


@dataclass(frozen=True, slots=True)
class Told:
    """One entry of the story in words."""

    entry: Entry
    told: str
    who: str
    sign: str
    tone: str
    late: str
    said: str
    why: str
    photos: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """``kind`` is ok, now, off or empty (to come)."""

    name: str
    kind: str
    when: str


@dataclass(frozen=True, slots=True)
class Promise:
    """One deadline: ``kind`` is done, missed, soon, late, ok, paused or none; ``used`` in per cent."""

    name: str
    rule: str
    kind: str
    word: str
    by: str
    used: int
    chip: bool = False


@dataclass(frozen=True, slots=True)
class Reporter:
    issue: UUID
    page: str
    version: int
    who: str
    how: str
    phone: str
    shown: bool
    act_url: str
    answer_url: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Dead:
    """The deadline that counts now, as the steward's phone shows it."""

    kind: str
    what: str
    rule: str
    by: str
    used: int


def sign_of(act: str) -> str:
    """The icon of an act."""
    return _SIGN_OF_ACT.get(act, "arrow-right")


def no_draft(act: str) -> Mapping[str, str]:
    return {}


def order_facts(
    conn: Connection, viewer: Viewer, estate: EstateRow, card: OrderCard, voice: Voice, asked: str = ""
) -> dict[str, Any]:
    """The context of the order page."""
    assert viewer.person is not None and viewer.capacity is not None
    line = notebook.line(conn, card.issue)
    merged = notebook.merged_into(conn, card.issue)
    story = history.of_case(conn, card.issue)
    squad = people.stewards(conn, card.estate, voice.now)
    loads = order_counts.loads(order_counts.counted(conn, card.estate, voice.now))
    names = _names(conn, story, [card.state.steward, viewer.person], [each.person for each in squad])
    names |= {each.person: each.name for each in squad}
    offers = order_offers(card.state, viewer.person, viewer.capacity, voice.now)
    main, second = next_acts(card.state, offers)
    if main not in offers:
        main = None
    candidates = [
        Candidate(e.person, e.state.roles, frozenset(e.buildings(card.estate)), loads.get(e.person, 0)) for e in squad
    ]
    category = card.state.category or Category.PUBLIC_LIGHTING
    hours = hours_counted(card.state.priority, card.state.hours)
    return _shared(viewer, voice, line, merged, story, names, asked, _stories(conn, merged)) | {
        "card": card,
        "merged": merged,
        "offers": offers,
        "main": main,
        "second": second,
        "why": _why(main, offers, card, viewer, names, voice),
        "steps": _steps(card, story, viewer, names, main, offers, voice),
        "clocks": _promises(card, voice),
        "dead": _dead(card, voice) if card.due and card.lane in ("waiting", "sent", "working") else None,
        "hours_text": hours_text(hours, voice),
        "suggestions": suggest(category, card.building, candidates),
        "usual_role": USUAL[category].role,
        "present_steward": card.state.steward,
        "quotes": _quotes(card, voice),
        "free": card.state.part is Part.PRIVATE and card.state.begun and card.state.quote is None,
        "preset": {"fix_by": _form_time(card.state.fix_by)} if card.state.fix_by else {},
        "similar": [],
        "version": card.version,
        "base": f"/orders/{card.order}",
        "back": "/mine" if viewer.steward else f"/board/{card.estate}",
    }


def _quotes(card: OrderCard, voice: Voice) -> list[tuple[str, str, str, str]]:
    """What was quoted for work in the home: its standing, the word for it, its parts and their sum."""
    state = card.state
    found: list[tuple[str, str, str, str]] = []
    if state.quote is not None:
        standing = "charged" if state.charged else "agreed"
        found.append(
            (standing, voice.say(f"quote-{standing}"), costs_text(voice, state.quote), shown(state.quote.total))
        )
    if state.offered is not None:
        found.append(("open", voice.say("quote-open"), costs_text(voice, state.offered), shown(state.offered.total)))
    return found


def issue_facts(
    conn: Connection, viewer: Viewer, estate: EstateRow, line: IssueLine, voice: Voice, asked: str = ""
) -> dict[str, Any]:
    """The context of a notebook line's page."""
    assert viewer.person is not None and viewer.capacity is not None
    merged = notebook.merged_into(conn, line.issue)
    story = history.of_case(conn, line.issue)
    names = _names(conn, story, [viewer.person], [])
    offers = issue_offers(line.state, viewer.person, viewer.capacity, voice.now)
    offers = {name: offer for name, offer in offers.items() if name not in ("view-contact", "answer")}
    category, priority = guess.of_line(line)
    private = category is not None and USUAL[category].private
    waiting = line.state.status in (Status.NOTED, Status.TRIAGED)
    main = "promote" if waiting and "promote" in offers else None
    promote = offers.get("promote")
    return _shared(viewer, voice, line, merged, story, names, asked, _stories(conn, merged)) | {
        "offers": offers,
        "merged": merged,
        "main": main,
        "second": "advise" if waiting else None,
        "why": _why_of(promote, viewer, voice, "promote") if main and promote else voice.say("why-ended"),
        "triaged": line.state.triage,
        "lift": category in (Category.LIFT_FAULT, Category.LIFT_TRAPPED),
        "order": line.state.order,
        "preset": {
            "category": category.value if category else None,
            "priority": priority.value if priority else None,
            "part": (Part.PRIVATE if private else Part.COMMON).value,
            "responsibility": "PRIVATE_PART" if private else "ESTATE_COMMON",
        },
        "similar": _similar(conn, line),
        "suggestions": [],
        "usual_role": None,
        "present_steward": None,
        "version": line.version,
        "base": f"/issues/{line.issue}",
        "back": f"/notebook/{line.estate}" if viewer.steward else f"/board/{line.estate}",
    }


def _shared(
    viewer: Viewer,
    voice: Voice,
    line: IssueLine | None,
    merged: Sequence[IssueLine],
    story: CaseHistory | None,
    names: Mapping[UUID, str | None],
    asked: str,
    of_line: Mapping[UUID, CaseHistory | None],
) -> dict[str, Any]:
    told = _told(story, names, voice)
    may_attach = viewer.capacity is not None and may(viewer.capacity, issues.AttachPhoto)
    return {
        "line": line,
        "channel_sign": CHANNEL_SIGNS[line.channel] if line else "",
        "names": names,
        "days": _by_day(told, voice),
        "entries_total": len(told),
        "reporters": [
            _reporter(each, line, viewer, story if each is line else of_line.get(each.issue), voice)
            for each in ([line] if line else []) + list(merged)
        ],
        "can_photo": line is not None and may_attach and not line.state.forgotten,
        "sign_of": sign_of,
        "final": FINAL,
        "asked": asked,
        "typed_of": no_draft,
        "errors_of": no_draft,
        "lift": False,
    }


def _stories(conn: Connection, merged: Sequence[IssueLine]) -> dict[UUID, CaseHistory | None]:
    return {each.issue: history.of_case(conn, each.issue) for each in merged}


def _names(
    conn: Connection, story: CaseHistory | None, some: Sequence[UUID | None], known: Sequence[UUID]
) -> dict[UUID, str | None]:
    wanted = {each for each in some if each is not None}
    for entry in story.entries if story else ():
        wanted.add(entry.actor)
        if "steward" in entry.facts:
            wanted.add(UUID(str(entry.facts["steward"])))
    return people.named(conn, wanted - set(known))


def _similar(conn: Connection, line: IssueLine) -> list[IssueLine]:
    """Lines this one may be merged into: those that look alike first, then the newest."""
    apart = (Status.MERGED, Status.DROPPED)
    others = [
        o for o in notebook.recent(conn, line.estate, 60) if o.issue != line.issue and o.state.status not in apart
    ]
    category = guess.of_line(line)[0]

    def unlike(other: IssueLine) -> tuple[bool, bool]:
        return (other.building != line.building, guess.of_line(other)[0] is not category)

    return sorted(others, key=unlike)[:6]


# -- the story in words ------------------------------------------------------------------------------------------


def _told(story: CaseHistory | None, names: Mapping[UUID, str | None], voice: Voice) -> list[Told]:
    """Newest first."""
    return [_tell(entry, names, voice) for entry in reversed(story.entries)] if story else []


def _tell(entry: Entry, names: Mapping[UUID, str | None], voice: Voice) -> Told:
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
    if "costs" in entry.facts:
        costs = RepairCosts(**entry.facts["costs"])
        said.insert(0, f"{costs_text(voice, costs)} = {shown(costs.total)}")
    if "consent" in entry.facts:
        said.append(voice.name(Consent(entry.facts["consent"])))
    return Told(
        entry=entry,
        told=voice.say(key, **_facts(entry, names, voice)),
        who=_who(entry.actor, names, voice) if entry.acting_as is not Capacity.SYSTEM else "",
        sign=_SIGN_OF_EVENT.get(entry.event, "circle-check"),
        tone="good" if entry.event in _GOOD else "hold" if entry.event in _HELD else "",
        late=_late(entry, late, voice) if late > LATE_ENTRY else "",
        said="\n".join(said),
        why=entry.words.get("reason", ""),
        photos=tuple(str(photo) for photo in entry.facts.get("photos", ())) or _one_photo(entry),
    )


def _one_photo(entry: Entry) -> tuple[str, ...]:
    return (str(entry.facts["photo"]),) if "photo" in entry.facts else ()


def _facts(entry: Entry, names: Mapping[UUID, str | None], voice: Voice) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in entry.facts.items():
        if name in _ROLES_OF_FACTS:
            found[name] = voice.name(_ROLES_OF_FACTS[name](value))
        elif name == "steward":
            found[name] = _who(UUID(str(value)), names, voice)
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


def _who(person: UUID, names: Mapping[UUID, str | None], voice: Voice) -> str:
    return names.get(person) or voice.say("person-forgotten")


def _by_day(told: Sequence[Told], voice: Voice) -> list[tuple[str, list[Told]]]:
    days: list[tuple[str, list[Told]]] = []
    for each in told:
        day = voice.day(each.entry.occurred_at)
        if days and days[-1][0] == day:
            days[-1][1].append(each)
        else:
            days.append((day, [each]))
    return days


# -- what comes next ---------------------------------------------------------------------------------------------


def _why(
    main: str | None,
    offers: Mapping[str, Offer],
    card: OrderCard,
    viewer: Viewer,
    names: Mapping[UUID, str | None],
    voice: Voice,
) -> str:
    if main is None:
        return voice.say("next-closed")
    name = _who(card.state.steward, names, voice) if card.state.steward else ""
    own = viewer.person == card.state.steward and main in ("take", "arrive")
    key = f"{main}-own" if own else "start-rework" if main == "start" and card.state.stage is Stage.REWORK else main
    return _why_of(offers[main], viewer, voice, key, name=name)


def _why_of(offer: Offer, viewer: Viewer, voice: Voice, key: str, **facts: str) -> str:
    """Why the act may be done, or who may do it, or which rule forbids it."""
    if offer.powers:
        capacities = voice.say("list-comma").join(voice.name(each) for each in offer.powers)
        return voice.say("why-powers", capacities=capacities, capacity=voice.name(viewer.capacity))
    if offer.refusal is not None:
        return detail(voice.language, problem_of(offer.refusal))
    return voice.say(f"why-{key}", **facts)


def _steps(
    card: OrderCard,
    story: CaseHistory | None,
    viewer: Viewer,
    names: Mapping[UUID, str | None],
    main: str | None,
    offers: Mapping[str, Offer],
    voice: Voice,
) -> list[Step]:
    called = (
        [e.occurred_at for e in story.entries if e.event == "FollowUpRecorded" and e.facts.get("reached")]
        if story
        else []
    )
    stage = card.state.stage
    fresh = stage not in (Stage.FOLLOWED_UP, Stage.CLOSED)
    moments = {
        "accept": card.accepted_at,
        "dispatch": card.dispatched_at if card.state.steward else None,
        "arrive": card.arrived_at,
        "complete": card.completed_at if stage is not Stage.REWORK else None,
        "verify": card.verified_at if stage in (Stage.VERIFIED, Stage.FOLLOWED_UP, Stage.CLOSED) else None,
        "follow-up": None if fresh or not called else called[-1],
        "close": card.ended_at if stage is Stage.CLOSED else None,
    }
    steps: list[Step] = []
    waiting = stage not in (Stage.REJECTED, Stage.REFERRED, Stage.CANCELLED, Stage.CLOSED)
    last_done = max((index for index, at in enumerate(moments.values()) if at is not None), default=-1)
    for index, (name, at) in enumerate(moments.items()):
        label = voice.say(f"step-{name}")
        if at is not None:
            steps.append(Step(label, "ok", voice.when(at)))
        elif index <= last_done:
            steps.append(Step(label, "skip", ""))
        elif waiting:
            waiting = False
            yours = main is not None and offers[main].open
            who = (
                _who(card.state.steward, names, voice)
                if card.state.steward and card.lane in ("sent", "working", "held")
                else ""
            )
            steps.append(
                Step(
                    label,
                    "now",
                    voice.say("step-waiting-you")
                    if yours and not (who and not viewer.steward)
                    else voice.say("step-waiting", name=who)
                    if who
                    else "",
                )
            )
        else:
            steps.append(Step(label, "", ""))
    return steps


def _promises(card: OrderCard, voice: Voice) -> list[Promise]:
    promised, hours = card.deadlines, hours_counted(card.state.priority, card.state.hours)
    rows = (
        ("accept", promised.accept_by, card.accepted_at),
        ("dispatch", promised.dispatch_by, card.dispatched_at if card.state.steward else None),
        ("arrive", promised.arrive_by, card.arrived_at),
        ("fix", promised.fix_by, card.completed_at),
    )
    shown: list[Promise] = []
    for name, by, at in rows:
        if by is None:
            continue
        whole = between(card.opened_at, by, hours)
        rule = voice.say("deadline-within", span=voice.span(whole, hours))
        label = voice.say(f"deadline-{name}")
        if at is not None:
            shown.append(_kept(label, rule, card, by, at, hours, voice))
        else:
            shown.append(_open(label, rule, card, by, hours, voice))
    return shown


def _kept(
    label: str, rule: str, card: OrderCard, by: datetime, at: datetime, hours: ServiceHours, voice: Voice
) -> Promise:
    used = between(card.opened_at, at, hours)
    whole = between(card.opened_at, by, hours) or timedelta(minutes=1)
    percent = min(100, round(100 * used / whole))
    if at <= by:
        word = voice.say("clock-used", span=voice.span(used, hours))
        return Promise(label, rule, "done", word, voice.when(at), percent)
    word = voice.say("deadline-late-by", span=voice.span(between(by, at, hours), hours))
    return Promise(label, rule, "missed", word, voice.when(at), 100)


def _open(label: str, rule: str, card: OrderCard, by: datetime, hours: ServiceHours, voice: Voice) -> Promise:
    if card.lane == "held":
        return Promise(label, rule, "paused", voice.say("clock-paused"), "", 0)
    if card.lane == "ended":
        return Promise(label, rule, "none", voice.say("deadline-open"), "", 0)
    by_text = voice.say("deadline-by", time=voice.when(by))
    if by == card.due:
        kind, used = voice.burn(card)
        return Promise(label, rule, kind, "", by_text, used, chip=True)
    whole = between(card.opened_at, by, hours) or timedelta(minutes=1)
    used = min(100, round(100 * between(card.opened_at, voice.now, hours) / whole))
    if voice.now >= by:
        word = voice.say("deadline-late-by", span=voice.span(between(by, voice.now, hours), hours))
        return Promise(label, rule, "missed", word, by_text, 100)
    word = voice.say("clock-left", span=voice.span(between(voice.now, by, hours), hours))
    return Promise(label, rule, "ok", word, by_text, used)


def _dead(card: OrderCard, voice: Voice) -> Dead:
    assert card.due is not None
    kind, used = voice.burn(card)
    hours = hours_counted(card.state.priority, card.state.hours)
    whole = between(card.opened_at, card.due, hours)
    rule = voice.say("deadline-within", span=voice.span(whole, hours))
    by = voice.say("deadline-by", time=voice.when(card.due))
    return Dead(kind, voice.say(f"dead-{card.lane}"), rule, by, used)


# -- who reported it ---------------------------------------------------------------------------------------------


def _reporter(
    line: IssueLine, first: IssueLine | None, viewer: Viewer, story: CaseHistory | None, voice: Voice
) -> Reporter:
    shown = _looked(line, story, viewer, voice)
    name = line.reporter if shown else (None if viewer.masked else masked_name(line.reporter))
    known = line.dwelling and not viewer.masked
    dwelling = voice.say("reporter-dwelling", dwelling=line.dwelling) if known else ""
    who = " ".join(part for part in (dwelling, name) if part) or voice.say("reporter-anonymous")
    how = voice.say("reporter-first" if line is first else "reporter-too", channel=voice.name(line.channel))
    page = f"/issues/{line.issue}"
    may_view = viewer.capacity is not None and may(viewer.capacity, issues.ViewContact) and not line.state.forgotten
    answerable = line.state.status in (Status.MERGED, Status.PROMOTED) and not line.state.answered
    may_answer = viewer.capacity is not None and may(viewer.capacity, issues.AnswerReporter) and answerable
    return Reporter(
        issue=line.issue,
        page=page,
        version=line.version,
        who=who,
        how=f"{how} {line.number[-4:]}",
        phone=(line.phone or "") if shown else voice.masked(line.phone),
        shown=shown,
        act_url=f"{page}/view-contact" if may_view else "",
        answer_url=f"{page}/answer" if may_answer and not line.state.forgotten else "",
        outcome=line.outcome or "",
    )


def _looked(line: IssueLine, story: CaseHistory | None, viewer: Viewer, voice: Voice) -> bool:
    """Whether the viewer has asked for this contact just now; the asking is on record."""
    return any(
        entry.event == "ContactDataViewed"
        and entry.actor == viewer.person
        and entry.stream == line.issue
        and voice.now - entry.recorded_at < CONTACT_SHOWN
        for entry in (story.entries if story else ())
    )


def _form_time(moment: datetime | None) -> str:
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M") if moment else ""
