"""Whom to ring in an emergency besides 119, 110 and 120: registered by a head, shown where somebody needs it."""

import pytest

from domain.capacity import Capacity
from domain.cases.category import DANGERS, USUAL, Category, Priority
from domain.cases.work_order import EmergencyService
from domain.estates.emergency_contacts import (
    EMERGENCY_CONTACTS,
    EmergencyContacts,
    EmergencyContactSet,
    EmergencyContactWithdrawn,
    Maintainer,
    SetEmergencyContact,
    WithdrawEmergencyContact,
)
from domain.refusal import Refusal
from domain.written.phones import dialled, hotline
from projections.estates.emergency_contacts import Line
from services.cases.ringing import FOR, Ring, Ringing
from services.demo.cast import SECOND
from tests.conftest import FIRST, Demo
from tests.estates.examples import ESTATE_CODE, LIFTS
from tests.members import member
from tests.scenario import Scenario

GAS = Maintainer.GAS_REPAIR


def nobody() -> Scenario[EmergencyContacts]:
    return Scenario(EMERGENCY_CONTACTS, EMERGENCY_CONTACTS.initial)


def lift(firm: str | None = "平升电梯", phone: str | None = "0593-2999963") -> SetEmergencyContact:
    return SetEmergencyContact(ESTATE_CODE, LIFTS, firm, phone)


def test_of_each_kind_one_firm_is_registered_and_the_last_one_is_rung() -> None:
    one = nobody().when(lift()).then(EmergencyContactSet(ESTATE_CODE, LIFTS, "平升电梯", "0593-2999963"))
    two = one.when(lift("安达电梯")).then(EmergencyContactSet(ESTATE_CODE, LIFTS, "安达电梯", "0593-2999963"))
    assert two.state.registered == (LIFTS,)
    both = two.when(SetEmergencyContact(ESTATE_CODE, GAS, "燃气公司", "95598"))
    gone = both.when(WithdrawEmergencyContact(ESTATE_CODE, LIFTS)).then(EmergencyContactWithdrawn(ESTATE_CODE, LIFTS))
    assert gone.state.registered == (GAS,)
    gone.when(lift(" 平升\n电梯 ", " 9 6333 ")).then(EmergencyContactSet(ESTATE_CODE, LIFTS, "平升 电梯", "96333"))
    gone.when(WithdrawEmergencyContact(ESTATE_CODE, LIFTS)).then()


