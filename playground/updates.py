"""The bot's updates, kept as Telegram keeps them until the bot acknowledges."""

import time
from collections import deque
from typing import Any

from playground.bell import Bell
from playground.refusals import Refused

Json = dict[str, Any]

# Telegram leaves these out unless they are asked for by name.
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
FIRST_ID = 700_000_001
LONGEST_POLL = 50


class Updates:
    """A queue in order of `update_id`; what is polled stays until a later offset acknowledges it."""

    def __init__(self) -> None:
        self.pending: deque[Json] = deque()
        self.allowed: list[str] = []
        self.webhook: Json = {}
        self.arrived = Bell()
        self._next = FIRST_ID
        self._poller = 0
        self._closed = False

    def put(self, kind: str, body: Json) -> int | None:
        """Queue an update and give its id, or None where the bot has not asked for this kind."""
        if self.allowed and kind not in self.allowed:
            return None
        if not self.allowed and kind in ON_REQUEST:
            return None
        return self.put_raw({kind: body})

    def put_raw(self, update: Json) -> int:
        """Queue an update as it is; an `update_id` of its own is kept."""
        given = update.get("update_id")
        if isinstance(given, int) and not isinstance(given, bool):
            number = given
            self._next = max(self._next, given + 1)
        else:
            number = self._next
            self._next += 1
        self.pending.append({"update_id": number, **{k: v for k, v in update.items() if k != "update_id"}})
        self.arrived.ring()
        return number

    def acknowledge(self, offset: int) -> None:
        """Forget what came before `offset`; a negative one keeps only so many of the last."""
        if offset < 0:
            while len(self.pending) > -offset:
                self.pending.popleft()
        elif offset > 0:
            while self.pending and self.pending[0]["update_id"] < offset:
                self.pending.popleft()

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """Give up to `limit` updates, waiting for the first; whoever was polling before gets 409."""
        if self.webhook.get("url"):
            raise Refused(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        self._poller += 1
        mine = self._poller
        self.arrived.ring()
        self.acknowledge(offset)
        deadline = time.monotonic() + min(seconds, LONGEST_POLL)
        while not self.pending and not self._closed:
            left = deadline - time.monotonic()
            if left <= 0:
                break
            await self.arrived.heard(left)
            if mine != self._poller:
                raise Refused(
                    409,
                    "Conflict: terminated by other getUpdates request; "
                    "make sure that only one bot instance is running",
                )
        return [self.pending[i] for i in range(min(limit, len(self.pending)))]

    def close(self) -> None:
        """End every wait."""
        self._closed = True
        self.arrived.ring()
