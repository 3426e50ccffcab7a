"""The command ``jinlin``: run the product, rebuild its views, check its data."""

import argparse
import gc
import sys
from collections.abc import Sequence

from services.settings import Settings, SettingsError

_EPILOG = """\
settings come from the environment: PORT, JINLIN_DATA, JINLIN_DATABASE_URL and others (README, "Settings").
While `jinlin run` holds a data folder with its embedded PostgreSQL, `rebuild` and `check` use that running server.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 done, 1 something is wrong with the data, 2 the call or the settings are."""
    options = _parser().parse_args(arguments)
    gc.set_threshold(50_000, 20, 50)  # facts make no cycles: at its usual pace the collector takes a third of the time
    try:
        settings = Settings.from_environment()
    except SettingsError as wrong:
        print(f"jinlin: {wrong}", file=sys.stderr)
        return 2
    match options.command:
        case "run":
            from services.run import run

            return run(settings)
        case "rebuild":
            from services.upkeep import rebuild

            return rebuild(settings, options.view)
        case "check":
            from services.upkeep import check

            return check(settings)
        case other:
            raise AssertionError(other)  # argparse lets no other command through


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="jinlin",
        description="Jinlin (近邻): property service stations led by the community's Party organisation.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("run", help="start everything and print the address; Ctrl-C stops it cleanly")
    rebuild = commands.add_parser(
        "rebuild",
        help="build views anew from the log while the old ones go on serving, then switch",
    )
    rebuild.add_argument("view", nargs="*", help="names of views; all of them if none is named")
    commands.add_parser(
        "check",
        help="verify that the log is gapless, every stream contiguous, and every view equal to its rebuild",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
