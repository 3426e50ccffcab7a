"""The command ``jinlin``: begin and run the product, follow its log, rebuild its views, check its data."""

import argparse
import gc
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from services.runtime.settings import Settings, SettingsError

_EPILOG = """\
settings come from the environment: PORT, JINLIN_DATA, JINLIN_DATABASE_URL and others (deploy/handbook/settings.md).
While `jinlin run` holds a data folder with its embedded PostgreSQL, the other commands use that running server.
"""
COLLECTING = (50_000, 20, 50)  # facts make no cycles: at its usual pace the collector takes a third of the time
_SKIP = """\
Let a view that is halted at POSITION go on past that event, or let its rebuild; or let another follower of the log,
by its name. The log line `view_halted` and /health/ready say where one is halted. Who skipped what when and why stays
on record, for administrators and for `jinlin check`; rebuilds leave the event out too, until the skip is withdrawn.
The reason is read by people who run the machine: write what is broken, never anything about a person (no names,
phones, dwellings, texts of cases).
"""

_CHECK = """\
Verify that the log is gapless and can be read, that every stream is contiguous, that every view and kept state equals
its fold, and that rules which span streams hold. What was found good is remembered, and only what is new since then is
looked at, until --whole looks at everything, also whether what was found good is still the same. Prints a line for
each finding; ends with 0 where all is whole, with 1 where something is not, with 2 where it could not look. The last
check of everything stands in check.json in JINLIN_DATA.
"""


_ADMIT = """\
Let an account in as an administrator, enabled, with a new password that is shown once; all its sessions end. Where an
estate has no other administrator who can sign in, the post is given with it. Whoever has the machine may do so, and the
log and the journal of accounts tell it. With --name the account is made, for somebody new.
"""
_AUDIT_VERIFY = """\
Verify a log's archive as the residents' committee exports it, or the same files unpacked into a folder: the signatures
of the checkpoint, every entry and tile, the fields that are shown, the figures of the reports. Needs no network, no
database and no settings. What is believed is the policy that you have, never the one in the archive. Ends with 0 where
all is whole and witnessed as the policy asks, with 1 where it is not, with 2 where it could not look.
"""
_BACKUP = """\
Save into FOLDER, or as the schedule does where JINLIN_BACKUP names one: with the copy elsewhere, the oldest removed.
The first backup of an installation makes its recovery key and shows it, once: keep it apart from the backups.
"""
_RESTORE = """\
Into a folder and a database (JINLIN_DATA, JINLIN_DATABASE_URL) without data, whichever PostgreSQL it was saved from.
The keys come out of the backup with the recovery key, asked for at a terminal; or they are in the data folder still.
Backups that deploy/backup.py made are taken too: name a folder with vault.key and product.key (--keys).
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 done, 1 something is wrong with the data, 2 the call or the settings are."""
    said = sys.argv[1:] if arguments is None else arguments
    if said[:1] == ["witness"]:  # a service of its own: it reads no setting of the product, and nothing else of it
        from services.witness.command import main as witness

        return witness(said[1:])
    options = _parser().parse_args(said)
    if options.command == "audit":
        from services.verifying.archive_command import audit_verify

        return audit_verify(options.archive, options.policy)
    try:
        settings = Settings.from_environment()
    except SettingsError as wrong:
        print(f"jinlin: {wrong}", file=sys.stderr)
        return 2
    gc.disable()  # what is read now stays: to look through it again and again takes a quarter of this
    done = _command(options)
    gc.freeze()
    gc.set_threshold(*COLLECTING)
    gc.enable()
    try:
        return done(settings)
    except Exception as wrong:
        from services.running.opening import in_words

        sentence = in_words(wrong)
        if sentence is None:
            raise
        print(f"jinlin: {sentence}", file=sys.stderr)
        return 2


def _command(options: argparse.Namespace) -> Callable[[Settings], int]:
    """What is to be done, with only that read which it needs."""
    match options.command:
        case "begin":
            from services.running.opening import begin

            return begin
        case "run":
            from services.running.run import run

            return run
        case "follow":
            from services.running.following import follow

            return follow
        case "skip":
            from services.running.upkeep import go_on

            return lambda settings: go_on(settings, options.view, options.position, options.because)
        case "rebuild":
            from services.running.upkeep import rebuild

            return lambda settings: rebuild(settings, options.view)
        case "check":
            from services.running.checking.check import check

            return lambda settings: check(settings, options.view, whole=options.whole)
        case "admit":
            from services.running.admit import admit

            return lambda settings: admit(settings, options.username, options.name)
        case "backup":
            from services.running.backup_commands import take

            return lambda settings: take(settings, options.folder)
        case "recovery-key":
            from services.running.backup_commands import new_recovery_key

            return new_recovery_key
        case "trail-key":
            from services.running.trail_commands import trail_key

            return lambda settings: trail_key(settings, rotate=options.rotate)
        case "restore" | "drill":
            return _put_back(options)
        case other:
            raise AssertionError(other)  # argparse lets no other command through


