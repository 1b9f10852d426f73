"""Any day that people write, long past ones included."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from bot.days import understand_day
from tests.conftest import NOON


def day(text: str) -> date | None:
    return understand_day(text, now=NOON, zone=ZoneInfo("Asia/Hong_Kong"), locale="en")


@pytest.mark.parametrize(
    "text",
    ["5.3.1990", "5/3/1990", "1990-03-05", "5 March 1990", "March 5, 1990", "1990年3月5日", "5.3.90"],
)
def test_a_birthday_is_read_however_it_is_written(text: str) -> None:
    assert day(text) == date(1990, 3, 5)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3/5/2001", date(2001, 5, 3)),
        ("29.2.1996", date(1996, 2, 29)),
        ("3 December 2026", date(2026, 12, 3)),
        ("3 December", date(2026, 12, 3)),
        ("1/2/30", date(2030, 2, 1)),
    ],
)
def test_other_days_are_read_as_for_events(text: str, expected: date) -> None:
    assert day(text) == expected


@pytest.mark.parametrize(
    "text", ["", "1990", "29.2.1900", "31.2.1990", "1990 1991", "x" * 4000, "when I was young"]
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert day(text) is None
