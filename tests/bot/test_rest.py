"""How much rest lies between shifts, and what counts as night."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.rest import LongDay, LongWeek, ShortRest, Strain, is_night, strains
from storage.shifts import Shift

HK = ZoneInfo("Asia/Hong_Kong")
LONDON = ZoneInfo("Europe/London")
HOUR = timedelta(hours=1)


def shift(shift_id: int, day: int, starts: float, lasts: float) -> Shift:
    """A shift in December in Hong Kong, by the clock on the wall."""
    begins = (datetime(2026, 12, day, tzinfo=HK) + starts * HOUR).astimezone(UTC)
    return Shift(shift_id, 1, begins, begins + lasts * HOUR, 1, (), None, {}, {})


def warned(new: Shift, *held: Shift) -> tuple[Strain, ...]:
    return strains(new, held, HK)


def test_rest_and_overwork_limits_are_warnings_with_the_hours_shown() -> None:
    late, early = shift(1, 3, 14, 8), shift(2, 4, 7, 8)
    assert warned(early, late) == (ShortRest(9 * HOUR),)
    assert warned(late, early) == (ShortRest(9 * HOUR),)
    long = warned(shift(1, 3, 8, 6), shift(2, 3, 15, 5))
    assert long == (LongDay(date(2026, 12, 3), 11 * HOUR),)
    week = [shift(n, n, 9, 9) for n in range(1, 7)]
    assert warned(week[5], *week[:5]) == (LongWeek(54 * HOUR),)


def test_just_enough_rest_and_just_not_too_much_work_are_no_warning() -> None:
    assert warned(shift(1, 3, 12, 8), shift(2, 4, 7, 8)) == ()
    assert warned(shift(1, 3, 8, 5), shift(2, 3, 14, 5)) == ()
    assert warned(shift(6, 6, 9, 8), *[shift(n, n, 9, 8) for n in range(1, 6)]) == ()


def test_two_shifts_of_one_day_need_no_night_between_them() -> None:
    assert warned(shift(1, 3, 8, 3), shift(2, 3, 11, 3)) == ()


def test_work_across_midnight_counts_on_each_of_its_days() -> None:
    assert warned(shift(1, 3, 18, 11), shift(2, 3, 9, 4)) == ()
    assert warned(shift(1, 3, 18, 11), shift(2, 3, 7, 5)) == (LongDay(date(2026, 12, 3), 11 * HOUR),)


def test_seven_days_are_any_seven_on_end() -> None:
    week = [shift(n, n, 9, 9) for n in range(4, 10)]
    assert LongWeek(54 * HOUR) in warned(week[0], *week[1:])
    apart = [shift(n, n, 9, 9) for n in (1, 2, 3, 8, 9, 10)]
    assert warned(apart[3], *apart[:3], *apart[4:]) == ()


@pytest.mark.parametrize(
    ("starts", "lasts", "expected"),
    [
        (22, 1, False),
        (22, 1.5, True),
        (23, 1, True),
        (2, 2, True),
        (5.5, 3, True),
        (6, 4, False),
        (18, 14, True),
    ],
)
def test_a_night_shift_is_any_that_touches_the_night(starts: float, lasts: float, expected: bool) -> None:
    one = shift(1, 3, starts, lasts)
    assert is_night(one.starts_at, one.ends_at, HK) is expected


def test_the_clocks_going_back_is_an_hour_of_work() -> None:
    begins = datetime(2026, 10, 24, 20, 0, tzinfo=LONDON).astimezone(UTC)
    ends = datetime(2026, 10, 25, 10, 0, tzinfo=LONDON).astimezone(UTC)
    night = Shift(1, 1, begins, ends, 1, (), None, {}, {})
    assert strains(night, (), LONDON) == (LongDay(date(2026, 10, 25), 11 * HOUR),)
