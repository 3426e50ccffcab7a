"""Build the console's files: copy what the pages use into ``static/`` under names made of their content.

No bundler: reads ``node_modules``, ``assets`` and the rooms, takes out what only people read (esbuild), and writes
``static/<stem>.<hash>.<ext>`` with a packed copy beside it and ``manifest.json`` (logical name -> file, integrity, and
of a sprite the icons that it holds); the
fonts of what is printed go to ``static/fonts``, which no browser is given. Run by ``make``; needs ``npm ci`` in
``assets`` before.
"""

import base64
import gzip
import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

from services.console.areas import SHARED_STYLES, area_of

HERE = Path(__file__).parent
ROOMS = HERE.parent  # what one capability alone shows lies beside its pages
ASSETS, STATIC = HERE / "assets", HERE / "static"
NODE = ASSETS / "node_modules"

_SCRIPTS = ("keeping", "freshness", "outbox", "morphing", "console", "palette", "navigation", "printing")
_STYLES = ("console", "frame", "pages", "top", "navigation", "sizes", "print")
_VERIFYING = ROOMS / "verifying"  # its scripts are of use to two pages alone, of which one is a file for offline use
_CHECKS = {
    "offline": ("checking", "showing"),
    "receipt": ("checking", "showing", "fetching"),
    "compare": ("checking", "comparing"),
}
_OLDEST = "chrome109"  # that people still work with


def _files() -> dict[str, tuple[Path, ...]]:
    """What every page uses, then what the pages of one area use beyond it; an area without any has no file."""
    files = {
        "console.css": tuple(ASSETS / f"{name}.css" for name in _STYLES),
        "console.js": (NODE / "idiomorph/dist/idiomorph.js", *(ASSETS / f"{name}.js" for name in _SCRIPTS)),
    }
    for page, scripts in _CHECKS.items():
        files[f"{page}.js"] = tuple(_VERIFYING / f"{script}.js" for script in scripts)
    rooms = sorted(each for each in ROOMS.iterdir() if each.is_dir() and each not in (HERE, _VERIFYING))
    for area in sorted({area_of(room.name) for room in rooms}):
        own = [room for room in rooms if area_of(room.name) == area]
        shared = tuple(ASSETS / f"{name}.css" for name in SHARED_STYLES.get(area, ()))
        files[f"{area}.css"] = (*shared, *(path for room in own for path in sorted(room.glob("*.css"))))
        files[f"{area}.js"] = tuple(path for room in own for path in sorted(room.glob("*.js")))
    return {name: paths for name, paths in files.items() if paths}


FILES = _files()
OWN_SYMBOLS = ASSETS / "own-symbols.svg"
# the icons of most first pages, the others of the console, and those that a room brings
SPRITES: dict[str, tuple[Path, ...]] = {
    "icons.svg": (ASSETS / "icons.txt", OWN_SYMBOLS),
    "rare.svg": (ASSETS / "rare-icons.txt",),
    **{f"{each.parent.name}.svg": (each,) for each in sorted(ROOMS.glob("*/icons.txt"))},
}
FONTS = tuple(
    NODE / f"@expo-google-fonts/noto-sans-sc/{weight}/NotoSansSC_{weight}.ttf" for weight in ("400Regular", "700Bold")
)
_SHAPES = re.compile(r"<(?:path|circle|rect|line|polyline)\b[^>]*?/>")
_FRAME = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'


def build() -> None:
    """Write everything anew; the old folder is replaced at once."""
    draft = HERE / "static.new"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    (draft / "fonts").mkdir()
    for font in FONTS:
        shutil.copy(font, draft / "fonts")
    manifest = {name: _write(draft, name, data) for name, data in _contents().items()}
    for name, lists in SPRITES.items():
        manifest[name]["holds"] = " ".join(named(lists))
    (draft / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    shutil.rmtree(STATIC, ignore_errors=True)
    draft.rename(STATIC)


def _contents() -> dict[str, bytes]:
    contents = {}
    for name, paths in FILES.items():
        joint = b";\n" if name.endswith(".js") else b"\n"
        data = joint.join(path.read_bytes() for path in paths)
        contents[name] = _short(data, name.rpartition(".")[2])
    return contents | {name: _sprite(paths) for name, paths in SPRITES.items()}


def _short(data: bytes, kind: str) -> bytes:
    """The same script or style sheet as short as it can be said, by the one esbuild made for this machine."""
    tool = next(NODE.glob("@esbuild/*/bin/esbuild"))
    said = [str(tool), "--minify", f"--loader={kind}", f"--target={_OLDEST}", "--charset=utf8", "--log-level=warning"]
    return subprocess.run(said, input=data, capture_output=True, check=True).stdout


def _sprite(lists: tuple[Path, ...]) -> bytes:
    """One SVG with a symbol for every icon that these lists name; our own signs stand among those of every page."""
    symbols = []
    for name in named(lists):
        svg = (NODE / f"@tabler/icons/icons/outline/{name}.svg").read_text(encoding="utf-8")
        shapes = "".join(_SHAPES.findall(svg)).replace(_FRAME, "")
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>')
    if OWN_SYMBOLS in lists:
        symbols.append(OWN_SYMBOLS.read_text(encoding="utf-8").strip())
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>"]).encode()


def named(lists: tuple[Path, ...]) -> list[str]:
    """The icons that these lists name."""
    return list(dict.fromkeys(n for each in lists if each != OWN_SYMBOLS for n in each.read_text("utf-8").split()))


def _write(folder: Path, name: str, data: bytes) -> dict[str, str]:
    stem, extension = name.rsplit(".", 1)
    digest = hashlib.sha384(data).digest()
    file = f"{stem}.{digest.hex()[:8]}.{extension}"
    (folder / file).write_bytes(data)
    (folder / f"{file}.gz").write_bytes(gzip.compress(data, 9, mtime=0))
    return {"file": file, "integrity": "sha384-" + base64.b64encode(digest).decode()}


if __name__ == "__main__":
    build()
