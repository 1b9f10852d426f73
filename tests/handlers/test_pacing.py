"""Never above Telegram's rates, replies ahead of everything; hours are played in an instant."""

import asyncio
import heapq
import itertools
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.pacing import Pacer


class Timeline:
    """Monotonic time that passes only when everybody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self._order = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.now + seconds, next(self._order), woken))
        await woken

    async def play(self, *actors: Coroutine[Any, Any, None]) -> None:
        """Run them all to their end."""
        tasks = [asyncio.ensure_future(actor) for actor in actors]
        while not all(task.done() for task in tasks):
            for _ in range(5):
                await asyncio.sleep(0)
            if self._sleepers:
                until, _, woken = heapq.heappop(self._sleepers)
                self.now = max(self.now, until)
                woken.set_result(None)
        await asyncio.gather(*tasks)


Leave = Callable[[int], Awaitable[None]]


async def one_by_one(leave: Leave, chats: range) -> None:
    for chat in chats:
        await leave(chat)


def made(rate: int) -> tuple[Timeline, Pacer, list[tuple[float, int, str]]]:
    timeline = Timeline()
    pacer = Pacer(rate, clock=timeline.clock, sleep=timeline.sleep)
    return timeline, pacer, []


def most_in_a_second(departures: list[float]) -> int:
    ordered = sorted(departures)
    return max((sum(1 for other in ordered if start <= other < start + 1) for start in ordered), default=0)


@pytest.mark.parametrize("rate", [1, 2, 5, 30])
async def test_never_above_the_rate_in_any_one_second(rate: int) -> None:
    timeline, pacer, log = made(rate)

    async def one(leave: Leave, chat: int, kind: str, after: float) -> None:
        await timeline.sleep(after)
        await leave(chat)
        log.append((timeline.now, chat, kind))

    owed = [one(pacer.owed, number, "owed", 0) for number in range(4 * rate)]
    replies = [one(pacer.reply, 10_000 + number, "reply", number * 0.07) for number in range(3 * rate)]
    await timeline.play(*owed, *replies)
    assert len(log) == 7 * rate
    assert most_in_a_second([at for at, _, _ in log]) <= rate


async def test_the_rate_is_used() -> None:
    timeline, pacer, _ = made(30)
    began = timeline.now
    await timeline.play(one_by_one(pacer.owed, range(1800)))
    assert timeline.now - began < 60 / 0.97, "97 % of thirty a second"


async def test_what_is_owed_leaves_evenly_so_that_a_reply_finds_a_gap() -> None:
    timeline, pacer, log = made(30)

    async def one(leave: Leave, chat: int, kind: str, after: float) -> None:
        await timeline.sleep(after)
        asked = timeline.now
        await leave(chat)
        log.append((timeline.now - asked, chat, kind))

    owed = [one(pacer.owed, number, "owed", 0) for number in range(300)]
    replies = [one(pacer.reply, 10_000 + number, "reply", 2 + number * 0.21) for number in range(30)]
    await timeline.play(*owed, *replies)
    assert max(waited for waited, _, kind in log if kind == "reply") < 0.15


async def test_a_group_gets_twenty_a_minute() -> None:
    timeline, pacer, log = made(30)

    async def one(leave: Leave) -> None:
        await leave(-100)
        log.append((timeline.now, -100, "group"))

    await timeline.play(*(one(leave) for leave in (pacer.owed, pacer.reply) for _ in range(25)))
    left = sorted(at for at, _, _ in log)
    assert len(left) == 50
    assert all(sum(1 for other in left if start <= other < start + 60) <= 20 for start in left)


async def test_a_paid_broadcast_has_a_rate_of_its_own() -> None:
    timeline, pacer, log = made(30)

    async def some(chats: range, paid: bool) -> None:
        for chat in chats:
            await pacer.owed(chat, paid=paid)
            log.append((timeline.now, chat, "paid" if paid else "free"))

    began = timeline.now
    await timeline.play(some(range(3000), True), some(range(5000, 5060), False))
    assert timeline.now - began < 3.5
    assert most_in_a_second([at for at, _, kind in log if kind == "paid"]) <= 1000
    assert most_in_a_second([at for at, _, kind in log if kind == "free"]) <= 30


async def test_after_everybody_was_held_the_rate_recovers_by_itself() -> None:
    timeline, pacer, log = made(30)
    pacer.hold(1, 5)
    pacer.hold(2, 5)

    async def some(chats: range) -> None:
        for chat in chats:
            await pacer.owed(chat)
            log.append((timeline.now - 1005, chat, "owed"))

    await timeline.play(some(range(10, 3010)))
    first = sum(1 for at, _, _ in log if at < 5)
    later = sum(1 for at, _, _ in log if 75 <= at < 80)
    assert first < 27 * 5
    assert later >= 0.97 * 30 * 5


async def test_one_a_second_to_a_chat_and_replies_three_at_once() -> None:
    timeline, pacer, log = made(30)

    async def one(leave: Leave, kind: str) -> None:
        await leave(7)
        log.append((timeline.now, 7, kind))

    await timeline.play(*(one(pacer.owed, "owed") for _ in range(4)))
    gaps = [later[0] - earlier[0] for earlier, later in itertools.pairwise(log)]
    assert min(gaps) >= 1
    timeline.now += 5
    log.clear()
    await timeline.play(*(one(pacer.reply, "reply") for _ in range(5)))
    assert most_in_a_second([at for at, _, _ in log]) == 3


async def test_replies_leave_before_what_is_owed() -> None:
    timeline, pacer, log = made(10)

    async def one(leave: Leave, chat: int, kind: str, after: float = 0) -> None:
        await timeline.sleep(after)
        await leave(chat)
        log.append((timeline.now - 1000, chat, kind))

    owed = [one(pacer.owed, number, "owed") for number in range(50)]
    replies = [one(pacer.reply, 900 + number, "reply", 0.5) for number in range(3)]
    await timeline.play(*owed, *replies)
    last = max(at for at, _, kind in log if kind == "reply")
    assert last < 1.1, "they get the next three gaps, a tenth of a second each"
    assert last < max(at for at, _, kind in log if kind == "owed")


async def test_a_hold_keeps_its_chat_alone() -> None:
    timeline, pacer, log = made(30)
    pacer.hold(1, 60)

    async def one(chat: int) -> None:
        await pacer.owed(chat)
        log.append((timeline.now - 1000, chat, "owed"))

    await timeline.play(one(1), one(2), one(3))
    left = {chat: at for at, chat, _ in log}
    assert left[2] < 1 > left[3]
    assert left[1] >= 60


async def test_holds_of_two_chats_within_a_second_keep_everybody() -> None:
    timeline, pacer, log = made(30)
    pacer.hold(1, 5)
    pacer.hold(2, 7)

    async def one(chat: int) -> None:
        await pacer.reply(chat)
        log.append((timeline.now - 1000, chat, "reply"))

    await timeline.play(one(3), one(4))
    assert min(at for at, _, _ in log) >= 7


async def test_a_reply_that_waits_for_its_groups_minute_keeps_no_owed_message_waiting() -> None:
    timeline, pacer, log = made(30)

    async def one(leave: Leave, chat: int, kind: str, after: float = 0) -> None:
        await timeline.sleep(after)
        await leave(chat)
        log.append((timeline.now - 1000, chat, kind))

    group = [one(pacer.reply, -100, "group") for _ in range(25)]
    owed = [one(pacer.owed, number, "owed", 25) for number in range(1, 301)]
    await timeline.play(*group, *owed)
    assert max(at for at, _, kind in log if kind == "group") >= 60, "the last ones wait for the next minute"
    left = sorted(at for at, _, kind in log if kind == "owed")
    assert left[-1] - left[0] < 300 / 30 * 1.05, "the rate is theirs meanwhile"


@pytest.mark.parametrize("paid", [False, True])
async def test_a_reply_to_a_chat_that_is_held_keeps_no_owed_message_waiting(paid: bool) -> None:
    timeline, pacer, log = made(30)
    pacer.hold(1, 600)

    async def one(leave: Callable[..., Awaitable[None]], chat: int, **how: bool) -> None:
        await leave(chat, **how)
        log.append((timeline.now - 1000, chat, "left"))

    await timeline.play(one(pacer.reply, 1), *(one(pacer.owed, chat, paid=paid) for chat in range(2, 62)))
    assert max(at for at, chat, _ in log if chat != 1) < 2.2
    assert max(at for at, chat, _ in log if chat == 1) >= 600


async def test_holds_that_keep_coming_end_with_the_last_of_them() -> None:
    timeline, pacer, log = made(30)
    for number in range(20):
        pacer.hold(number, 3)
        timeline.now += 0.5
    held_last = timeline.now - 0.5

    async def one(chat: int) -> None:
        await pacer.owed(chat)
        log.append((timeline.now, chat, "owed"))

    await timeline.play(*(one(chat) for chat in range(40)))
    assert min(at for at, _, _ in log) >= held_last + 3, "all wait"
    assert max(at for at, _, _ in log) < held_last + 3 + 40 / (0.8 * 30) * 1.1, "and then all leave"


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 12),
    st.lists(st.tuples(st.booleans(), st.integers(1, 6), st.floats(0, 4)), min_size=1, max_size=40),
)
def test_no_pattern_of_arrivals_breaks_a_limit(rate: int, arrivals: list[tuple[bool, int, float]]) -> None:
    timeline, pacer, log = made(rate)

    async def one(is_reply: bool, chat: int, after: float) -> None:
        await timeline.sleep(after)
        await (pacer.reply if is_reply else pacer.owed)(chat)
        log.append((timeline.now, chat, "reply" if is_reply else "owed"))

    asyncio.run(timeline.play(*(one(*arrival) for arrival in arrivals)))
    assert len(log) == len(arrivals)
    assert most_in_a_second([at for at, _, _ in log]) <= rate
    for chat in {chat for _, chat, _ in log}:
        assert most_in_a_second([at for at, other, _ in log if other == chat]) <= 3
