"""A statement from upload to payments: nothing lost, nothing doubled, every match with its reason."""

import re
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.books.books import BOOKS, MonthLocked, books_stream
from domain.calendar import local_date
from domain.capacity import Capacity
from domain.fees.fee_account import PaymentRecorded, fee_account_stream
from domain.fees.payment_reference import payment_reference
from domain.recorded import Act
from services.demo.cast import ESTATES
from services.log.event_log import Change, Prepared
from tests.conftest import FIRST, SECOND, Demo
from tests.machine.damage import Damaged
from tests.reconciliation import files
from tests.reconciliation.files import Paid
from tests.reconciliation.homes import Ledger


@pytest.fixture(scope="module")
def ledger(demo: Demo) -> Iterator[Ledger]:
    made = Ledger(demo)
    for room, amounts in (
        ("101", (9500,)),
        ("102", (9500, 9500)),
        ("201", (20_000,)),
        ("202", (7000,)),
        ("301", (100,)),
    ):
        made.billed(room, *amounts)
    demo.caught_up()
    yield made


def test_a_wechat_bill_from_look_to_payments(ledger: Ledger) -> None:
    demo = ledger.demo
    accountant = demo.sign_in_patient("accountant")
    lines = [
        Paid("A1", 9500, "90-1-101 物业费", "oPayer101"),
        Paid("A2", 19_000, "9月,10月", "oPayer102", reference=payment_reference(ledger.dwellings["102"])),
        Paid("A3", 20_000, "T902010000 的账单", "oPayer201"),
        Paid("A4", 7001, "90栋1单元202", "oPayer202"),
        Paid("A5", 4321, "谢谢", "oPayerX"),
        Paid("A1", -9500, "90-1-101 物业费", "oPayer101"),
        Paid("A6", 500, state="REVOKED"),
    ]
    file = files.gz(files.wechat(lines).encode())
    seen = ledger.upload(accountant, file)
    assert seen["standing"] == "CHECKED"
    look = seen["look"]
    assert {each["why"]: each["lines"] for each in look["matched"]} == {
        "OWN_REFERENCE": 1, "BILL_NUMBER": 1, "DWELLING_AND_AMOUNT": 1,
    }  # fmt: skip
    assert {each["why"]: each["lines"] for each in look["waiting"]} == {"OTHER_AMOUNT": 1, "NO_TRACE": 1, "REFUND": 1}
    assert look["footed"] and look["void"] == 1 and look["known"] == 0
    assert ledger.account("101").payments == {}  # nothing yet

    done = ledger.confirm(accountant, seen["id"])
    assert (done["matched"], done["queued"], done["done"], done["lines"]) == (3, 3, 6, 6)
    assert [ledger.account(room).open for room in ("101", "102", "201", "202")] == [0, 0, 0, 7000]
    receipts = [each.receipt for room in ("101", "102", "201") for each in ledger.account(room).payments.values()]
    versions = [int(number.split("-")[1]) for number in receipts]
    assert versions == list(range(versions[0], versions[0] + 3))

    before = demo.product.log.last_position()
    again = ledger.upload(accountant, file)
    assert again["id"] == seen["id"] and again["standing"] == "DONE"
    overlapping = ledger.upload(accountant, files.wechat([*lines[1:3], Paid("A9", 100, "90-1-301")]).encode())
    assert overlapping["look"]["known"] == 2
    done = ledger.confirm(accountant, overlapping["id"])
    assert (done["matched"], done["lines"]) == (1, 3)
    assert ledger.account("301").open == 0 and len(ledger.account("102").payments) == 1
    kinds = [type(each.event).__name__ for each in demo.product.log.read(before, 100)]
    assert kinds.count("PaymentRecorded") == kinds.count("ReceiptIssued") == 1


