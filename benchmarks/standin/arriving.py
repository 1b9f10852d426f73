"""Which messages arrive, which are too many, and how many there were in the busiest second."""

from array import array
from collections import Counter, deque
from dataclasses import dataclass
from random import Random

GROUP_LIMIT, GROUP_SECONDS = 20, 60.0


@dataclass(frozen=True)
class Faults:
    """How large a share of the calls goes wrong in each way, from 0 to 1."""

    too_many: float = 0.0
    broken: float = 0.0
    # The connection ends before the call has happened, or after it without an answer.
    reset: float = 0.0
    lost: float = 0.0
    seed: int = 1


class Arriving:
    """Counts what arrives, and keeps Telegram's limits where a rate is given.

    The limits are kept to the letter: `rate` in any second, one a second to a chat, twenty a minute to a
    group.
    """

    def __init__(self, *, rate: int | None, faults: Faults, marked: str) -> None:
        self._rate = rate
        self._faults = faults
        self._random = Random(faults.seed)
        self._marked = marked
        self._second: deque[float] = deque()
        self._chats: dict[int, float] = {}
        self._groups: dict[int, deque[float]] = {}
        # When each message arrived; those refused are not among them.
        self.moments = array("d")
        self.refused = 0
        self.injected: Counter[str] = Counter()
        # How often each chat got a message with the mark in it.
        self.reached: Counter[int] = Counter()

    def fault(self) -> str:
        """What goes wrong with the next message, if anything."""
        faults = self._faults
        drawn = self._random.random()
        for name, share in (
            ("too_many", faults.too_many),
            ("broken", faults.broken),
            ("reset", faults.reset),
            ("lost", faults.lost),
        ):
            if drawn < share:
                self.injected[name] += 1
                return name
            drawn -= share
        return ""

    def refuse(self, chat_id: int, now: float) -> int:
        """For how many seconds the chat has to wait; 0 when its message may arrive."""
        if self._rate is None:
            return 0
        while self._second and self._second[0] <= now - 1.0:
            self._second.popleft()
        wait = 1.0 - (now - self._chats.get(chat_id, float("-inf")))
        if len(self._second) >= self._rate:
            wait = max(wait, self._second[0] + 1.0 - now)
        if chat_id < 0:
            log = self._groups.setdefault(chat_id, deque())
            while log and log[0] <= now - GROUP_SECONDS:
                log.popleft()
            if len(log) >= GROUP_LIMIT:
                wait = max(wait, log[0] + GROUP_SECONDS - now)
        if wait <= 0:
            return 0
        self.refused += 1
        return int(wait) + 1

    def arrive(self, chat_id: int, text: str, now: float) -> int:
        """Count a message and say its id."""
        self.moments.append(now)
        if self._rate is not None:
            self._second.append(now)
            self._chats[chat_id] = now
            if chat_id < 0:
                self._groups.setdefault(chat_id, deque()).append(now)
        if self._marked and self._marked in text:
            self.reached[chat_id] += 1
        return len(self.moments)

    def worst_second(self) -> int:
        """How many arrived in the busiest second, wherever it began."""
        worst = first = 0
        for last, moment in enumerate(self.moments):
            while self.moments[first] <= moment - 1.0:
                first += 1
            worst = max(worst, last - first + 1)
        return worst
