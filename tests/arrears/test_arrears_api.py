"""Arrears over HTTP: reckoned on the day, climbed rung by rung, printed, served, waived; and told to few."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pypdfium2
import pytest
from starlette.testclient import TestClient

from domain.arrears.dunning import Rung, dunning_stream
from domain.capacity import Capacity
from domain.contracts.fee_basis import FEE_BASIS, FeeMode, SignContract, Terms, fee_basis_stream
from domain.fees.fee_account import FEE_ACCOUNT, fee_account_stream
from domain.money.items import FeeItem
from domain.months import months_later
from domain.recorded import Act
from services.arrears.daily import look_after_debts
from services.arrears.plans import open_bills
from services.log.event_log import Change
from tests.arrears.debts import YEAR, Home
from tests.conftest import FIRST, SECOND, Demo
from tests.ids import without_ids
from tests.machine.test_paper import texts

PLACE = f"/api/v1/estates/{FIRST}"


@pytest.fixture(scope="module")
def old(demo: Demo) -> Home:
    """Two years of fees open, the first of them about to lapse."""
    return Home(demo, "101", "林静怡").owed(3 * 365 - 30, 400)


def arrears_of(client: TestClient) -> Any:
    answer = client.get(f"{PLACE}/arrears")
    assert answer.status_code == 200, answer.text
    return answer.json()


def of(home: Home, client: TestClient) -> Any:
    home.demo.caught_up()
    return next((each for each in arrears_of(client)["debtors"] if each["dwelling"] == str(home.dwelling)), None)


def act(client: TestClient, home: Home, name: str, **body: Any) -> Any:
    return client.post(f"/api/v1/dwellings/{home.dwelling}/dunning/{name}", json={"payer": str(home.owner), **body})


def many(client: TestClient, path: str, *homes: Home, **body: Any) -> Any:
    return client.post(f"{PLACE}/{path}", json={"debtors": [home.pick for home in homes], **body})


def person(client: TestClient) -> str:
    return str(client.get("/api/v1/session").json()["person"])


def test_what_is_overdue_is_told_with_its_age_and_its_last_day(demo: Demo, old: Home) -> None:
    accountant = demo.sign_in_patient("accountant")
    here = of(old, accountant)
    assert (here["label"], here["name"], here["amount"], here["rung"]) == ("3-1-101", "林**", 2 * YEAR, "NONE")
    assert [each["age"] for each in here["bills"]] == ["M24_36", "M12_24"]
    assert here["bills"][0]["last_day"] < here["bills"][1]["last_day"]
    assert here["steps"] == ["REMIND"]
    everything = arrears_of(accountant)
    assert everything["amount"] == sum(each["amount"] for each in everything["debtors"])
    assert everything["amount"] == sum(each["amount"] for each in everything["ages"])
    assert everything["lapsing"] >= 1


def test_the_ladder_over_http(demo: Demo, old: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    accountant, head = demo.sign_in_patient("accountant"), demo.sign_in_patient("head")
    early = act(accountant, old, "ask-committee", urged_by="OWNERS_COMMITTEE")
    assert (early.status_code, early.json()["code"]) == (409, "ladder_skips")
    reminded = many(accountant, "reminders", old, by="PHONE")
    assert (reminded.status_code, reminded.json()["done"]) == (200, 1)
    pay_by = old.today + timedelta(days=15)
    short = many(accountant, "demands", old, pay_by=str(pay_by - timedelta(days=1)))
    assert (short.status_code, short.json()["code"]) == (422, "demand_period")
    written = many(accountant, "demands", old, pay_by=str(pay_by))
    assert (written.status_code, written.json()["done"]) == (200, 1)
    assert of(old, accountant)["steps"] == ["SERVE"]

    letter = accountant.post(f"{PLACE}/demands/print", json={})
    assert (letter.status_code, letter.headers["content-type"]) == (200, "application/pdf")
    text = pypdfium2.PdfDocument(letter.content)[0].get_textpage().get_text_range()
    assert "林静怡" in text and "3-1-101" in text and "1,286.92" in text and "第八条" in text

    of_another = accountant.post(f"{PLACE}/demands/print", json={"building": "77"})
    assert (of_another.status_code, of_another.json()["code"]) == (409, "no_letters")
    assert accountant.post(f"{PLACE}/demands/print", json={"building": "3"}).status_code == 200
    with monkeypatch.context() as patched:
        patched.setattr("services.arrears.letters.MOST", 0)
        many_letters = accountant.post(f"{PLACE}/demands/print", json={})
    assert (many_letters.status_code, many_letters.json()["code"]) == (422, "letters_too_many")

    by = person(accountant)
    proof = {"how": "REGISTERED_POST", "on": str(old.today), "by": by, "evidence": "挂号信清单第 3 号"}
    before = of(old, accountant)["last_day"]
    assert many(accountant, "demands/serve", old, **proof).json()["done"] == 1
    after = of(old, accountant)
    assert (after["rung"], after["steps"]) == ("DEMANDED", [])
    assert after["last_day"] > before and after["last_day"] >= str(months_later(old.today, 36))
    again = many(accountant, "demands/serve", old, **proof)
    assert (again.status_code, again.json()["code"]) == (409, "unknown_demand")
    waiting = act(accountant, old, "ask-committee", urged_by="OWNERS_COMMITTEE")
    assert (waiting.status_code, waiting.json()["code"]) == (409, "demand_running")
    suit = {"venue": "COURT", "on": str(old.today), "case_number": "（2026）民初第1号"}
    assert act(accountant, old, "file-suit", **suit).status_code == 403  # heads only
    assert act(head, old, "file-suit", **suit).json()["code"] in ("demand_running", "ladder_skips")


def test_the_suit_file_tells_every_step_and_nothing_of_need(demo: Demo) -> None:
    accountant, home = demo.sign_in_patient("accountant"), Home(demo, "603", "汪起诉").owed(430, 60)
    assert many(accountant, "reminders", home, by="PHONE").json()["done"] == 1
    assert many(accountant, "demands", home, pay_by=str(home.today + timedelta(days=20))).json()["done"] == 1
    proof = {"how": "REGISTERED_POST", "on": str(home.today), "by": person(accountant), "evidence": "挂号信清单第 8 号"}
    assert many(accountant, "demands/serve", home, **proof).json()["done"] == 1
    said = {"on": str(home.today), "evidence": "短信回复"}
    assert act(accountant, home, "record-acknowledgement", **said).status_code == 200
    pause = {"until": str(home.today + timedelta(days=10)), "reason": "家人住院"}
    assert act(accountant, home, "note-hardship", **pause).status_code == 200
    demo.caught_up()
    where = f"/api/v1/dwellings/{home.dwelling}/debtors/{home.owner}/suit.pdf"
    answer = accountant.get(where)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    (text,) = texts(answer.content)
    for told_of in ("汪起诉", "3-1-603", "DHY-1", "第八条", "1,286.92", "壹仟贰佰捌拾陆元玖角贰分"):
        assert told_of in text
    for step in ("提醒", "电话", "写了催款函", "催款函送达", "挂号信清单第8号", "时效重新计算", "短信回复", "魏明珠"):
        assert step in text, step
    assert "家人住院" not in text and "有难处" not in text
    home.pays(4346)
    (partly,) = texts(accountant.get(where).content)
    assert "付过一部分" in partly and "43.46" in partly
    assert demo.sign_in("cashier").get(where).status_code == 403
    assert demo.sign_in("head2").get(where).status_code == 404
    nobody = accountant.get(where.replace(str(home.owner), str(uuid4())))
    assert (nobody.status_code, nobody.json()["code"]) == (409, "nothing_overdue")


def test_many_at_once_are_those_it_is_time_for(demo: Demo) -> None:
    accountant = demo.sign_in_patient("accountant")
    due, fresh = Home(demo, "102").owed(60), Home(demo, "201").owed(3)
    answer = many(accountant, "reminders", due, fresh, by="MESSAGE")
    assert (answer.status_code, answer.json()["done"]) == (200, 1)
    assert (len(due.dunning.debts), len(fresh.dunning.debts)) == (1, 0)
    nobody = many(accountant, "reminders", fresh, by="MESSAGE")
    assert (nobody.status_code, nobody.json()["code"]) == (409, "not_overdue_enough")
    empty = accountant.post(f"{PLACE}/reminders", json={"debtors": [], "by": "PHONE"})
    assert empty.status_code == 422


def test_a_repeat_says_the_same_and_sends_nothing_twice(demo: Demo) -> None:
    accountant, home = demo.sign_in_patient("accountant"), Home(demo, "202").owed(60)
    key = {"Idempotency-Key": "remind-once"}
    body = {"debtors": [home.pick], "by": "VISIT"}
    first = accountant.post(f"{PLACE}/reminders", json=body, headers=key)
    again = accountant.post(f"{PLACE}/reminders", json=body, headers=key)
    assert first.json() == again.json()
    reminders = [
        recorded
        for recorded in demo.product.log.history(stream_of(home))
        if type(recorded.event).__name__ == "ReminderSent"
    ]
    assert len(reminders) == 1


def stream_of(home: Home) -> UUID:
    return dunning_stream(home.dwelling)


def test_disputes_instalments_and_hardship_let_the_ladder_rest(demo: Demo) -> None:
    accountant, home = demo.sign_in_patient("accountant"), Home(demo, "301").owed(60)
    assert act(accountant, home, "dispute-debt", text="面积不对").status_code == 200
    assert of(home, accountant)["rests"] == ["DISPUTED"]
    [dispute] = home.dunning.disputes
    body = {"dispute": str(dispute.dispute), "text": "与产权证一致"}
    answered = accountant.post(f"/api/v1/dwellings/{home.dwelling}/dunning/reject-dispute", json=body)
    assert answered.status_code == 200
    later = home.today + timedelta(days=40)
    wrong = act(accountant, home, "agree-instalments", instalments=[{"due": str(later), "amount": 1}], evidence="协议")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "instalment_sum")
    assert home.dunning.plans == ()
    for amount in (1.5, "64346", True):
        typed = act(
            accountant, home, "agree-instalments", instalments=[{"due": str(later), "amount": amount}], evidence="协议"
        )
        assert typed.status_code == 422 and typed.json()["code"] == "invalid"
    agreed = act(
        accountant, home, "agree-instalments", instalments=[{"due": str(later), "amount": YEAR}], evidence="书面协议"
    )
    assert agreed.status_code == 200
    assert of(home, accountant)["rests"] == ["INSTALMENTS"]
    hard = act(accountant, home, "note-hardship", until=str(later), reason="住院")
    assert hard.status_code == 200


def test_nothing_said_about_a_debtor_stands_in_the_log_in_the_clear(demo: Demo) -> None:
    accountant, home = demo.sign_in_patient("accountant"), Home(demo, "302", "欧阳漱玉").owed(60)
    assert act(
        accountant, home, "note-hardship", until=str(home.today + timedelta(days=9)), reason="家里有人失业"
    ).is_success
    with demo.product.database.follower.connection() as conn:
        rows = conn.execute("SELECT convert_from(state, 'UTF8') FROM log.stored_events").fetchall()
        body = conn.execute("SELECT string_agg(body::text, '') FROM view.dunnings").fetchone()
    said = "".join(row[0] for row in rows)
    assert str(home.owner) in said
    assert "家里有人失业" not in said and "欧阳漱玉" not in said
    assert body is not None and "家里有人失业" not in body[0] and "欧阳漱玉" not in body[0]


def test_what_is_paid_leaves_the_list_and_is_settled_once(demo: Demo) -> None:
    accountant, home = demo.sign_in_patient("accountant"), Home(demo, "402").owed(60)
    assert many(accountant, "reminders", home, by="PHONE").json()["done"] == 1
    home.pays(YEAR)
    assert of(home, accountant) is None
    look_after_debts(demo.product, home.today)
    assert [(debt.settled, debt.rung) for debt in home.dunning.debts] == [(True, Rung.REMINDED)]
    last = demo.product.log.last_position()
    demo.caught_up()
    look_after_debts(demo.product, home.today)
    assert demo.product.log.last_position() == last


def test_a_missed_instalment_is_noticed_on_the_day_after(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    accountant, home = demo.sign_in_patient("accountant"), Home(demo, "401").owed(60)
    parts = [{"due": str(home.today), "amount": 30000}, {"due": str(home.today + timedelta(days=30)), "amount": 34346}]
    assert act(accountant, home, "agree-instalments", instalments=parts, evidence="书面协议").status_code == 200
    demo.caught_up()
    look_after_debts(demo.product, home.today)
    assert home.dunning.plans[0].broken_on is None
    tomorrow = demo.product.clock() + timedelta(days=1)
    monkeypatch.setattr(demo.product.handler, "_clock", lambda: tomorrow)
    look_after_debts(demo.product, home.today + timedelta(days=1))
    assert home.dunning.plans[0].broken_on == home.today + timedelta(days=1)
    demo.caught_up()
    assert of(home, accountant)["rests"] == []
    said = f"分期没有按约交，{home.today + timedelta(days=1)} 起恢复催交"
    assert said in accountant.get(f"/arrears/{FIRST}/{home.dwelling}").text


def test_a_waiver_names_its_rule_and_nobody_waives_for_his_own_home(demo: Demo) -> None:
    head, accountant = demo.sign_in_patient("head"), demo.sign_in_patient("accountant")
    home = Home(demo, "501").owed(60)
    place = f"/api/v1/dwellings/{home.dwelling}/waivers"
    body = {"bill": str(home.bills[0]), "amount": 346, "reason": "HARDSHIP", "rule": "困难家庭减免办法第三条"}
    assert accountant.post(place, json=body).status_code == 403
    assert head.post(place, json={**body, "rule": " "}).status_code == 422
    assert head.post(place, json={**body, "amount": YEAR + 1}).json()["code"] == "waiver_too_much"
    assert head.post(place, json={**body, "bill": str(home.owner)}).json()["code"] == "unknown_bill"
    assert head.post(place, json=body).status_code == 200
    assert of(home, accountant)["amount"] == YEAR - 346
    home.works_here(UUID(person(head)))
    refused = head.post(place, json=body)
    assert (refused.status_code, refused.json()["code"]) == (409, "own_dwelling")


def sign(home: Home, rate: int, clause: str | None) -> None:
    """A contract of the estate since long ago."""
    product, stream = home.demo.product, fee_basis_stream(FIRST)
    terms = Terms(penalty_rate=rate, penalty_clause=clause)
    command = SignContract(FIRST, uuid4(), f"C-{rate}", FeeMode.LUMP_SUM, date(2020, 1, 1), date(2035, 1, 1), terms)
    state, version = product.log.load(FEE_BASIS, stream)
    act = Act(uuid4(), Capacity.SYSTEM, product.clock(), product.clock())
    events = FEE_BASIS.consider(command, state, act)
    product.log.append([Change(stream, FEE_BASIS.name, version, events, act, FIRST, stream)])


def test_a_penalty_needs_a_clause_and_is_on_principal_once(demo: Demo) -> None:
    accountant, home = demo.sign_in_patient("accountant"), Home(demo, "503").owed(45)
    place, body = f"/api/v1/dwellings/{home.dwelling}/penalties", {"bill": str(home.bills[0])}
    none = accountant.post(place, json=body)
    assert (none.status_code, none.json()["code"]) == (409, "penalty_no_clause")
    sign(home, 500, "第十二条")
    assert accountant.post(place, json=body).status_code == 200
    account = demo.product.log.load(FEE_ACCOUNT, fee_account_stream(home.dwelling)).state
    [charged] = [(id, bill) for id, bill in account.bills.items() if bill.item is FeeItem.LATE_PENALTY]
    assert (charged[1].amount, charged[1].reference, charged[1].payer) == (1448, home.bills[0], home.owner)
    again = accountant.post(place, json=body)
    assert (again.status_code, again.json()["code"]) == (409, "penalty_nothing")
    on_itself = accountant.post(place, json={"bill": str(charged[0])})
    assert (on_itself.status_code, on_itself.json()["code"]) == (409, "penalty_on_principal")


def test_a_penalty_stops_on_the_day_of_a_dispute_that_is_upheld(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    accountant, home = demo.sign_in_patient("accountant"), Home(demo, "504").owed(45)
    assert act(accountant, home, "dispute-debt", text="面积不对").status_code == 200
    [dispute] = home.dunning.disputes
    body = {"dispute": str(dispute.dispute), "text": "面积确实登记错了"}
    assert accountant.post(f"/api/v1/dwellings/{home.dwelling}/dunning/uphold-dispute", json=body).status_code == 200
    assert of(home, accountant)["rests"] == ["UPHELD"]
    later = demo.product.clock() + timedelta(days=20)
    monkeypatch.setattr(demo.product.handler, "_clock", lambda: later)
    place = f"/api/v1/dwellings/{home.dwelling}/penalties"
    assert accountant.post(place, json={"bill": str(home.bills[0])}).status_code == 200
    account = demo.product.log.load(FEE_ACCOUNT, fee_account_stream(home.dwelling)).state
    assert [bill.amount for bill in account.bills.values() if bill.item is FeeItem.LATE_PENALTY] == [1448]  # 45 days


def test_no_penalty_is_charged_while_a_dispute_is_open(demo: Demo) -> None:
    accountant, home = demo.sign_in_patient("accountant"), Home(demo, "505").owed(45)
    assert act(accountant, home, "dispute-debt", text="面积不对").status_code == 200
    place, body = f"/api/v1/dwellings/{home.dwelling}/penalties", {"bill": str(home.bills[0])}
    open_ = accountant.post(place, json=body)
    assert (open_.status_code, open_.json()["code"]) == (409, "debt_disputed")
    [dispute] = home.dunning.disputes
    answer = {"dispute": str(dispute.dispute), "text": "与产权证一致"}
    assert accountant.post(f"/api/v1/dwellings/{home.dwelling}/dunning/reject-dispute", json=answer).status_code == 200
    assert accountant.post(place, json=body).status_code == 200


def test_whoever_pays_a_part_gives_the_claim_three_years_anew(demo: Demo) -> None:
    accountant, home = demo.sign_in_patient("accountant"), Home(demo, "506").owed(3 * 365 - 100)
    stranger = Home(demo, "507")
    before = of(home, accountant)["bills"][0]
    home.pays(10000, payer=stranger.owner)  # a stranger acknowledges nothing
    assert of(home, accountant)["bills"][0]["last_day"] == before["last_day"] and before["interrupted"] is None
    home.pays(10000)
    after = of(home, accountant)["bills"][0]
    assert (after["open"], after["interrupted"], after["lapsed"]) == (YEAR - 20000, str(home.today), False)
    assert after["last_day"] >= str(months_later(home.today, 36))
    account = demo.product.log.load(FEE_ACCOUNT, fee_account_stream(home.dwelling)).state
    assert [bill.paid_on for bill in open_bills(account)] == [(home.today,)]  # the account says what the view says


def test_old_debts_stay_with_the_old_owner(demo: Demo) -> None:
    accountant = demo.sign_in_patient("accountant")
    before = Home(demo, "601", "严子陵")
    home = Home(demo, "502").owed(60).owed(430, payer=before.owner)
    demo.caught_up()
    here = [each for each in arrears_of(accountant)["debtors"] if each["dwelling"] == str(home.dwelling)]
    assert {each["payer"] for each in here} == {str(home.owner), str(before.owner)}
    wrong = act(accountant, home, "send-reminder", by="PHONE", bills=[str(home.bills[1])])
    assert (wrong.status_code, wrong.json()["code"]) == (409, "other_debtor")


def test_the_residents_committee_is_told_totals_and_no_dwelling(demo: Demo, old: Home) -> None:
    committee, accountant = demo.sign_in("committee"), demo.sign_in_patient("accountant")
    seen, full = arrears_of(committee), arrears_of(accountant)
    assert seen["debtors"] == [] and full["debtors"]
    assert (seen["amount"], seen["ages"], seen["buildings"]) == (full["amount"], full["ages"], full["buildings"])
    raw = committee.get(f"{PLACE}/arrears").text
    assert str(old.dwelling) not in raw and str(old.owner) not in raw and "1-101" not in without_ids(raw)
    assert act(committee, old, "send-reminder", by="PHONE").status_code == 403
    assert committee.post(f"{PLACE}/demands/print", json={}).status_code == 403


def test_a_foreign_estate_and_foreign_dwellings_are_not_found(demo: Demo, old: Home) -> None:
    accountant = demo.sign_in("accountant")
    assert accountant.get(f"/api/v1/estates/{SECOND}/arrears").status_code == 404
    assert accountant.post(f"/api/v1/estates/{SECOND}/demands/print", json={}).status_code == 404
    assert (
        many(accountant, "reminders", old, by="PHONE", debtors=[{**old.pick, "dwelling": str(old.owner)}]).status_code
        == 404
    )
    for username in ("cashier", "clerk", "repairer", "admin"):
        assert act(demo.sign_in(username), old, "send-reminder", by="PHONE").status_code == 403
