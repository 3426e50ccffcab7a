"""One line of a statement file (对账单): money that a bank or a payment service says came or went, taken up once.

Its stream is known by the provider and its serial there, so the same line in two files is one line. It was matched to
a payment, or waits in the queue for a person, or was set aside with a reason.

Several estates may share one account of a provider: then the line is in the files of each of them. It belongs to the
first that takes it up, until that one says that it is another estate's, or has no trace of whose it is and another has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, assert_never
from uuid import UUID

from domain.capacity import ACCOUNTS, Capacity
from domain.changed import changed
from domain.decider import Decider
from domain.money.evidence import Evidence
from domain.recorded import Act
from domain.refusal import refuse_done, refuse_if, reject_if
from domain.words import Personal, personal

_NAME, _REMARK = 100, 500


class Provider(Enum):
    """Whose statement it is."""

    WECHAT = "WECHAT"
    ALIPAY = "ALIPAY"
    CCB = "CCB"  # 中国建设银行
    ICBC = "ICBC"  # 中国工商银行
    BANK = "BANK"  # any other


class Waiting(Enum):
    """Why a line needs a person."""

    NO_TRACE = "NO_TRACE"  # nothing in it leads to an account
    SEVERAL = "SEVERAL"  # it leads to several accounts equally well
    OTHER_AMOUNT = "OTHER_AMOUNT"  # it leads to one account, where nothing of this amount is open
    AT_DESK = "AT_DESK"  # the desk took down a payment like this, perhaps the same one
    EXCESS = "EXCESS"  # more than is open and may be prepaid
    REFUND = "REFUND"  # money that went back to a payer
    MONEY_OUT = "MONEY_OUT"  # money that went out, to nobody known as a payer
    PERIOD_CLOSED = "PERIOD_CLOSED"  # the month of its day is closed
    NOT_TAKEN = "NOT_TAKEN"  # the account takes no such payment
    RETURNED = "RETURNED"  # its payment was reversed, or it was set aside by mistake
    TWIN = "TWIN"  # an earlier line looks like the same money, as another download writes it
    APART = "APART"  # a person said that it only looks like an earlier one
    OTHER_ESTATE = "OTHER_ESTATE"  # it names another estate
    OTHER_HOME = "OTHER_HOME"  # it names another building or home than the one it leads to
    OTHER_PERSON = "OTHER_PERSON"  # it names somebody else than who owns that home or pays
    REFUNDED_PARTLY = "REFUNDED_PARTLY"  # some of it went back: the amount is what is left
    STATE = "STATE"  # its state in the file is in words that nobody knows
    PERSONAL = "PERSONAL"  # it came to the account of a person, not of the firm
    REFUND_BACK = "REFUND_BACK"  # it says that money which the firm sent came back


class SetAsideReason(Enum):
    """Why a line concerns no resident's account here."""

    NOT_FEES = "NOT_FEES"
    OTHER_ESTATE = "OTHER_ESTATE"
    REFUND_RECORDED = "REFUND_RECORDED"
    RECORDED_BEFORE = "RECORDED_BEFORE"  # the desk had taken it down by hand
    SENT_BACK = "SENT_BACK"
    SAME_LINE = "SAME_LINE"  # an earlier line is the same money
    OTHER = "OTHER"


