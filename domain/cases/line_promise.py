"""What a line of the notebook is promised: by when it is dealt with, by the hours and targets of the day it was noted.

A line that nobody has sorted is promised what is ordinary, or what danger to life is; one that is sorted, what its
priority is. As an order it is promised more, counted from the same moment.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.calendar import ServiceHours, after
from domain.cases.category import Priority
from domain.cases.service_level import Target, hours_counted, target_of


@dataclass(frozen=True, slots=True)
class LinePromise:
    """By what a line counts. Lines of earlier versions were promised nothing: they count by the usual hours."""

    hours: ServiceHours = ServiceHours()
    targets: tuple[Target, ...] = ()

    def moments(self, priority: Priority, since: datetime) -> dict[str, datetime]:
        """Both moments, by the names that a line keeps them under."""
        return {"answer_by": self.answer_by(priority, since), "answer_soon": self.soon_from(priority, since)}

    def answer_by(self, priority: Priority, since: datetime) -> datetime:
        """When somebody has to have dealt with it."""
        return after(since, self._span(priority), hours_counted(priority, self.hours))

    def soon_from(self, priority: Priority, since: datetime) -> datetime:
        """From when on little time is left: a quarter, and half an hour at least."""
        span = self._span(priority)
        left = max(timedelta(minutes=30), span / 4)
        return after(since, max(span - left, timedelta(0)), hours_counted(priority, self.hours))

    def _span(self, priority: Priority) -> timedelta:
        return timedelta(minutes=target_of(priority, self.targets).accept or 0)
