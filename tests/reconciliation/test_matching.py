"""Whose money a line is: the order of evidence, no choice between equals, and suggestions for a person."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import SHANGHAI
from domain.fees.payment_reference import LENGTH, payment_reference, references_in
from domain.money.evidence import Evidence
from domain.reconciliation.line import Provider, Waiting
from services.reconciliation.formats import matching
from services.reconciliation.formats.entry import Entry
from services.reconciliation.formats.homes import Homes
from services.reconciliation.formats.matching import Book, Debts, Match, match, suggestions, traces_of

A, B, C = (UUID(int=n << 92) for n in (0x1111, 0x2222, 0x3333))
BILL_A, BILL_A2, BILL_B = UUID(int=1), UUID(int=2), UUID(int=3)
MARK = UUID(int=99)
ENTRY = Entry(2, Provider.BANK, "1", datetime(2026, 10, 5, tzinfo=SHANGHAI), 9500)
DEBTS = {A: Debts(((BILL_A, 9500), (BILL_A2, 500)), 1000), B: Debts(((BILL_B, 9500),)), C: Debts()}


HOMES: tuple[tuple[UUID, str, str | None, str], ...] = (
    (A, "3", "2", "501"),
    (B, "3", "1", "502"),
    (C, "P", None, "012"),
)


def book(**more: object) -> Book:
    known = Book(
        {payment_reference(each): each for each in (A, B, C)},
        {"20260101000100001": (A, BILL_A)},
        Homes(HOMES),
        {},
        DEBTS,
    )
    return replace(known, **more)  # type: ignore[arg-type]


def found(said: str, amount: int = 9500, mark: UUID | None = None, known: Book | None = None) -> Match | Waiting:
    entry = replace(ENTRY, remark=said, amount=amount)
    return match(entry, traces_of(entry), mark, known or book())


def test_our_own_reference_is_the_strongest() -> None:
    said = f"物业费{payment_reference(B)} 3-1-502"
    assert found(said) == Match(B, Evidence.OWN_REFERENCE)
    assert found(f"物业费{payment_reference(B)} 3-2-501") is Waiting.OTHER_HOME  # they contradict each other
    assert found(f"JL{payment_reference(A)[2:6].lower()}-{payment_reference(A)[6:]}", 123) == Match(
        A, Evidence.OWN_REFERENCE
    )
    entry = replace(ENTRY, reference=payment_reference(A))
    assert match(entry, traces_of(entry), None, book()) == Match(A, Evidence.OWN_REFERENCE)


def test_a_bill_s_number_names_the_bill() -> None:
    assert found("交 20260101-0001-00001 的钱") == Match(A, Evidence.BILL_NUMBER, (BILL_A,))
    assert found("20260101000100001", 500) == Match(A, Evidence.BILL_NUMBER, (BILL_A,))
    assert found("20260101000100002") is Waiting.NO_TRACE


@pytest.mark.parametrize(
    "said",
    [
        "3-2-501", "3栋2单元501", "3#2-501", "３栋２单元５０１", "物业费 3栋2单元501室 邹老师", "三栋二单元501",
        "03-02-501", "3号楼2单元501", "3幢2-501", "3 栋 2 单元 501", "3栋501", "3-501", "3#501", "2026-10-05 3-2-501",
    ],
)  # fmt: skip
def test_a_dwelling_in_every_common_spelling(said: str) -> None:
    assert found(said) == Match(A, Evidence.DWELLING_AND_AMOUNT)


@pytest.mark.parametrize("said", ["2026-10-05", "13-2-5012", "电话13905933501", "13-2-501", "3-2-5010", "物业费", ""])
def test_what_only_looks_like_one(said: str) -> None:
    assert found(said) is Waiting.NO_TRACE


def test_a_parking_space_is_a_place_too() -> None:
    assert found("P-012", 100) is Waiting.OTHER_AMOUNT


@pytest.mark.parametrize(
    ("amount", "bills"), [(10_000, ()), (9500, ()), (500, (BILL_A2,))], ids=["all", "the oldest", "a later one alone"]
)
def test_a_dwelling_needs_an_amount_that_is_open(amount: int, bills: tuple[UUID, ...]) -> None:
    assert found("3-2-501", amount) == Match(A, Evidence.DWELLING_AND_AMOUNT, bills)
    assert found("3-2-501", amount + 1) is Waiting.OTHER_AMOUNT


def test_an_earlier_payer_is_known_by_the_account_and_the_whole_sum() -> None:
    known = book(marks={MARK: frozenset({A})})
    assert found("谢谢", 10_000, MARK, known) == Match(A, Evidence.PAYER_AND_AMOUNT)
    assert found("谢谢", 9500, MARK, known) is Waiting.OTHER_AMOUNT
    assert found("谢谢", 9500, MARK, book(marks={MARK: frozenset({A, B})})) == Match(B, Evidence.PAYER_AND_AMOUNT)


def test_a_payer_never_overrules_a_home_that_was_named() -> None:
    known = book(marks={MARK: frozenset({B})})
    assert found("3-2-501", 1234, MARK, known) is Waiting.OTHER_AMOUNT


def test_equals_are_left_to_a_person() -> None:
    assert found(f"{payment_reference(A)} {payment_reference(B)}") is Waiting.SEVERAL
    assert found("3-2-501 3-1-502") is Waiting.SEVERAL
    same = Debts(((BILL_A, 9500),))
    known = book(marks={MARK: frozenset({A, B})}, debts={A: same, B: same})
    assert found("", 9500, MARK, known) is Waiting.SEVERAL


def test_more_than_may_be_prepaid_is_left_to_a_person() -> None:
    assert found(payment_reference(A), 11_000) == Match(A, Evidence.OWN_REFERENCE)
    assert found(payment_reference(A), 11_001) is Waiting.EXCESS


def test_money_that_went_out_is_never_matched() -> None:
    assert found(payment_reference(A), -9500) is Waiting.MONEY_OUT
    back = replace(ENTRY, amount=-9500, refund_of="1/")
    assert match(back, traces_of(back), None, book()) is Waiting.REFUND


def test_suggestions_say_why_and_are_at_most_three() -> None:
    entry = replace(ENTRY, remark="3-1-502")
    known = book(marks={MARK: frozenset({A})})
    assert suggestions(entry, traces_of(entry), MARK, known, [C, A]) == [
        (B, Evidence.DWELLING_AND_AMOUNT),
        (A, Evidence.PAYER_AND_AMOUNT),
        (C, None),
    ]
    many = [UUID(int=n) for n in range(10, 20)]
    assert len(suggestions(entry, traces_of(entry), MARK, known, many)) == 3


# -- for any line --------------------------------------------------------------------------------------------------

DWELLINGS = st.sampled_from([A, B, C])
SAYINGS = st.lists(
    st.one_of(
        DWELLINGS.map(payment_reference),
        st.sampled_from(["3-2-501", "3栋1单元502", "3栋501", "20260101-0001-00001", "物业费", "P-012", "2026-10-05"]),
        st.text(max_size=8),
    ),
    max_size=4,
).map(" ".join)
BOOKS = st.builds(
    lambda debts, marked: book(debts=debts, marks={MARK: frozenset(marked)}),
    st.dictionaries(
        DWELLINGS,
        st.builds(
            lambda amounts, room: Debts(tuple((UUID(int=n), each) for n, each in enumerate(amounts)), room),
            st.lists(st.integers(1, 5), max_size=3),
            st.integers(0, 5),
        ),
    ),
    st.sets(DWELLINGS),
)


@given(SAYINGS, st.integers(-3, 20), st.sampled_from([None, MARK]), BOOKS)
def test_a_match_is_a_candidate_fits_and_has_no_equal(said: str, amount: int, mark: UUID | None, known: Book) -> None:
    entry = replace(ENTRY, remark=said, amount=amount)
    traces = traces_of(entry)
    answer = match(entry, traces, mark, known)
    if isinstance(answer, Waiting):
        return
    debts = known.debts.get(answer.dwelling, Debts())
    assert amount > 0
    assert answer.dwelling in matching.candidates_of(traces, mark, known)
    assert amount <= debts.total + debts.room
    if answer.evidence in (Evidence.DWELLING_AND_AMOUNT, Evidence.PAYER_AND_AMOUNT):
        assert debts.fits(amount)
        named = known.homes.named_in(traces.said)
        rivals = named if answer.evidence is Evidence.DWELLING_AND_AMOUNT else known.marks[MARK]
        assert [each for each in rivals if known.debts.get(each, Debts()).total == amount] in ([], [answer.dwelling])


@given(SAYINGS, st.integers(1, 20), st.sampled_from([None, MARK]), BOOKS)
def test_the_order_in_which_things_are_known_decides_nothing(
    said: str, amount: int, mark: UUID | None, known: Book
) -> None:
    entry = replace(ENTRY, remark=said, amount=amount)
    turned = Book(
        dict(reversed(known.references.items())),
        known.numbers,
        Homes(reversed(HOMES)),
        known.marks,
        dict(reversed(known.debts.items())),
    )
    assert match(entry, traces_of(entry), mark, known) == match(entry, traces_of(entry), mark, turned)


@given(st.uuids())
def test_a_reference_is_read_back_and_no_slip_of_the_pen_is(dwelling: UUID) -> None:
    reference = payment_reference(dwelling)
    assert len(reference) == LENGTH and references_in([f"X{reference.lower()}Y"]) == [reference]
    for place in range(2, LENGTH - 1):
        other = "7" if reference[place] != "7" else "8"
        assert reference not in references_in([reference[:place] + other + reference[place + 1 :]])


@given(st.text(max_size=200))
def test_any_text_can_be_looked_at(said: str) -> None:
    entry = replace(ENTRY, remark=said)
    assert suggestions(entry, traces_of(entry), None, book()) is not None
