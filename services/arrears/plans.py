"""What people do about arrears: one debtor at a time or many at once, always on what is open at that very moment."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from domain.arrears import dunning as rules
from domain.arrears.dunning import DUNNING, Claim, Dunning, OpenDunning, dunning_stream
from domain.arrears.overdue import Debtor, DunningStep, OpenBill, debtors
from domain.calendar import local_date
from domain.fees.fee_account import FEE_ACCOUNT, FeeAccount, fee_account_stream
from domain.people.person import PERSON
from domain.refusal import Refusal, refuse_if, reject_if
from domain.register.dwelling import DWELLING
from services.commands.ask import Answer
from services.commands.plan import Attempt, Plan, PlanFor, Planned, PlannedAs
from services.estates.holidays import PublicHolidays
from services.log.event_log import Change
from services.log.randomness import new_id

CALENDAR = PublicHolidays()
MOST_AT_ONCE = 1000  # debtors


class Pick(NamedTuple):
    """One debtor: a payer of one dwelling."""

    dwelling: UUID
    payer: UUID


Claims = tuple[Claim, ...]


def open_bills(account: FeeAccount, payer: UUID | None = None) -> list[OpenBill]:
    """What is open on an account, of one payer or of all."""
    return [
        OpenBill(
            id, bill.number, bill.item, bill.since, bill.until, bill.payer, bill.amount, bill.open, bill.due,
            tuple(day for day, _ in paid_towards(account, id, bill.payer)),
        )
        for id, bill in account.open_bills(payer).items()
    ]  # fmt: skip


def payable_by_instalments(account: FeeAccount, dunning: Dunning, payer: UUID, today: date) -> list[OpenBill]:
    """What a plan is about unless bills are named: all that is overdue and not disputed; all if everything is."""
    overdue = [each for each in open_bills(account, payer) if each.due < today]
    debts = {each.bill: each for each in dunning.debts}
    disputed = {id for id, debt in debts.items() if debt.dispute is not None or debt.upheld is not None}
    return [each for each in overdue if each.bill not in disputed] or overdue


CLAIMED: tuple[type[Any], ...] = (
    rules.SendReminder, rules.RecordAcknowledgement, rules.DisputeDebt, rules.AgreeInstalments,
)  # fmt: skip
STEPPED: dict[type[Any], DunningStep] = {
    rules.AskCommittee: DunningStep.COMMITTEE,
    rules.RecordMediation: DunningStep.MEDIATE,
    rules.FileSuit: DunningStep.SUE,
}
_MADE = {  # ids that are drawn here
    "dispute": rules.DisputeDebt, "plan": rules.AgreeInstalments, "hindrance": rules.RecordHindrance,
}  # fmt: skip


def on_debtor(pick: Pick, command: type[Any], bills: Sequence[UUID], said: Mapping[str, Any]) -> Plan:
    """Something about a debtor, in the words of the command less payer and bills.

    What is claimed are the named bills, or all that are overdue; a further rung is taken by all bills ready for it, and
    proceedings end for all bills about which some are pending.
    """
    made = {name: new_id() for name, kind in _MADE.items() if kind is command}

    def planned(attempt: Attempt) -> Planned:
        account = account_for(attempt, command, pick.dwelling)
        fields: dict[str, Any] = {"payer": pick.payer, **said, **made}
        if command in CLAIMED:
            fields["claims"] = _claims(
                account, pick.payer, bills or _free(attempt, account, pick, command), _today(attempt)
            )
        elif command in STEPPED:
            fields["bills"] = tuple(bills) or _ready(attempt, account, pick, STEPPED[command])
        elif command is rules.EndProceedings:
            fields["bills"] = tuple(bills) or _pending(attempt, pick)
        else:
            refuse_if(all(bill.payer != pick.payer for bill in account.bills.values()), "nothing_overdue")
        return _decided(attempt, pick, account, command(**fields))

    return Plan(planned)


Said = (
    rules.ServeDemand
    | rules.UpholdDispute
    | rules.RejectDispute
    | rules.ConfirmHindrance
    | rules.EndHindrance
    | rules.WithdrawHindrance
)


def on_said(dwelling: UUID, command: Said) -> Plan:
    """Something about a demand, a dispute or a hindrance of a dwelling; whose it is, it says itself."""

    def planned(attempt: Attempt) -> Planned:
        account = account_for(attempt, type(command), dwelling)
        state = attempt.at(DUNNING, dunning_stream(dwelling)).state
        match command:
            case rules.ServeDemand(demand, by=by):
                _check_deliverer(attempt, by, account.estate)
                payers = [each.payer for each in state.demands if each.demand == demand]
                refuse_if(not payers, "unknown_demand")
            case rules.UpholdDispute(dispute) | rules.RejectDispute(dispute):
                payers = [each.payer for each in state.disputes if each.dispute == dispute]
                refuse_if(not payers, "unknown_dispute")
            case rules.ConfirmHindrance(hindrance) | rules.EndHindrance(hindrance) | rules.WithdrawHindrance(hindrance):
                payers = [each.payer for each in state.hindrances if each.hindrance == hindrance]
                refuse_if(not payers, "unknown_hindrance")
        return _decided(attempt, Pick(dwelling, payers[0]), account, command)

    return Plan(planned)


@dataclass(frozen=True, slots=True, kw_only=True)
class ManyDone(Answer):
    """It was done for so many debtors."""

    count: int


def write_demands(estate: str, picks: Sequence[Pick], pay_by: date) -> PlanFor[ManyDone]:
    """A demand for each of these debtors who is ready for one."""
    demands = {pick: new_id() for pick in picks}

    def command(attempt: Attempt, account: FeeAccount, pick: Pick) -> rules.Command:
        bills = _ready(attempt, account, pick, DunningStep.WRITE)
        claims = _claims(account, pick.payer, bills, _today(attempt))
        draft = rules.WriteDemand(demands[pick], "-", pick.payer, claims, pay_by)
        state = attempt.at(DUNNING, dunning_stream(pick.dwelling)).state
        DUNNING.consider(draft, state, attempt.act)  # refuse before a number is drawn
        number = attempt.number("DM", attempt.estate(estate))
        return rules.WriteDemand(draft.demand, number, pick.payer, claims, pay_by)

    return _in_bulk(estate, rules.WriteDemand, picks, command)


def remind_all(estate: str, picks: Sequence[Pick], by: rules.RemindedBy) -> PlanFor[ManyDone]:
    """A reminder for each of these debtors who is ready for one."""

    def command(attempt: Attempt, account: FeeAccount, pick: Pick) -> rules.Command:
        bills = _ready(attempt, account, pick, DunningStep.REMIND)
        return rules.SendReminder(pick.payer, _claims(account, pick.payer, bills, _today(attempt)), by)

    return _in_bulk(estate, rules.SendReminder, picks, command)


def serve_all(
    estate: str, proofs: Mapping[Pick, str | None], how: rules.DeliveredBy, on: date, by: UUID, evidence: str | None
) -> PlanFor[ManyDone]:
    """The waiting demand of each of these debtors was served: proven by a proof of its own or by ``evidence``."""

    def command(attempt: Attempt, account: FeeAccount, pick: Pick) -> rules.Command:
        _check_deliverer(attempt, by, estate)
        waiting = [
            each.demand
            for each in attempt.at(DUNNING, dunning_stream(pick.dwelling)).state.demands
            if each.payer == pick.payer and each.served_on is None
        ]
        refuse_if(not waiting, "unknown_demand")
        return rules.ServeDemand(waiting[-1], how, on, by, proofs[pick] or evidence or "")

    return _in_bulk(estate, rules.ServeDemand, list(proofs), command)


def ask_committee_for_all(estate: str, picks: Sequence[Pick], urged_by: rules.UrgedBy) -> PlanFor[ManyDone]:
    """The committee is asked to urge each of these debtors who is ready for it."""

    def command(attempt: Attempt, account: FeeAccount, pick: Pick) -> rules.Command:
        return rules.AskCommittee(pick.payer, _ready(attempt, account, pick, DunningStep.COMMITTEE), urged_by)

    return _in_bulk(estate, rules.AskCommittee, picks, command)


def settle(dwelling: UUID) -> Plan:
    """State what of a dwelling's debts is paid, and which instalment was missed: the product's own work."""

    def planned(attempt: Attempt) -> Planned:
        account = account_for(attempt, rules.SettleDebts, dwelling)
        stream = dunning_stream(dwelling)
        loaded = attempt.at(DUNNING, stream)
        settled = tuple(
            debt.bill
            for debt in loaded.state.debts
            if not debt.settled and (debt.bill not in account.bills or account.bills[debt.bill].open <= 0)
        )
        events = list(DUNNING.consider(rules.SettleDebts(settled), loaded.state, attempt.act))
        state = _after(attempt, loaded.state, events)
        for plan in state.running_plans():
            still = sum(account.bills[bill].open for bill in plan.bills if bill in account.bills)
            events += DUNNING.consider(rules.CheckInstalments(plan.plan, still), state, attempt.act)
        change = Change(stream, DUNNING.name, loaded.version, events, attempt.act, account.estate, dwelling)
        return Planned([change], Answer(stream, loaded.version + len(events)))

    return Plan(planned)


# -- parts of plans ----------------------------------------------------------------------------------------------


def account_for(attempt: Attempt, command: type[object], dwelling: UUID) -> FeeAccount:
    attempt.check_power(command, None)  # whoever may not do it anywhere is told nothing of the dwelling
    account = attempt.own(FEE_ACCOUNT, fee_account_stream(dwelling)).state
    attempt.check_power(command, account.estate)
    return account


def _claims(account: FeeAccount, payer: UUID, bills: Sequence[UUID], today: date) -> Claims:
    """The named bills, or all that are overdue; refused where one of them is not open or another payer's."""
    for bill in bills:
        named = account.bills.get(bill)
        refuse_if(named is None, "unknown_bill")
        refuse_if(named is not None and named.payer != payer, "other_debtor")
        refuse_if(named is not None and named.open <= 0, "bill_not_open")
    theirs = open_bills(account, payer)
    chosen = [each for each in theirs if (each.bill in bills if bills else each.due < today)]
    refuse_if(not chosen, "nothing_overdue")
    return tuple(Claim(each.bill, each.open, each.due) for each in sorted(chosen, key=lambda each: each.due))


