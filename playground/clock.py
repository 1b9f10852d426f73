"""The playground's wall clock, which can be moved forward."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class MovableClock(Protocol):
    """What the playground asks of a clock, so that the bot and it can share one."""

    def now(self) -> datetime:
        """Tell the present instant, aware."""

    def move(self, seconds: float) -> None:
        """Go forward by so many seconds."""


class Clock:
    """Real time plus an offset that only grows, or, started at an instant, time that goes on from there."""

    def __init__(self, start: datetime | None = None) -> None:
        self._began = time.monotonic()
        self._start = start or datetime.now(UTC)
        self._offset = 0.0

    @property
    def offset_seconds(self) -> float:
        """How far it has been moved in all."""
        return self._offset

    def now(self) -> datetime:
        """Tell the present instant in UTC."""
        return self._start + timedelta(seconds=time.monotonic() - self._began + self._offset)

    def move(self, seconds: float) -> None:
        """Go forward by so many seconds. Going back raises ValueError."""
        if seconds < 0:
            raise ValueError("the clock only moves forward")
        self._offset += seconds
