"""Which rows are in another currency than ours: by their column, their amount, or what stands above the table."""

import re
from collections.abc import Sequence

from services.reconciliation.formats.columns import Columns, Rows, cell
from services.reconciliation.formats.layouts import layouts, plain

_LONGEST = 12  # signs of a currency's name that are told
_BEFORE = re.compile(r"\s*([A-Za-z]{3}|[$\u20ac\xa3]|HK\$|US\$)\s*[-+]?[\d(]")


def currency_above(rows: Rows, head: int) -> str | None:
    """The currency of the whole account, where the block above the table names another one."""
    said = re.compile(layouts()["bank_sums"]["currency"])
    for row in rows[:head]:
        found = said.search(" ".join(plain(each) for each in row))
        if found and not is_ours(found[1]):
            return found[1][:_LONGEST]
    return None


def foreign(row: Sequence[str], columns: Columns, above: str | None) -> str | None:
    """The currency of a row that is not in ours."""
    named = cell(row, columns.currency)
    if named:
        return None if is_ours(named) else named[:_LONGEST]
    for place in (columns.amount, columns.money_in, columns.money_out):
        before = _BEFORE.match(cell(row, place))
        if before and not is_ours(before[1]):
            return before[1]
    return above


def is_ours(name: str) -> bool:
    """Whether a currency is the yuan, however it is called."""
    words, said = layouts()["bank_words"], plain(name).upper()
    return said in words["our_currency_codes"] or any(word in said for word in words["our_currency"])
