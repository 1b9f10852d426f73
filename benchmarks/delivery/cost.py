"""What a message costs in CPU time, ours beside others', and whether that stays so for many recipients."""

import asyncio
import tempfile
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from benchmarks.alone import Meter, Used, alone, on_loop
from benchmarks.delivery.peers import with_ptb
from benchmarks.making import MARK, SETUP, TEXTS, association, broadcast, is_finished, volunteers
from benchmarks.standin.asking import TOKEN, StandIn
from benchmarks.telling import tell
from bot.beat import Beat
from bot.clock import WallClock
from handlers.delivery import Delivery
from handlers.pacing import Pacer
from handlers.wire import Wire
from storage import connect
from storage.audiences import Audience, Segment

# No limit that a machine could reach.
LIFTED = 1_000_000
BEAT_SECONDS = 0.1
WARMED_UP, WARMED = 300, Audience((Segment("volunteers"),))
WARMING = dict.fromkeys(TEXTS, "Harbour Forum: a word to those who help.")
PTB_MESSAGES, AIOGRAM_MESSAGES = 1_500, 6_000
# httpx does worse the more is under way, aiohttp better: each is given its choice.
AT_ONCE = (4, 16, 64)


def prepare(url: str, members: int) -> None:
    async def work() -> None:
        database = connect(url)
        await association(database, members)
        await volunteers(database, WARMED_UP)
        await database.close()

    on_loop(work())


def send(url: str, address: str) -> Used:
    """One broadcast to everyone; nothing is left out but the limit."""
    return on_loop(_send(url, address))


async def _send(url: str, address: str) -> Used:
    database, clock = connect(url), WallClock()
    try:
        beat = Beat(database, clock)
        async with Wire(TOKEN, address) as wire:
            delivery = Delivery(database, wire, Pacer(LIFTED), clock, SETUP)
            task = asyncio.create_task(delivery.run())

            async def through(broadcast_id: int) -> None:
                # The beat is quicker than a second here, as nothing else holds the messages back.
                while not await is_finished(database, broadcast_id):
                    await beat.tick()
                    delivery.wake()
                    await asyncio.sleep(BEAT_SECONDS)

            # What is done once, such as reading the catalogues, is not what a message costs.
            await through(await broadcast(database, clock, texts=WARMING, to=WARMED))
            meter = Meter()
            await through(await broadcast(database, clock))
            used = meter.read()
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        return used
    finally:
        await database.close()


def ptb(address: str, count: int, at_once: int) -> Used:
    return on_loop(with_ptb(address, count, at_once))


def aiogram(address: str, count: int, at_once: int) -> Used:
    peer = import_module("benchmarks.delivery.with_aiogram")
    used: Used = on_loop(peer.send_broadcast(address, count, at_once))
    return used


def ours(standin: StandIn, members: int) -> Used:
    """A broadcast to so many in a new database; checks that everybody got it, once."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder, 'amity.db')}"
        alone(prepare, url, members)
        standin.begin(marked=MARK)
        used = alone(send, url, standin.address)
        reached = standin.reached()
    assert len(reached) == members, f"{members - len(reached)} were skipped"
    assert set(reached.values()) == {1}, "somebody got it twice"
    return used


def compare(standin: StandIn, *, members: int, rounds: int) -> None:
    """Messages for a second of CPU: ours with all that delivery does, theirs with nothing but the sending."""
    mine = max(_told("Amity", members, ours(standin, members)) for _ in range(rounds))
    best = {}
    for name, work, count in (("ptb", ptb, PTB_MESSAGES), ("aiogram", aiogram, AIOGRAM_MESSAGES)):
        found = []
        for at_once in AT_ONCE:
            for _ in range(rounds):
                standin.begin()
                used = alone(work, standin.address, count, at_once)
                found.append(_told(f"{name}, {at_once} at once", count, used))
        best[name] = max(found)
    for name, theirs in best.items():
        tell(f"delivery_cpu_{name}", mine, theirs)


def _told(name: str, count: int, used: Used) -> float:
    """Print what it took; says how many messages a second of CPU sends."""
    rate = count / used.cpu
    print(
        f"{name:22} {count:7} messages: {used.cpu / count * 1e6:7.1f} µs of CPU each,"
        f" {rate:6.0f} a CPU-second, {count / used.seconds:6.0f} a second, {used.megabytes:4.0f} MB",
        flush=True,
    )
    return rate


def scale(standin: StandIn, sizes: list[int]) -> None:
    """What a message costs among the most recipients, in µs, beside among the fewest."""
    each = [1e6 / _told("Amity", size, ours(standin, size)) for size in sizes]
    tell(f"delivery_scale_{sizes[-1]}", each[-1], each[0])