def test_the_queue_says_why_suggests_and_takes_a_person_s_word(ledger: Ledger) -> None:
    demo = ledger.demo
    accountant, cashier = demo.sign_in_patient("accountant"), demo.sign_in_patient("cashier")
    queue = ledger.lines(cashier)
    assert [each["amount"] for each in queue] == [7001, 4321, -9500]  # of one moment: as the file has them
    waiting = {each["amount"]: each for each in queue}
    other = waiting[7001]
    assert other["waiting"] == "OTHER_AMOUNT" and other["account"] == "****r202"
    first = other["suggestions"][0]
    assert (first["dwelling"], first["evidence"], first["open"]) == (
        str(ledger.dwellings["202"]), "DWELLING_AND_AMOUNT", 7000,
    )  # fmt: skip
    back = waiting[-9500]
    assert back["waiting"] == "REFUND" and back["about"] in map(str, ledger.account("101").payments)

    address = f"/api/v1/statement-lines/{other['id']}"
    body = {"dwelling": first["dwelling"]}
    assert cashier.post(f"{address}/match", json=body).status_code == 403
    excess = {"dwelling": str(ledger.dwellings["202"]), "accept_excess": False}
    answer = accountant.post(f"{address}/match", json=excess)
    assert answer.status_code == 200, answer.text  # a fen more is held in advance
    assert answer.json()["receipt"].startswith("20")
    assert ledger.account("202").open == 0 and ledger.account("202").prepaid == 1
    assert (
        accountant.post(f"{address}/match", json={"dwelling": str(ledger.dwellings["101"])}).json()["code"]
        == "line_matched"
    )
    assert accountant.post(f"{address}/return").json()["code"] == "line_payment_stands"

    aside = f"/api/v1/statement-lines/{back['id']}"
    assert accountant.post(f"{aside}/match", json=body).json()["code"] == "line_money_out"
    assert accountant.post(f"{aside}/set-aside", json={"reason": "OTHER"}).status_code == 422
    assert accountant.post(f"{aside}/set-aside", json={"reason": "REFUND_RECORDED"}).status_code == 200
    assert [each["id"] for each in ledger.lines(cashier, "SET_ASIDE")] == [back["id"]]
    assert accountant.post(f"{aside}/return").status_code == 200
    assert back["id"] in [each["id"] for each in ledger.lines(cashier)]


def test_a_payment_that_does_not_stand_gives_its_line_back(ledger: Ledger) -> None:
    accountant = ledger.demo.sign_in_patient("accountant")
    matched = next(each for each in ledger.lines(accountant, "MATCHED") if each["amount"] == 20_000)
    reversing = accountant.post(f"/api/v1/payments/{matched['payment']}/reverse", json={"reason": "WRONG_DWELLING"})
    assert reversing.status_code == 200, reversing.text
    line = next(each for each in ledger.lines(accountant) if each["id"] == matched["id"])
    assert line["waiting"] == "RETURNED"
    again = {"dwelling": str(ledger.dwellings["201"]), "bills": [str(ledger.bills["201"][0])]}
    assert accountant.post(f"/api/v1/statement-lines/{line['id']}/match", json=again).status_code == 200
    assert ledger.account("201").open == 0 and len(ledger.account("201").payments) == 2


def test_money_of_a_closed_account_or_too_much_of_it_waits(ledger: Ledger) -> None:
    accountant = ledger.demo.sign_in_patient("accountant")
    much = Paid("B1", 90_000_000, payment_reference(ledger.dwellings["301"]))
    seen = ledger.upload(accountant, files.alipay_zip(files.alipay([much])))
    assert seen["look"]["waiting"] == [{"why": "EXCESS", "lines": 1}]
    ledger.confirm(accountant, seen["id"])
    line = next(each for each in ledger.lines(accountant) if each["amount"] == 90_000_000)
    body = {"dwelling": str(ledger.dwellings["301"])}
    address = f"/api/v1/statement-lines/{line['id']}/match"
    assert accountant.post(address, json=body).json()["code"] == "over_prepayment_limit"
    assert accountant.post(address, json=body | {"accept_excess": True}).status_code == 200
    assert ledger.account("301").overpaid > 0


def test_a_bill_is_paid_in_parts_by_lines_of_one_file(ledger: Ledger) -> None:
    """What one line has paid of it, the next ones know, once and not twice."""
    ledger.billed("801", 9100)
    ledger.demo.caught_up()
    number = "T908010000"
    parts = [Paid(f"P{n}", amount, number) for n, amount in enumerate((2100, 3000, 4000))]
    seen = ledger.upload(ledger.demo.sign_in_patient("accountant"), files.wechat(parts).encode())
    done = ledger.confirm(ledger.demo.sign_in_patient("accountant"), seen["id"])
    account = ledger.account("801")
    assert (done["matched"], done["queued"], account.open) == (3, 0, 0)
    assert [sum(each.allocated.values()) for each in account.payments.values()] == [2100, 3000, 4000]


