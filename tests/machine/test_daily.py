"""What the passing of days brings: contracts live on by themselves, once, and one broken work stops no other."""

from contextlib import closing, suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from domain.calendar import local_date
from domain.contracts import fee_basis as basis
from domain.contracts.fee_basis import FEE_BASIS, ContractBecameIndefinite, ContractStage, FeeMode, fee_basis_stream
from services.contracts.plans import on_fee_basis
from services.database.database import Database
from services.product import Product
from services.running import daily
from services.running.daily import DAILY, Daily, look_after
from tests.conftest import FIRST, Demo
from tests.fees.till import Till


def test_a_term_that_runs_out_goes_on_by_itself_and_is_said_once(demo: Demo) -> None:
    today = local_date(demo.product.clock())
    signed = basis.SignContract(
        FIRST, uuid4(), "C-1", FeeMode.LUMP_SUM, today - timedelta(days=400), today - timedelta(days=1)
    )
    Till(demo).do("head", on_fee_basis(FIRST, signed))
    assert look_after(demo.product) and look_after(demo.product)
    stream = fee_basis_stream(FIRST)
    events = [recorded.event for recorded in demo.product.log.history(stream)]
    assert [type(event) for event in events].count(ContractBecameIndefinite) == 1
    assert demo.product.log.load(FEE_BASIS, stream).state.contracts[0].stage(today) is ContractStage.INDEFINITE


def test_one_process_looks_after_it_at_a_time(demo: Demo) -> None:
    with demo.product.database.app.connection() as conn, conn.transaction():
        conn.execute("SELECT pg_advisory_xact_lock(%s)", (daily._LOCK,))
        assert not look_after(demo.product)
    assert look_after(demo.product)


def test_the_lock_is_kept_however_long_the_work_lasts(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    free: list[Any] = []
    with closing(Database(demo.product.database.logins, idle=1.0)) as impatient:

        def longer_than_anybody_may_idle(product: Product, day: date) -> None:
            with suppress(psycopg.OperationalError), impatient.app.connection() as idle, idle.transaction():
                idle.execute("SELECT 1")
                list(idle.notifies(timeout=30))  # says nothing until the server ends it
                free.append("nobody was ended")
            with demo.product.database.app.connection() as conn:
                free.extend(conn.execute("SELECT pg_try_advisory_xact_lock(%s)", (daily._LOCK,)).fetchone() or ())

        monkeypatch.setattr(daily, "DAILY", (longer_than_anybody_may_idle,))
        assert look_after(replace(demo.product, database=impatient))
    assert free == [False]


def test_a_work_that_fails_stops_no_other(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[date] = []

    def broken(product: object, day: date) -> None:
        raise ValueError("broken")

    monkeypatch.setattr(daily, "DAILY", (broken, lambda product, day: done.append(day)))
    assert look_after(demo.product)
    assert done == [local_date(demo.product.clock())]


def test_it_runs_beside_the_product_and_ends_with_it(demo: Demo) -> None:
    assert DAILY
    with Daily(demo.product):
        pass
