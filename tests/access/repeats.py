"""What comes of it where the same is told to the log once more: it stands there once."""

from datetime import timedelta

from domain.access import account as accounts
from domain.access import installation as machine
from domain.access import reading as readings
from domain.access.account import ACCOUNT, AccountDeed
from domain.access.installation import INSTALLATION, Setting
from domain.access.reading import READING, ContactList, Taken
from tests.access.examples import ESTATE_CODE, HOUR, PERSON, RESTORE, SETTINGS, SKIP
from tests.repeats import Repeat, anew, harmless
from tests.scenario import Scenario

_ACCOUNT = Scenario(ACCOUNT, ACCOUNT.initial)
_READER = Scenario(READING, READING.initial)
_MACHINE = Scenario(INSTALLATION, INSTALLATION.initial)
_MADE = accounts.NoteAccountDeed(17, AccountDeed.MADE, PERSON, username="clerk2")

REPEATS: tuple[Repeat, ...] = (
    harmless(_ACCOUNT, _MADE, accounts.NoteAccountDeed(18, AccountDeed.PASSWORD_CHANGED, PERSON)),
    harmless(_ACCOUNT, accounts.NoteAdministratorIn(18, True), accounts.NoteAdministratorIn(19, True)),
    harmless(
        _ACCOUNT,
        accounts.NoteRefusedTries(HOUR, 3, 1),
        accounts.NoteRefusedTries(HOUR + timedelta(hours=1), 3, 1),
    ),
    harmless(
        _READER,
        readings.NoteContactsRead(ContactList.STAFF, ESTATE_CODE, 3),
        readings.NoteContactsRead(ContactList.STAFF, ESTATE_CODE, 4),
    ),
    anew(_READER, readings.NoteTaken(Taken.RECEIPTS, 1), "whoever takes it once more has taken it once more"),
    harmless(
        _MACHINE, machine.NoteSkip(SKIP, "orders", 1, "root", "坏了"), machine.NoteSkip("b", "orders", 1, "r", "坏")
    ),
    harmless(
        _MACHINE,
        machine.NoteSkipWithdrawn(SKIP, "orders", 1, "root"),
        machine.NoteSkipWithdrawn("b", "orders", 1, "root"),
    ),
    harmless(_MACHINE, machine.NoteRestore(RESTORE, 7, HOUR, "root"), machine.NoteRestore("b", 7, HOUR, "root")),
    harmless(_MACHINE, machine.NoteSettings(SETTINGS), machine.NoteSettings((Setting("host", "00"),))),
)
