"""A table that nobody could read: shown with what was understood, chosen anew as often as needed, remembered."""

from typing import Any
from uuid import uuid4

import pytest
from psycopg.types.json import Jsonb

from services.reconciliation.formats.mapping import fingerprint
from tests.conftest import FIRST, Demo

PAGE = f"/statements/{FIRST}"


def uploaded(demo: Demo, text: str) -> tuple[Any, dict[str, Any], str]:
    accountant = demo.sign_in_patient("accountant")
    answer = accountant.post(
        f"/api/v1/estates/{FIRST}/statements", files={"statement": ("a.csv", text.encode("gb18030"), "text/csv")}
    )
    assert answer.status_code == 201, answer.text
    return accountant, answer.json(), f"/api/v1/statements/{answer.json()['id']}"


def test_what_was_understood_is_there_and_several_columns_make_one_text(demo: Demo) -> None:
    text = "某行\n哪天,多少,谁,哪家,写了啥,补充\n2026-10-05,12.00,乔女士,乔家,车位,十月\n"
    accountant, seen, address = uploaded(demo, text)
    assert (seen["standing"], seen["table"]["head"], seen["table"]["wrong"]) == ("UNREAD", 1, None)
    assert (seen["table"]["guess"]["at"], seen["table"]["guess"]["amount"]) == (0, 1)
    body = {"head": 1, "at": 0, "amount": 1, "payer": [2, 3], "remark": [4, 5]}
    chosen = accountant.post(f"{address}/columns", json=body).json()
    [line] = chosen["look"]["lines"]
    assert (line["amount"], line["remark"]) == (1200, "车位 十月") and line["payer"].startswith("乔")


def test_a_wrong_choice_is_made_good_also_for_the_next_file(demo: Demo) -> None:
    head = "日子,进,出,哪位"
    accountant, seen, address = uploaded(demo, f"{head}\n2026-10-05,12.00,,柯先生\n2026-10-06,,5.00,某司\n")
    assert seen["standing"] == "UNREAD"
    turned = {"head": 0, "at": 0, "money_in": 2, "money_out": 1}
    assert accountant.post(f"{address}/columns", json=turned).json()["look"]["money_in"] == 500
    again = {"head": 0, "at": 0, "money_in": 1, "money_out": 2, "payer": 3}
    assert accountant.post(f"{address}/columns", json=again).json()["look"]["money_in"] == 1200
    _, other, _ = uploaded(demo, f"{head}\n2026-10-07,13.00,,柯先生\n")
    assert (other["standing"], other["look"]["money_in"]) == ("CHECKED", 1300)


def test_a_choice_that_no_longer_fits_is_asked_again(demo: Demo) -> None:
    head = "哪日,数,名"
    accountant, _, address = uploaded(demo, f"{head}\n2026-10-05,12.00,宋女士\n")
    assert accountant.post(f"{address}/columns", json={"head": 0, "at": 0, "amount": 1}).status_code == 200
    _, seen, _ = uploaded(demo, f"{head}\n2026-10-06,十二元,宋女士\n")
    assert (seen["standing"], seen["table"]["wrong"]) == ("UNREAD", {"code": "statement_amount", "line": 2})
    assert (seen["table"]["guess"]["at"], seen["table"]["guess"]["amount"]) == (0, 1)


def test_what_was_remembered_before_is_still_read(demo: Demo) -> None:
    """Before several columns could be chosen for one thing, a choice had one number for each."""
    head = ["几号", "几块", "啥人", "啥事"]
    columns = {"at": 0, "money_in": None, "money_out": None, "amount": 1, "direction": None, "balance": None,
               "payer": 2, "account": None, "remark": 3, "serial": None}  # fmt: skip
    with demo.product.database.lend([FIRST]) as conn:
        conn.execute(
            "INSERT INTO log.statement_mappings (estate, fingerprint, columns, chosen_by) VALUES (%s, %s, %s, %s)",
            (FIRST, fingerprint(head), Jsonb(columns), uuid4()),
        )
    _, seen, _ = uploaded(demo, ",".join(head) + "\n2026-10-05,12.00,龙先生,早先\n")
    assert (seen["standing"], seen["look"]["lines"][0]["remark"]) == ("CHECKED", "早先")


