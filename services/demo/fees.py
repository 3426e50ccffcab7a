"""The demo's three years of fees: register, contracts, prices, quarterly bills and the payments on them.

Told in the order of happening and by the same rules as everything else: each event is what a command's decider
answered. Who pays when follows from the dwelling's pseudonym.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from domain.arrears.dunning import DUNNING, Claim, Command, Dunning, OpenDunning, dunning_stream
from domain.billing.reckoning import reckoned
from domain.calendar import SHANGHAI, local_date
from domain.capacity import Capacity
from domain.contracts.fee_basis import (
    FEE_BASIS,
    AdoptFeeSchedule,
    ChangeServiceMode,
    Charged,
    FeeMode,
    ModeGround,
    Price,
    ServiceMode,
    SignContract,
    Terms,
    fee_basis_stream,
)
from domain.decider import Decider
from domain.fees.fee_account import (
    FEE_ACCOUNT,
    DrawPrepayment,
    FeeAccount,
    Method,
    OpenFeeAccount,
    RecordInvoice,
    RecordPayment,
    RequestInvoice,
    ReverseInvoice,
    fee_account_stream,
)
from domain.fees.invoice_number import INVOICE_NUMBER, UseInvoiceNumber, invoice_number_stream
from domain.fees.receipt_book import RECEIPT_BOOK, IssueReceipt, receipt_book_stream, receipt_number
from domain.money.allocation import AllocationOrder
from domain.money.items import FeeItem
from domain.money.tax import split
from domain.months import months_later
from domain.recorded import Act
from domain.register.dwelling import DWELLING, BeginOwnership, Dwelling, RegisterDwelling, TakeService, Use
from domain.register.owner import OWNER, OwnerKind, RegisterOwner
from services.demo.cast import BUILDINGS, FIRST, SECOND
from services.demo.debts import DebtHistory, Debtor
from services.fees.plans import prepay_limit
from services.log.event_log import Change, EventLog
from services.log.pseudonyms import Pseudonyms
from services.log.randomness import new_id

YEARS = 3
_NAMESPACE = UUID("3e0c3f1e-2a9e-4f57-9d0a-7d6f0c6e5a42")  # of the demo's bills and payments
_PAYMENT_DAYS = 30
_RATE = 300  # basis points of value added tax
_CHUNK = 400  # streams in one transaction
_SURNAMES = "陈林黄郑吴周刘叶许何苏江魏潘方邱余谢钟廖"
_GIVEN = (
    "秀兰",
    "建国",
    "丽华",
    "志明",
    "美玉",
    "国强",
    "淑芬",
    "文杰",
    "春梅",
    "永福",
    "雅琴",
    "大伟",
    "玉珍",
    "少华",
)
_AREAS = (8937, 10452, 7618, 12030)  # 0.01 m²
_ACTORS = {FIRST: ("accountant", Capacity.ACCOUNTANT), SECOND: ("centre", Capacity.CENTRE_HEAD)}
_HEADS = {FIRST: ("head", Capacity.STATION_HEAD), SECOND: ("head2", Capacity.STATION_HEAD)}
_METHODS = (Method.WECHAT, Method.WECHAT, Method.ALIPAY, Method.BANK_TRANSFER, Method.CARD)
_FIRM = "东侨荷塘近邻物业服务有限公司"
_CONTENT = "保洁、秩序维护、绿化养护、共用部位与设施日常维修"


@dataclass(slots=True)
class _Stream:
    """A stream as the demo has told it so far."""

    decider: Decider[Any, Any, Any]
    state: Any
    version: int = 0


class FeeHistory:
    """Tells the fees of the demo's estates up to ``until``, where its week begins: the log is in the order of time.

    ``people`` are named by their keys in the demo's stories.
    """

    def __init__(self, log: EventLog, pseudonyms: Pseudonyms, people: dict[str, UUID], until: datetime) -> None:
        self._log = log
        self._pseudonyms = pseudonyms
        self._people = people
        self._until = until
        self._streams: dict[UUID, _Stream] = {}
        self._changes: dict[UUID, Change] = {}
        self._homes: dict[str, list[UUID]] = {}
        self._payers: dict[UUID, UUID] = {}
        self._names: dict[UUID, str] = {}
        self._paid = 0  # payments of the first estate
        self.begins = months_later(local_date(until).replace(day=1), 1 - 12 * YEARS)  # next month is to be billed

    def tell(self) -> None:
        """Everything, in the order of happening."""
        acts: list[tuple[datetime, int, Callable[[], None]]] = []
        for estate in BUILDINGS:
            for place, (moment, act) in enumerate(self._history(estate)):
                acts.append((moment, place, act))
        for moment, _, act in sorted(acts, key=lambda each: each[:2]):
            if moment > self._until:
                break
            self._moment = moment
            act()
            if len(self._changes) >= _CHUNK:
                self._flush()
        self._flush()

    # -- the course of three years -------------------------------------------------------------------------------

    def _history(self, estate: str) -> Iterator[tuple[datetime, Callable[[], None]]]:
        founded = _at(self.begins - timedelta(days=45), 9)
        yield founded, lambda: self._register(estate)
        yield founded + timedelta(hours=4), lambda: self._sign(estate)
        raised = months_later(self.begins, 24)
        if estate == SECOND:
            yield _at(raised - timedelta(days=40), 10), lambda: self._price(estate, 6500, raised)
        quarter = self.begins
        while _at(quarter, 9) <= self._until:
            following = months_later(quarter, 3)
            yield _at(quarter + timedelta(days=4), 9), _later(self._bill, estate, quarter, following)
            for day in range(6, 90, 3):
                moment = _at(quarter + timedelta(days=day), 15)
                yield moment, _later(self._collect, estate, quarter, day)
            yield _at(following + timedelta(days=_PAYMENT_DAYS - 1), 8), _later(self._draw, estate)  # they fall due
            quarter = following
        if estate == FIRST:
            yield from DebtHistory(self, estate, raised, self._people[_ACTORS[estate][0]]).acts(_at)

    def _register(self, estate: str) -> None:
        buildings, stairwells, floors = BUILDINGS[estate]
        developer = new_id()
        self._names[developer] = "宁居置业有限公司"
        self._do(OWNER, developer, RegisterOwner(estate, OwnerKind.DEVELOPER, self._names[developer]), estate)
        homes = self._homes[estate] = []
        for building in range(1, buildings + 1):
            for stairwell in range(1, stairwells + 1):
                for room in (f"{floor}0{flat}" for floor in range(1, floors + 1) for flat in (1, 2)):
                    home = self._pseudonyms.dwelling(estate, str(building), str(stairwell), room)
                    homes.append(home)
                    self._home(estate, home, str(building), str(stairwell), room, developer)

    def _home(self, estate: str, home: UUID, building: str, stairwell: str, room: str, developer: UUID) -> None:
        n = len(self._homes[estate])
        area = _AREAS[(n * 7 + int(building)) % len(_AREAS)]
        registered = RegisterDwelling(estate, building, stairwell, room, area, area * 82 // 100, Use.RESIDENCE)
        self._do(DWELLING, home, registered, estate)
        account = fee_account_stream(home)
        self._do(FEE_ACCOUNT, account, OpenFeeAccount(home, estate, building), estate)
        owner = developer
        if n % 41:  # the others are not sold yet
            owner = new_id()
            name = _SURNAMES[n % len(_SURNAMES)] + _GIVEN[(n * 3 + int(building)) % len(_GIVEN)]
            self._names[owner] = name
            self._do(OWNER, owner, RegisterOwner(estate, OwnerKind.PERSON, name, f"1390{n * 7919 % 10**7:07d}"), estate)
        self._payers[home] = owner
        self._do(DWELLING, home, BeginOwnership(owner, date(2012, 6, 1)), estate)
        if n % 4 == 1:
            self._do(DWELLING, home, TakeService(FeeItem.PARKING, 1, self.begins), estate)

    def _sign(self, estate: str) -> None:
        basis = fee_basis_stream(estate)
        contract, number = (
            uuid5(_NAMESPACE, f"{estate} contract"),
            f"{'DHY' if estate == FIRST else 'LAX'}-{self.begins:%Y}-01",
        )
        terms = Terms(AllocationOrder.PRINCIPAL_FIRST, payment_days=_PAYMENT_DAYS)
        until = months_later(self.begins, 60)
        decision = "业主大会决定"
        signed = SignContract(estate, contract, number, FeeMode.LUMP_SUM, self.begins, until, terms, decision, _FIRM)
        mode = ChangeServiceMode(estate, ServiceMode.CONTRACTED, self.begins, ModeGround.CONTRACT, number)
        for command in (signed, mode):
            self._do(FEE_BASIS, basis, command, estate, _HEADS[estate])
        self._price(estate, 6000 if estate == FIRST else 5500, self.begins)

    def _price(self, estate: str, unit_price: int, valid_from: date) -> None:
        prices = (
            Price(FeeItem.PROPERTY_FEE, Charged.PER_AREA, (Use.RESIDENCE,), unit_price, "第八条", _CONTENT),
            Price(FeeItem.PARKING, Charged.PER_UNIT, (Use.RESIDENCE,), 600_000, "第十条", "地面划线车位"),
            Price(FeeItem.KEY_CARD, Charged.PER_PIECE, (Use.RESIDENCE,), 150_000, "第十一条", "门禁卡工本，补领"),
        )
        schedule = uuid5(_NAMESPACE, f"{estate} prices {valid_from}")
        contract = uuid5(_NAMESPACE, f"{estate} contract")
        adopted = AdoptFeeSchedule(schedule, contract, prices, local_date(self._moment), valid_from)
        self._do(FEE_BASIS, fee_basis_stream(estate), adopted, estate, _HEADS[estate])

    def _bill(self, estate: str, since: date, until: date) -> None:
        basis = self._streams[fee_basis_stream(estate)].state
        spans = basis.spans(since, until, local_date(self._moment))
        homes: list[tuple[UUID, Dwelling]] = [(home, self._streams[home].state) for home in self._homes[estate]]
        for place, line in enumerate(reckoned(homes, spans, {}).lines, 1):
            number = f"{local_date(self._moment):%Y%m%d}-{estate[-3:]}-{place:06d}"
            bill = line.issue(uuid5(_NAMESPACE, f"{line.dwelling} {line.item.value} {since}"), number)
            self._do(FEE_ACCOUNT, fee_account_stream(line.dwelling), bill, estate)

    def _collect(self, estate: str, quarter: date, day: int) -> None:
        """Those who pay on this day of the quarter."""
        age = (local_date(self._until) - quarter).days // 91
        for n, home in enumerate(self._homes[estate], 1):
            habit = uuid5(_NAMESPACE, home.hex).int
            if habit % 28 * 3 + 6 != day:
                continue
            kind, account = habit // 28 % 100, self._streams[fee_account_stream(home)].state
            owed = sum(bill.open for bill in account.open_bills(self._payers[home]).values())
            if kind < 4 or (kind < 9 and age < 4) or (kind < 16 and age == 1):
                continue  # has never paid; has not paid for a year; was away over the summer
            ahead = min(owed * 3, self._limit(estate, home)) if kind >= 88 and age % 4 == 3 else 0
            amount = owed // 200 * 100 if kind < 20 and n % 2 else owed + ahead
            if amount > 0:
                self._pay(estate, home, account, amount, ahead, _METHODS[habit // 2800 % 5])

    def _limit(self, estate: str, home: UUID) -> int:
        """What may be paid in advance now (INV-47), as at the desk."""
        account, basis = self._streams[fee_account_stream(home)].state, self._streams[fee_basis_stream(estate)].state
        return prepay_limit(account, self._streams[home].state, basis, local_date(self._moment), self._payers[home])

    def _pay(self, estate: str, home: UUID, account: FeeAccount, amount: int, prepaid: int, method: Method) -> None:
        day = local_date(self._moment)
        book = receipt_book_stream(estate, day.year)
        payment = uuid5(_NAMESPACE, f"{home} {day}")
        version = self._streams[book].version if book in self._streams else 0
        command = RecordPayment(
            payment=payment,
            payer=self._payers[home],
            amount=amount,
            method=method,
            paid_on=day,
            receipt=receipt_number(day.year, version + 1),
            order=AllocationOrder.PRINCIPAL_FIRST,
            prepay_limit=prepaid,
        )
        self._do(FEE_ACCOUNT, fee_account_stream(home), command, estate, about=self._payers[home])
        self._do(RECEIPT_BOOK, book, IssueReceipt(estate, payment, home, amount), estate)
        self._paid += estate == FIRST
        if estate == FIRST and self._paid % 100 == 0:
            self._invoice(estate, home, payment, amount)

    def _invoice(self, estate: str, home: UUID, payment: UUID, amount: int) -> None:
        """Somebody wants an invoice: issued at once but for the latest, and now and then reversed and made out anew."""
        account, payer, day = fee_account_stream(home), self._payers[home], local_date(self._moment)
        net, tax = split(amount, _RATE)

        def asked(title: str) -> UUID:
            invoice = uuid5(_NAMESPACE, f"{payment} {title}")
            request = RequestInvoice(invoice, payment, amount, _RATE, net, tax, title)
            self._do(FEE_ACCOUNT, account, request, estate, about=payer)
            return invoice

        def invoice(command: RecordInvoice | ReverseInvoice, number: str, red: bool = False) -> None:
            self._do(FEE_ACCOUNT, account, command, estate, about=payer)
            used = UseInvoiceNumber(estate, command.invoice, red)
            self._do(INVOICE_NUMBER, invoice_number_stream(number), used, estate, about=command.invoice)

        numbers = [f"{day:%y}352{self._paid:014d}{n}" for n in range(3)]
        wrong = self._paid % 400 == 0
        first = asked(self._names[payer][:1] if wrong else self._names[payer])
        if day > local_date(self._until) - timedelta(days=70):
            return
        invoice(RecordInvoice(first, numbers[0], day), numbers[0])
        if wrong:
            invoice(ReverseInvoice(first, numbers[1], day, "抬头写错"), numbers[1], red=True)
            invoice(RecordInvoice(asked(self._names[payer]), numbers[2], day), numbers[2])

    def _draw(self, estate: str) -> None:
        day = local_date(self._moment)
        for home in self._homes[estate]:
            stream = fee_account_stream(home)
            if self._streams[stream].state.prepaid:
                command = DrawPrepayment(day, AllocationOrder.PRINCIPAL_FIRST)
                self._do(FEE_ACCOUNT, stream, command, estate)

    # -- what is owed --------------------------------------------------------------------------------------------

    def debtors(self, estate: str) -> list[Debtor]:
        """Who owes something, in the order of the dwellings."""
        found = []
        for home in self._homes[estate]:
            payer, account = self._payers[home], self._streams[fee_account_stream(home)].state
            claims = [Claim(id, bill.open, bill.due) for id, bill in account.open_bills(payer).items()]
            if claims:
                found.append(Debtor(home, payer, tuple(sorted(claims, key=lambda each: each.due))))
        return found

    def dunning(self, home: UUID) -> Dunning:
        """What was said and done about a dwelling."""
        known = self._streams.get(dunning_stream(home))
        return known.state if known else DUNNING.initial

    def dun(self, estate: str, debtor: Debtor, command: Command) -> None:
        """Something about a debtor, the beginning of it included."""
        stream = dunning_stream(debtor.home)
        for each in (OpenDunning(debtor.home, estate), command):
            self._do(DUNNING, stream, each, estate, about=debtor.payer)

    # -- into the log --------------------------------------------------------------------------------------------

    def _do(
        self,
        decider: Decider[Any, Any, Any],
        stream: UUID,
        command: Any,
        estate: str,
        who: tuple[str, Capacity] | None = None,
        about: UUID | None = None,
    ) -> None:
        key, capacity = who or _ACTORS[estate]
        act = Act(self._people[key], capacity, self._moment, self._moment)
        known = self._streams.setdefault(stream, _Stream(decider, decider.initial))
        events: Sequence[Any] = decider.consider(command, known.state, act)
        if not events:
            return
        correlation = about or stream
        waiting = self._changes.get(stream)
        if waiting is not None and (waiting.act, waiting.correlation) != (act, correlation):
            self._flush()
            waiting = None
        begins = waiting.expected_version if waiting else known.version
        invoice = [*(waiting.events if waiting else ()), *events]
        self._changes[stream] = Change(stream, decider.name, begins, invoice, act, estate, correlation)
        known.state = decider.fold([(event, act) for event in events], known.state)
        known.version += len(events)

    def _flush(self) -> None:
        if self._changes:
            self._log.append(list(self._changes.values()))
            self._changes = {}


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), SHANGHAI)


def _later(act: Callable[..., None], *given: Any) -> Callable[[], None]:
    return lambda: act(*given)
