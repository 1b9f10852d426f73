"""Whether there is a quiz to be taken or looked at, known without asking the database at every press."""

import asyncio
import logging
from datetime import datetime
from typing import Final

from bot.clock import Clock
from bot.quizzes import OUT_FOR
from storage import Database, Unavailable, quizzes

logger = logging.getLogger(__name__)

LOOK_SECONDS: Final = 1.0


class QuizBoard:
    """What was true a moment ago: enough to offer a way there, which looks again."""

    def __init__(self) -> None:
        self._out = False
        self._events: frozenset[int] = frozenset()

    @property
    def is_any_out(self) -> bool:
        return self._out

    def has(self, event_id: int) -> bool:
        """Whether the event has a quiz."""
        return event_id in self._events

    async def follow(self, database: Database, clock: Clock) -> None:
        """Keep up with the database until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self.refresh(database, now=clock.now())
            except Unavailable as error:
                logger.error("the database can't be used (%s); what quizzes are out may be old", error)

    async def refresh(self, database: Database, *, now: datetime) -> None:
        async with database.read() as tx:
            found = await quizzes.list_events_out(tx, now=now, closed_after=now - OUT_FOR)
        self._out = bool(found)
        self._events = frozenset(event_id for event_id in found if event_id is not None)