def test_what_the_desk_took_down_before_is_not_booked_again(ledger: Ledger) -> None:
    """By the provider's number it is found; without one a person is asked, with the payment that it may be."""
    cashier, accountant = ledger.demo.sign_in_patient("cashier"), ledger.demo.sign_in_patient("accountant")

    def taken(room: str, amount: int, reference: str | None) -> str:
        ledger.billed(room, amount, amount)
        body = {
            "dwelling": str(ledger.dwellings[room]), "amount": amount, "method": "WECHAT", "reference": reference,
            "paid_on": "2026-10-06",
        }  # fmt: skip
        answer = cashier.post("/api/v1/payments", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["payment"])

    whole, end = taken("401", 3100, "42000D0001"), taken("402", 3200, "0D0002")
    unnamed, other = taken("501", 3300, None), taken("502", 3400, "4200099999999999")
    ledger.demo.caught_up()
    lines = [
        Paid("D0001", 3100, "90-1-401"), Paid("D0002", 3200), Paid("D0003", 3300, "90-1-501"),
        Paid("D0004", 3400, "90-1-502"), Paid("D0005", 3300, "90-1-402"), Paid("D0006", 3200, "90-1-402"),
    ]  # fmt: skip
    seen = ledger.upload(accountant, files.wechat(lines).encode())
    assert {each["why"]: each["lines"] for each in seen["look"]["matched"]} == {"AT_DESK": 2, "DWELLING_AND_AMOUNT": 2}
    assert {each["why"]: each["lines"] for each in seen["look"]["waiting"]} == {"AT_DESK": 2}
    ledger.confirm(accountant, seen["id"])
    found = {each["amount"]: each for each in ledger.lines(accountant, "MATCHED") if each["evidence"] == "AT_DESK"}
    assert {amount: each["payment"] for amount, each in found.items()} == {3100: whole, 3200: end}
    assert [len(ledger.account(room).payments) for room in ("401", "402", "501", "502")] == [1, 2, 1, 2]

    again = {"dwelling": str(ledger.dwellings["502"]), "amount": 3400, "method": "WECHAT"}
    twice = cashier.post("/api/v1/payments", json=again | {"reference": "42000D0004"})
    assert (twice.status_code, twice.json()["code"]) == (409, "reference_booked")

    waiting = [each for each in ledger.lines(accountant) if each["amount"] == 3300]
    assert [each["waiting"] for each in waiting] == ["AT_DESK", "AT_DESK"]
    suggestion = waiting[0]["suggestions"][0]
    assert (suggestion["payment"], suggestion["evidence"], suggestion["label"]) == (unnamed, "AT_DESK", "90-1-501")
    address = f"/api/v1/statement-lines/{waiting[0]['id']}/match"
    fifth = str(ledger.dwellings["501"])
    for wrong, dwelling, code in ((whole, "401", "payment_on_statement"), (other, "502", "line_other_payment")):
        body = {"dwelling": str(ledger.dwellings[dwelling]), "payment": wrong}  # found before, and another amount
        assert accountant.post(address, json=body).json()["code"] == code
    assert cashier.post(address, json={"dwelling": fifth, "payment": unnamed}).status_code == 403
    answer = accountant.post(address, json={"dwelling": fifth, "payment": unnamed})
    assert (answer.status_code, answer.json()["payment"]) == (200, unnamed)
    assert len(ledger.account("501").payments) == 1
    ledger.demo.caught_up()
    second = f"/api/v1/statement-lines/{waiting[1]['id']}/match"
    again = accountant.post(second, json={"dwelling": fifth, "payment": unnamed})
    assert again.json()["code"] == "payment_on_statement"


def test_a_payment_of_the_desk_that_does_not_stand_gives_its_line_back(ledger: Ledger) -> None:
    """Its money is still somebody's: the line waits again, and the desk may take it down anew."""
    cashier, accountant = ledger.demo.sign_in_patient("cashier"), ledger.demo.sign_in_patient("accountant")
    line = next(each for each in ledger.lines(accountant, "MATCHED") if each["amount"] == 3100)
    reversing = accountant.post(f"/api/v1/payments/{line['payment']}/reverse", json={"reason": "WRONG_DWELLING"})
    assert reversing.status_code == 200, reversing.text
    waiting = next(each for each in ledger.lines(accountant) if each["amount"] == 3100)
    assert (waiting["id"], waiting["waiting"]) == (line["id"], "RETURNED")
    body = {"dwelling": str(ledger.dwellings["401"]), "amount": 3100, "method": "WECHAT", "reference": "42000D0001"}
    assert cashier.post("/api/v1/payments", json=body).status_code == 201


