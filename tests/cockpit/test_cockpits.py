"""The cockpit: every figure is what the accounts in the log add up to, and each opens the cases it is made of."""

import itertools
import re
from datetime import date
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from domain.fees.fee_account import FEE_ACCOUNT, FeeAccount
from domain.months import month_of
from projections.cockpit import collection
from services.cockpit.figures import CHART_HEIGHT, MonthSum, axis, bars, cockpit, share
from tests.conftest import FIRST, SECOND, Demo
from tests.fees.lives import lives
from tests.fees.log import append

TODAY = date(2026, 3, 10)
NUMBERS = itertools.count(100)
STATES: dict[str, list[tuple[str, FeeAccount]]] = {FIRST: [], SECOND: []}


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data(), st.sampled_from([FIRST, SECOND]), st.sampled_from(["3", "5"]))
def test_1_every_figure_is_the_fold_of_the_log(demo: Demo, data: st.DataObject, estate: str, building: str) -> None:
    number = next(NUMBERS)
    happened = data.draw(lives(number, building, estate=estate))
    append(demo.product, estate, UUID(int=number + 1), happened)
    STATES[estate].append((building, FEE_ACCOUNT.fold(happened)))
    demo.caught_up()
    for estates in ([FIRST], [SECOND], [FIRST, SECOND]):
        with demo.product.database.lend([FIRST, SECOND]) as conn:
            rows = collection.collected(conn, estates, "2020-01", "2030-12")
            aged = collection.aged(conn, estates, TODAY)
            held = collection.held(conn, estates)
            taken = collection.taken(conn, estates, date(2020, 1, 1), date(2030, 1, 1))
        mine = [(place, state) for each in estates for place, state in STATES[each]]
        bills = [(place, bill) for place, state in mine for bill in state.bills.values() if not bill.voided]
        payments = [pay for _, state in mine for pay in state.payments.values()]
        for place in ("3", "5"):
            here = [bill for building, bill in bills if building == place]
            for month in {month_of(bill.since) for bill in here}:
                sums = collection.totals([row for row in rows if (row.building, row.month) == (place, month)])
                then = [bill for bill in here if month_of(bill.since) == month]
                assert sums.billed == sum(bill.amount for bill in then)
                assert (sums.paid, sums.open) == (sum(bill.paid for bill in then), sum(bill.open for bill in then))
        whole = collection.totals(rows)
        assert whole.open == sum(state.open for _, state in mine) == sum(each.amount for each in aged)
        assert sum(each.held for each in held) == sum(state.prepaid + state.overpaid for _, state in mine)
        waiting = {each.payment for _, state in mine for each in state.refunds.values() if each.pending}
        assert sum(each.refunds for each in held) == len(waiting)
        assert sum(each.amount for each in taken) == sum(pay.amount for pay in payments if not pay.reversed)


def test_2_the_cockpit_adds_up(demo: Demo) -> None:
    with demo.product.database.lend([FIRST, SECOND]) as conn:
        both = cockpit(conn, [FIRST, SECOND], TODAY)
        parts = [cockpit(conn, [estate], TODAY) for estate in (FIRST, SECOND)]
    for name in ("open_this_year", "received_this_month", "overdue", "overdue_bills", "held", "refunds_waiting"):
        assert getattr(both, name) == sum(getattr(part, name) for part in parts), name
    assert sum(each.open for each in both.estates) == both.open_this_year == sum(each.open for each in both.buildings)
    assert both.overdue == sum(each.amount for each in both.ages if each.age is not None)
    assert [each.month for each in both.months][-1] == "2026-03" and len(both.months) == 12


def test_2_the_rate_counts_bills_that_are_due_and_last_years_stands_beside_it(demo: Demo) -> None:
    """Reckoned anew from the accounts: what is due by today, of this year and of the one before."""
    with demo.product.database.lend([FIRST, SECOND]) as conn:
        told = cockpit(conn, [FIRST, SECOND], TODAY)
        later = cockpit(conn, [FIRST, SECOND], date(2027, 12, 31))
    bills = [bill for each in STATES.values() for _, state in each for bill in state.bills.values() if not bill.voided]
    assert bills

    def rate(year: int, day: date) -> int | None:
        mine = [
            bill
            for bill in bills
            if bill.since.year == year and month_of(bill.since) <= month_of(day) and bill.due <= day
        ]
        due = sum(bill.amount - bill.waived for bill in mine)
        return sum(bill.paid for bill in mine) * 10_000 // due if due > 0 else None

    assert (told.rate, told.rate_before) == (rate(2026, TODAY), rate(2025, TODAY))
    assert later.rate_before == rate(2026, date(2027, 12, 31))
    open_now = sum(bill.open for bill in bills if "2026-01" <= month_of(bill.since) <= "2026-03" and bill.due <= TODAY)
    assert told.open_this_year == open_now


