"""Nothing that moves money is dated in a closed month, whoever plans it."""

from collections.abc import Sequence

from domain.closing.ledger import dated
from domain.fees.fee_account import FEE_ACCOUNT
from services.books.plans import check_open
from services.commands.plan import Attempt
from services.log.event_log import Change


def closed_months(attempt: Attempt, changes: Sequence[Change]) -> None:
    """Refuses ``period_closed`` where something that moves money would be dated in a closed month.

    Plans that know the day before may ask ``check_open`` earlier.
    """
    for change in changes:
        if change.category != FEE_ACCOUNT.name or change.estate is None:
            continue
        days = [day for event in change.events if (day := dated(event, change.act)) is not None]
        if days:
            check_open(attempt, change.estate, min(days))
