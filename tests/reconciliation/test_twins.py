"""One line of a bank is one line whatever its download looks like: nothing is booked twice, nothing is passed over."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.reconciliation.line import LineStage
from projections.reconciliation.lines import LineRow
from services.log.pseudonyms import Pseudonyms
from services.reconciliation.formats import reading
from services.reconciliation.formats.entry import Entry, ProviderStatement
from services.reconciliation.formats.matching import Book
from services.reconciliation.line_marks import facts_of, line_of
from services.reconciliation.twins import Twins
from tests.conftest import FIRST, SECOND, Demo
from tests.reconciliation.downloads import (
    AS_IS,
    CORPUS,
    WITH_ACCOUNT,
    WITH_TIME,
    Layout,
    Transfer,
    in_order,
)
from tests.reconciliation.homes import Ledger

PSEUDONYMS = Pseudonyms(b"7" * 32)


def read(text: str) -> ProviderStatement:
    found = reading.read(text.encode(), lambda prints: {})
    assert isinstance(found, ProviderStatement)
    return found


class Queue:
    """Files taken up one after the other: lines that are booked by themselves, and lines that wait as a double."""

    def __init__(self) -> None:
        self.rows: dict[UUID, LineRow] = {}
        self.booked: list[Entry] = []
        self.doubtful: list[Entry] = []
        self.skipped: list[Entry] = []
        self.files = 0

    def take(self, text: str, estate: str = FIRST) -> "Queue":
        entries = read(text).entries
        ids = [line_of(PSEUDONYMS, entry) for entry in entries]
        twins = Twins(list(self.rows.values()), PSEUDONYMS, Book(), estate, entries, ids)
        self.files += 1
        self.booked, self.doubtful, self.skipped = [], [], []
        for entry, line in zip(entries, ids, strict=True):
            if line in self.rows:
                self.skipped.append(entry)
                continue
            told = facts_of(PSEUDONYMS, entry, estate, UUID(int=self.files), None)
            like = twins.of(entry, line)
            (self.doubtful if like else self.booked).append(entry)
            self.rows[line] = LineRow(
                line, estate, told, LineStage.QUEUED, 1, 1, serial=entry.serial, payer=entry.payer,
                account=entry.account, remark=entry.remark, twins=like,
            )  # fmt: skip
        return self


FEES = in_order([Transfer(5, 12_000), Transfer(5, 12_000, "林小姐", "6222020200001112223"), Transfer(6, 9900)])


@pytest.mark.parametrize("second", CORPUS.values(), ids=CORPUS)
@pytest.mark.parametrize("first", CORPUS.values(), ids=CORPUS)
def test_any_two_downloads_book_a_transfer_once(first: Layout, second: Layout) -> None:
    queue = Queue().take(first.text(FEES))
    assert (len(queue.booked), queue.doubtful) == (3, [])  # the first one in calm
    queue.take(second.text(FEES[::-1]))
    assert queue.booked == [] and len(queue.doubtful) + len(queue.skipped) == 3


TRANSFERS = st.lists(
    st.builds(
        Transfer,
        st.integers(1, 4),
        st.sampled_from([12_000, 5000, -12_000]),
        st.sampled_from(["邹老师", "林小姐"]),
        remark=st.sampled_from(["物业费", "3-2-501 fee"]),
    ),
    min_size=1,
    max_size=6,
).map(in_order)
DAYS = st.tuples(st.integers(1, 4), st.integers(1, 4)).map(sorted)
LAYOUTS = st.builds(
    Layout, st.sampled_from(["day", "moment", "apart"]), *[st.booleans()] * 8, st.sampled_from(["交易", "用途"])
)  # fmt: skip
FILES = st.lists(st.tuples(LAYOUTS, DAYS, st.booleans()), min_size=1, max_size=4)


@given(TRANSFERS, FILES)
def test_no_order_and_no_overlap_of_downloads_books_a_transfer_twice(
    transfers: list[Transfer], files: Sequence[tuple[Layout, list[int], bool]]
) -> None:
    queue, booked, told = Queue(), Counter[tuple[int, int]](), Counter[tuple[int, int]]()
    there = Counter((each.day, each.amount) for each in transfers)
    for layout, (since, until), turned in files:
        some = [each for each in transfers if since <= each.day <= until]
        if not some:
            continue
        queue.take(layout.text(some[::-1] if turned else some))
        booked.update((each.at.day, each.amount) for each in queue.booked)
        told.update((each.at.day, each.amount) for each in (*queue.booked, *queue.doubtful, *queue.skipped))
        assert booked <= there
    assert all(told[each] >= count for each, count in there.items() if told[each])  # nothing is lost on the way


@given(TRANSFERS, LAYOUTS)
def test_one_file_is_taken_up_whole(transfers: list[Transfer], layout: Layout) -> None:
    """Equal transfers of a day are told apart by their balance or counted: only a balance that is there twice asks."""
    queue = Queue().take(layout.text(transfers))
    twice = len(transfers) - len({(each.day, each.amount, each.balance) for each in transfers})
    assert len(queue.booked) >= len(transfers) - twice and not queue.skipped


def test_equal_transfers_of_one_day_are_two() -> None:
    two = in_order([Transfer(5, 12_000), Transfer(5, 12_000)])
    for layout in (AS_IS, WITH_TIME, Layout(balance=False), Layout(serial=True)):
        queue = Queue().take(layout.text(two[:1]))
        assert [len(each) for each in (queue.booked, queue.skipped)] == [1, 0]
        assert [len(each) for each in (queue.take(layout.text(two)).booked, queue.skipped)] == [1, 1]


def test_a_row_that_is_pasted_twice_is_asked_about() -> None:
    once = AS_IS.text(FEES)
    queue = Queue().take(once + "\r\n".join(once.split("\r\n")[1:2]) + "\r\n")
    assert (len(queue.booked), len(queue.doubtful)) == (3, 1)


@pytest.mark.parametrize(
    "other",
    [
        Transfer(5, 12_000, "赵先生", "6228480000000000001"),  # somebody else
        Transfer(5, -12_000),  # the other side
        Transfer(5, 12_001),
        Transfer(9, 12_000),
    ],
)
def test_what_is_another_payment_is_not_asked_about(other: Transfer) -> None:
    old = Queue().take(WITH_ACCOUNT.text(FEES[:1]))
    alone = replace(in_order([other], 77_000_000)[0], serial="")
    for layout in (WITH_TIME, Layout(balance=False), Layout(account=True, balance=False)):
        assert Queue().take(WITH_ACCOUNT.text(FEES[:1])).take(layout.text([alone])).doubtful == []
    assert old.take(WITH_TIME.text(FEES[:1])).booked == []


def test_two_of_a_firm_s_accounts_are_two() -> None:
    own = ["本方账号," + Layout(balance=False).text(FEES[:1]).split("\r\n")[0]]
    row = Layout(balance=False).text(FEES[:1]).split("\r\n")[1]
    queue = Queue().take("\r\n".join([*own, f"6217-1,{row}", ""]))
    assert len(queue.take("\r\n".join([*own, f"6217-2,{row}", ""])).booked) == 1


def test_of_many_equal_payments_each_may_be_one() -> None:
    """Otherwise the last ones could only be called other payments."""
    many = in_order([Transfer(5, 12_000, f"{chr(0x8D75 + n)}先生", f"62170000000000{n:02}") for n in range(9)])
    queue = Queue().take(WITH_ACCOUNT.text(many)).take(Layout(payer=False, balance=False).text(many))
    assert [len(queue.rows[line].twins) for line in list(queue.rows)[9:]] == [9] * 9


@pytest.fixture(scope="module")
def ledger(demo: Demo) -> Iterator[Ledger]:
    made = Ledger(demo, "95")
    for room, amount in (("101", 4110), ("102", 4120), ("103", 4130)):
        made.billed(room, amount)
    demo.caught_up()
    yield made


def lines(ledger: Ledger, client: Any, stage: str = "QUEUED") -> list[Any]:
    return [each for each in ledger.lines(client, stage) if each["amount"] in (4110, 4120, 4130)]


def test_a_clerk_says_which_are_one(ledger: Ledger) -> None:
    client = ledger.demo.sign_in_patient("accountant")
    paid = in_order([Transfer(5, amount, remark=f"95-1-10{n}") for n, amount in ((1, 4110), (2, 4120), (3, 4130))])
    seen = ledger.upload(client, AS_IS.text(paid[:2]).encode())
    assert ledger.confirm(client, seen["id"])["matched"] == 2

    more = ledger.upload(client, WITH_TIME.text(paid).encode())
    assert {each["why"]: each["lines"] for each in more["look"]["waiting"]} == {"TWIN": 2}
    done = ledger.confirm(client, more["id"])
    assert (done["matched"], done["queued"]) == (1, 2)
    assert [len(ledger.account(room).payments) for room in ("101", "102", "103")] == [1, 1, 1]

    first, second = lines(ledger, client)
    [earlier] = first["earlier"]
    assert (earlier["amount"], earlier["stage"], earlier["label"]) == (4110, "MATCHED", "95-1-101")
    address = f"/api/v1/statement-lines/{first['id']}"
    home = {"dwelling": str(ledger.dwellings["101"])}
    assert client.post(f"{address}/match", json=home).json()["code"] == "line_maybe_twice"
    wrong = {"reason": "SAME_LINE", "same": second["id"]}
    assert client.post(f"{address}/set-aside", json=wrong).json()["code"] == "line_not_alike"
    assert client.post(f"{address}/set-aside", json={"reason": "SAME_LINE"}).status_code == 200
    [aside] = lines(ledger, client, "SET_ASIDE")
    assert (aside["same"], aside["reason"]) == (earlier["id"], "SAME_LINE")
    assert client.post(f"{address}/return").status_code == 200
    assert client.post(f"{address}/match", json=home).json()["code"] == "line_maybe_twice"  # undone: as it was
    assert client.post(f"{address}/set-aside", json={"reason": "SAME_LINE"}).status_code == 200

    other = f"/api/v1/statement-lines/{second['id']}"
    assert client.post(f"{other}/apart").status_code == 200
    [apart] = lines(ledger, client)
    assert (apart["waiting"], apart["earlier"], apart["suggestions"][0]["label"]) == ("APART", [], "95-1-102")
    assert client.post(f"{other}/match", json={"dwelling": apart["suggestions"][0]["dwelling"]}).status_code == 200
    assert len(ledger.account("102").payments) == 2


def test_two_lines_of_a_file_are_not_both_the_one_before(ledger: Ledger) -> None:
    client = ledger.demo.sign_in_patient("accountant")
    two = in_order([Transfer(12, 4111, "王*"), Transfer(12, 4111, "王*")])
    ledger.confirm(client, ledger.upload(client, Layout(balance=False, payer=False).text(two[:1]).encode())["id"])
    ledger.confirm(client, ledger.upload(client, Layout(balance=False, at="moment").text(two).encode())["id"])
    doubles = [each for each in ledger.lines(client) if each["amount"] == 4111 and each["waiting"] == "TWIN"]
    assert [each["earlier"][0]["free"] for each in doubles] == [True, True]
    address = [f"/api/v1/statement-lines/{each['id']}" for each in doubles]
    assert client.post(f"{address[0]}/set-aside", json={"reason": "SAME_LINE"}).status_code == 200
    taken = client.post(f"{address[1]}/set-aside", json={"reason": "SAME_LINE"})
    assert (taken.status_code, taken.json()["code"]) == (409, "line_same_taken")


def test_an_account_that_estates_share_is_read_once_in_any_layout(ledger: Ledger) -> None:
    accountant, head = ledger.demo.sign_in_patient("accountant"), ledger.demo.sign_in_patient("head2")
    theirs = Ledger(ledger.demo, "95", SECOND)
    paid = in_order([Transfer(20, 4140, remark="谢谢")], 3_000_000)
    ledger.confirm(accountant, ledger.upload(accountant, AS_IS.text(paid).encode())["id"])
    seen = theirs.upload(head, WITH_ACCOUNT.text(paid).encode())
    assert [each["why"] for each in seen["look"]["waiting"]] == ["TWIN"]
    theirs.confirm(head, seen["id"])
    [line] = [each for each in theirs.lines(head) if each["amount"] == 4140]
    [earlier] = line["earlier"]
    assert (earlier["estate"], earlier["payer"], earlier["remark"]) == ("东湖苑", None, None)
