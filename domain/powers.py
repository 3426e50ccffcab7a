"""Who may give which command: capacities per command, checked before anything is decided."""

from typing import Any

from domain import cash_drawer, dunning, issue, person, work_order
from domain.capacity import ACCOUNTS, HEADS, MONEY, STATION, Capacity
from domain.estate import OpenStation, RegisterBuilding, RegisterEstate
from domain.notebook_import import CompleteNotebookImport, StartNotebookImport

_SYSTEM = frozenset({Capacity.SYSTEM})
_STEWARD = STATION | {Capacity.RED_STEWARD}
_APPOINTING = frozenset({Capacity.ADMINISTRATOR, Capacity.SYSTEM})
_SQUAD = HEADS | {Capacity.SYSTEM}

POWERS: dict[type[Any], frozenset[Capacity]] = {
    issue.NoteIssue: _STEWARD,
    issue.AttachPhoto: _STEWARD,
    issue.TriageIssue: STATION,
    issue.PromoteToWorkOrder: STATION,
    issue.GiveAdvice: _STEWARD,
    issue.MergeIssue: STATION,
    issue.AnswerReporter: _STEWARD,
    issue.DropIssue: STATION,
    issue.ViewContact: _STEWARD,
    issue.ForgetCase: HEADS,
    work_order.OpenWorkOrder: STATION,
    work_order.AcceptWorkOrder: STATION,
    work_order.RejectWorkOrder: STATION,
    work_order.ReferWorkOrder: STATION,
    work_order.CancelWorkOrder: STATION,
    work_order.DispatchSteward: STATION,
    work_order.RecallDispatch: STATION,
    work_order.TakeWorkOrder: _STEWARD,
    work_order.DeclineWorkOrder: _STEWARD,
    work_order.ReassignSteward: STATION,
    work_order.RecordArrival: _STEWARD,
    work_order.ReportNoAccess: _STEWARD,
    work_order.StartWork: _STEWARD,
    work_order.SuspendWork: _STEWARD,
    work_order.ResumeWork: _STEWARD,
    work_order.RecordContactRefused: _STEWARD,
    work_order.CompleteWork: _STEWARD,
    work_order.VerifyWork: STATION,
    work_order.RejectWork: STATION,
    work_order.RecordFollowUp: STATION,
    work_order.RateSatisfaction: STATION,
    work_order.CloseWorkOrder: STATION,
    work_order.ReopenWorkOrder: STATION,
    work_order.ChangePriority: STATION,
    work_order.ExtendDeadline: HEADS,
    work_order.CallEmergencyService: _STEWARD,
    work_order.StateFalseAlarm: _STEWARD,
    work_order.RecordPersonsReleased: _STEWARD,
    person.RegisterPerson: _APPOINTING | HEADS,
    person.Appoint: _APPOINTING,
    person.Relieve: _APPOINTING,
    person.EnrolSteward: _SQUAD,
    person.AttachStewardToEstate: _SQUAD,
    person.ReleaseStewardFromEstate: _SQUAD,
    person.LinkStewardToBuilding: _SQUAD,
    person.ReleaseStewardFromBuilding: _SQUAD,
    person.ForgetPerson: _APPOINTING,
    RegisterEstate: _SYSTEM,
    RegisterBuilding: _SYSTEM,
    OpenStation: HEADS | _SYSTEM,
    StartNotebookImport: frozenset({Capacity.STATION_HEAD}),
    CompleteNotebookImport: _SYSTEM,
    cash_drawer.OpenDrawer: MONEY,
    cash_drawer.TakeCash: MONEY,
    cash_drawer.PayOutCash: MONEY,
    cash_drawer.ReverseCash: MONEY,
    cash_drawer.CountDrawer: MONEY,
    cash_drawer.CloseDrawer: MONEY,
    dunning.OpenDunning: ACCOUNTS,
    dunning.SendReminder: ACCOUNTS,
    dunning.WriteDemand: ACCOUNTS,
    dunning.ServeDemand: ACCOUNTS,
    dunning.AskCommittee: ACCOUNTS,
    dunning.RecordMediation: ACCOUNTS,
    dunning.FileSuit: HEADS,
    dunning.RecordAcknowledgement: ACCOUNTS,
    dunning.DisputeDebt: ACCOUNTS,
    dunning.UpholdDispute: ACCOUNTS,
    dunning.RejectDispute: ACCOUNTS,
    dunning.AgreeInstalments: ACCOUNTS,
    dunning.NoteHardship: ACCOUNTS,
    dunning.CheckInstalments: _SYSTEM,
    dunning.SettleDebts: _SYSTEM,
}


def may(capacity: Capacity, command: type[Any]) -> bool:
    """Whether the capacity carries the power to give this kind of command at all."""
    return capacity in POWERS[command]
