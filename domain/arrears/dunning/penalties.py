"""The contractual penalty on what is overdue."""

from collections.abc import Iterable

RATE_UNITS = 1_000_000  # a penalty rate of 500 is 0.05 % a day


def penalty(spans: Iterable[tuple[int, int]], rate: int) -> int:
    """Fen of a contractual penalty (违约金): principal in fen and days of each span, ``rate`` in millionths a day.

    Rounded half up, once. On principal only: whoever calls it leaves out what is itself penalty or cost.
    """
    owed = sum(principal * days for principal, days in spans) * rate
    return (2 * owed + RATE_UNITS) // (2 * RATE_UNITS)
