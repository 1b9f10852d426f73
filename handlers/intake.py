"""Asking Telegram for updates: stored first, acknowledged afterwards."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

from bot.clock import Clock
from handlers.letterbox import ALLOWED_UPDATES, Letterbox
from handlers.wire import Held, NotSent, Sent, Wire
from storage import Database, Unavailable

logger = logging.getLogger(__name__)

POLL_SECONDS = 25
LONGEST_PAUSE = 30.0


class Intake:
    """Polls Telegram for ever and puts what arrives into the inbox."""

    def __init__(self, wire: Wire, database: Database, clock: Clock, *, arrived: Callable[[], None]) -> None:
        self._wire = wire
        self._letterbox = Letterbox(database, clock, arrived=arrived)
        self._said = ""
        # When Telegram last answered, by monotonic time; None before it first did.
        self.last_good_poll: float | None = None

    async def run(self) -> None:
        offset: int | None = None
        pause = 0.5
        while True:
            params = {
                "timeout": POLL_SECONDS,
                "limit": 100,
                "allowed_updates": ALLOWED_UPDATES,
                "offset": offset,
            }
            outcome = await self._wire.call("getUpdates", params, answer_within=POLL_SECONDS + 10)
            match outcome:
                case Sent(list(updates)):
                    pause = 0.5
                    self.last_good_poll = time.monotonic()
                    self._say("")
                    if updates:
                        # Only the next poll acknowledges these, and by then they are stored.
                        offset = await self._store(updates, offset)
                case Held(seconds):
                    self._say("Telegram asks to wait before polling again")
                    await asyncio.sleep(seconds)
                case NotSent(problem, 409) if "webhook" in problem.lower() and pause < LONGEST_PAUSE:
                    # Left from when updates were posted. What waits at Telegram is kept.
                    logger.warning("a webhook was set for this bot; it is removed, as this process polls")
                    await self._wire.call("deleteWebhook", {"drop_pending_updates": False})
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, LONGEST_PAUSE)
                case NotSent(problem, status):
                    self._say(explain(problem, status))
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, LONGEST_PAUSE)
                case other:
                    self._say(f"polling failed: {other}")
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, LONGEST_PAUSE)

    async def _store(self, updates: list[Any], offset: int | None) -> int | None:
        try:
            stored = await self._letterbox.put(updates)
        except Unavailable as error:
            self._say(f"the database can't be written ({error}); updates wait at Telegram")
            await asyncio.sleep(1)
            return offset
        if not stored:
            # They come back with the next poll, as nothing says how to acknowledge them.
            await asyncio.sleep(1)
            return offset
        return max(stored) + 1

    def _say(self, problem: str) -> None:
        """Tell the operator once, not every second, and tell when it is over."""
        if problem and problem != self._said:
            logger.error("%s", problem)
        elif self._said and not problem:
            logger.info("polling works again")
        self._said = problem


def explain(problem: str, status: int) -> str:
    """One line that says what is wrong and what the operator can do."""
    match status:
        case 401 | 404:
            return f"Telegram does not accept AMITY_BOT_TOKEN ({status}): check it with BotFather"
        case 409:
            return (
                "another process polls with the same bot token, or a webhook is set (409): stop the other one"
            )
        case 0:
            return f"Telegram can't be reached ({problem}): check the network and AMITY_API_URL"
        case _:
            return f"Telegram has trouble of its own ({problem}): trying again"
