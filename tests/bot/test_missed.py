"""What organisers hear of reminders that came to nothing."""

from datetime import datetime, timedelta

from bot import attendance, jobs, missed, reminders
from storage import Database, notices, people
from storage.events import Event
from storage.missed import Missed
from storage.notices import Owed
from tests.conftest import NOON
from tests.making import known_person, published_event


async def organiser(database: Database, telegram_id: int = 9) -> int:
    person = await known_person(database, telegram_id, now=NOON)
    async with database.write() as tx:
        await people.set_role(tx, person.id, "organiser")
    return person.id


async def event_with(database: Database, seated: range, *, starts_in: timedelta) -> Event:
    event = await published_event(database, now=NOON, starts_at=NOON + starts_in, reminders=("2h",))
    for telegram_id in seated:
        person = await known_person(database, telegram_id, now=NOON)
        async with database.write() as tx:
            await attendance.join(tx, event.id, person.id, now=NOON)
    return event


async def beaten(database: Database, *, at: datetime) -> None:
    """What the beat does of it at the instant."""
    async with database.write() as tx:
        await reminders.fire_due(tx, now=at)
        await missed.miss_stale(tx, now=at)
        await jobs.do_due(tx, now=at)


async def told(database: Database, *, at: datetime) -> list[Owed]:
    """The notices that organisers are owed by then; each counts as sent."""
    async with database.write() as tx:
        owed = [one for one in await notices.claim(tx, now=at, limit=1000) if one.kind == missed.NOTICE]
        await notices.settle(tx, [notices.Settled(one, "sent") for one in owed], now=at)
    return owed


async def found(database: Database, notice: Owed) -> list[Missed]:
    since, until = (datetime.fromtimestamp(notice.params[name], NOON.tzinfo) for name in ("since", "until"))
    async with database.read() as tx:
        return await missed.list_missed(tx, since, until)


async def test_down_for_hours_what_is_still_useful_goes_out_and_the_rest_is_told_in_one_notice(
    database: Database,
) -> None:
    boss = await organiser(database)
    begun = await event_with(database, range(50, 53), starts_in=timedelta(hours=3))
    other = await event_with(database, range(53, 54), starts_in=timedelta(hours=4))
    useful = await event_with(database, range(54, 56), starts_in=timedelta(hours=6, minutes=30))
    back = NOON + timedelta(hours=5)
    await beaten(database, at=back)
    async with database.write() as tx:
        sent = [one.event_id for one in await notices.claim(tx, now=back, limit=100)]
    assert sent == [useful.id, useful.id]
    await beaten(database, at=back + timedelta(minutes=2))
    [notice] = await told(database, at=back + timedelta(minutes=2))
    assert notice.person_id == boss
    assert await found(database, notice) == [Missed(begun.id, None, 3), Missed(other.id, None, 1)]


async def test_it_is_not_told_again_when_the_bot_starts_anew(database: Database) -> None:
    await organiser(database)
    await event_with(database, range(50, 51), starts_in=timedelta(hours=3))
    back = NOON + timedelta(hours=5)
    for minutes in (0, 2):
        await beaten(database, at=back + timedelta(minutes=minutes))
    assert len(await told(database, at=back + timedelta(minutes=2))) == 1
    for minutes in (10, 12, 70):
        await beaten(database, at=back + timedelta(minutes=minutes))
        assert await told(database, at=back + timedelta(minutes=minutes)) == []


async def test_who_has_not_been_told_of_the_first_is_told_of_both_in_one(database: Database) -> None:
    await organiser(database)
    first = await event_with(database, range(50, 51), starts_in=timedelta(hours=3))
    second = await event_with(database, range(51, 52), starts_in=timedelta(hours=9))
    for hours in (4, 5, 10, 11):
        await beaten(database, at=NOON + timedelta(hours=hours))
    [notice] = await told(database, at=NOON + timedelta(hours=12))
    assert {one.event_id for one in await found(database, notice)} == {first.id, second.id}


async def test_each_thing_missed_is_told_once(database: Database) -> None:
    await organiser(database)
    first = await event_with(database, range(50, 51), starts_in=timedelta(hours=3))
    second = await event_with(database, range(51, 52), starts_in=timedelta(hours=9))
    for event, hours in ((first, 4), (second, 10)):
        at = NOON + timedelta(hours=hours)
        await beaten(database, at=at)
        await beaten(database, at=at + timedelta(minutes=1))
        [notice] = await told(database, at=at + timedelta(minutes=1))
        assert [one.event_id for one in await found(database, notice)] == [event.id]


async def test_nothing_missed_is_nothing_told(database: Database) -> None:
    await organiser(database)
    await event_with(database, range(50, 51), starts_in=timedelta(hours=6))
    for hours in (4, 5, 7):
        await beaten(database, at=NOON + timedelta(hours=hours))
        async with database.write() as tx:
            for one in await notices.claim(tx, now=NOON + timedelta(hours=hours), limit=10):
                assert one.kind == "event_reminder"
                await notices.settle(tx, [notices.Settled(one, "sent")], now=NOON)
