"""Bill runs that were prepared and wait to be looked at and confirmed."""

from projections.projection import Connection
from services.billing.pages import lapsed
from services.billing.runs import BillRuns, RunStanding
from services.console.navigation import Waiting, Waits
from services.console.visit import Visit


def _to_confirm(here: Visit, conn: Connection) -> Waits:
    runs = here.product.part(BillRuns).of_estate(here.viewer.estate or "")
    past = lapsed(runs, here.voice.now)
    return Waits(sum(run.standing is RunStanding.PREPARED and run.id not in past for run in runs))


TO_CONFIRM = Waiting((), _to_confirm)
