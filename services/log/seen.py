"""What a command has seen when it is decided: the append checks that it still is so."""

from uuid import UUID


class Seen(dict[UUID, int]):
    """What a command rests on: the version of each stream that it looked at.

    ``quiet_since`` is for what it knows of all streams together, such as who owns what: by the name of an event the
    position up to which it knows every one of them.
    """

    def __init__(self) -> None:
        super().__init__()
        self.quiet_since: dict[str, int] = {}
