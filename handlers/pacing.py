"""When a message may leave: within Telegram's rates, replies ahead of everything."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable

# A little more than the second that Telegram counts, as what leaves evenly may arrive in bunches.
WINDOW = 1.025
CHAT_WINDOW = 1.0
REPLY_BURST = 3
GROUP_WINDOW, GROUP_MOST = 60.0, 20
PAID_RATE = 1000
# What fell behind by no more than this is caught up with; what was not used before is not saved up.
CATCH_UP = 0.1
# What left a little after its moment counts from that moment, or each second would begin later than the last.
LATE = 0.008
# After Telegram held everybody the rate is lower by so much, and grows back within so many seconds.
SLOWER, RECOVERY = 0.8, 60.0


class Pacer:
    """Never lets more than `rate` messages leave in any second, nor more than one a second to a chat.

    What is owed leaves evenly, so that a reply finds a gap at once; replies may go three at once to a chat
    and pass before what is owed. A group gets twenty a minute. Messages of a paid broadcast don't count
    among the others and have a rate of their own. Time here is monotonic.
    Source of the limits: Telegram's "Bots FAQ", "My bot is hitting limits", and `allow_paid_broadcast`.
    """

    def __init__(
        self,
        rate: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.rate = self._whole_rate = rate
        self._clock = clock
        self._sleep = sleep
        self._free = _Stream(rate)
        self._paid = _Stream(PAID_RATE)
        self._chats: dict[int, deque[float]] = {}
        # When chats that are idle were last forgotten.
        self._looked_at = 0.0
        self._held: dict[int, float] = {}
        self._all_held_until = 0.0
        self._last_hold: tuple[int, float] | None = None
        self._replies_waiting = 0

    async def reply(self, chat_id: int) -> None:
        """Wait until a reply to the chat may leave, and count it as gone."""
        while True:
            if (wait := self.wait_for_chat(chat_id, REPLY_BURST)) > 0:
                await self._sleep(wait)
            elif (wait := self._free.wait(self._clock())) > 0:
                # Nothing that is owed may take the place for which this waits.
                self._replies_waiting += 1
                try:
                    await self._sleep(wait)
                finally:
                    self._replies_waiting -= 1
            else:
                break
        self._depart(chat_id, self._free, evenly=False)

    async def owed(self, chat_id: int, *, paid: bool = False) -> None:
        """Wait until an owed message to the chat may leave, and count it as gone."""
        while (wait := max(self.wait_for_chat(chat_id), self.until_room(paid=paid))) > 0:
            await self._sleep(wait)
        self.depart(chat_id, paid=paid)

    def room(self, *, paid: bool = False) -> int:
        """How many owed messages may leave right now."""
        now = self._clock()
        if self._all_held_until > now or (self._replies_waiting and not paid):
            return 0
        return self._stream(paid).room(now)

    def until_room(self, *, paid: bool = False) -> float:
        """The seconds until an owed message may leave, as far as that is known."""
        now = self._clock()
        if self._all_held_until > now:
            return self._all_held_until - now
        if self._replies_waiting and not paid:
            return 0.01
        return self._stream(paid).until_room(now)

    def wait_for_chat(self, chat_id: int, burst: int = 1) -> float:
        """The seconds until something more may leave for the chat, as far as the chat itself goes."""
        now = self._clock()
        until = max(self._all_held_until, self._held.get(chat_id, 0.0))
        if until > now:
            return until - now
        self._held.pop(chat_id, None)
        recent = self._chats.get(chat_id)
        if recent is None:
            return 0.0
        is_group = chat_id < 0
        while recent and recent[0] <= now - (GROUP_WINDOW if is_group else CHAT_WINDOW):
            recent.popleft()
        if not recent:
            del self._chats[chat_id]
            return 0.0
        wait = recent[-burst] + CHAT_WINDOW - now if len(recent) >= burst else 0.0
        if is_group and len(recent) >= GROUP_MOST:
            wait = max(wait, recent[-GROUP_MOST] + GROUP_WINDOW - now)
        # A hair more, as a timer may fire a hair early.
        return wait + 0.001 if wait > 0 else 0.0

    def depart(self, chat_id: int, *, paid: bool = False) -> None:
        """Count an owed message as gone; whoever calls this has asked for room before."""
        self._depart(chat_id, self._stream(paid), evenly=True)

    def hold(self, chat_id: int, seconds: float) -> None:
        """Let nothing leave for the chat until the deadline; two chats within a second hold everybody."""
        now = self._clock()
        self._held[chat_id] = max(self._held.get(chat_id, 0.0), now + seconds)
        if self._last_hold and self._last_hold[0] != chat_id and now - self._last_hold[1] < CHAT_WINDOW:
            if self._all_held_until <= now:
                self._free.slow_down(now)
                self._paid.slow_down(now)
            self._all_held_until = max(self._all_held_until, now + seconds)
        self._last_hold = (chat_id, now)

    def allow(self, rate: int) -> None:
        """From now on so many a second, as others have their part of what there is."""
        self.rate = rate
        self._free.rate = rate
        self._paid.rate = max(1, PAID_RATE * rate // self._whole_rate)

    def held_for(self, chat_id: int) -> float:
        """For how many seconds Telegram wants nothing for this very chat."""
        return max(0.0, self._held.get(chat_id, 0.0) - self._clock())

    def _stream(self, paid: bool) -> "_Stream":
        return self._paid if paid else self._free

    def _depart(self, chat_id: int, stream: "_Stream", *, evenly: bool) -> None:
        now = self._clock()
        stream.depart(now, evenly=evenly)
        self._chats.setdefault(chat_id, deque(maxlen=GROUP_MOST)).append(now)
        if now - self._looked_at > GROUP_WINDOW / 10:
            self._forget_idle(now)

    def _forget_idle(self, now: float) -> None:
        self._looked_at = now
        for chat_id, log in list(self._chats.items()):
            if log[-1] <= now - (GROUP_WINDOW if chat_id < 0 else CHAT_WINDOW):
                del self._chats[chat_id]


class _Stream:
    """Departures that share one of Telegram's rates."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._departures: deque[float] = deque()
        # When the next owed message is due to leave, if they leave evenly.
        self._next_at = 0.0
        self._slowed_at: float | None = None

    def wait(self, now: float) -> float:
        """The seconds until anything may leave."""
        self._forget(now)
        if len(self._departures) < self.rate:
            return 0.0
        return max(0.001, self._departures[-self.rate] + WINDOW - now)

    def room(self, now: float) -> int:
        """How many may leave evenly now."""
        self._forget(now)
        spacing = self._spacing(now)
        due = max(self._next_at, now - CATCH_UP)
        by_clock = int((now - due) / spacing) + 1 if now >= due else 0
        return max(0, min(by_clock, self.rate - len(self._departures)))

    def until_room(self, now: float) -> float:
        wait = max(self._next_at - now, self.wait(now))
        return wait + 0.0005 if wait > 0 else 0.0

    def depart(self, now: float, *, evenly: bool) -> None:
        if not evenly:
            self._departures.append(now)
            return
        due = max(self._next_at, now - CATCH_UP)
        self._departures.append(max(min(due, now), now - LATE))
        self._next_at = due + self._spacing(now)

    def slow_down(self, now: float) -> None:
        """Telegram lets less through than it says; find out by and by how much."""
        self._slowed_at = now

    def _spacing(self, now: float) -> float:
        even = WINDOW / self.rate
        if self._slowed_at is None:
            return even
        passed = now - self._slowed_at
        if passed >= RECOVERY:
            self._slowed_at = None
            return even
        return even / (SLOWER + (1 - SLOWER) * passed / RECOVERY)

    def _forget(self, now: float) -> None:
        while self._departures and self._departures[0] <= now - WINDOW:
            self._departures.popleft()
