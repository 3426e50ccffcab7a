"""What others may see: every route as every role, with a mark of its own in each personal field of each event."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from domain.capacity import CASES, OUTSIDE, STATION, Capacity
from domain.cases.issue import ISSUE
from domain.cases.work_order import WORK_ORDER
from domain.catalogue import DECIDER_OF, EVENTS
from domain.estates.emergency_contacts import EMERGENCY_CONTACTS
from domain.fees.fee_account import BillIssued, BillVoided
from domain.people.person import PERSON
from domain.recorded import Act
from domain.words import Personal
from projections.catalogue import VIEWS
from projections.rebuild import rebuild_view
from services.database.database import as_owner
from services.demo.cast import FIRST
from services.http.who import FEE_READING
from services.log.event_log import Change
from tests.access.marked import FIELDS, Field, mark, marking, marks_in
from tests.access.reached import Things, filled, things
from tests.access.test_access import PUBLIC, ask, routes
from tests.cases.examples import ISSUE_ID, ORDER_ID, PHOTO
from tests.conftest import Demo
from tests.examples import EVENTS as EXAMPLES
from tests.members import CAPACITIES, member

UNENDING = {"/live"}  # a stream of positions, and of nothing else
SIGNED = {  # checkpoints: sizes, hashes and signatures, of which none is there yet
    f"{place}/{what}"
    for place in ("/trail/{estate}", "/api/v1/estates/{estate}/trail")
    for what in ("evidence/{number}", "witnesses/{witness}/to-sign")
}
MASKED_PHONE = re.compile(r"1\d\d\*{4}\d{4}")
NOBODY: frozenset[Capacity] = frozenset()


def may_know(field: Field) -> frozenset[Capacity]:
    """Who may be told of it without asking for it on record."""
    event, name = field
    kind = DECIDER_OF[EVENTS[event]]
    if kind in (ISSUE, WORK_ORDER):
        return NOBODY if name in ("reporter", "phone") else CASES
    if kind is PERSON:
        return STATION | {Capacity.ADMINISTRATOR} if name == "phone" else frozenset(Capacity) - OUTSIDE
    if kind is EMERGENCY_CONTACTS:
        return CASES
    return FEE_READING


def tell_examples(demo: Demo) -> None:
    """One of every event that has personal fields, each kind of stream by the examples of its capability."""
    act = Act(uuid4(), Capacity.SYSTEM, demo.product.clock(), demo.product.clock())
    of_kind: dict[str, list[Any]] = {}
    for event in EXAMPLES:
        kind = DECIDER_OF[type(event)]
        if type(event) is not kind.erasure and not isinstance(event, BillVoided):
            of_kind.setdefault(kind.name, []).append(event)
    bills = of_kind["FeeAccount"]
    issued = next(each for each in bills if isinstance(each, BillIssued))
    voided = next(each for each in EXAMPLES if isinstance(each, BillVoided))
    bills += [replace(issued, bill=uuid4()), replace(voided, bill=issued.bill)]
    streams = {"Issue": ISSUE_ID, "WorkOrder": ORDER_ID}
    personal = {DECIDER_OF[EVENTS[event]].name for event, _ in FIELDS}
    for name, events in of_kind.items():
        if name not in personal:
            continue
        stream = streams.get(name) or uuid4()
        correlation = ISSUE_ID if name == "WorkOrder" else stream
        demo.product.log.append([Change(stream, name, 0, events, act, FIRST, correlation)])


@dataclass(frozen=True)
class Walk:
    """What a role met at every address that is there to read."""

    reached: set[str] = field(default_factory=set)  # routes that answered
    told: dict[str, set[Field]] = field(default_factory=dict)  # by route
    text: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """The demo with its marks; ``own`` is what stands in addresses."""

    demo: Demo
    own: tuple[Things, ...]
    walks: dict[Capacity, Walk] = field(default_factory=dict)

    def walk(self, capacity: Capacity) -> Walk:
        """Each role goes once; readers outside look at more things than one."""
        if capacity not in self.walks:
            client, walk = member(self.demo, capacity), Walk()
            for method, route in routes(self.demo):
                for thing in self.own if capacity in OUTSIDE else self.own[1:]:
                    if method == "GET" and route.path not in UNENDING:
                        answer = client.get(filled(route.path, thing))
                        assert answer.status_code < 500, route.path
                        walk.reached.update([route.path] if answer.status_code == 200 else [])
                        walk.told.setdefault(route.path, set()).update(marks_in(answer.content))
                        walk.text[route.path] = walk.text.get(route.path, "") + answer.text
            self.walks[capacity] = walk
        return self.walks[capacity]


def outsider(demo: Demo) -> TestClient:
    return member(demo, Capacity.RESIDENTS_COMMITTEE)


@pytest.fixture(scope="module")
def told(demo: Demo) -> Iterator[Told]:
    own = things(demo, "head", FIRST)
    for capacity in CAPACITIES:
        member(demo, capacity)  # takes on whom the cast has not, before names are marks
    themselves = UUID(outsider(demo).get("/api/v1/session").json()["person"])  # whose own name stands on every page
    tell_examples(demo)
    demo.caught_up()
    product = demo.product
    with marking(but=themselves):
        for view in VIEWS:
            rebuild_view(
                product.database.follower.connection, lambda: as_owner(product.database.logins), product.log, view
            )
        demo.caught_up()
        yield Told(demo, (own, replace(own, issue=str(ISSUE_ID), order=str(ORDER_ID))))


@pytest.mark.parametrize("capacity", CAPACITIES, ids=lambda capacity: capacity.name)
def test_inv_64_a_role_is_told_only_what_it_may_know(told: Told, capacity: Capacity) -> None:
    told_of = told.walk(capacity).told
    wrong = {
        path: beyond for path, seen in told_of.items() if (beyond := {f for f in seen if capacity not in may_know(f)})
    }
    assert wrong == {}
    seen = {each for found in told_of.values() for each in found}
    of_cases = {each for each in FIELDS if DECIDER_OF[EVENTS[each[0]]] in (ISSUE, WORK_ORDER)}
    assert {each for each in of_cases if capacity in may_know(each)} <= seen  # the marks do arrive where they may
    assert not (capacity in OUTSIDE and seen)


def test_what_nobody_reached_here_is_closed_to_others(told: Told) -> None:
    """A route that the things of this test do not lead to answers readers outside with nothing but a refusal."""
    public = {path for method, path in PUBLIC if method == "GET"}
    everything = {route.path for method, route in routes(told.demo) if method == "GET"}
    reached = told.walk(Capacity.STATION_HEAD).reached | told.walk(Capacity.RESIDENTS_COMMITTEE).reached
    left, client = everything - reached - public - UNENDING - SIGNED, outsider(told.demo)
    assert {path: status for path in left if (status := client.get(filled(path, told.own[0])).status_code) != 403} == {}


def test_nothing_personal_comes_to_others_by_looking_back_or_by_filters(told: Told) -> None:
    client, estate = outsider(told.demo), told.own[0].estate
    then = str(told.demo.product.log.last_position() - 1)
    asked = 0
    for method, route in routes(told.demo):
        named = {parameter.alias for parameter in route.dependant.query_params}
        for query in (
            *([{"asOf": then}] if "asOf" in named else []),
            *([{"wall": "1"}] if "wall" in named else []),
            *({"show": each} for each in ("soon", "urgent", "waiting", "MERGED", "DROPPED") if "show" in named),
            *({"lane": each} for each in ("all", "ended", "held") if "lane" in named),
            *([{"act": "view-contact"}] if "act" in named else []),
        ):
            if method != "GET":
                continue
            for thing in told.own:
                answer = client.get(filled(route.path, thing), params=query)
                assert answer.status_code < 500, (route.path, query)
                assert not marks_in(answer.content), (route.path, query)
                assert not MASKED_PHONE.search(answer.text), (route.path, query)
                asked += 1
    assert asked > 40
    assert '"101"' not in client.get(f"/api/v1/estates/{estate}").text  # nor which dwellings there are


def test_others_find_nothing_by_what_they_may_not_know(told: Told) -> None:
    """Not a hit, not a count: what is found by a mark is what is found by a word that stands nowhere."""
    client = outsider(told.demo)

    def found(word: str) -> str:
        page = client.get("/search", params={"q": word}).text.split("<main", 1)[1]
        return page.replace(word, "")

    for each in FIELDS:
        assert found(mark(each)) == found("Q" * 12), each
    text = mark(("IssueNoted", "text"))
    inside = member(told.demo, Capacity.STATION_HEAD).get("/search", params={"q": text}, headers={"hx-request": "true"})
    assert f"<mark>{text}</mark>" in inside.text


def test_others_do_nothing_and_are_told_nothing_by_trying(told: Told) -> None:
    client, schema = outsider(told.demo), told.demo.client().get("/api/v1/openapi.json").json()
    own = {"/account/capacity", "/account/password", "/account/language", "/sign-out"}  # of one's own account
    own |= {"/bell/read", "/bell/mail", "/api/v1/bell/read", "/api/v1/bell/mail"}  # and of what one was told
    tried = 0
    for method, route in routes(told.demo):
        if method == "GET" or (method, route.path) in PUBLIC or "session" in route.path or route.path in own:
            continue
        answer = ask(client, method, route, told.own[1], schema)
        assert answer.status_code in (403, 404, 409, 422), (method, route.path, answer.text)
        assert not marks_in(answer.content), (method, route.path)
        tried += 1
    assert tried > 150


def test_a_photo_of_a_home_is_for_those_who_work_on_cases(told: Told) -> None:
    photo = told.own[0].photo
    for capacity in CAPACITIES:
        answer = member(told.demo, capacity).get(f"/api/v1/photos/{photo}")
        assert answer.status_code == (200 if capacity in CASES else 403), capacity
    assert str(PHOTO) in member(told.demo, Capacity.DISPATCHER).get(f"/issues/{ISSUE_ID}").text
    assert not {path for path, text in told.walk(Capacity.RESIDENTS_COMMITTEE).text.items() if str(PHOTO) in text}


def test_a_view_says_of_each_personal_field_that_it_is_withheld() -> None:
    for view in VIEWS:
        personal = {item.name for item in fields(view.row) if item.type is Personal}
        assert view.withheld is None or personal <= set(view.withheld), view.name
