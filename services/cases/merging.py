"""Into which case a line is merged: to the end of a chain, never into what is over, unless that opens again."""

from uuid import UUID

from domain.cases import work_order as orders
from domain.cases.issue import ISSUE, Issue, Status
from domain.cases.work_order import UNDER_WAY, WORK_ORDER, Stage, WorkOrder
from domain.changed import changed
from domain.refusal import refuse_if, reject_if
from services.cases.promising import basis_of
from services.commands.plan import Attempt
from services.log.event_log import Change

_OVER = frozenset({Status.DROPPED, Status.ADVISED})


def target_of(attempt: Attempt, stream: UUID, into: UUID, estate: str | None) -> UUID:
    """The issue that stands for all that were merged into it. Refuses ``merge_into_itself`` and ``other_estate``,
    ``merge_target`` for what was dropped or answered with advice, and ``merge_order`` for an order that went elsewhere.
    """
    found = _end_of_chain(attempt, stream, into, estate)
    target = attempt.own(ISSUE, found).state
    refuse_if(target.status in _OVER, "merge_target", status=target.status)
    refuse_if(target.forgotten is not None, "case_forgotten")
    if target.order is not None:
        stage = attempt.at(WORK_ORDER, target.order).state.stage
        refuse_if(stage not in UNDER_WAY and stage is not Stage.CLOSED, "merge_order", stage=stage)
    return found


def _end_of_chain(attempt: Attempt, stream: UUID, into: UUID, estate: str | None) -> UUID:
    while True:
        reject_if(into == stream, "merge_into_itself")
        target: Issue = attempt.own(ISSUE, into).state
        reject_if(target.estate != estate, "other_estate")  # its station could not follow where the case went
        if target.status is not Status.MERGED or target.into is None:
            return into
        into = target.into


def opened_again(attempt: Attempt, target: UUID, because: str) -> list[Change]:
    """An order that was closed is opened again where somebody reports the same thing once more, by the rules of that
    act: as long after the closing as it may be, and by whoever may. ``because`` is the number of the line.
    """
    order = attempt.own(ISSUE, target).state.order
    if order is None:
        return []
    loaded = attempt.at(WORK_ORDER, order)
    if loaded.state.stage is not Stage.CLOSED:
        return []
    attempt.check_power(orders.ReopenWorkOrder, loaded.state.estate)
    state = promising_anew(attempt, loaded.state)
    events = WORK_ORDER.consider(orders.ReopenWorkOrder(because), state, attempt.act)
    return [Change(order, WORK_ORDER.name, loaded.version, events, attempt.act, state.estate, target)]


def promising_anew(attempt: Attempt, order: WorkOrder) -> WorkOrder:
    """The order with the hours and targets by which a new promise is given: those that hold now."""
    assert order.estate is not None
    basis = basis_of(attempt, order.estate, attempt.act.occurred_at, order.category)
    return changed(order, hours=basis.hours, targets=basis.targets)
