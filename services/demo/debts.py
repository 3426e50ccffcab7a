"""The demo's debts: who was reminded, asked in writing, urged and mediated in the last year, and who is let be.

A year ago everybody who owed was asked, half of them up to the talk with the mediator. Lately all were reminded again
of what is older than a month; what is newer waits for a reminder.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple, Protocol
from uuid import UUID, uuid5

from domain.arrears import dunning as rules
from domain.arrears.dunning import DEMAND_AFTER, DEMAND_LEAVES, Claim, Dunning
from domain.months import months_later

_NAMESPACE = UUID("b6d8c8a0-53b1-4a6c-9f0e-7e5a5d2f4c11")  # of the demo's demands, disputes and plans
_DAY = timedelta(days=1)
LONG = timedelta(days=180)
WORTH_ASKING = 100_00  # fen


class Debtor(NamedTuple):
    """Somebody of a dwelling with what is open, the oldest first."""

    home: UUID
    payer: UUID
    claims: tuple[Claim, ...]


class Ledger(Protocol):
    """What the demo has told so far, and how it tells more."""

    def debtors(self, estate: str) -> Sequence[Debtor]:
        """Who owes something."""

    def dunning(self, home: UUID) -> Dunning:
        """What was said and done about a dwelling."""

    def dun(self, estate: str, debtor: Debtor, command: rules.Command) -> None:
        """Told as of the moment that has come."""


class DebtHistory:
    """Dunning of one estate, from the day on which the last year of the demo begins; ``by`` serves the demands."""

    def __init__(self, ledger: Ledger, estate: str, begins: date, by: UUID) -> None:
        self._ledger = ledger
        self._estate = estate
        self._begins = begins
        self._by = by

    def acts(self, at: Callable[[date, int], datetime]) -> Iterator[tuple[datetime, Callable[[], None]]]:
        """What happens when, in order."""

        def on(day: date, act: Callable[[date], None]) -> tuple[datetime, Callable[[], None]]:
            return at(day, 10), lambda: act(day)

        first, again = self._begins + timedelta(days=40), months_later(self._begins, 10)
        yield on(first, self._remind)
        yield on(first + timedelta(days=10), self._write)
        yield on(first + timedelta(days=12), self._serve)
        yield on(first + timedelta(days=34), self._ask_committee)
        yield on(first + timedelta(days=55), self._mediate)
        yield on(again, self._rest)
        yield on(again + timedelta(days=15), self._remind)

    def _remind(self, day: date) -> None:
        means = tuple(rules.RemindedBy)
        for n, debtor in enumerate(self._free(day)):
            claims = _overdue(debtor, day - DEMAND_AFTER)
            if claims:
                self._dun(debtor, rules.SendReminder(debtor.payer, claims, means[n % len(means)]))

    def _write(self, day: date) -> None:
        for n, debtor in enumerate(self._free(day), 1):
            claims = self._at(debtor, rules.Rung.REMINDED, _overdue(debtor, day - DEMAND_AFTER))
            if claims:
                demand, number = uuid5(_NAMESPACE, f"{debtor.payer} {day}"), f"DM-{day:%Y%m%d}-{n:04d}"
                pay_by = day + DEMAND_LEAVES + 5 * _DAY
                self._dun(debtor, rules.WriteDemand(demand, number, debtor.payer, claims, pay_by))

    def _serve(self, day: date) -> None:
        for n, debtor in enumerate(self._free(day)):
            for each in self._ledger.dunning(debtor.home).demands:
                if each.served_on is None:
                    how, proof = (
                        (rules.DeliveredBy.BY_HAND, "本人签收")
                        if n % 2
                        else (rules.DeliveredBy.REGISTERED_POST, f"挂号信收据第 {n + 1} 号")
                    )
                    self._dun(debtor, rules.ServeDemand(each.demand, how, day, self._by, proof))

    def _ask_committee(self, day: date) -> None:
        for debtor in self._free(day):
            claims = self._at(debtor, rules.Rung.DEMANDED, debtor.claims)
            if claims:
                bills = tuple(each.bill for each in claims)
                self._dun(debtor, rules.AskCommittee(debtor.payer, bills, rules.UrgedBy.RESIDENTS_COMMITTEE))

    def _mediate(self, day: date) -> None:
        """Every second of them has come to the talk so far."""
        urged = [(each, self._at(each, rules.Rung.COMMITTEE, each.claims)) for each in self._free(day)]
        for debtor, claims in [each for each in urged if each[1]][::2]:
            bills = tuple(each.bill for each in claims)
            steward, failed = rules.Mediator.MEDIATOR_STEWARD, rules.MediationOutcome.FAILED
            self._dun(debtor, rules.RecordMediation(debtor.payer, bills, steward, failed, "说等房子租出去再交"))

    def _rest(self, day: date) -> None:
        """Of those who have owed for long one is in hardship, one disputes, and one pays by instalments."""
        owing = [each for each in self._free(day) if _overdue(each, day - LONG)]
        hard, doubtful, agreed = sorted(owing, key=lambda each: len(self._ledger.dunning(each.home).demands))[:3]
        until = months_later(day, 6)
        self._dun(hard, rules.NoteHardship(hard.payer, until, "家里有人住院"))
        wrong = _overdue(doubtful, day)[-1:]
        dispute = uuid5(_NAMESPACE, f"{doubtful.payer} dispute")
        self._dun(doubtful, rules.DisputeDebt(dispute, doubtful.payer, wrong, "说那个季度楼道没有打扫"))
        claims = _overdue(agreed, day)
        part, rest = divmod(sum(each.amount for each in claims), 2)
        parts = rules.Instalment(months_later(day, 4), part + rest), rules.Instalment(months_later(day, 7), part)
        plan = uuid5(_NAMESPACE, f"{agreed.payer} plan")
        self._dun(agreed, rules.AgreeInstalments(plan, agreed.payer, claims, parts, "书面协议已签"))

    def _free(self, day: date) -> list[Debtor]:
        """Whoever may be asked for all of it."""
        found = []
        for debtor in self._ledger.debtors(self._estate):
            state = self._ledger.dunning(debtor.home)
            rests = state.paused(debtor.payer, day) or state.running_plans() or any(d.dispute for d in state.debts)
            if not rests:
                found.append(debtor)
        return found

    def _at(self, debtor: Debtor, rung: rules.Rung, claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
        """Those that have come to a rung and no further."""
        state = self._ledger.dunning(debtor.home)
        return tuple(each for each in claims if (debt := state.debt(each.bill)) is not None and debt.rung is rung)

    def _dun(self, debtor: Debtor, command: rules.Command) -> None:
        self._ledger.dun(self._estate, debtor, command)


def _overdue(debtor: Debtor, due: date) -> tuple[Claim, ...]:
    """What fell due on a day or before, unless it is too little for anybody to ask for."""
    claims = tuple(each for each in debtor.claims if each.due <= due)
    return claims if sum(each.amount for each in claims) >= WORTH_ASKING else ()
