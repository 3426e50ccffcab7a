"""A paper notebook is taken over: looked at first, then line by line, once, whatever happens on the way."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest
from starlette.testclient import TestClient

from domain.capacity import Capacity
from domain.cases.issue import AdviceGiven, IssueNoted
from domain.cases.notebook_import import MOST_LINES, NotebookImportCompleted, NotebookImportStarted
from services.cases import notebook_imports
from services.cases.notebook_imports import NotebookImports
from services.cases.paper_notebook import LARGEST_FILE, sample
from services.http import uploads
from services.log import bulk_append
from services.running.checking.of_log import check_log
from services.running.checking.of_views import check_views
from tests.conftest import FIRST, SECOND, Demo, shanghai

SECRET = "欧阳逐月来说西门井盖松了"


@pytest.fixture(scope="module")
def head(demo: Demo) -> TestClient:
    return demo.sign_in("head")


def a_notebook(lines: int, mark: str, heading: str = "日期,内容,楼栋,电话,处理结果") -> str:
    return "\r\n".join([heading, *(f"2024-03-05 09:20,{mark} {n},3栋,13777770001,换了灯头" for n in range(lines))])


def send(client: TestClient, file: str | bytes, estate: str = FIRST) -> Any:
    content = file.encode() if isinstance(file, str) else file
    return client.post(f"/api/v1/stations/{estate}/imports", files={"notebook": ("old.csv", content)})


def looked_at(client: TestClient, file: str | bytes) -> dict[str, Any]:
    answer = send(client, file)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def start(client: TestClient, id: str) -> None:
    answer = client.post(f"/api/v1/imports/{id}/start")
    assert answer.status_code == 202, answer.text


def at_rest(demo: Demo, client: TestClient, id: str) -> dict[str, Any]:
    """The import once no thread is at it any more."""
    demo.product.part(NotebookImports).until_idle()
    found: dict[str, Any] = client.get(f"/api/v1/imports/{id}").json()
    return found


def events_of(demo: Demo, id: str, place: int) -> list[Any]:
    [issue] = demo.product.part(NotebookImports).issues(UUID(id), [place])
    return demo.product.log.history(issue)


def stored(demo: Demo) -> Iterator[tuple[str, str]]:
    """Every row of every table as text, by table."""
    with psycopg.connect(demo.url) as conn:
        tables = conn.execute(
            "SELECT table_schema, table_name FROM information_schema.tables"
            " WHERE table_schema IN ('log', 'access', 'vault', 'trail', 'jinlin') AND table_type = 'BASE TABLE'"
        ).fetchall()
        for schema, table in tables:
            for (row,) in conn.execute(f'SELECT t::text FROM "{schema}"."{table}" t'.encode()).fetchall():
                yield table, row


# -- the whole way -----------------------------------------------------------------------------------------------------


def test_a_notebook_becomes_lines_with_numbers_and_the_dates_of_the_paper(demo: Demo, head: TestClient) -> None:
    found = looked_at(head, a_notebook(1_200, "路灯不亮"))
    assert (found["standing"], found["lines"], found["wrong"], found["done"]) == ("CHECKED", 1_200, 0, 0)
    assert (found["preview"][0]["text"], found["preview"][0]["phone"]) == ("路灯不亮 0", "137****0001")
    assert demo.product.log.load(notebook_imports.NOTEBOOK_IMPORT, UUID(found["id"])).version == 0  # nothing yet
    start(head, found["id"])
    done = at_rest(demo, head, found["id"])
    assert (done["standing"], done["lines"], done["done"]) == ("DONE", 1_200, 1_200)
    began, ended = demo.product.log.history(UUID(found["id"]))
    assert (began.event, began.act.acting_as) == (NotebookImportStarted(FIRST, 1_200), Capacity.STATION_HEAD)
    assert (ended.event, ended.act.acting_as) == (NotebookImportCompleted(), Capacity.SYSTEM)
    numbers = set()
    for place in (0, 499, 500, 1_199):
        noted, advised = events_of(demo, found["id"], place)
        assert isinstance(noted.event, IssueNoted)
        assert (noted.event.text, noted.event.building, noted.event.phone) == (f"路灯不亮 {place}", "3", "13777770001")
        assert advised.event == AdviceGiven("换了灯头")
        assert (noted.act.actor, noted.act.acting_as) == (began.act.actor, Capacity.STATION_HEAD)
        assert noted.act.occurred_at == shanghai("2024-03-05 09:20")
        assert noted.act.recorded_at > began.act.recorded_at
        assert (noted.causation, noted.estate) == (began.event_id, FIRST)
        numbers.add(noted.event.number)
    assert len(numbers) == 4
    demo.caught_up()
    page = head.get(f"/api/v1/imports/{found['id']}/lines", params={"page": 30}).json()
    assert [line["text"] for line in page] == [f"路灯不亮 {n}" for n in range(1_160, 1_200)]
    assert page[0]["status"] == "ADVISED" and page[0]["phone"] == "137****0001"
    assert list(check_log(demo.product.database)) == []
    assert list(check_views(demo.product.database, demo.product.log)) == []


def test_the_same_notebook_again_is_recognised_and_doubles_nothing(demo: Demo, head: TestClient) -> None:
    text = a_notebook(30, "门禁坏了")
    first = looked_at(head, text)
    start(head, first["id"])
    at_rest(demo, head, first["id"])
    end = demo.product.log.last_position()
    for same in (
        text,
        "\ufeff" + text,
        text.encode("gb18030"),
        text.replace("\r\n", "\n") + "\n\n",
        text.replace(",", "\t"),
    ):
        again = looked_at(head, same)
        assert (again["id"], again["standing"], again["done"]) == (first["id"], "DONE", 30)
        start(head, first["id"])
    assert at_rest(demo, head, first["id"])["standing"] == "DONE"
    assert demo.product.log.last_position() == end
    assert looked_at(head, a_notebook(31, "门禁坏了"))["id"] != first["id"]


@pytest.mark.parametrize("cut", ["before anything", "after a chunk", "after the last line", "before the file is gone"])
def test_what_was_cut_short_goes_on_and_doubles_nothing(
    demo: Demo, head: TestClient, monkeypatch: pytest.MonkeyPatch, cut: str
) -> None:
    """The thread dies there, as with the process; then the server starts again."""
    imports = demo.product.part(NotebookImports)
    real = bulk_append.BulkAppend.append

    def cut_short(self: Any, run: Any, progress: Callable[[int, int], None]) -> int:
        def dying(done: int, total: int) -> None:
            if cut == "after a chunk":
                raise ZeroDivisionError

        if cut == "before anything":
            raise ZeroDivisionError
        position = real(self, run, dying)
        if cut == "after the last line":
            raise ZeroDivisionError
        return position

    def no_key(key: UUID) -> None:
        raise ZeroDivisionError

    found = looked_at(head, a_notebook(1_100, cut))
    with monkeypatch.context() as patch:
        patch.setattr(bulk_append.BulkAppend, "append", cut_short)
        if cut == "before the file is gone":
            patch.setattr(demo.product.vault, "destroy", no_key)
        start(head, found["id"])
        stopped = at_rest(demo, head, found["id"])
    assert stopped["standing"] == ("DONE" if cut == "before the file is gone" else "STOPPED")
    assert 0 <= stopped["done"] <= 1_100
    if cut == "after a chunk":
        start(head, found["id"])  # the head presses go on
    else:
        imports.go_on()  # the server starts again
    done = at_rest(demo, head, found["id"])
    assert (done["standing"], done["done"]) == ("DONE", 1_100)
    assert not [
        row for table, row in stored(demo) if table == "notebook_imports" and found["id"] in row and "\\x" in row
    ]
    texts = [events_of(demo, found["id"], place)[0].event.text for place in range(1_100)]
    assert texts == [f"{cut} {n}" for n in range(1_100)]
    assert all(len(events_of(demo, found["id"], place)) == 2 for place in (0, 500, 1_099))
    assert list(check_log(demo.product.database)) == []


# -- what is wrong is said, and nothing is noted -----------------------------------------------------------------------

WRONG_LINES = [
    ("2024-02-30,x,,,", "date", "import_date"),
    ("05/03/2024,x,,,", "date", "two_readings"),
    (",x,,,", "date", "blank_text"),
    ("2999-01-01,x,,,", "date", "future"),
    ("1999-12-31,x,,,", "date", "too_long_ago"),
    ("2024-03-05,,,,", "text", "blank_text"),
    ("2024-03-05," + "字" * 2_001 + ",,,", "text", "text_too_long"),
    ("2024-03-05,x,99,,", "building", "unknown_building"),
    ("2024-03-05,x,3,9,", "stairwell", "unknown_stairwell"),
    ("2024-03-05,x,3,1,999", "dwelling", "unknown_dwelling"),
    ("2024-03-05,x,,1,", "building", "building_missing"),
]


@pytest.mark.parametrize(("line", "column", "code"), WRONG_LINES)
def test_what_is_wrong_with_a_line_is_said_in_words(head: TestClient, line: str, column: str, code: str) -> None:
    found = looked_at(head, f"日期,内容,楼栋,单元,房号\n2024-03-05,好的,,,\n{line}\n")
    [wrong] = found["wrongs"]
    assert (wrong["line"], wrong["column"], wrong["code"]) == (3, column, code)
    assert wrong["detail"] and wrong["detail"] != code
    assert (found["lines"], found["wrong"]) == (2, 1)
    answer = head.post(f"/api/v1/imports/{found['id']}/start")
    assert (answer.status_code, answer.json()["code"]) == (409, "import_wrong_lines")
    english = head.get(f"/api/v1/imports/{found['id']}", headers={"Accept-Language": "en"}).json()["wrongs"][0]
    assert english["detail"].isascii() or "字" in english["detail"]


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("", "import_empty"),
        ("日期,内容\n", "import_empty"),
        ("日期,内容\n\n,\n", "import_empty"),
        ("日期,楼栋\n2024-03-05,3\n", "import_columns"),
        ("日期,内容,备注二\n2024-03-05,x,y\n", "import_unknown_column"),
        ("日期,内容,内容\n2024-03-05,x,y\n", "import_column_twice"),
        ("日期,内容\n2024-03-05,x,y\n", "import_too_many_cells"),
        ('日期,内容\n2024-03-05,"x\n', "import_quotes"),
        (b"\xff\xfe\x00\x01", "import_unreadable"),
        (b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00\xff\xff", "sheet_unreadable"),
        ("日期,内容\n2024-03-05,a\0b\n", "import_unreadable"),
        ("日期,内容\n" + "2024-03-05,x\n" * (MOST_LINES + 1), "import_too_long"),
        ("日期,内容\n2024-03-05," + "x" * LARGEST_FILE, "import_too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.startswith("import_") else "",
)
def test_what_is_no_notebook_is_refused_as_a_whole(head: TestClient, file: str | bytes, code: str) -> None:
    answer = send(head, file)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["detail"]


def test_as_many_lines_as_may_be_are_read(head: TestClient) -> None:
    found = looked_at(head, "日期,内容\n" + "2024-03-05,x\n" * MOST_LINES)
    assert (found["lines"], found["wrong"]) == (MOST_LINES, 0)


@pytest.mark.parametrize(
    "written", ["2024-03-05", "2024/3/5", "2024.3.5", "2024年3月5日", "２０２４-03-05", " 2024-03-05 "]
)
def test_days_are_read_as_people_write_them(head: TestClient, written: str) -> None:
    [line] = looked_at(head, f"内容,日期\nx,{written}\n")["preview"]
    assert datetime.fromisoformat(line["at"]) == shanghai("2024-03-05 00:00")


@pytest.mark.parametrize(
    "written", ["2024-03-05 09:20", "2024/3/5 9:20:11", "2024年3月5日 9时20分", "2024-03-05T09:20"]
)
def test_times_are_read_as_people_write_them(head: TestClient, written: str) -> None:
    [line] = looked_at(head, f"内容,日期\nx,{written}\n")["preview"]
    assert datetime.fromisoformat(line["at"]) == shanghai("2024-03-05 09:20")


def test_cells_that_look_like_formulas_stay_what_they_are(demo: Demo, head: TestClient) -> None:
    cells = ['=HYPERLINK(""http://x"",""y"")', "+1+1", "-2+3", "@SUM(A1)", "<script>alert(1)</script>"]
    found = looked_at(head, "日期,内容\n" + "\n".join(f'2024-03-05,"{cell}"' for cell in cells))
    wanted = [cell.replace('""', '"') for cell in cells]
    assert [line["text"] for line in found["preview"]] == wanted
    start(head, found["id"])
    at_rest(demo, head, found["id"])
    assert [events_of(demo, found["id"], n)[0].event.text for n in range(len(cells))] == wanted


def test_the_sample_is_a_notebook_itself(head: TestClient) -> None:
    for language in ("zh", "en"):
        found = looked_at(head, sample(language))
        assert (found["lines"], found["wrongs"]) == (2, []), language
        assert [line["channel"] for line in found["preview"]] == ["PHONE", "PATROL"]


# -- who may, and what is kept -----------------------------------------------------------------------------------------


def test_only_the_head_of_the_station_may(demo: Demo, head: TestClient) -> None:
    id = looked_at(head, a_notebook(3, "只有站长"))["id"]
    for name in ("clerk", "repairer"):
        other = demo.sign_in(name)
        assert send(other, a_notebook(3, "别人")).status_code == 403
        for answer in (
            other.get(f"/api/v1/imports/{id}"),
            other.get(f"/api/v1/stations/{FIRST}/imports"),
            other.post(f"/api/v1/imports/{id}/start"),
            other.post(f"/api/v1/imports/{id}/discard"),
            other.get(f"/imports/{FIRST}"),
            other.get(f"/imports/{FIRST}/{id}"),
            other.get(f"/imports/{FIRST}/sample.csv"),
        ):
            assert answer.status_code == 403
    assert send(head, a_notebook(3, "别处"), SECOND).status_code == 404
    assert demo.client().get(f"/api/v1/imports/{id}").status_code == 401
    assert send(demo.client(), a_notebook(3, "别人")).status_code == 401
    assert head.get(f"/api/v1/imports/{UUID(int=7)}").status_code == 404


def test_an_import_of_another_estate_is_not_found(demo: Demo, head: TestClient) -> None:
    other = demo.product.part(NotebookImports).upload(SECOND, a_notebook(3, "别的小区").encode(), UUID(int=1))
    for answer in (
        head.get(f"/api/v1/imports/{other}"),
        head.get(f"/imports/{FIRST}/{other}"),
        head.get(f"/imports/{SECOND}/{other}"),
        head.post(f"/api/v1/imports/{other}/start"),
    ):
        assert answer.status_code == 404


def test_nothing_of_it_lies_in_the_clear(demo: Demo, head: TestClient, tmp_path: Any, monkeypatch: Any) -> None:
    """Not in a table while it waits, not in a temporary file while it arrives, and nowhere once it is discarded."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "none"))  # a file there could not even be made
    found = looked_at(head, a_notebook(20_000 // 4, SECRET * 8))  # well beyond a megabyte
    rows = list(stored(demo))
    assert any(table == "notebook_imports" for table, _ in rows)
    for mark in (SECRET, SECRET.encode().hex(), "13777770001", b"13777770001".hex()):
        assert not [table for table, row in rows if mark in row]
    assert head.post(f"/api/v1/imports/{found['id']}/discard").status_code == 204
    assert head.get(f"/api/v1/imports/{found['id']}").status_code == 404
    assert not [row for table, row in stored(demo) if table == "notebook_imports" and found["id"] in row]


def test_what_was_started_is_not_discarded_and_its_file_goes_when_it_is_done(demo: Demo, head: TestClient) -> None:
    id = looked_at(head, a_notebook(3, "开始了"))["id"]
    start(head, id)
    answer = head.post(f"/api/v1/imports/{id}/discard")
    assert (answer.status_code, answer.json()["code"]) == (409, "import_begun")
    at_rest(demo, head, id)
    [row] = [row for table, row in stored(demo) if table == "notebook_imports" and id in row]
    assert row.endswith(",)")  # nothing sealed is left
    with demo.product.database.vault.connection() as conn, demo.product.database.lend([FIRST]) as app:
        key = app.execute("SELECT key FROM log.notebook_imports WHERE import = %s", (id,)).fetchone()
        wrapped = conn.execute("SELECT wrapped FROM vault.keys WHERE subject = %s", key).fetchone()
    assert wrapped == (None,)


def test_discarded_it_may_come_again(head: TestClient) -> None:
    text = a_notebook(3, "又来了")
    id = looked_at(head, text)["id"]
    head.post(f"/api/v1/imports/{id}/discard")
    again = looked_at(head, text)
    assert (again["id"], again["lines"]) == (id, 3)


@pytest.mark.parametrize("looks", ["at the next upload", "now and then", "at the next start"])
def test_what_nobody_starts_is_forgotten_after_a_day(
    demo: Demo, head: TestClient, monkeypatch: pytest.MonkeyPatch, looks: str
) -> None:
    id, young = (looked_at(head, a_notebook(n, looks))["id"] for n in (3, 4))
    with psycopg.connect(demo.url) as conn:
        conn.execute(
            "UPDATE log.notebook_imports SET uploaded_at = uploaded_at - interval '25 hours' WHERE import = %s", (id,)
        )
    if looks == "at the next upload":
        looked_at(head, a_notebook(3, "下一本"))
    elif looks == "at the next start":
        demo.product.part(NotebookImports).go_on()
    else:
        turns = iter((False, True))  # one look, then the process ends
        with monkeypatch.context() as patch:
            patch.setattr(
                demo.product.part(NotebookImports).kept.background.closing, "wait", lambda seconds: next(turns)
            )
            demo.product.part(NotebookImports).kept._forget_unstarted()
    assert head.get(f"/api/v1/imports/{id}").status_code == 404
    assert head.get(f"/api/v1/imports/{young}").status_code == 200


def test_the_pages_work_without_script(demo: Demo) -> None:
    """Choose, look, start, watch, see: as plain forms; a wrong file keeps the page and says why."""
    assert uploads.PREVIEWED == 20
    client = demo.client()
    signed = client.post("/api/v1/session", json={"username": "head", "password": demo.passwords["head"]})
    assert signed.status_code == 200
    page = client.get(f"/imports/{FIRST}")
    assert page.status_code == 200
    csrf = page.text.split('name="csrf-token" content="')[1].split('"')[0]
    bad = client.post(f"/imports/{FIRST}", data={"csrf": csrf}, files={"notebook": ("x.csv", b"a,b\n1,2\n")})
    assert bad.status_code == 422 and 'role="alert"' in bad.text
    none = client.post(f"/imports/{FIRST}", data={"csrf": csrf}, files={"notebook": ("", b"")})
    assert none.status_code == 422 and "先选一个文件" in none.text
    assert client.post(f"/imports/{FIRST}", files={"notebook": ("x.csv", b"a")}).status_code == 403  # no token
    wrong = client.post(
        f"/imports/{FIRST}", data={"csrf": csrf}, files={"notebook": ("x.csv", "日期,内容\n哪天,<b>x</b>\n".encode())}
    )
    assert wrong.status_code == 200 and "2024-03-05" in wrong.text and "/start" not in wrong.text
    good = client.post(
        f"/imports/{FIRST}", data={"csrf": csrf}, files={"notebook": ("x.csv", a_notebook(50, "<b>粗</b>").encode())}
    )
    assert good.status_code == 200 and "&lt;b&gt;粗&lt;/b&gt; 0" in good.text and "<b>粗" not in good.text
    address = good.url.path
    started = client.post(f"{address}/start", data={"csrf": csrf})
    assert started.status_code == 200
    at_rest(demo, demo.sign_in("head"), address.rsplit("/", 1)[1])
    demo.caught_up()
    done = client.get(address)
    assert "&lt;b&gt;粗&lt;/b&gt; 39" in done.text and 'href="?page=2"' not in done.text
    assert "page=2" in done.text
    assert "&lt;b&gt;粗&lt;/b&gt; 49" in client.get(f"{address}?page=2").text
    assert client.post(f"{address}/discard", data={"csrf": csrf}).status_code == 409
    assert client.post(f"{address}/nonsense", data={"csrf": csrf}).status_code == 404
