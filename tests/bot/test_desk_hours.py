"""When the desk is open, by the association's clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import desk_hours
from bot.desk_hours import DeskHours
from bot.language import HK
from storage import Database
from tests.conftest import NOON
from tests.making import known_person

LONDON = ZoneInfo("Europe/London")
USUAL = DeskHours()


def hk(day: int, hour: int, minute: int = 0) -> datetime:
    """In November 2026, of which the 2nd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=HK)


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        (hk(2, 9, 59), False),
        (hk(2, 10), True),
        (hk(2, 17, 59), True),
        (hk(2, 18), False),
        (hk(7, 12), False),
        (hk(8, 12), False),
    ],
)
def test_it_is_open_on_its_days_from_its_hour_until_its_hour(now: datetime, is_open: bool) -> None:
    assert USUAL.is_open(now, HK) is is_open


def test_a_question_on_friday_night_is_read_on_monday() -> None:
    assert USUAL.next_opening(hk(6, 20), HK) == hk(9, 10)
    assert USUAL.next_opening(hk(6, 12), HK) == hk(6, 12)


def test_waiting_counts_while_the_desk_is_open() -> None:
    four = timedelta(hours=4)
    assert USUAL.after(hk(2, 10), four, HK) == hk(2, 14)
    assert USUAL.after(hk(2, 16), four, HK) == hk(3, 12)
    assert USUAL.after(hk(6, 16), four, HK) == hk(9, 12)
    assert USUAL.after(hk(7, 3), four, HK) == hk(9, 14)


def test_waiting_may_take_longer_than_a_week_of_open_hours() -> None:
    one_hour_on_mondays = DeskHours((0,), 600, 660)
    assert one_hour_on_mondays.after(hk(2, 10), timedelta(hours=3), HK) == hk(16, 11)


def test_a_desk_that_never_opens_reminds_of_nothing() -> None:
    assert DeskHours(days=()).next_opening(hk(2, 10), HK) is None
    assert DeskHours(days=()).after(hk(2, 10), timedelta(hours=1), HK) is None


def test_a_desk_may_be_open_past_midnight() -> None:
    late = DeskHours((4,), 20 * 60, 2 * 60)
    assert late.is_open(hk(7, 1), HK)
    assert not late.is_open(hk(8, 1), HK)
    assert late.after(hk(6, 23), timedelta(hours=2), HK) == hk(7, 1)


def test_a_change_of_clocks_moves_no_opening_hour() -> None:
    # In London the clocks go back on Sunday 25 October 2026.
    every_day = DeskHours(tuple(range(7)), 10 * 60, 18 * 60)
    before = datetime(2026, 10, 24, 17, tzinfo=LONDON)
    assert every_day.after(before, timedelta(hours=2), LONDON) == datetime(2026, 10, 25, 11, tzinfo=LONDON)
    night = DeskHours(tuple(range(7)), 0, 6 * 60)
    opens = datetime(2026, 10, 25, 0, tzinfo=LONDON).astimezone(UTC)
    # Its six hours on the wall are seven that pass.
    assert night.after(opens, timedelta(hours=7), LONDON) == opens + timedelta(hours=7)


@given(
    st.integers(0, 60 * 24 * 400),
    st.integers(1, 3000),
    st.sampled_from([USUAL, DeskHours((5, 6), 1200, 120), DeskHours((2,), 0, 1439)]),
)
def test_who_waits_longer_is_never_due_sooner(start: int, span: int, hours: DeskHours) -> None:
    since = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=start)
    due = hours.after(since, timedelta(minutes=span), LONDON)
    later = hours.after(since, timedelta(minutes=span + 1), LONDON)
    assert due is not None
    assert later is not None
    assert since + timedelta(minutes=span) <= due < later


async def test_hours_are_kept_as_they_were_set(database: Database) -> None:
    person = await known_person(database, 1, now=NOON)
    own = DeskHours((0, 5), 540, 780, 60)
    async with database.write() as tx:
        assert await desk_hours.read(tx) == USUAL
        await desk_hours.write(tx, own, actor_id=person.id, now=NOON)
        assert await desk_hours.read(tx) == own
