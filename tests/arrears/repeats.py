"""What comes of commands about dunning that are given once more."""

from datetime import date, timedelta
from uuid import UUID

from domain.arrears import dunning as rules
from domain.arrears.dunning import DUNNING, DeliveredBy, EndedBy, Mediator, RemindedBy, UrgedBy, Venue
from tests.arrears.examples import BILL, CLAIM, DEMAND, DISPUTE, DWELLING, ESTATE_CODE, HINDRANCE, PAYER, PLAN
from tests.repeats import Repeat, anew, harmless, refused
from tests.scenario import CLERK, Scenario

_OTHER = UUID(int=0x9001)
_NOTHING = Scenario(DUNNING, DUNNING.initial)
_OPENED = _NOTHING.when(rules.OpenDunning(DWELLING, ESTATE_CODE))
_REMIND = rules.SendReminder(PAYER, (CLAIM,), RemindedBy.PHONE)
_WRITE = rules.WriteDemand(DEMAND, "DM-1", PAYER, (CLAIM,), date(2026, 12, 10))
_SERVE = rules.ServeDemand(DEMAND, DeliveredBy.BY_HAND, date(2026, 11, 23), CLERK, "本人签收")
_WRITTEN = _OPENED.when(_REMIND, _WRITE)
_SERVED = _WRITTEN.when(_SERVE).later(days=30)
_ASK = rules.AskCommittee(PAYER, (BILL,), UrgedBy.OWNERS_COMMITTEE)
_MEDIATE = rules.RecordMediation(PAYER, (BILL,), Mediator.MEDIATOR_STEWARD, rules.MediationOutcome.FAILED)
_MEDIATED = _SERVED.when(_ASK, _MEDIATE)
_CASE = "（2026）民初第1号"
_SUE = rules.FileSuit(PAYER, (BILL,), Venue.COURT, date(2026, 12, 20), _CASE)
_HINDERED = rules.RecordHindrance(HINDRANCE, PAYER, rules.Hindrance.HEIRS_UNDETERMINED, date(2026, 11, 1), "证明")
_KNOWN = _OPENED.when(_HINDERED).later(days=1)
_DISPUTE = rules.DisputeDebt(DISPUTE, PAYER, (CLAIM,), "面积不对")
_DISPUTED = _OPENED.when(_DISPUTE)
_PLAN = rules.AgreeInstalments(PLAN, PAYER, (CLAIM,), (rules.Instalment(date(2026, 12, 31), 64346),), "协议")
_AGREED = _OPENED.when(_PLAN)
_TODAY, _TOMORROW = date(2026, 11, 23), date(2026, 11, 24)

REPEATS: tuple[Repeat, ...] = (
    harmless(_NOTHING, rules.OpenDunning(DWELLING, ESTATE_CODE), rules.OpenDunning(_OTHER, ESTATE_CODE)),
    refused(_OPENED, _REMIND, "urged_today", rules.SendReminder(PAYER, (CLAIM,), RemindedBy.VISIT)),
    refused(_OPENED.when(_REMIND), _WRITE, "demand_written",
            rules.WriteDemand(_OTHER, "DM-2", PAYER, (CLAIM,), date(2026, 12, 10))),
    refused(_WRITTEN, _SERVE, "demand_served",
            rules.ServeDemand(DEMAND, DeliveredBy.REGISTERED_POST, date(2026, 11, 23), CLERK, "收据")),
    refused(_SERVED, _ASK, "urged_today", rules.AskCommittee(PAYER, (BILL,), UrgedBy.RESIDENTS_COMMITTEE)),
    refused(_SERVED.when(_ASK), _MEDIATE, "urged_today"),
    refused(_MEDIATED, _SUE, "proceedings_pending",
            rules.FileSuit(PAYER, (BILL,), Venue.COURT, date(2026, 12, 21), _CASE)),
    refused(_MEDIATED.when(_SUE), rules.EndProceedings(PAYER, (BILL,), EndedBy.WITHDRAWN, date(2026, 12, 21), "裁定"),
            "no_proceedings"),
    refused(_OPENED, _HINDERED, "hindrance_goes_on"),
    refused(_KNOWN, rules.ConfirmHindrance(HINDRANCE, _TOMORROW, "还没定"), "hindrance_known"),
    refused(_KNOWN, rules.EndHindrance(HINDRANCE, _TOMORROW, "公证书"), "hindrance_ended",
            rules.EndHindrance(HINDRANCE, _TODAY, "公证书")),
    refused(_KNOWN, rules.WithdrawHindrance(HINDRANCE, "记错了"), "unknown_hindrance"),
    anew(_OPENED, rules.RecordAcknowledgement(PAYER, (CLAIM,), date(2026, 11, 20), "签了单"), "each has its own proof"),
    refused(_OPENED, _DISPUTE, "debt_disputed"),
    refused(_DISPUTED, rules.UpholdDispute(DISPUTE, "登记错了"), "dispute_decided"),
    refused(_DISPUTED, rules.RejectDispute(DISPUTE, "一致"), "dispute_decided"),
    refused(_OPENED, _PLAN, "instalments_running"),
    harmless(_AGREED.later(days=60), rules.CheckInstalments(PLAN, 64346)),
    anew(_OPENED, rules.NoteHardship(PAYER, _TODAY + timedelta(days=90), "低保"), "the day that was said last holds"),
    harmless(_WRITTEN, rules.SettleDebts((BILL,))),
)  # fmt: skip
