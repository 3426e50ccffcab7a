"""Who may give which command about dunning."""

from collections.abc import Mapping
from typing import Any

from domain.arrears.dunning.commands import (
    AgreeInstalments,
    AskCommittee,
    CheckInstalments,
    ConfirmHindrance,
    DisputeDebt,
    EndHindrance,
    EndProceedings,
    FileSuit,
    NoteHardship,
    OpenDunning,
    RecordAcknowledgement,
    RecordHindrance,
    RecordMediation,
    RejectDispute,
    SendReminder,
    ServeDemand,
    SettleDebts,
    UpholdDispute,
    WithdrawHindrance,
    WriteDemand,
)
from domain.capacity import ACCOUNTS, HEADS, PRODUCT, Capacity

POWERS: Mapping[type[Any], frozenset[Capacity]] = {
    OpenDunning: ACCOUNTS,
    SendReminder: ACCOUNTS,
    WriteDemand: ACCOUNTS,
    ServeDemand: ACCOUNTS,
    AskCommittee: ACCOUNTS,
    RecordMediation: ACCOUNTS,
    FileSuit: HEADS,
    EndProceedings: ACCOUNTS,
    RecordAcknowledgement: ACCOUNTS,
    RecordHindrance: ACCOUNTS,
    ConfirmHindrance: ACCOUNTS,
    EndHindrance: ACCOUNTS,
    WithdrawHindrance: ACCOUNTS,
    DisputeDebt: ACCOUNTS,
    UpholdDispute: ACCOUNTS,
    RejectDispute: ACCOUNTS,
    AgreeInstalments: ACCOUNTS,
    NoteHardship: ACCOUNTS,
    CheckInstalments: PRODUCT,
    SettleDebts: PRODUCT,
}
