"""What time it is, for decisions. Pacing and time-outs count monotonic time instead."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant in UTC; it never runs backwards."""
        ...


class WallClock:
    """The machine's clock, held still when the machine sets it back."""

    def __init__(self) -> None:
        self._latest = datetime.now(UTC)

    def now(self) -> datetime:
        self._latest = max(self._latest, datetime.now(UTC))
        return self._latest
