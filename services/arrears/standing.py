"""Nobody is asked for money on account of a dwelling that the register does not have."""

from collections.abc import Sequence

from domain.arrears.dunning import (
    DUNNING,
    CommitteeAsked,
    DebtAcknowledged,
    DemandWritten,
    DunningOpened,
    InstalmentPlanAgreed,
    ReminderSent,
    SuitFiled,
)
from domain.refusal import refuse_if
from domain.register.dwelling import DWELLING
from services.commands.plan import Attempt
from services.log.event_log import Change

ASKED_FOR = (ReminderSent, DemandWritten, CommitteeAsked, SuitFiled, DebtAcknowledged, InstalmentPlanAgreed)


def asked_where_it_stands(attempt: Attempt, changes: Sequence[Change]) -> None:
    """Refuses ``dwelling_withdrawn`` where somebody would be asked to pay; what is under way can be ended."""
    for change in changes:
        if change.category != DUNNING.name or not any(isinstance(event, ASKED_FOR) for event in change.events):
            continue
        begun = next((event.dwelling for event in change.events if isinstance(event, DunningOpened)), None)
        dwelling = begun or attempt.at(DUNNING, change.stream).state.dwelling
        refuse_if(dwelling is not None and attempt.at(DWELLING, dwelling).state.withdrawn, "dwelling_withdrawn")
