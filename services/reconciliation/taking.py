"""Statement lines against an estate's accounts, one after the other: what each becomes, with states carried along.

A dry look and the run itself ask the same questions in the same order, so a look tells what will happen.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar
from uuid import UUID, uuid5

from domain.books.books import BOOKS, books_stream
from domain.contracts.fee_basis import FEE_BASIS, fee_basis_stream
from domain.decider import Decider
from domain.fees.fee_account import (
    FEE_ACCOUNT,
    FindPaymentOnStatement,
    PaymentRecorded,
    RefundReturned,
    ReturnRefund,
    fee_account_stream,
)
from domain.money.evidence import Evidence
from domain.reconciliation.line import (
    NO_TRACE_HERE,
    STATEMENT_LINE,
    LineStage,
    MatchLine,
    PassLineOn,
    StatementLine,
    TakeUpLine,
    Waiting,
)
from domain.recorded import Act, Unreadable
from domain.refusal import Refusal
from domain.register.dwelling import DWELLING
from domain.register.owner import OWNER
from services.books.plans import check_open
from services.commands.ask import Ask
from services.commands.plan import Attempt, Reach
from services.fees.plans import NewPayment, payment_taken
from services.log.event_log import Change, Remembered
from services.log.known_states import Loaded
from services.reconciliation.desk_payments import DeskPayments, method_of
from services.reconciliation.formats.entry import Entry
from services.reconciliation.formats.matching import (
    Debts,
    Match,
    Traces,
    candidates_of,
    match,
    speaks_against,
    traces_of,
)
from services.reconciliation.known import Known, debts_of
from services.reconciliation.line_marks import facts_of, line_of, mark_of, said
from services.reconciliation.paid_refunds import PaidRefund, PaidRefunds
from services.reconciliation.twins import Twins

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a line becomes, matched or left to a person, with the changes that make it so; nothing where it is known.

    ``elsewhere`` is a known line that is another estate's, as it stands there. All of a ``void`` one went back.
    """

    line: UUID
    found: Match | Waiting | None
    changes: Sequence[Change] = field(default_factory=tuple)
    elsewhere: StatementLine | None = None
    void: bool = False


class _Carried(Attempt):
    """An attempt whose states are carried from line to line instead of being asked for one by one.

    Most accounts are looked at for one line only: what it changes is folded in when another line asks.
    """

    def __init__(self, reach: Reach, ask: Ask, act: Act) -> None:
        super().__init__(reach, ask, act.recorded_at)
        self._act = act
        self._ahead: dict[UUID, list[Change]] = {}

    def learn(self, loaded: Mapping[UUID, Loaded[Any]]) -> None:
        self._loaded.update(loaded)

    def knows(self, stream: UUID) -> bool:
        return stream in self._loaded

    def carry(self, changes: Sequence[Change]) -> None:
        """What is going to be durable is how things stand for the next line."""
        for change in changes:
            if change.stream in self._loaded and change.events:
                self._ahead.setdefault(change.stream, []).append(change)

    def at(self, decider: Decider[Any, S, Any], stream: UUID) -> Loaded[S]:
        for change in self._ahead.pop(stream, ()):
            before: Loaded[S] = self._loaded[stream]
            state = decider.fold([(event, change.act) for event in change.events], before.state)
            self._loaded[stream] = Loaded(state, change.expected_version + len(change.events))
        return super().at(decider, stream)


