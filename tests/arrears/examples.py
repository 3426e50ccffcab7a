"""One telling example of every command and event of dunning."""

from datetime import date
from typing import Any
from uuid import UUID

from domain.arrears import dunning as dunnings

ESTATE_CODE = "350902002999-001"
DWELLING, PAYER, BILL, DEMAND, DISPUTE, PLAN, HINDRANCE = (UUID(int=n) for n in range(0x300, 0x307))
CLAIM = dunnings.Claim(BILL, 64346, date(2026, 9, 30))
_CLERK = UUID(int=1)

COMMANDS: tuple[Any, ...] = (
    dunnings.OpenDunning(DWELLING, ESTATE_CODE),
    dunnings.SendReminder(PAYER, (CLAIM,), dunnings.RemindedBy.PHONE, "说下周来交"),
    dunnings.WriteDemand(DEMAND, "DM-20261123-0001", PAYER, (CLAIM,), date(2026, 12, 10)),
    dunnings.ServeDemand(DEMAND, dunnings.DeliveredBy.REGISTERED_POST, date(2026, 11, 23), _CLERK, "挂号信收据"),
    dunnings.AskCommittee(PAYER, (BILL,), dunnings.UrgedBy.OWNERS_COMMITTEE, "业委会上门"),
    dunnings.RecordMediation(
        PAYER, (BILL,), dunnings.Mediator.MEDIATOR_STEWARD, dunnings.MediationOutcome.FAILED, "没有谈成"
    ),
    dunnings.FileSuit(PAYER, (BILL,), dunnings.Venue.COURT, date(2026, 11, 20), "（2026）民初第1号"),
    dunnings.EndProceedings(PAYER, (BILL,), dunnings.EndedBy.WITHDRAWN, date(2026, 11, 21), "准许撤诉裁定"),
    dunnings.RecordAcknowledgement(PAYER, (CLAIM,), date(2026, 11, 20), "签了对账单"),
    dunnings.RecordHindrance(
        HINDRANCE, PAYER, dunnings.Hindrance.HEIRS_UNDETERMINED, date(2026, 11, 1), "户口注销证明"
    ),
    dunnings.ConfirmHindrance(HINDRANCE, date(2026, 11, 23), "居委会说还没有确定"),
    dunnings.EndHindrance(HINDRANCE, date(2026, 11, 23), "继承公证书"),
    dunnings.WithdrawHindrance(HINDRANCE, "记错了户"),
    dunnings.DisputeDebt(DISPUTE, PAYER, (CLAIM,), "说面积不对"),
    dunnings.UpholdDispute(DISPUTE, "面积确实登记错了"),
    dunnings.RejectDispute(DISPUTE, "与产权证一致"),
    dunnings.AgreeInstalments(PLAN, PAYER, (CLAIM,), (dunnings.Instalment(date(2026, 12, 31), 64346),), "书面协议已签"),
    dunnings.CheckInstalments(PLAN, 64346),
    dunnings.NoteHardship(PAYER, date(2027, 3, 31), "低保家庭"),
    dunnings.SettleDebts((BILL,)),
)

EVENTS: tuple[Any, ...] = (
    dunnings.DunningOpened(DWELLING, ESTATE_CODE),
    dunnings.ReminderSent(PAYER, (CLAIM,), dunnings.RemindedBy.PHONE, "说下周来交"),
    dunnings.DemandWritten(DEMAND, "DM-20261123-0001", PAYER, (CLAIM,), date(2026, 12, 10)),
    dunnings.DemandServed(
        DEMAND, dunnings.DeliveredBy.REGISTERED_POST, date(2026, 11, 25), UUID(int=2), date(2026, 12, 10), "挂号信收据"
    ),
    dunnings.CommitteeAsked(PAYER, (BILL,), dunnings.UrgedBy.OWNERS_COMMITTEE, "业委会上门"),
    dunnings.MediationHeld(
        PAYER, (BILL,), dunnings.Mediator.MEDIATOR_STEWARD, dunnings.MediationOutcome.FAILED, "没有谈成"
    ),
    dunnings.SuitFiled(PAYER, (BILL,), dunnings.Venue.COURT, date(2026, 12, 20), "（2026）民初第1号"),
    dunnings.ProceedingsEnded(PAYER, (BILL,), dunnings.EndedBy.JUDGMENT, date(2027, 4, 30), "判决书"),
    dunnings.HindranceRecorded(
        HINDRANCE, PAYER, dunnings.Hindrance.HEIRS_UNDETERMINED, date(2026, 11, 1), "户口注销证明", date(2026, 11, 20)
    ),
    dunnings.HindranceConfirmed(HINDRANCE, date(2026, 11, 23), "居委会说还没有确定"),
    dunnings.HindranceEnded(HINDRANCE, date(2026, 11, 24), "继承公证书"),
    dunnings.HindranceWithdrawn(HINDRANCE, "记错了户"),
    dunnings.DebtAcknowledged(PAYER, (CLAIM,), date(2026, 11, 20), "签了对账单"),
    dunnings.LimitationInterrupted((BILL,), date(2026, 11, 25), dunnings.InterruptedBy.DEMAND, DEMAND),
    dunnings.DebtDisputed(DISPUTE, PAYER, (CLAIM,), "说面积不对"),
    dunnings.DisputeUpheld(DISPUTE, "面积确实登记错了"),
    dunnings.DisputeRejected(DISPUTE, "与产权证一致"),
    dunnings.InstalmentPlanAgreed(
        PLAN, PAYER, (CLAIM,), (dunnings.Instalment(date(2026, 12, 31), 64346),), "书面协议已签"
    ),
    dunnings.InstalmentPlanBroken(PLAN, date(2026, 12, 31), 64346),
    dunnings.HardshipNoted(PAYER, date(2027, 3, 31), "低保家庭"),
    dunnings.DebtSettled((BILL,)),
)
