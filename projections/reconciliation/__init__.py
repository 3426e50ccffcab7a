"""Lines of statement files: matched, set aside or waiting."""

from projections.reconciliation.lines import STATEMENT_LINES

VIEWS = (STATEMENT_LINES,)