def cockpit_of(client: TestClient, **query: str) -> Any:
    answer = client.get("/api/v1/cockpit", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_3_who_sees_it(demo: Demo) -> None:
    one = cockpit_of(demo.sign_in("cashier"), estate=FIRST)
    assert len(one["estates"]) == 1 and one["estates"][0]["estate"] == FIRST
    assert [each["estate"] for each in cockpit_of(demo.sign_in("centre"))["estates"]] == [FIRST, SECOND]
    assert cockpit_of(demo.sign_in("committee"), estate=FIRST)["overdue"] == one["overdue"]
    assert demo.sign_in("cashier").get("/api/v1/cockpit", params={"estate": SECOND}).status_code == 404
    for username in ("repairer", "clerk", "admin"):
        assert demo.sign_in(username).get("/api/v1/cockpit").status_code == 403


def test_4_each_figure_opens_cases_that_add_up_to_it(demo: Demo) -> None:
    accountant = demo.sign_in("accountant")
    page = accountant.get(f"/cockpit/{FIRST}")
    assert page.status_code == 200 and page.text.count("/cases/") >= 6
    overdue = accountant.get(f"/cockpit/{FIRST}/cases/overdue")
    amount = cockpit_of(accountant, estate=FIRST)["overdue"]
    assert overdue.status_code == 200 and f"{amount // 100:,}.{amount % 100:02d}" in overdue.text
    for case in ("open", "month", "today", "held", "refunds"):
        assert accountant.get(f"/cockpit/{FIRST}/cases/{case}").status_code == 200
    narrowed = accountant.get(f"/cockpit/{FIRST}/cases/open", params={"building": "3", "month": "2026-01"})
    assert narrowed.status_code == 200
    for path in ("cases/none", "cases/open?month=2026-13"):
        assert accountant.get(f"/cockpit/{FIRST}/{path}").status_code == 404
    assert accountant.get(f"/cockpit/{SECOND}").status_code == 404


def test_5_the_committee_sees_totals_and_nobody(demo: Demo) -> None:
    committee = demo.sign_in("committee")
    for path in (f"/cockpit/{FIRST}", f"/cockpit/{FIRST}?wall=1", f"/closing/{FIRST}"):
        page = committee.get(path)
        assert page.status_code == 200, path
        assert not re.search(r"/cases/|/accounts/", page.text)
    assert committee.get(f"/cockpit/{FIRST}/cases/overdue").status_code == 403
    assert committee.get(f"/closing/{FIRST}/2026-01.xlsx").status_code == 403


def test_6_a_month_is_closed_on_its_page(demo: Demo) -> None:
    client = demo.client()
    form = {"username": "accountant", "password": demo.passwords["accountant"]}
    client.post("/sign-in", data=form, headers={"Origin": "http://station.test"})
    assert 'name="seen"' not in client.get(f"/closing/{FIRST}").text  # first one looks
    page = client.get(f"/closing/{FIRST}?look=1").text
    fields = {n: re.findall(rf'name="{n}" value="([^"]*)"', page)[-1] for n in ("csrf", "key", "month", "seen")}
    blind = client.post(f"/closing/{FIRST}", data=fields | {"seen": ""}, follow_redirects=False)
    assert (blind.status_code, fields["seen"] in blind.text) == (409, True)  # the figures, to be looked at
    sent = client.post(f"/closing/{FIRST}", data=fields, follow_redirects=False)
    assert sent.status_code == 303, sent.text
    demo.caught_up()
    page = client.get(f"/closing/{FIRST}").text
    assert f"/closing/{FIRST}/{fields['month']}.xlsx" in page
    assert client.get(f"/closing/{FIRST}/{fields['month']}.xlsx").content[:2] == b"PK"
    early = client.post(f"/closing/{FIRST}", data=fields | {"key": "k2", "month": "2099-01"}, follow_redirects=False)
    assert early.status_code == 409


@given(st.lists(st.tuples(st.integers(0, 10**11), st.integers(0, 10**11)), max_size=12))
def test_bars_stay_on_the_chart_and_in_proportion(sums: list[tuple[int, int]]) -> None:
    months = [MonthSum("2026-01", billed, min(paid, billed), 0, 0, None) for billed, paid in sums]
    for bar in bars(months):
        assert bar.due_y >= 0 and bar.due_y + bar.due_height == CHART_HEIGHT == bar.paid_y + bar.paid_height
        assert bar.paid_height <= bar.due_height


@given(st.lists(st.tuples(st.integers(0, 10**11), st.integers(0, 10**11)), max_size=12))
def test_the_axis_has_a_few_round_amounts_and_no_bar_or_mark_stands_above_it(sums: list[tuple[int, int]]) -> None:
    months = [MonthSum("2026-01", billed, 0, 0, 0, None, before) for billed, before in sums]
    ticks = axis(months)
    most = max((amount for pair in sums for amount in pair), default=0)
    assert (ticks[0].amount, ticks[0].y, ticks[-1].y) == (0, CHART_HEIGHT, 0) and ticks[-1].amount >= most
    assert 2 <= len(ticks) <= 5 and ticks[-2].amount <= most  # the highest bar is above the last line but one
    step = ticks[1].amount
    assert str(step).rstrip("0") in ("1", "2", "5") and step % 100 == 0
    assert [tick.amount for tick in ticks] == [place * step for place in range(len(ticks))]
    assert all(0 <= bar.before_y <= CHART_HEIGHT for bar in bars(months))


@given(st.integers(-5, 10**11), st.integers(0, 10**11))
def test_a_share_is_between_nothing_and_all(part: int, whole: int) -> None:
    assert 0 <= float(share(part, whole)) <= 100


def test_a_rate_says_all_only_if_all_is_paid() -> None:
    assert collection.Totals(1_000_000, 999_999).rate == 9999
    assert collection.Totals(1_000_000, 900_000, 100_000).rate == 10_000
    assert collection.Totals().rate is None
