"""Delivery in trouble: the database away for a while, a stop in the middle, a whole night's burst."""

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from unittest import mock

import psycopg
import pytest
from markupsafe import Markup

from bot.language import HK
from handlers import delivery as delivery_module
from handlers import wording as wording_module
from handlers.delivery import Delivery
from handlers.pacing import Pacer
from handlers.replies import Reply, say
from handlers.turns import Setup
from handlers.wire import Unknown
from playground.clock import Clock
from storage import Database, connect, owing, people
from storage import notices as owed
from storage.owing import NEWS, TIMELY
from storage.tables import broadcasts, notices
from tests.conftest import NOON, migrated_postgres
from tests.handlers.test_delivery_model import counted, owe_everyone, play_on, rows_by_outcome, word
from tests.making import known_person
from tests.wire import FakeWire


@pytest.fixture(autouse=True)
def at_once() -> Iterator[None]:
    with (
        mock.patch.object(wording_module, "WORDS", {"broadcast": word, "test": word}),
        mock.patch.object(wording_module, "TOGETHER", {}),
        mock.patch.object(delivery_module, "IDLE_SECONDS", 0.05),
    ):
        yield


def started(database: Database, wire: FakeWire, clock: Clock) -> "asyncio.Task[None]":
    setup = Setup("amity_bot", HK, frozenset(), None)
    delivery = Delivery(database, wire, Pacer(1000), clock, setup)  # type: ignore[arg-type]
    return asyncio.create_task(delivery.run())


async def ended(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.wait([task])


async def until_settled(database: Database) -> dict[str, str]:
    deadline = time.monotonic() + 15
    while True:
        async with database.read() as tx:
            found = {row.occasion: row.state for row in await tx.rows(notices.select())}
        if not {"owed", "claimed"} & set(found.values()):
            return found
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.05)


async def owe(database: Database, chat: int, **more: object) -> int:
    person = await known_person(database, chat, now=NOON)
    async with database.write() as tx:
        values = {"occasion": f"test:{chat}", "due_at": NOON, "rank": NEWS} | more
        await owing.owe_person(tx, person.id, "test", **values)  # type: ignore[arg-type]
    return person.id


async def test_sqlite_locked_by_another_process_holds_delivery_up_and_loses_nothing(
    database: Database,
) -> None:
    if not database.is_sqlite:
        return
    wire = FakeWire()
    broadcast_id = await owe_everyone(database, range(1, 200))
    task = started(database, wire, Clock(NOON))
    # Waiting for the lock in this thread would keep the bot from ending the transaction that holds it.
    path = str(database.url.database)
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        for _ in range(4):
            await asyncio.sleep(0.03)
            await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
            await asyncio.sleep(0.2)
            other.execute("COMMIT")
    states = await until_settled(database)
    await ended(task)
    assert set(states.values()) == {"sent"}
    assert len(wire.calls) == len(states)
    assert await counted(database, broadcast_id) == await rows_by_outcome(database)


async def test_postgresql_gone_again_and_again_leaves_nobody_out_and_tells_nobody_twice(
    postgres: str,
) -> None:
    database = connect(await migrated_postgres(postgres))
    name = database.url.database

    async def cut() -> None:
        for _ in range(15):
            await asyncio.sleep(0.04)
            await asyncio.to_thread(cut_now)

    def cut_now() -> None:
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
            )

    try:
        broadcast_id = await owe_everyone(database, range(1, 300))
        wire = FakeWire()
        task = started(database, wire, Clock(NOON))
        await cut()
        states = await until_settled(database)
        assert not task.done()
        await ended(task)
        assert set(states.values()) == {"sent"}
        assert len(wire.calls) == len(states)
        assert await counted(database, broadcast_id) == await rows_by_outcome(database)
    finally:
        await database.close()


@pytest.mark.parametrize(("patience", "state", "calls"), [(4.0, "sent", 2), (0.05, "unknown", 1)])
async def test_a_stop_in_the_middle_of_two_messages_is_written_down(
    database: Database, patience: float, state: str, calls: int
) -> None:
    async def two(*_: object) -> Reply:
        return say(Markup("First")) + say(Markup("Second"))

    wire = FakeWire()
    await owe(database, 1)
    with (
        mock.patch.object(wording_module, "WORDS", {"test": two}),
        mock.patch.object(delivery_module, "STOP_SECONDS", patience),
    ):
        task = started(database, wire, Clock(NOON))
        while not wire.calls:
            await asyncio.sleep(0.01)
        await ended(task)
    async with database.read() as tx:
        row = await tx.row(notices.select())
    assert row is not None
    assert (row.state, len(wire.calls), row.message_id) == (state, calls, 1)


async def test_a_burst_held_overnight_is_not_stale_in_the_morning(database: Database) -> None:
    """Twelve hours of quiet, from noon to midnight: all of it comes then, and nothing is missed."""
    clock, wire = Clock(NOON), FakeWire()
    for chat in range(1, 60):
        person_id = await owe(database, chat, rank=TIMELY, useful_until=NOON + timedelta(hours=14))
        async with database.write() as tx:
            await people.set_quiet(tx, person_id, (11 * 60, 0))
    task = started(database, wire, clock)
    await asyncio.sleep(0.3)
    assert not wire.calls
    clock.move(12 * 3600)
    states = await until_settled(database)
    await ended(task)
    assert set(states.values()) == {"sent"}
    assert len(wire.calls) == 59


async def test_resume_after_a_pause_a_crash_or_a_429_skips_nobody_and_sends_nobody_twice(
    database: Database,
) -> None:
    fates = {chat: ["held"] * (chat % 3) + ["trouble"] * (chat % 2) for chat in range(1, 30)}
    await play_on(database, fates, ["none", "unheard", "none", "undone"], [0.01, 0.02, 0.05], None)


async def test_two_broadcasts_at_once_reach_everybody_once_each(database: Database) -> None:
    wire = FakeWire({3: [Unknown("no answer in time")]})
    first = await owe_everyone(database, range(1, 20))
    async with database.write() as tx:
        second: int = await tx.value(
            broadcasts.insert()
            .values(
                base_locale="en", audience={}, state="sending", started_at=NOON, created_at=NOON, paid=True
            )
            .returning(broadcasts.c.id)
        )
        for chat in range(1, 20):
            await tx.run(
                notices.insert().values(
                    kind="broadcast",
                    person_id=chat,
                    params={},
                    occasion=f"broadcast:{second}:{chat}",
                    rank=NEWS,
                    due_at=NOON,
                    broadcast_id=second,
                )
            )
    task = started(database, wire, Clock(NOON))
    states = await until_settled(database)
    await ended(task)
    assert sorted(states.values()) == ["sent"] * 37 + ["unknown"]
    assert all(wire.count(chat) == 2 for chat in range(1, 20))
    paid = [params for _, params in wire.calls if params.get("allow_paid_broadcast")]
    assert len(paid) == 19
    assert sum((await counted(database, first)).values()) == 19
    assert sum((await counted(database, second)).values()) == 19


async def test_correcting_what_was_paid_for_leaves_at_the_ordinary_rate(database: Database) -> None:
    await owe_everyone(database, [1, 2])
    async with database.write() as tx:
        await tx.run(broadcasts.update().values(paid=True))
        await tx.run(notices.update().where(notices.c.person_id == 2).values(kind="broadcast_correct"))
    async with database.write() as tx:
        claimed = await owed.claim(tx, now=NOON, limit=10, paid=10)
    assert {notice.kind: notice.paid for notice in claimed} == {"broadcast": True, "broadcast_correct": False}