def _free(attempt: Attempt, account: FeeAccount, pick: Pick, command: type[Any]) -> tuple[UUID, ...]:
    """The bills of a plan of instalments that names none."""
    if command is not rules.AgreeInstalments:
        return ()
    state = attempt.at(DUNNING, dunning_stream(pick.dwelling)).state
    return tuple(each.bill for each in payable_by_instalments(account, state, pick.payer, _today(attempt)))


def _today(attempt: Attempt) -> date:
    return local_date(attempt.act.occurred_at)


def _debtor(attempt: Attempt, account: FeeAccount, pick: Pick) -> Debtor:
    state = attempt.at(DUNNING, dunning_stream(pick.dwelling)).state
    today = _today(attempt)
    found = debtors(open_bills(account, pick.payer), state, today, CALENDAR)
    refuse_if(not found, "nothing_overdue")
    return found[0]


def _ready(attempt: Attempt, account: FeeAccount, pick: Pick, step: DunningStep) -> tuple[UUID, ...]:
    """The bills that are ready for a step; where none is, all of them, for the rules to say what is missing.

    Where no bill waits for its first demand, another one is about those that had theirs.
    """
    refuse_if(attempt.at(DWELLING, pick.dwelling).state.withdrawn, "dwelling_withdrawn")
    debtor, today = _debtor(attempt, account, pick), _today(attempt)
    ready = debtor.ready(today).get(step)
    if not ready and step is DunningStep.WRITE:
        ready = debtor.demandable(today)
    return ready or tuple(each.bill.bill for each in debtor.bills)


