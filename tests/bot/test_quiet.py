"""Whether somebody sleeps, and the hours that people write for it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language import HK
from bot.quiet import DAY, quiet_ends, understand_hours, understand_open_hours, urgency
from storage.owing import ANSWER, TIMELY
from tests.conftest import NOON

LONDON = ZoneInfo("Europe/London")
NIGHT = (22 * 60, 8 * 60)


def local(hour: int, minute: int = 0, *, day: int = 22) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=HK)


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        (local(21, 59), None),
        (local(22), local(8, day=23)),
        (local(23, 30), local(8, day=23)),
        (local(0), local(8)),
        (local(7, 59), local(8)),
        (local(8), None),
    ],
)
def test_a_night_lasts_over_midnight(now: datetime, ends: datetime | None) -> None:
    assert quiet_ends(now, NIGHT, HK) == ends


def test_a_nap_lies_within_a_day() -> None:
    assert quiet_ends(local(13, 30), (13 * 60, 15 * 60), HK) == local(15)
    assert quiet_ends(local(15), (13 * 60, 15 * 60), HK) is None


def test_the_morning_keeps_its_hour_when_the_clocks_change() -> None:
    before = datetime(2026, 10, 24, 23, 0, tzinfo=LONDON)
    assert quiet_ends(before, NIGHT, LONDON) == datetime(2026, 10, 25, 8, 0, tzinfo=LONDON)


@given(
    now=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    hours=st.tuples(st.integers(0, DAY - 1), st.integers(0, DAY - 1)).filter(lambda both: both[0] != both[1]),
)
def test_whoever_is_woken_is_awake(now: datetime, hours: tuple[int, int]) -> None:
    ends = quiet_ends(now, hours, HK)
    if ends is not None:
        assert now < ends <= now + timedelta(days=1)
        assert quiet_ends(ends, hours, HK) is None


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("22:30-7:00", (1350, 420)),
        ("22:30–07:00", (1350, 420)),
        ("２２：３０～７：００", (1350, 420)),
        ("10pm to 8am", (1320, 480)),
        ("from 11 pm until 6:30 am", (1380, 390)),
        ("22-8", (1320, 480)),
        ("晚上10時至早上8時", (1320, 480)),
        ("晚上十時半到早上七點", (1350, 420)),
        ("由夜晚11點到朝早8點", (1380, 480)),
        ("晚上10点至早上8点", (1320, 480)),
        ("13:00-15:00", (780, 900)),
        ("24:00-7:00", (0, 420)),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, hours: tuple[int, int]) -> None:
    assert understand_hours(text) == hours


@pytest.mark.parametrize(("text", "hours"), [("10-8", (1320, 480)), ("11:00 - 7:00", (1380, 420))])
def test_a_night_is_meant_where_both_halves_of_the_day_could_be(text: str, hours: tuple[int, int]) -> None:
    assert understand_hours(text) == hours


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "hello",
        "22:30",
        "22:30-",
        "25:00-7:00",
        "22-8-9",
        "22:00-22:00",
        "99999-1",
        "to",
        "<b>",
        "至",
    ],
)
def test_what_is_no_pair_of_times_is_not_guessed(text: str) -> None:
    assert understand_hours(text) is None


@given(st.text(max_size=60))
def test_whatever_is_written_is_hours_or_is_not(text: str) -> None:
    hours = understand_hours(text)
    assert hours is None or (hours[0] != hours[1] and all(0 <= one < DAY for one in hours))


def test_a_change_within_a_day_of_the_start_does_not_wait_for_the_morning() -> None:
    assert urgency(NOON + timedelta(hours=20), NOON) == ANSWER
    assert urgency(NOON + timedelta(hours=30), NOON) == TIMELY


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("10:00–18:00", 600, 1080),
        ("10-6", 600, 1080),
        ("9 to 5", 540, 1020),
        ("8-12", 480, 720),
        ("2-6", 840, 1080),
        ("上午十時至下午六時", 600, 1080),
        ("19:30-22:00", 1170, 1320),
        ("22:00-2:00", 1320, 120),
    ],
)
def test_a_desk_is_open_by_day_wherever_that_may_be_meant(text: str, start: int, end: int) -> None:
    assert understand_open_hours(text) == (start, end)


def test_one_time_is_no_hours() -> None:
    assert understand_open_hours("10:00") is None
