"""Pages and names kept for as long as nothing they show has changed: most looks at a board find it as it was."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from services.threads.waiting import about_to_wait

T = TypeVar("T")


class Kept(Generic[T]):
    """The values used last, ``room`` of them. A key says everything that its value depends on."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._lock = Lock()
        self._values: OrderedDict[Hashable, T] = OrderedDict()
        self._being_made: dict[Hashable, Lock] = {}

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value, made by the first who asks; who asks meanwhile waits for it instead of making it as well."""
        found = self.get(key)
        if found is not None:
            return found
        about_to_wait()
        with self._lock:
            making = self._being_made.setdefault(key, Lock())
        with making:
            found = self.get(key)
            if found is None:
                try:
                    found = self.keep(key, make())
                finally:
                    with self._lock:
                        self._being_made.pop(key, None)
        return found

    def get(self, key: Hashable) -> T | None:
        with self._lock:
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
            return value

    def keep(self, key: Hashable, value: T) -> T:
        with self._lock:
            self._values[key] = value
            while len(self._values) > self._room:
                self._values.popitem(last=False)
        return value
