"""The demo's three years of fees: by the rules, in the order of time, gapless, and shown as the log has them."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from domain.arrears.overdue import DunningStep, Rest
from domain.calendar import local_date
from domain.fees.fee_account import (
    FEE_ACCOUNT,
    BillIssued,
    InvoiceStage,
    PrepaymentDrawn,
    PrepaymentHeld,
    fee_account_stream,
)
from domain.money.items import FeeItem
from domain.money.tax import check_number
from projections.arrears import overdue as arrears
from projections.catalogue import VIEWS
from projections.fees import accounts, bills, invoices, payments
from projections.register import dwellings
from services.arrears.plans import CALENDAR
from services.product import Product
from services.running.checking.of_log import check_log
from tests.clock import PATIENCE
from tests.conftest import FIRST, SECOND, a_product
from tests.templates import Templates

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def product(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    data: Path = tmp_path_factory.mktemp("fees")
    with a_product(templates.years(data), data) as made:
        last = made.log.last_position()
        assert all(made.positions.wait(view.name, last, PATIENCE) for view in VIEWS)
        yield made


def test_two_estates_of_some_three_hundred_dwellings(product: Product) -> None:
    for estate in (FIRST, SECOND):
        with product.database.lend(frozenset({estate})) as conn:
            homes = dwellings.of_estate(conn, estate)
            assert 280 <= len(homes) <= 330
            assert all(home.owner and home.owner_name for home in homes)
            assert len({row.since for row in bills.of_dwelling(conn, homes[0].dwelling)}) >= 12


def test_what_is_shown_is_what_the_log_folds_to(product: Product) -> None:
    with product.database.lend(frozenset({FIRST})) as conn:
        homes = dwellings.of_estate(conn, FIRST)[::40]
        shown = accounts.of_dwellings(conn, [home.dwelling for home in homes])
    for home in homes:
        state = product.log.load(FEE_ACCOUNT, fee_account_stream(home.dwelling)).state
        row = shown[home.dwelling]
        assert (row.open, row.held, row.balance) == (state.open, state.prepaid + state.overpaid, state.balance)


def test_inv_47_nobody_in_the_demo_has_paid_more_than_twelve_months_in_advance(product: Product) -> None:
    """Counted from the events alone: a quarter's bills tell what a month costs."""
    found = 0
    for estate in (FIRST, SECOND):
        with product.database.lend(frozenset({estate})) as conn:
            accounts_held = [row.dwelling for row in dwellings.of_estate(conn, estate)]
        for home in accounts_held:
            held, quarters = 0, dict[FeeItem, int]()
            for recorded in product.log.history(fee_account_stream(home)):
                match recorded.event:
                    case BillIssued(item=item, amount=amount):
                        quarters[item] = amount
                    case PrepaymentHeld(_, amount):
                        held, found = held + amount, found + 1
                        assert held <= 4 * sum(quarters.values())
                    case PrepaymentDrawn(draws):
                        held -= sum(each.amount for each in draws)
    assert found > 50


def test_receipts_have_no_gap_and_come_in_the_order_of_days(product: Product) -> None:
    with product.database.lend(frozenset({FIRST})) as conn:
        found = payments.of_days(conn, FIRST, date(2020, 1, 1), date.max)
    by_year: dict[str, list[int]] = {}
    for row in found:
        year, number = row.receipt.split("-")
        by_year.setdefault(year, []).append(int(number))
    assert all(sorted(numbers) == list(range(1, len(numbers) + 1)) for numbers in by_year.values())
    assert len(found) > 3000


def test_some_wanted_invoices_at_every_stage(product: Product) -> None:
    with product.database.lend(frozenset({FIRST})) as conn:
        found = {stage: invoices.listed(conn, FIRST, stage, 100) for stage in InvoiceStage}
        out = invoices.made_out(conn, found[InvoiceStage.REVERSED])
    assert found[InvoiceStage.REQUESTED] and found[InvoiceStage.ISSUED] and found[InvoiceStage.REVERSED]
    for row in (*found[InvoiceStage.ISSUED], *found[InvoiceStage.REVERSED]):
        assert row.issued_on is not None and check_number(row.number or "", row.issued_on) == row.number
    assert all(history.title and history.because for history in out.values())


def test_debtors_stand_on_every_step_of_the_ladder_or_are_let_be(product: Product) -> None:
    today = local_date(product.clock())
    with product.database.lend(frozenset({FIRST})) as conn:
        cases = arrears.cases(conn, FIRST, today, CALENDAR)
    steps = {step for case in cases for step in case.debtor.ready(today)}
    assert steps >= {DunningStep.REMIND, DunningStep.WRITE, DunningStep.SUE}
    assert {rest for case in cases for rest in case.debtor.rests} == {
        Rest.HARDSHIP, Rest.DISPUTED, Rest.INSTALMENTS,
    }  # fmt: skip


def test_the_log_is_whole_and_told_in_the_order_of_time(product: Product) -> None:
    assert list(check_log(product.database)) == []
    history = product.log.read(0, 60_000)
    assert all(before.act.recorded_at <= after.act.recorded_at for before, after in pairwise(history))
