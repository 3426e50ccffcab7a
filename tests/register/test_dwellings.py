"""The register over HTTP: found by any fragment, handed over, masked, looked at on record, forgotten."""

import re
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from domain.calendar import local_date
from domain.fees.fee_account import (
    FEE_ACCOUNT,
    Basis,
    BillIssued,
    ReversalReason,
    ReversePayment,
    VoidBill,
    VoidReason,
    fee_account_stream,
)
from domain.money.items import FeeItem
from projections.register import dwellings
from services.log.event_log import Change
from services.register.search import meant
from tests.conftest import FIRST, SECOND, Demo
from tests.fees.fee_ground import bill, carried_out, payment

ROOM = {"estate": FIRST, "building": "3", "stairwell": "2", "room": "501", "chargeable_area": 8935,
        "exclusive_area": 7120}  # fmt: skip
NAME, PHONE = "欧阳逐月", "13777770001"


def registered(client: TestClient, **place: Any) -> str:
    answer = client.post("/api/v1/dwellings", json=ROOM | place)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def handed(client: TestClient, dwelling: str, name: str, since: str = "2024-03-15", **more: Any) -> Any:
    answer = client.post(f"/api/v1/dwellings/{dwelling}/hand-over", json={"since": since, "name": name} | more)
    assert answer.status_code == 200, answer.text
    return client.get(f"/api/v1/dwellings/{dwelling}").json()


@pytest.fixture(scope="module")
def accountant(demo: Demo) -> TestClient:
    return demo.sign_in_patient("accountant")


@pytest.fixture(scope="module")
def home(accountant: TestClient) -> str:
    dwelling = registered(accountant)
    handed(accountant, dwelling, NAME, phone=PHONE)
    return dwelling


