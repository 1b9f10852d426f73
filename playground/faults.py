"""Faults ordered for the bot's calls: Telegram answering late, wrongly or not at all."""

import time
from dataclasses import dataclass

from playground.forms import Call
from playground.refusals import Refused, too_many

KINDS = frozenset({"429", "500", "502", "401", "403", "404", "409", "reset", "reset_after", "silence"})
_WORDS = {
    "500": "Internal Server Error",
    "502": "Bad Gateway",
    "401": "Unauthorized",
    "403": "Forbidden: bot was blocked by the user",
    "404": "Not Found",
    "409": "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running",
}


@dataclass(slots=True)
class Fault:
    """What goes wrong, for which method ("*" for all) and chat (None for all), how often and until when."""

    method: str
    kind: str
    chat: int | None = None
    retry_after: int = 1
    times: int | None = None
    until: float | None = None

    def meets(self, call: Call) -> bool:
        """Say whether it holds for this call."""
        if self.method not in {"*", call.method}:
            return False
        return self.chat is None or str(call.params.get("chat_id")) == str(self.chat)

    def refusal(self) -> Refused:
        """Give the answer of the kinds that answer."""
        return (
            too_many(self.retry_after) if self.kind == "429" else Refused(int(self.kind), _WORDS[self.kind])
        )


class Faults:
    """The faults in force, the oldest first."""

    def __init__(self) -> None:
        self._ordered: list[Fault] = []

    def order(self, fault: Fault, seconds: float | None = None) -> None:
        """Put a fault in force, for so many real seconds if given."""
        if seconds is not None:
            fault.until = time.monotonic() + seconds
        self._ordered.append(fault)

    def clear(self) -> None:
        """Let everything work again."""
        self._ordered.clear()

    def strike(self, call: Call) -> Fault | None:
        """Find the fault that this call meets, and count it."""
        if not self._ordered:
            return None
        now = time.monotonic()
        self._ordered = [f for f in self._ordered if f.until is None or f.until > now]
        for fault in self._ordered:
            if fault.meets(call):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._ordered.remove(fault)
                return fault
        return None
