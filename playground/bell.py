"""Waking whoever waits for something to change."""

import asyncio
from contextlib import suppress


class Bell:
    """Wakes everybody who waits at the moment it rings; it keeps nothing for those who come later.

    Look first, then wait: nothing is lost so long as no other await stands between the two.
    """

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        """Wake all who wait."""
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)
        self._waiting.clear()

    async def heard(self, timeout: float) -> None:  # noqa: ASYNC109 - a wait that ends quietly is the point
        """Wait for the next ring, or for so many seconds."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(waiter)
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(waiter, timeout)
        finally:
            self._waiting.discard(waiter)