@pytest.mark.parametrize(
    ("command", "code", "field"),
    [
        (lift(""), "blank_text", "firm"), (lift(" \u3000"), "blank_text", "firm"), (lift(None), "blank_text", "firm"),
        (lift("13900000101"), "firm_nameless", "firm"), (lift("。。。"), "firm_nameless", "firm"),
        (lift("电" * 61), "text_too_long", "firm"), (lift("电\0梯"), "control_characters", "firm"),
        (lift(phone=""), "blank_text", "phone"), (lift(phone=None), "blank_text", "phone"),
        (lift(phone="打维保"), "hotline_unreadable", "phone"),
        (lift(phone="12345678901"), "hotline_unreadable", "phone"),
        (lift(phone="0593-29999"), "hotline_unreadable", "phone"), (lift(phone="99"), "hotline_unreadable", "phone"),
        (lift(phone="1.39E+10"), "hotline_unreadable", "phone"), (lift(phone="123"), "hotline_unreadable", "phone"),
    ],
)  # fmt: skip
def test_who_cannot_be_rung_is_not_registered(command: SetEmergencyContact, code: str, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        nobody().when(command)
    assert (refused.value.code, refused.value.facts.get("field")) == (code, field)


@pytest.mark.parametrize(
    ("written", "kept", "dials"),
    [
        ("95598", "95598", "95598"), ("９６３３３", "96333", "96333"), ("12345", "12345", "12345"),
        ("400-000-0963", "400-000-0963", "4000000963"),
        ("（0593）2999963", "(0593)2999963", "05932999963"), ("139 0000 0101", "139 0000 0101", "13900000101"),
        ("+86 139 0000 0101", "+86 139 0000 0101", "+8613900000101"),
        ("+86 0593 2999963", "+86 0593 2999963", "+865932999963"),
        ("0593-2999963-801", "0593-2999963-801", "05932999963,801"),
        ("0593-2999963转801", "0593-2999963转801", "05932999963,801"),
    ],
)  # fmt: skip
def test_a_number_is_kept_as_it_was_written_and_dialled_in_digits(written: str, kept: str, dials: str) -> None:
    assert hotline(written) == kept
    assert dialled(kept) == dials


def test_each_kind_is_a_service_of_the_form_and_is_rung_for_something() -> None:
    assert {each.value for each in Maintainer} < {each.value for each in EmergencyService}
    assert set(Maintainer) == {each for kinds in FOR.values() for each in kinds}
    assert all(USUAL[each].priority in (Priority.P0, Priority.P1, Priority.P2) for each in FOR)
    assert {Category.FIRE, Category.GAS_SMELL, Category.LIFT_TRAPPED, Category.ELECTRIC_SHOCK} <= {*DANGERS} & {*FOR}


def test_who_answers_comes_first_and_who_is_missing_is_said_of_an_emergency_alone() -> None:
    power = Line(Maintainer.POWER_REPAIR, "供电所", "95598")
    near = Ringing({Maintainer.POWER_REPAIR: power}, "", open=True)
    fire = near.about(Category.FIRE, Priority.P0)
    assert fire == [Ring(EmergencyService.POWER_REPAIR, "供电所", "95598"), Ring(EmergencyService.FIRE_MAINTENANCE)]
    assert fire[0].tel == "tel:95598"
    assert near.about(Category.LIFT_FAULT, Priority.P2) == []
    assert near.about(Category.LIFT_FAULT, Priority.P1) == [Ring(EmergencyService.LIFT_MAINTENANCE)]
    assert not near.about(Category.WALL, Priority.P0) and not near.about(None, Priority.P0)
    assert not Ringing({Maintainer.POWER_REPAIR: power}, "", open=False).about(Category.FIRE, Priority.P0)


# -- in the product ----------------------------------------------------------------------------------------------


def test_a_head_registers_whom_everybody_at_the_station_then_rings(demo: Demo) -> None:
    head, desk = demo.sign_in_patient("head"), member(demo, Capacity.DISPATCHER)
    place = f"/api/v1/stations/{FIRST}/emergency-contacts"
    first = head.get(place).json()
    assert [each["maintainer"] for each in first] == [each.value for each in Maintainer]
    new = {"maintainer": "LIFT_MAINTENANCE", "firm": "安达电梯", "phone": "0593-2999963"}
    assert desk.post(place, json=new).status_code == 403
    for wrong in ({"maintainer": "PLUMBER"}, {"firm": " "}, {"phone": "12"}, {"estate": SECOND}, {"phone": 95598}):
        assert head.post(place, json=new | wrong).status_code == 422, wrong
    stale = head.post(place, json=new, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert head.post(place, json=new).status_code == 200
    assert head.get(place).json() == [new, *first[1:]] and desk.get(place).json() == [new, *first[1:]]
    assert head.post(f"/api/v1/stations/{SECOND}/emergency-contacts", json=new).status_code == 404
    assert head.get(f"/api/v1/stations/{SECOND}/emergency-contacts").status_code == 404
    for other in (Capacity.CASHIER, Capacity.RESIDENTS_COMMITTEE, Capacity.ADMINISTRATOR):
        assert member(demo, other).get(place).status_code == 403, other
    assert head.post(f"{place}/withdraw", json={"maintainer": "LIFT_MAINTENANCE"}).status_code == 200
    assert head.get(place).json() == first[1:]
    assert head.post(place, json=first[0]).status_code == 200


def test_the_order_the_line_and_the_board_show_whom_to_ring_or_that_nobody_is_registered(demo: Demo) -> None:
    head, desk = demo.sign_in_patient("head"), member(demo, Capacity.DISPATCHER)
    place = f"/api/v1/stations/{FIRST}/emergency-contacts"
    was = head.get(place).json()[0]
    text = {"estate": FIRST, "text": "3栋1单元电梯困人，里面有老人"}
    issue = head.post("/api/v1/issues", json=text).json()["issue"]
    line, board = f"/issues/{issue}", f"/board/{FIRST}"
    link = 'href="tel:4000000963"'
    for page in (line, board):
        assert link in desk.get(page).text, page
    made = {"category": "LIFT_TRAPPED", "priority": "P0", "persons_inside": True}
    order = head.post(f"/api/v1/issues/{issue}/promote-to-work-order", json=made).json()["order"]
    page = desk.get(f"/orders/{order}").text
    assert f'{link} data-fills="service" data-fill="LIFT_MAINTENANCE"' in page and "平升电梯维保公司" in page
    assert link in desk.get(board).text
    for wall in (desk.get(f"{board}?wall=1"), member(demo, Capacity.RESIDENTS_COMMITTEE).get(board)):
        assert wall.status_code == 200 and "4000000963" not in wall.text and "平升" not in wall.text
    assert head.post(f"{place}/withdraw", json={"maintainer": "LIFT_MAINTENANCE"}).status_code == 200
    for reader, may in ((desk, False), (head, True)):
        for shown in (f"/orders/{order}", board):
            told = reader.get(shown).text
            assert "没有登记维保单位电话" in told and (f'href="/station/{FIRST}#h-contacts"' in told) is may, shown
    csrf = head.get(board).text.split('name="csrf" value="')[1].split('"')[0]
    typing = head.post(f"{board}/guess", data={"csrf": csrf, "text": "电梯困人"}).json()
    assert typing["rings"] == [{"text": "没有登记维保单位电话：电梯维保", "tel": ""}]
    assert head.post(place, json=was).status_code == 200
    typing = head.post(f"{board}/guess", data={"csrf": csrf, "text": "电梯困人"}).json()
    assert [each["tel"] for each in typing["rings"]] == ["tel:4000000963"]
    called = head.post(f"/api/v1/work-orders/{order}/call-emergency-service", json={"service": "LIFT_MAINTENANCE"})
    assert called.status_code == 200
    assert link in desk.get(f"/orders/{order}").text  # still at hand while the next act is another one


def test_the_form_of_the_station_says_what_is_wrong_at_its_own_line(demo: Demo) -> None:
    head = demo.sign_in_patient("head")
    page = head.get(f"/station/{FIRST}").text
    csrf = page.split('name="csrf" value="')[1].split('"')[0]
    lift = {"csrf": csrf, "maintainer": "GAS_REPAIR", "firm": "老王燃气", "phone": "12345678"}
    wrong = head.post(f"/station/{FIRST}/contact", data=lift)
    own = wrong.text.split('id="c-GAS_REPAIR"')[1].split("</form>")[0]
    assert wrong.status_code == 422 and 'value="老王燃气"' in own and 'value="12345678"' in own and "打不通" in own
    assert wrong.text.count("打不通") == 1
    assert head.post(f"/station/{FIRST}/contact", data=lift | {"maintainer": "x"}).status_code == 422
    right = head.post(f"/station/{FIRST}/contact", data=lift | {"phone": "95598"}, follow_redirects=False)
    assert right.status_code == 303 and "95598" in head.get(right.headers["location"]).text
    gone = head.post(
        f"/station/{FIRST}/withdraw", data={"csrf": csrf, "maintainer": "GAS_REPAIR"}, follow_redirects=False
    )
    assert gone.status_code == 303
