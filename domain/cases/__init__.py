"""Cases (问题、工单): a line in the notebook, the work order it becomes, and who is sent."""

from domain.cases.issue import ISSUE
from domain.cases.notebook_import import NOTEBOOK_IMPORT
from domain.cases.targets import SERVICE_TARGETS
from domain.cases.work_order import WORK_ORDER

DECIDERS = (ISSUE, NOTEBOOK_IMPORT, SERVICE_TARGETS, WORK_ORDER)
