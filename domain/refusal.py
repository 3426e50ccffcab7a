"""A command that the rules do not allow: a stable code and the facts a sentence about it needs."""


class Refusal(Exception):
    """Raised by ``decide``. ``code`` is stable (it keys the sentences); ``facts`` hold no personal data."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def refuse_if(condition: bool, code: str, **facts: object) -> None:
    """Raise ``Refusal(code, **facts)`` when ``condition`` holds."""
    if condition:
        raise Refusal(code, **facts)
