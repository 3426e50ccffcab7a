"""The words and templates of papers."""

from collections.abc import Iterator

from services.paper.press import ROOMS, said_in
from services.words.sentences import LANGUAGES, has
from tests.machine.test_words import CHINESE, messages

OWN = {
    "receipt": ("fees/receipt.typ", "fees/slip.typ"),
    "report": ("paper/report.typ",),
    "demand": ("arrears/demand.typ",),
    "statement-of-account": ("account_statements/account_statement.typ",),
    "price-display": ("contracts/price_display.typ",),
    "jobslip": ("cases/job_slip.typ",),
    "wallsheet": ("trail/sheet.typ",),
}


SAID_BY_CODE = {
    "demand-greeting", "demand-ground", "demand-ask", "demand-turn", "demand-turn-here", "demand-law", "demand-lapsed",
    "statement-of-account-days", "statement-of-account-reference",
    "statement-of-account-turn", "statement-of-account-turn-here", "statement-of-account-owed",
    "statement-of-account-later", "statement-of-account-credit",
    "statement-of-account-settled", "price-display-days", "price-display-turn",
    "wallsheet-week", "wallsheet-size", "wallsheet-can-what", "wallsheet-signed", "wallsheet-waits",
}  # fmt: skip


def used() -> Iterator[str]:
    for prefix, templates in OWN.items():
        for template in templates:
            yield from (f"{prefix}-{name}" for name in said_in(template))
    yield from SAID_BY_CODE


def test_every_word_of_the_templates_is_there_and_every_word_there_is_used() -> None:
    asked = set(used())
    assert all(has(language, key) for key in asked for language in LANGUAGES)
    assert {key for key in messages("zh") if key.startswith(tuple(f"{each}-" for each in OWN))} == asked
    found = {str(path.relative_to(ROOMS)) for path in ROOMS.glob("*/*.typ")}
    assert found == {"paper/page.typ", *(template for each in OWN.values() for template in each)}


def test_templates_say_nothing_by_themselves() -> None:
    for path in ROOMS.glob("*/*.typ"):
        assert not CHINESE.search(path.read_text(encoding="utf-8")), path.name
