"""Refunds that wait for this very person: to decide on what others asked for, and to pay out."""

from domain.catalogue import may
from domain.fees.fee_account import ApproveRefund
from domain.fees.fee_account.vocabulary import RefundStage
from projections.fees import refunds
from projections.fees.refunds import REFUNDS
from projections.projection import Connection
from services.console.navigation import Waiting, Waits
from services.console.visit import Visit


def _refunds(here: Visit, conn: Connection) -> Waits:
    decides = may(here.member.capacity, ApproveRefund)
    return Waits(
        sum(
            row.stage is RefundStage.APPROVED or (decides and row.asked.who != here.member.person)
            for row in refunds.pending(conn, [here.viewer.estate or ""])
        )
    )


REFUNDS_WAITING = Waiting((REFUNDS,), _refunds)
