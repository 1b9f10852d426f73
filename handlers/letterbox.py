"""What arrives is stored first, and then whoever is to handle it hears of it."""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from bot.clock import Clock
from handlers.turns import LARGEST
from storage import Database, Transaction, inbox, json_text, lanes
from storage.inbox import Arrival

logger = logging.getLogger(__name__)

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
        Arrival(update["update_id"], lane_of(update), json_text.write(update))
        for update in updates
        if isinstance(update, dict) and _is_number(update.get("update_id"))
    ]


def _is_number(value: object) -> bool:
    """Whether a database can keep it: one number too large must not stop everything behind it."""
    return isinstance(value, int) and abs(value) < LARGEST


class Letterbox:
    """Puts updates into the inbox; once `put` returns they survive whatever happens to the process."""

    def __init__(self, database: Database, clock: Clock, *, arrived: Callable[[], None]) -> None:
        self._database = database
        self._clock = clock
        self._arrived = arrived

    async def put(self, updates: Sequence[Any]) -> list[int]:
        """Store what can be told apart, and give its ids. Raises Unavailable, and has stored nothing then.

        What was stored before is left as it is.
        """
        arrived = arrivals(updates)
        if len(arrived) < len(updates):
            logger.warning("%d updates without an id were dropped", len(updates) - len(arrived))
        if arrived:
            await self._database.share(partial(self._store, arrived))
            self._arrived()
        return [arrival.update_id for arrival in arrived]

    async def _store(self, arrived: Sequence[Arrival], tx: Transaction) -> None:
        await inbox.add(tx, arrived, now=self._clock.now())
        if not self._database.is_sqlite:
            await lanes.announce(tx)
