"""A number of the tax office stands for one invoice."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.fees.invoice_number import INVOICE_NUMBER, InvoiceNumber, InvoiceNumberUsed, UseInvoiceNumber
from domain.fees.invoice_number import invoice_number_stream as stream_of
from tests.fees.examples import ESTATE_CODE
from tests.scenario import Scenario

INVOICE, OTHER = UUID(int=0x214), UUID(int=0x215)


def unused() -> Scenario[InvoiceNumber]:
    return Scenario(INVOICE_NUMBER, INVOICE_NUMBER.initial)


def test_it_is_used_once_and_saying_so_again_changes_nothing() -> None:
    used = unused().when(UseInvoiceNumber(ESTATE_CODE, INVOICE)).then(InvoiceNumberUsed(ESTATE_CODE, INVOICE))
    used.when(UseInvoiceNumber(ESTATE_CODE, INVOICE)).then()


def test_another_invoice_and_the_red_one_of_the_same_have_other_numbers() -> None:
    used = unused().given(InvoiceNumberUsed(ESTATE_CODE, INVOICE))
    used.refused(UseInvoiceNumber(ESTATE_CODE, OTHER), "invoice_number_used")
    used.refused(UseInvoiceNumber(ESTATE_CODE, INVOICE, red=True), "invoice_number_used")
    red = unused().given(InvoiceNumberUsed(ESTATE_CODE, INVOICE, red=True))
    red.refused(UseInvoiceNumber(ESTATE_CODE, INVOICE), "invoice_number_used")


@given(st.text("0123456789", min_size=20, max_size=20), st.text("0123456789", min_size=20, max_size=20))
def test_every_number_has_a_stream_of_its_own(one: str, other: str) -> None:
    assert (stream_of(one) == stream_of(other)) == (one == other)
