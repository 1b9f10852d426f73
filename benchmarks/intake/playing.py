"""One of those who are compared at work, in a process of its own."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

from benchmarks.alone import Used, on_loop
from benchmarks.intake import ours, peers
from benchmarks.intake.work import Play
from benchmarks.making import association, event_with_reminder
from storage import connect

MEMBERS = 1000


async def with_aiogram(url: str, address: str, count: int) -> Used:
    used: Used = await import_module("benchmarks.intake.with_aiogram").play(url, address, count)
    return used


WHO: dict[str, Play] = {"Amity": ours.play, "ptb": peers.with_ptb, "aiogram": with_aiogram}


def prepare(url: str) -> None:
    async def work() -> None:
        database = connect(url)
        await association(database, MEMBERS)
        remind_at = datetime.now(UTC) + timedelta(days=7)
        await event_with_reminder(database, seated=0, remind_at=remind_at)
        await database.close()

    on_loop(work())


def play(name: str, url: str, address: str, count: int) -> Used:
    return on_loop(WHO[name](url, address, count))