def test_days_in_two_readings_are_told_with_both_and_their_order_can_be_said(demo: Demo) -> None:
    accountant, seen, address = uploaded(demo, "日期,摘要,金额,对方户名\n03/04/2026,甲费,12.00,庞女士\n")
    wrong = seen["table"]["wrong"]
    assert (seen["standing"], wrong["code"]) == ("UNREAD", "statement_readings")
    assert (wrong["line"], wrong["one"], wrong["other"]) == (2, "2026-04-03", "2026-03-04")
    body = {"head": 0, "at": 0, "amount": 2, "payer": [3], "remark": [1], "order": "DMY"}
    [line] = accountant.post(f"{address}/columns", json=body).json()["look"]["lines"]
    assert line["at"].startswith("2026-04-03")
    page = accountant.get(f"{PAGE}/{seen['id']}?columns=1")
    assert page.status_code == 200 and 'value="DMY" selected' in page.text


def test_sums_that_differ_are_told_and_have_to_be_seen(demo: Demo) -> None:
    text = "总笔数：2\n日期,摘要,收入,支出,对方户名\n2026-10-05,费甲,12.00,,倪先生\n合计,,13.00,0.00\n"
    accountant, seen, address = uploaded(demo, text)
    told = [(each["of"], each["stated"], each["counted"]) for each in seen["look"]["differences"]]
    assert told == [("MONEY_IN", 1300, 1200), ("LINES", 2, 1)] and not seen["look"]["footed"]
    page = accountant.get(f"{PAGE}/{seen['id']}").text
    assert "13.00" in page and "12.00" in page and 'name="accept"' in page
    assert accountant.post(f"{address}/confirm").json()["code"] == "statement_differs"
    assert accountant.post(f"{address}/confirm", json={"accept_differences": True}).status_code == 202


def test_a_table_without_a_heading_and_one_whose_heading_is_lower(demo: Demo) -> None:
    accountant, seen, address = uploaded(demo, "2026-10-05,12.00,单女士,丙费\n2026-10-06,13.00,单女士,丁费\n")
    assert (seen["standing"], seen["table"]["head"]) == ("UNREAD", -1)
    body = {"head": -1, "at": 0, "amount": 1, "payer": 2, "remark": 3}
    assert accountant.post(f"{address}/columns", json=body).json()["look"]["money_in"] == 2500
    table = accountant.get(f"{address}/table?head=0").json()
    assert (table["head"], table["guess"]["at"]) == (0, 0)
    assert accountant.get(f"{address}/table?head=99").json()["code"] == "mapping_column"


@pytest.mark.parametrize("columns", ["", "?columns=1", "?columns=1&head=-1", "?columns=1&head=0", "?head=1"])
def test_the_page_asks_under_any_heading(demo: Demo, columns: str) -> None:
    accountant, seen, _ = uploaded(demo, "某村行\n何日,何数,何人\n2026-10-05,12.00,奚先生\n")
    page = accountant.get(f"{PAGE}/{seen['id']}{columns}")
    assert page.status_code == 200 and 'id="c-at"' in page.text
    assert 'id="c-at"' in accountant.get(f"{PAGE}/{seen['id']}/live").text


def test_a_refused_choice_keeps_what_was_chosen(demo: Demo) -> None:
    accountant, seen, _ = uploaded(demo, "某镇行\n何日,何数,何人\n2026-10-05,12.00,项女士\n")
    token = accountant.get(f"{PAGE}/{seen['id']}").text.split('name="csrf" value="')[1].split('"')[0]
    form = {"csrf": token, "head": "1", "at": "0", "payer-2": "1", "order": "DMY"}
    page = accountant.post(f"{PAGE}/{seen['id']}/columns", data=form)
    assert page.status_code == 422, page.text[:500]
    assert 'name="payer-2" value="1" checked' in page.text and 'value="DMY" selected' in page.text
