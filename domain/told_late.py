"""What is told late: by when it is judged whether a promise was kept, if somebody says that it was earlier.

A steward in a cellar without a signal says what he did when he is up again, so a little lateness is believed. What is
told later than that counts from when it was told, whatever time is stated; both times stay on record.
"""

from datetime import datetime, timedelta

from domain.recorded import Act

TOLERANCE = timedelta(minutes=15)  # a way up from a cellar, a phone that lay in the car


def is_told_late(act: Act) -> bool:
    """Whether it was told so long after it is said to have happened that the saying alone does not count."""
    return act.recorded_at - act.occurred_at > TOLERANCE


def counts_from(act: Act) -> datetime:
    """The moment that a promise is judged by: as stated if it was told soon, else when it was told."""
    return act.recorded_at if is_told_late(act) else act.occurred_at
