"""What goes on while the product is killed: registers imported and taken back, bill runs, statements, payments.

Everybody here asks until there is an answer, and writes down outside the product what was promised. What the log holds
in the end is compared with that.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event
from time import sleep
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg

from domain.calendar import local_date
from domain.fees.payment_reference import payment_reference
from domain.months import months_later
from services.running.wiring import utc_now
from tests.conftest import FIRST

AGAIN = 0.02  # seconds
LINES = 60  # of a sheet, of a statement


class Stopped(Exception):
    """Nobody wants to know any more."""


@dataclass
class Promises:
    """What clients were told, by what they had asked for."""

    receipts: dict[str, str] = field(default_factory=dict)  # by idempotency key
    imports: dict[str, int] = field(default_factory=dict)  # lines, by import
    taken_back: set[str] = field(default_factory=set)
    runs: dict[str, int] = field(default_factory=dict)  # lines, by run
    statements: dict[str, int] = field(default_factory=dict)  # lines, by file


def told_of(promises: Promises) -> str:
    """How much was promised."""
    counts = {name: len(getattr(promises, name)) for name in Promises.__dataclass_fields__}
    return ", ".join(f"{count} {name}" for name, count in counts.items())


class Client:
    """Somebody who asks again for as long as it takes."""

    def __init__(self, url: str, bearer: str, stop: Event) -> None:
        self._http = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {bearer}"}, timeout=20)
        self._stop = stop

    def ask(self, method: str, path: str, *, ends: bool = True, **said: Any) -> httpx.Response:
        """The answer; ``ends``: whoever has not begun yet need not when everything ends."""
        while True:
            if ends and self._stop.is_set():
                raise Stopped
            with suppress(httpx.HTTPError):
                answer = self._http.request(method, path, **said)
                if answer.status_code != 503:
                    assert answer.status_code < 500, answer.text
                    return answer
                assert "retry-after" in answer.headers
            sleep(AGAIN)

    def until(self, path: str, standing: str) -> Any:
        """What stands at an address once it is so; what was begun is seen to its end."""
        while True:
            found = self.ask("GET", path, ends=False).json()
            if found["standing"] == standing:
                return found
            sleep(5 * AGAIN)


def until_stopped(work: Callable[[Client, Promises, int], None], client: Client, promises: Promises) -> int:
    """The same kind of work again and again; answers how often."""
    number = 0
    with suppress(Stopped):
        while True:
            work(client, promises, number)
            number += 1
    return number


def importing(client: Client, promises: Promises, number: int) -> None:
    """A building with its register; every third is taken back as far as nothing was built on it."""
    building = f"K{number}"
    rooms = [f"{1 + n // 4}0{1 + n % 4}" for n in range(LINES)]
    place = f"/api/v1/estates/{FIRST}"
    body = {"building": building, "stairwells": [{"code": "1", "rooms": rooms}]}
    client.ask("POST", f"{place}/buildings", json=body)
    sheet = "\n".join(["楼栋,单元,房号,建筑面积,业主", *(f"{building},1,{room},89.37,业主{room}" for room in rooms)])
    sent = client.ask("POST", f"{place}/register-imports", files={"file": (f"{building}.csv", sheet.encode())})
    assert sent.status_code == 201, sent.text
    id = sent.json()["id"]
    client.ask("POST", f"/api/v1/register-imports/{id}/start", ends=False)
    promises.imports[id] = LINES
    client.until(f"/api/v1/register-imports/{id}", "DONE")
    if number % 3 == 2:
        promises.taken_back.add(id)
        client.ask("POST", f"/api/v1/register-imports/{id}/undo", ends=False)
        client.until(f"/api/v1/register-imports/{id}", "UNDONE")


def running(client: Client, promises: Promises, number: int) -> None:
    """A month to come, of all that has come into the register."""
    month = months_later(local_date(utc_now()).replace(day=1), 1 + number % 20)
    key = {"Idempotency-Key": uuid4().hex}
    body = {"period": f"{month:%Y-%m}", "months": 1}
    prepared = client.ask("POST", f"/api/v1/estates/{FIRST}/bill-runs", json=body, headers=key)
    if prepared.status_code != 201 or not prepared.json()["lines"]:
        sleep(AGAIN)
        return
    run, lines = prepared.json()["run"], prepared.json()["lines"]
    confirmed = client.ask("POST", f"/api/v1/bill-runs/{run}/confirm", ends=False)
    if (
        confirmed.status_code != 202 and confirmed.json()["code"] != "run_confirmed"
    ):  # by us, before the answer was lost
        assert confirmed.json()["code"] == "preview_outdated", confirmed.text  # the register has changed since then
        return
    promises.runs[run] = lines
    client.until(f"/api/v1/bill-runs/{run}", "DONE")


def taking(homes: Sequence[str]) -> Callable[[Client, Promises, int], None]:
    """A fen after the other in cash, on one home or another."""

    def take(client: Client, promises: Promises, number: int) -> None:
        key = uuid4().hex
        body = {"dwelling": homes[number % len(homes)], "amount": 1, "method": "CASH", "accept_excess": True}
        paid = client.ask("POST", "/api/v1/payments", json=body, headers={"Idempotency-Key": key}, ends=False)
        assert paid.status_code == 201, paid.text
        promises.receipts[key] = paid.json()["receipt"]
        client.ask("GET", "/health/live")  # here it may end

    return take


def reconciling(homes: Sequence[str]) -> Callable[[Client, Promises, int], None]:
    """A statement of a bank, whose lines name homes."""

    def reconcile(client: Client, promises: Promises, number: int) -> None:
        day = local_date(utc_now())
        lines = [
            f"{day},{payment_reference(UUID(homes[n % len(homes)]))},0.{1 + n % 9}0,K{number:04d}{n:06d}"
            for n in range(LINES)
        ]
        file = "\n".join(["交易日期,摘要,金额,流水号", *lines]).encode()
        place = f"/api/v1/estates/{FIRST}/statements"
        sent = client.ask("POST", place, files={"statement": ("k.csv", file)})
        assert sent.status_code == 201, sent.text
        id = sent.json()["id"]
        promises.statements[id] = LINES
        client.ask("POST", f"/api/v1/statements/{id}/confirm", ends=False)
        client.until(f"/api/v1/statements/{id}", "DONE")

    return reconcile


_SAID = "convert_from(state, 'UTF8')::jsonb"


@dataclass(frozen=True)
class Told:
    """An event of the log as it stands there: ``data`` in the clear."""

    stream: str
    version: int
    data: dict[str, Any]
    id: str
    cause: str | None


class Kept:
    """What the log holds, by the names of events."""

    def __init__(self, conn: "psycopg.Connection[Any]") -> None:
        self._conn = conn

    def __getitem__(self, name: str) -> list[Told]:
        rows = self._conn.execute(
            f"SELECT originator_id::text, originator_version, {_SAID}->'data', {_SAID}->>'id', {_SAID}->>'causation'"
            " FROM log.stored_events WHERE topic = %s ORDER BY notification_id",
            (name,),
        )
        return [Told(*row) for row in rows]


def kept(conn: "psycopg.Connection[Any]", promises: Promises) -> None:
    """The log holds what was promised, each thing once and whole."""
    log = Kept(conn)
    payments_kept(log, promises)
    imports_kept(log, promises)
    bills_kept(log, promises)
    statements_kept(log, promises)


def payments_kept(log: Kept, promises: Promises) -> None:
    """Each payment with its receipt and its cash, no number of a book missing, and none on what left the register."""
    paid = {each.data["payment"]: each.data for each in log["PaymentRecorded"]}
    promised = set(promises.receipts.values())
    assert len(promised) == len(promises.receipts)
    assert promised <= {each["receipt"] for each in paid.values()}
    single = [each for each in paid.values() if each["amount"] == 1 and each["method"] == "CASH"]
    assert len(single) == len(promises.receipts)  # nobody's fen was taken twice
    cash = Counter(each.data["payment"] for each in log["CashTaken"])
    assert set(cash.values()) <= {1} and all(cash[id] for id, each in paid.items() if each in single)
    issued: dict[str, list[int]] = {}
    for each in log["ReceiptIssued"]:
        issued.setdefault(each.stream, []).append(each.version)
        assert each.data["payment"] in paid
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in issued.values())
    gone = {each.stream for each in log["DwellingWithdrawn"]}
    assert not gone & {each["dwelling"] for each in paid.values()}
    assert not gone & {each.data["dwelling"] for each in log["BillIssued"]}


def imports_kept(log: Kept, promises: Promises) -> None:
    """Each line is a dwelling with its account, once; what was taken back was withdrawn, or had to stay."""
    begun = {each.stream: each.id for each in log["RegisterImportStarted"]}
    for kind in ("DwellingRegistered", "FeeAccountOpened"):
        came = Counter((each.cause, each.stream) for each in log[kind])
        assert set(came.values()) <= {1}
        for id, lines in promises.imports.items():
            assert sum(cause == begun[id] for cause, _ in came) == lines, (id, kind)
    undone = {each.stream: each.data for each in log["RegisterUndone"]}
    for id in promises.taken_back:
        assert undone[id]["withdrawn"] + undone[id]["kept"] == promises.imports[id]


def bills_kept(log: Kept, promises: Promises) -> None:
    """No number, and no day of an item of a home, is there twice; a run has issued what it could, and no more."""
    bills = [each.data for each in log["BillIssued"]]
    assert len({each["number"] for each in bills}) == len(bills)
    of_runs = [each for each in bills if each["run"] in promises.runs]
    days = Counter((each["dwelling"], each["item"], each["since"], each["payer"]) for each in of_runs)
    assert set(days.values()) <= {1}
    issued = Counter(each["run"] for each in of_runs)
    told = {each.stream: each.data["issued"] for each in log["BillRunCompleted"]}
    for run, lines in promises.runs.items():
        assert issued[run] == told[run] <= lines


def statements_kept(log: Kept, promises: Promises) -> None:
    """Each line once; each that was matched with the one payment that it brought."""
    matched = [each for each in log["StatementLineMatched"] if each.data["told"]]
    came = Counter(each.data["told"]["file"] for each in (*matched, *log["StatementLineQueued"]))
    brought = Counter(each.data["line"] for each in log["PaymentRecorded"] if each.data["line"])
    for file, lines in promises.statements.items():
        assert came[file] == lines
    assert all(brought[each.stream] == 1 for each in matched)