def test_the_account_that_money_is_on_is_no_number_of_a_payment(ledger: Ledger) -> None:
    """Somebody typed the end of our own account: that says nothing about which line it was."""
    cashier, accountant = ledger.demo.sign_in_patient("cashier"), ledger.demo.sign_in_patient("accountant")
    ledger.billed("602", 4100)
    body = {
        "dwelling": str(ledger.dwellings["602"]), "amount": 4100, "method": "BANK_TRANSFER",
        "reference": "168810000000123", "paid_on": "2026-10-05",
    }  # fmt: skip
    assert cashier.post("/api/v1/payments", json=body).status_code == 201
    ledger.demo.caught_up()
    seen = ledger.upload(accountant, files.ccb([Paid("F1", 4100, "谢谢")]).encode("gb18030"))
    assert seen["look"]["matched"] == [], seen["look"]


def test_an_unknown_layout_is_chosen_once_and_remembered(ledger: Ledger) -> None:
    accountant = ledger.demo.sign_in_patient("accountant")
    head = "流水,哪天,多少,谁,写了啥"
    seen = ledger.upload(accountant, f"{head}\nZ1,2026-10-05,1.00,邹老师,别的\n".encode())
    assert seen["standing"] == "UNREAD" and seen["table"]["rows"][seen["table"]["head"]][1] == "哪天"
    address = f"/api/v1/statements/{seen['id']}"
    assert accountant.post(f"{address}/confirm").json()["code"] == "statement_unread"
    assert accountant.post(f"{address}/columns", json={"head": 0, "at": 1}).json()["code"] == "mapping_money"
    chosen = accountant.post(
        f"{address}/columns", json={"head": 0, "at": 1, "amount": 2, "payer": 3, "remark": 4, "serial": 0}
    )
    assert chosen.status_code == 200 and chosen.json()["look"]["money_in"] == 100
    other = ledger.upload(accountant, f"{head}\nZ2,2026-10-06,2.00,林小姐,别的\n".encode())
    assert other["standing"] == "CHECKED" and other["look"]["lines"][0]["payer"] == "林**"
    assert accountant.post(f"/api/v1/statements/{other['id']}/discard").status_code == 204
    assert accountant.get(f"/api/v1/statements/{other['id']}").status_code == 404


def test_the_page_books_a_closed_month_s_money_today_and_another_estate_s_there(ledger: Ledger) -> None:
    demo, stream = ledger.demo, books_stream(FIRST)
    centre, other = demo.sign_in_patient("centre"), Ledger(demo, "91", SECOND)
    ledger.billed("601", 8100)
    other.billed("101", 8200)
    act = Act(uuid4(), Capacity.SYSTEM, demo.product.clock(), demo.product.clock())
    locked = Change(stream, BOOKS.name, 0, [MonthLocked(FIRST, "2026-02")], act, FIRST, stream)
    demo.product.log.append([locked])
    demo.caught_up()
    old, theirs = Paid("E1", 8100, "90-1-601", at="2026-02-05 08:30:00"), Paid("E2", 8200, "91-1-101")
    seen = ledger.upload(centre, files.wechat([old, theirs]).encode())
    assert {each["why"] for each in seen["look"]["waiting"]} == {"PERIOD_CLOSED", "NO_TRACE"}
    ledger.confirm(centre, seen["id"])
    page = centre.get(f"/statements/{FIRST}").text
    csrf = re.findall(r'name="csrf" value="([^"]*)"', page)[-1]
    assert page.count('name="today" value="yes"') == 2  # the suggestion, and the field beside it
    for amount, where, more in ((8100, "90-1-601", {"today": "yes"}), (8200, f"{ESTATES[SECOND]} 91-1-101", {})):
        line = next(each for each in ledger.lines(centre) if each["amount"] == amount)
        form = {"csrf": csrf, "key": f"k{amount}", "where": where} | more
        sent = centre.post(f"/statements/{FIRST}/lines/{line['id']}/match", data=form, follow_redirects=False)
        assert sent.status_code in (200, 303), sent.text
    [late] = ledger.account("601").payments.values()
    assert late.paid_on == local_date(demo.product.clock()) and ledger.account("601").open == 0
    assert other.account("101").open == 0