class LineStage(Enum):
    """How a line stands."""

    UNKNOWN = "UNKNOWN"
    QUEUED = "QUEUED"
    MATCHED = "MATCHED"
    SET_ASIDE = "SET_ASIDE"


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What the file says that is nobody's secret. ``amount`` and ``fee`` in fen; below zero went out.

    ``mark`` is the pseudonym of the payer's account there, where it names one; ``about`` is the line that a refund
    gives money back of. Pseudonyms too are the ``balance`` after it, the firm's ``own`` account, the heading of its
    serials (``numbering``; ``None`` where it has no serial) and that of the whole table (``layout``): they tell whether
    two downloads mean the same line. ``refunded`` went back of what came: ``amount`` is the rest.
    ``numbers`` are pseudonyms of the provider's numbers of it, as the desk takes them down.
    """

    estate: str
    provider: Provider
    amount: int
    at: datetime
    file: UUID
    row: int
    fee: int = 0
    mark: UUID | None = None
    about: UUID | None = None
    balance: UUID | None = None
    own: UUID | None = None
    numbering: UUID | None = None
    layout: UUID | None = None
    refunded: int = 0
    numbers: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class TakeUpLine:
    """A line that the product matched to a payment of a dwelling, or, without one, leaves to a person.

    ``twins`` are earlier lines that may be the same money; ``state`` is what the file says of how it stands, where
    nobody knows the words.
    """

    told: LineFacts
    serial: Personal = personal(200, default=None)
    payer: Personal = personal(_NAME, default=None)
    account: Personal = personal(_NAME, default=None)
    remark: Personal = personal(_REMARK, default=None)
    waiting: Waiting | None = None
    dwelling: UUID | None = None
    payment: UUID | None = None
    evidence: Evidence | None = None
    twins: tuple[UUID, ...] = ()
    state: Personal = personal(_NAME, default=None)
    refund: UUID | None = None


@dataclass(frozen=True, slots=True)
class MatchLine:
    """A person says whose payment it is; ``AT_DESK`` where the desk had taken it down before.

    ``refund`` is one of that payment that came back by this line.
    """

    dwelling: UUID
    payment: UUID
    evidence: Evidence = Evidence.BY_HAND
    refund: UUID | None = None


@dataclass(frozen=True, slots=True)
class SetLineAside:
    """It concerns no account here; ``text`` says more, and has to where the reason is ``OTHER``.

    ``same`` is the earlier line that it is, for ``SAME_LINE``; it may be left out where only one looks like it.
    """

    reason: SetAsideReason
    text: Personal = personal(default=None)
    same: UUID | None = None


@dataclass(frozen=True, slots=True)
class TellLineApart:
    """It only looks like an earlier line: it is money of its own, and may be matched."""


@dataclass(frozen=True, slots=True)
class DoubtLine:
    """It may be an earlier line after all, from which a person told it apart."""


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """Back to the queue: it was set aside by mistake, its payment was reversed, or is another one of the desk."""


@dataclass(frozen=True, slots=True)
class PassLineOn:
    """It stands in the file of another estate too (``told``), and is theirs."""

    told: LineFacts
    waiting: Waiting


Command = TakeUpLine | MatchLine | SetLineAside | TellLineApart | DoubtLine | ReturnLine | PassLineOn


@dataclass(frozen=True, slots=True)
class StatementLineQueued:
    told: LineFacts
    waiting: Waiting
    serial: Personal = personal(200, default=None)
    payer: Personal = personal(_NAME, default=None)
    account: Personal = personal(_NAME, default=None)
    remark: Personal = personal(_REMARK, default=None)
    twins: tuple[UUID, ...] = ()
    state: Personal = personal(_NAME, default=None)


@dataclass(frozen=True, slots=True)
class StatementLineMatched:
    """``told`` where it was matched straight from the file, by the product.

    ``refund`` is one of the payment that came back by this line.
    """

    dwelling: UUID
    payment: UUID
    evidence: Evidence
    told: LineFacts | None = None
    serial: Personal = personal(200, default=None)
    payer: Personal = personal(_NAME, default=None)
    account: Personal = personal(_NAME, default=None)
    remark: Personal = personal(_REMARK, default=None)
    refund: UUID | None = None


@dataclass(frozen=True, slots=True)
class StatementLineSetAside:
    reason: SetAsideReason
    text: Personal = personal(default=None)
    same: UUID | None = None


@dataclass(frozen=True, slots=True)
class StatementLineToldApart:
    """A person said that it is money of its own."""


@dataclass(frozen=True, slots=True)
class StatementLineDoubted:
    """It may be one of these earlier lines after all."""

    twins: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class StatementLineReturned:
    """It waits in the queue again; ``payment`` is the one that was reversed, if it had been matched."""

    payment: UUID | None = None


@dataclass(frozen=True, slots=True)
class StatementLinePassedOn:
    """It waits in the queue of another estate from now on."""

    told: LineFacts
    waiting: Waiting


Event = (
    StatementLineQueued
    | StatementLineMatched
    | StatementLineSetAside
    | StatementLineToldApart
    | StatementLineDoubted
    | StatementLineReturned
    | StatementLinePassedOn
)

NO_TRACE_HERE = frozenset({Waiting.NO_TRACE, Waiting.OTHER_ESTATE})  # another estate that knows more may have it


@dataclass(frozen=True)
class StatementLine:
    """``told`` is what a payment by hand needs; ``evidence`` whether its payment is one of the desk.

    ``declined`` are estates that said it is another one's.
    """

    estate: str | None = None
    stage: LineStage = LineStage.UNKNOWN
    told: LineFacts | None = None
    dwelling: UUID | None = None
    payment: UUID | None = None
    evidence: Evidence | None = None
    waiting: Waiting | None = None
    reason: SetAsideReason | None = None
    refund: UUID | None = None  # that came back by it
    told_by: Act | None = None  # whose act brought it to its stage
    declined: frozenset[str] = frozenset()
    twins: tuple[UUID, ...] = ()  # earlier lines that it may be, unless a person said that it is none of them
    apart_from: tuple[UUID, ...] = ()  # those of which a person said so
    same: UUID | None = None  # the earlier line that it is
    doubted: bool = False  # its file did not say for sure that the money came

    def may_pass_to(self, estate: str) -> bool:
        """Whether an estate may have it whose file holds it too."""
        if estate == self.estate or estate in self.declined:
            return False
        if self.stage is LineStage.SET_ASIDE:
            return self.reason is SetAsideReason.OTHER_ESTATE
        return self.stage is LineStage.QUEUED and self.waiting in NO_TRACE_HERE


def decide(command: Command, line: StatementLine, act: Act) -> Sequence[Event]:
    """Taken up once; saying so again changes nothing."""
    match command:
        case TakeUpLine():
            return [] if line.stage is not LineStage.UNKNOWN else [_taken_up(command)]
        case MatchLine(dwelling, payment, evidence, refund):
            _check_waits(line)
            refuse_if(bool(line.twins), "line_maybe_twice")
            reject_if(line.told is None or line.told.amount <= 0, "line_money_out")
            return [StatementLineMatched(dwelling, payment, evidence, refund=refund)]
        case SetLineAside(reason, text, same):
            _check_waits(line)
            reject_if(reason is SetAsideReason.OTHER and text is None, "blank_text", field="text")
            if reason is not SetAsideReason.SAME_LINE:
                return [StatementLineSetAside(reason, text)]
            same = line.twins[0] if same is None and len(line.twins) == 1 else same
            reject_if(same not in line.twins, "line_not_alike", field="same")
            return [StatementLineSetAside(reason, text, same)]
        case TellLineApart():
            _check_waits(line)
            return [StatementLineToldApart()] if line.twins else []
        case DoubtLine():
            _check_waits(line)
            refuse_if(not line.twins and not line.apart_from, "line_never_alike")
            return [] if line.twins else [StatementLineDoubted(line.apart_from)]
        case ReturnLine():
            refuse_if(line.stage is LineStage.UNKNOWN, "line_not_queued")
            refuse_done(line.told_by if line.stage is LineStage.QUEUED else None, "line_waits")
            return [StatementLineReturned(line.payment)]
        case PassLineOn(told, waiting):
            if told.estate == line.estate:
                return []
            refuse_if(line.stage is LineStage.MATCHED, "line_matched")
            refuse_if(not line.may_pass_to(told.estate), "line_elsewhere")
            return [StatementLinePassedOn(told, waiting)]
        case _:
            assert_never(command)


def _check_waits(line: StatementLine) -> None:
    """Whose money a line is, one person says: the next one hears who did, and that nothing is left to do."""
    refuse_done(line.told_by if line.stage is LineStage.MATCHED else None, "line_matched")
    refuse_done(line.told_by if line.stage is LineStage.SET_ASIDE else None, "line_not_queued", line.reason)
    refuse_if(line.stage is not LineStage.QUEUED, "line_not_queued")


def _taken_up(line: TakeUpLine) -> Event:
    said = (line.serial, line.payer, line.account, line.remark)
    if line.dwelling is None or line.payment is None or line.evidence is None:
        return StatementLineQueued(line.told, line.waiting or Waiting.NO_TRACE, *said, line.twins, line.state)
    reject_if(line.told.amount <= 0, "line_money_out")
    return StatementLineMatched(line.dwelling, line.payment, line.evidence, line.told, *said, line.refund)


def evolve(line: StatementLine, event: Event, act: Act) -> StatementLine:
    match event:
        case StatementLineQueued(told, waiting) | StatementLinePassedOn(told, waiting):
            twins = event.twins if isinstance(event, StatementLineQueued) else line.twins
            here = {"told": told, "estate": told.estate, "waiting": waiting, "reason": None, "twins": twins}
            here["doubted"] = line.doubted or waiting is Waiting.STATE
            return changed(line, stage=LineStage.QUEUED, **here, told_by=act)
        case StatementLineMatched(dwelling, payment, evidence, told):
            now = {"dwelling": dwelling, "payment": payment, "evidence": evidence, "refund": event.refund}
            matched = changed(line, stage=LineStage.MATCHED, **now, told_by=act)
            return matched if told is None else changed(matched, told=told, estate=told.estate)
        case StatementLineSetAside(reason, _, same):
            theirs = {line.estate} if reason is SetAsideReason.OTHER_ESTATE and line.estate else set()
            return changed(
                line, stage=LineStage.SET_ASIDE, reason=reason, same=same, declined=line.declined | theirs, told_by=act
            )
        case StatementLineToldApart():
            return changed(line, waiting=Waiting.APART, twins=(), apart_from=line.twins, told_by=act)
        case StatementLineDoubted(twins):
            return changed(line, waiting=Waiting.TWIN, twins=twins, apart_from=(), told_by=act)
        case StatementLineReturned():
            back = {
                "waiting": Waiting.TWIN if line.twins else Waiting.RETURNED,
                "reason": None,
                "same": None,
                "declined": line.declined - {line.estate},
                "told_by": act,
            }
            return changed(
                line, stage=LineStage.QUEUED, dwelling=None, payment=None, evidence=None, refund=None, **back
            )
        case _:
            assert_never(event)


POWERS: Mapping[type[Any], frozenset[Capacity]] = {
    TakeUpLine: ACCOUNTS,
    MatchLine: ACCOUNTS,
    SetLineAside: ACCOUNTS,
    TellLineApart: ACCOUNTS,
    DoubtLine: ACCOUNTS,
    ReturnLine: ACCOUNTS,
    PassLineOn: ACCOUNTS,
}

STATEMENT_LINE: Decider[Command, StatementLine, Event] = Decider(
    name="StatementLine",
    initial=StatementLine(),
    decide=decide,
    evolve=evolve,
    commands=Command.__args__,
    events=Event.__args__,
    powers=POWERS,
)
