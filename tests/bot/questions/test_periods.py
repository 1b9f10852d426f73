"""The days that a question speaks of, read from words in the middle of it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.questions.normalise import fold, rewrite
from bot.questions.periods import Period, take_period

# A Wednesday.
TODAY = date(2026, 12, 2)


def read(text: str) -> Period | None:
    return take_period(fold(rewrite(text)), TODAY)[0]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("what is on today", (12, 2), (12, 2)),
        ("where is tomorrow's talk", (12, 3), (12, 3)),
        ("anything this Saturday?", (12, 5), (12, 5)),
        ("events on sundays", (12, 6), (12, 6)),
        ("what's on this weekend", (12, 5), (12, 6)),
        ("next weekend", (12, 12), (12, 13)),
        ("this week", (12, 2), (12, 6)),
        ("next week", (12, 7), (12, 13)),
        ("this month", (12, 2), (12, 31)),
        ("the forum on 8 December", (12, 8), (12, 8)),
        ("聽日嗰個講座", (12, 3), (12, 3)),
        ("下星期三有咩", (12, 9), (12, 9)),
        ("下個禮拜有咩活動", (12, 7), (12, 13)),
        ("今個週末", (12, 5), (12, 6)),
        ("12月8號嗰個", (12, 8), (12, 8)),
        ("下周末有活动吗", (12, 12), (12, 13)),
        ("这个月", (12, 2), (12, 31)),
        ("12月份有没有讲座", (12, 2), (12, 31)),
    ],
)
def test_days_are_found_in_a_question(text: str, first: tuple[int, int], last: tuple[int, int]) -> None:
    assert read(text) == Period(date(2026, *first), date(2026, *last))


@pytest.mark.parametrize(
    "text",
    [
        "三日營幾時",
        "兩日一夜團",
        "the three-day mission",
        "day 2 of the visit",
        "when is it",
        "",
        "may I come",
    ],
)
def test_what_is_no_day_of_the_calendar_is_none(text: str) -> None:
    assert read(text) is None


def test_a_month_that_is_over_is_the_next_years() -> None:
    assert read("in March") == Period(date(2027, 3, 1), date(2027, 3, 31))


def test_an_event_of_several_days_touches_each_of_them() -> None:
    zone = ZoneInfo("Asia/Hong_Kong")
    starts, ends = datetime(2026, 12, 4, 2, tzinfo=UTC), datetime(2026, 12, 5, 16, tzinfo=UTC)
    days = [Period(date(2026, 12, day), date(2026, 12, day)) for day in (3, 4, 5, 6)]
    assert [day.touches(starts, ends, zone) for day in days] == [False, True, True, False]
