"""The notebook, orders and the history of each case."""

from projections.cases.history import HISTORY
from projections.cases.notebook import NOTEBOOK
from projections.cases.orders import ORDERS
from projections.cases.targets import TARGETS

VIEWS = (HISTORY, NOTEBOOK, ORDERS, TARGETS)
