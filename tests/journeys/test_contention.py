"""Everybody at once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.attendance import join
from storage import Database
from storage.tables import people, rsvps
from tests.conftest import NOON, Amity, amity_running
from tests.making import known_person, published_event
from tests.phone import Phone

MEMBERS, PLACES = 500, 50


@pytest.fixture
async def amity(tmp_path: Path) -> AsyncIterator[Amity]:
    """A bot that is not held to Telegram's thirty a second, as forged presses bring new messages."""
    async with amity_running(tmp_path, send_rate=1000) as started:
        yield started


async def test_five_hundred_press_for_fifty_places_and_exactly_fifty_are_seated(amity: Amity) -> None:
    event = await published_event(amity.database, now=amity.clock.now(), capacity=PLACES)
    phones: list[Phone] = []
    for number in range(MEMBERS):
        phone = await amity.telegram.person(f"Member {number}")
        await known_person(amity.database, phone.id, now=amity.clock.now())
        phones.append(phone)
    # A forged press has no message of the bot's under it: what counts is that five hundred arrive at once.
    queries = await asyncio.gather(*(phone.forge(f"v1:join:{event.id}", 1) for phone in phones))
    answers = await asyncio.gather(*(amity.telegram.answer(query, timeout=60) for query in queries))
    assert all(answers), "everybody is answered"
    async with amity.database.read() as tx:
        rows = await tx.rows(
            select(people.c.telegram_id, rsvps.c.state)
            .join(people, people.c.id == rsvps.c.person_id)
            .where(rsvps.c.event_id == event.id)
            .order_by(rsvps.c.asked_at, rsvps.c.id)
        )
    assert len(rows) == MEMBERS, "nobody is lost and nobody stands there twice"
    states = [row.state for row in rows]
    assert states == ["going"] * PLACES + ["waiting"] * (MEMBERS - PLACES), "the first fifty are seated"


async def test_a_hundred_asking_side_by_side_never_overfill_an_event(database: Database) -> None:
    event = await published_event(database, now=NOON, capacity=10)
    people_there = [await known_person(database, 1000 + number, now=NOON) for number in range(100)]

    async def ask(person_id: int) -> None:
        async with database.write() as tx:
            await join(tx, event.id, person_id, now=NOON)

    await asyncio.gather(*(ask(person.id) for person in people_there))
    async with database.read() as tx:
        rows = await tx.rows(select(rsvps.c.state).where(rsvps.c.event_id == event.id))
    assert sorted(row.state for row in rows) == ["going"] * 10 + ["waiting"] * 90
