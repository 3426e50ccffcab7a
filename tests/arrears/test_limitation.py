"""The last day of a claim: three years, holidays, leap days, and what gives it three years anew (CC 188 to 203)."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.arrears.limitation import YEARS, Held, LastDay, Limitation, Span, WorkingDays, reckoned
from domain.months import anniversary


class Weekends:
    """A calendar of five working days a week, and of the holidays and swapped working days it is told."""

    def __init__(self, rest: frozenset[date] = frozenset(), swapped: frozenset[date] = frozenset()) -> None:
        self._rest = rest
        self._swapped = swapped

    def works(self, day: date) -> bool:
        return day in self._swapped or (day.weekday() < 5 and day not in self._rest)

    def published(self, day: date) -> bool:
        return day.year <= 2026


WEEKENDS = Weekends()


class Always(Weekends):
    """No day off: what is reckoned is the corresponding day itself."""

    def works(self, day: date) -> bool:
        return True


EVERY_DAY = Always()


def last_day(due: date, interrupted: Iterable[date], calendar: WorkingDays) -> LastDay:
    return reckoned(due, calendar, interrupted).last_day


def counted_from(due: date, interrupted: Iterable[date], calendar: WorkingDays) -> date:
    return reckoned(due, calendar, interrupted).since


def hindered(due: date, *spans: Span) -> Limitation:
    return reckoned(due, EVERY_DAY, hindrances=spans)


def test_the_worked_example() -> None:
    due, served = date(2022, 6, 30), date(2024, 5, 10)
    assert last_day(due, [], WEEKENDS) == LastDay(date(2025, 6, 30), provisional=False)
    assert last_day(due, [served], WEEKENDS) == LastDay(date(2027, 5, 10), provisional=True)


@pytest.mark.parametrize(
    ("day", "after_three_years"),
    [
        (date(2020, 2, 29), date(2023, 2, 28)),  # no corresponding day: the end of the month
        (date(2021, 2, 28), date(2024, 2, 28)),  # the corresponding day, though the month has one more
        (date(2021, 3, 1), date(2024, 3, 1)),
        (date(2022, 12, 31), date(2025, 12, 31)),
    ],
)
def test_it_ends_on_the_corresponding_day(day: date, after_three_years: date) -> None:
    assert anniversary(day, YEARS) == after_three_years


def test_a_leap_day_of_a_leap_year_corresponds_to_the_next_one() -> None:
    assert anniversary(date(2020, 2, 29), 4) == date(2024, 2, 29)


def test_it_does_not_end_on_a_holiday() -> None:
    holidays = frozenset(date(2025, 10, day) for day in range(1, 9))
    assert last_day(date(2022, 10, 2), [], Weekends(holidays)).day == date(2025, 10, 9)
    assert last_day(date(2023, 2, 25), [], WEEKENDS).day == date(2026, 2, 25)
    assert last_day(date(2023, 2, 28), [], WEEKENDS).day == date(2026, 3, 2)  # a Saturday


def test_it_does_end_on_a_swapped_working_day() -> None:
    saturday = date(2026, 2, 28)
    assert last_day(date(2023, 2, 28), [], Weekends(swapped=frozenset({saturday}))).day == saturday


def test_what_comes_too_early_or_too_late_interrupts_nothing() -> None:
    due = date(2022, 6, 30)
    assert last_day(due, [date(2022, 6, 29)], WEEKENDS).day == date(2025, 6, 30)
    assert last_day(due, [due], WEEKENDS).day == date(2025, 6, 30)
    assert last_day(due, [date(2025, 7, 1)], WEEKENDS).day == date(2025, 6, 30)
    assert last_day(due, [date(2025, 6, 30)], WEEKENDS).day == date(2028, 6, 30)
    assert last_day(due, [date(2028, 6, 30), date(2025, 6, 30)], WEEKENDS).day == date(2031, 6, 30)


def test_several_interruptions_count_one_after_the_other() -> None:
    due, chain = date(2022, 6, 30), [date(2023, 2, 28), date(2024, 2, 29), date(2026, 12, 31)]
    assert counted_from(due, [], WEEKENDS) == due
    assert counted_from(due, reversed(chain), WEEKENDS) == chain[-1]
    assert last_day(due, chain, WEEKENDS).day == date(2029, 12, 31)
    assert last_day(due, chain[:2], WEEKENDS).day == date(2027, 2, 28)  # a Sunday of a year not published yet
    gap = [date(2024, 2, 29), date(2027, 3, 1)]  # the second comes a day too late
    assert counted_from(due, gap, WEEKENDS) == gap[0]
    assert last_day(due, gap, WEEKENDS).day == date(2027, 2, 28)


def test_nothing_leads_beyond_twenty_years() -> None:
    due = date(2004, 6, 30)
    chain = [date(year, 6, 1) for year in range(2005, 2025)]
    assert last_day(due, chain[:16], WEEKENDS).day == date(2023, 6, 1)
    assert last_day(due, chain[:18], WEEKENDS).day == date(2024, 7, 1)  # 30 June is a Sunday
    assert last_day(due, chain, WEEKENDS).day == date(2024, 7, 1)


def test_a_calendar_without_working_days_is_a_mistake() -> None:
    class Never(Weekends):
        def works(self, day: date) -> bool:
            return False

    with pytest.raises(ValueError, match="no working day"):
        last_day(date(2022, 6, 30), [], Never())


def test_an_interruption_after_the_twenty_years_is_none() -> None:
    due = date(2004, 6, 30)
    chain = [date(year, 6, 1) for year in range(2005, 2025)]
    assert counted_from(due, [*chain, date(2024, 7, 1)], WEEKENDS) == date(2024, 7, 1)  # 30 June is a Sunday
    assert counted_from(due, [*chain, date(2024, 7, 2)], WEEKENDS) == chain[-1]


# -- hindrances (CC 194) -----------------------------------------------------------------------------------------------

DUE = date(2022, 6, 30)  # lapses on 30 June 2025; its last six months begin on 31 December 2024


@pytest.mark.parametrize(
    ("since", "until", "last"),
    [
        (date(2024, 3, 1), date(2024, 12, 30), date(2025, 6, 30)),  # ceased before the last six months
        (date(2024, 3, 1), date(2024, 12, 31), date(2025, 6, 30)),  # on their first day: 30 June is six months later
        (date(2024, 3, 1), date(2025, 1, 1), date(2025, 7, 1)),
        (date(2022, 1, 1), date(2025, 4, 10), date(2025, 10, 10)),  # since before the due day, into the last six months
        (date(2025, 2, 1), date(2025, 2, 2), date(2025, 8, 2)),  # a single day leaves six whole months
        (date(2025, 6, 30), date(2025, 6, 30), date(2025, 12, 30)),  # on the very last day
        (date(2025, 7, 1), date(2026, 7, 1), date(2025, 6, 30)),  # too late
        (date(2025, 3, 1), date(2025, 8, 31), date(2026, 2, 28)),  # no 31 February
        (date(2023, 3, 1), date(2023, 8, 31), date(2025, 6, 30)),
    ],
)
def test_what_hinders_in_the_last_six_months_leaves_six_more(since: date, until: date, last: date) -> None:
    found = hindered(DUE, Span(since, until))
    assert (found.last_day.day, found.since, found.held) == (last, DUE, None)


def test_six_months_after_a_leap_day_and_to_one() -> None:
    assert hindered(date(2021, 2, 28), Span(date(2024, 1, 5), date(2024, 2, 29))).last_day.day == date(2024, 8, 29)
    assert hindered(date(2021, 2, 28), Span(date(2024, 1, 5), date(2024, 8, 31))).last_day.day == date(2025, 2, 28)
    assert hindered(date(2020, 12, 1), Span(date(2023, 7, 5), date(2023, 8, 31))).last_day.day == date(2024, 2, 29)


def test_the_six_months_too_do_not_end_on_a_day_off() -> None:
    """The heirs were determined on 28 October 2025; 28 April 2026 is a Tuesday, 1 May to 5 May are days off."""
    rest = frozenset(date(2026, 5, day) for day in range(1, 6))

    def last(until: date) -> LastDay:
        return reckoned(DUE, Weekends(rest), hindrances=[Span(date(2025, 1, 1), until)]).last_day

    assert last(date(2025, 10, 28)) == LastDay(date(2026, 4, 28), provisional=False)
    assert last(date(2025, 11, 1)) == LastDay(date(2026, 5, 6), provisional=False)
    assert last(date(2026, 7, 1)) == LastDay(date(2027, 1, 1), provisional=True)


def test_several_hindrances_count_together_and_one_after_the_other() -> None:
    first, second = Span(date(2025, 1, 1), date(2025, 3, 1)), Span(date(2025, 2, 1), date(2025, 5, 1))
    assert hindered(DUE, second, first).last_day.day == date(2025, 11, 1)  # overlapping: the later end
    inner = Span(date(2025, 2, 1), date(2025, 2, 15))
    assert hindered(DUE, first, inner).last_day.day == date(2025, 9, 1)  # one within the other
    again = Span(date(2025, 9, 1), date(2025, 9, 10))  # on the last of the six months that the first has left
    assert hindered(DUE, first, again).last_day.day == date(2026, 3, 10)
    assert hindered(DUE, again, first).last_day.day == date(2026, 3, 10)  # in whatever order they were told
    late = Span(date(2025, 9, 2), date(2025, 9, 10))
    assert hindered(DUE, first, late).last_day.day == date(2025, 9, 1)


def test_an_interruption_may_come_while_a_hindrance_keeps_the_claim() -> None:
    spans = [Span(date(2025, 1, 1), date(2025, 8, 1))]  # until 1 February 2026
    in_time = reckoned(DUE, EVERY_DAY, [date(2026, 2, 1)], hindrances=spans)
    assert (in_time.last_day.day, in_time.since) == (date(2029, 2, 1), date(2026, 2, 1))
    late = reckoned(DUE, EVERY_DAY, [date(2026, 2, 2)], hindrances=spans)
    assert (late.last_day.day, late.since) == (date(2026, 2, 1), DUE)
    before = reckoned(DUE, EVERY_DAY, [date(2024, 5, 10)], hindrances=spans)  # not in the last six months any more
    assert before.last_day.day == date(2027, 5, 10)


def test_what_goes_on_holds_the_claim_and_counts_as_far_as_it_is_known() -> None:
    found = hindered(DUE, Span(date(2024, 10, 1), date(2025, 3, 3), over=False))
    assert (found.last_day.day, found.held) == (date(2025, 9, 3), Held.HINDRANCE)
    assert not found.lapsed(date(2030, 1, 1))
    early = hindered(DUE, Span(date(2023, 1, 1), date(2023, 3, 3), over=False))  # told two years ago
    assert (early.last_day.day, early.held, early.lapsed(date(2025, 7, 1))) == (
        date(2025, 6, 30),
        Held.HINDRANCE,
        False,
    )
    late = hindered(DUE, Span(date(2025, 7, 1), date(2025, 7, 2), over=False))
    assert (late.held, late.lapsed(date(2025, 6, 30)), late.lapsed(date(2025, 7, 1))) == (None, False, True)


def test_what_goes_on_holds_nothing_before_the_last_six_months() -> None:
    found = hindered(DUE, Span(date(2024, 10, 1), date(2024, 11, 1), over=False))
    assert found.at(date(2024, 12, 31)).held is None
    assert found.at(date(2025, 1, 1)).held is Held.HINDRANCE
    known = hindered(DUE, Span(date(2024, 10, 1), date(2025, 3, 3), over=False))
    assert known.at(date(2025, 3, 3)).held is Held.HINDRANCE  # though six months are left, if it ceases today
    pending = reckoned(DUE, EVERY_DAY, proceedings=[Span(DUE, DUE, over=False)])
    assert pending.at(DUE).held is Held.PROCEEDINGS


def test_no_hindrance_moves_the_twenty_years() -> None:
    due = date(2004, 6, 30)
    chain = [date(year, 6, 1) for year in range(2005, 2023)]
    found = reckoned(due, EVERY_DAY, chain, hindrances=[Span(date(2024, 3, 1), date(2024, 5, 1))])
    assert found.last_day.day == date(2024, 6, 30)
    going_on = reckoned(due, EVERY_DAY, chain, hindrances=[Span(date(2024, 3, 1), date(2024, 5, 1), over=False)])
    assert (going_on.last_day.day, going_on.held) == (date(2024, 6, 30), Held.HINDRANCE)
    assert not going_on.lapsed(date(2024, 6, 30)) and going_on.lapsed(date(2024, 7, 1))


# -- proceedings (CC 195) and promises (CC 192) ------------------------------------------------------------------------


def test_proceedings_give_three_years_from_their_end() -> None:
    filed, ended = date(2025, 3, 3), date(2028, 9, 15)  # they took longer than the three years themselves
    found = reckoned(DUE, WEEKENDS, proceedings=[Span(filed, ended)])
    assert (found.last_day.day, found.since, found.held) == (date(2031, 9, 15), ended, None)
    demanded = reckoned(DUE, WEEKENDS, [date(2025, 5, 5), date(2030, 1, 7)], proceedings=[Span(filed, ended)])
    assert demanded.last_day.day == date(2033, 1, 7)  # what came while they were pending began nothing of its own
    assert reckoned(DUE, WEEKENDS, [date(2025, 5, 5)], proceedings=[Span(filed, ended)]) == found


def test_pending_proceedings_hold_the_claim_and_count_as_if_given_up_at_once() -> None:
    found = reckoned(DUE, WEEKENDS, proceedings=[Span(date(2025, 3, 3), date(2025, 3, 3), over=False)])
    assert (found.last_day.day, found.held) == (date(2028, 3, 3), Held.PROCEEDINGS)
    assert not found.lapsed(date(2043, 1, 1))  # brought in time: the twenty years do not matter either


def test_proceedings_begun_too_late_revive_nothing() -> None:
    for span in (Span(date(2025, 7, 1), date(2026, 7, 1)), Span(date(2025, 7, 1), date(2025, 7, 1), over=False)):
        found = reckoned(DUE, WEEKENDS, proceedings=[span])
        assert (found.last_day.day, found.since, found.held) == (date(2025, 6, 30), DUE, None)
        assert found.lapsed(date(2025, 7, 1))
    in_time = reckoned(DUE, WEEKENDS, proceedings=[Span(date(2025, 6, 30), date(2025, 9, 1))])
    assert in_time.last_day.day == date(2028, 9, 1)


def test_a_second_suit_follows_the_first() -> None:
    withdrawn, again = Span(date(2025, 3, 3), date(2025, 4, 7)), Span(date(2025, 3, 10), date(2026, 5, 11))
    assert reckoned(DUE, WEEKENDS, proceedings=[again, withdrawn]).since == date(2026, 5, 11)
    pending = Span(date(2027, 1, 4), date(2027, 1, 4), over=False)
    found = reckoned(DUE, WEEKENDS, proceedings=[withdrawn, pending])
    assert (found.since, found.held) == (date(2027, 1, 4), Held.PROCEEDINGS)


def test_a_promise_makes_a_lapsed_debt_due_again_and_an_acknowledgement_does_not() -> None:
    after = date(2025, 11, 3)
    assert last_day(DUE, [after], WEEKENDS).day == date(2025, 6, 30)
    found = reckoned(DUE, WEEKENDS, promised=[after])
    assert (found.last_day.day, found.since) == (date(2028, 11, 3), after)
    chain = reckoned(DUE, WEEKENDS, [date(2028, 11, 3)], promised=[after])  # a demand on the last day anew
    assert chain.last_day.day == date(2031, 11, 3)
    assert reckoned(DUE, WEEKENDS, promised=[date(2022, 6, 29)]).since == DUE  # nothing was owed yet
    assert reckoned(DUE, WEEKENDS, promised=[date(2043, 1, 1)]).last_day.day == date(2025, 6, 30)
    assert reckoned(DUE, WEEKENDS, promised=[date(2042, 6, 30)]).last_day.day == date(2042, 6, 30)


# -- whatever happens --------------------------------------------------------------------------------------------------

_DAYS = st.dates(date(2004, 1, 1), date(2090, 12, 31))


@given(_DAYS, st.lists(_DAYS, max_size=8), st.frozensets(_DAYS, max_size=20))
def test_it_never_comes_before_three_years_and_never_moves_back(
    due: date, interrupted: list[date], rest: frozenset[date]
) -> None:
    calendar = Weekends(rest)
    before = last_day(due, [], calendar)
    assert before.day >= anniversary(due, YEARS)
    for count in range(1, len(interrupted) + 1):
        now = last_day(due, interrupted[:count], calendar)
        assert now.day >= before.day and (now.provisional or calendar.works(now.day))
        before = now


@given(_DAYS)
def test_the_first_day_is_not_counted(due: date) -> None:
    """Three years have 1095 or 1096 days from the day after; a leap day at the end is not there to be reached."""
    assert (anniversary(due, YEARS) - due).days in (1095, 1096)
    assert anniversary(due + timedelta(days=1), YEARS) >= anniversary(due, YEARS)


# a reckoning of its own: day after day, as somebody with a paper calendar would do it


def _corresponding(day: date, months: int) -> date:
    """Month by month; in the last of them the day, or the end of the month."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _worked(day: date, calendar: WorkingDays) -> date:
    on = day
    while calendar.published(on) and not calendar.works(on):
        on += timedelta(days=1)
    return on if calendar.published(on) else day


