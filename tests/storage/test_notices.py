"""What the bot owes people, from being owed to being settled."""

from datetime import timedelta

from bot.attendance import join
from storage import Database, notices, owing, people
from storage.events import Event
from storage.notices import Postponed, Settled
from storage.owing import NEWS
from storage.people import Person
from tests.conftest import NOON
from tests.making import known_person, published_event

HOUR = timedelta(hours=1)


async def seated(database: Database, event: Event, telegram_id: int) -> Person:
    person = await known_person(database, telegram_id, now=NOON)
    async with database.write() as tx:
        await join(tx, event.id, person.id, now=NOON)
    return person


async def remind(database: Database, event: Event) -> int:
    async with database.write() as tx:
        return await owing.owe_seated(
            tx,
            event.id,
            "event_reminder",
            occasion="x",
            seated_by=NOON,
            due_at=NOON,
            useful_until=event.starts_at,
            params={"before": "1d"},
        )


async def test_the_same_occasion_is_owed_once(database: Database) -> None:
    person = await known_person(database, 5, now=NOON)
    for _ in range(2):
        async with database.write() as tx:
            await owing.owe_person(tx, person.id, "seat_freed", occasion="one", due_at=NOON)
    async with database.write() as tx:
        assert len(await notices.claim(tx, now=NOON, limit=10)) == 1


async def test_everyone_seated_is_owed_one_reminder_however_often_it_is_asked(database: Database) -> None:
    event = await published_event(database, now=NOON)
    for number in range(3):
        await seated(database, event, 10 + number)
    assert await remind(database, event) == 3
    assert await remind(database, event) == 0


async def test_who_muted_events_is_owed_no_reminder(database: Database) -> None:
    event = await published_event(database, now=NOON)
    person = await seated(database, event, 10)
    async with database.write() as tx:
        await people.mute(tx, person.id, "events")
    assert await remind(database, event) == 0


async def test_what_is_claimed_is_not_claimed_again_until_it_is_postponed(database: Database) -> None:
    person = await known_person(database, 5, now=NOON)
    async with database.write() as tx:
        await owing.owe_person(tx, person.id, "seat_freed", occasion="one", due_at=NOON)
    async with database.write() as tx:
        [claimed] = await notices.claim(tx, now=NOON, limit=10)
    assert claimed.chat_id == 5
    async with database.write() as tx:
        assert await notices.claim(tx, now=NOON, limit=10) == []
        await notices.postpone(tx, [Postponed(claimed, NOON + HOUR)])
    async with database.write() as tx:
        assert await notices.claim(tx, now=NOON, limit=10) == []
        assert len(await notices.claim(tx, now=NOON + HOUR, limit=10)) == 1


async def test_answers_go_before_news(database: Database) -> None:
    person = await known_person(database, 5, now=NOON)
    async with database.write() as tx:
        await owing.owe_person(tx, person.id, "broadcast", occasion="n", due_at=NOON, rank=NEWS)
        await owing.owe_person(tx, person.id, "seat_freed", occasion="a", due_at=NOON)
    async with database.write() as tx:
        assert [one.kind for one in await notices.claim(tx, now=NOON, limit=10)] == [
            "seat_freed",
            "broadcast",
        ]


async def test_after_a_crash_news_is_unknown_and_the_rest_is_owed_again(database: Database) -> None:
    person = await known_person(database, 5, now=NOON)
    async with database.write() as tx:
        await owing.owe_person(tx, person.id, "broadcast", occasion="n", due_at=NOON, rank=NEWS)
        await owing.owe_person(tx, person.id, "seat_freed", occasion="a", due_at=NOON)
        await notices.claim(tx, now=NOON, limit=10)
    async with database.write() as tx:
        await notices.recover(tx, now=NOON)
    async with database.read() as tx:
        assert await notices.list_states(tx, ["n", "a"]) == {"n": "unknown", "a": "owed"}


async def test_what_is_settled_keeps_nothing_of_what_it_said(database: Database) -> None:
    person = await known_person(database, 5, now=NOON)
    async with database.write() as tx:
        await owing.owe_person(tx, person.id, "x", occasion="a", due_at=NOON, params={"said": "secret"})
        [claimed] = await notices.claim(tx, now=NOON, limit=1)
        await notices.settle(tx, [Settled(claimed, "sent", messages=(9,))], now=NOON)
        await notices.postpone(tx, [Postponed(claimed, NOON)])
    async with database.read() as tx:
        assert await notices.list_states(tx, ["a"]) == {"a": "sent"}


async def test_what_is_of_no_use_any_more_is_missed(database: Database) -> None:
    event = await published_event(database, now=NOON)
    await seated(database, event, 10)
    await remind(database, event)
    async with database.write() as tx:
        assert await notices.miss_stale(tx, now=event.starts_at - HOUR) == 0
        assert await notices.miss_stale(tx, now=event.starts_at + HOUR) == 1