class Taking:
    """The lines of one file in their order. ``act`` says who takes them over, and when."""

    def __init__(
        self, reach: Reach, known: Known, by_hand: DeskPayments, refunds: PaidRefunds, twins: Twins, ask: Ask, act: Act,
        file: UUID, causation: UUID | None = None,
    ) -> None:  # fmt: skip
        self._reach = reach
        self._known = known
        self._by_hand = by_hand
        self._refunds = refunds
        self._back: dict[UUID, int] = {}  # refunds that came back, and the line of the file that brought each
        self._twins = twins
        self._given_back: dict[UUID, UUID] = {}  # lines of money that went back of a line, and that line
        self._used: dict[UUID, int] = {}  # payments of the desk, and the line of the file that each was found for
        self._ask = ask
        self._file = file
        self._causation = causation
        self._act = act
        self._look = _Carried(reach, ask, act)
        self._next = 0
        self._rests: dict[UUID, int] = {}  # dwellings and payers of the money of the present chunk, by version
        self._payers = dict(known.book.marks)
        self._book = replace(known.book, marks=self._payers)

    def outcomes(self, first: int, entries: Sequence[Entry]) -> list[Outcome]:
        """What ``entries`` become, of which the first is the file's entry ``first``, counted from 0.

        Asked for the same ones again, others came in between: everything is looked at anew.
        """
        if first < self._next:
            self._look = _Carried(self._reach, self._ask, self._act)
            self._used = {payment: place for payment, place in self._used.items() if place < first}
            self._back = {refund: place for refund, place in self._back.items() if place < first}
        self._next, self._rests = first + len(entries), {}
        lines = [line_of(self._reach.pseudonyms, entry) for entry in entries]
        before, broken = self._before(lines)
        entries, lines = self._with_money_back(entries, lines, before)
        if self._given_back:
            before, broken = self._before(lines)
        fresh = {
            line: (entry, traces_of(entry), mark_of(self._reach.pseudonyms, entry))
            for entry, line in zip(entries, lines, strict=True)
            if (line not in before and line not in broken)  # one that cannot be read is known, whatever it is
            or (line in before and before[line].state.may_pass_to(self._known.estate))
        }
        marks = {line: mark for line, (_, _, mark) in fresh.items()}
        candidates = {line: candidates_of(traces, mark, self._book) for line, (_, traces, mark) in fresh.items()}
        taken_down = self._by_hand.prepare([entry for entry, _, _ in fresh.values()])
        unread = self._bring(taken_down.union(*candidates.values()))
        candidates = {line: each - unread for line, each in candidates.items()}
        found = [
            self._outcome(place, line, *fresh.pop(line), candidates[line], before.get(line, _NEW))
            if line in fresh
            else self._left(line, before.get(line, _NEW))
            for place, line in enumerate(lines, first)
        ]
        for outcome in found:
            self._remember(outcome, marks.get(outcome.line))
        return found

    def _before(self, lines: Sequence[UUID]) -> Remembered[StatementLine]:
        taken = [line for line, version in self._reach.log.versions(lines).items() if version]
        return self._reach.log.readable_of(STATEMENT_LINE, taken, keep=False)

    def _with_money_back(
        self, entries: Sequence[Entry], lines: Sequence[UUID], before: Mapping[UUID, Loaded[StatementLine]]
    ) -> tuple[list[Entry], list[UUID]]:
        """For a line that was taken up before some of it went back: a line of what did, as if it stood for itself."""
        found = list(zip(entries, lines, strict=True))
        for place, (entry, line) in enumerate(found):
            there = before[line].state if entry.refunded and line in before else _NEW.state
            told, again = there.told, there.doubted and entry.waits is not None
            if told is None or again or told.estate != self._known.estate or told.refunded >= entry.refunded:
                continue
            back = self._reach.pseudonyms.of("statement-money-back", str(line), str(entry.refunded))
            self._given_back[back] = line
            amount = told.refunded - entry.refunded
            found[place] = (
                replace(entry, amount=amount, fee=0, refunded=0, waits=None, refund_of="", balance=None),
                back,
            )
        return [entry for entry, _ in found], [line for _, line in found]

    def standing(self) -> dict[UUID, int]:
        """What the outcomes rest on beside accounts, as it was seen: closed months, contract and prices, dwellings."""
        books, basis = books_stream(self._known.estate), fee_basis_stream(self._known.estate)
        versions = {books: self._look.at(BOOKS, books).version, basis: self._look.at(FEE_BASIS, basis).version}
        return versions | self._rests

    def _rest_on(self, dwelling: UUID, payer: UUID) -> None:
        home = self._look.at(DWELLING, dwelling)
        self._rests[dwelling] = home.version
        if payer != home.state.owner:  # who was looked up because of that
            self._rests[payer] = self._look.at(OWNER, payer).version

    def _remember(self, outcome: Outcome, mark: UUID | None) -> None:
        """A payer whose home was named is known from then on."""
        if mark is not None and isinstance(outcome.found, Match):
            self._payers[mark] = self._payers.get(mark, frozenset()) | {outcome.found.dwelling}

    def _bring(self, candidates: set[UUID]) -> set[UUID]:
        """States of accounts, all in one question; keys of their payers likewise. Answers whose cannot be read."""
        streams = {fee_account_stream(each): each for each in candidates}
        missing = [stream for stream in streams if not self._look.knows(stream)]
        loaded, broken = self._reach.log.readable_of(FEE_ACCOUNT, missing, keep=False)  # carried here
        self._look.learn(loaded)
        homes = [each for each in candidates if not self._look.knows(each)]
        self._look.learn(self._reach.log.remembered_all(DWELLING, homes, keep=False))
        self._reach.vault.openers({bill.payer for each in loaded.values() for bill in each.state.bills.values()})
        return {streams[stream] for stream in broken}

    def _debts(self, dwelling: UUID, entry: Entry) -> Debts:
        account = self._look.at(FEE_ACCOUNT, fee_account_stream(dwelling)).state
        home = self._look.at(DWELLING, dwelling).state
        basis = self._look.at(FEE_BASIS, fee_basis_stream(self._known.estate)).state
        return debts_of(account, home, basis, entry)

    def _left(self, line: UUID, before: Loaded[StatementLine]) -> Outcome:
        """A line that is known already, here or at another estate."""
        here = before.state.estate in (None, self._known.estate)
        return Outcome(line, None, (), None if here else before.state)

    def _outcome(
        self, place: int, line: UUID, entry: Entry, traces: Traces, mark: UUID | None, candidates: set[UUID],
        before: Loaded[StatementLine],
    ) -> Outcome:  # fmt: skip
        """``before`` is the line as it stands at another estate, which may pass it on."""
        taken = partial(self._taken, entry, line, before)
        if entry.refunded and entry.net <= 0:
            return Outcome(line, None, void=True)
        twins = () if before.version or line in self._given_back else self._twins.of(entry, line)
        if twins:
            return Outcome(line, Waiting.TWIN, (taken(Waiting.TWIN, twins=twins),))
        came_back = self._refunds.back(entry, self._back)
        if came_back is not None:
            return self._sent_back(place, line, entry, traces, came_back, taken)
        of_desk = self._by_hand.same(entry, self._used) if entry.waits is None else None
        if of_desk is not None:
            try:
                noted = self._noted(line, of_desk.dwelling, FindPaymentOnStatement(of_desk.payment, line))
            except (Refusal, Unreadable):  # reversed, or another line's, since they were looked up; or out of reach
                return Outcome(line, Waiting.AT_DESK, (taken(Waiting.AT_DESK),))
            self._used[of_desk.payment] = place
            there = Match(of_desk.dwelling, Evidence.AT_DESK)
            return Outcome(line, there, (noted, taken(None, of_desk.dwelling, of_desk.payment, Evidence.AT_DESK)))
        debts = {each: self._debts(each, entry) for each in candidates}
        known = self._book
        answer = match(entry, traces, mark, replace(known, debts=debts))
        if answer in NO_TRACE_HERE and before.state.stage is LineStage.QUEUED:
            return self._left(line, before)  # there is none at the other estate either: it waits there
        lead = answer.dwelling if isinstance(answer, Match) else None
        if answer not in _AS_TOLD and self._by_hand.alike(entry, self._used, lead):
            answer = Waiting.AT_DESK
        if isinstance(answer, Match):
            account = self._look.at(FEE_ACCOUNT, fee_account_stream(answer.dwelling)).state
            if self._by_hand.came_since(entry, account):
                answer = Waiting.AT_DESK
        if isinstance(answer, Match):
            payment = uuid5(line, f"{answer.dwelling} {before.version}" if before.version else "payment")
            try:
                new = NewPayment(
                    dwelling=answer.dwelling,
                    amount=entry.amount,
                    method=method_of(entry.provider),
                    bills=tuple(answer.bills),
                    paid_on=entry.at.date(),
                    reference=said(entry.serial, 64),
                    line=line,
                    evidence=answer.evidence,
                )
                paid = payment_taken(self._look, new, payment).changes
            except Refusal as refusal:
                answer = _REFUSED.get(refusal.code, Waiting.NOT_TAKEN)
            else:
                self._look.carry(paid)
                came = next(each for each in paid if any(isinstance(event, PaymentRecorded) for event in each.events))
                self._rest_on(answer.dwelling, came.correlation)
                return Outcome(line, answer, (*paid, taken(None, answer.dwelling, payment, answer.evidence)))
        return Outcome(line, answer, (taken(answer),))

    def _sent_back(
        self, place: int, line: UUID, entry: Entry, traces: Traces, found: Sequence[PaidRefund],
        taken: Callable[..., Change],
    ) -> Outcome:  # fmt: skip
        """A refund of ours that the bank sent back; which one, a person says unless only one can be meant."""
        one, waiting = (found[0] if len(found) == 1 else None), Waiting.REFUND_BACK
        if one is not None and speaks_against(entry, traces, one.dwelling, self._book) is None:
            try:
                noted = self._noted(line, one.dwelling, ReturnRefund(one.refund, entry.at.date(), line))
            except (Refusal, Unreadable) as wrong:
                closed = isinstance(wrong, Refusal) and wrong.code == "period_closed"
                waiting = Waiting.PERIOD_CLOSED if closed else waiting
            else:
                self._back[one.refund] = place
                there = (None, one.dwelling, one.payment, Evidence.REFUND_RETURNED)
                change = taken(*there, refund=one.refund)
                return Outcome(line, Match(one.dwelling, Evidence.REFUND_RETURNED), (noted, change))
        return Outcome(line, waiting, (taken(waiting),))

    def _noted(self, line: UUID, dwelling: UUID, command: FindPaymentOnStatement | ReturnRefund) -> Change:
        """The account's note that this line is about a payment of the desk, or a refund. Raises ``Refusal``."""
        stream, estate = fee_account_stream(dwelling), self._known.estate
        account = self._look.at(FEE_ACCOUNT, stream)
        events = FEE_ACCOUNT.consider(command, account.state, self._act)
        for event in events:
            if isinstance(event, RefundReturned):
                check_open(self._look, estate, event.returned_on)
        if isinstance(command, FindPaymentOnStatement):
            about = command.payment
        else:
            about = account.state.refunds[command.refund].payment
        payer = account.state.payments[about].payer
        noted = Change(stream, FEE_ACCOUNT.name, account.version, events, self._act, estate, payer, self._causation)
        self._look.carry([noted])
        return noted

    def _taken(
        self,
        entry: Entry,
        line: UUID,
        before: Loaded[StatementLine],
        waiting: Waiting | None,
        dwelling: UUID | None = None,
        payment: UUID | None = None,
        evidence: Evidence | None = None,
        twins: tuple[UUID, ...] = (),
        refund: UUID | None = None,
    ) -> Change:
        about = self._given_back.get(line)
        facts = facts_of(self._reach.pseudonyms, entry, self._known.estate, self._file, about)
        command = TakeUpLine(
            told=facts,
            serial=said(entry.serial, 200),
            payer=said(entry.payer, 100),
            account=said(entry.account, 100),
            remark=said(entry.remark, 500),
            waiting=waiting,
            dwelling=dwelling,
            payment=payment,
            evidence=evidence,
            twins=twins,
            state=said(entry.state, 100),
            refund=refund,
        )
        if before.version:
            events = self._passed_on(before.state, command)
        else:
            events = STATEMENT_LINE.decide(command, _NEW.state, self._act)  # its texts are clean already
        estate, version = self._known.estate, before.version
        return Change(line, STATEMENT_LINE.name, version, events, self._act, estate, line, self._causation)

    def _passed_on(self, before: StatementLine, taken: TakeUpLine) -> Sequence[Any]:
        """A line of another estate comes here, and is matched where it leads to somebody; its texts are kept there."""
        passed = STATEMENT_LINE.consider(PassLineOn(taken.told, taken.waiting or Waiting.NO_TRACE), before, self._act)
        if taken.dwelling is None or taken.payment is None or taken.evidence is None:
            return passed
        here = STATEMENT_LINE.fold([(event, self._act) for event in passed], before)
        match = MatchLine(taken.dwelling, taken.payment, taken.evidence, taken.refund)
        return [*passed, *STATEMENT_LINE.consider(match, here, self._act)]


_NEW = Loaded(StatementLine(), 0)
_AS_TOLD = frozenset(  # what says more than that the desk took down something like it
    {
        Waiting.REFUND, Waiting.MONEY_OUT, Waiting.OTHER_ESTATE, Waiting.OTHER_HOME, Waiting.OTHER_PERSON,
        Waiting.REFUNDED_PARTLY, Waiting.STATE, Waiting.PERSONAL,
    }
)  # fmt: skip
_REFUSED = {"period_closed": Waiting.PERIOD_CLOSED, "over_prepayment_limit": Waiting.EXCESS}
