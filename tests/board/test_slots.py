"""A board in pieces: what a page that shows an earlier one is told, and when it is told everything."""

from hypothesis import given, settings
from hypothesis import strategies as st

from services.board.slots import ASIDE, SLOT, Sliced
from services.console.drawn import CSRF_MARK

Lists = dict[str, dict[str, str]]


def drawn(lists: Lists, frame: str = "<section>", clock: int = 1, figure: str = "3") -> Sliced:
    """A board of these lists, each of which holds texts by their ids."""
    parts = [frame]
    for name, texts in lists.items():
        cards = [
            f'{SLOT}<li id="{card}"><time class="sla" data-at="{clock}" data-rest="{clock * 9}" data-open="{clock}">'
            f'<span class="sla__t">{clock}</span></time>{text}</li>{SLOT}\n'
            for card, text in texts.items()
        ]
        parts += [f'{SLOT}<header id="head-{name}">{len(texts)}</header>{SLOT} <ul id="list-{name}">', *cards, "</ul>"]
    return Sliced("".join([*parts, "</section>", ASIDE, f'{SLOT}<dl id="figures">{figure}</dl>{SLOT}']))


def told(before: Sliced, now: Sliced) -> str | None:
    changes = now.since(before.outline)
    return None if changes is None else changes.text


BEFORE: Lists = {"inbox": {"a": "one", "b": "two"}, "waiting": {"c": "three"}}


def test_nothing_is_told_while_only_clocks_go_on() -> None:
    assert told(drawn(BEFORE), drawn(BEFORE, clock=2)) == ""
    assert drawn(BEFORE).outline.name == drawn(BEFORE, clock=2).outline.name


def test_one_changed_card_is_told_alone() -> None:
    found = told(drawn(BEFORE), drawn(BEFORE | {"inbox": {"a": "one", "b": "others"}}))
    assert found and found.startswith('<li id="b">') and "others" in found and "one" not in found
    assert "data-list" not in found


def test_a_card_that_moves_is_told_with_both_lists() -> None:
    found = told(drawn(BEFORE), drawn({"inbox": {"a": "one"}, "waiting": {"b": "two", "c": "three"}}))
    assert found and '<ol data-list="list-inbox">a</ol>' in found and '<ol data-list="list-waiting">b c</ol>' in found
    assert '<header id="head-inbox">1</header>' in found and "<li" not in found


def test_what_stands_beside_the_board_is_told_as_well() -> None:
    assert told(drawn(BEFORE), drawn(BEFORE, figure="4")) == '<dl id="figures">4</dl>'


def test_all_is_told_where_more_than_pieces_changed() -> None:
    assert told(drawn(BEFORE), drawn(BEFORE, frame='<p role="status">stale</p><section>')) is None
    assert told(drawn(BEFORE), drawn(BEFORE | {"sent": {}})) is None


def test_marks_are_sent_to_nobody() -> None:
    sliced = drawn({"inbox": {"a": str(CSRF_MARK)}})
    assert SLOT not in sliced.whole.text and ASIDE not in sliced.whole.text
    assert "figures" in sliced.whole.text and "figures" not in sliced.board and SLOT not in sliced.board
    assert b"\x02" not in sliced.whole.plain("t" * 32)


_LISTS = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from(["one", "two", "three"]), max_size=6)


def _shown_after(shown: Lists, now: Sliced) -> Lists:
    """What a page shows that has put the pieces in place, as the browser does."""
    changes = now.since(drawn(shown).outline)
    assert changes is not None
    orders: dict[str, list[str]] = {}
    texts = {card: text for cards in shown.values() for card, text in cards.items()}
    for line in changes.text.replace("</ol>", "</ol>\n").splitlines():
        if line.startswith("<ol "):
            orders[line.split('"')[1].removeprefix("list-")] = line.partition(">")[2].partition("<")[0].split()
        elif line.startswith("<li "):
            texts[line.split('"')[1]] = line.rpartition("</time>")[2].removesuffix("</li>")
    return {name: {card: texts[card] for card in orders.get(name, list(cards))} for name, cards in shown.items()}


@settings(max_examples=150, deadline=None)
@given(_LISTS, _LISTS, _LISTS)
def test_a_page_that_is_told_of_changes_shows_what_a_fresh_one_does(
    first: dict[str, str], second: dict[str, str], third: dict[str, str]
) -> None:
    before: Lists = {"inbox": first, "waiting": {k: v for k, v in third.items() if k not in first}}
    after: Lists = {"inbox": second, "waiting": {k: v for k, v in third.items() if k not in second}}
    assert _shown_after(before, drawn(after)) == after
