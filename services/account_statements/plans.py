"""The owner's own statement by a private address: 128 random bits, known to nobody but who was given them.

The log holds a keyed hash of them as the id of a stream; so an address is found without being kept anywhere.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from domain.account_statements.link import STATEMENT_LINK, IssueStatementLink, NoteStatementRead, RevokeStatementLink
from domain.calendar import local_date
from domain.fees.fee_account import FEE_ACCOUNT, Method, fee_account_stream
from domain.fees.payment_reference import payment_reference
from domain.refusal import refuse_if
from domain.register.dwelling import DWELLING
from projections.estates import estates
from projections.register import dwellings
from services.commands.ask import Answer, Ask, by_itself
from services.commands.plan import Attempt, Plan, Planned
from services.fees.lines import BillLine, account_lines
from services.http.first_look import first_look
from services.log.not_found import NotFound
from services.log.randomness import random_bytes
from services.product import Product
from services.sessions.member import Member

_SIZE = 16  # bytes
_LENGTH = 22  # of them in an address
_SHOWN = timedelta(days=3 * 366)  # of settled bills and payments


@dataclass(frozen=True, slots=True)
class OwnPayment:
    """A payment of the owner in fen; ``refunded`` of it went back."""

    receipt: str
    paid_on: date
    method: Method
    amount: int
    refunded: int
    reversed: bool


@dataclass(frozen=True, slots=True)
class AccountStatement:
    """What concerns one owner at one dwelling, and nothing of any other owner (INV-54)."""

    estate: str
    dwelling: str
    reference: str
    until: date
    open: int
    owed: int  # now: of what is due, less what is held
    later: int  # not due yet
    overdue: int
    held: int
    open_bills: tuple[BillLine, ...]
    settled_bills: tuple[BillLine, ...]
    payments: tuple[OwnPayment, ...]


def new_token(product: Product, ask: Ask) -> str:
    """What an address ends with; the same again for the same request, so that a repeat gets what it got."""
    bits = random_bytes(_SIZE)
    if ask.key is not None:
        said = b"statement-link" + ask.caller.person.bytes + ask.key.encode()
        bits = hmac.digest(product.secret, said, hashlib.sha256)[:_SIZE]
    return base64.urlsafe_b64encode(bits).decode().rstrip("=")


def stream_of(product: Product, token: str) -> UUID | None:
    """The stream that an address leads to; ``None`` for what can be none."""
    if len(token) != _LENGTH or not token.isascii():
        return None
    try:
        bits = base64.b64decode(f"{token}==", altchars=b"-_", validate=True)
    except binascii.Error:
        return None
    return product.pseudonyms.of("statement-link", bits.hex())


def issue(product: Product, dwelling: UUID, days: int, token: str) -> Plan:
    """Give the present owner of a dwelling an address. Refuses ``link_no_owner`` where nobody owns it now."""
    stream = stream_of(product, token)
    assert stream is not None

    def make(attempt: Attempt) -> Planned:
        state = attempt.own(DWELLING, dwelling).state
        assert state.estate is not None
        attempt.check_power(IssueStatementLink, state.estate)
        refuse_if(state.withdrawn, "dwelling_withdrawn")
        owner = state.owner_on(local_date(attempt.act.recorded_at))
        refuse_if(owner is None, "link_no_owner")
        assert owner is not None
        return on_statement_link(stream, IssueStatementLink(state.estate, dwelling, owner, days)).make(attempt)

    return Plan(make)


def opened(product: Product, token: str) -> AccountStatement | None:
    """The statement behind an address, and that it was read; ``None`` where there is none or it has ended."""
    stream = stream_of(product, token)
    link = product.log.load(STATEMENT_LINK, stream).state if stream else None
    today = local_date(product.clock())
    if stream is None or link is None or not link.opens(today):
        return None
    assert link.estate is not None and link.dwelling is not None and link.owner is not None and link.until is not None
    first_look(product)
    _note_read(product, stream, link.estate)
    with product.database.lend([link.estate]) as conn:
        place = estates.estate(conn, link.estate)
        label = dwellings.labels(conn, [link.dwelling]).get(link.dwelling, "")
    return _account_statement(product, link.dwelling, link.owner, place.name if place else "", label, link.until, today)


def _note_read(product: Product, stream: UUID, estate: str) -> Answer:
    ask = by_itself(estate)
    return product.handler.do(ask, on_statement_link(stream, NoteStatementRead()))


def _account_statement(
    product: Product, dwelling: UUID, owner: UUID, estate: str, label: str, until: date, today: date
) -> AccountStatement:
    stream = fee_account_stream(dwelling)
    account = product.log.load(FEE_ACCOUNT, stream).state
    lines = account_lines(product.log.of_streams([stream], product.log.last_position())).bills.values()
    bills = [bill for bill in lines if bill.payer == owner and not bill.voided]
    payments = [payment for payment in account.payments.values() if payment.payer == owner]
    newest_first = sorted(bills, key=lambda bill: (bill.since, bill.number), reverse=True)
    return AccountStatement(
        estate=estate,
        dwelling=label,
        reference=payment_reference(dwelling),
        until=until,
        open=sum(bill.open for bill in bills),
        owed=account.owed_on(today, owner),
        later=account.not_due_on(today, owner),
        overdue=sum(bill.open for bill in bills if bill.due < today),
        held=sum(payment.held for payment in payments),
        open_bills=tuple(bill for bill in newest_first if bill.open),
        settled_bills=tuple(bill for bill in newest_first if not bill.open and bill.until > today - _SHOWN),
        payments=tuple(
            OwnPayment(each.receipt, each.paid_on, each.method, each.amount, each.refunded, each.reversed)
            for each in sorted(payments, key=lambda each: (each.paid_on, each.receipt), reverse=True)
            if each.paid_on > today - _SHOWN
        ),
    )


def on_statement_link(stream: UUID, command: IssueStatementLink | RevokeStatementLink | NoteStatementRead) -> Plan:
    """A private address is given out, taken back or used."""

    def make(attempt: Attempt) -> Planned:
        loaded = attempt.at(STATEMENT_LINK, stream)
        estate = command.estate if isinstance(command, IssueStatementLink) else loaded.state.estate
        if estate is None:
            raise NotFound
        attempt.check_power(type(command), estate)
        return attempt.decided(STATEMENT_LINK, stream, loaded, command, stream, estate)

    return Plan(make)


USUAL_DAYS = 30


def check_own(product: Product, who: Member, dwelling: UUID) -> None:
    """Raises ``NotFound`` unless the dwelling is in one of the caller's estates."""
    if product.log.remembered(DWELLING, dwelling).state.estate not in who.estates:
        raise NotFound
