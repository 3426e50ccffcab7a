"""One telling example of every command and event about accounts, what is read and taken, and the installation."""

from datetime import datetime
from typing import Any
from uuid import UUID

from domain.access import account as accounts
from domain.access import installation as machine
from domain.access import reading as readings
from domain.access.account import AccountDeed, AccountGround
from domain.access.installation import Setting
from domain.access.reading import ContactList, Taken
from domain.calendar import SHANGHAI

PERSON = UUID(int=0x710)
ESTATE_CODE = "350902002999-001"
HOUR = datetime(2026, 10, 5, 9, 0, tzinfo=SHANGHAI)
SKIP, RESTORE = "3f1c5a0d9b7e", "a1b2c3d4e5f6"
SETTINGS = (Setting("backup_keep", "9f86d081884c"), Setting("public_url", "60303ae22b99"))

COMMANDS: tuple[Any, ...] = (
    accounts.NoteAccountDeed(17, AccountDeed.MADE, PERSON, AccountGround.NEW_STAFF, "clerk2"),
    accounts.NoteAdministratorIn(18, True),
    accounts.NoteRefusedTries(HOUR, 240, 20),
    readings.NoteContactsRead(ContactList.STAFF, ESTATE_CODE, 12),
    readings.NoteTaken(Taken.DEMANDS, 40),
    machine.NoteSkip(SKIP, "orders", 4711, "root", "读不出来，已报修"),
    machine.NoteSkipWithdrawn(SKIP, "orders", 4711, "root"),
    machine.NoteRestore(RESTORE, 48207, HOUR, "root"),
    machine.NoteSettings(SETTINGS),
)
EVENTS: tuple[Any, ...] = (
    accounts.AccountMade(17, PERSON, AccountGround.NEW_STAFF, "clerk2"),
    accounts.AccountSwitchedOff(19, PERSON, AccountGround.LEFT),
    accounts.AccountSwitchedOn(20, PERSON, AccountGround.BACK),
    accounts.PasswordDrawn(21, PERSON, AccountGround.FORGOT_PASSWORD),
    accounts.PasswordChanged(22, PERSON),
    accounts.AccountSessionsEnded(23, PERSON, AccountGround.LOST_DEVICE),
    accounts.AdministratorLetIn(24, PERSON),
    accounts.WallGiven(25, PERSON),
    accounts.WallTakenBack(26, PERSON),
    accounts.AdministratorSignedIn(18, True),
    accounts.SignInsRefused(HOUR, 240, 20),
    readings.ContactsRead(ContactList.STAFF, 12),
    readings.DataTaken(Taken.DEMANDS, 40),
    machine.EventLeftOut(SKIP, "orders", 4711, "root", "读不出来，已报修"),
    machine.EventTakenInAgain(SKIP, "orders", 4711, "root"),
    machine.BackupPutBack(RESTORE, 48207, HOUR, "root"),
    machine.SettingsChanged(SETTINGS),
)
