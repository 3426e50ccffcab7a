"""One provider's number is one payment: taken again, the desk asks first, with the earlier payment beside it."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.fees.fee_account import ReversalReason
from domain.fees.payment_reference import payment_reference
from domain.fees.provider_number import (
    PROVIDER_NUMBER,
    ProviderNumber,
    ProviderNumberTaken,
    TakeProviderNumber,
    plain_reference,
)
from domain.refusal import Refusal
from services.fees.plans import reverse_payment
from tests.conftest import FIRST, SECOND, Demo
from tests.fees.examples import DWELLING, ESTATE_CODE, PAYMENT
from tests.fees.till import Till
from tests.scenario import Scenario

OTHER, THIRD = UUID(int=0x9101), UUID(int=0x9102)
NUMBER = "4200002468202612011234567890"


def untaken() -> Scenario[ProviderNumber]:
    return Scenario(PROVIDER_NUMBER, PROVIDER_NUMBER.initial)


def test_it_is_taken_once_and_then_only_by_whoever_says_that_it_is_another_payment() -> None:
    take = TakeProviderNumber(ESTATE_CODE, DWELLING, PAYMENT)
    taken = untaken().when(take).then(ProviderNumberTaken(ESTATE_CODE, DWELLING, PAYMENT))
    taken.refused(take, "reference_taken")
    taken.refused(TakeProviderNumber(ESTATE_CODE, DWELLING, OTHER), "reference_taken")
    twice = taken.when(TakeProviderNumber(ESTATE_CODE, DWELLING, OTHER, again=True)).then(
        ProviderNumberTaken(ESTATE_CODE, DWELLING, OTHER, again=True)
    )
    twice.refused(TakeProviderNumber(ESTATE_CODE, DWELLING, THIRD), "reference_taken")


def test_payments_that_do_not_stand_count_no_more() -> None:
    taken = untaken().given(ProviderNumberTaken(ESTATE_CODE, DWELLING, PAYMENT))
    free = TakeProviderNumber(ESTATE_CODE, DWELLING, OTHER, void=(PAYMENT,))
    both = taken.when(free).then(ProviderNumberTaken(ESTATE_CODE, DWELLING, OTHER))
    both.refused(TakeProviderNumber(ESTATE_CODE, DWELLING, THIRD, void=(PAYMENT,)), "reference_taken")


@pytest.mark.parametrize(
    ("said", "number"),
    [
        (" 4200-0024 68 ", "4200002468"), ("４２００００２４６８", "4200002468"), ("4200\u200b002468", "4200002468"),
        ("微信 4200002468", "4200002468"), ("流水号：4200002468。", "4200002468"), ("ab-12_c/", "ab12c"),
        ("ＡＢ12Ｃ", "ab12c"), ("", ""), ("9月", ""), ("现金", ""), ("物业费 2026 年", ""), ("cash", ""),
        ("0", ""), ("00000", ""), ("１-1", ""),
        (" \u3000\u2060", ""), ("—", ""),
        (payment_reference(UUID(int=7 << 120)), ""),
    ],
)  # fmt: skip
def test_a_number_is_the_same_however_it_is_typed(said: str, number: str) -> None:
    assert plain_reference(said) == number


@given(st.from_regex(r"12[0-9A-IK-Z]{4,27}", fullmatch=True), st.data())
def test_blanks_hyphens_width_and_case_make_no_other_number(number: str, data: st.DataObject) -> None:
    typed = "".join(
        data.draw(st.sampled_from([sign, sign.lower(), chr(ord(sign) + 0xFEE0)]))
        + data.draw(st.sampled_from(["", " ", "-", "\u3000", "\u200b", "\u2013"]))
        for sign in number
    )
    assert plain_reference(typed) == plain_reference(number) == number.lower()


# -- at the desk ---------------------------------------------------------------------------------------------------


def till_of(demo: Demo, estate: str = FIRST) -> Till:
    till = Till(demo, estate=estate).opened()
    till.owned((till.owner, till.today.replace(year=2020)))
    till.bill()
    return till


def sent(demo: Demo, till: Till, reference: str, who: str = "cashier", **more: Any) -> httpx.Response:
    body = {"dwelling": str(till.dwelling), "amount": 1000, "method": "WECHAT", "reference": reference, **more}
    return demo.sign_in(who).post("/api/v1/payments", json=body)


def test_the_desk_asks_once_for_one_dwelling_or_two(demo: Demo) -> None:
    till, other = till_of(demo), till_of(demo)
    number = f"1{NUMBER}"
    first = sent(demo, till, number)
    assert first.status_code == 201, first.text
    for home, method, typed in (
        (till, "WECHAT", number), (other, "WECHAT", f" １{NUMBER[:9]}-{NUMBER[9:]}"), (other, "BANK_TRANSFER", number),
    ):  # fmt: skip
        asked = sent(demo, home, typed, method=method)
        assert (asked.status_code, asked.json()["code"]) == (409, "reference_taken")
        for fact in (till.today.isoformat(), "3-1-101", "微信", "10.00", first.json()["receipt"]):
            assert fact in asked.json()["detail"]
        assert number not in asked.text
    assert not other.state.payments
    assert sent(demo, other, number, again="yes").status_code == 422
    assert sent(demo, other, number, again=True).status_code == 201
    assert sent(demo, other, number).status_code == 409
    assert (len(till.state.payments), len(other.state.payments)) == (1, 1)


def test_without_a_number_nothing_is_asked(demo: Demo) -> None:
    till = till_of(demo)
    for reference in ("", "现金", "9月", payment_reference(till.dwelling)):
        for _ in range(2):
            assert sent(demo, till, reference or "  ").status_code == 201


def test_what_was_reversed_counts_no_more(demo: Demo) -> None:
    till, other = till_of(demo), till_of(demo)
    number = f"2{NUMBER}"
    taken = till.take(1000, reference=number)
    till.do("accountant", reverse_payment(till.dwelling, taken.payment, ReversalReason.WRONG_DWELLING))
    other.take(1000, reference=number)
    with pytest.raises(Refusal, match="reference_taken"):
        till.take(1000, reference=number)


def test_of_another_estate_no_more_is_told_than_that_there_is_one(demo: Demo) -> None:
    till, theirs = till_of(demo), till_of(demo, SECOND)
    number = f"3{NUMBER}"
    answer = sent(demo, theirs, number, "centre")
    assert answer.status_code == 201, answer.text
    asked = sent(demo, till, number)
    assert (asked.status_code, asked.json()["code"]) == (409, "reference_elsewhere")
    assert answer.json()["receipt"] not in asked.text
    assert sent(demo, till, number, "centre").json()["code"] == "reference_taken"
    assert sent(demo, till, number, again=True).status_code == 201


def test_the_number_stands_nowhere_in_the_clear(demo: Demo) -> None:
    till = till_of(demo)
    number = f"4{NUMBER}"
    till.take(1000, reference=number)
    with demo.product.database.follower.connection() as conn:
        found = conn.execute(
            "SELECT count(*) FROM log.stored_events WHERE position(%s::bytea in state) > 0", (number.encode(),)
        ).fetchone()
    assert found == (0,)
