"""One telling example of every command and event: those of all capabilities together, which lie in their folders."""

from typing import Any

from tests.capabilities import in_each_folder

COMMANDS: tuple[Any, ...] = tuple(each for examples in in_each_folder("examples") for each in examples.COMMANDS)
EVENTS: tuple[Any, ...] = tuple(each for examples in in_each_folder("examples") for each in examples.EVENTS)