def naive(
    due: date,
    calendar: WorkingDays,
    interrupted: list[date],
    promised: list[date],
    proceedings: list[Span],
    hindrances: list[Span],
) -> tuple[date, Held | None]:
    """Walks from the due day on, and looks every day whether something moves the end of the period."""
    day, most = due, _worked(_corresponding(due, 240), calendar)
    end = _worked(_corresponding(due, 36), calendar)
    running: list[Span] = []  # proceedings that were brought in time
    suspended: list[Span] = []
    pending = False
    known = max([due, *interrupted, *promised, *(each.sure for each in (*proceedings, *hindrances))])
    while day <= min(known, most):  # nothing happens later
        last_months = day <= end and _corresponding(day, 6) > end
        present = [each for each in hindrances if each.since <= day <= each.sure]
        suspended = [each for each in present if last_months or each in suspended]
        if any(each.sure >= day for each in (*suspended, *running)):
            end = max(end, day)  # the period does not run
        if any(each.sure == day for each in suspended):
            end = max(end, _worked(_corresponding(day, 6), calendar))
        in_time = day <= end
        brought = [each for each in proceedings if each.since == day and in_time]
        running += [each for each in brought if each.over]
        pending = pending or any(not each.over for each in brought)
        ended = any(each.sure == day for each in (*running, *brought))
        if (in_time and day in interrupted) or day in promised or ended:
            end = max(end, _worked(_corresponding(day, 36), calendar))
        day += timedelta(days=1)
    end = min(end, most)
    going_on = any(not hindrance.over and hindrance.since <= end for hindrance in hindrances)
    return end, Held.PROCEEDINGS if pending else Held.HINDRANCE if going_on else None


