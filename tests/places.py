"""People who ask for places, and what they were told, for tests of decisions."""

import itertools
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot import attendance, jobs, programme
from bot.attendance import Answer
from storage import Database, rsvps
from storage.events import Event
from storage.rsvps import Rsvp
from storage.tables import notices
from tests.conftest import NOON
from tests.making import known_person

_numbers = itertools.count(5000)


async def somebody(database: Database) -> int:
    return (await known_person(database, next(_numbers), now=NOON)).id


async def joined(
    database: Database, event: Event, person_id: int, *, at: datetime = NOON, **wish: Any
) -> Answer:
    async with database.write() as tx:
        return await attendance.join(tx, event.id, person_id, now=at, **wish)


async def arrived(database: Database, event: Event, *, at: datetime = NOON, **wish: Any) -> int:
    """Somebody new who asks for a place; gives who it is."""
    person_id = await somebody(database)
    await joined(database, event, person_id, at=at, **wish)
    return person_id


async def left(database: Database, event: Event, person_id: int, *, at: datetime = NOON) -> Answer:
    async with database.write() as tx:
        return await attendance.leave(tx, event.id, person_id, now=at)


async def rsvp_of(database: Database, event: Event, person_id: int) -> Rsvp:
    async with database.read() as tx:
        found = await rsvps.find(tx, event.id, person_id)
    assert found
    return found


async def states(database: Database, event: Event, *people: int) -> list[str]:
    return [(await rsvp_of(database, event, one)).state for one in people]


async def changed(database: Database, event: Event, *, at: datetime = NOON, **columns: object) -> int:
    """Change the event; gives how many parties moved up."""
    async with database.write() as tx:
        done = await programme.change(tx, event.id, columns, now=at)
    assert done
    return done.moved


async def clock_strikes(database: Database, at: datetime) -> None:
    """Do what is due by then."""
    async with database.write() as tx:
        await jobs.do_due(tx, now=at)


async def told(database: Database, person_id: int) -> list[str]:
    """The kinds of everything the person was told or is still to be told, in order."""
    async with database.read() as tx:
        query = select(notices.c.kind).where(notices.c.person_id == person_id).order_by(notices.c.id)
        return [row.kind for row in await tx.rows(query)]
