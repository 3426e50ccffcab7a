"""A command that the rules do not allow: a stable code and the facts a sentence about it needs.

A refusal is about how things stand, a rejection about what was sent; the same code is always one or the other.
"""


class Refusal(Exception):
    """As things stand this cannot be done. ``code`` is stable, it keys the sentences; ``facts`` name nobody."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class Rejection(Refusal):
    """What was sent makes no sense, however things stand: it has to be sent otherwise."""


def refuse_if(condition: bool, code: str, **facts: object) -> None:
    """Raise ``Refusal(code, **facts)`` when ``condition`` holds: how things stand forbids it."""
    if condition:
        raise Refusal(code, **facts)


def reject_if(condition: bool, code: str, **facts: object) -> None:
    """Raise ``Rejection(code, **facts)`` when ``condition`` holds: what was sent is wrong in itself."""
    if condition:
        raise Rejection(code, **facts)
