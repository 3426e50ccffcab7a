"""What is added to a debt for being late, and what is let go of it, in plans."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from domain.arrears.dunning import DEMAND_LEAVES, DUNNING, dunning_stream, penalty
from domain.arrears.overdue import PRINCIPAL, penalty_spans
from domain.calendar import local_date
from domain.contracts.fee_basis import FEE_BASIS, fee_basis_stream
from domain.fees.fee_account import FEE_ACCOUNT, Bill, FeeAccount, GrantWaiver, IssueBill, fee_account_stream
from domain.money.items import FeeItem
from domain.refusal import Refusal, refuse_if
from domain.register.dwelling import DWELLING
from domain.register.owner import OWNER
from services.arrears.plans import account_for, paid_towards
from services.billing.plans import BillNumbered
from services.books.plans import check_open
from services.commands.plan import Attempt, Plan, PlanFor, Planned, PlannedAs
from services.fees.drawing import decided, drawn
from services.log.randomness import new_id

_DAY = timedelta(days=1)


def grant_waiver(dwelling: UUID, command: GrantWaiver) -> Plan:
    """Let go of part of a bill by a rule that is named; nobody does that for a dwelling of his own (INV-53, INV-06)."""

    def planned(attempt: Attempt) -> Planned:
        stream = fee_account_stream(dwelling)
        estate = account_for(attempt, GrantWaiver, dwelling).estate
        assert estate is not None
        check_open(attempt, estate)
        loaded = attempt.at(FEE_ACCOUNT, stream)
        bill = loaded.state.bills.get(command.bill)
        refuse_if(bill is None, "unknown_bill")
        assert bill is not None
        owner = attempt.at(DWELLING, dwelling).state.owner_on(local_date(attempt.act.recorded_at))
        for each in {owner, bill.payer} - {None}:
            assert each is not None
            refuse_if(attempt.at(OWNER, each).state.person == attempt.ask.caller.person, "own_dwelling")
        return decided(attempt, stream, loaded, command, bill.payer)

    return Plan(planned)


def charge_penalty(dwelling: UUID, bill: UUID) -> PlanFor[BillNumbered]:
    """Bill what the contract's clause adds to a bill up to today and has not added yet (INV-49).

    On principal only, on what of it was left day by day, and up to the day on which a dispute was raised that was
    upheld. Without a clause there is none.
    """
    id = new_id()

    def planned(attempt: Attempt) -> PlannedAs[BillNumbered]:
        account = drawn(attempt, account_for(attempt, IssueBill, dwelling))
        assert account.estate is not None
        check_open(attempt, account.estate)
        refuse_if(attempt.at(DWELLING, dwelling).state.withdrawn, "dwelling_withdrawn")
        owed = account.bills.get(bill)
        if owed is None or owed.voided:
            raise Refusal("unknown_bill")
        refuse_if(owed.item not in PRINCIPAL, "penalty_on_principal")
        basis = attempt.at(FEE_BASIS, fee_basis_stream(account.estate)).state
        clause = basis.penalty_on(owed.since, owed.contract)
        if clause is None:
            raise Refusal("penalty_no_clause")
        contract = basis.contract_on(owed.since)
        today = local_date(attempt.act.recorded_at)
        debt = attempt.at(DUNNING, dunning_stream(dwelling)).state.debt(bill)
        refuse_if(debt is not None and debt.dispute is not None, "debt_disputed")
        last = min(today, debt.upheld) if debt is not None and debt.upheld is not None else today
        since = max([owed.due + _DAY, *(each.until for each in _penalties(account, bill))])
        amount = penalty(
            penalty_spans(owed.amount - owed.waived, paid_towards(account, bill), since - _DAY, last), clause[1]
        )
        refuse_if(amount == 0, "penalty_nothing")
        command = IssueBill(
            bill=id,
            number="-",
            item=FeeItem.LATE_PENALTY,
            since=since,
            until=last + _DAY,
            payer=owed.payer,
            amount=amount,
            due=today + DEMAND_LEAVES,
            contract=owed.contract or (contract.number if contract else None),
            clause=clause[0],
            reference=bill,
        )
        stream = fee_account_stream(dwelling)
        loaded = attempt.at(FEE_ACCOUNT, stream)
        attempt.refuse_early(FEE_ACCOUNT, stream, loaded, command)
        command = replace(command, number=attempt.number("LP", attempt.estate(account.estate)))
        changes, answer = decided(attempt, stream, loaded, command, owed.payer)
        return PlannedAs(changes, BillNumbered(stream, answer.version, number=command.number))

    return PlanFor(planned, answers=BillNumbered)


def _penalties(account: FeeAccount, bill: UUID) -> list[Bill]:
    """Penalties that stand on a bill."""
    return [
        each
        for each in account.bills.values()
        if each.item is FeeItem.LATE_PENALTY and each.reference == bill and not each.voided
    ]
