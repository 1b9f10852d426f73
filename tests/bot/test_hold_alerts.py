"""What is still on hold close to its start: when those who can decide are told so, and how often."""

from datetime import datetime, timedelta

from bot import hold_alerts, holds, jobs, programme
from storage import Database, notices, people
from storage.events import Event
from storage.people import Person
from tests.conftest import NOON
from tests.making import known_person, published_event


async def organiser(database: Database, number: int = 77) -> Person:
    person = await known_person(database, number, now=NOON)
    async with database.write() as tx:
        await people.set_role(tx, person.id, "organiser")
    return person


async def held_event(database: Database, boss: Person, *, hours: float = 5) -> Event:
    event = await published_event(database, now=NOON, starts_at=NOON + timedelta(hours=hours))
    async with database.write() as tx:
        await holds.hold(tx, [event.id], "typhoon8", actor_id=boss.id, now=NOON)
    return event


async def told(database: Database, now: datetime) -> list[int | None]:
    """Who is told by then that something is not decided, once what is due has been done."""
    async with database.write() as tx:
        await jobs.do_due(tx, now=now)
        claimed = await notices.claim(tx, now=now, limit=100)
    return [one.person_id for one in claimed if one.kind == hold_alerts.NOTICE]


async def test_what_is_still_on_hold_is_told_once_before_its_start_and_once_at_it(database: Database) -> None:
    boss, other = await organiser(database), await organiser(database, 78)
    event = await held_event(database, boss)
    ahead = event.starts_at - hold_alerts.AHEAD
    assert await told(database, ahead - timedelta(seconds=1)) == []
    assert await told(database, ahead) == [boss.id, other.id]
    assert await told(database, ahead + timedelta(hours=1)) == []
    assert await told(database, event.starts_at) == [boss.id, other.id]
    assert await told(database, event.ends_at) == []


async def test_nobody_is_told_right_after_putting_it_on_hold(database: Database) -> None:
    boss = await organiser(database)
    await held_event(database, boss, hours=2.25)
    assert await told(database, NOON + timedelta(minutes=29)) == []
    assert await told(database, NOON + timedelta(minutes=30)) == [boss.id]
    late = await held_event(database, boss, hours=0.25)
    assert await told(database, late.starts_at) == [boss.id]


async def test_what_is_decided_is_told_no_more(database: Database) -> None:
    boss = await organiser(database)
    resumed, cancelled, moved = [await held_event(database, boss) for _ in range(3)]
    async with database.write() as tx:
        await holds.resume(tx, [resumed.id], actor_id=boss.id, now=NOON)
        await programme.cancel(tx, cancelled.id, actor_id=boss.id, now=NOON)
        await holds.put_off(tx, [moved.id], timedelta(hours=1), actor_id=boss.id, now=NOON)
    assert await told(database, NOON + timedelta(hours=5.5)) == []


async def test_events_to_be_decided_at_the_same_moment_are_told_in_one(database: Database) -> None:
    boss = await organiser(database)
    first, _ = await held_event(database, boss, hours=4), await held_event(database, boss, hours=4)
    # The third has its hour before the start when the others begin.
    await held_event(database, boss, hours=6)
    assert await told(database, first.starts_at - hold_alerts.AHEAD) == [boss.id]
    assert await told(database, first.starts_at) == [boss.id]


async def test_after_hours_of_silence_it_is_told_once(database: Database) -> None:
    boss = await organiser(database)
    event = await held_event(database, boss)
    assert await told(database, event.starts_at + timedelta(minutes=30)) == [boss.id]
    assert await told(database, event.starts_at + timedelta(minutes=31)) == []


async def test_what_is_put_on_hold_again_is_told_again(database: Database) -> None:
    boss = await organiser(database)
    event = await held_event(database, boss)
    async with database.write() as tx:
        await holds.resume(tx, [event.id], actor_id=boss.id, now=NOON)
        again = NOON + timedelta(hours=4)
        await holds.hold(tx, [event.id], "blackrain", actor_id=boss.id, now=again)
    assert await told(database, again + hold_alerts.AFTER_HOLD) == [boss.id]
