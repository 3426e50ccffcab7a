"""The audit desk: what the committee reads of the record, what is proven of each line, and nothing of residents."""

import json
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from starlette.testclient import TestClient

from domain.access.reading import DataTaken, Taken
from domain.capacity import HEADS, OUTSIDE, Capacity
from domain.cases.issue import ISSUE
from domain.cases.work_order import WORK_ORDER
from domain.catalogue import EVENTS
from projections.trail.lines import KINDS
from services.tlog import archive
from services.tlog.policy import Policy
from services.trail.desk_corrections import CORRECTS
from services.trail.desk_lines import LISTS
from services.trail.desk_posts import Apart, apart
from services.words.sentences import LANGUAGES, has, say
from tests.conftest import FIRST, SECOND, Demo
from tests.members import CAPACITIES, member
from tests.trail.desk import archived, grown

API = f"/api/v1/estates/{FIRST}/trail"
PAGES = ("", "/report", "/lines", "/posts", "/cases", "/export")


@pytest.fixture(scope="module")
def committee(demo: Demo) -> TestClient:
    return member(demo, Capacity.RESIDENTS_COMMITTEE)


@pytest.fixture(scope="module")
def case(demo: Demo) -> str:
    """A line noted, sorted out of place, and its place corrected; the demo's clock is in November 2026."""
    head = demo.sign_in_patient("head")
    body = {"estate": FIRST, "text": "楼道灯不亮 13800001111", "building": "1", "stairwell": "1"}
    issue: str = head.post("/api/v1/issues", json=body).json()["issue"]
    done = head.post(f"/api/v1/issues/{issue}/correct-place", json={"building": "2", "stairwell": "1"})
    assert done.status_code == 200, done.text
    assert head.post(f"/api/v1/issues/{issue}/view-contact", json={"reason": "回电"}).status_code == 200
    grown(demo)
    return issue


