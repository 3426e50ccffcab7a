"""``jinlin backup``, ``jinlin recovery-key`` and ``jinlin restore``, as an operator calls them."""

import sys
from pathlib import Path
from time import monotonic

import psycopg

from projections.bookmarks import bookmarks
from services.backup.archive import BackupError
from services.backup.custody import Pair, RecoveryKey
from services.backup.keeping import STATE, back_up, see_made, state_of
from services.database.installation import PRODUCT_KEY, VAULT_KEY, belonging, identity, write_whole
from services.running.key_sources import KeysGiven, keys_for
from services.running.opening import reached
from services.running.restoring import put_trail_keys, restore
from services.running.saved import chosen, longest_told
from services.running.wiring import a_follower, built, database_url, utc_now
from services.runtime.settings import Settings

_KEEP_IT = """
The recovery key of this installation:

  {text}

Print it or write it down, now, and keep it apart from the backups where two named persons find it: it is shown this
once. Each backup holds vault.key, product.key and trail.key sealed for it; nobody opens them without it.
"""


def take(settings: Settings, folder: Path | None) -> int:
    """One backup now: into a folder, made where it is not there; or as the schedule does."""
    if folder is None and settings.backup is None:
        print("jinlin: name a folder, or set JINLIN_BACKUP", file=sys.stderr)
        return 2
    with reached(settings) as url, built(settings, url) as product:
        where = folder.absolute() if folder is not None else settings.backup
        assert where is not None
        if folder is not None:
            where.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _has_recovery_key(url):
            _make_recovery_key(url)
        pair = Pair.kept_in(settings.data)
        taken = back_up(settings, product.database, pair, where, utc_now, see=see_made if folder is None else _anywhere)
    print(f"saved {taken.path}: {taken.position:,} events, in {taken.seconds:.1f} s")
    return 0


def _anywhere(folder: Path) -> None:
    """Somebody named it."""


def new_recovery_key(settings: Settings) -> int:
    """Make one and show it; from the next backup on it opens them, and the one before opens nothing newer."""
    with reached(settings) as url, built(settings, url):
        _make_recovery_key(url)
    return 0


def _has_recovery_key(url: str) -> bool:
    with psycopg.connect(url) as conn:
        said = identity(conn)
    return said is not None and said.recovery is not None


def _make_recovery_key(url: str) -> None:
    key = RecoveryKey.new()
    print(_KEEP_IT.format(text=key.text), flush=True)
    with psycopg.connect(url) as conn:
        conn.execute("UPDATE jinlin.identity SET recovery = %s", (key.public,))


def put_back(settings: Settings, folder: Path, name: str | None, given: KeysGiven) -> int:
    """Restore, and say what is not in it."""
    saved = chosen(folder, name)
    pair = keys_for(saved, given, settings.data)
    saved.check()
    noted = state_of(settings.data).position or 0, str(settings.data / STATE)
    print(f"restoring {saved.name} of {saved.taken_at:%F %R %Z}", flush=True)
    done = restore(settings, saved, pair, new_product=given.without_product, new_trail=given.without_trail)
    print(f"restored {done.position:,} events in {done.seconds:.1f} s", flush=True)
    print(f"views: {_build_views(settings)}; now `jinlin check` can look at everything, and `jinlin run` starts")
    longest = max(longest_told(folder), noted)
    if longest[0] > done.position:
        print(
            f"NOT IN IT: {longest[1]} tells of a log up to position {longest[0]:,}, so {longest[0] - done.position:,}"
            f" events after {saved.taken_at:%F %R %Z} are gone. Tell the stations from when to when: numbers, receipts"
            " and answers given since then stand on paper and in people's hands, and will be given again"
        )
    if given.without_product:
        print("product.key is new: receipts and links given before are not recognised, and statements book twice")
    if given.without_trail:
        print("another audit trail begins: receipts given before lead to one that goes on no more; tell the witnesses")
    return 0


def _build_views(settings: Settings) -> str:
    """A backup holds no views. They are built here, so that whatever looks at what came back finds them."""
    began = monotonic()
    with database_url(settings) as (url, _), built(settings, url) as product:
        a_follower(product.database, product.log, product.metrics, ()).catch_up()
        with product.database.follower.connection() as conn:
            halted = sorted(name for name, mark in bookmarks(conn).items() if mark.halted_at is not None)
    done = f"built in {monotonic() - began:.1f} s"
    return f"{done}, but halted: {', '.join(halted)}" if halted else done


def put_keys_back(settings: Settings, folder: Path, name: str | None, given: KeysGiven) -> int:
    """The keys alone, into a data folder that lost them."""
    saved = chosen(folder, name)
    said = belonging(settings.data)
    if said is None and not settings.database_url:
        raise BackupError(f"{settings.data} holds no installation; a whole one comes back without --keys-only")
    if said is not None and said.installation not in (None, saved.installation):
        raise BackupError(f"{settings.data} is the folder of another installation than the backup's")
    pair = keys_for(saved, given, settings.data)
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    for file, key in ((VAULT_KEY, pair.vault), (PRODUCT_KEY, pair.product)):
        write_whole(settings.data / file, key)
    put_trail_keys(settings.data, pair)
    print(f"both keys are in {settings.data} again; start the product")
    return 0
