"""Contracts: signed one after another, given notice of, and what the calendar does to them (CC 940, 946 to 950)."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from domain.calendar import local_date
from domain.contracts.fee_basis.commands import GiveNotice, SignContract
from domain.contracts.fee_basis.events import (
    ContractBecameIndefinite,
    ContractExpired,
    ContractNoticeGiven,
    ContractSigned,
    ContractTerminated,
    ContractTermReminded,
    Event,
)
from domain.contracts.fee_basis.state import Contract, FeeBasis, Notice
from domain.contracts.fee_basis.vocabulary import MOST_PREPAID_MONTHS, Party
from domain.money.formula import WHOLE
from domain.recorded import Act
from domain.refusal import refuse_if, reject_if
from domain.words import clean

DISMISSAL_DAYS = 60  # CC 946, and either side of an indefinite contract (CC 948)
NON_RENEWAL_DAYS = 90  # CC 947
REMINDED_DAYS = (90, 60, 30)  # before a term ends
HIGHEST_PENALTY = 3_000  # 0.3 % a day, the highest seen in older contracts


def contract_signed(new: SignContract, basis: FeeBasis) -> list[Event]:
    terms = clean(new.terms)
    known = next((each for each in basis.contracts if each.contract == new.contract), None)
    if known is not None:
        said = (new.number, new.fee_mode, new.since, new.until, terms, new.decision, new.firm)
        was = (known.number, known.fee_mode, known.since, known.until, known.terms, known.decision, known.firm)
        refuse_if(said != was, "contract_number")
        return []
    reject_if(new.until <= new.since, "period")
    reject_if(not 0 <= terms.prepayment_months <= MOST_PREPAID_MONTHS, "prepayment_months", most=MOST_PREPAID_MONTHS)
    reject_if(not 0 <= terms.payment_days <= 366, "payment_days")
    reject_if(not 0 <= terms.penalty_rate <= HIGHEST_PENALTY, "penalty_rate")
    reject_if(bool(terms.penalty_rate) and not terms.penalty_clause, "clause_missing", field="penalty_clause")
    reject_if(not 0 <= terms.vacancy_factor <= WHOLE, "vacancy_factor")
    reject_if(terms.vacancy_factor != WHOLE and not terms.vacancy_clause, "clause_missing", field="vacancy_clause")
    refuse_if(any(each.number == new.number for each in basis.contracts), "contract_number")
    last = basis.contracts[-1] if basis.contracts else None
    refuse_if(last is not None and new.since <= last.since, "contract_overlaps", number=last.number if last else "")
    in_term = last is not None and last.ended_on is None and last.expired_on is None and not last.indefinite
    early = in_term and last is not None and last.ends is not None and new.since < last.ends
    refuse_if(early, "contract_overlaps", number=last.number if last else "")
    over = last is not None and last.ended_on is not None and new.since < last.ended_on
    refuse_if(over, "contract_overlaps", number=last.number if last else "")
    signed = ContractSigned(
        new.estate, new.contract, new.number, new.fee_mode, new.since, new.until, terms, new.decision, new.firm
    )
    if last is not None and last.ended_on is None:
        return [ContractTerminated(last.contract, new.since), signed]
    return [signed]


def notice_given(new: GiveNotice, contract: Contract, act: Act) -> list[Event]:
    said = Notice(new.by, new.served_on, new.ends, new.decision)
    if contract.notice == said:
        return []
    refuse_if(contract.notice is not None, "notice_given")
    refuse_if(contract.ended_on is not None or contract.expired_on is not None, "contract_expired")
    reject_if(new.served_on > local_date(act.recorded_at), "future", field="served_on")
    refuse_if(new.by is Party.OWNERS and not contract.indefinite and not new.decision, "decision_missing")
    by_firm = new.by is Party.FIRM and not contract.indefinite
    refuse_if(by_firm and new.ends < contract.until, "firm_before_term", until=contract.until)
    days = NON_RENEWAL_DAYS if by_firm else DISMISSAL_DAYS
    earliest = new.served_on + timedelta(days=days)
    refuse_if(new.ends < earliest, "notice_short", days=days, earliest=earliest)
    return [ContractNoticeGiven(new.contract, new.by, new.served_on, new.ends, new.decision)]


def time_passed(contract: Contract, day: date) -> Iterator[Event]:
    if contract.ended_on is not None or contract.expired_on is not None:
        return
    ends = contract.ends
    if ends is None:
        return
    if day >= ends:
        if contract.notice is not None:
            yield ContractExpired(contract.contract, ends)
        else:
            yield ContractBecameIndefinite(contract.contract, ends)
        return
    left = (ends - day).days
    due = [days for days in REMINDED_DAYS if left <= days]
    if due and (contract.reminded is None or min(due) < contract.reminded) and day >= contract.since:
        yield ContractTermReminded(contract.contract, min(due))


def contract_of(basis: FeeBasis, id: UUID) -> Contract:
    found = next((each for each in basis.contracts if each.contract == id), None)
    refuse_if(found is None, "unknown_contract")
    assert found is not None
    return found