def _put_back(options: argparse.Namespace) -> Callable[[Settings], int]:
    from services.running.backup_commands import put_back, put_keys_back
    from services.running.drill import drill
    from services.running.key_sources import KeysGiven

    given = KeysGiven(options.recovery_key, options.keys, options.without_product_key, options.without_trail_key)
    if options.command == "drill":
        return lambda settings: drill(settings, options.folder, options.name, given, options.scratch)
    put = put_keys_back if options.keys_only else put_back
    return lambda settings: put(settings, options.folder, options.name, given)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="jinlin",
        description="Jinlin (近邻): property service stations led by the community's Party organisation.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser(
        "begin",
        help="say that a new installation begins in the data folder; `jinlin run` opens no other folder without data",
    )
    commands.add_parser("run", help="start everything and print the address; Ctrl-C stops it cleanly")
    commands.add_parser(
        "follow",
        help="keep the views up to date, in a process of its own; several may run: one leads, the others stand by",
        description="Keep the views up to date until SIGTERM or Ctrl-C. Several may run on one database: one leads, the"
        " others stand by and take over within seconds of its end. Give `jinlin run` JINLIN_FOLLOW=no where this runs.",
    )
    rebuild = commands.add_parser(
        "rebuild",
        help="build views anew from the log while the old ones go on serving, then switch",
    )
    rebuild.add_argument(
        "view",
        nargs="*",
        help="names of views; all of them if none is named; or `snapshots`, the kept states of long streams; or"
        " `trail`, the tree of the audit trail, made anew of its entries",
    )
    skip = commands.add_parser(
        "skip",
        help="let a halted view go on past the event that it cannot take in, for a reason that stays on record",
        description=_SKIP,
    )
    skip.add_argument("view", metavar="NAME", help="name of the view, or of the other follower, that is halted")
    skip.add_argument("position", metavar="POSITION", type=int, help="position of the event in the log")
    why = skip.add_mutually_exclusive_group(required=True)
    why.add_argument("--because", metavar="REASON", help="why; for those who run the machine, nothing personal")
    why.add_argument("--withdraw", action="store_true", help="take a skip back: the next rebuild takes the event in")
    check = commands.add_parser(
        "check",
        help="verify log, views, kept states and what spans streams: what is new since the last good check, or all",
        description=_CHECK,
    )
    check.add_argument("view", nargs="*", help="names of views that alone are looked at; all there is if none is named")
    check.add_argument("--whole", action="store_true", help="look anew at what was found good before, all of it")
    admit = commands.add_parser(
        "admit",
        help="let an administrator in who cannot sign in any more, with a new password; it stays on record",
        description=_ADMIT,
    )
    admit.add_argument("username", metavar="USERNAME", help="of the account, as it stands or as it is to be made")
    admit.add_argument("--name", metavar="NAME", help="make an account for somebody new who is called so")
    commands.add_parser("witness", add_help=False, help="cosign the checkpoints of logs, as a service of its own")
    trail_key = commands.add_parser(
        "trail-key",
        help="print the audit log's name and public keys; with --rotate make a new one that signs beside the old one",
    )
    trail_key.add_argument("--rotate", action="store_true", help="make a new signing key; both sign for 90 days")
    _backups(commands)
    _audits(commands)
    return parser


def _audits(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """What anybody may do with what the audit trail hands out."""
    audit = commands.add_parser("audit", help="verify what the audit trail handed out: `jinlin audit verify --help`")
    kinds = audit.add_subparsers(dest="kind", required=True, metavar="WHAT")
    verify = kinds.add_parser("verify", help="verify an archive of the log, offline", description=_AUDIT_VERIFY)
    verify.add_argument("archive", metavar="ARCHIVE", type=Path, help="the archive, or a folder with what was in it")
    verify.add_argument("--policy", metavar="FILE", type=Path, required=True, help="whose signatures are believed")


def _backups(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The commands that save and bring back."""
    backup = commands.add_parser(
        "backup",
        help="save the log with all that belongs to it, and both keys sealed for the recovery key; the product goes on",
        description=_BACKUP,
    )
    backup.add_argument("folder", metavar="FOLDER", nargs="?", type=Path, help="made where it is not there yet")
    commands.add_parser(
        "recovery-key",
        help="make a new recovery key and show it once; backups are sealed for it from the next one on",
    )
    restore = commands.add_parser(
        "restore",
        help="put a backup into a data folder and a database without data, with its keys",
        description=_RESTORE,
    )
    restore.add_argument(
        "--keys-only", action="store_true", help="bring back vault.key, product.key and trail.key, nothing else"
    )
    drill = commands.add_parser(
        "drill",
        help="restore a backup elsewhere, compare log, views, money and receipts, and say how long it takes",
        description="Restore a backup into a PostgreSQL of its own in a temporary folder, compare what comes back with"
        " what was saved, and remove it again. The product may go on meanwhile.",
    )
    drill.add_argument("--in", dest="scratch", metavar="FOLDER", type=Path, help="where there is room; else $TMPDIR")
    for command in (restore, drill):
        command.add_argument("folder", metavar="FOLDER", type=Path, help="of the backups")
        command.add_argument("--from", dest="name", metavar="NAME", help="this backup of the folder; else the newest")
        command.add_argument(
            "--recovery-key", metavar="FILE", help="file with the recovery key; - reads it from standard input"
        )
        command.add_argument("--keys", metavar="FOLDER", type=Path, help="folder with both keys instead")
        command.add_argument(
            "--without-product-key",
            action="store_true",
            help="make a new product.key where the old one is gone for good: receipts given are called forged",
        )
        command.add_argument(
            "--without-trail-key",
            action="store_true",
            help="begin another audit trail where trail.key is gone for good: receipts given lead to an ended one",
        )


if __name__ == "__main__":
    sys.exit(main())
