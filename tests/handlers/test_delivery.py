"""How notices end: each of them settled, none lost, none sent twice without need."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup

from bot.language import HK
from handlers import delivery as delivery_module
from handlers import wording as wording_module
from handlers.delivery import Delivery
from handlers.pacing import Pacer
from handlers.replies import Original, Reply, say
from handlers.turns import Setup
from handlers.wire import Blocked, Held, NotSent, Refused, Unknown
from playground.clock import Clock
from storage import Database, connect, notices, owing, people
from storage.migrations import migrate
from storage.owing import ANSWER, NEWS
from storage.tables import notices as table
from tests.conftest import NOON
from tests.making import known_person
from tests.wire import FakeWire


@dataclass
class Desk:
    database: Database
    wire: FakeWire
    clock: Clock
    pacer: Pacer

    def delivery(self) -> Delivery:
        setup = Setup("amity_bot", HK, frozenset(), None)
        return Delivery(self.database, self.wire, self.pacer, self.clock, setup)  # type: ignore[arg-type]

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[Delivery]:
        delivery = self.delivery()
        task = asyncio.create_task(delivery.run())
        try:
            yield delivery
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def owe(self, chat: int, *, rank: int = ANSWER, occasion: str = "", **more: Any) -> int:
        """Owe the person of a chat a notice; gives the person's id."""
        async with self.database.write() as tx:
            person = await people.find_by_telegram_id(tx, chat)
        person = person or await known_person(self.database, chat, now=NOON)
        async with self.database.write() as tx:
            await owing.owe_person(
                tx,
                person.id,
                "test",
                occasion=occasion or f"test:{chat}",
                due_at=more.pop("due_at", NOON),
                rank=rank,
                **more,
            )
        return person.id

    async def states(self) -> dict[str, str]:
        async with self.database.read() as tx:
            return {row.occasion: row.state for row in await tx.rows(table.select())}

    async def until(self, **expected: str) -> None:
        """Wait until the notices for the chats (named c1, c2…) have come so far."""
        wanted = {f"test:{name[1:]}": state for name, state in expected.items()}
        deadline = time.monotonic() + 8
        while True:
            states = await self.states()
            if all(states.get(occasion) == state for occasion, state in wanted.items()):
                return
            assert time.monotonic() < deadline, states
            await asyncio.sleep(0.02)


@pytest.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    async def word(*_: object) -> Reply:
        return say(Markup("Hello"))

    monkeypatch.setattr(wording_module, "WORDS", {"test": word})
    monkeypatch.setattr(delivery_module, "IDLE_SECONDS", 0.05)
    database = connect(f"sqlite+aiosqlite:///{tmp_path / 'amity.db'}")
    await migrate(database)
    yield Desk(database, FakeWire(), Clock(NOON), Pacer(1000))
    await database.close()


