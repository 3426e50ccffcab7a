"""What waits at the desk: refunds to decide on and to pay out; and what came in today, for whoever has no drawer."""

from domain.calendar import local_date
from domain.catalogue import may
from domain.fees.fee_account import ApproveRefund
from domain.fees.fee_account.vocabulary import RefundStage
from projections.fees import payments, refunds
from projections.fees.payments import PAYMENTS
from projections.fees.refunds import REFUNDS
from projections.projection import Connection
from services.console.navigation import Waiting, Waits
from services.console.visit import Visit
from services.words.figures import shown


def _refunds(here: Visit, conn: Connection) -> Waits:
    decides = may(here.member.capacity, ApproveRefund)
    return Waits(
        sum(
            row.stage is RefundStage.APPROVED or (decides and row.asked.who != here.member.person)
            for row in refunds.pending(conn, [here.viewer.estate or ""])
        )
    )


def _taken(here: Visit, conn: Connection) -> Waits:
    if not here.viewer.takes_money:
        return Waits()
    n, amount = payments.taken_on(conn, here.viewer.estate or "", local_date(here.voice.now))
    return Waits(foot=(here.voice.say("state-taken", amount=shown(amount)), here.voice.say("state-taken-n", n=n)))


TAKEN_TODAY = Waiting((PAYMENTS,), _taken)
REFUNDS_WAITING = Waiting((REFUNDS,), _refunds)
