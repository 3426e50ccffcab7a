"""Which accounts, payments and refunds a member may see."""

from collections.abc import Iterable
from uuid import UUID

from domain.fees.fee_account import FEE_ACCOUNT, FeeAccount, RefundRequested, fee_account_stream
from projections.fees import payments, refunds
from projections.fees.payments import PaymentRow
from projections.fees.refunds import REFUNDS, RefundRow
from services.http.showing import shown_soon
from services.log.known_states import Loaded
from services.log.not_found import NotFound
from services.product import Product
from services.sessions.member import Member


def account_of(product: Product, who: Member, dwelling: UUID) -> Loaded[FeeAccount]:
    """The account of a dwelling of one's own estates, as the log tells it. Raises ``NotFound``."""
    loaded = product.log.load(FEE_ACCOUNT, fee_account_stream(dwelling))
    if loaded.state.estate is None or loaded.state.estate not in who.estates:
        raise NotFound
    return loaded


def payment_row(product: Product, who: Member, payment: UUID) -> PaymentRow:
    """A payment of one's own estates. Raises ``NotFound``."""

    def find() -> PaymentRow | None:
        with product.lend(who) as conn:
            return payments.payment(conn, payment)

    row = shown_soon(product, payments.PAYMENTS, find)
    if row is None or row.estate not in who.estates:
        raise NotFound
    return row


def payment_of_refund(product: Product, who: Member, refund: UUID) -> PaymentRow:
    """The payment of which a refund of one's own estates gives money back. Raises ``NotFound``."""

    def find() -> RefundRow | None:
        with product.lend(who) as conn:
            return refunds.refund(conn, refund)

    row = shown_soon(product, REFUNDS, find)
    if row is None:
        raise NotFound
    return payment_row(product, who, row.payment)


def said_of(product: Product, rows: Iterable[RefundRow]) -> dict[UUID, str]:
    """What was said when these refunds were asked for, as far as it is not forgotten."""
    accounts = {row.account for row in rows}
    found = product.log.reading_of(list(accounts), product.log.last_position()).events if accounts else ()
    asked = [each.event for each in found if isinstance(each.event, RefundRequested)]
    return {event.refund: event.text for event in asked if event.text}
