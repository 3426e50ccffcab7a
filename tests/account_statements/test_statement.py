"""A payer's statement foots to the account, whatever happened on it, and tells nothing of other payers."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import local_date
from domain.capacity import Capacity
from domain.fees import fee_account as fees
from domain.fees.fee_account import FEE_ACCOUNT, fee_account_stream
from domain.recorded import Act, Recorded
from domain.refusal import Refusal
from services.account_statements.paper import account_statements
from services.account_statements.statement import account_statement_paper, steps
from tests.conftest import FIRST, SECOND, Demo
from tests.fees.fee_ground import DUE, SINCE, bill, carried_out, opened, payment
from tests.machine.test_paper import texts

DWELLING, PAYERS = UUID(int=0x900), (UUID(int=0x901), UUID(int=0x902))
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
OTHERS_BILL, OTHER_PAYER = 77_77, "欧阳先生"

ACTS = st.lists(
    st.tuples(
        st.sampled_from(("bill", "pay", "name", "void", "waive", "reverse", "draw", "refund")),
        st.integers(0, 1),
        st.integers(0, 7),
        st.integers(1, 100_000),
    ),
    max_size=25,
)


def command(act: tuple[str, int, int, int], number: int, account: fees.FeeAccount) -> list[fees.Command]:
    kind, who, which, amount = act
    bills, payments = list(account.bills), list(account.payments)
    some_bill = bills[which % len(bills)] if bills else uuid4()
    some_payment = payments[which % len(payments)] if payments else uuid4()
    payer, day = PAYERS[who], date(2026, 11, 20)
    year = date(2000 + number, 1, 1)
    match kind:
        case "bill":
            return [bill(payer, amount, since=year, until=date(2001 + number, 1, 1), due=DUE)]
        case "pay":
            return [payment(payer, amount, day)]
        case "name":
            return [payment(payer, amount, day, bills=(some_bill,))]
        case "void":
            return [fees.VoidBill(some_bill, fees.VoidReason.OTHER)]
        case "waive":
            return [fees.GrantWaiver(some_bill, amount, fees.WaiverReason.HARDSHIP, "第三条")]
        case "reverse":
            return [fees.ReversePayment(some_payment, fees.ReversalReason.BOUNCED)]
        case "draw":
            return [fees.DrawPrepayment(DUE)]
        case _:
            refund = uuid4()
            return [
                fees.RequestRefund(refund, some_payment, amount, fees.RefundReason.MOVED_OUT),
                fees.ApproveRefund(refund),
                fees.PayRefund(refund, fees.Method.CASH, day),
            ]


@given(ACTS)
@settings(max_examples=150, deadline=None)
def test_every_payers_steps_sum_to_what_the_payer_owes(acts: list[tuple[str, int, int, int]]) -> None:
    account, history = FEE_ACCOUNT.initial, list[Recorded[Any]]()
    wanted: list[fees.Command] = [fees.OpenFeeAccount(DWELLING, FIRST, "3")]
    for number, act in enumerate(acts):
        for each in (*wanted, *command(act, number, account)):
            by = Act(uuid4(), Capacity.ACCOUNTANT, NOON, NOON)
            try:
                events = FEE_ACCOUNT.consider(each, account, by)
            except Refusal:
                continue
            account = FEE_ACCOUNT.fold([(event, by) for event in events], account)
            stream = fee_account_stream(DWELLING)
            history += [
                Recorded(0, uuid4(), stream, len(history) + n, event, by, FIRST, DWELLING, None)
                for n, event in enumerate(events, 1)
            ]
        wanted = []
    for payer in PAYERS:
        balance = sum(step.billed - step.received for step in steps(history, payer))
        held = sum(paid.held for paid in account.payments.values() if paid.payer == payer)
        assert balance == sum(each.open for each in account.open_bills(payer).values()) - held


def test_a_statement_begins_with_what_was_owed_before_and_prints(demo: Demo) -> None:
    dwelling, payer = opened(demo.product, FIRST), uuid4()
    today = local_date(demo.product.clock())
    carried_out(demo.product, dwelling, bill(payer), payment(payer, 100_00, SINCE), payment(payer, 50_00, today))
    paper = account_statement_paper(demo.product, frozenset({FIRST}), dwelling, payer, today - timedelta(days=1), "zh")
    assert paper.before == -100_00
    assert [(each.billed, each.received) for each in paper.movements] == [(643_46, 0), (0, 50_00)]
    (text,) = texts(account_statements([paper], "zh"))
    assert "493.46" in text and "肆佰玖拾叁元肆角陆分" in text and "账单：物业服务费2026.01–2026.12" in text


def test_nothing_of_another_payer_is_on_it(demo: Demo) -> None:
    dwelling, old, new = opened(demo.product, FIRST), uuid4(), uuid4()
    carried_out(
        demo.product,
        dwelling,
        bill(old, OTHERS_BILL, since=date(2024, 1, 1), until=date(2025, 1, 1)),
        bill(new),
        payment(new, 43_46, SINCE),
    )
    paper = account_statement_paper(demo.product, frozenset({FIRST}), dwelling, new, date(2020, 1, 1), "zh")
    assert sum(each.open for each in paper.bills) == 600_00
    assert OTHERS_BILL not in {each.billed for each in paper.movements}


def test_the_route_prints_it_for_those_who_take_money_here(demo: Demo) -> None:
    dwelling, payer = opened(demo.product, FIRST), uuid4()
    carried_out(demo.product, dwelling, bill(payer))
    where = f"/api/v1/accounts/{dwelling}/statement.pdf"
    answer = demo.sign_in("cashier").get(where, params={"payer": str(payer), "since": "2020-01-01"})
    assert answer.status_code == 200, answer.text
    assert "643.46" in texts(answer.content)[0]
    assert demo.sign_in("cashier").get(where, params={"payer": str(uuid4())}).status_code == 404
    assert demo.sign_in("clerk").get(where, params={"payer": str(payer)}).status_code == 403
    theirs = opened(demo.product, SECOND)
    assert demo.sign_in("cashier").get(f"/api/v1/accounts/{theirs}/statement.pdf").status_code == 404
    assert demo.sign_in("cashier").get(f"/api/v1/accounts/{uuid4()}/statement.pdf").status_code == 404