def _pending(attempt: Attempt, pick: Pick) -> tuple[UUID, ...]:
    """The bills about which proceedings are pending."""
    suits = attempt.at(DUNNING, dunning_stream(pick.dwelling)).state.pending(pick.payer)
    refuse_if(not suits, "no_proceedings")
    return tuple(bill for each in suits for bill in each.bills)


def _check_deliverer(attempt: Attempt, by: UUID, estate: str | None) -> None:
    """Whoever delivered it is somebody of this station."""
    posts = attempt.at(PERSON, by).state.posts
    reject_if(all(post.estate != estate for post in posts), "unknown_deliverer", field="by")


def _after(attempt: Attempt, state: Dunning, events: Iterable[rules.Event]) -> Dunning:
    return DUNNING.fold([(event, attempt.act) for event in events], state)


def _change(attempt: Attempt, pick: Pick, account: FeeAccount, command: rules.Command) -> Change:
    assert account.estate is not None
    stream = dunning_stream(pick.dwelling)
    loaded = attempt.at(DUNNING, stream)
    events = list(DUNNING.consider(OpenDunning(pick.dwelling, account.estate), loaded.state, attempt.act))
    events += DUNNING.consider(command, _after(attempt, loaded.state, events), attempt.act)
    return Change(stream, DUNNING.name, loaded.version, events, attempt.act, account.estate, pick.payer)


