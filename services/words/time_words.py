"""Moments, days and spans of service time in words, one set of rules per language; wall clocks are Shanghai's."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from domain.calendar import SHANGHAI, ServiceHours, local_date
from services.words.sentences import say


@lru_cache(maxsize=4096)
def _plain(language: str, key: str) -> str:
    """Words without variables, formatted once."""
    return say(language, key)


@lru_cache(maxsize=4096)
def _counted(language: str, key: str, counts: tuple[tuple[str, int], ...]) -> str:
    """Words about numbers and nothing else, formatted once: a list says the same ones in every line."""
    return say(language, key, **dict(counts))


class TimeWords:
    """Says moments as somebody at ``now`` says them. Every method gives plain text."""

    def __init__(self, language: str, now: datetime) -> None:
        self.language = language
        self.now = now.astimezone(SHANGHAI)

    def say(self, key: str, **facts: Any) -> str:
        if not facts:
            return _plain(self.language, key)
        if all(type(fact) is int for fact in facts.values()):
            return _counted(self.language, key, tuple(facts.items()))
        return say(self.language, key, **facts)

    def span(self, span: timedelta, hours: ServiceHours) -> str:
        """Service time; a day of it is the station's day, so that two days are what people call two days."""
        minutes = int(span.total_seconds() // 60)
        days, rest = divmod(minutes, hours.minutes_a_day)
        if days and rest < 60:
            return self.say("span-whole-days", days=str(days))
        if days:
            return self.say("span-days", days=str(days), hours=str(rest // 60))
        if rest >= 60:
            return self.say("span-hours", hours=str(rest // 60), minutes=f"{rest % 60:02d}")
        return self.say("span-minutes", minutes=str(rest))

    def time(self, moment: datetime) -> str:
        """``14:12``."""
        return moment.astimezone(SHANGHAI).strftime("%H:%M")

    def date(self, moment: datetime) -> str:
        """``25 Nov``; a date of another year has its year."""
        local = moment.astimezone(SHANGHAI)
        day, month = str(local.day), self.say(f"month-{local.month}")
        if local.year == self.now.year:
            return self.say("date-this-year", month=month, day=day)
        return self.say("date-other-year", year=str(local.year), month=month, day=day)

    def moment(self, moment: datetime) -> str:
        """A moment in full: date, day of the week and time."""
        local = self.say("day-full", date=self.date(moment), weekday=self.weekday(moment))
        return self.say("moment-full", day=local, time=self.time(moment))

    def weekday(self, moment: datetime) -> str:
        return self.say(f"weekday-{moment.astimezone(SHANGHAI).isoweekday()}")

    def day(self, moment: datetime) -> str:
        """A heading: today, yesterday or tomorrow, then the date with the day of the week."""
        near = {0: "day-today", 1: "day-yesterday", -1: "day-tomorrow"}.get(self._days_ago(moment))
        date = self.say("day-full", date=self.date(moment), weekday=self.weekday(moment))
        return f"{self.say(near)} {date}" if near else date

    def when(self, moment: datetime) -> str:
        """The time of a moment today; of others the day comes before it."""
        match self._days_ago(moment):
            case 0:
                return self.time(moment)
            case 1:
                return self.say("when-yesterday", time=self.time(moment))
            case -1:
                return self.say("when-tomorrow", time=self.time(moment))
        return self.say("when-date", date=self.date(moment), time=self.time(moment))

    def _days_ago(self, moment: datetime) -> int:
        return (local_date(self.now) - local_date(moment)).days
