"""A broadcast during which the bot is killed again and again while Telegram and the network fail."""

import asyncio
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks.alone import alone, on_loop
from benchmarks.exactness.finding import Found, find, state_of
from benchmarks.exactness.running import Bot, at_work
from benchmarks.making import MARK, association, broadcast
from benchmarks.standin.arriving import Faults
from benchmarks.standin.asking import StandIn
from bot import broadcasts
from bot.clock import WallClock
from storage import connect

PAID_RATE = 1000
LATENCY, SPREAD = 0.02, 0.06
# Of ten thousand messages so many meet a wait, a server's error, a connection that ends before or after.
FAULTS = Faults(too_many=0.0005, broken=0.01, reset=0.004, lost=0.004)
# One life in so many ends before it has sent anything.
STILLBORN = 8
STARTUP_SECONDS, PATIENCE_SECONDS = 20.0, 120.0


@dataclass(frozen=True)
class Ended:
    found: Found
    kills: int
    # How many of the kills came while the broadcast was on its way.
    during: int
    # How often the bot had paused it, and somebody let it go on.
    resumed: int
    refused: int
    injected: dict[str, int]
    seconds: float

    @property
    def without_answer(self) -> int:
        """Calls of which the bot can't know what became of them."""
        return self.injected.get("reset", 0) + self.injected.get("lost", 0)

    def problems(self) -> list[str]:
        return self.found.problems(kills=self.kills, without_answer=self.without_answer)


def prepare(url: str, recipients: int) -> int:
    async def work() -> int:
        database = connect(url)
        await association(database, recipients)
        broadcast_id = await broadcast(database, WallClock(), paid=True)
        await database.close()
        return broadcast_id

    return on_loop(work())


class Organiser:
    """Lets the broadcast go on when the bot has paused it: so many kills look as if something were wrong."""

    def __init__(self, file: str, url: str, broadcast_id: int) -> None:
        self._file = file
        self._url = url
        self._broadcast_id = broadcast_id
        self._looks_at = 0.0
        self.resumed = 0

    def look(self) -> str:
        """How far the broadcast has come."""
        state = state_of(self._file, self._broadcast_id)
        if state == "paused":
            asyncio.run(self._resume())
        return state

    def look_now_and_then(self) -> None:
        if time.monotonic() > self._looks_at:
            self._looks_at = time.monotonic() + 0.5
            self.look()

    async def _resume(self) -> None:
        database = connect(self._url)
        async with database.write() as tx:
            now = WallClock().now()
            self.resumed += await broadcasts.resume(tx, self._broadcast_id, actor_id=None, now=now)
        await database.close()


def play(standin: StandIn, *, recipients: int, kills: int, seed: int) -> Ended:
    """Send to everybody with so many kills in between, and look at what came of it."""
    random, started = Random(seed), time.monotonic()
    faults = Faults(**{**vars(FAULTS), "seed": seed})
    with tempfile.TemporaryDirectory() as named:
        folder = Path(named)
        file = str(folder / "amity.db")
        url = f"sqlite+aiosqlite:///{file}"
        broadcast_id = alone(prepare, url, recipients)
        organiser = Organiser(file, url, broadcast_id)
        standin.begin(rate=PAID_RATE, latency=LATENCY, spread=SPREAD, faults=faults, marked=MARK)
        during = 0
        startup = 3.0
        for left in range(kills, 0, -1):
            during += organiser.look() != "done"
            lives_for = Lives(random, startup, max(0, recipients - standin.messages()), left)
            with at_work(folder, url, standin, meanwhile=organiser.look_now_and_then) as bot:
                startup = _live(bot, standin, lives_for)
        with at_work(folder, url, standin, meanwhile=organiser.look_now_and_then) as bot:
            _see_to_the_end(bot, standin, organiser, PATIENCE_SECONDS + recipients / PAID_RATE * 5)
        seen = standin.seen()
        found = find(file, broadcast_id, Counter(standin.reached()))
    lasted = time.monotonic() - started
    return Ended(found, kills, during, organiser.resumed, seen.refused, seen.injected, lasted)


@dataclass(frozen=True)
class Lives:
    """For how long: each of the lives that are `left` gets about its share of those who remain."""

    random: Random
    startup: float
    remaining: int
    left: int


def _live(bot: Bot, standin: StandIn, life: Lives) -> float:
    """Wait until some instant at which to kill it; says how long it took to send its first message."""
    before, born, random, startup = standin.messages(), time.monotonic(), life.random, life.startup
    if random.randrange(STILLBORN) == 0 or life.remaining <= life.left:
        time.sleep(random.uniform(0, startup * 1.2))
        return startup
    if bot.wait_for_messages(standin, before + 1, pause=0.01, patience=STARTUP_SECONDS):
        startup = time.monotonic() - born
    until = before + random.randint(1, max(1, 2 * life.remaining // life.left - 1))
    # A wait that Telegram asks for lasts a second or two.
    bot.wait_for_messages(standin, until, pause=random.uniform(0.002, 0.03), patience=3.0)
    return startup


def _see_to_the_end(bot: Bot, standin: StandIn, organiser: Organiser, patience: float) -> None:
    """Let it finish, and stop it in order; what is not done in time shows in what is found."""
    polls, deadline = _polls(standin), time.monotonic() + patience
    # Nobody could stop it in order before it polls.
    while not (organiser.look() == "done" and _polls(standin) > polls):
        bot.check()
        if time.monotonic() > deadline:
            break
        time.sleep(0.2)
    code = bot.stop()
    assert code == 0, f"stopped in order, it ended with {code}"


def _polls(standin: StandIn) -> int:
    return standin.seen().calls.get("getUpdates", 0)
