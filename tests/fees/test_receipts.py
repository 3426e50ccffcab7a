"""What a receipt says comes from the facts of the moment at which the money was taken, and stays so."""

from dataclasses import replace
from datetime import date
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.fees import fee_account as fees
from domain.fees.fee_account import Basis
from domain.money.items import FeeItem
from domain.money.repair_costs import RepairCosts
from domain.recorded import Unreadable
from services.fees.paper import ReceiptPaper
from services.fees.receipt_tokens import ReceiptTokens
from services.fees.receipts import Wanted, receipt_papers, reckoning
from services.words.sentences import say
from tests.conftest import FIRST, SECOND, Demo
from tests.fees.examples import EVENTS
from tests.fees.fee_ground import bill, carried_out, opened, payment
from tests.machine.damage import Damaged
from tests.machine.test_paper import codes, sizes, texts
from tests.settled import settled

PAID_ON = date(2026, 11, 20)
ISSUED = next(event for event in EVENTS if isinstance(event, fees.BillIssued))
ORIGIN = "https://jinlin.example.org"


def paper(demo: Demo, dwelling: UUID, of: UUID, language: str = "zh") -> ReceiptPaper:
    (found,) = receipt_papers(demo.product, frozenset({FIRST}), [Wanted(dwelling, of)], language, ORIGIN)
    return found


def test_a_receipt_says_what_the_money_went_to(demo: Demo) -> None:
    dwelling, payer = opened(demo.product, FIRST), uuid4()
    fee = bill(payer)
    parking = bill(payer, 80_00, item=FeeItem.PARKING, basis=Basis(area=100, unit_price=800_000, months=1))
    new = payment(payer, 800_00, PAID_ON, receipt="2026-000007")
    carried_out(demo.product, dwelling, fee, parking, new)
    found = paper(demo, dwelling, new.payment)
    assert (found.number, found.amount, found.paid_on, found.method) == ("2026-000007", 800_00, PAID_ON, "微信")
    assert sum(line.amount for line in found.lines) == 800_00
    said = {line.item: line for line in found.lines}
    assert said["物业服务费"].reckoning == "89.37 m² × 0.60 元 × 12 个月"
    assert said["物业服务费"].span == "2026.01–2026.12"
    assert said["车位费"].reckoning == "1 个 × 80.00 元 × 1 个月"
    assert said["预收款"].amount == 800_00 - 643_46 - 80_00
    token = found.verify.removeprefix(f"{ORIGIN}/verify/")
    assert ReceiptTokens(demo.product.secret).read(token) == (dwelling, new.payment)


def test_receipts_of_other_accounts_are_printed_where_one_cannot_be_read(demo: Demo) -> None:
    taken = []
    for _ in range(2):
        dwelling, payer = opened(demo.product, FIRST), uuid4()
        new = payment(payer, 100, PAID_ON)
        carried_out(demo.product, dwelling, bill(payer), new)
        taken.append(Wanted(dwelling, new.payment))
    demo.caught_up()  # a view that met what is spoilt would stand there for good
    damaged = Damaged(demo.url)
    damaged.spoil(demo.product.log.last_position(), Random(1), "empty")
    mine = frozenset({FIRST})
    assert len(receipt_papers(demo.product, mine, taken, "zh", ORIGIN)) == 1
    with pytest.raises(Unreadable):
        receipt_papers(demo.product, mine, taken[1:], "zh", ORIGIN)
    damaged.mend()
    assert len(receipt_papers(demo.product, mine, taken, "zh", ORIGIN)) == 2


def test_it_reads_the_same_when_its_money_has_gone_elsewhere_since(demo: Demo) -> None:
    dwelling, payer = opened(demo.product, FIRST), uuid4()
    new = payment(payer, 643_46, PAID_ON)
    carried_out(demo.product, dwelling, new)
    before = paper(demo, dwelling, new.payment)
    fee = bill(payer)
    carried_out(demo.product, dwelling, fee, fees.DrawPrepayment(fee.due))
    assert paper(demo, dwelling, new.payment) == before
    assert [line.item for line in before.lines] == ["预收款"]


