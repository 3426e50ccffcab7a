"""The key of a witness: made once, in a file that nobody else may read. It leaves the folder with nobody."""

import os
from pathlib import Path

from services.tlog.note import COSIGNATURE, Signer
from services.tlog.refusals import Malformed
from services.witness.state import NoState

KEY = "witness.key"


def made(folder: Path, name: str) -> Signer:
    """A new key in a folder without one. Raises ``NoState``, ``Malformed`` for a name that cannot be."""
    signer = Signer.generated(name, COSIGNATURE)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path, draft = folder / KEY, folder / f"{KEY}.{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write(signer.secret() + "\n")
            out.flush()
            os.fsync(out.fileno())
        os.link(draft, path)  # whole or not at all, and never over another one
    except FileExistsError:
        raise NoState(f"{path} is there already: this folder has a witness") from None
    finally:
        draft.unlink(missing_ok=True)
    _settle(folder)
    return signer


def kept(folder: Path) -> Signer:
    """Raises ``NoState``."""
    path = folder / KEY
    try:
        if path.stat().st_mode & 0o077:
            raise NoState(f"{path} may be read by others: chmod 600 {path}")
        return Signer.parse(path.read_text(encoding="utf-8").strip(), COSIGNATURE)
    except FileNotFoundError:
        raise NoState(f"{path} is missing; `jinlin witness make {folder}` makes a new witness") from None
    except (Malformed, UnicodeDecodeError):
        raise NoState(f"{path} is no key of a witness, or was damaged") from None


def _settle(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
