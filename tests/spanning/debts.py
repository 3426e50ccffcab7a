"""Races over lines of statements, arrears and private addresses: two acts at the same moment on one account."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from domain.account_statements.link import StatementLinkIssued
from domain.arrears import dunning as debts
from domain.arrears.dunning import DUNNING, Claim, RemindedBy, dunning_stream
from domain.capacity import Capacity
from domain.fees import fee_account as fees
from domain.money.evidence import Evidence
from domain.people import person as people
from domain.reconciliation import line as lines
from domain.reconciliation.line import STATEMENT_LINE, LineFacts, Provider, Waiting
from domain.recorded import Recorded
from domain.register.dwelling import (
    DWELLING,
    BeginOwnership,
    DwellingWithdrawn,
    OwnershipBegan,
)
from domain.register.owner import (
    OWNER,
    NameOwnerStaff,
    OwnerIsStaff,
    OwnerKind,
    OwnerRegistered,
)
from services.account_statements.plans import issue, new_token
from services.arrears.penalty_plans import charge_penalty, grant_waiver
from services.arrears.plans import Pick, on_debtor, on_said
from services.commands.ask import Ask, Caller
from services.fees.plans import reverse_payment
from services.people.plans import on_person
from services.reconciliation.plans import found_at_desk, match_line, on_line
from services.register.plans import on_dwelling, on_owner
from tests.spanning.grounds import Grounds, Home, Round, exactly_one, never_after, not_both, race
from tests.spanning.money import money, withdrawn

# -- statements ----------------------------------------------------------------------------------------------------


def queued(
    ground: Grounds, amount: int = 1000, *events: Any, of: UUID | None = None, twins: tuple[UUID, ...] = ()
) -> UUID:
    """A line that waits for a person, ``of`` a file; it may be one of its ``twins``."""
    line, code = uuid4(), ground.estate.code
    told = LineFacts(code, Provider.WECHAT, amount, ground.product.clock(), of or uuid4(), 1)
    waits = lines.StatementLineQueued(told, Waiting.TWIN if twins else Waiting.NO_TRACE, twins=twins)
    ground.tell(code, (STATEMENT_LINE, line, [waits, *events]))
    return line


@race("SPAN-31", "SPAN-32")
def matched_while_withdrawn(ground: Grounds) -> Round:
    home, line = ground.home(), queued(ground)
    act = ground.accountant(lambda: match_line(line, home.dwelling, accept_excess=True))
    return Round(act, withdrawn(ground, home), not_both(fees.PaymentRecorded, DwellingWithdrawn))


@race("SPAN-60")
def two_lines_for_one_payment(ground: Grounds) -> Round:
    home = ground.home()
    paid = ground.payment(home, 1000, method=fees.Method.WECHAT)
    ground.put(home, paid)
    one, two = queued(ground), queued(ground)
    return Round(
        ground.accountant(lambda: found_at_desk(one, home.dwelling, paid.payment)),
        ground.accountant(lambda: found_at_desk(two, home.dwelling, paid.payment), there=True),
        exactly_one(lines.StatementLineMatched),
    )


@race("SPAN-60")
def one_line_for_two_homes(ground: Grounds) -> Round:
    line, one, two = queued(ground), ground.home(), ground.home()
    return Round(
        ground.accountant(lambda: match_line(line, one.dwelling, accept_excess=True)),
        ground.accountant(lambda: match_line(line, two.dwelling, accept_excess=True), there=True),
        exactly_one(fees.PaymentRecorded),
    )


@race("SPAN-62")
def two_lines_of_a_file_are_one_earlier_line(ground: Grounds) -> Round:
    earlier, file = queued(ground), uuid4()
    one, two = (queued(ground, of=file, twins=(earlier,)) for _ in range(2))
    same = lines.SetLineAside(lines.SetAsideReason.SAME_LINE)
    return Round(
        ground.accountant(lambda: on_line(one, same)),
        ground.accountant(lambda: on_line(two, same), there=True),
        exactly_one(lines.StatementLineSetAside),
    )


@race("SPAN-61")
def returned_while_its_payment_is_reversed(ground: Grounds) -> Round:
    home, payment = ground.home(), uuid4()
    line = queued(ground, 1000, lines.StatementLineMatched(home.dwelling, payment, Evidence.BY_HAND))
    paid = replace(ground.payment(home, 1000), payment=payment, line=line, evidence=Evidence.BY_HAND)
    ground.put(home, paid)
    return Round(
        ground.accountant(lambda: on_line(line, lines.ReturnLine())),
        ground.accountant(lambda: reverse_payment(home.dwelling, payment, fees.ReversalReason.BOUNCED), there=True),
        never_after(lines.StatementLineReturned, fees.PaymentReversed),
    )


# -- arrears -------------------------------------------------------------------------------------------------------


def owing(ground: Grounds) -> tuple[Home, fees.IssueBill]:
    home = ground.home()
    bill = ground.bill(home)
    ground.put(home, bill)
    return home, bill


def reminded(ground: Grounds, home: Home) -> Callable[[], object]:
    by = {"by": RemindedBy.PHONE}
    return ground.accountant(lambda: on_debtor(Pick(home.dwelling, home.owner), debts.SendReminder, (), by))


@race("SPAN-70")
def reminded_while_paying(ground: Grounds) -> Round:
    home, bill = owing(ground)
    return Round(
        reminded(ground, home),
        ground.cashier(money(home, bill.amount), there=True),
        never_after(fees.PaymentRecorded, debts.ReminderSent),
    )


@race("SPAN-71")
def reminded_while_an_older_product_withdraws_it(ground: Grounds) -> Round:
    home, _ = owing(ground)

    def withdraw() -> None:
        ground.tell(home.estate.code, (DWELLING, home.dwelling, [DwellingWithdrawn()]))

    return Round(reminded(ground, home), withdraw, never_after(DwellingWithdrawn, debts.ReminderSent))


@race("SPAN-72")
def served_while_appointed(ground: Grounds) -> Round:
    home, bill = owing(ground)
    person, code, demand = ground.person(ground.estate), home.estate.code, uuid4()
    claims = (Claim(bill.bill, bill.amount, bill.due),)
    written = debts.DemandWritten(demand, f"DM-{demand.hex[:6]}", home.owner, claims, ground.today + timedelta(days=15))
    opened = debts.DunningOpened(home.dwelling, code)
    ground.tell(code, (DUNNING, dunning_stream(home.dwelling), [opened, written]))
    served = debts.ServeDemand(demand, debts.DeliveredBy.BY_HAND, ground.today, person, "签收单")
    post = people.Appoint(Capacity.DISPATCHER, code, ground.product.clock())
    return Round(
        ground.accountant(lambda: on_said(home.dwelling, served)),
        ground.admin(lambda: on_person(person, post), there=True),
        never_after(debts.DemandServed, people.StationStaffAppointed),
    )


@race("SPAN-73")
def penalty_while_disputed(ground: Grounds) -> Round:
    home, bill = owing(ground)
    pick, said = Pick(home.dwelling, home.owner), {"text": "没有服务"}
    return Round(
        ground.accountant(lambda: charge_penalty(home.dwelling, bill.bill)),
        ground.accountant(lambda: on_debtor(pick, debts.DisputeDebt, (bill.bill,), said), there=True),
        never_after(debts.DebtDisputed, fees.BillIssued),
    )


@race("SPAN-74")
def waived_while_named_the_owner(ground: Grounds) -> Round:
    home, bill = owing(ground)
    keeper = ground.person(ground.estate, Capacity.STATION_HEAD)
    waiver = fees.GrantWaiver(bill.bill, 100, fees.WaiverReason.HARDSHIP, "困难减免办法")
    return Round(
        ground.does(keeper, Capacity.STATION_HEAD, lambda: grant_waiver(home.dwelling, waiver)),
        ground.head(lambda: on_owner(home.owner, NameOwnerStaff(keeper)), there=True),
        never_after(OwnerIsStaff, fees.WaiverGranted),
    )


# -- statements of accounts ----------------------------------------------------------------------------------------


@race("SPAN-80")
def given_an_address_while_it_is_sold(ground: Grounds) -> Round:
    home, buyer = ground.home(), uuid4()
    ground.tell(home.estate.code, (OWNER, buyer, [OwnerRegistered(home.estate.code, OwnerKind.PERSON, "新业主")]))
    token = new_token(ground.product, Ask(Caller(home.estate.accountant, Capacity.ACCOUNTANT, frozenset())))

    def holds(happened: Sequence[Recorded[Any]]) -> bool:
        given = [each.event.owner for each in happened if isinstance(each.event, StatementLinkIssued)]
        return given == [buyer] or never_after(OwnershipBegan, StatementLinkIssued)(happened)

    return Round(
        ground.accountant(lambda: issue(ground.product, home.dwelling, 30, token)),
        ground.accountant(lambda: on_dwelling(home.dwelling, BeginOwnership(buyer, ground.today)), there=True),
        holds,
    )
