"""The whole bot at work in a process of its own, while something happens in it."""

import asyncio
import time
from dataclasses import dataclass
from datetime import timedelta

from benchmarks.alone import Meter, Used, on_loop
from benchmarks.making import broadcast, event_with_reminder
from benchmarks.standin.asking import TOKEN
from bot.clock import WallClock
from bot.settings import Settings
from handlers.service import running
from storage import connect

REMINDED_SECONDS_AHEAD = 3.0


@dataclass(frozen=True)
class Worked:
    used: Used
    # When it began what it was to do, on the clock that all processes of the machine share.
    began: float


def serve(
    url: str,
    address: str,
    *,
    rate: int,
    does: str = "",
    seated: int = 0,
    settling: float = 0.0,
    seconds: float,
) -> Worked:
    """Run the bot and let it do nothing, a "broadcast" or "paid broadcast" to all, or "remind" those seated.

    What it used is counted for so many seconds, after it has had `settling` seconds with its task.
    """
    return on_loop(_serve(url, address, rate, does, seated, settling, seconds))


async def _serve(
    url: str, address: str, rate: int, does: str, seated: int, settling: float, seconds: float
) -> Worked:
    settings = Settings.model_validate(
        {
            "bot_token": TOKEN,
            "api_url": address,
            "send_rate": rate,
            "paid_broadcasts": True,
        }
    )
    clock, database = WallClock(), connect(url)
    try:
        async with running(settings, database, clock):
            began = time.monotonic()
            match does:
                case "broadcast" | "paid broadcast":
                    await broadcast(database, clock, paid=does == "paid broadcast")
                case "remind":
                    remind_at = clock.now() + timedelta(seconds=REMINDED_SECONDS_AHEAD)
                    await event_with_reminder(database, seated=seated, remind_at=remind_at)
                    began += REMINDED_SECONDS_AHEAD
            await asyncio.sleep(settling)
            meter = Meter()
            await asyncio.sleep(seconds)
            return Worked(meter.read(), began)
    finally:
        await database.close()
