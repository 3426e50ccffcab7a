"""Registers in sheets: a dry run in words, taken over once whatever happens, and taken back as far as that goes."""

from io import BytesIO
from threading import Event
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
import xlsxwriter  # type: ignore[import-untyped]
from httpx import Response
from starlette.testclient import TestClient

from domain.capacity import Capacity
from domain.fees.fee_account import FEE_ACCOUNT, Basis, BillIssued, fee_account_stream
from domain.money.items import FeeItem
from domain.refusal import Refusal
from services.commands.ask import Ask, Caller
from services.log.bulk_append import BulkAppend
from services.log.event_log import Change
from services.register.imports import RegisterImports
from services.register.sheet import area, day
from tests.clock import PATIENCE
from tests.conftest import FIRST, SECOND, Demo

HEADING = ["楼栋", "单元", "房号", "建筑面积", "专有部分面积", "业主", "电话", "业主类别", "交房日期", "用途", "备注"]
PLACE = f"/api/v1/estates/{FIRST}/register-imports"


@pytest.fixture(scope="module")
def accountant(demo: Demo) -> TestClient:
    return demo.sign_in("accountant")


def csv(*lines: str, heading: list[str] | None = None) -> bytes:
    return "\n".join([",".join(heading or HEADING), *lines]).encode()


def sent(client: TestClient, file: bytes, estate: str = FIRST, query: str = "") -> Any:
    return client.post(f"/api/v1/estates/{estate}/register-imports{query}", files={"file": ("台账.xlsx", file)})


def looked_at(client: TestClient, *lines: str, heading: list[str] | None = None) -> Any:
    answer = sent(client, csv(*lines, heading=heading))
    assert answer.status_code == 201, answer.text
    return answer.json()


def wrongs(client: TestClient, *lines: str, heading: list[str] | None = None) -> list[tuple[int, str, str]]:
    found = looked_at(client, *lines, heading=heading)
    return [(each["line"], each["column"], each["code"]) for each in found["wrongs"]]


def done(demo: Demo, client: TestClient, id: str, act: str = "start") -> Any:
    answer = client.post(f"/api/v1/register-imports/{id}/{act}")
    assert answer.status_code == 202, answer.text
    demo.product.part(RegisterImports).until_idle()
    demo.caught_up()
    return client.get(f"/api/v1/register-imports/{id}").json()


def found(client: TestClient, q: str) -> list[Any]:
    answer = client.get("/api/v1/dwellings", params={"estate": FIRST, "q": q})
    assert answer.status_code == 200, answer.text
    return list(answer.json())


# -- the dry run ---------------------------------------------------------------------------------------------------