async def test_each_way_to_end_is_written_down(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.wire.answers = {2: [Blocked("403")], 3: [Refused(400, "bad")], 4: [Unknown("no answer in time")]}

    async def word(notice: notices.Owed, *_: object) -> Reply | None:
        if notice.chat_id == 5:
            return None
        if notice.chat_id == 7:
            raise ZeroDivisionError
        return say(Markup("Hello"))

    monkeypatch.setattr(wording_module, "WORDS", {"test": word})
    for chat in range(1, 8):
        await desk.owe(chat, useful_until=NOON if chat == 6 else None, rank=NEWS)
    async with desk.at_work():
        await desk.until(
            c1="sent", c2="blocked", c3="failed", c4="unknown", c5="cancelled", c6="missed", c7="failed"
        )


async def test_the_blocked_are_unreachable_until_they_write_again(desk: Desk) -> None:
    desk.wire.answers = {1: [Blocked("403")]}
    person_id = await desk.owe(1)
    async with desk.at_work():
        await desk.until(c1="blocked")
        await desk.owe(1, occasion="test:1001")
        await desk.until(c1001="blocked")
        assert desk.wire.count(1) == 1, "nothing is sent to whom nothing reaches"
        async with desk.database.write() as tx:
            await people.refresh(tx, person_id, name="Ming", username=None)
        await desk.owe(1, occasion="test:1002")
        await desk.until(c1002="sent")


async def test_a_429_holds_its_chat_and_loses_nothing(desk: Desk) -> None:
    desk.wire.answers = {1: [Held(2)]}
    await desk.owe(1)
    began = time.monotonic()
    async with desk.at_work():
        await asyncio.sleep(0.3)
        await desk.owe(2)
        await desk.until(c1="sent", c2="sent")
    assert time.monotonic() - began >= 1.9
    assert [params["chat_id"] for _, params in desk.wire.calls] == [1, 2, 1], "the others did not wait"


async def test_a_chat_held_for_long_keeps_nobody_else_waiting(desk: Desk) -> None:
    desk.pacer.hold(1, 3600)
    for number in range(200):
        await desk.owe(1, occasion=f"test:9{number}")
    await desk.owe(2)
    async with desk.at_work():
        await desk.until(c2="sent")
    assert desk.wire.count(1) == 0


async def test_slow_answers_keep_nobody_else_waiting(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery_module, "STOP_SECONDS", 0.1)
    desk.wire.silent = {1, 2, 3}
    for chat in range(1, 120):
        await desk.owe(chat)
    async with desk.at_work():
        await desk.until(**{f"c{chat}": "sent" for chat in range(4, 120)})


async def test_what_never_left_is_tried_again_until_it_arrives(desk: Desk) -> None:
    desk.wire.answers = {1: [NotSent("ClientConnectorError"), NotSent("Bad Gateway", 502)]}
    await desk.owe(1)
    async with desk.at_work():
        for _ in range(40):
            await asyncio.sleep(0.05)
            desk.clock.move(1)
        await desk.until(c1="sent")
    assert desk.wire.count(1) == 3


async def test_what_may_have_arrived_is_never_sent_again(desk: Desk) -> None:
    desk.wire.answers = {1: [Unknown("no answer in time")]}
    await desk.owe(1, rank=NEWS)
    async with desk.at_work():
        await desk.until(c1="unknown")
        desk.clock.move(3600)
        await asyncio.sleep(0.3)
    assert desk.wire.count(1) == 1


async def test_what_does_no_harm_twice_is_sent_again_where_nobody_knows(desk: Desk) -> None:
    desk.wire.answers = {1: [Unknown("no answer in time")]}
    await desk.owe(1)
    async with desk.at_work():
        await asyncio.sleep(0.3)
        desk.clock.move(60)
        await desk.until(c1="sent")
    assert desk.wire.count(1) == 2


async def test_what_is_not_useful_any_more_is_missed(desk: Desk) -> None:
    await desk.owe(1, useful_until=NOON + timedelta(hours=1))
    desk.clock.move(2 * 3600)
    async with desk.at_work():
        await desk.until(c1="missed")
    assert not desk.wire.calls


async def test_after_a_crash_news_is_in_doubt_and_the_rest_is_owed_again(desk: Desk) -> None:
    await desk.owe(1, rank=NEWS)
    await desk.owe(2)
    await desk.owe(3, rank=NEWS, due_at=NOON + timedelta(minutes=1))
    async with desk.database.write() as tx:
        assert len(await notices.claim(tx, now=NOON, limit=10)) == 2
    desk.clock.move(120)
    async with desk.at_work():
        await desk.until(c1="unknown", c2="sent", c3="sent")
    assert desk.wire.count(1) == 0


async def test_stopping_in_order_leaves_nothing_in_doubt(desk: Desk) -> None:
    desk.pacer = Pacer(20)
    for chat in range(1, 101):
        await desk.owe(chat, rank=NEWS)
    async with desk.at_work():
        await asyncio.sleep(1.3)
    states = await desk.states()
    assert set(states.values()) == {"sent", "owed"}
    assert len(desk.wire.calls) == sum(1 for state in states.values() if state == "sent")
    desk.pacer = Pacer(1000)
    async with desk.at_work():
        await desk.until(**{f"c{chat}": "sent" for chat in range(1, 101)})
    assert len(desk.wire.calls) == 100


@pytest.mark.parametrize("moments", range(6))
async def test_a_stop_that_comes_with_a_wake_up_is_a_stop(
    desk: Desk, moments: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_module, "IDLE_SECONDS", 60)
    delivery = desk.delivery()
    task = asyncio.create_task(delivery.run())
    await asyncio.sleep(0.2)
    delivery.wake()
    for _ in range(moments):
        await asyncio.sleep(0)
    task.cancel()
    done, _ = await asyncio.wait([task], timeout=5)
    assert done, "the delivery went on"


async def test_what_could_not_be_remembered_is_settled_all_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def remember(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(delivery_module, "AFTERWARDS", {"test": remember})
    await desk.owe(1)
    await desk.owe(2)
    async with desk.at_work():
        await desk.until(c1="sent", c2="sent")


async def test_sleepers_get_news_in_the_morning_and_what_cant_wait_without_a_sound(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def word(*_: object) -> Reply:
        return Reply((Original("Hello"),))

    monkeypatch.setattr(wording_module, "WORDS", {"test": word})
    first, second = await desk.owe(1, rank=NEWS), await desk.owe(2)
    async with desk.database.write() as tx:
        for person_id in (first, second):
            await people.set_quiet(tx, person_id, (11 * 60, 13 * 60))
    async with desk.at_work():
        await desk.until(c2="sent")
        assert desk.wire.calls[0][1]["disable_notification"] is True
        assert desk.wire.count(1) == 0
        desk.clock.move(3600)
        await desk.until(c1="sent")
    assert desk.wire.calls[1][1]["disable_notification"] is None