_NEAR = st.integers(0, 7 * 366).map(lambda days: date(2011, 12, 1) + timedelta(days=days))
_LONG = st.one_of(st.integers(0, 40), st.integers(0, 900))
_SPANS = st.builds(
    lambda since, days, over: Span(since, since + timedelta(days=days), over), _NEAR, _LONG, st.booleans()
)
_SUITS = _SPANS.map(lambda span: span if span.over else Span(span.since, span.since, over=False))


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(
    st.dates(date(2011, 12, 20), date(2013, 3, 5)),
    st.lists(_NEAR, max_size=3),
    st.lists(_NEAR, max_size=1),
    st.lists(_SUITS, max_size=2, unique=True),
    st.lists(_SPANS, max_size=3, unique=True),
    st.frozensets(_NEAR, max_size=8),
)
def test_it_is_what_counting_day_by_day_finds(
    due: date,
    interrupted: list[date],
    promised: list[date],
    suits: list[Span],
    hindrances: list[Span],
    rest: frozenset[date],
) -> None:
    calendar = Weekends(rest)
    found = reckoned(due, calendar, interrupted, promised=promised, proceedings=suits, hindrances=hindrances)
    assert (found.last_day.day, found.held) == naive(due, calendar, interrupted, promised, suits, hindrances)
