"""Where accounts and the register meet: an account is opened with its dwelling, and what was billed keeps its names."""

from collections.abc import Collection, Sequence
from uuid import UUID

from domain.calendar import local_date
from domain.fees.fee_account import (
    FEE_ACCOUNT,
    BillIssued,
    FeeAccount,
    InvoiceRequested,
    OpenFeeAccount,
    PaymentRecorded,
    PrepaymentDrawn,
    fee_account_stream,
)
from domain.money.amount import yuan
from domain.money.tax import KEPT_YEARS
from domain.months import anniversary
from domain.refusal import refuse_if
from domain.register.dwelling import DWELLING, Dwelling, DwellingRegistered, DwellingWithdrawn, OwnershipWithdrawn
from domain.register.owner import OWNER, OwnerForgotten
from projections.fees import invoices
from services.commands.plan import Attempt
from services.log.event_log import Change
from services.register.owned import ever_owned

# what needs a dwelling that stands; all else takes back what is there: a bill voided, money reversed or refunded
PUT_ON = (BillIssued, PaymentRecorded, PrepaymentDrawn, InvoiceRequested)


def account_opened(attempt: Attempt, changes: Sequence[Change]) -> Sequence[Change]:
    """The fee account of every dwelling that is registered; one that was registered before has it already."""
    return [
        opened
        for change in changes
        for event in change.events
        if isinstance(event, DwellingRegistered)
        for opened in _opened(attempt, change.stream, event)
    ]


def _opened(attempt: Attempt, dwelling: UUID, said: DwellingRegistered) -> Sequence[Change]:
    stream = fee_account_stream(dwelling)
    loaded = attempt.at(FEE_ACCOUNT, stream)
    if loaded.version:
        return []
    events = FEE_ACCOUNT.consider(OpenFeeAccount(dwelling, said.estate, said.building), loaded.state, attempt.act)
    return [Change(stream, FEE_ACCOUNT.name, 0, events, attempt.act, said.estate, stream)]


def billed_stays(attempt: Attempt, changes: Sequence[Change]) -> None:
    """What has a history in its account stays in the register. Refuses ``ownership_billed`` and ``dwelling_billed``.

    Anything billed or paid keeps the dwelling; a bill that stands, or money that is held, the ownership of its payer.
    """
    for change in changes:
        for event in change.events if change.category == DWELLING.name else ():
            match event:
                case OwnershipWithdrawn(owner=named):
                    account = attempt.at(FEE_ACCOUNT, fee_account_stream(change.stream)).state
                    billed = any(bill.payer == named and not bill.voided for bill in account.bills.values())
                    held = any(each.payer == named and each.held for each in account.payments.values())
                    refuse_if(billed or held, "ownership_billed")
                case DwellingWithdrawn():
                    account = attempt.at(FEE_ACCOUNT, fee_account_stream(change.stream)).state
                    refuse_if(bool(account.bills or account.payments), "dwelling_billed")


def put_on_what_stands(attempt: Attempt, changes: Sequence[Change]) -> None:
    """Nothing is charged to a dwelling that was withdrawn, and no money is taken for it; nobody forgotten pays.

    Refuses ``dwelling_withdrawn`` and ``owner_forgotten``. What lies on a withdrawn dwelling, as older logs may have
    it, can be taken back, refunded or waived; so is a payment reversed whose refund is then owed back by its payer.
    """
    for change in changes:
        put_on = [event for event in change.events if isinstance(event, PUT_ON) and not _taken_back(event)]
        if change.category != FEE_ACCOUNT.name or not put_on:
            continue
        dwelling = attempt.at(FEE_ACCOUNT, change.stream).state.dwelling
        if dwelling is None:
            continue
        home = attempt.at(DWELLING, dwelling).state
        refuse_if(home.withdrawn, "dwelling_withdrawn")
        for event in put_on:
            if isinstance(event, BillIssued | PaymentRecorded):
                check_payer(attempt, home, event.payer)


def _taken_back(event: object) -> bool:
    """Whether a bill is for no new thing, but for what went out of money that never came."""
    return isinstance(event, BillIssued) and event.reclaims is not None


def check_payer(attempt: Attempt, home: Dwelling, payer: UUID) -> None:
    """Refuses ``owner_forgotten``; whoever owns it now is not forgotten, and need not be looked up."""
    refuse_if(payer != home.owner and attempt.at(OWNER, payer).state.forgotten is not None, "owner_forgotten")


def names_kept(attempt: Attempt, changes: Sequence[Change]) -> None:
    """Nobody is forgotten while something is owed either way, or an invoice has to be kept with the name on it.

    Refuses ``owner_owes``, ``owner_has_credit`` and ``invoices_kept`` (INV-52).
    """
    for change in changes:
        if any(isinstance(event, OwnerForgotten) for event in change.events):
            _check_kept_name(attempt, change.stream, change.estate)


def _check_kept_name(attempt: Attempt, owner: UUID, estate: str | None) -> None:
    owned = ever_owned(attempt, owner, estate)
    with attempt.reach.database.lend([estate] if estate else []) as conn:
        invoiced = invoices.accounts_of(conn, owner)
    accounts = {fee_account_stream(each) for each in owned} | set(invoiced)
    _check_settled([attempt.at(FEE_ACCOUNT, each).state for each in accounts], owner)
    _check_kept(attempt, owner, invoiced)


def _check_settled(accounts: Collection[FeeAccount], owner: UUID) -> None:
    """Nothing is owed either way: as long as something is, a name is needed to ask for it or to pay it back."""
    owed = sum(bill.open for each in accounts for bill in each.open_bills(owner).values())
    refuse_if(owed > 0, "owner_owes", amount=yuan(owed))
    held = sum(payment.held for each in accounts for payment in each.payments.values() if payment.payer == owner)
    refuse_if(held > 0, "owner_has_credit", amount=yuan(held))


def _check_kept(attempt: Attempt, owner: UUID, invoiced: Collection[UUID]) -> None:
    days = [attempt.at(FEE_ACCOUNT, each).state.last_invoice(owner) for each in invoiced]
    last = max((day for day in days if day is not None), default=None)
    if last is not None:
        until = anniversary(last, KEPT_YEARS)
        refuse_if(local_date(attempt.act.recorded_at) < until, "invoices_kept", until=until)
