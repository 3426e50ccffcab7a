"""What a receipt's code says can be read by nobody but us to be true, and made by nobody but us."""

import string
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.fees.receipt_tokens import ReceiptTokens

TOKENS = ReceiptTokens(b"s" * 32)
TOKEN = string.ascii_letters + string.digits + "-_"


@given(st.uuids(), st.uuids())
def test_a_token_leads_back_to_its_payment(dwelling: UUID, payment: UUID) -> None:
    token = TOKENS.of(dwelling, payment)
    assert len(token) == 59 and set(token) <= set(TOKEN)
    assert TOKENS.read(token) == (dwelling, payment)


@given(st.uuids(), st.uuids(), st.integers(0, 58), st.sampled_from(TOKEN))
def test_a_token_changed_in_one_place_leads_nowhere(dwelling: UUID, payment: UUID, place: int, sign: str) -> None:
    token = TOKENS.of(dwelling, payment)
    other = token[:place] + sign + token[place + 1 :]
    assert (TOKENS.read(other) is None) == (other != token)


@given(st.uuids(), st.uuids())
def test_another_products_tokens_lead_nowhere(dwelling: UUID, payment: UUID) -> None:
    assert TOKENS.read(ReceiptTokens(b"t" * 32).of(dwelling, payment)) is None


@given(st.text(max_size=200))
def test_what_is_no_token_leads_nowhere(text: str) -> None:
    assert TOKENS.read(text) is None
