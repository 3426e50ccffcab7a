"""Bills: issued once for their days, voided, corrected."""

from uuid import UUID

from domain.fees.fee_account.commands import CorrectBill, IssueBill
from domain.fees.fee_account.events import BillIssued, BillVoided, Event, PrepaymentDrawn
from domain.fees.fee_account.state import Bill, FeeAccount
from domain.fees.fee_account.vocabulary import Draw, Freed, VoidReason
from domain.money.amount import LIMIT
from domain.money.items import NO_FEES, FeeItem
from domain.refusal import refuse_done, refuse_if, reject_if
from domain.words import Personal


def bill_issued_once(account: FeeAccount, new: IssueBill) -> list[Event]:
    """Said again it is the same bill, under whatever number; another one by the same name is refused."""
    known = account.bills.get(new.bill)
    if known is None:
        return [bill_issued(account, new)]
    was = (known.item, known.since, known.until, known.payer, known.amount, known.due, known.reference)
    refuse_if(was != (new.item, new.since, new.until, new.payer, new.amount, new.due, new.reference), "bill_issued")
    return []


def bill_issued(account: FeeAccount, new: IssueBill, corrects: UUID | None = None) -> BillIssued:
    check_amount(new.amount)
    reject_if(new.item in NO_FEES, "reclaim_by_itself", field="item")
    reject_if(new.until <= new.since, "period")
    reject_if(new.costs is not None and new.costs.total != new.amount, "costs_sum")
    there = account.billed(new.item, new.since, new.until, new.reference)
    refuse_if(there not in (None, corrects), "already_billed", number=account.bills[there].number if there else "")
    if new.item in (FeeItem.LATE_PENALTY, FeeItem.ENFORCEMENT_COST):
        about = account.bills.get(new.reference) if new.reference else None
        refuse_if(about is None or about.voided, "unknown_bill")
    assert account.dwelling is not None
    return BillIssued(
        dwelling=account.dwelling,
        building=account.building,
        bill=new.bill,
        number=new.number,
        item=new.item,
        since=new.since,
        until=new.until,
        payer=new.payer,
        amount=new.amount,
        due=new.due,
        basis=new.basis,
        contract=new.contract,
        clause=new.clause,
        schedule=new.schedule,
        run=new.run,
        reference=new.reference,
        corrects=corrects,
        costs=new.costs,
    )


def bill_voided(account: FeeAccount, bill: UUID, reason: VoidReason, text: Personal) -> BillVoided:
    standing = bill_of(account, bill)
    refuse_done(standing.told if standing.voided else None, "bill_voided")
    refuse_if(standing.item in NO_FEES, "reclaim_stands")
    hangs_on_it = any(other.reference == bill and not other.voided for other in account.bills.values())
    refuse_if(hangs_on_it, "bill_has_penalty")
    freed = tuple(
        Freed(id, payment.allocated[bill]) for id, payment in account.payments.items() if payment.allocated.get(bill)
    )
    return BillVoided(bill, reason, freed, text)


def bill_corrected(account: FeeAccount, correction: CorrectBill) -> list[Event]:
    voided = bill_voided(account, correction.bill, correction.reason, correction.text)
    refuse_if(correction.instead.bill in account.bills, "bill_issued")
    issued = bill_issued(account, correction.instead, correction.bill)
    draws, left = [], issued.amount
    for freed in voided.freed:
        same_payer = account.payments[freed.payment].payer == issued.payer
        if left and same_payer:
            draws.append(Draw(freed.payment, issued.bill, min(left, freed.amount)))
            left -= draws[-1].amount
    return [voided, issued, *([PrepaymentDrawn(tuple(draws))] if draws else [])]


def check_amount(amount: int) -> None:
    reject_if(not 0 < amount < LIMIT, "amount", field="amount")


def bill_of(account: FeeAccount, bill: UUID) -> Bill:
    refuse_if(bill not in account.bills, "unknown_bill")
    return account.bills[bill]
