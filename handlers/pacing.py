"""When a message may leave: within Telegram's rates, replies ahead of everything."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable

WINDOW = 1.0
REPLY_BURST = 3
# How many departures of each second are kept for replies while owed messages stream.
KEPT_FOR_REPLIES = 3


class Pacer:
    """Never lets more than `rate` new messages leave in any second, nor more than one a second to a chat.

    Replies may go three at once to a chat and pass before owed messages. Time here is monotonic.
    Source of the limits: Telegram's "Bots FAQ", "My bot is hitting limits".
    """

    def __init__(
        self,
        rate: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.rate = rate
        self._clock = clock
        self._sleep = sleep
        self._departures: deque[float] = deque()
        self._chats: dict[int, deque[float]] = {}
        self._held: dict[int, float] = {}
        self._all_held_until = 0.0
        self._last_hold: tuple[int, float] | None = None
        self._replies_waiting = 0

    async def reply(self, chat_id: int) -> None:
        """Wait until a reply to the chat may leave, and count it as gone."""
        self._replies_waiting += 1
        try:
            while (wait := self._wait(chat_id, self.rate, REPLY_BURST)) > 0:
                await self._sleep(wait)
            self._depart(chat_id)
        finally:
            self._replies_waiting -= 1

    async def owed(self, chat_id: int) -> None:
        """Wait until an owed message to the chat may leave, and count it as gone."""
        rate = max(1, self.rate - KEPT_FOR_REPLIES)
        while (wait := self._wait(chat_id, rate, 1)) > 0 or self._replies_waiting:
            await self._sleep(max(wait, 0.01))
        self._depart(chat_id)

    def hold(self, chat_id: int, seconds: float) -> None:
        """Let nothing leave for the chat until the deadline; two chats within a second hold everybody."""
        now = self._clock()
        self._held[chat_id] = max(self._held.get(chat_id, 0.0), now + seconds)
        if self._last_hold and self._last_hold[0] != chat_id and now - self._last_hold[1] < WINDOW:
            self._all_held_until = max(self._all_held_until, now + seconds)
        self._last_hold = (chat_id, now)

    def held_for(self, chat_id: int) -> float:
        """For how many seconds Telegram wants nothing for this very chat."""
        return max(0.0, self._held.get(chat_id, 0.0) - self._clock())

    def _wait(self, chat_id: int, rate: int, burst: int) -> float:
        now = self._clock()
        until = max(self._all_held_until, self._held.get(chat_id, 0.0))
        if until > now:
            return until - now
        self._held.pop(chat_id, None)
        while self._departures and self._departures[0] <= now - WINDOW:
            self._departures.popleft()
        wait = 0.0
        if len(self._departures) >= rate:
            wait = self._departures[len(self._departures) - rate] + WINDOW - now
        recent = self._chats.get(chat_id)
        if recent:
            while recent and recent[0] <= now - WINDOW:
                recent.popleft()
            if len(recent) >= burst:
                wait = max(wait, recent[len(recent) - burst] + WINDOW - now)
            if not recent:
                del self._chats[chat_id]
        # A hair more, as a timer may fire a hair early.
        return wait + 0.001 if wait > 0 else 0.0

    def _depart(self, chat_id: int) -> None:
        now = self._clock()
        self._departures.append(now)
        self._chats.setdefault(chat_id, deque()).append(now)
        if len(self._chats) > 4 * self.rate + 1000:
            self._forget_idle(now)

    def _forget_idle(self, now: float) -> None:
        for chat_id in [chat for chat, log in self._chats.items() if log[-1] <= now - WINDOW]:
            del self._chats[chat_id]
