"""Where the two keys for a restore come from, and whether they are the right ones: before anything is touched."""

import sys
from dataclasses import dataclass
from getpass import getpass
from pathlib import Path
from secrets import token_bytes

from services.backup.custody import KeyRefused, Pair, RecoveryKey
from services.database.installation import KEY_BYTES, PRODUCT_KEY, TRAIL_KEY, VAULT_KEY
from services.running.own_keys import LOST, read_key
from services.running.saved import FormerDump, Saved


@dataclass(frozen=True, slots=True)
class KeysGiven:
    """``recovery`` is a file with the recovery key (``-``: standard input), ``folder`` one with both keys themselves.

    ``without_product`` accepts that a new product.key is made, as where the old one is lost for good; so does
    ``without_trail`` for trail.key, with which another audit trail begins.
    """

    recovery: str | None = None
    folder: Path | None = None
    without_product: bool = False
    without_trail: bool = False


def keys_for(saved: Saved | FormerDump, given: KeysGiven, data: Path) -> Pair:
    """The keys of a backup. Raises ``KeyRefused``, with what would be lost."""
    if given.recovery is not None or (given.folder is None and _asks(saved, data)):
        pair = RecoveryKey.read(_text(given.recovery)).open(_sealed(saved), saved.installation)
        return _right(pair, saved, "the recovery key")
    folder = given.folder or data
    vault, product = read_key(folder / VAULT_KEY), read_key(folder / PRODUCT_KEY)
    if vault is None:
        raise KeyRefused(_missing(folder / VAULT_KEY, VAULT_KEY, saved))
    if product is None:
        if not given.without_product:
            raise KeyRefused(_missing(folder / PRODUCT_KEY, PRODUCT_KEY, saved) + "; where it is gone for good, and"
                             " all that is accepted: --without-product-key")  # fmt: skip
        product = token_bytes(KEY_BYTES)
        return _right(Pair(vault, product, _trail(folder)), saved, str(folder), but=PRODUCT_KEY)
    return _right(Pair(vault, product, _trail(folder)), saved, str(folder))


def _trail(folder: Path) -> bytes:
    """What the audit trail signs with, where the folder has it."""
    path = folder / TRAIL_KEY
    return path.read_bytes() if path.exists() else b""


def _asks(saved: Saved | FormerDump, data: Path) -> bool:
    """Whether somebody at a terminal can be asked for the recovery key, and has to be."""
    there = all((data / name).exists() for name in (VAULT_KEY, PRODUCT_KEY))
    return not there and isinstance(saved, Saved) and saved.keys.sealed() is not None and sys.stdin.isatty()


def _text(recovery: str | None) -> str:
    if recovery is None:
        return getpass("recovery key: ")
    return sys.stdin.read() if recovery == "-" else Path(recovery).read_text(encoding="utf-8")


def _sealed(saved: Saved | FormerDump) -> bytes:
    sealed = saved.keys.sealed() if isinstance(saved, Saved) else None
    if sealed is None:
        raise KeyRefused(f"{saved.name} holds no keys for a recovery key; give the folder that has them: --keys FOLDER")
    return sealed


def _right(pair: Pair, saved: Saved | FormerDump, whence: str, but: str | None = None) -> Pair:
    for name, wanted in saved.fingerprints.items():
        if name != but and pair.fingerprints[name] != wanted:
            raise KeyRefused(f"{name} out of {whence} is not the key of {saved.name}: with it {LOST[name]}")
    return pair


def _missing(path: Path, name: str, saved: Saved | FormerDump) -> str:
    how = "--recovery-key FILE or --keys FOLDER" if isinstance(saved, Saved) else "--keys FOLDER"
    return f"{path} is not there, and without the right {name} {LOST[name]}. Give it by {how}"
