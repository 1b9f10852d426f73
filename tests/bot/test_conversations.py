"""What was last spoken of is known for half an hour, then forgotten; it goes with person and event."""

from datetime import timedelta

import pytest

from bot import conversations, privacy
from storage import Database
from storage import conversations as rows
from storage.tables import events
from tests.conftest import NOON
from tests.making import known_person, published_event

HALF = timedelta(minutes=30)


async def test_it_is_forgotten_after_half_an_hour_and_then_deleted(database: Database) -> None:
    person = await known_person(database, 5, now=NOON)
    async with database.write() as tx:
        await conversations.note_topic(tx, person.id, "q1", now=NOON)
        assert await conversations.recall(tx, person.id, now=NOON + HALF - timedelta(seconds=1))
        assert await conversations.recall(tx, person.id, now=NOON + HALF) is None
        assert await rows.find(tx, person.id)
        await conversations.forget_old(tx, now=NOON + HALF + timedelta(seconds=1))
        assert await rows.find(tx, person.id) is None


async def test_the_last_thing_spoken_of_counts(database: Database) -> None:
    person = await known_person(database, 5, now=NOON)
    event = await published_event(database, now=NOON)
    async with database.write() as tx:
        await conversations.note_topic(tx, person.id, "q1", now=NOON)
        await conversations.note_event(tx, person.id, event.id, aspects=("when", "where"), now=NOON)
        found = await conversations.recall(tx, person.id, now=NOON)
    assert found is not None
    assert (found.topic_id, found.event_id, found.aspects) == (None, event.id, "when.where")


@pytest.mark.parametrize("gone", ["person", "event"])
async def test_it_goes_with_the_person_and_with_the_event(database: Database, gone: str) -> None:
    person = await known_person(database, 5, now=NOON)
    event = await published_event(database, now=NOON)
    async with database.write() as tx:
        await conversations.note_event(tx, person.id, event.id, now=NOON)
        if gone == "person":
            await privacy.forget(tx, person, now=NOON)
        else:
            await tx.run(events.delete().where(events.c.id == event.id))
        assert await rows.find(tx, person.id) is None
