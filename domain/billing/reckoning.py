"""From register, contract and prices to the lines of a bill run: pure, and the same whenever it is asked.

A line is one item of one dwelling for days on which contract, price list, use and vacancy are the same, for one payer.
Its amount is rounded once; where owners change inside it, the whole is rounded once and shared out by days.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple, TypeVar
from uuid import UUID

from domain.contracts.fee_basis import BasisSpan, Charged, Price
from domain.fees.fee_account import Basis, IssueBill
from domain.fees.pieces import USES, own_pieces
from domain.money.formula import ONE_UNIT, WHOLE, by_days, line_amount, months_between
from domain.money.items import FeeItem
from domain.register.dwelling import Dwelling

T = TypeVar("T")

# charged only to those who take it, or to what is nothing else
_OWN_ITEM = {use: item for item, use in USES.items()}


class Obstacle(Enum):
    """Otherwise a dwelling, or some days of it, gets no bill."""

    NO_PAYER = "NO_PAYER"
    NO_PRICE = "NO_PRICE"
    NO_AREA = "NO_AREA"


class ReckonedLine(NamedTuple):
    """A bill to be issued; fields as of ``IssueBill``."""

    dwelling: UUID
    item: FeeItem
    since: date
    until: date
    payer: UUID
    amount: int
    due: date
    basis: Basis
    contract: str
    clause: str
    schedule: UUID

    def issue(self, bill: UUID, number: str, run: UUID | None = None) -> IssueBill:
        """The command that makes it a bill."""
        return IssueBill(
            bill=bill,
            number=number,
            item=self.item,
            since=self.since,
            until=self.until,
            payer=self.payer,
            amount=self.amount,
            due=self.due,
            basis=self.basis,
            contract=self.contract,
            clause=self.clause,
            schedule=self.schedule,
            run=run,
        )


class Missing(NamedTuple):
    """What stands in the way of a bill, for days from ``since`` to ``until`` (excluded)."""

    dwelling: UUID
    obstacle: Obstacle
    item: FeeItem
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Reckoning:
    """All lines of a period, and what stands in the way of others."""

    lines: Sequence[ReckonedLine]
    missing: Sequence[Missing]

    @property
    def total(self) -> int:
        return sum(line.amount for line in self.lines)


Billed = Mapping[tuple[UUID, FeeItem], Sequence[tuple[date, date]]]


def reckoned(dwellings: Iterable[tuple[UUID, Dwelling]], spans: Sequence[BasisSpan], billed: Billed) -> Reckoning:
    """Lines for what is charged in ``spans`` and not yet ``billed``, in the order of ``dwellings``."""
    lines: list[ReckonedLine] = []
    missing: list[Missing] = []
    for id, dwelling in dwellings:
        if dwelling.withdrawn:
            continue
        for span in spans:
            for price, quantity, since, until in _charges(dwelling, span):
                days = _less((since, until), billed.get((id, price.item), ()))
                for begin, end in days:
                    for part in _reckon(id, dwelling, span, price, quantity, begin, end):
                        (lines if isinstance(part, ReckonedLine) else missing).append(part)  # type: ignore[arg-type]
            if (item := _unpriced(dwelling, span)) is not None:
                missing.append(Missing(id, Obstacle.NO_PRICE, item, span.since, span.until))
    return Reckoning(lines, missing)


def _charges(dwelling: Dwelling, span: BasisSpan) -> Iterator[tuple[Price, int, date, date]]:
    """Every price that applies, with how many of it, and the days of the span for which it does.

    What a dwelling is itself and what it takes besides of the same item are one charge: an item is billed once a day.
    """
    for price in span.schedule.prices:
        if dwelling.use not in price.uses or price.charged is Charged.PER_PIECE:
            continue
        own = own_pieces(price.item, dwelling.use)
        taken = [
            (max(each.since, span.since), min(each.until or span.until, span.until), each.quantity)
            for each in (dwelling.services if price.item in USES else ())
            if each.item is price.item
        ]
        days = {span.since, span.until, *(day for since, until, _ in taken if since < until for day in (since, until))}
        counted = (
            (own + sum(quantity for since, until, quantity in taken if since <= begin < until), begin, end)
            for begin, end in pairwise(sorted(days))
        )
        for pieces, begin, end in _joined(counted):
            if pieces:
                yield price, pieces, begin, end


def _unpriced(dwelling: Dwelling, span: BasisSpan) -> FeeItem | None:
    """What is charged for something of this use, where no price applies to it.

    A parking space or a storage room is nobody's omission where the estate charges for none of them.
    """
    item = _OWN_ITEM.get(dwelling.use, FeeItem.PROPERTY_FEE)
    if span.schedule.price(item, dwelling.use) is not None or any(True for _ in _charges(dwelling, span)):
        return None
    may_be_free = item in (FeeItem.PARKING, FeeItem.STORAGE)
    return None if may_be_free and all(price.item is not item for price in span.schedule.prices) else item


def _reckon(
    id: UUID, dwelling: Dwelling, span: BasisSpan, price: Price, quantity: int, since: date, until: date
) -> Iterator[ReckonedLine | Missing]:
    area = dwelling.chargeable_area if price.charged is Charged.PER_AREA else ONE_UNIT
    if area <= 0:
        yield Missing(id, Obstacle.NO_AREA, price.item, since, until)
        return
    terms, contract = span.contract.terms, span.contract
    for begin, end, vacant in _by_vacancy(dwelling, span, price, since, until):
        factor = terms.vacancy_factor if vacant else WHOLE
        months = months_between(begin, end)
        whole = line_amount(area * quantity, price.unit_price, months, factor)
        if not whole:
            continue
        clause = terms.vacancy_clause if vacant and terms.vacancy_clause else price.clause
        part = months - int(months)
        parts = _by_owner(dwelling, begin, end)
        due = end - timedelta(days=1) + timedelta(days=terms.payment_days)  # whoever owned it first owes no earlier
        shares = by_days(whole, [(last - first).days for _, first, last in parts])
        for (owner, first, last), amount in zip(parts, shares, strict=True):
            if owner is None:
                yield Missing(id, Obstacle.NO_PAYER, price.item, first, last)
            elif amount:
                split = len(parts) > 1
                basis = Basis(
                    area=area,
                    unit_price=price.unit_price,
                    months=int(months),
                    days=part.numerator,
                    of_days=part.denominator,
                    factor=factor,
                    quantity=quantity,
                    whole=whole if split else 0,
                    share_days=(last - first).days if split else 0,
                    share_of=(end - begin).days if split else 0,
                )
                yield ReckonedLine(
                    id, price.item, first, last, owner, amount, due, basis,
                    contract.number, clause, span.schedule.schedule,
                )  # fmt: skip


def _by_vacancy(
    dwelling: Dwelling, span: BasisSpan, price: Price, since: date, until: date
) -> Iterator[tuple[date, date, bool]]:
    """Days cut where the dwelling becomes vacant or lived in; all alike without a clause on it."""
    terms = span.contract.terms
    if price.item is not FeeItem.PROPERTY_FEE or not terms.vacancy_clause or terms.vacancy_factor == WHOLE:
        yield since, until, False
        return
    empty = [(each.since, each.until or date.max) for each in dwelling.vacancies]
    cuts = sorted({since, until, *(day for days in empty for day in days if since < day < until)})
    told = ((any(first <= begin < last for first, last in empty), begin, end) for begin, end in pairwise(cuts))
    for vacant, begin, end in _joined(told):
        yield begin, end, vacant


def _joined(parts: Iterable[tuple[T, date, date]]) -> list[tuple[T, date, date]]:
    """Days of which the same is told make one part, however many entries tell it."""
    found: list[tuple[T, date, date]] = []
    for said, begin, end in parts:
        if found and found[-1][0] == said and found[-1][2] == begin:
            begin = found.pop()[1]
        found.append((said, begin, end))
    return found


def _by_owner(dwelling: Dwelling, since: date, until: date) -> list[tuple[UUID | None, date, date]]:
    """Days with the owner of each part; ``None`` where nobody is known."""
    parts: list[tuple[UUID | None, date, date]] = []
    day = since
    for owner, begin, end in dwelling.owners_between(since, until):
        if day < begin:
            parts.append((None, day, begin))
        parts.append((owner, begin, end))
        day = end
    if day < until:
        parts.append((None, day, until))
    return _joined(parts)


def _less(days: tuple[date, date], taken: Sequence[tuple[date, date]]) -> Iterator[tuple[date, date]]:
    """What is left of a span without those in ``taken``."""
    day, until = days
    for begin, end in sorted(taken):
        if end <= day or begin >= until:
            continue
        if day < begin:
            yield day, begin
        day = max(day, end)
    if day < until:
        yield day, until


# -- beside the period before ---------------------------------------------------------------------------------------


class Otherwise(Enum):
    """Otherwise a dwelling is billed otherwise than the last time."""

    NEW = "NEW"
    GONE = "GONE"
    PRICE = "PRICE"
    AREA = "AREA"
    PAYER = "PAYER"
    VACANCY = "VACANCY"
    QUANTITY = "QUANTITY"
    PERIOD = "PERIOD"


class Before(NamedTuple):
    """A line of the period before."""

    dwelling: UUID
    item: FeeItem
    payer: UUID
    amount: int
    basis: Basis


class Difference(NamedTuple):
    """What a dwelling paid for an item in the period before and pays now, in fen, and why."""

    dwelling: UUID
    item: FeeItem
    before: int
    now: int
    why: tuple[Otherwise, ...]


def differences(
    lines: Iterable[ReckonedLine],
    before: Iterable[Before],
    months: Fraction | int = 1,
    months_before: Fraction | int = 1,
    billed: Container[tuple[UUID, FeeItem]] = (),
) -> list[Difference]:
    """Where this run, of so many ``months``, charges otherwise than the period before, in the order of the lines.

    That one is longer than the other is no difference of a dwelling whose lines last as long as their periods, nor
    is it that nothing is charged for what is ``billed`` already.
    """
    now: dict[tuple[UUID, FeeItem], list[ReckonedLine]] = {}
    past: dict[tuple[UUID, FeeItem], list[Before]] = {}
    for line in lines:
        now.setdefault((line.dwelling, line.item), []).append(line)
    for was in before:
        past.setdefault((was.dwelling, was.item), []).append(was)
    found = []
    for key in (*now, *(key for key in past if key not in now and key not in billed)):
        old, new = past.get(key, []), now.get(key, [])
        why = _why(old, new, months, months_before)
        if why:
            found.append(Difference(*key, sum(each.amount for each in old), sum(each.amount for each in new), why))
    return found


def _why(
    old: Sequence[Before], new: Sequence[ReckonedLine], months: Fraction | int, months_before: Fraction | int
) -> tuple[Otherwise, ...]:
    if not old or not new:
        return (Otherwise.NEW,) if new else (Otherwise.GONE,)
    was, now = [each.basis for each in old], [each.basis for each in new]
    compared = (
        (Otherwise.PRICE, {each.unit_price for each in was}, {each.unit_price for each in now}),
        (Otherwise.AREA, {each.area for each in was}, {each.area for each in now}),
        (Otherwise.QUANTITY, {each.quantity for each in was}, {each.quantity for each in now}),
        (Otherwise.VACANCY, {each.factor for each in was}, {each.factor for each in now}),
        (Otherwise.PAYER, {each.payer for each in old}, {each.payer for each in new}),
        (Otherwise.PERIOD, _parts_of(was, months_before), _parts_of(now, months)),
    )
    return tuple(why for why, before, after in compared if before != after)


def _parts_of(bases: Sequence[Basis], months: Fraction | int) -> set[Fraction]:
    """How long the lines last that do not last as long as their run."""
    lasting = {each.months + Fraction(each.days, each.of_days) for each in bases}
    return lasting - {Fraction(months)}
