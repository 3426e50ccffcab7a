"""Sets pages in a process of its own: what typst remembers of thousands of pages goes with it.

``python setting.py ROOT TEMPLATE FONTS`` reads the data as JSON from stdin and writes the PDF to stdout. It
imports nothing of ours, so that it starts within a moment.
"""

import sys
from pathlib import Path

import typst


def main(root: str, template: str, fonts: str) -> None:
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts])
    compiler = typst.Compiler(
        input=Path(root) / template,
        root=root,
        font_paths=found,
        ignore_system_fonts=True,
        sys_inputs={"data": sys.stdin.buffer.read().decode()},
    )
    pdf = compiler.compile(format="pdf", timestamp=0, pdf_tags=False)
    assert isinstance(pdf, bytes)
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main(*sys.argv[1:])
