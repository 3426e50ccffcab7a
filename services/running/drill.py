"""``jinlin drill``: restores a backup elsewhere, looks whether it is what was saved, and says how long that takes."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

from domain.money.amount import yuan
from domain.recorded import Reading
from projections.bookmarks import bookmarks
from projections.catalogue import VIEWS
from projections.follow import Log
from services.backup.archive import Manifest, ViewTold
from services.backup.tables import spelt_alike
from services.backup.told import figures_told, views_told
from services.product import Product
from services.running.checking.check import check_snapshots
from services.running.checking.of_log import check_log
from services.running.key_sources import KeysGiven, keys_for
from services.running.restoring import restore
from services.running.saved import FormerDump, Saved, chosen
from services.running.wiring import a_follower, built, database_url
from services.runtime import logs
from services.runtime.settings import Settings


@dataclass(frozen=True, slots=True)
class Until:
    """The log up to a position."""

    log: Log
    position: int

    def reading(self, after: int, limit: int) -> Reading:
        return self.log.reading(after, min(limit, self.position - after)) if after < self.position else Reading([])

    def last_position(self) -> int:
        return self.position


def drill(settings: Settings, folder: Path, name: str | None, given: KeysGiven, where: Path | None) -> int:
    """0 where it comes back as it was, 1 where something differs; nothing of it stays, and the product goes on."""
    began = monotonic()
    logs.configure("error")
    saved = chosen(folder, name)
    pair = keys_for(saved, given, settings.data)
    saved.check()
    print(f"drill with {saved.name} of {saved.taken_at:%F %R %Z}", flush=True)
    if given.recovery is None:
        print("keys: those of the files, not out of the backup; try the recovery key with --recovery-key FILE")
    with TemporaryDirectory(prefix="jinlin-drill-", dir=where) as scratch:
        elsewhere = Settings(data=Path(scratch) / "data")
        restored = restore(elsewhere, saved, pair, lambda line: None, new_trail=given.without_trail)
        print(f"restored: {restored.position:,} events, every table as it was saved, in {restored.seconds:.1f} s")
        with database_url(elsewhere) as (url, _), built(elsewhere, url) as product:
            differences = [*check_log(product.database), *_compared(product, saved)]
            folded = monotonic()
            a_follower(product.database, product.log, product.metrics, ()).catch_up()
            with product.database.follower.connection() as conn:
                marks = bookmarks(conn)
            for view in VIEWS:
                mark = marks.get(view.name)
                if mark is None or mark.position != restored.position:
                    at = mark.halted_at if mark else None
                    differences.append(f"view {view.name}: does not come to the log's end, halted at {at}")
            differences += check_snapshots(product.log)
    for each in differences:
        print(each)
    took = monotonic() - began
    print(
        f"drilled in {took:.1f} s, {restored.seconds:.1f} s of it the restore, {monotonic() - folded:.1f} s what the"
        " views had still to take in: " + (f"{len(differences)} differences" if differences else "all came back")
    )
    return 1 if differences else 0


def _compared(product: Product, saved: Saved | FormerDump) -> Iterator[str]:
    """Where views, money and receipts are not what the backup tells, each at the position of which it tells."""
    if isinstance(saved, FormerDump):
        print("views, money, receipts: this backup tells nothing of them")
        return
    told = saved.manifest
    same_keys = told.taken_at == saved.keys.manifest.taken_at
    alike = 0
    for position in sorted({view.position for view in told.views}):
        a_follower(product.database, Until(product.log, position), product.metrics, ()).catch_up()
        found, figures = _found(product)
        for view in told.views:
            if view.position != position:
                continue
            now = found.get(view.name)
            if now is None or now.rows != view.rows:
                yield f"view {view.name}: {now.rows if now else 0} rows, {view.rows} when it was saved"
            elif now.shape == view.shape and same_keys and now.mac != view.mac:
                yield f"view {view.name}: its rows are not what they were when it was saved"
            else:
                alike += 1
        if position == max(view.position for view in told.views):
            yield from _figures_differ(told, figures)
    print(f"views: {alike} of {len(told.views)} as they were" + ("" if same_keys else ", by their numbers of rows:"
          " what was forgotten since is forgotten in it"))  # fmt: skip


def _found(product: Product) -> tuple[dict[str, ViewTold], dict[str, Any]]:
    with product.database.follower.connection() as conn, conn.transaction():
        spelt_alike(conn)
        found = views_told(conn, product.secret)
        return {view.name: view for view in found}, figures_told(conn, product.secret)


def _figures_differ(told: Manifest, found: dict[str, Any]) -> Iterator[str]:
    for name, value in told.figures.items():
        if found.get(name) != value:
            yield f"{name}: {found.get(name)}, {value} when it was saved"
    print(
        f"money: {found['payments']:,} payments of {yuan(found['paid'])}, {yuan(found['owed'])} owed on"
        f" {found['accounts']:,} accounts; codes on as many receipts compared"
    )
