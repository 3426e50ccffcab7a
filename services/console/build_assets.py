"""Build the console's files: copy what the pages use into ``static/`` under names made of their content.

No bundler: reads ``node_modules``, ``assets`` and the rooms, takes out what only people read (esbuild), and writes
``static/<stem>.<hash>.<ext>`` with a packed copy beside it and ``manifest.json`` (logical name -> file, integrity); the
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

HERE = Path(__file__).parent
ROOMS = HERE.parent  # what one capability alone shows lies beside its pages
ASSETS, STATIC = HERE / "assets", HERE / "static"
NODE = ASSETS / "node_modules"

_SCRIPTS = ("keeping.js", "freshness.js", "outbox.js", "morphing.js", "console.js", "palette.js", "navigation.js")
_APART = ("desk",)  # rooms whose scripts are of no use to the pages that most people open first
_OLDEST = "chrome109"  # that people still work with
FILES: dict[str, tuple[Path, ...]] = {
    "console.css": (
        ASSETS / "console.css",
        ASSETS / "cases.css",
        ASSETS / "pages.css",
        ASSETS / "money.css",
        ASSETS / "top.css",
        ASSETS / "navigation.css",
        *sorted(ROOMS.glob("*/*.css")),
        ASSETS / "sizes.css",
    ),
    "console.js": (
        NODE / "idiomorph/dist/idiomorph.js",
        *map(ASSETS.joinpath, _SCRIPTS),
        *(each for each in sorted(ROOMS.glob("*/*.js")) if each.parent.name not in _APART),
    ),
    **{f"{room}.js": tuple(sorted((ROOMS / room).glob("*.js"))) for room in _APART},
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
    (draft / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    shutil.rmtree(STATIC, ignore_errors=True)
    draft.rename(STATIC)


def _contents() -> dict[str, bytes]:
    contents = {}
    for name, paths in FILES.items():
        joint = b";\n" if name.endswith(".js") else b"\n"
        data = joint.join(path.read_bytes() for path in paths)
        contents[name] = _short(data, name.rpartition(".")[2])
    contents["icons.svg"] = sprite()
    return contents


def _short(data: bytes, kind: str) -> bytes:
    """The same script or style sheet as short as it can be said, by the one esbuild made for this machine."""
    tool = next(NODE.glob("@esbuild/*/bin/esbuild"))
    said = [str(tool), "--minify", f"--loader={kind}", f"--target={_OLDEST}", "--charset=utf8", "--log-level=warning"]
    return subprocess.run(said, input=data, capture_output=True, check=True).stdout


def sprite() -> bytes:
    """One SVG with a symbol for every icon that an ``icons.txt`` names, ours or a room's, and our own signs."""
    symbols = []
    lists = (ASSETS / "icons.txt", *sorted(ROOMS.glob("*/icons.txt")))
    for name in dict.fromkeys(name for path in lists for name in path.read_text(encoding="utf-8").split()):
        svg = (NODE / f"@tabler/icons/icons/outline/{name}.svg").read_text(encoding="utf-8")
        shapes = "".join(_SHAPES.findall(svg)).replace(_FRAME, "")
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>')
    own = (ASSETS / "own-symbols.svg").read_text(encoding="utf-8").strip()
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', *symbols, own, "</svg>"]).encode()


def _write(folder: Path, name: str, data: bytes) -> dict[str, str]:
    stem, extension = name.rsplit(".", 1)
    digest = hashlib.sha384(data).digest()
    file = f"{stem}.{digest.hex()[:8]}.{extension}"
    (folder / file).write_bytes(data)
    (folder / f"{file}.gz").write_bytes(gzip.compress(data, 9, mtime=0))
    return {"file": file, "integrity": "sha384-" + base64.b64encode(digest).decode()}


if __name__ == "__main__":
    build()
