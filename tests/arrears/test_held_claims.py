"""What holds a claim: proceedings and hindrances; what has lapsed, and what was asked for again."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from domain.arrears import dunning as rules
from domain.arrears.dunning import DUNNING
from domain.capacity import Capacity
from domain.fees.fee_account import FEE_ACCOUNT, fee_account_stream
from domain.months import months_later
from domain.recorded import Act
from services.log.event_log import Change
from tests.arrears.debts import YEAR, Home
from tests.arrears.test_arrears_api import PLACE, act, arrears_of, many, of, person, stream_of
from tests.conftest import FIRST, Demo
from tests.machine.test_paper import texts


def mediated(home: Home) -> Home:
    """The first bill has come up to a mediation that failed; its demand has run out."""
    account, ago = home.demo.product.log.load(FEE_ACCOUNT, fee_account_stream(home.dwelling)).state, timedelta(days=60)
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
    now = home.demo.product.clock()
    recorded = Act(uuid4(), Capacity.SYSTEM, now, now)
    home.demo.product.log.append([Change(stream_of(home), DUNNING.name, 0, events, recorded, FIRST, home.owner)])
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
    assert unreadable.status_code == 422 and "日期写成 2026-12-31" in unreadable.text
    assert accountant.post(there, data=form, follow_redirects=False).status_code == 303
    after = of(home, accountant)
    assert (after["bills"][0]["held"], after["bills"][0]["interrupted"]) == (None, str(home.today))
    assert (after["steps"], after["proceedings"][0]["how"]) == (["SUE"], "WITHDRAWN")  # it may be brought again
    (paper,) = texts(accountant.get(where).content)
    assert "诉讼或仲裁结束" in paper and "准许撤诉裁定书" in paper and "†" not in paper


def test_a_hindrance_is_recorded_confirmed_ended_and_withdrawn(demo: Demo) -> None:
    accountant, home = demo.sign_in_patient("accountant"), Home(demo, "512", "费未定").owed(3 * 365 - 60)
    was, count = of(home, accountant)["bills"][0]["last_day"], arrears_of(accountant)
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
    assert arrears_of(accountant)["lapsing"] == count["lapsing"] - 1
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
    with demo.product.database.follower.connection() as conn:
        rows = conn.execute("SELECT convert_from(state, 'UTF8') FROM log.stored_events").fetchall()
    log = "".join(row[0] for row in rows)
    assert "HEIRS_UNDETERMINED" in log and "继承人没来" not in log and "继承公证书" not in log


def test_what_is_held_for_long_has_to_be_looked_at(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    accountant, home = demo.sign_in_patient("accountant"), Home(demo, "513").owed(3 * 365 - 60)
    body = {"kind": "OTHER", "since": str(home.today), "until": None, "evidence": "经办人被限制人身自由"}
    assert act(accountant, home, "record-hindrance", **body).status_code == 200
    before = arrears_of(accountant)["to_confirm"]
    later = demo.product.clock() + timedelta(days=120)
    monkeypatch.setattr(type(demo.product), "clock", lambda _: later, raising=False)
    assert arrears_of(accountant)["to_confirm"] == before + 1
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
        recorded.event.evidence
        for home in homes
        for recorded in demo.product.log.history(stream_of(home))
        if type(recorded.event).__name__ == "DemandServed"
    ]
    assert proofs == ["快递单号 SF1", "快递单号 SF2", "清单第 3 号"]
