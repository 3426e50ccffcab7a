"""What contracts ask of whoever is in charge, in words, on the pages that these people open anyway."""

from collections.abc import Iterable
from typing import NamedTuple

from domain.calendar import local_date
from domain.capacity import ACCOUNTS
from domain.contracts.fee_basis import FEE_BASIS, Call, Reminder, fee_basis_stream
from services.console.visit import Visit


class Called(NamedTuple):
    """What it is and a sentence on it; ``name`` is the estate's where several are looked at together."""

    estate: str
    name: str
    what: str
    said: str


def contract_calls(here: Visit, estates: Iterable[str] | None = None) -> list[Called]:
    """What the contracts of these estates ask for, of the present one where none are named.

    Nothing for those who have no part in it.
    """
    if here.member.capacity not in ACCOUNTS:
        return []
    wanted = [here.viewer.estate or ""] if estates is None else list(estates)
    names = dict(here.viewer.estates) if len(wanted) > 1 else {}
    found = []
    for estate in wanted:
        state = here.product.log.remembered(FEE_BASIS, fee_basis_stream(estate)).state
        reminder = state.call(local_date(here.voice.now))
        if reminder is not None:
            found.append(called(here, estate, reminder, names.get(estate, "")))
    return found


def called(here: Visit, estate: str, reminder: Reminder, name: str = "") -> Called:
    """A reminder in words."""
    facts = {"number": reminder.number, "day": reminder.day.isoformat(), "n": reminder.days}
    if reminder.call is Call.NOTICE_RUNS and reminder.notice is not None:
        facts["party"] = here.voice.name(reminder.notice.by)
    sentence = here.voice.say(f"contract-call-{reminder.call.value}", **facts)
    return Called(estate, name, here.voice.name(reminder.call), sentence)