def _decided(attempt: Attempt, pick: Pick, account: FeeAccount, command: rules.Command) -> Planned:
    attempt.check_version(attempt.at(DUNNING, dunning_stream(pick.dwelling)).version, dunning_stream(pick.dwelling))
    change = _change(attempt, pick, account, command)
    return Planned([change], Answer(change.stream, change.expected_version + len(change.events)))


def _in_bulk(
    estate: str,
    command: type[rules.Command],
    picks: Sequence[Pick],
    make: Callable[[Attempt, FeeAccount, Pick], rules.Command],
) -> PlanFor[ManyDone]:
    """One command for each debtor, all in one transaction; those for whom it is not time are left out.

    Two debtors of one dwelling share a stream, so the second of them has another turn.
    """

    def planned(attempt: Attempt) -> PlannedAs[ManyDone]:
        attempt.check_power(command, estate)
        reject_if(not picks or len(picks) > MOST_AT_ONCE, "debtors_chosen", most=MOST_AT_ONCE)
        changes: dict[UUID, Change] = {}
        done, first = 0, None
        for pick in dict.fromkeys(picks):
            account = attempt.own(FEE_ACCOUNT, fee_account_stream(pick.dwelling)).state
            reject_if(account.estate != estate, "other_estate")
            if dunning_stream(pick.dwelling) in changes:
                continue
            try:
                change = _change(attempt, pick, account, make(attempt, account, pick))
            except Refusal as refusal:
                first = first or refusal
                continue
            changes[change.stream] = change
            done += 1
        if first is not None and not done:
            raise first
        stream = next(iter(changes))
        return PlannedAs(list(changes.values()), ManyDone(stream, changes[stream].expected_version, count=done))

    return PlanFor(planned, answers=ManyDone)


def paid_towards(account: FeeAccount, bill: UUID, by: UUID | None = None) -> list[tuple[date, int]]:
    """When how much of a bill was paid, by anybody or by one payer."""
    return [
        (each.paid_on, each.allocated[bill])
        for each in account.payments.values()
        if bill in each.allocated and not each.reversed and by in (None, each.payer)
    ]
