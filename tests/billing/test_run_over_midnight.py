"""A bill run that goes on over the end of a month dates nothing in it once it has closed."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from domain.books.books import BOOKS, MonthLocked, books_stream
from domain.calendar import local_date
from domain.capacity import Capacity
from domain.fees.fee_account import BillIssued
from domain.months import end_of, month_of
from domain.recorded import Act
from services.billing.runs import BillRuns
from services.log.event_log import Change, Prepared
from tests.billing.test_bill_runs import Estate, confirmed, prepare
from tests.conftest import FIRST, Demo


def test_bills_after_the_closing_are_of_the_next_month(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    product, estate = demo.product, Estate(demo).settle().charge()
    demo.caught_up()
    run = prepare(estate).json()
    now, log, stream = product.clock(), product.log, books_stream(FIRST)
    month, act = month_of(local_date(now)), Act(uuid4(), Capacity.SYSTEM, now, now)
    locked = Change(stream, BOOKS.name, 0, [MonthLocked(FIRST, month)], act, FIRST, stream)
    prepare_events = log.prepared

    def closing_meanwhile(changes: Sequence[Change], *more: Any) -> Prepared:
        prepared = prepare_events(changes, *more)
        bills = any(isinstance(event, BillIssued) for change in changes for event in change.events)
        if bills and not log.versions([stream])[stream]:
            monkeypatch.setattr(product.part(BillRuns), "_clock", lambda: now + timedelta(days=31))
            log.append([locked])
        return prepared

    monkeypatch.setattr(log, "prepared", closing_meanwhile)
    done = confirmed(estate, run["run"])
    assert (done["standing"], done["issued"]) == ("DONE", run["lines"])
    issued = [each for each in log.read(0, 5000) if isinstance(each.event, BillIssued)]
    assert len(issued) == run["lines"]
    assert all(local_date(each.act.occurred_at) >= end_of(month) for each in issued)
