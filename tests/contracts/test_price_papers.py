"""The price display on paper shows the lists that bill, each from its day, and says so where nothing is charged."""

from datetime import timedelta
from uuid import uuid4

import pytest

from domain.calendar import local_date
from domain.capacity import Capacity
from domain.contracts.fee_basis import (
    FEE_BASIS,
    AdoptFeeSchedule,
    ChangeServiceMode,
    Charged,
    Command,
    FeeMode,
    ModeGround,
    Price,
    ServiceMode,
    SignContract,
    fee_basis_stream,
)
from domain.money.items import FeeItem
from domain.recorded import Act
from domain.register.dwelling import Use
from services.contracts.price_display import price_papers
from services.log.event_log import Change
from services.words.sentences import say
from tests.conftest import FIRST, SECOND, Demo
from tests.contracts.examples import FIRM
from tests.machine.test_paper import codes, sizes, texts
from tests.settled import settled

CONTRACT = uuid4()


def carried_out(demo: Demo, estate: str, *commands: Command, days_ago: int = 0) -> None:
    stream, now = fee_basis_stream(estate), demo.product.clock() - timedelta(days=days_ago)
    act = Act(uuid4(), Capacity.STATION_HEAD, now, now)
    for command in commands:
        loaded = demo.product.log.remembered(FEE_BASIS, stream)
        events = FEE_BASIS.consider(command, loaded.state, act)
        demo.product.log.append([Change(stream, FEE_BASIS.name, loaded.version, events, act, estate, stream)])


def price(unit_price: int) -> tuple[Price, ...]:
    return (
        Price(FeeItem.PROPERTY_FEE, Charged.PER_AREA, (Use.RESIDENCE,), unit_price, "第十二条", "保洁、保安、绿化"),
        Price(FeeItem.PARKING, Charged.PER_UNIT, (Use.PARKING,), 800_000, "第十四条", "地面车位管理"),
    )


@pytest.fixture(scope="module")
def charging(demo: Demo) -> Demo:
    """Lists of this year and, shown already, of a dearer time to come."""
    today = local_date(demo.product.clock())
    begun, coming = today - timedelta(days=100), today + timedelta(days=60)
    carried_out(
        demo,
        FIRST,
        SignContract(FIRST, CONTRACT, "DHY-2026-01", FeeMode.LUMP_SUM, begun, begun + timedelta(days=1000), firm=FIRM),
        ChangeServiceMode(FIRST, ServiceMode.CONTRACTED, begun, ModeGround.CONTRACT, "DHY-2026-01"),
        AdoptFeeSchedule(uuid4(), CONTRACT, price(6000), begun - timedelta(days=60), begun),
        days_ago=170,
    )
    carried_out(demo, FIRST, AdoptFeeSchedule(uuid4(), CONTRACT, price(7250), today, coming))
    demo.caught_up()
    return demo


def test_it_shows_what_bills_today_and_what_will(charging: Demo) -> None:
    now, later = price_papers(charging.product, FIRST, "zh", "http://station.test")
    assert [line.price for line in now.lines] == ["0.60 元/㎡·月", "80.00 元/个·月"]
    assert later.lines[0].price == "0.725 元/㎡·月"
    basis = charging.product.log.remembered(FEE_BASIS, fee_basis_stream(FIRST)).state
    billed = basis.schedule_on(local_date(charging.product.clock()))
    assert billed is not None and now.valid_from == billed.valid_from
    assert (now.contract, now.lines[0].use, now.lines[0].clause) == ("DHY-2026-01", "住宅", "第十二条")


@pytest.mark.parametrize(("size", "sheet"), [("a4", (297, 210)), ("a3", (420, 297))])
def test_it_comes_as_a_pdf_for_the_notice_board(charging: Demo, size: str, sheet: tuple[int, int]) -> None:
    for username in ("head", "committee", "cashier"):
        answer = charging.sign_in(username).get(f"/api/v1/estates/{FIRST}/prices.pdf", params={"size": size})
        assert answer.status_code == 200, answer.text
        assert sizes(answer.content) == [sheet] * 2
    first, second = texts(answer.content)
    assert codes(answer.content) == [f"http://station.test/prices/{FIRST}"] * 2
    assert charging.client().get(f"/prices/{FIRST}").status_code == 200  # for everybody, without an account
    assert charging.client().get(f"/api/v1/estates/{FIRST}/prices").json()["firm"] == FIRM
    assert FIRM in first and FIRM in second
    head, here = charging.sign_in("head"), settled(charging, public_url=None).sign_in("head")
    assert codes(here.get(f"/api/v1/estates/{FIRST}/prices.pdf", params={"size": size}).content) == []
    warning = say("zh", "contract-display-no-code")  # nobody who passes by can open http://127.0.0.1
    assert warning in here.get(f"/contracts/{FIRST}").text
    assert warning not in head.get(f"/contracts/{FIRST}").text
    assert "0.60元/㎡·月" in first and "0.725元/㎡·月" in second
    assert charging.sign_in("head").get(f"/api/v1/estates/{SECOND}/prices.pdf").status_code == 404
    assert charging.sign_in("repairer").get(f"/api/v1/estates/{FIRST}/prices.pdf").status_code == 403


def test_where_nothing_is_charged_it_says_so(demo: Demo) -> None:
    (display,) = price_papers(demo.product, SECOND, "zh", "http://station.test")
    assert display.lines == ()
    answer = demo.sign_in("head2").get(f"/api/v1/estates/{SECOND}/prices.pdf")
    assert "不收取物业服务费" in texts(answer.content)[0]
