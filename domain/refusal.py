"""A command that the rules do not allow: a stable code and the facts a sentence about it needs.

A refusal is about how things stand, a rejection about what was sent; the same code is always one or the other.
"""

from enum import Enum

from domain.recorded import Act


class Refusal(Exception):
    """As things stand this cannot be done. ``code`` is stable, it keys the sentences; ``facts`` name nobody."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class Rejection(Refusal):
    """What was sent makes no sense, however things stand: it has to be sent otherwise."""


class AlreadyDone(Refusal):
    """What was asked for is done already, so nobody does it anew: ``done`` is whose act that was, and when.

    ``how`` is the manner, where there are several: money that went out in cash goes out by no bank.
    """

    def __init__(self, code: str, done: Act, how: Enum | None = None, **facts: object) -> None:
        super().__init__(code, **facts)
        self.done = done
        self.how = how


def refuse_if(condition: bool, code: str, **facts: object) -> None:
    """Raise ``Refusal(code, **facts)`` when ``condition`` holds: how things stand forbids it."""
    if condition:
        raise Refusal(code, **facts)


def reject_if(condition: bool, code: str, **facts: object) -> None:
    """Raise ``Rejection(code, **facts)`` when ``condition`` holds: what was sent is wrong in itself."""
    if condition:
        raise Rejection(code, **facts)


def refuse_done(done: Act | None, code: str, how: Enum | None = None, **facts: object) -> None:
    """Raise ``AlreadyDone`` where ``done`` says that somebody was here before; ``None`` if nobody was."""
    if done is not None:
        raise AlreadyDone(code, done, how, **facts)
