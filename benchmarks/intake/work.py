"""What is done for every press, the same for everybody: two looks, a change, an answer and an edit."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from benchmarks.alone import Meter, Used
from benchmarks.making import HEADING

DATA = "v1:join:1"
LABEL, NEXT = "I can't come", "v1:leave:1"
TOAST = "You have a place."
PATIENCE_SECONDS = 120.0


def card(name: str, count: int) -> str:
    """What the message under the button says afterwards."""
    return f"<b>{HEADING}</b>\n{name}, you have a place. You have looked at this {count} times."


@dataclass
class Done:
    """How many presses were seen through, counted by whoever handles them."""

    wanted: int
    count: int = 0

    def note(self) -> None:
        self.count += 1

    async def meter(self, busy: Callable[[], bool] = lambda: False) -> Used:
        """Wait for the last press; what everything took. Raises TimeoutError when it never comes."""
        meter = Meter()
        async with asyncio.timeout(PATIENCE_SECONDS):
            while self.count < self.wanted or busy():
                await asyncio.sleep(0.005)
        return meter.read()


Play = Callable[[str, str, int], Coroutine[Any, Any, Used]]
