"""How fast a bot may send: 30 messages a second, one a second in a chat, twenty a minute in a group."""

import math
import time
from collections import deque
from collections.abc import Callable

from playground.refusals import too_many

IN_ALL_PER_SECOND = 30
# What is paid for doesn't count among the others.
PAID_PER_SECOND = 1000
CHAT_BURST = 3
GROUP_PER_MINUTE = 20


class Rates:
    """Keeps the real limits; a private chat may take a small burst on credit."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._free: deque[float] = deque()
        self._paid: deque[float] = deque()
        self._chats: dict[int, tuple[float, float]] = {}
        self._groups: dict[int, deque[float]] = {}

    def admit(self, chat_id: int, *, private: bool, paid: bool = False) -> None:
        """Count a message on its way to a chat, or refuse it with 429 and the seconds to wait."""
        now = self._now()
        stream, most = (self._paid, PAID_PER_SECOND) if paid else (self._free, IN_ALL_PER_SECOND)
        while stream and stream[0] <= now - 1:
            stream.popleft()
        if len(stream) >= most:
            raise too_many(max(1, math.ceil(stream[0] + 1 - now)))
        credit, since = self._chats.get(chat_id, (float(CHAT_BURST), now))
        credit = min(CHAT_BURST, credit + now - since)
        if credit < 1:
            raise too_many(max(1, math.ceil(1 - credit)))
        if not private:
            sent = self._groups.setdefault(chat_id, deque())
            while sent and sent[0] <= now - 60:
                sent.popleft()
            if len(sent) >= GROUP_PER_MINUTE:
                raise too_many(max(1, math.ceil(sent[0] + 60 - now)))
            sent.append(now)
        self._chats[chat_id] = (credit - 1, now)
        stream.append(now)