def test_part_of_a_bill_is_told_as_a_part(demo: Demo) -> None:
    dwelling, payer = opened(demo.product, FIRST), uuid4()
    new = payment(payer, 100_00, PAID_ON)
    carried_out(demo.product, dwelling, bill(payer), new)
    (line,) = paper(demo, dwelling, new.payment).lines
    assert line.amount == 100_00 and line.reckoning.endswith("账单 643.46 的一部分")


def test_a_reversed_payment_prints_as_void(demo: Demo) -> None:
    dwelling, payer = opened(demo.product, FIRST), uuid4()
    new = payment(payer, 1_00, PAID_ON)
    carried_out(demo.product, dwelling, new, fees.ReversePayment(new.payment, fees.ReversalReason.BOUNCED))
    assert paper(demo, dwelling, new.payment).void


def test_many_come_in_the_order_asked_for_and_none_of_other_estates(demo: Demo) -> None:
    wanted = []
    for n in range(5):
        dwelling, payer = opened(demo.product, FIRST if n != 2 else SECOND), uuid4()
        new = payment(payer, 100 + n, PAID_ON, receipt=f"2026-{n:06d}")
        carried_out(demo.product, dwelling, new)
        wanted.append(Wanted(dwelling, new.payment))
    found = receipt_papers(demo.product, frozenset({FIRST}), wanted[::-1], "en", ORIGIN)
    assert [each.number for each in found] == ["2026-000004", "2026-000003", "2026-000001", "2026-000000"]
    assert receipt_papers(demo.product, frozenset({FIRST}), [Wanted(wanted[0].dwelling, uuid4())], "zh", ORIGIN) == []


@pytest.mark.parametrize(
    ("basis", "words"),
    [
        (Basis(), ""),
        (Basis(area=8937, unit_price=6000, months=12), "89.37 m² × 0.60 元 × 12 个月"),
        (Basis(area=8900, unit_price=12_345, months=1, factor=7000), "89.00 m² × 1.2345 元 × 1 个月 × 0.70"),
        (Basis(area=8937, unit_price=6000, days=17, of_days=30), "89.37 m² × 0.60 元 × 17/30 个月"),
        (Basis(area=8937, unit_price=6000, months=2, days=3, of_days=31), "89.37 m² × 0.60 元 × (2 + 3/31) 个月"),
        (
            Basis(area=8937, unit_price=6000, months=12, whole=643_46, share_days=170, share_of=365),
            "89.37 m² × 0.60 元 × 12 个月，按天 170/365",
        ),
    ],
)
def test_how_an_amount_came_about(basis: Basis, words: str) -> None:
    assert reckoning("zh", replace(ISSUED, basis=basis)) == words


def test_how_a_single_charge_came_about() -> None:
    cards = replace(ISSUED, item=FeeItem.KEY_CARD, basis=Basis(area=100, unit_price=150_000, months=1, quantity=2))
    assert reckoning("zh", cards) == "2 个 × 15.00 元"
    costs = RepairCosts(labour=8000, material=3500)
    repair = replace(ISSUED, item=FeeItem.IN_HOME_REPAIR, basis=Basis(), amount=11500, costs=costs)
    assert reckoning("zh", repair) == "人工 80.00、材料 35.00"


def paid(demo: Demo, estate: str = FIRST, number: str = "2026-000123", day: date = PAID_ON) -> UUID:
    dwelling, payer = opened(demo.product, estate), uuid4()
    new = payment(payer, 643_46, day, receipt=number)
    carried_out(demo.product, dwelling, new)
    demo.caught_up()
    return new.payment


def test_a_receipt_comes_as_a_pdf_whose_code_is_checked_on_the_page(demo: Demo) -> None:
    of, cashier = paid(demo), demo.sign_in("cashier")
    for size, width in (("A5", 210), ("80mm", 80)):
        answer = cashier.get(f"/api/v1/payments/{of}/receipt.pdf", params={"size": size})
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["content-disposition"] == 'inline; filename="receipt-2026-000123.pdf"'
        assert answer.headers["cache-control"] == "no-store"
        assert sizes(answer.content)[0][0] == width
        (address,) = codes(answer.content)
        assert address.startswith("http://station.test/verify/")
        page = demo.client().get(address.removeprefix("http://station.test"))
        assert page.status_code == 200 and "这张收据有效" in page.text and "2026-000123" in page.text