def test_a_month_that_closes_while_a_file_is_taken_over_gets_none_of_its_money(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo, stream, log = ledger.demo, books_stream(SECOND), ledger.demo.product.log
    centre, home = demo.sign_in_patient("centre"), Ledger(demo, "92", SECOND)
    home.billed("101", 8300)
    demo.caught_up()
    seen = home.upload(centre, files.wechat([Paid("F1", 8300, "92-1-101", at="2026-02-05 08:30:00")]).encode())
    assert [each["lines"] for each in seen["look"]["matched"]] == [1]
    act = Act(uuid4(), Capacity.SYSTEM, demo.product.clock(), demo.product.clock())
    locked = Change(stream, BOOKS.name, 0, [MonthLocked(SECOND, "2026-02")], act, SECOND, stream)
    prepare = log.prepared

    def closing_meanwhile(changes: Sequence[Change], *more: Any) -> Prepared:
        prepared = prepare(changes, *more)
        if any(isinstance(event, PaymentRecorded) for change in changes for event in change.events):
            log.append([locked])
        return prepared

    monkeypatch.setattr(log, "prepared", closing_meanwhile)
    home.confirm(centre, seen["id"])
    assert home.account("101").payments == {}
    assert [each["waiting"] for each in home.lines(centre) if each["amount"] == 8300] == ["PERIOD_CLOSED"]


def test_who_may_do_what(ledger: Ledger) -> None:
    demo = ledger.demo
    place = f"/api/v1/estates/{FIRST}/statements"
    assert demo.sign_in("cashier").post(place, files={"statement": b"x"}).status_code == 403
    assert demo.sign_in("clerk").get(place).status_code == 403
    assert (
        demo.sign_in("accountant").post("/api/v1/estates/999/statements", files={"statement": b"x"}).status_code == 404
    )
    assert demo.sign_in("accountant").post(place).json()["code"] == "statement_no_file"
    assert demo.sign_in("cashier").get(f"/api/v1/estates/{FIRST}/statement-lines").status_code == 200
    reference = demo.sign_in("cashier").get(f"/api/v1/dwellings/{ledger.dwellings['101']}/payment-reference").json()
    assert reference == {"reference": payment_reference(ledger.dwellings["101"])}


def test_files_that_do_not_foot_are_refused_with_both_figures(ledger: Ledger) -> None:
    accountant = ledger.demo.sign_in("accountant")
    file = files.wechat([Paid("C1", 100)], total=101).encode()
    answer = accountant.post(f"/api/v1/estates/{FIRST}/statements", files={"statement": file})
    assert answer.status_code == 422 and "1.01" in answer.json()["detail"] and "1.00" in answer.json()["detail"]


def test_who_paid_stands_nowhere_in_the_clear(ledger: Ledger) -> None:
    with ledger.demo.product.database.follower.connection() as conn:
        for said in ("oPayer101", "90栋1单元202"):
            found = conn.execute(
                "SELECT count(*) FROM log.stored_events WHERE convert_from(state, 'UTF8') LIKE %s", (f"%{said}%",)
            ).fetchone()
            assert found == (0,)


def test_one_account_and_one_line_that_cannot_be_read_stop_no_file(ledger: Ledger) -> None:
    """Their own lines wait or stay as they are; nothing is booked twice, and everybody else's money is taken."""
    product, client = ledger.demo.product, ledger.demo.sign_in_patient("accountant")
    for room in ("901", "902", "903"):
        ledger.billed(room, 7700)
    ledger.demo.caught_up()
    old = Paid("U1", 7700, "90-1-901 物业费", "oPayer901")
    ledger.confirm(client, ledger.upload(client, files.gz(files.wechat([old]).encode()))["id"])
    (line,) = [each for each in ledger.lines(client, "MATCHED") if each["dwelling"] == str(ledger.dwellings["901"])]
    log, last = product.log, product.log.last_position()
    streams = [UUID(line["id"]), fee_account_stream(ledger.dwellings["902"])]
    damaged = Damaged(ledger.demo.url)
    for stream in streams:
        damaged.spoil(log.reading_of([stream], last).events[0].position, Random(1), "empty")
    log._known.forget(streams)
    more = [old, Paid("U2", 7700, "90-1-902 物业费", "oPayer902"), Paid("U3", 7700, "90-1-903 物业费", "oPayer903")]
    ledger.confirm(client, ledger.upload(client, files.gz(files.wechat(more).encode()))["id"])
    assert [payment.amount for payment in ledger.account("901").payments.values()] == [7700]
    assert [payment.amount for payment in ledger.account("903").payments.values()] == [7700]
    refused = client.get(f"/api/v1/accounts/{ledger.dwellings['902']}")
    assert (refused.status_code, refused.json()["code"]) == (409, "unreadable")
    assert client.get(f"/api/v1/estates/{FIRST}/statements").status_code == 200
    assert len(ledger.lines(client)) >= 1  # U2 waits for somebody
    damaged.mend()
    log._known.forget(streams)
    assert ledger.account("902").payments == {}
