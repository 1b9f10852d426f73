"""When people are reminded, and when they are not."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot import attendance, missed, programme, quiet, reminders, shift_changes
from storage import Database, events, notices, people, shifts
from storage.events import Event
from tests.conftest import NOON
from tests.making import known_person, published_event

LONDON = ZoneInfo("Europe/London")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")


async def joined(database: Database, event: Event, telegram_id: int, *, at: datetime = NOON) -> int:
    person = await known_person(database, telegram_id, now=NOON)
    async with database.write() as tx:
        await attendance.join(tx, event.id, person.id, now=at)
    return person.id


async def fired(database: Database, *, at: datetime) -> list[tuple[int | None, str]]:
    """Whom is owed which reminder after a beat at the instant; each is taken and counts as sent."""
    async with database.write() as tx:
        await reminders.fire_due(tx, now=at)
        await missed.miss_stale(tx, now=at)
        owed = [one for one in await notices.claim(tx, now=at, limit=1000) if "reminder" in one.kind]
        await notices.settle(tx, [notices.Settled(one, "sent") for one in owed], now=at)
    return sorted((one.person_id, one.params["before"]) for one in owed)


@pytest.mark.parametrize(
    ("starts", "hours"),
    [
        # Clocks go back on 25 October 2026, and forward on 28 March 2027.
        (datetime(2026, 10, 26, 9, 0, tzinfo=LONDON), 49),
        (datetime(2027, 3, 29, 9, 0, tzinfo=LONDON), 47),
        (datetime(2026, 6, 10, 9, 0, tzinfo=LONDON), 48),
    ],
)
def test_two_days_before_keeps_the_time_on_the_wall(starts: datetime, hours: int) -> None:
    found = reminders.moment(starts.astimezone(UTC), LONDON, "2d")
    assert found.astimezone(LONDON).time() == starts.time()
    assert starts.astimezone(UTC) - found == timedelta(hours=hours)


def test_hours_before_are_counted_as_they_pass() -> None:
    starts = datetime(2026, 10, 25, 9, 0, tzinfo=LONDON)
    found = reminders.moment(starts.astimezone(UTC), LONDON, "12h")
    assert starts.astimezone(UTC) - found == timedelta(hours=12)


def test_a_wall_time_that_does_not_exist_moves_forward() -> None:
    # 01:30 on 28 March 2027 is skipped in London.
    starts = datetime(2027, 3, 29, 1, 30, tzinfo=LONDON).astimezone(UTC)
    found = reminders.moment(starts, LONDON, "1d")
    assert found.astimezone(LONDON) == datetime(2027, 3, 28, 2, 30, tzinfo=LONDON)


def test_a_wall_time_that_comes_twice_is_its_first() -> None:
    # 01:30 on 25 October 2026 comes twice in London; summer time's is the first.
    starts = datetime(2026, 10, 26, 1, 30, tzinfo=LONDON).astimezone(UTC)
    assert reminders.moment(starts, LONDON, "1d") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_change_of_half_an_hour_is_no_different() -> None:
    # Lord Howe Island goes back half an hour on 5 April 2026 at 2:00.
    starts = datetime(2026, 4, 6, 9, 0, tzinfo=LORD_HOWE)
    found = reminders.moment(starts.astimezone(UTC), LORD_HOWE, "2d")
    assert starts.astimezone(UTC) - found == timedelta(hours=48, minutes=30)


@pytest.mark.parametrize("span", ["7w", "d", "", "7"])
def test_what_is_no_span_of_time_is_a_bug(span: str) -> None:
    with pytest.raises((ValueError, IndexError)):
        reminders.moment(NOON, LONDON, span)


async def test_each_moment_reminds_once_however_often_it_is_looked_at(database: Database) -> None:
    event = await published_event(database, now=NOON, starts_at=NOON + timedelta(days=8))
    person = await joined(database, event, 50)
    assert await fired(database, at=NOON + timedelta(hours=23)) == []
    assert await fired(database, at=NOON + timedelta(days=1)) == [(person, "7d")]
    assert await fired(database, at=NOON + timedelta(days=1, seconds=1)) == []
    assert await fired(database, at=NOON + timedelta(days=7)) == [(person, "1d")]
    assert await fired(database, at=NOON + timedelta(days=8, hours=-2)) == [(person, "2h")]
    assert await fired(database, at=NOON + timedelta(days=9)) == []


async def test_a_moment_that_comes_twice_on_the_wall_reminds_once(database: Database) -> None:
    # 2:30 on 4 April 2027 comes twice in Sydney.
    zone = "Australia/Sydney"
    starts = datetime(2027, 4, 5, 2, 30, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    event = await published_event(database, now=NOON, starts_at=starts, zone=zone, reminders=("1d",))
    person = await joined(database, event, 50)
    first = reminders.moment(starts, ZoneInfo(zone), "1d")
    assert await fired(database, at=first) == [(person, "1d")]
    assert await fired(database, at=first + timedelta(hours=1)) == []


async def test_moving_the_event_moves_its_reminders(database: Database) -> None:
    event = await published_event(
        database, now=NOON, starts_at=NOON + timedelta(days=3), reminders=("1d", "2h")
    )
    person = await joined(database, event, 50)
    later = event.starts_at + timedelta(days=2)
    async with database.write() as tx:
        await programme.change(
            tx, event.id, {"starts_at": later, "ends_at": later + timedelta(hours=2)}, now=NOON
        )
    assert await fired(database, at=NOON + timedelta(days=2)) == []
    assert await fired(database, at=later - timedelta(days=1)) == [(person, "1d")]


async def test_a_moment_that_is_past_once_the_event_moved_is_not_sent_late(database: Database) -> None:
    event = await published_event(
        database, now=NOON, starts_at=NOON + timedelta(days=3), reminders=("1d", "2h")
    )
    person = await joined(database, event, 50)
    sooner = NOON + timedelta(hours=5)
    async with database.write() as tx:
        await programme.change(
            tx, event.id, {"starts_at": sooner, "ends_at": sooner + timedelta(hours=2)}, now=NOON
        )
    assert await fired(database, at=NOON + timedelta(minutes=1)) == []
    assert await fired(database, at=sooner - timedelta(hours=2)) == [(person, "2h")]


async def test_a_reminder_of_the_old_time_that_was_not_sent_yet_is_taken_back(database: Database) -> None:
    event = await published_event(database, now=NOON, starts_at=NOON + timedelta(days=3), reminders=("1d",))
    person = await joined(database, event, 50)
    due = NOON + timedelta(days=2)
    async with database.write() as tx:
        await reminders.fire_due(tx, now=due)
        later = event.starts_at + timedelta(days=1)
        await programme.change(
            tx, event.id, {"starts_at": later, "ends_at": later + timedelta(hours=2)}, now=due
        )
        owed = await notices.claim(tx, now=due, limit=10)
    assert [one.kind for one in owed] == ["event_changed"]
    # And a day before the new time, it comes again: a new time is a new occasion.
    assert await fired(database, at=due + timedelta(days=1)) == [(person, "1d")]


async def test_who_registered_after_the_moment_does_not_get_it(database: Database) -> None:
    event = await published_event(database, now=NOON, starts_at=NOON + timedelta(days=2), reminders=("1d",))
    early = await joined(database, event, 50, at=NOON + timedelta(hours=23))
    # The beat was late, and somebody came in between.
    await joined(database, event, 51, at=NOON + timedelta(hours=24, seconds=1))
    assert await fired(database, at=NOON + timedelta(hours=24, seconds=5)) == [(early, "1d")]


async def test_who_waits_has_left_or_mutes_reminders_gets_none(database: Database) -> None:
    event = await published_event(
        database, now=NOON, starts_at=NOON + timedelta(days=2), capacity=3, reminders=("1d",)
    )
    stays, leaves, mutes = [await joined(database, event, number) for number in (50, 51, 52)]
    async with database.write() as tx:
        await attendance.leave(tx, event.id, leaves, now=NOON)
        await people.mute(tx, mutes, "events")
        await programme.change(tx, event.id, {"capacity": 2}, now=NOON)
    await joined(database, event, 53)
    assert await fired(database, at=NOON + timedelta(days=1)) == [(stays, "1d")]


async def test_a_cancelled_event_sends_no_ordinary_reminder(database: Database) -> None:
    event = await published_event(database, now=NOON, starts_at=NOON + timedelta(days=2))
    await joined(database, event, 50)
    async with database.write() as tx:
        await programme.cancel(tx, event.id, now=NOON)
    assert await fired(database, at=NOON + timedelta(days=1)) == []


async def test_an_event_on_hold_reminds_nobody_of_itself_or_its_shifts(database: Database) -> None:
    event = await published_event(database, now=NOON, starts_at=NOON + timedelta(days=2), reminders=("1d",))
    await joined(database, event, 50)
    helper = await known_person(database, 51, now=NOON)
    async with database.write() as tx:
        shift = await shift_changes.add(
            tx,
            event,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            places=1,
            roles={"en": "Usher"},
            now=NOON,
        )
        await shifts.put_signup(tx, shift.id, helper.id, state="taken", now=NOON)
        await events.change(tx, event.id, now=NOON, held_at=NOON, held_because="weather")
    assert await fired(database, at=NOON + timedelta(days=1)) == []


async def test_other_moments_take_back_nothing_that_waits_for_the_morning(database: Database) -> None:
    event = await published_event(database, now=NOON, starts_at=NOON + timedelta(days=2), reminders=("1d",))
    person = await joined(database, event, 50)
    due = NOON + timedelta(days=1)
    async with database.write() as tx:
        await reminders.fire_due(tx, now=due)
        await programme.change(tx, event.id, {"reminders": ("1d", "2h")}, now=due)
    assert await fired(database, at=due) == [(person, "1d")]


async def test_after_hours_of_silence_only_what_is_still_useful_goes_out_once(database: Database) -> None:
    event = await published_event(database, now=NOON, starts_at=NOON + timedelta(days=8))
    begun = await published_event(database, now=NOON, starts_at=NOON + timedelta(days=5))
    person = await joined(database, event, 50)
    await joined(database, begun, 51)
    # Down from before the first moment until half an hour before the event.
    back = event.starts_at - timedelta(minutes=30)
    assert await fired(database, at=back) == [(person, "2h")]
    assert await fired(database, at=back) == []


async def test_even_when_more_is_due_than_one_beat_takes(database: Database) -> None:
    count = reminders.AT_ONCE // 2 + 5
    found = [
        await published_event(database, now=NOON, starts_at=NOON + timedelta(days=8)) for _ in range(count)
    ]
    person = await joined(database, found[0], 50)
    async with database.write() as tx:
        for event in found[1:]:
            await attendance.join(tx, event.id, person, now=NOON)
    back = NOON + timedelta(days=7, hours=1)
    sent = []
    for _ in range(5):
        sent += await fired(database, at=back)
    assert sent == [(person, "1d")] * count


async def test_a_shift_is_reminded_of_like_an_event(database: Database) -> None:
    event = await published_event(database, now=NOON, starts_at=NOON + timedelta(days=3))
    helper, late = [await known_person(database, number, now=NOON) for number in (50, 51)]
    starts = event.starts_at - timedelta(hours=1)
    async with database.write() as tx:
        shift_id = await shifts.add(
            tx, event.id, starts_at=starts, ends_at=event.ends_at, places=2, roles={"en": "Usher"}
        )
        await reminders.plan_shift(tx, shift_id, starts, event.zone, ("1d", "2h"), now=NOON)
        await shifts.put_signup(tx, shift_id, helper.id, state="taken", now=NOON)
        await shifts.put_signup(
            tx, shift_id, late.id, state="taken", now=starts - timedelta(days=1, seconds=-1)
        )
    assert await fired(database, at=starts - timedelta(hours=23)) == [(helper.id, "1d")]
    async with database.write() as tx:
        await shift_changes.cancel(tx, shift_id, now=starts - timedelta(hours=20))
    assert await fired(database, at=starts - timedelta(hours=2)) == []


def test_quiet_hours_end_in_the_morning_and_may_span_midnight() -> None:
    home = ZoneInfo("Asia/Hong_Kong")
    night = (22 * 60, 8 * 60)
    evening = datetime(2026, 11, 22, 23, 0, tzinfo=home)
    morning = datetime(2026, 11, 23, 8, 0, tzinfo=home)
    assert quiet.quiet_ends(evening, night, home) == morning
    assert quiet.quiet_ends(evening + timedelta(hours=5), night, home) == morning
    assert quiet.quiet_ends(morning, night, home) is None
    assert quiet.quiet_ends(evening - timedelta(hours=1, minutes=1), night, home) is None
