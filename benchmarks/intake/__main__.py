"""What an update costs, beside others: `python -m benchmarks.intake`, quicker with `--quick`.

Presses come in by polling, wait in the inbox, are decided in their members' lanes by a handler that looks
twice and changes once, and are answered by a toast and an edit. The peers do so without inbox and lanes.
"""

import argparse
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks.alone import alone
from benchmarks.intake.playing import MEMBERS, play, prepare
from benchmarks.intake.work import DATA
from benchmarks.making import FIRST_MEMBER
from benchmarks.standin.asking import Seen, StandIn, hundredth, standing_in
from benchmarks.standin.crowd import Presses
from benchmarks.telling import tell

# How many presses each: enough for some seconds.
COUNTS = {"Amity": 10_000, "ptb": 2_000, "aiogram": 4_000}
IN_FLIGHT = (16, 64, 256)


@contextmanager
def members() -> Iterator[str]:
    """The address of a new association's database, while the block lasts."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder, 'amity.db')}"
        alone(prepare, url)
        yield url


class Speed(NamedTuple):
    """Updates for a second of CPU, and for a second on the clock, of which other work takes its part."""

    a_cpu_second: float
    a_second: float


def at_full_speed(standin: StandIn, name: str, count: int, in_flight: int) -> Speed:
    """How fast it is while so many members wait at any time."""
    with members() as url:
        standin.begin()
        standin.press(Presses(count, DATA, FIRST_MEMBER, MEMBERS, in_flight=in_flight))
        used = alone(play, name, url, standin.address, count)
        _check(standin, count)
    print(
        f"{name:8} {in_flight:4} in flight: {used.cpu / count * 1e6:6.0f} µs of CPU an update,"
        f" {count / used.cpu:5.0f} a CPU-second,"
        f" {count / used.seconds:5.0f} a second, {used.megabytes:4.0f} MB",
        flush=True,
    )
    return Speed(count / used.cpu, count / used.seconds)


class Waits(NamedTuple):
    """Milliseconds that 99 of a hundred don't exceed: a member until the edit, the bot until its answer."""

    members: float
    bots: float


def at_half_load(standin: StandIn, name: str, rate: float, seconds: float) -> Waits:
    """How long it takes when Telegram answers at once and as much is pressed as is easily borne."""
    count = int(rate * seconds)
    with members() as url:
        standin.begin()
        standin.press(Presses(count, DATA, FIRST_MEMBER, MEMBERS, rate=rate))
        alone(play, name, url, standin.address, count)
        seen = _check(standin, count)
    p50, p99 = hundredth(seen.edits, 50), hundredth(seen.edits, 99)
    own50, own99 = hundredth(seen.took, 50), hundredth(seen.took, 99)
    print(
        f"{name:8} at {rate:4.0f} a second: from the press to its edit p50 {p50:.1f} ms, p99 {p99:.1f} ms;"
        f" from its delivery to its answer p50 {own50:.1f} ms, p99 {own99:.1f} ms"
        f" (the machine's load is {os.getloadavg()[0]:.1f})",
        flush=True,
    )
    return Waits(p99, own99)


def _check(standin: StandIn, count: int) -> Seen:
    seen = standin.seen()
    assert len(seen.edits) == len(seen.answers) == count, "somebody was not answered"
    return seen


def main() -> None:
    asking = argparse.ArgumentParser(prog="python -m benchmarks.intake", description=__doc__)
    asking.add_argument("--quick", action="store_true", help="shorter, and less exact")
    quick = asking.parse_args().quick
    rounds, seconds = (1, 4.0) if quick else (3, 10.0)
    best, waits = {}, {}
    with standing_in() as standin:
        for name, count in COUNTS.items():
            found = [
                at_full_speed(standin, name, count // 4 if quick else count, in_flight)
                for in_flight in IN_FLIGHT
                for _ in range(rounds)
            ]
            best[name] = Speed(*map(max, zip(*found, strict=True)))
        for name, speed in best.items():
            # Half of what each can do: the quicker has to do more.
            tries = [at_half_load(standin, name, speed.a_second / 2, seconds) for _ in range(rounds)]
            waits[name] = Waits(*map(min, zip(*tries, strict=True)))
    for name in ("ptb", "aiogram"):
        tell(f"intake_cpu_{name}", best["Amity"].a_cpu_second, best[name].a_cpu_second)
    for name in ("ptb", "aiogram"):
        tell(f"intake_p99_ms_{name}", waits["Amity"].members, waits[name].members)
        tell(f"intake_answer_p99_ms_{name}", waits["Amity"].bots, waits[name].bots)


if __name__ == "__main__":
    main()
