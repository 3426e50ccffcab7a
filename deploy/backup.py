"""Copy the embedded database of a running product, or put a copy back.

    .venv/bin/python deploy/backup.py take FOLDER              into a new FOLDER, every file verified
    .venv/bin/python deploy/backup.py restore FOLDER VAULT_KEY  into the $JINLIN_DATA of a product not yet there

The key of the vault is never copied with the data: it is kept elsewhere (README.md beside this file).
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from services.embedded_postgres import EmbeddedPostgres, binaries
from services.settings import Settings, SettingsError


class BackupError(Exception):
    """The copy cannot be made, or is not whole; the text says why."""


def take(data: Path, folder: Path) -> None:
    """A consistent copy while the product goes on working."""
    if folder.exists() and any(folder.iterdir()):
        raise BackupError(f"{folder} is not empty")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    socket = EmbeddedPostgres(data / "postgres").socket_folder()
    command: list[str | Path] = [
        binaries() / "pg_basebackup", "--host", socket, "--username", "postgres", "--no-password",
        "--pgdata", folder / "cluster", "--wal-method", "stream", "--checkpoint", "fast",
        "--manifest-checksums", "SHA256",
    ]  # fmt: skip
    if subprocess.run(command, check=False).returncode:
        raise BackupError("PostgreSQL gave no copy; does the product run with this JINLIN_DATA?")
    verify(folder / "cluster")
    _copy_secret(data / "product.key", folder / "product.key")
    for path in (folder / "cluster").rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())


def verify(cluster: Path) -> None:
    """Every file as the server sent it, by the manifest's size and hash."""
    manifest = json.loads((cluster / "backup_manifest").read_text(encoding="utf-8"))
    for file in manifest["Files"]:
        if "Path" not in file:
            continue  # a name that is no UTF-8; PostgreSQL itself makes none
        content = (cluster / file["Path"]).read_bytes()
        if len(content) != file["Size"] or hashlib.sha256(content).hexdigest() != file["Checksum"]:
            raise BackupError(f"{file['Path']} is not as the server sent it")


def restore(data: Path, folder: Path, vault_key: Path) -> None:
    """Data folder of a product from a copy and the key; refuses where there is one already."""
    if (data / "postgres").exists():
        raise BackupError(f"{data / 'postgres'} is there already; move it away first")
    if len(vault_key.read_bytes()) != 32:
        raise BackupError(f"{vault_key} is no key of a vault")
    verify(folder / "cluster")
    data.mkdir(parents=True, exist_ok=True)
    draft = data / "postgres.new"
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(folder / "cluster", draft / "cluster", symlinks=True)
    (draft / "cluster").chmod(0o700)
    _copy_secret(folder / "product.key", data / "product.key")
    _copy_secret(vault_key, data / "vault.key")
    draft.rename(data / "postgres")


def _copy_secret(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    target.touch(mode=0o600)
    target.write_bytes(source.read_bytes())


def main(arguments: list[str]) -> int:
    try:
        data = Settings.from_environment().data
        match arguments:
            case ["take", folder]:
                take(data, Path(folder).absolute())
                print(f"backed up to {folder}")
            case ["restore", folder, vault_key]:
                restore(data, Path(folder).absolute(), Path(vault_key))
                print(f"restored into {data}; now run: jinlin check")
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except (BackupError, SettingsError, OSError) as wrong:
        print(f"backup: {wrong}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
