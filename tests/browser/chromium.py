"""A Chromium for tests: the one from npm's lock, unpacked once, with Chinese fonts of our own; else the machine's.

``python -m tests.browser.chromium`` (part of ``make test``) unpacks and starts it once; ``chromium()`` finds it.
"""

import io
import os
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import brotli

HERE = Path(__file__).resolve().parent
UNPACKED = HERE.parents[1] / "build" / "chromium"
PACKED = HERE / "node_modules" / "@sparticuz" / "chromium" / "bin"
FONTS = HERE / "node_modules" / "@expo-google-fonts" / "noto-sans-sc"
READY = "ready"  # written last; holds the libraries' folder where the machine lacks them
ON_PATH = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--font-render-hinting=none")

# every page looks the same on every machine: these fonts and no others
FONTS_CONF = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{fonts}/400Regular</dir>
  <dir>{fonts}/500Medium</dir>
  <dir>{fonts}/600SemiBold</dir>
  <dir>{fonts}/700Bold</dir>
  <cachedir>{cache}</cachedir>
  <match target="pattern"><edit name="family" mode="append_last"><string>Noto Sans SC</string></edit></match>
</fontconfig>
"""


@dataclass(frozen=True, slots=True)
class Chromium:
    """What Playwright's ``launch`` takes: ``executable_path``, ``args`` and ``env``."""

    executable_path: Path
    args: tuple[str, ...]
    env: dict[str, str | float | bool]


def chromium() -> Chromium | None:
    """The unpacked one, else one of the machine; ``None`` where there is neither."""
    environment: dict[str, str | float | bool] = dict(os.environ)
    if (UNPACKED / "fonts.conf").exists():
        environment["FONTCONFIG_FILE"] = str(UNPACKED / "fonts.conf")
    ready = UNPACKED / READY
    if ready.exists():
        if libraries := ready.read_text(encoding="utf-8"):
            environment["LD_LIBRARY_PATH"] = libraries
        return Chromium(UNPACKED / "chromium", ARGUMENTS, environment)
    for name in ON_PATH:
        if path := shutil.which(name):
            return Chromium(Path(path), ARGUMENTS, environment)
    return None


def unpack() -> None:
    """Unpack program, libraries and fonts' settings, and see that the program starts; raises what goes wrong."""
    draft = UNPACKED.with_name(UNPACKED.name + ".new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    program = draft / "chromium"
    program.write_bytes(brotli.decompress((PACKED / "chromium.br").read_bytes()))
    program.chmod(0o755)
    for name in ("al2023", "swiftshader"):
        with tarfile.open(fileobj=io.BytesIO(brotli.decompress((PACKED / f"{name}.tar.br").read_bytes()))) as archive:
            lay_out(archive, draft)
    conf = FONTS_CONF.format(fonts=FONTS, cache=UNPACKED / "font-cache")
    (draft / "fonts.conf").write_text(conf, encoding="utf-8")
    own = str(UNPACKED / "lib")  # NSS, for machines that have none
    libraries = "" if _starts(program, "") else own
    if libraries and not _starts(program, str(draft / "lib")):
        raise RuntimeError("Chromium does not start here, with the libraries it brings neither")
    (draft / READY).write_text(libraries, encoding="utf-8")
    shutil.rmtree(UNPACKED, ignore_errors=True)
    draft.rename(UNPACKED)


def lay_out(archive: tarfile.TarFile, folder: Path) -> None:
    """Write the files of an archive below a folder; raises ``RuntimeError`` at the first thing that is no such file.

    ``extractall`` can be told to refuse what leads elsewhere from Python 3.11.4 on; Debian 12 has 3.11.2.
    """
    for member in archive:
        path, content = PurePosixPath(member.name), archive.extractfile(member) if member.isreg() else None
        if content is None or path.is_absolute() or ".." in path.parts:
            raise RuntimeError(f"{member.name} in the packed Chromium is no file below its folder")
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.read())
        target.chmod(0o755 if member.mode & 0o100 else 0o644)


def _starts(program: Path, libraries: str) -> bool:
    environment = os.environ | ({"LD_LIBRARY_PATH": libraries} if libraries else {})
    return subprocess.run([program, "--version"], env=environment, capture_output=True, check=False).returncode == 0


def main() -> None:
    try:
        unpack()
    except (OSError, RuntimeError) as wrong:
        found = chromium()
        if found is None:
            raise SystemExit(f"no Chromium for the tests: {wrong}") from wrong
        print(f"The packed Chromium does not start ({wrong}); tests use {found.executable_path}")


if __name__ == "__main__":
    main()