def test_a_dwelling_is_registered_once_however_its_stairwell_is_left_out(
    demo: Demo, accountant: TestClient, home: str
) -> None:
    shown = accountant.get(f"/api/v1/dwellings/{home}").json()
    assert (shown["label"], shown["chargeable_area"], shown["exclusive_area"]) == ("3-2-501", 8935, 7120)
    again = accountant.post("/api/v1/dwellings", json=ROOM)
    assert (again.status_code, again.json()["code"]) == (409, "dwelling_registered")
    several = accountant.post("/api/v1/dwellings", json=ROOM | {"stairwell": None})
    assert (several.status_code, several.json()["code"]) == (422, "stairwell_missing")
    foreign = accountant.post("/api/v1/dwellings", json=ROOM | {"estate": SECOND})
    assert foreign.status_code == 404


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"room": "9999"}, "unknown_dwelling"), ({"building": "99"}, "unknown_building"), ({"room": " "}, "blank_text"),
        ({"exclusive_area": 8936}, "area_exclusive"), ({"chargeable_area": 0}, "area"),
        ({"chargeable_area": 89.35}, "invalid"), ({"chargeable_area": "8935"}, "invalid"),
        ({"chargeable_area": True}, "invalid"), ({"use": "CASTLE"}, "invalid"), ({"chargeable_area": 10**15}, "area"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told(accountant: TestClient, wrong: dict[str, Any], code: str) -> None:
    answer = accountant.post("/api/v1/dwellings", json=ROOM | {"room": "502"} | wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    if "9999" in str(wrong):
        assert "9999" not in answer.text


@pytest.mark.parametrize(
    "said",
    ["3-2-501", "3栋2单元501", "3 栋 2 单元 501 室", "3#2-501", "３－２－５０１", "3幢2单元501号", "3号楼2单元501",
     "3 2 501", "3/2/501", "3栋501", "32501", "03-02-0501", "2-501", NAME, "逐月", "oyzy", "OYZY", "ouyangzhu",
     "7777000", PHONE, "欧阳 逐月"],
)  # fmt: skip
def test_it_is_found_by_any_fragment(accountant: TestClient, home: str, said: str) -> None:
    answer = accountant.get("/api/v1/dwellings", params={"estate": FIRST, "q": said})
    assert answer.status_code == 200, answer.text
    assert home in [each["dwelling"] for each in answer.json()], (said, meant(said))


@pytest.mark.parametrize("said", ["3-2-5019", "没有这个人", "|", "-", "%", "_", "\\", "3栋9单元", "'; --"])
def test_what_does_not_match_finds_nothing(accountant: TestClient, home: str, said: str) -> None:
    answer = accountant.get("/api/v1/dwellings", params={"estate": FIRST, "q": said})
    assert (answer.status_code, answer.json()) == (200, [])


def test_what_is_called_exactly_so_comes_first(accountant: TestClient, home: str) -> None:
    other = registered(accountant, building="1", stairwell="2", room="301")
    exact = registered(accountant, building="1", stairwell="2", room="101")
    found = [each["dwelling"] for each in accountant.get(f"/api/v1/dwellings?estate={FIRST}&q=101").json()]
    assert found[0] == exact and other not in found
    listed = [each["label"] for each in accountant.get(f"/api/v1/dwellings?estate={FIRST}").json()]
    assert listed == ["1-2-101", "1-2-301", "3-2-501"]
    of_building = accountant.get(f"/api/v1/dwellings?estate={FIRST}&building=3").json()
    assert [each["dwelling"] for each in of_building] == [home]
    for nonsense in ("%00", "3%00"):
        unheard = accountant.get(f"/api/v1/dwellings?estate={FIRST}&building={nonsense}")
        assert (unheard.status_code, unheard.json()["code"]) == (422, "unreadable_text")


def test_a_search_stays_within_the_estates_of_whoever_asks(demo: Demo, home: str) -> None:
    """Also where somebody names another estate to the database himself."""
    theirs = demo.sign_in("head2").get("/api/v1/dwellings", params={"q": NAME})
    assert (theirs.status_code, theirs.json()) == (200, [])
    assert demo.sign_in("head2").get(f"/api/v1/dwellings?estate={FIRST}").status_code == 404
    with demo.product.database.lend([SECOND]) as conn:
        assert dwellings.search(conn, [FIRST, SECOND], "501", 10) == []
        assert conn.execute("SELECT * FROM dwellings_holding(%s, '501', 10)", ([FIRST],)).fetchall() == []
    with demo.product.database.app.connection() as bare:
        assert bare.execute("SELECT * FROM dwellings_holding(%s, '501', 10)", ([FIRST],)).fetchall() == []


def test_the_box_on_every_page_finds_dwellings_for_those_who_see_accounts(demo: Demo, home: str) -> None:
    link = f'href="/fees/{FIRST}/{home}"'
    for username, sees in (("cashier", True), ("clerk", True), ("committee", False), ("repairer", False)):
        client = demo.sign_in(username)
        page = client.get("/search", params={"q": NAME})
        part = client.get("/search", params={"q": "3-2-501"}, headers={"HX-Request": "true"})
        assert (page.status_code, part.status_code) == (200, 200)
        assert (link in page.text) is (link in part.text) is sees
    elsewhere = demo.sign_in("head2").get("/search", params={"q": "3-2-501"})
    assert elsewhere.status_code == 200 and NAME not in elsewhere.text


@pytest.mark.parametrize("username", ["cashier", "accountant", "clerk", "committee", "repairer", "admin"])
def test_every_page_that_the_palette_offers_opens(demo: Demo, username: str) -> None:
    client = demo.sign_in(username)
    palette = client.get("/account").text.split('id="palette-go"')[1].split("</nav>")[0]
    offered = re.findall(r'href="([^"]+)"', palette)
    assert offered
    for path in offered:
        assert client.get(path).status_code == 200, path


def test_phones_are_masked_and_who_looks_is_on_record(demo: Demo, accountant: TestClient, home: str) -> None:
    [line] = accountant.get("/api/v1/dwellings", params={"estate": FIRST, "q": NAME}).json()
    assert (line["owner_name"], line["phone"]) == (NAME, "137****0001")
    assert PHONE not in accountant.get(f"/api/v1/dwellings/{home}").text
    owner = accountant.get(f"/api/v1/owners/{line['owner']}").json()
    assert (owner["phone"], owner["dwellings"]) == ("137****0001", [home])
    without = accountant.post(f"/api/v1/owners/{line['owner']}/view-owner-contact", json={})
    assert without.status_code == 422
    looked = demo.sign_in("clerk").post(f"/api/v1/owners/{line['owner']}/view-owner-contact", json={"reason": "漏水"})
    assert looked.json() == {"name": NAME, "phone": PHONE}
    last = demo.product.log.history(line["owner"])[-1]
    assert (type(last.event).__name__, last.event.reason) == ("OwnerContactViewed", "漏水")


def test_the_committee_sees_counts_and_areas_and_nothing_of_anybody(demo: Demo, home: str) -> None:
    committee = demo.sign_in("committee")
    answer = committee.get(f"/api/v1/estates/{FIRST}/register")
    assert answer.status_code == 200
    third = next(each for each in answer.json() if each["building"] == "3")
    assert third == {
        "building": "3", "use": "RESIDENCE", "dwellings": 1, "chargeable_area": 8935, "exclusive_area": 7120
    }  # fmt: skip
    assert not [word for word in ("501", NAME, home) if word in answer.text]
    for path in (f"dwellings?estate={FIRST}", f"dwellings?q={NAME}", f"dwellings/{home}"):
        assert committee.get(f"/api/v1/{path}").status_code == 403


def test_it_goes_over_to_a_new_owner_and_back(accountant: TestClient) -> None:
    dwelling = registered(accountant, building="2", stairwell="1", room="101")
    first = handed(accountant, dwelling, "开发公司", "2020-01-01", kind="DEVELOPER")
    second = handed(accountant, dwelling, "林小梅", "2026-11-16")
    assert [(each["name"], each["since"], each["until"], each["kind"]) for each in second["ownerships"]] == [
        ("开发公司", "2020-01-01", "2026-11-16", "DEVELOPER"), ("林小梅", "2026-11-16", None, "PERSON")
    ]  # fmt: skip
    early = accountant.post(f"/api/v1/dwellings/{dwelling}/hand-over", json={"since": "2026-11-16", "name": "谁"})
    assert (early.status_code, early.json()["code"]) == (409, "ownership_not_later")
    assert "2026-11-16" in early.json()["detail"]
    wrong = {"owner": first["owner"], "since": "2020-01-01"}
    path = f"/api/v1/dwellings/{dwelling}/withdraw-ownership"
    assert accountant.post(path, json=wrong).json()["code"] == "ownership_unknown"
    assert accountant.post(path, json={"owner": second["owner"], "since": "2026-11-16"}).status_code == 200
    back = accountant.get(f"/api/v1/dwellings/{dwelling}").json()
    assert (back["owner"], back["ownerships"][0]["until"]) == (first["owner"], None)
    stale = accountant.post(
        f"/api/v1/dwellings/{dwelling}/hand-over",
        json={"since": "2026-11-17", "name": "谁"},
        headers={"If-Match": '"1"'},
    )
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")


def test_what_it_takes_besides_and_when_it_stands_empty(accountant: TestClient) -> None:
    dwelling = registered(accountant, building="2", stairwell="1", room="201")
    place = f"/api/v1/dwellings/{dwelling}"
    for act, body in (
        ("take-service", {"item": "PARKING", "quantity": 1, "since": "2026-01-01"}),
        ("end-service", {"item": "PARKING", "until": "2026-07-01"}),
        ("note-vacancy", {"since": "2026-01-01"}),
        ("end-vacancy", {"until": "2026-04-01"}),
        ("correct-dwelling-areas", {"chargeable_area": 9012, "exclusive_area": 7120, "because": "产权证"}),
    ):
        answer = accountant.post(f"{place}/{act}", json=body)
        assert answer.status_code == 200, answer.text
    shown = accountant.get(place).json()
    assert shown["services"] == [{"item": "PARKING", "quantity": 1, "since": "2026-01-01", "until": "2026-07-01"}]
    assert shown["vacancies"] == [{"since": "2026-01-01", "until": "2026-04-01"}]
    assert (shown["chargeable_area"], shown["version"]) == (9012, 6)
    assert accountant.post(f"{place}/withdraw-dwelling", json={}).status_code == 200
    assert accountant.get(place).json()["withdrawn"] is True
    assert accountant.get("/api/v1/dwellings", params={"estate": FIRST, "q": "2-1-201"}).json() == []
    assert registered(accountant, building="2", stairwell="1", room="201") == dwelling


def test_a_fee_account_is_opened_with_the_dwelling_and_what_was_billed_stays(
    demo: Demo, accountant: TestClient
) -> None:
    dwelling = registered(accountant, building="2", stairwell="1", room="401")
    owner = handed(accountant, dwelling, "林小梅", "2024-01-01")["owner"]
    stream, log = fee_account_stream(UUID(dwelling)), demo.product.log
    loaded = log.load(FEE_ACCOUNT, stream)
    assert (loaded.version, loaded.state.dwelling, loaded.state.estate) == (1, UUID(dwelling), FIRST)
    day = date(2026, 12, 1)
    act = log.history(stream)[0].act
    bill = BillIssued(
        dwelling=UUID(dwelling), building="2", bill=uuid4(), number="B-1", item=FeeItem.PROPERTY_FEE, since=day,
        until=date(2027, 1, 1), payer=UUID(owner), amount=5361, due=day, basis=Basis(), contract=None, clause=None,
    )  # fmt: skip
    log.append([Change(stream, FEE_ACCOUNT.name, 1, [bill], act, FIRST, stream)])
    place = f"/api/v1/dwellings/{dwelling}"
    assert accountant.post(f"{place}/withdraw-dwelling", json={}).json()["code"] == "dwelling_billed"
    withdrawal = {"owner": owner, "since": "2024-01-01"}
    assert accountant.post(f"{place}/withdraw-ownership", json=withdrawal).json()["code"] == "ownership_billed"


def test_an_owner_of_another_estate_owns_nothing_here(demo: Demo, accountant: TestClient, home: str) -> None:
    head = demo.sign_in("head2")
    theirs = head.post("/api/v1/owners", json={"estate": SECOND, "kind": "PERSON", "name": "外人"}).json()["id"]
    path = f"/api/v1/dwellings/{home}/begin-ownership"
    answer = accountant.post(path, json={"owner": theirs, "since": "2026-11-01"})
    assert (answer.status_code, answer.json()["code"]) == (422, "owner_unknown")


def test_whoever_owns_nothing_any_more_can_be_forgotten(demo: Demo, accountant: TestClient) -> None:
    head = demo.sign_in_patient("head")
    dwelling = registered(accountant, building="2", stairwell="1", room="301")
    owner = handed(accountant, dwelling, "汪遗忘", "2020-01-01", phone="13655554444")["owner"]
    path, ground = f"/api/v1/owners/{owner}/forget-owner", {"ground": "RETENTION_ENDED"}
    assert accountant.post(path, json=ground).status_code == 403
    assert head.post(path, json=ground).json()["code"] == "owner_still_owns"
    handed(accountant, dwelling, "新业主", "2026-01-01")
    assert head.post(path, json=ground).status_code == 200
    gone = head.get(f"/api/v1/owners/{owner}").json()
    assert (gone["name"], gone["phone"], gone["forgotten"]) == (None, None, True)
    assert head.get("/api/v1/dwellings", params={"q": "汪遗忘"}).json() == []
    assert demo.product.log.history(owner)[0].event.name is None
    with demo.product.database.follower.connection() as conn:
        text = str(conn.execute("SELECT body::text FROM view.owners WHERE key = %s", (owner,)).fetchall())
    assert "汪遗忘" not in text and "13655554444" not in text


def test_a_former_owner_is_forgotten_in_the_console_once_nothing_is_owed(demo: Demo, accountant: TestClient) -> None:
    head, product = demo.sign_in_patient("head"), demo.product
    dwelling = registered(accountant, building="2", stairwell="1", room="302")
    former = handed(accountant, dwelling, "汪前主", "2020-01-01", phone="13655554445")["owner"]
    path, form = f"/register/{FIRST}/dwellings/{dwelling}", {"owner": former, "ground": "RESIDENT_ASKED"}
    assert "forget-owner" not in head.get(path).text
    assert asked_at(head, path, form | {"owner": str(uuid4())}) == ("owner_unknown", "owner")
    assert asked_at(head, path, form) == ("owner_unknown", "owner")  # the home is still his
    now = handed(accountant, dwelling, "汪新主", "2026-01-01")["owner"]
    assert f'value="{former}"' in head.get(path).text and f'value="{now}"' not in head.get(path).text
    assert "forget-owner" not in accountant.get(path).text and asked_at(accountant, path, form)[0] == "capacity"
    assert asked_at(head, path, form | {"ground": "WHY_NOT"}) == ("body", "ground")
    due, paid = bill(UUID(former), 5361), payment(UUID(former), 6000, local_date(product.clock()))
    carried_out(product, UUID(dwelling), due)
    assert asked_at(head, path, form) == ("owner_owes", "owner")
    carried_out(product, UUID(dwelling), paid)
    assert asked_at(head, path, form) == ("owner_has_credit", "owner")
    refused = head.post(f"{path}/forget-owner", data=form | {"csrf": csrf_of(head, path)})
    assert refused.status_code == 409 and "¥6.39" in refused.text  # without script: the page again, opened
    carried_out(product, UUID(dwelling), ReversePayment(paid.payment, ReversalReason.OTHER))
    carried_out(product, UUID(dwelling), VoidBill(due.bill, VoidReason.OTHER))
    done = head.post(f"{path}/forget-owner", data=form | {"csrf": csrf_of(head, path)}, follow_redirects=False)
    assert done.status_code == 303
    page = head.get(done.headers["Location"]).text
    assert "业主信息已抹去" in page and "2020-01-01 – 2026-01-01" in page and "汪新主" in page
    assert "汪前主" not in page and "forget-owner" not in page
    back = {"owner": now, "since": "2026-01-01"}
    withdrawn = accountant.post(f"/api/v1/dwellings/{dwelling}/withdraw-ownership", json=back)
    assert (withdrawn.status_code, withdrawn.json()["code"]) == (409, "owner_before_forgotten")


def csrf_of(client: TestClient, path: str) -> str:
    return re.findall(r'name="csrf-token" content="([^"]+)"', client.get(path).text)[0]


def asked_at(client: TestClient, path: str, form: dict[str, str]) -> tuple[str, str]:
    """Why our script is told that nobody is forgotten, and at which field."""
    said = form | {"csrf": csrf_of(client, path)}
    answer = client.post(f"{path}/forget-owner", data=said, headers={"Accept": "application/json"}).json()
    return answer["code"], answer["field"]


def test_nothing_personal_stands_in_the_log_in_the_clear(demo: Demo, home: str) -> None:
    with demo.product.database.follower.connection() as conn:
        rows = conn.execute(
            "SELECT convert_from(state, 'UTF8') FROM log.stored_events WHERE originator_id = %s", (home,)
        )
        text = str(rows.fetchall())
    assert "DwellingRegistered" not in text and "chargeable_area" in text
    assert not [word for word in ('"501"', NAME, PHONE) if word in text]


def test_a_new_building_is_put_on_the_map_and_then_its_dwellings_are_registered(
    demo: Demo, accountant: TestClient
) -> None:
    where = f"/api/v1/estates/{FIRST}/buildings"
    garage = {"building": "C", "stairwells": [{"rooms": ["P001", "P002"]}]}
    place = {"building": "C", "stairwell": None, "room": "P001", "use": "PARKING", "chargeable_area": 0,
             "exclusive_area": 0}  # fmt: skip
    assert accountant.post("/api/v1/dwellings", json=ROOM | place).json()["code"] == "unknown_building"
    assert demo.sign_in("clerk").post(where, json=garage).status_code == 403
    assert accountant.post(where.replace(FIRST, SECOND), json=garage).status_code == 404
    assert accountant.post(where, json=garage).status_code == 201
    again = accountant.post(where, json=garage)
    assert (again.status_code, again.json()["code"]) == (409, "already_registered")
    wrong = accountant.post(where, json={"building": "D", "stairwells": [{"code": "1", "rooms": []}]})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "building_rooms")
    dwelling = registered(accountant, **place)
    assert accountant.get(f"/api/v1/dwellings/{dwelling}").json()["label"] == "C-P001"


def test_the_console_registers_a_building_and_a_dwelling_with_its_owner(demo: Demo) -> None:
    client = demo.client()
    client.post("/sign-in", data={"username": "accountant", "password": demo.passwords["accountant"]})

    def sent(act: str, **form: str) -> Any:
        csrf = re.search(r'name="csrf-token" content="([^"]+)"', client.get(f"/register/{FIRST}").text)
        assert csrf is not None
        answer = client.post(f"/register/{FIRST}/{act}", data={"csrf": csrf[1], **form}, follow_redirects=False)
        demo.caught_up()
        return answer

    wrong = sent("buildings", building="20", stairwells="two", rooms="")
    assert wrong.status_code == 422 and "写一个不超过 100 的整数" in wrong.text and 'value="two"' in wrong.text
    built = sent("buildings", building="20", stairwells="1", rooms="101，102、\u4e9a1")
    assert built.status_code == 303
    assert "20 栋 3 个" in client.get(f"/register/{FIRST}").text
    home = {"building": "20", "stairwell": "", "room": "102", "use": "RESIDENCE", "chargeable_area": "88.8",
            "exclusive_area": "", "name": "毛毛雨", "phone": "13577770020", "kind": "PERSON",
            "since": "2026-01-01"}  # fmt: skip
    off = sent("dwellings", **(home | {"room": "999"}))
    assert off.status_code == 422 and "毛毛雨" in off.text
    made = sent("dwellings", **home)
    assert made.status_code == 303
    page = client.get(made.headers["Location"]).text
    assert "20-1-102" in page and "毛毛雨" in page and "135****0020" in page and "88.80" in page
    assert "20 栋 2 个" in client.get(f"/register/{FIRST}").text
    assert sent("dwellings", **home).status_code == 409
    at = made.headers["Location"].split("?")[0].removeprefix(f"/register/{FIRST}/")
    assert sent(f"{at}/correct-owner", name="毛细雨", phone="").status_code == 303
    page = client.get(made.headers["Location"]).text
    assert "毛细雨" in page and "135****0020" in page  # an empty phone is left as it is


def test_whoever_comes_to_own_something_is_not_forgotten_before_the_register_shows_it(
    demo: Demo, accountant: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = demo.sign_in_patient("head")
    home = registered(accountant, building="2", stairwell="1", room="502")
    owner = head.post("/api/v1/owners", json={"estate": FIRST, "kind": "PERSON", "name": "汪又来"}).json()["id"]
    demo.caught_up()
    behind = demo.product.log.last_position()
    monkeypatch.setattr(dwellings, "shown_up_to", lambda conn: behind)
    monkeypatch.setattr(dwellings, "ever_of_owner", lambda conn, owner: [])  # a view that stands still
    begun = accountant.post(f"/api/v1/dwellings/{home}/begin-ownership", json={"owner": owner, "since": "2026-11-01"})
    assert begun.status_code == 200, begun.text
    answer = head.post(f"/api/v1/owners/{owner}/forget-owner", json={"ground": "RETENTION_ENDED"})
    assert (answer.status_code, answer.json()["code"]) == (409, "owner_still_owns")
