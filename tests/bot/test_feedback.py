"""Who is asked how an event was, when, and what may still be changed."""

from collections.abc import Collection
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot import attendance, door, feedback, jobs, programme
from bot.door import Crew
from bot.feedback import Noted, NotForYou, TooLate
from storage import Database, notices, people
from storage import feedback as rows
from storage.events import Event
from storage.people import Person
from tests.conftest import NOON
from tests.making import known_person, published_event

START = NOON + timedelta(hours=1)
HK = ZoneInfo("Asia/Hong_Kong")


async def going(database: Database, event: Event, *numbers: int) -> list[Person]:
    found = []
    for number in numbers:
        person = await known_person(database, number, now=NOON)
        async with database.write() as tx:
            await attendance.join(tx, event.id, person.id, now=NOON)
        found.append(person)
    return found


async def came(database: Database, event: Event, *who: Person) -> None:
    crew = Crew((await known_person(database, 500, now=NOON)).id, organises=True)
    async with database.write() as tx:
        for person in who:
            await door.check_in(tx, crew, event, person.id, how="list", at=NOON, now=NOON)


async def asked(database: Database, event: Event, now: datetime) -> set[int | None]:
    """The people who are owed the question once what is due has been done."""
    async with database.write() as tx:
        await jobs.do_due(tx, now=now)
        claimed = await notices.claim(tx, now=now, limit=100)
    return {one.person_id for one in claimed if one.kind == "feedback"}


def ids(who: Collection[Person]) -> set[int]:
    return {person.id for person in who}


async def test_those_who_came_are_asked_and_no_shows_hear_nothing(database: Database) -> None:
    event = await published_event(database, now=NOON, starts_at=START)
    here, _missing = await going(database, event, 11, 12)
    await came(database, event, here)
    assert await asked(database, event, event.ends_at + timedelta(minutes=59)) == set()
    due = event.ends_at + timedelta(hours=1)
    assert await asked(database, event, due) == {here.id}
    assert await asked(database, event, due + timedelta(hours=1)) == set()


async def test_where_nobody_was_checked_in_everybody_seated_is_asked(database: Database) -> None:
    event = await published_event(database, now=NOON, starts_at=START, capacity=2)
    first, second, _waiting = await going(database, event, 11, 12, 13)
    assert await asked(database, event, event.ends_at + timedelta(hours=1)) == ids([first, second])


async def test_who_muted_events_is_not_asked(database: Database) -> None:
    event = await published_event(database, now=NOON, starts_at=START)
    first, second = await going(database, event, 11, 12)
    async with database.write() as tx:
        await people.mute(tx, second.id, "events")
    assert await asked(database, event, event.ends_at + timedelta(hours=1)) == {first.id}


async def test_a_cancelled_event_and_one_without_feedback_ask_nobody(database: Database) -> None:
    cancelled = await published_event(database, now=NOON, starts_at=START)
    silent = await published_event(database, now=NOON, starts_at=START, feedback=False)
    await going(database, cancelled, 11)
    await going(database, silent, 12)
    async with database.write() as tx:
        await programme.cancel(tx, cancelled.id, now=NOON)
    assert await asked(database, cancelled, cancelled.ends_at + timedelta(hours=1)) == set()


async def test_a_moved_event_asks_after_its_new_end(database: Database) -> None:
    event = await published_event(database, now=NOON, starts_at=START)
    (ming,) = await going(database, event, 11)
    later = {"starts_at": START + timedelta(hours=2), "ends_at": event.ends_at + timedelta(hours=2)}
    async with database.write() as tx:
        await programme.change(tx, event.id, later, now=NOON)
    assert await asked(database, event, event.ends_at + timedelta(hours=1)) == set()
    assert await asked(database, event, event.ends_at + timedelta(hours=3)) == {ming.id}


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ("2026-11-22 17:00", "2026-11-22 18:00"),
        ("2026-11-22 20:15", "2026-11-22 21:15"),
        ("2026-11-22 20:30", "2026-11-23 10:00"),
        ("2026-11-22 23:30", "2026-11-23 10:00"),
        ("2026-11-23 03:00", "2026-11-23 10:00"),
        ("2026-11-23 07:59", "2026-11-23 10:00"),
        ("2026-11-23 08:00", "2026-11-23 09:00"),
    ],
)
async def test_nobody_is_asked_at_night(database: Database, ends: str, expected: str) -> None:
    ends_at = datetime.fromisoformat(ends).replace(tzinfo=HK)
    event = await published_event(database, now=NOON, starts_at=ends_at - timedelta(hours=1), ends_at=ends_at)
    assert feedback.due_at(event).astimezone(HK).strftime("%Y-%m-%d %H:%M") == expected


async def test_an_answer_can_be_changed_for_two_weeks(database: Database) -> None:
    event = await published_event(database, now=NOON, starts_at=START)
    (ming,) = await going(database, event, 11)
    last = event.ends_at + timedelta(days=14)
    async with database.write() as tx:
        assert await feedback.rate(tx, event.id, ming.id, 4, now=START) == NotForYou()
        assert await feedback.comment(tx, event.id, ming.id, "Good", now=event.ends_at) == NotForYou()
        assert isinstance(await feedback.rate(tx, event.id, ming.id, 4, now=event.ends_at), Noted)
        noted = await feedback.comment(tx, event.id, ming.id, "Good", now=event.ends_at)
        assert noted == Noted(event, 4, "Good")
        assert await feedback.rate(tx, event.id, ming.id, 5, now=last) == Noted(event, 5, "Good")
        late = await feedback.rate(tx, event.id, ming.id, 1, now=last + timedelta(seconds=1))
        assert isinstance(late, TooLate)
        for score in (0, 6, -1, 10**9):
            assert await feedback.rate(tx, event.id, ming.id, score, now=last) == NotForYou()
        assert await rows.count_scores(tx, event.id) == {5: 1}


async def test_who_did_not_come_has_no_say(database: Database) -> None:
    event = await published_event(database, now=NOON, starts_at=START)
    here, missing = await going(database, event, 11, 12)
    await came(database, event, here)
    async with database.write() as tx:
        assert await feedback.rate(tx, event.id, missing.id, 1, now=event.ends_at) == NotForYou()
        assert await feedback.rate(tx, 999, here.id, 1, now=event.ends_at) == NotForYou()


async def test_the_average_counts_every_answer_once(database: Database) -> None:
    event = await published_event(database, now=NOON, starts_at=START)
    who = await going(database, event, 11, 12, 13)
    async with database.write() as tx:
        for person, score in zip(who, (5, 4, 4), strict=True):
            await feedback.rate(tx, event.id, person.id, score, now=event.ends_at)
            await feedback.rate(tx, event.id, person.id, score, now=event.ends_at)
        summary = await feedback.summarise(tx, event.id)
    assert summary.answers == 3
    assert summary.average == pytest.approx(13 / 3)
    assert summary.scores == {5: 1, 4: 2}
