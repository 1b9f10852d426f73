"""Being reminded once more: when, how often, and when not."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot import attendance, programme, reminders, snoozing
from bot.language import HK
from bot.snoozing import Again, Answer, Choice, NothingAhead, TooLate
from storage import Database, events, notices, people
from storage import reminders as reminder_rows
from storage.events import Event
from storage.reminders import Subject
from tests.conftest import NOON
from tests.making import known_person, published_event

LONDON = ZoneInfo("Europe/London")


async def seated(database: Database, *, starts_in: timedelta, telegram_id: int = 50) -> tuple[Event, int]:
    event = await published_event(database, now=NOON, starts_at=NOON + starts_in, reminders=("1d",))
    person = await known_person(database, telegram_id, now=NOON)
    async with database.write() as tx:
        await attendance.join(tx, event.id, person.id, now=NOON)
    return event, person.id


async def snoozed(
    database: Database, event: Event, person: int, choice: Choice, *, now: datetime = NOON
) -> Answer:
    async with database.write() as tx:
        subjects = [Subject("event", event.id)]
        return await snoozing.snooze(tx, person, subjects, choice, now=now, home=HK)


async def due(database: Database, *, at: datetime) -> list[int | None]:
    """Who is reminded by then; each counts as sent."""
    async with database.write() as tx:
        owed = [one for one in await notices.claim(tx, now=at, limit=100) if one.kind == "event_reminder"]
        await notices.settle(tx, [notices.Settled(one, "sent") for one in owed], now=at)
    return [one.person_id for one in owed]


def test_tomorrow_at_nine_is_by_the_clock_on_the_wall() -> None:
    evening = datetime(2026, 10, 24, 22, 0, tzinfo=LONDON).astimezone(UTC)
    found = snoozing.instant("morning", now=evening, home=LONDON)
    # The clocks go back that night.
    assert found == datetime(2026, 10, 25, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ahead", "choices"),
    [
        (timedelta(days=3), ["hour", "morning"]),
        (timedelta(hours=2), ["hour"]),
        (timedelta(hours=1, minutes=5), []),
        (timedelta(minutes=5), []),
    ],
)
def test_only_what_comes_in_time_is_offered(ahead: timedelta, choices: list[Choice]) -> None:
    assert snoozing.offer(NOON + ahead, now=NOON, home=HK) == choices


async def test_the_reminder_comes_again_once(database: Database) -> None:
    event, person = await seated(database, starts_in=timedelta(hours=20))
    answer = await snoozed(database, event, person, "hour")
    assert answer == Again(NOON + timedelta(hours=1))
    assert await due(database, at=NOON + timedelta(minutes=59)) == []
    assert await due(database, at=NOON + timedelta(hours=1)) == [person]
    assert await due(database, at=NOON + timedelta(hours=3)) == []


async def test_two_taps_make_one_reminder(database: Database) -> None:
    event, person = await seated(database, starts_in=timedelta(hours=20))
    for seconds in (0, 0, 2, 30):
        await snoozed(database, event, person, "hour", now=NOON + timedelta(seconds=seconds))
    assert await due(database, at=NOON + timedelta(hours=2)) == [person]


async def test_another_choice_takes_the_place_of_the_first(database: Database) -> None:
    event, person = await seated(database, starts_in=timedelta(days=5))
    await snoozed(database, event, person, "hour")
    await snoozed(database, event, person, "morning")
    assert await due(database, at=NOON + timedelta(hours=2)) == []
    assert await due(database, at=NOON + timedelta(days=1)) == [person]


async def test_it_can_be_put_off_again_after_it_came(database: Database) -> None:
    event, person = await seated(database, starts_in=timedelta(hours=20))
    for hours in (0, 1, 2):
        now = NOON + timedelta(hours=hours)
        await snoozed(database, event, person, "hour", now=now)
        assert await due(database, at=now + timedelta(hours=1)) == [person]


async def test_it_never_comes_when_it_is_of_no_use_any_more(database: Database) -> None:
    event, person = await seated(database, starts_in=timedelta(hours=20))
    late = event.starts_at - timedelta(minutes=30)
    assert await snoozed(database, event, person, "hour", now=late) == TooLate()
    assert await snoozed(database, event, person, "hour", now=event.starts_at) == NothingAhead()
    assert await due(database, at=event.starts_at + timedelta(hours=2)) == []


async def test_moving_the_event_ends_it(database: Database) -> None:
    event, person = await seated(database, starts_in=timedelta(days=5))
    await snoozed(database, event, person, "morning")
    later = event.starts_at + timedelta(days=1)
    async with database.write() as tx:
        changes = {"starts_at": later, "ends_at": later + timedelta(hours=1)}
        await programme.change(tx, event.id, changes, now=NOON)
    assert await due(database, at=NOON + timedelta(days=2)) == []


async def test_cancelling_the_event_ends_it(database: Database) -> None:
    event, person = await seated(database, starts_in=timedelta(days=5))
    await snoozed(database, event, person, "morning")
    async with database.write() as tx:
        await programme.cancel(tx, event.id, now=NOON)
    assert await due(database, at=NOON + timedelta(days=2)) == []
    assert await snoozed(database, event, person, "hour") == NothingAhead()


async def test_an_event_on_hold_is_not_put_off(database: Database) -> None:
    event, person = await seated(database, starts_in=timedelta(days=5))
    async with database.write() as tx:
        await events.change(tx, event.id, now=NOON, held_at=NOON, held_because="weather")
    assert await snoozed(database, event, person, "hour") == NothingAhead()


async def test_nobody_is_reminded_of_what_is_not_theirs(database: Database) -> None:
    event, _ = await seated(database, starts_in=timedelta(days=5))
    stranger = await known_person(database, 51, now=NOON)
    assert await snoozed(database, event, stranger.id, "hour") == NothingAhead()
    async with database.write() as tx:
        forged = [Subject("event", 2**62), Subject("shift", 77)]
        answer = await snoozing.snooze(tx, stranger.id, forged, "hour", now=NOON, home=HK)
    assert answer == NothingAhead()
    assert await due(database, at=NOON + timedelta(days=1)) == []


async def test_it_can_be_taken_back_and_the_usual_reminders_stay(database: Database) -> None:
    event, person = await seated(database, starts_in=timedelta(days=2))
    await snoozed(database, event, person, "hour")
    async with database.write() as tx:
        await snoozing.give_up(tx, person, [Subject("event", event.id)])
        await snoozing.give_up(tx, person, [Subject("event", event.id)])
    assert await due(database, at=NOON + timedelta(hours=2)) == []
    async with database.write() as tx:
        await reminders.fire_due(tx, now=NOON + timedelta(days=1))
    assert await due(database, at=NOON + timedelta(days=1)) == [person]


async def test_whoever_wants_no_reminders_any_more_gets_none_that_was_on_its_way(database: Database) -> None:
    event, person = await seated(database, starts_in=timedelta(days=2))
    await snoozed(database, event, person, "hour")
    async with database.write() as tx:
        await reminders.fire_due(tx, now=NOON + timedelta(days=1))
        await people.mute(tx, person, "events")
        await reminder_rows.cancel_owed_to(tx, person, "event")
    assert await due(database, at=NOON + timedelta(days=1)) == []
