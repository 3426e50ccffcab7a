"""Arrears over HTTP: reckoned on the day, climbed rung by rung, printed, served, waived; and told to few."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pypdfium2
import pytest
from starlette.testclient import TestClient

from domain.arrears import dunning as rules
from domain.arrears.dunning import DUNNING, Rung, dunning_stream
from domain.capacity import Capacity
from domain.contracts.fee_basis import FEE_BASIS, FeeMode, SignContract, Terms, fee_basis_stream
from domain.fees.fee_account import FEE_ACCOUNT, fee_account_stream
from domain.money.items import FeeItem
from domain.months import months_later
from domain.recorded import Act
from services.arrears.daily import look_after_debts
from services.arrears.plans import open_bills
from services.log.event_log import Change
from tests.access.test_access import Things, filled, routes
from tests.arrears.debts import YEAR, Home
from tests.arrears.test_dunning import CUTS
from tests.conftest import FIRST, SECOND, Demo
from tests.machine.test_paper import texts
from tests.told import without_ids

PLACE = f"/api/v1/estates/{FIRST}"


@pytest.fixture(scope="module")
def old(demo: Demo) -> Home:
    """Two years of fees open, the first of them about to lapse."""
    return Home(demo, "101", "林静怡").owed(3 * 365 - 30, 400)


def told(client: TestClient) -> Any:
    answer = client.get(f"{PLACE}/arrears")
    assert answer.status_code == 200, answer.text
    return answer.json()


def of(home: Home, client: TestClient) -> Any:
    home.demo.caught_up()
    return next((each for each in told(client)["debtors"] if each["dwelling"] == str(home.dwelling)), None)


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
    everything = told(accountant)
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
    reminders = [told for told in demo.house.log.history(_stream(home)) if type(told.event).__name__ == "ReminderSent"]
    assert len(reminders) == 1


def _stream(home: Home) -> UUID:
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
    with demo.house.database.follower.connection() as conn:
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
    look_after_debts(demo.house, home.today)
    assert [(debt.settled, debt.rung) for debt in home.dunning.debts] == [(True, Rung.REMINDED)]
    last = demo.house.log.last_position()
    demo.caught_up()
    look_after_debts(demo.house, home.today)
    assert demo.house.log.last_position() == last


def test_a_missed_instalment_is_noticed_on_the_day_after(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    accountant, home = demo.sign_in_patient("accountant"), Home(demo, "401").owed(60)
    parts = [{"due": str(home.today), "amount": 30000}, {"due": str(home.today + timedelta(days=30)), "amount": 34346}]
    assert act(accountant, home, "agree-instalments", instalments=parts, evidence="书面协议").status_code == 200
    demo.caught_up()
    look_after_debts(demo.house, home.today)
    assert home.dunning.plans[0].broken_on is None
    tomorrow = demo.house.clock() + timedelta(days=1)
    monkeypatch.setattr(demo.house.handler, "_clock", lambda: tomorrow)
    look_after_debts(demo.house, home.today + timedelta(days=1))
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
    house, stream = home.demo.house, fee_basis_stream(FIRST)
    terms = Terms(penalty_rate=rate, penalty_clause=clause)
    command = SignContract(FIRST, uuid4(), f"C-{rate}", FeeMode.LUMP_SUM, date(2020, 1, 1), date(2035, 1, 1), terms)
    state, version = house.log.load(FEE_BASIS, stream)
    act = Act(uuid4(), Capacity.SYSTEM, house.clock(), house.clock())
    events = FEE_BASIS.consider(command, state, act)
    house.log.append([Change(stream, FEE_BASIS.name, version, events, act, FIRST, stream)])


def test_a_penalty_needs_a_clause_and_is_on_principal_once(demo: Demo) -> None:
    accountant, home = demo.sign_in_patient("accountant"), Home(demo, "503").owed(45)
    place, body = f"/api/v1/dwellings/{home.dwelling}/penalties", {"bill": str(home.bills[0])}
    none = accountant.post(place, json=body)
    assert (none.status_code, none.json()["code"]) == (409, "penalty_no_clause")
    sign(home, 500, "第十二条")
    assert accountant.post(place, json=body).status_code == 200
    account = demo.house.log.load(FEE_ACCOUNT, fee_account_stream(home.dwelling)).state
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
    later = demo.house.clock() + timedelta(days=20)
    monkeypatch.setattr(demo.house.handler, "_clock", lambda: later)
    place = f"/api/v1/dwellings/{home.dwelling}/penalties"
    assert accountant.post(place, json={"bill": str(home.bills[0])}).status_code == 200
    account = demo.house.log.load(FEE_ACCOUNT, fee_account_stream(home.dwelling)).state
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
    account = demo.house.log.load(FEE_ACCOUNT, fee_account_stream(home.dwelling)).state
    assert [bill.paid_on for bill in open_bills(account)] == [(home.today,)]  # the account says what the view says


# -- what holds a claim ------------------------------------------------------------------------------------------------


def mediated(home: Home) -> Home:
    """The first bill has come up to a mediation that failed; its demand has run out."""
    account, ago = home.demo.house.log.load(FEE_ACCOUNT, fee_account_stream(home.dwelling)).state, timedelta(days=60)
    bills, demand, served = (home.bills[0],), uuid4(), home.today - timedelta(days=40)
    claims = (rules.Claim(bills[0], YEAR, account.bills[bills[0]].due),)
    events = [
        rules.DunningOpened(home.dwelling, FIRST),
        rules.ReminderSent(home.owner, claims, rules.RemindedBy.PHONE),
        rules.DemandWritten(demand, "DM-1", home.owner, claims, home.today - ago),
        rules.DemandServed(demand, rules.DeliveredBy.BY_HAND, served, home.owner, home.today - ago / 2, "本人签收"),
        rules.LimitationInterrupted(bills, served, rules.InterruptedBy.DEMAND, demand),
        rules.CommitteeAsked(home.owner, bills, rules.UrgedBy.OWNERS_COMMITTEE),
        rules.MediationHeld(home.owner, bills, rules.Mediator.MEDIATOR_STEWARD, rules.MediationOutcome.FAILED),
    ]
    now = home.demo.house.clock()
    told = Act(uuid4(), Capacity.SYSTEM, now, now)
    home.demo.house.log.append([Change(_stream(home), DUNNING.name, 0, events, told, FIRST, home.owner)])
    home.demo.caught_up()
    return home


def test_a_suit_holds_the_claim_until_its_end_is_recorded(demo: Demo) -> None:
    accountant, head = demo.sign_in_patient("accountant"), demo.sign_in_patient("head")
    home = mediated(Home(demo, "511", "孟立案").owed(430))
    end = {"how": "WITHDRAWN", "on": str(home.today), "evidence": "准许撤诉裁定书"}
    none = act(accountant, home, "end-proceedings", **end)
    assert (none.status_code, none.json()["code"]) == (409, "no_proceedings")
    filed = str(home.today - timedelta(days=3))
    suit = {"venue": "COURT", "on": filed, "case_number": "（2026）民初第7号"}
    assert act(head, home, "file-suit", **suit).status_code == 200
    here = of(home, accountant)
    [bill] = here["bills"]
    assert (bill["held"], bill["lapsed"], bill["interrupted"], here["held"]) == (
        "PROCEEDINGS",
        False,
        filed,
        "PROCEEDINGS",
    )
    [pending] = here["proceedings"]
    assert (pending["venue"], pending["filed"], pending["ended"], pending["how"]) == ("COURT", filed, None, None)
    page = accountant.get(f"/arrears/{FIRST}/{home.dwelling}").text
    assert (
        "诉讼或仲裁中" in page
        and f"法院，{filed} 立案：记下结束" in page
        and f"最稳妥的日子：{bill['last_day']}" in page
    )
    assert "诉讼或仲裁中" in accountant.get(f"/arrears/{FIRST}?building=3").text
    where = f"/api/v1/dwellings/{home.dwelling}/debtors/{home.owner}/suit.pdf"
    assert "†" in texts(accountant.get(where).content)[0]
    twice = act(head, home, "file-suit", **suit)
    assert (twice.status_code, twice.json()["code"]) == (409, "proceedings_pending")
    early = {**end, "on": str(home.today - timedelta(days=4))}
    before = act(accountant, home, "end-proceedings", **early)
    assert (before.status_code, before.json()["code"]) == (409, "ended_before_filed")
    other = act(accountant, home, "end-proceedings", **end, bills=[str(uuid4())])
    assert (other.status_code, other.json()["code"]) == (409, "no_proceedings")  # it is those named, not all
    assert act(accountant, home, "end-proceedings", **{**end, "how": "WON"}).status_code == 422
    assert act(demo.sign_in("cashier"), home, "end-proceedings", **end).status_code == 403
    csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
    form = {"csrf": csrf, "payer": str(home.owner), f"bill.{home.bills[0]}": "1", **end}
    there = f"/arrears/{FIRST}/{home.dwelling}/end"
    unreadable = accountant.post(there, data={**form, "on": "昨天"}, follow_redirects=False)
    assert unreadable.status_code == 409 and "日期写成 2026-12-31" in unreadable.text
    assert accountant.post(there, data=form, follow_redirects=False).status_code == 303
    after = of(home, accountant)
    assert (after["bills"][0]["held"], after["bills"][0]["interrupted"]) == (None, str(home.today))
    assert (after["steps"], after["proceedings"][0]["how"]) == (["SUE"], "WITHDRAWN")  # it may be brought again
    (paper,) = texts(accountant.get(where).content)
    assert "诉讼或仲裁结束" in paper and "准许撤诉裁定书" in paper and "†" not in paper


def test_a_hindrance_is_recorded_confirmed_ended_and_withdrawn(demo: Demo) -> None:
    accountant, home = demo.sign_in_patient("accountant"), Home(demo, "512", "费未定").owed(3 * 365 - 60)
    was, count = of(home, accountant)["bills"][0]["last_day"], told(accountant)
    since, until = str(home.today - timedelta(days=50)), str(home.today - timedelta(days=20))
    body = {"kind": "HEIRS_UNDETERMINED", "since": since, "until": None, "evidence": "户口注销证明，继承人没来"}
    assert act(demo.sign_in("cashier"), home, "record-hindrance", **body).status_code == 403
    for wrong, code in (
        ({"since": str(home.today + timedelta(days=1))}, "day_ahead"),
        ({"until": str(home.today - timedelta(days=60))}, "ended_before_began"),
        ({"evidence": " "}, "blank_text"),
        ({"kind": "LAZINESS"}, "invalid"),
        ({"since": "long ago"}, "invalid"),
    ):
        refused = act(accountant, home, "record-hindrance", **(body | wrong))
        assert (refused.status_code // 100, refused.json()["code"]) == (4, code)
    nobody = act(accountant, home, "record-hindrance", **(body | {"payer": str(uuid4())}))
    assert (nobody.status_code, nobody.json()["code"]) == (409, "nothing_overdue")
    assert act(accountant, home, "record-hindrance", **body).status_code == 200
    held = of(home, accountant)
    [hindrance] = held["hindrances"]
    assert (hindrance["kind"], hindrance["known"], hindrance["until"]) == ("HEIRS_UNDETERMINED", str(home.today), None)
    assert held["bills"][0]["held"] == "HINDRANCE" and held["bills"][0]["last_day"] > was
    assert told(accountant)["lapsing"] == count["lapsing"] - 1
    page = accountant.get(f"/arrears/{FIRST}/{home.dwelling}").text
    assert "时效中止" in page and f"记到 {home.today} 还在，消除前不会过时效" in page
    again = act(accountant, home, "record-hindrance", **body)
    assert (again.status_code, again.json()["code"]) == (409, "hindrance_goes_on")

    def about(name: str, **said: str) -> Any:
        place = f"/api/v1/dwellings/{home.dwelling}/dunning/{name}"
        return accountant.post(place, json={"hindrance": hindrance["hindrance"], **said})

    known = about("confirm-hindrance", on=str(home.today), evidence="居委会说的")
    assert (known.status_code, known.json()["code"]) == (409, "hindrance_known")
    foreign = about("end-hindrance", on=until, evidence="x", hindrance=str(uuid4()))
    assert (foreign.status_code, foreign.json()["code"]) == (409, "unknown_hindrance")
    assert about("end-hindrance", on=until, evidence="继承公证书").status_code == 200
    ended = of(home, accountant)["bills"][0]
    assert ended["held"] is None and was < ended["last_day"] < held["bills"][0]["last_day"]
    where = f"/api/v1/dwellings/{home.dwelling}/debtors/{home.owner}/suit.pdf"
    (paper,) = texts(accountant.get(where).content)
    for said in ("业主去世，继承人或遗产管理人未定", "继承人没来", "障碍消除", "继承公证书", ended["last_day"]):
        assert said in paper, said
    assert about("withdraw-hindrance", text="记错了户").status_code == 200
    assert of(home, accountant)["bills"][0]["last_day"] == was
    with demo.house.database.follower.connection() as conn:
        rows = conn.execute("SELECT convert_from(state, 'UTF8') FROM log.stored_events").fetchall()
    log = "".join(row[0] for row in rows)
    assert "HEIRS_UNDETERMINED" in log and "继承人没来" not in log and "继承公证书" not in log


def test_what_is_held_for_long_has_to_be_looked_at(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    accountant, home = demo.sign_in_patient("accountant"), Home(demo, "513").owed(3 * 365 - 60)
    body = {"kind": "OTHER", "since": str(home.today), "until": None, "evidence": "经办人被限制人身自由"}
    assert act(accountant, home, "record-hindrance", **body).status_code == 200
    before = told(accountant)["to_confirm"]
    later = demo.house.clock() + timedelta(days=120)
    monkeypatch.setattr(type(demo.house), "clock", lambda _: later, raising=False)
    assert told(accountant)["to_confirm"] == before + 1
    assert "请核实是否已经结束" in accountant.get(f"/arrears/{FIRST}").text


def test_a_lapsed_debt_is_asked_for_without_pretence_and_a_promise_revives_it(demo: Demo) -> None:
    accountant, home = demo.sign_in_patient("accountant"), Home(demo, "514", "时已过").owed(3 * 366 + 30)
    assert of(home, accountant)["bills"][0]["lapsed"]
    assert many(accountant, "reminders", home, by="PHONE").json()["done"] == 1
    assert many(accountant, "demands", home, pay_by=str(home.today + timedelta(days=20))).json()["done"] == 1
    [demand] = home.dunning.demands
    letter = accountant.post(f"{PLACE}/demands/print", json={"demands": [str(demand.demand)]})
    (text,) = texts(letter.content)
    assert "付不付由您决定" in text and "诉讼时效中断" not in text
    proof = {"how": "REGISTERED_POST", "on": str(home.today), "by": person(accountant), "evidence": "挂号信第 9 号"}
    assert many(accountant, "demands/serve", home, **proof).json()["done"] == 1
    assert of(home, accountant)["bills"][0]["lapsed"]  # a demand revives nothing
    said = {"on": str(home.today), "evidence": "签了对账单"}
    assert act(accountant, home, "record-acknowledgement", **said).status_code == 200
    assert of(home, accountant)["bills"][0]["lapsed"]
    assert act(accountant, home, "record-acknowledgement", **said, promised=True).status_code == 200
    bill = of(home, accountant)["bills"][0]
    assert (bill["lapsed"], bill["interrupted"]) == (False, str(home.today))
    assert bill["last_day"] >= str(months_later(home.today, 36))


def test_a_demand_calls_nothing_lapsed_of_which_a_part_was_paid_in_time(demo: Demo) -> None:
    accountant, home = demo.sign_in_patient("accountant"), Home(demo, "516").owed(3 * 366 + 30)
    home.pays(10000, days_ago=400)
    assert many(accountant, "reminders", home, by="PHONE").json()["done"] == 1
    assert many(accountant, "demands", home, pay_by=str(home.today + timedelta(days=20))).json()["done"] == 1
    [demand] = home.dunning.demands
    (text,) = texts(accountant.post(f"{PLACE}/demands/print", json={"demands": [str(demand.demand)]}).content)
    assert "诉讼时效中断" in text and "付不付由您决定" not in text


def test_another_demand_may_be_written_once_the_first_was_served(demo: Demo) -> None:
    accountant, home = demo.sign_in_patient("accountant"), mediated(Home(demo, "515").owed(430, 3))
    assert "再写一封催款函" in accountant.get(f"/arrears/{FIRST}/{home.dwelling}").text
    assert many(accountant, "demands", home, pay_by=str(home.today + timedelta(days=20))).json()["done"] == 1
    assert [[claim.bill for claim in each.claims] for each in home.dunning.demands] == [[home.bills[0]]] * 2


def test_instalments_leave_out_what_is_disputed(demo: Demo) -> None:
    accountant, home = demo.sign_in_patient("accountant"), Home(demo, "508").owed(200, 60)
    assert act(accountant, home, "dispute-debt", text="面积不对", bills=[str(home.bills[0])]).status_code == 200
    part = [{"due": str(home.today + timedelta(days=30)), "amount": YEAR}]
    assert act(accountant, home, "agree-instalments", instalments=part, evidence="书面协议").status_code == 200
    assert [plan.bills for plan in home.dunning.plans] == [(home.bills[1],)]


def test_each_demand_has_its_own_proof(demo: Demo) -> None:
    accountant = demo.sign_in_patient("accountant")
    homes = Home(demo, "604").owed(60), Home(demo, "605").owed(60), Home(demo, "606").owed(60)
    assert many(accountant, "reminders", *homes, by="PHONE").json()["done"] == 3
    pay_by = homes[0].today + timedelta(days=15)
    assert many(accountant, "demands", *homes, pay_by=str(pay_by)).json()["done"] == 3
    served = {"how": "REGISTERED_POST", "on": str(homes[0].today), "by": person(accountant)}
    blank = accountant.post(f"{PLACE}/demands/serve", json={"debtors": [homes[0].pick], **served})
    assert (blank.status_code, blank.json()["code"]) == (422, "blank_text")
    picks = [
        {**homes[0].pick, "evidence": "快递单号 SF1"},
        {**homes[1].pick, "evidence": "快递单号 SF2"},
        homes[2].pick,
    ]
    answer = accountant.post(f"{PLACE}/demands/serve", json={"debtors": picks, "evidence": "清单第 3 号", **served})
    assert answer.json()["done"] == 3
    proofs = [
        told.event.evidence
        for home in homes
        for told in demo.house.log.history(_stream(home))
        if type(told.event).__name__ == "DemandServed"
    ]
    assert proofs == ["快递单号 SF1", "快递单号 SF2", "清单第 3 号"]


def test_old_debts_stay_with_the_old_owner(demo: Demo) -> None:
    accountant = demo.sign_in_patient("accountant")
    before = Home(demo, "601", "严子陵")
    home = Home(demo, "502").owed(60).owed(430, payer=before.owner)
    demo.caught_up()
    here = [each for each in told(accountant)["debtors"] if each["dwelling"] == str(home.dwelling)]
    assert {each["payer"] for each in here} == {str(home.owner), str(before.owner)}
    wrong = act(accountant, home, "send-reminder", by="PHONE", bills=[str(home.bills[1])])
    assert (wrong.status_code, wrong.json()["code"]) == (409, "other_debtor")


def test_the_residents_committee_is_told_totals_and_no_dwelling(demo: Demo, old: Home) -> None:
    committee, accountant = demo.sign_in("committee"), demo.sign_in_patient("accountant")
    seen, full = told(committee), told(accountant)
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


# -- who is told of a debtor -------------------------------------------------------------------------------------------

UNENDING = ("/live", "/events")


def read_all(demo: Demo, client: TestClient, home: Home) -> dict[str, str]:
    """What every page and every answer of the API says to somebody, of an estate with a debtor."""
    thing = Things(FIRST, *(str(uuid4()) for _ in range(4)), "head", str(uuid4()), str(home.dwelling), str(home.owner))
    paths = {filled(route.path, thing) for method, route in routes(demo) if method == "GET"}
    paths.add(f"/board/{FIRST}?wall=1")
    said = {}
    for path in sorted(paths):
        if not path.endswith(UNENDING):
            answer = client.get(path)
            assert answer.status_code < 500, path
            said[path] = without_ids(answer.content.decode("utf-8", "replace"))
    return said


@pytest.fixture(scope="module")
def known(demo: Demo) -> Home:
    """A debtor who was reminded and asked in writing."""
    accountant, home = demo.sign_in_patient("accountant"), Home(demo, "701", "欧阳雪见").owed(400, 60)
    assert many(accountant, "reminders", home, by="PHONE").json()["done"] == 1
    pay_by = str(home.today + timedelta(days=20))
    assert many(accountant, "demands", home, pay_by=pay_by).json()["done"] == 1
    demo.caught_up()
    return home


@pytest.mark.parametrize("username", (None, "committee", "mediator", "admin"))
def test_inv_61_nobody_outside_the_desk_is_told_who_owes(demo: Demo, known: Home, username: str | None) -> None:
    client = demo.sign_in(username) if username else demo.client()
    said = read_all(demo, client, known)
    assert len(said) > 60
    for path, text in said.items():
        assert "欧阳" not in text and "欧*" not in text and "1-701" not in text, (username, path)


def test_inv_61_what_is_shown_to_all_names_no_debtor_to_the_desk_either(demo: Demo, known: Home) -> None:
    """Walls, price displays, contracts, statistics and closings: who opens them on a screen shows them to others."""
    said = read_all(demo, demo.sign_in("head"), known)
    told_of = {path for path, text in said.items() if "欧阳" in text or "欧*" in text or "1-701" in text}
    assert f"/arrears/{FIRST}" in told_of  # the desk itself is told
    shared = ("/board", "/wall", "/prices", "/contracts", "/cockpit", "/closing", "/orders", "/notebook", "/people")
    assert not [path for path in told_of if any(part in path for part in shared)]


def test_inv_48_no_address_takes_anything_from_anybodys_home(demo: Demo) -> None:
    names = {part for _, route in routes(demo) for part in (*route.path.split("/"), route.name)}
    assert len(names) > 150
    assert not [name for name in names if CUTS.search(name)]
