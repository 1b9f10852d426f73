"""Letting updates in: stored first, acknowledged afterwards."""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Sequence
from typing import Any

from bot.clock import Clock
from handlers.turns import LARGEST
from handlers.wire import Held, NotSent, Sent, Wire
from storage import Database, Unavailable, inbox
from storage.inbox import Arrival

logger = logging.getLogger(__name__)

POLL_SECONDS = 25
LONGEST_PAUSE = 30.0
ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]


def lane_of(update: dict[str, Any]) -> int:
    """Whose turn it is: a private chat's or a user's own lane, else the chat's."""
    match update:
        case {"callback_query": {"from": {"id": int(lane)}}}:
            pass
        case {"message": {"chat": {"id": int(lane)}}} | {"edited_message": {"chat": {"id": int(lane)}}}:
            pass
        case {"my_chat_member": {"chat": {"id": int(lane)}}}:
            pass
        case _:
            return 0
    return lane if _is_number(lane) else 0


def arrivals(updates: Sequence[Any]) -> list[Arrival]:
    """The updates as the inbox keeps them; what has no id can't be told from others and is dropped."""
    return [
        Arrival(update["update_id"], lane_of(update), json.dumps(update))
        for update in updates
        if isinstance(update, dict) and _is_number(update.get("update_id"))
    ]


def _is_number(value: object) -> bool:
    """Whether a database can keep it: one number too large must not stop everything behind it."""
    return isinstance(value, int) and abs(value) < LARGEST


class Intake:
    """Polls Telegram for ever and puts what arrives into the inbox."""

    def __init__(self, wire: Wire, database: Database, clock: Clock, *, arrived: Callable[[], None]) -> None:
        self._wire = wire
        self._database = database
        self._clock = clock
        self._arrived = arrived
        self._said = ""
        # Monotonic; None until Telegram has answered once.
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
                case NotSent(problem, status):
                    self._say(explain(problem, status))
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, LONGEST_PAUSE)
                case other:
                    self._say(f"polling failed: {other}")
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, LONGEST_PAUSE)

    async def _store(self, updates: list[Any], offset: int | None) -> int | None:
        arrived = arrivals(updates)
        if len(arrived) < len(updates):
            logger.warning("%d updates without an id were dropped", len(updates) - len(arrived))
        if not arrived:
            # They come back with the next poll, as nothing says how to acknowledge them.
            await asyncio.sleep(1)
            return offset
        try:
            async with self._database.write() as tx:
                await inbox.add(tx, arrived, now=self._clock.now())
        except Unavailable as error:
            self._say(f"the database can't be written ({error}); updates wait at Telegram")
            await asyncio.sleep(1)
            return offset
        self._arrived()
        return max(arrival.update_id for arrival in arrived) + 1

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