def test_a_dry_run_shows_what_each_line_becomes_and_registers_nothing(demo: Demo, accountant: TestClient) -> None:
    before = demo.product.log.last_position()
    shown = looked_at(accountant, "1,1,101,89.35,71.2,卢雨荷,13511112222,个人,2024-03-15,住宅,靠山")
    assert (shown["standing"], shown["lines"], shown["wrong"]) == ("CHECKED", 1, 0)
    assert shown["preview"] == [
        {
            "line": 2, "label": "1-1-101", "use": "RESIDENCE", "chargeable_area": 8935, "exclusive_area": 7120,
            "owner_name": "卢雨荷", "phone": "135****2222", "kind": "PERSON", "since": "2024-03-15",
        }
    ]  # fmt: skip
    demo.caught_up()
    assert demo.product.log.last_position() == before
    assert found(accountant, "卢雨荷") == []
    assert accountant.post(f"/api/v1/register-imports/{shown['id']}/discard").status_code == 204
    assert accountant.get(f"/api/v1/register-imports/{shown['id']}").status_code == 404


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        ("1,1,101,89.355,71,卢雨荷", "chargeable_area", "area_decimals"),
        ("1,1,101,约九十,71,卢雨荷", "chargeable_area", "area_unreadable"),
        ("1,1,101,-89,71,卢雨荷", "chargeable_area", "area_unreadable"),
        ("1,1,101,=80+9,71,卢雨荷", "chargeable_area", "area_unreadable"),
        ("1,1,101,0,0,卢雨荷", "chargeable_area", "area"),
        ("1,1,101,,71,卢雨荷", "chargeable_area", "blank_text"),
        ("1,1,101,89.35,89.36,卢雨荷", "exclusive_area", "area_exclusive"),
        ("1,1,101,89.35,71,", "owner", "blank_text"),
        ("1,1,,89.35,71,卢雨荷", "room", "blank_text"),
        ("99,1,101,89.35,71,卢雨荷", "building", "unknown_building"),
        ("1,9,101,89.35,71,卢雨荷", "stairwell", "unknown_stairwell"),
        ("1,1,9999,89.35,71,卢雨荷", "room", "unknown_dwelling"),
        ("1,,101,89.35,71,卢雨荷", "stairwell", "stairwell_missing"),
        ("1,1,101,89.35,71,卢雨荷,电话没记", "phone", "phone_unreadable"),
        ("1,1,101,89.35,71,卢雨荷,,亲戚", "owner_kind", "register_owner_kind"),
        ("1,1,101,89.35,71,卢雨荷,,,上个月", "since", "register_date"),
        ("1,1,101,89.35,71,卢雨荷,,,2024-02-30", "since", "register_date"),
        ("1,1,101,89.35,71,卢雨荷,,,2124-02-03", "since", "register_future"),
        ("1,1,101,89.35,71,卢雨荷,,,1924-02-03", "since", "register_day"),
        ("1,1,101,89.35,71,卢雨荷,,,,宫殿", "use", "register_use"),
        (f"1,1,101,89.35,71,{'长' * 61}", "owner", "text_too_long"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_line_by_line(accountant: TestClient, line: str, column: str, code: str) -> None:
    assert wrongs(accountant, "1,1,102,89.35,71,好的", line) == [(3, column, code)]


def test_words_come_in_the_language_of_the_reader(accountant: TestClient) -> None:
    shown = looked_at(accountant, "1,1,101,89.355,71,卢雨荷")
    assert shown["wrongs"][0]["detail"] == "面积最多两位小数"
    path = f"/api/v1/register-imports/{shown['id']}"
    english = accountant.get(path, headers={"Accept-Language": "en"}).json()["wrongs"][0]["detail"]
    assert english == "An area has at most two decimals"
    refused = accountant.post(f"{path}/start")
    assert (refused.status_code, refused.json()["code"]) == (409, "import_wrong_lines")


def test_duplicates_within_the_file_and_against_the_register(demo: Demo, accountant: TestClient) -> None:
    patient = demo.sign_in_patient("accountant")
    place = {"estate": FIRST, "building": "2", "stairwell": "2", "room": "201", "chargeable_area": 9000}
    assert patient.post("/api/v1/dwellings", json=place).status_code == 201
    assert wrongs(
        accountant, "1,1,101,89.35,71,甲", "1栋,1单元,0101室,89.35,71,乙", "2,2,201,90,70,丙"
    ) == [(3, "room", "register_twice"), (4, "room", "dwelling_registered")]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "hundredths"),
    [("89.35", 8935), ("89", 8900), ("89.3", 8930),
     ("1,089.350", 108935), ("８９．３５㎡", 8935), ("89.35 平方米", 8935)],
)  # fmt: skip
def test_areas_are_read_as_people_write_them(text: str, hundredths: int) -> None:
    assert area(text) == hundredths


@pytest.mark.parametrize(
    "text", ["2024-03-15", "2024/3/15", "2024年3月15日", "2024.3.15", "20240315", "45366", "2024-03-15 00:00:00"]
)
def test_days_are_read_as_people_write_them(text: str) -> None:
    assert day(text).isoformat() == "2024-03-15"


