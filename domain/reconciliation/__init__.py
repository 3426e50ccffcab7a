"""Reconciliation (对账): files of banks and payment services, and whose money each line is."""

from domain.reconciliation.file import STATEMENT_FILE
from domain.reconciliation.line import STATEMENT_LINE

DECIDERS = (STATEMENT_FILE, STATEMENT_LINE)