def read(client: TestClient, path: str, **query: Any) -> Any:
    answer = client.get(f"{API}{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_event_that_the_desk_tells_has_a_name(language: str) -> None:
    told = {kind.__name__ for kind in (*KINDS, *ISSUE.events, *WORK_ORDER.events)}
    told |= {each for some in CORRECTS.values() for each in some}
    assert not [name for name in told if not has(language, f"trailevent-{name}")]
    assert CORRECTS.keys() <= EVENTS.keys() and {each for some in CORRECTS.values() for each in some} <= EVENTS.keys()
    corrections = {kind.__name__ for kind, of in KINDS.items() if of.name == "CORRECTED"}
    assert CORRECTS.keys() == corrections


def test_the_desk_is_for_the_committee_and_the_heads_whose_record_it_is(demo: Demo) -> None:
    for capacity in CAPACITIES:
        client = member(demo, capacity)
        status = 200 if capacity in OUTSIDE | HEADS else 403
        assert client.get(f"/trail/{FIRST}").status_code == status, capacity
        assert client.get(f"{API}/report").status_code == status, capacity
    other = demo.sign_in("head2")
    assert other.get(API).status_code == 404 and other.get(f"/trail/{FIRST}").status_code == 404


def test_what_is_recorded_and_that_nobody_witnesses_it_is_said_plainly(
    demo: Demo, committee: TestClient, case: str
) -> None:
    found = read(committee, "")
    assert found["recorded"] >= found["size"] >= found["signed"] > 0
    assert (found["witnessed"], found["policy"]) == (0, False) and found["tail"] == found["recorded"]
    assert "NO_POLICY" in {each["kind"] for each in found["alarms"]}
    page = committee.get(f"/trail/{FIRST}").text
    assert say("zh", "trail-verdict-unwitnessed") in page and say("zh", "tick-WITNESSED") not in page


def test_every_figure_names_its_leaves_and_opens_what_it_was_counted_from(
    demo: Demo, committee: TestClient, case: str
) -> None:
    made = read(committee, "/report")
    by_key = {each["figure"]: each for each in made["figures"]}
    noted = by_key["NOTED"]
    assert noted["value"] == noted["entries"] == noted["same"] > 0 and (noted["other"], noted["waiting"]) == (0, 0)
    assert made["leaves"]["first"] <= noted["first"] <= noted["last"] <= made["leaves"]["last"]
    lines = read(committee, "/lines", list="noted", limit=200)
    assert len(lines) == noted["entries"]
    assert (lines[-1]["index"], lines[0]["index"]) == (noted["first"], noted["last"])
    assert {each["tick"] for each in lines} == {"SIGNED"}
    page = committee.get(f"/trail/{FIRST}/report", params={"figure": "NOTED"}).text
    assert f"/trail/{FIRST}/cases/{case}" in page and say("zh", "trail-agrees-same", n=0) in page
    quarter = read(committee, "/report", period=made["period"][:4] + "-Q4")
    assert {each["figure"]: each["value"] for each in quarter["figures"]}["NOTED"] >= noted["value"]


def test_a_leaf_that_says_something_else_is_told_and_never_ticked(demo: Demo, committee: TestClient, case: str) -> None:
    before = read(committee, "/lines", list="noted")[0]
    with grown.altered(demo, before["index"]):
        assert read(committee, "/lines", list="noted")[0]["tick"] == "WRONG"
        noted = {each["figure"]: each for each in read(committee, "/report")["figures"]}["NOTED"]
        assert noted["other"] == 1
        assert "OTHER_LEAF" in {each["kind"] for each in read(committee, "")["alarms"]}
        assert say("zh", "tick-WRONG") in committee.get(f"/trail/{FIRST}/lines?list=noted").text
    assert read(committee, "/lines", list="noted")[0] == before


def test_the_history_of_a_case_stands_line_by_line_with_what_was_corrected(
    demo: Demo, committee: TestClient, case: str
) -> None:
    lines = read(committee, f"/cases/{case}")
    by_event = {each["event"]: each for each in lines}
    assert [each["event"] for each in lines] == ["ContactDataViewed", "PlaceCorrected", "IssueNoted"]
    assert by_event["PlaceCorrected"]["corrects"] == by_event["IssueNoted"]["index"]
    assert by_event["IssueNoted"]["corrected"] and {each["tick"] for each in lines} == {"SIGNED"}
    page = committee.get(f"/trail/{FIRST}/cases/{case}").text
    assert "<s>" in page and "13800001111" not in page and "楼道灯" not in page and "回电" not in page
    number = by_event["IssueNoted"]["facts"]["number"]
    found = committee.get(f"/trail/{FIRST}/cases", params={"number": number[-4:]}, follow_redirects=False)
    assert (found.status_code, found.headers["location"]) == (303, f"/trail/{FIRST}/cases/{case}")
    assert committee.get(f"/trail/{FIRST}/cases", params={"number": "99999"}).status_code == 404
    assert committee.get(f"/trail/{SECOND}/cases/{case}").status_code == 404


def test_who_looked_at_contact_data_and_what_was_taken_can_be_read(
    demo: Demo, committee: TestClient, case: str
) -> None:
    looked = read(committee, "/lines", list="read")[0]
    assert (looked["event"], looked["acting_as"], looked["case"]) == ("ContactDataViewed", "STATION_HEAD", case)
    position = demo.product.log.last_position()
    for format in ("csv", "xlsx", "json", "pdf", "lines.csv"):
        answer = committee.get(f"{API}/report.{format}")
        assert answer.status_code == 200 and answer.content, format
        assert "13800001111" not in answer.text
    for format in ("csv", "xlsx", "json", "pdf"):
        assert committee.get(f"{API}/cases/{case}/history.{format}").status_code == 200
    demo.caught_up()
    taken = [each.event for each in demo.product.log.read(position, 100)]
    assert taken == [DataTaken(Taken.TRAIL_REPORT, 1)] * 5 + [DataTaken(Taken.TRAIL_HISTORY, 1)] * 4
    assert read(committee, "/lines", list="taken")[0]["acting_as"] == "RESIDENTS_COMMITTEE"


def test_the_archive_is_verified_offline_and_its_figures_are_counted_anew(
    demo: Demo, committee: TestClient, case: str
) -> None:
    answer = committee.get(f"{API}/archive.zip")
    assert answer.status_code == 200 and answer.headers["content-type"] == "application/zip"
    with ZipFile(BytesIO(answer.content)) as packed:
        policy = Policy.parse(packed.read("policy.txt"))
        names = packed.namelist()
        said = json.loads(packed.read(f"reports/{FIRST}/{demo.now:%Y-%m}.json"))
    verified = archive.verify(archived(answer.content), policy)
    assert verified.figures and not verified.believed.quorum.witnessed
    assert said["figures"] and f"reports/{FIRST}/{demo.now:%Y-%m}.pdf" in names
    assert b"13800001111" not in answer.content


def test_posts_that_are_to_be_kept_apart() -> None:
    assert apart(frozenset({Capacity.CASHIER, Capacity.ACCOUNTANT})) == (Apart.CASH_AND_BOOKS,)
    assert apart(frozenset({Capacity.STATION_HEAD, Capacity.DISPATCHER})) == ()
    both = apart(frozenset({Capacity.RESIDENTS_COMMITTEE, Capacity.ADMINISTRATOR, Capacity.AUDITOR}))
    assert both == (Apart.COMMITTEE_AND_FIRM, Apart.WATCHES_ITSELF)


def test_several_posts_are_told_without_names_to_the_committee(demo: Demo, committee: TestClient, case: str) -> None:
    found = read(committee, "/posts")
    assert all(each["name"] is None and each["mark"].startswith("#") and len(each["posts"]) > 1 for each in found)
    assert {each["mark"] for each in found} == {each["mark"] for each in read(demo.sign_in("head"), "/posts")}


@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_in_both_languages(committee: TestClient, case: str, path: str) -> None:
    for language in LANGUAGES:
        page = committee.get(f"/trail/{FIRST}{path}", headers={"Accept-Language": language})
        assert page.status_code == 200 and say(language, "rail-trail") in page.text


@pytest.mark.parametrize("asked", ["2026-13", "2026-Q5", "11", "2999-01", "x' OR 1=1", "2026-1", "1999-12"])
def test_a_period_that_is_none_or_to_come_is_refused(committee: TestClient, asked: str) -> None:
    for path in ("/report", "/lines", "/posts", "/export"):
        assert committee.get(f"/trail/{FIRST}{path}", params={"period": asked}).status_code == 404, path
    assert committee.get(f"{API}/report", params={"period": asked}).status_code in (404, 422)


def test_a_list_that_is_none_is_refused_and_every_list_there_is_answers(committee: TestClient, case: str) -> None:
    assert committee.get(f"/trail/{FIRST}/lines?list=everything").status_code == 404
    assert committee.get(f"{API}/lines?list=everything").status_code == 422
    for each in LISTS:
        assert isinstance(read(committee, "/lines", list=each), list)
        assert committee.get(f"/trail/{FIRST}/lines?list={each}").status_code == 200