@pytest.mark.parametrize(
    ("text", "code"), [("3.4.2024", "two_readings"), ("24-3-15", "two_readings"), ("15/3", "register_date")]
)
def test_a_day_with_two_readings_is_told_with_both(text: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        day(text)
    assert caught.value.code == code


def test_one_column_may_name_the_whole_place(accountant: TestClient) -> None:
    heading = ["序号", "房屋编号", "面积（㎡）", "户主"]
    shown = looked_at(accountant, "1,1-1-101,89.35,甲", "2,1栋2单元301室,90,乙", "合计,,179.35,", heading=heading)
    assert [each["label"] for each in shown["preview"]] == ["1-1-101", "1-2-301"]
    assert wrongs(accountant, "1,101,89.35,甲", heading=heading) == [(2, "building", "building_missing")]


def test_a_workbook_with_title_merged_cells_totals_and_numbers_as_text(accountant: TestClient) -> None:
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("台账")
        sheet.merge_range(0, 0, 0, 5, "凤阳新城业主台账")
        for at, name in enumerate(("楼栋", "单元", "房号", "建筑面积", "业主姓名", "联系电话", "身份证号")):
            sheet.write(2, at, name)
        sheet.merge_range(3, 0, 5, 0, 1)
        sheet.merge_range(3, 1, 5, 1, "1单元")
        for row, (room, size, owner) in enumerate(((101, 89.35, "甲"), ("102", "120.5", "乙"), (201, None, "丙")), 3):
            sheet.write(row, 2, room)
            sheet.write(row, 4, owner)
            sheet.write(row, 5, 13511112222)
            sheet.write(row, 6, "350902199001011234")
            if size is not None:
                sheet.write(row, 3, size)
        sheet.merge_range(4, 3, 5, 3, 120.5)
        sheet.write_formula(6, 3, "=SUM(D4:D6)", None, 209.85)
        sheet.write(6, 0, "合计")
    shown = sent(accountant, out.getvalue()).json()
    assert [(each["line"], each["label"], each["chargeable_area"]) for each in shown["preview"]] == [
        (4, "1-1-101", 8935)
    ]  # fmt: skip
    assert [(each["line"], each["code"]) for each in shown["wrongs"]] == [
        (5, "register_merged"), (6, "register_merged")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (b"", "import_no_file"),
        (csv("1,1", heading=["楼栋", "单元"]), "register_columns"),
        (csv("1,2,3,4", heading=["房号", "建筑面积", "业主", "面积"]), "import_column_twice"),
        (csv(), "import_empty"),
        (csv("合计,,,89"), "import_empty"),
        (b"\xff\xff\xfe\x81 \x80\xff,1\n", "sheet_encoding"),
        (b"PK\x03\x04broken", "sheet_unreadable"),
        (b"x" * 20_000_001, "sheet_too_large"),
    ],
)  # fmt: skip
def test_files_that_are_no_register_are_refused_as_a_whole(accountant: TestClient, file: bytes, code: str) -> None:
    answer = sent(accountant, file)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


# -- start, go on, take back ---------------------------------------------------------------------------------------


def test_a_register_is_taken_over_once_with_accounts_and_shared_owners(demo: Demo, accountant: TestClient) -> None:
    lines = ["4,1,101,89.35,71.2,游春晓,13522223333,,2024-03-15,,", "4,1,102,120,,游春晓,13522223333,,,,",
             "4,1,201,100,,东湖置业,,建设单位,2020-01-01,商铺,"]  # fmt: skip
    id = looked_at(accountant, *lines)["id"]
    shown = done(demo, accountant, id)
    assert (shown["standing"], shown["lines"], shown["done"]) == ("DONE", 3, 3)
    mine = found(accountant, "ycx")
    assert [each["label"] for each in mine] == ["4-1-101", "4-1-102"]
    assert mine[0]["owner"] == mine[1]["owner"]
    one = accountant.get(f"/api/v1/dwellings/{mine[0]['dwelling']}").json()
    assert (one["ownerships"][0]["since"], one["exclusive_area"]) == ("2024-03-15", 7120)
    assert found(accountant, "4-1-201")[0]["use"] == "SHOP"
    account = demo.product.log.load(FEE_ACCOUNT, fee_account_stream(UUID(mine[0]["dwelling"])))
    assert (account.version, account.state.estate, account.state.building) == (1, FIRST, "4")
    position = demo.product.log.last_position()
    again = sent(accountant, csv(*lines)).json()
    assert (again["id"], again["standing"]) == (id, "DONE")
    assert done(demo, accountant, id)["standing"] == "DONE"
    assert demo.product.log.last_position() == position
    with psycopg.connect(demo.url) as conn:
        rows = conn.execute("SELECT t::text, convert_from(state, 'UTF8') FROM log.stored_events t").fetchall()
        rows += conn.execute("SELECT t::text FROM log.register_imports t").fetchall()
    assert not [word for word in ("游春晓", "13522223333", "东湖置业") if word in str(rows)]


