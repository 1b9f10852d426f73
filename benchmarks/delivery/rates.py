"""How steadily messages leave under Telegram's limits, and how quickly members are answered meanwhile."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.alone import alone
from benchmarks.delivery.cost import prepare
from benchmarks.delivery.service import serve
from benchmarks.making import FIRST_MEMBER, HEADING
from benchmarks.standin.asking import Seen, StandIn, hundredth
from benchmarks.standin.crowd import Presses
from benchmarks.telling import tell

# A call to Telegram and back takes about this long, some of them longer.
LATENCY, SPREAD = 0.05, 0.05
USUAL_RATE, PAID_RATE = 30, 1000
PRESSES_A_SECOND = 4.0
PRESSED = "v1:events"
CALM_SECONDS = 20.0


@contextmanager
def members(count: int) -> Iterator[str]:
    """The address of a new association's database, while the block lasts."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder, 'amity.db')}"
        alone(prepare, url, count)
        yield url


def sustain(standin: StandIn, *, seconds: float) -> None:
    """A paid broadcast, a thousand a second for a while: how much of a core that takes."""
    with members(int(PAID_RATE * (seconds + 10))) as url:
        standin.begin(rate=PAID_RATE, latency=LATENCY, spread=SPREAD, marked=HEADING)
        worked = alone(
            serve,
            url,
            standin.address,
            rate=USUAL_RATE,
            does="paid broadcast",
            settling=4.0,
            seconds=seconds,
        )
        seen = standin.seen()
    share = worked.used.cpu / worked.used.seconds
    print(
        f"at {PAID_RATE} a second: {seen.rate:.0f} left each second, {seen.worst_second} in the busiest,"
        f" {seen.refused} refused; {share:.0%} of a core, {worked.used.megabytes:.0f} MB at most"
    )
    tell("delivery_1000_rate", seen.rate, PAID_RATE)
    tell("delivery_1000_core", share, 1)


def remind(standin: StandIn, *, seated: int, seconds: float) -> None:
    """Everybody seated is reminded in the same minute: some at the usual rate, all at the highest."""
    with members(seated) as url:
        standin.begin(rate=USUAL_RATE, latency=LATENCY, spread=SPREAD, marked=HEADING)
        worked = alone(
            serve, url, standin.address, rate=USUAL_RATE, does="remind", seated=seated, seconds=seconds
        )
        seen = standin.seen()
    first = seen.first_at - worked.began
    print(
        f"{seated} reminders at {USUAL_RATE} a second: the first after {first:.2f} s,"
        f" then {seen.rate:.1f} a second, {seen.worst_second} in the busiest, {seen.refused} refused"
    )
    tell("delivery_reminders_30", seen.rate, USUAL_RATE)
    with members(seated) as url:
        standin.begin(rate=PAID_RATE, latency=LATENCY, spread=SPREAD, marked=HEADING)
        within = 3 + seated / PAID_RATE * 1.5 + 5
        worked = alone(
            serve, url, standin.address, rate=PAID_RATE, does="remind", seated=seated, seconds=within
        )
        seen, reached = standin.seen(), standin.reached()
    assert set(reached.values()) == {1}, "somebody was reminded twice"
    took = seen.last_at - worked.began
    print(
        f"{seated} reminders at {PAID_RATE} a second: {len(reached)} people reached, the first after"
        f" {seen.first_at - worked.began:.2f} s, the last after {took:.1f} s"
    )
    tell("delivery_reminders_1000", seen.rate, PAID_RATE)


def keep_limits(standin: StandIn, *, seconds: float) -> None:
    """A broadcast at the usual rate while members press buttons: nothing too fast, and nobody waits."""
    with members(int(USUAL_RATE * (seconds + 10))) as url:
        calm = _pressed(standin, url, "", CALM_SECONDS, USUAL_RATE)
        busy = _pressed(standin, url, "broadcast", seconds, USUAL_RATE)
    print(
        f"a broadcast for {seconds:.0f} s at {USUAL_RATE} a second: {busy.rate:.2f} left each second,"
        f" {busy.worst_second} in the busiest, {busy.refused} refused"
    )
    tell("delivery_30_rate", busy.rate, USUAL_RATE)
    tell("delivery_30_worst_second", busy.worst_second, USUAL_RATE)
    tell("delivery_30_refused", busy.refused, 1)
    _tell_waits("delivery_30_p99_ms", calm, busy)


def start_large(standin: StandIn, *, recipients: int, seconds: float) -> None:
    """A paid broadcast to very many begins while members press buttons."""
    with members(recipients) as url:
        calm = _pressed(standin, url, "", CALM_SECONDS, PAID_RATE)
        busy = _pressed(standin, url, "paid broadcast", seconds, PAID_RATE)
    print(
        f"a broadcast to {recipients} begins: {busy.messages} left in {seconds:.0f} s, {busy.refused} refused"
    )
    _tell_waits(f"delivery_start_{recipients}_p99_ms", calm, busy)


def _pressed(standin: StandIn, url: str, does: str, seconds: float, limit: int) -> Seen:
    """What was seen while the bot did that and members pressed."""
    standin.begin(rate=limit, latency=LATENCY, spread=SPREAD, marked=HEADING)
    count = int(PRESSES_A_SECOND * seconds)
    standin.press(
        Presses(count=count, data=PRESSED, first=FIRST_MEMBER, members=count, rate=PRESSES_A_SECOND)
    )
    # A little longer, so that the last presses are answered too.
    alone(serve, url, standin.address, rate=USUAL_RATE, does=does, seconds=seconds + 3)
    seen = standin.seen()
    unanswered = count - len(seen.edits)
    assert not unanswered, f"{unanswered} of {count} presses were not answered"
    return seen


def _tell_waits(name: str, calm: Seen, busy: Seen) -> None:
    """How long a member waited for what the press shows, a call and its way to Telegram included."""
    for told, seen in (("calm", calm), ("meanwhile", busy)):
        p50, p99, worst = hundredth(seen.edits, 50), hundredth(seen.edits, 99), max(seen.edits) * 1000
        print(
            f"replies, {told}: p50 {p50:.0f} ms, p99 {p99:.0f} ms, worst {worst:.0f} ms of {len(seen.edits)}"
        )
    tell(name, hundredth(busy.edits, 99), hundredth(calm.edits, 99))
