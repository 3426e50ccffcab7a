"""What the tests of each capability bring to those of the whole: no list names them."""

from importlib import import_module
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).parent


def in_each_folder(module: str) -> list[ModuleType]:
    """The modules of this name that lie in the folders of the capabilities: ``tests/<capability>/<module>.py``."""
    return [import_module(f"tests.{path.parent.name}.{module}") for path in sorted(HERE.glob(f"*/{module}.py"))]