def test_it_goes_on_where_it_was_cut_short(demo: Demo, accountant: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f"5,1,{floor}0{n},89.35,,程断续{floor}{n},,,," for floor in range(1, 4) for n in (1, 2)]
    id = looked_at(accountant, *lines)["id"]
    append = BulkAppend.append

    def cut(self: BulkAppend, run: Any, progress: Any = None) -> int:
        def stop(count: int, total: int) -> None:
            raise RuntimeError("cut short")

        return append(self, type(run)(run.id, run.items, run.plan, chunk=2), stop)

    with monkeypatch.context() as patch:
        patch.setattr(BulkAppend, "append", cut)
        assert done(demo, accountant, id)["standing"] == "STOPPED"
    refused = accountant.post(f"/api/v1/register-imports/{id}/discard")
    assert (refused.status_code, refused.json()["code"]) == (409, "import_begun")
    with monkeypatch.context() as patch:
        patch.setattr(
            BulkAppend, "append",
            lambda self, run, progress: append(self, type(run)(run.id, run.items, run.plan, chunk=2), progress),
        )  # fmt: skip
        demo.product.part(RegisterImports).go_on()
        demo.product.part(RegisterImports).until_idle()
    demo.caught_up()
    assert accountant.get(f"/api/v1/register-imports/{id}").json()["standing"] == "DONE"
    assert len(found(accountant, "程断续")) == 6


def test_a_dwelling_registered_by_somebody_else_meanwhile_is_left_alone(demo: Demo, accountant: TestClient) -> None:
    id = looked_at(accountant, "6,1,101,89.35,,慢一步", "6,1,102,89.35,,慢一步二")["id"]
    place = {"estate": FIRST, "building": "6", "stairwell": "1", "room": "101", "chargeable_area": 9000}
    imports, ask = demo.product.part(RegisterImports), Ask(_caller(demo))
    imports.reading(UUID(id))
    started = Event()

    def meanwhile() -> Response:
        assert started.wait(PATIENCE)
        return accountant.post("/api/v1/dwellings", json=place)

    hold = imports.kept.background._threads.submit(meanwhile)
    imports.start(UUID(id), ask)
    started.set()
    assert hold.result().status_code == 201
    imports.until_idle()
    demo.caught_up()
    [first], [second] = found(accountant, "6-1-101"), found(accountant, "6-1-102")
    assert (first["chargeable_area"], first["owner"], second["owner_name"]) == (9000, None, "慢一步二")
    shown = done(demo, accountant, id, "undo")
    assert (shown["standing"], shown["withdrawn"], shown["kept"]) == ("UNDONE", 1, 1)
    assert found(accountant, "6-1-101") and not found(accountant, "6-1-102")