@pytest.mark.parametrize(
    ("settings", "leads", "told"),
    [
        ({"public_url": None}, "http://127.0.0.1:8000", True),
        ({"public_url": None, "host": "0.0.0.0"}, "http://127.0.0.1:8000", True),
        ({"public_url": None, "host": "192.168.1.9"}, "http://192.168.1.9:8000", False),
        ({"public_url": "https://jinlin.example"}, "https://jinlin.example", False),
    ],
)
def test_who_prints_is_told_that_a_code_opens_here_only(
    demo: Demo, settings: dict[str, Any], leads: str, told: bool
) -> None:
    of, there = paid(demo), settled(demo, **settings)
    cashier, admin = there.sign_in("cashier"), there.sign_in("admin")
    for path in (f"/fees/{FIRST}", f"/payments/{of}"):
        assert (say("zh", "desk-code-here-only") in cashier.get(path).text) is told, path
    (code,) = codes(cashier.get(f"/api/v1/payments/{of}/receipt.pdf").content)
    assert code.startswith(f"{leads}/verify/")  # for the station's own desk, if for nobody else
    page, set_by_hand = admin.get("/admin/views").text, settings["public_url"] is not None
    how = "views-address-here-only" if told else "views-address-fixed" if set_by_hand else "views-address-open"
    assert leads in page and say("zh", how) in page


def test_a_day_of_receipts_is_one_file_in_the_order_of_their_numbers(demo: Demo) -> None:
    day, cashier = date(2001, 5, 5), demo.sign_in("cashier")
    for number in ("2026-000502", "2026-000501", "2026-000503"):
        paid(demo, number=number, day=day)
    paid(demo, SECOND, "2026-000001", day)
    where = f"/api/v1/estates/{FIRST}/receipts.pdf"
    answer = cashier.get(where, params={"day": day.isoformat(), "again": True})
    assert answer.status_code == 200, answer.text
    pages = texts(answer.content)
    assert [page.count(f"2026-00050{n}") > 0 for n, page in enumerate(pages, 1)] == [True] * 3
    assert all("补打" in page for page in pages)
    for never in ("2001-01-01", "9999-12-31"):
        empty = cashier.get(where, params={"day": never})
        assert (empty.status_code, empty.json()["code"]) == (409, "receipts_none")
    desk = f"/fees/{FIRST}/receipts.pdf"  # the same from the fee desk, where what is wrong is said on a page
    slips = cashier.get(desk, params={"day": day.isoformat(), "size": "80mm"})
    assert [width for width, _ in sizes(slips.content)] == [80] * 3
    for said, status, words in (("2001-01-01", 409, "这一天没有收款"), ("x", 422, "")):
        page = cashier.get(desk, params={"day": said}, headers={"Accept": "text/html"})
        assert page.status_code == status and "<html" in page.text and words in page.text
    assert cashier.get(f"/fees/{SECOND}/receipts.pdf").status_code == 404


def test_who_prints_and_what(demo: Demo) -> None:
    mine, theirs = paid(demo), paid(demo, SECOND)
    for username, status in (("cashier", 200), ("accountant", 200), ("head", 200), ("clerk", 403), ("committee", 403)):
        client = demo.sign_in(username)
        assert client.get(f"/api/v1/payments/{mine}/receipt.pdf").status_code == status, username
    cashier = demo.sign_in("cashier")
    assert cashier.get(f"/api/v1/payments/{theirs}/receipt.pdf").status_code == 404
    assert cashier.get(f"/api/v1/payments/{uuid4()}/receipt.pdf").status_code == 404
    assert cashier.get(f"/api/v1/payments/{mine}/receipt.pdf", params={"size": "A4"}).status_code == 422
    assert cashier.get(f"/api/v1/estates/{SECOND}/receipts.pdf", params={"day": "2026-11-20"}).status_code == 404
    assert cashier.get(f"/api/v1/estates/{FIRST}/receipts.pdf", params={"day": "yesterday"}).status_code == 422
    assert demo.client().get(f"/api/v1/payments/{mine}/receipt.pdf").status_code == 401
