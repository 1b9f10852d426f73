"""Letting two decide at the same moment."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from typing import Any

from bot import attendance
from storage import Database, Transaction
from storage.events import Event
from storage.people import Person
from tests.conftest import NOON
from tests.making import known_person

# Long enough for the second to come to where it waits for the first, or to pass where it needn't.
MOMENT = 0.1
_numbers = itertools.count(8000)

Act = Callable[[Transaction], Awaitable[Any]]


async def person(database: Database) -> Person:
    return await known_person(database, next(_numbers), now=NOON)


async def seated(database: Database, event: Event) -> Person:
    found = await person(database)
    async with database.write() as tx:
        await attendance.join(tx, event.id, found.id, now=NOON)
    return found


async def alone(database: Database, act: Act) -> Any:
    async with database.write() as tx:
        return await act(tx)


async def at_once(database: Database, first: Act, second: Act, *, then: Act | None = None) -> tuple[Any, Any]:
    """What two say of whom the second acts after the first has acted, and before that is committed."""
    async with database.write() as tx:
        one = await first(tx)
        other = asyncio.create_task(alone(database, second))
        await asyncio.sleep(MOMENT)
        if then is not None:
            one = await then(tx)
    return one, await other