def test_taking_back_withdraws_what_nothing_was_built_on_and_tells_the_rest(demo: Demo, accountant: TestClient) -> None:
    lines = [
        f"4,2,{room},89.35,,{name},,,2024-01-01,," for room, name in ((101, "撤回甲"), (102, "撤回乙"), (201, "撤回丙"))
    ]
    shown = looked_at(accountant, *lines)
    early = accountant.post(f"/api/v1/register-imports/{shown['id']}/undo")
    assert (early.status_code, early.json()["code"]) == (409, "import_not_done")
    done(demo, accountant, shown["id"])
    [billed], [sold], [plain] = (found(accountant, name) for name in ("撤回甲", "撤回乙", "撤回丙"))
    stream = fee_account_stream(UUID(billed["dwelling"]))
    act = demo.product.log.history(stream)[0].act
    bill = BillIssued(
        dwelling=UUID(billed["dwelling"]), building="4", bill=uuid4(), number="B-1", item=FeeItem.PROPERTY_FEE,
        since=day("2026-12-01"), until=day("2027-01-01"), payer=UUID(billed["owner"]), amount=5361,
        due=day("2026-12-01"), basis=Basis(),
    )  # fmt: skip
    demo.product.log.append([Change(stream, FEE_ACCOUNT.name, 1, [bill], act, FIRST, stream)])
    handed = accountant.post(
        f"/api/v1/dwellings/{sold['dwelling']}/hand-over", json={"since": "2025-06-01", "name": "新主"}
    )
    assert handed.status_code == 200, handed.text

    back = done(demo, accountant, shown["id"], "undo")
    kept = {each["label"] for each in back["kept_dwellings"]}
    assert (back["standing"], back["withdrawn"], back["kept"]) == ("UNDONE", 1, 2)
    assert kept == {"4-2-101", "4-2-102"}
    assert found(accountant, "撤回丙") == [] and found(accountant, "撤回甲") != []
    assert accountant.get(f"/api/v1/owners/{plain['owner']}").json()["forgotten"] is True
    assert accountant.get(f"/api/v1/owners/{billed['owner']}").json()["name"] == "撤回甲"
    assert done(demo, accountant, shown["id"], "undo")["withdrawn"] == back["withdrawn"]

    anew = sent(accountant, csv(lines[2]))
    assert anew.json()["wrong"] == 0 and anew.json()["id"] != shown["id"]
    assert done(demo, accountant, anew.json()["id"])["standing"] == "DONE"
    assert [each["dwelling"] for each in found(accountant, "撤回丙")] == [plain["dwelling"]]


def test_the_same_file_after_it_was_taken_back_is_another_import(demo: Demo, accountant: TestClient) -> None:
    line = "4,2,301,89.35,,再来一次,,,,"
    first = looked_at(accountant, line)["id"]
    done(demo, accountant, first)
    done(demo, accountant, first, "undo")
    second = looked_at(accountant, line)
    assert second["id"] != first and second["standing"] == "CHECKED"
    assert done(demo, accountant, second["id"])["standing"] == "DONE"


def test_without_a_dry_run_a_sound_file_is_started_at_once(demo: Demo, accountant: TestClient) -> None:
    answer = sent(accountant, csv("4,2,302,89.35,,直接开始"), query="?dryRun=false")
    assert answer.status_code == 201 and answer.json()["standing"] in ("RUNNING", "DONE")
    demo.product.part(RegisterImports).until_idle()
    demo.caught_up()
    assert found(accountant, "直接开始")
    wrong = sent(accountant, csv("4,2,302,89.355,,不行"), query="?dryRun=false")
    assert (wrong.status_code, wrong.json()["code"]) == (409, "import_wrong_lines")


# -- who may -------------------------------------------------------------------------------------------------------


def test_only_who_keeps_the_accounts_of_the_estate_may(demo: Demo, accountant: TestClient) -> None:
    id = looked_at(accountant, "4,2,401,89.35,,某人")["id"]
    for username in ("cashier", "clerk", "repairer", "committee", "admin"):
        client = demo.sign_in(username)
        assert sent(client, csv("1,1,101,1,,x")).status_code == 403
        for method, path in (("GET", PLACE), ("GET", f"/api/v1/register-imports/{id}"),
                             ("POST", f"/api/v1/register-imports/{id}/start")):  # fmt: skip
            assert client.request(method, path).status_code == 403, (username, path)
    head2 = demo.sign_in("head2")
    assert sent(head2, csv("1,1,101,1,,x")).status_code == 404
    assert head2.get(f"/api/v1/register-imports/{id}").status_code == 404
    assert sent(accountant, csv("1,1,101,1,,x"), estate=SECOND).status_code == 404
    assert demo.sign_in("head").get(f"/api/v1/register-imports/{id}").status_code == 200
    listed = accountant.get(PLACE).json()
    assert id in [each["id"] for each in listed] and all(each["preview"] == [] for each in listed)


def _caller(demo: Demo) -> Caller:
    with demo.product.database.app.connection() as conn:
        row = conn.execute("SELECT person FROM access.accounts WHERE username = 'accountant'").fetchone()
    assert row is not None
    return Caller(row[0], Capacity.ACCOUNTANT, frozenset({FIRST}))
