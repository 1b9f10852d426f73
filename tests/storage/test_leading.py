"""Of the processes that share a server one leads, and whoever dies is followed by another."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from storage import Database, Unavailable, company, connect, inbox, lanes, replies
from storage.company import Member
from storage.inbox import Arrival
from storage.leading import AlreadyRunning, Lost, joined, sole
from storage.migrations import migrate
from storage.tables import processes
from tests.conftest import NOON
from tests.postgres import fresh_postgres, lent_postgres

MING, WAI = 11, 12


@pytest.fixture
async def server(postgres: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Database]:
    """A database of several processes, in which nobody waits for long before the dead are buried."""
    monkeypatch.setattr(company, "PULSE_SECONDS", 0.05)
    monkeypatch.setattr(company, "BURIED_AFTER_SECONDS", 1.0)
    async with lent_postgres(postgres) as address:
        opened = connect(address)
        yield opened
        await opened.close()


class Kept:
    """A process that keeps its place, as far as the others can see."""

    def __init__(self, member: Member, task: "asyncio.Task[None]", heard: asyncio.Event) -> None:
        self.member = member
        self.task = task
        self.heard = heard
        self.id = member.process_id


@asynccontextmanager
async def process(database: Database) -> AsyncIterator[Kept]:
    async with joined(database, name="example:1", now=NOON) as member:
        assert isinstance(member, Member)
        heard = asyncio.Event()
        task = asyncio.create_task(member.keep(heard=heard.set, looked=lambda: None))
        try:
            yield Kept(member, task, heard)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while not await true():
            await asyncio.sleep(0.02)


async def end_session(database: Database, one: Kept) -> None:
    """What the server does when a process is killed or its machine is gone."""
    backend = one.member._driver.info.backend_pid
    async with database.write() as tx:
        await tx.value(select(func.pg_terminate_backend(backend)))


async def arrive(database: Database, *arrivals: tuple[int, int]) -> None:
    async with database.write() as tx:
        await inbox.add(tx, [Arrival(number, lane, f"{number}") for number, lane in arrivals], now=NOON)
        await lanes.announce(tx)


async def claimed(database: Database, one: Kept, *, most: int = 10) -> list[int]:
    async with database.write() as tx:
        return sorted(await lanes.claim(tx, one.id, most=most))


async def seen_by(database: Database, one: Kept, *in_hand: int) -> list[str]:
    async with database.read() as tx:
        return [item.payload for item in await lanes.list_new(tx, one.id, in_hand=in_hand, most=10)]


async def test_one_leads_and_another_takes_over_when_it_leaves(server: Database) -> None:
    async with process(server) as other:
        async with process(server) as first:
            await until(lambda: _is(first.member.leads.is_set() or other.member.leads.is_set()))
            await asyncio.sleep(0.5)
            assert not (first.member.leads.is_set() and other.member.leads.is_set())
            await until(lambda: _is(first.member.company == other.member.company == 2))
        async with asyncio.timeout(20):
            await other.member.undisturbed.wait()
        await until(lambda: _is(other.member.company == 1))


async def _is(value: bool) -> bool:
    return value


async def test_whose_session_ended_knows_it_and_is_followed_only_after_a_while(server: Database) -> None:
    async with process(server) as first:
        await first.member.undisturbed.wait()
        async with process(server) as other:
            await arrive(server, (1, MING))
            assert await claimed(server, first) == [MING]
            await end_session(server, first)
            with pytest.raises(Lost):
                await first.task
            await other.member.leads.wait()
            assert not other.member.undisturbed.is_set()
            assert await claimed(server, other) == []
            await other.member.undisturbed.wait()
            assert await claimed(server, other) == [MING]
            await arrive(server, (2, WAI))
            with pytest.raises(Unavailable):
                await claimed(server, first)


async def test_who_was_taken_for_dead_stops(server: Database) -> None:
    async with process(server) as first:
        await first.member.leads.wait()
        async with server.write() as tx:
            await tx.run(processes.delete())
        with pytest.raises(Lost):
            await first.task


async def test_a_lane_is_in_one_processs_hands_until_it_is_left(server: Database) -> None:
    async with process(server) as first, process(server) as other:
        await arrive(server, (1, MING), (2, WAI), (3, MING))
        assert await claimed(server, first, most=1) == [MING]
        assert await claimed(server, other) == [WAI]
        assert await seen_by(server, first) == ["1", "3"]
        assert await seen_by(server, other) == ["2"]
        await arrive(server, (4, MING))
        assert await claimed(server, other) == []
        assert await seen_by(server, first, 1, 2) == ["3", "4"]
        async with server.write() as tx:
            await lanes.release(tx, first.id, [MING])
        assert await claimed(server, other) == [MING]
        assert await seen_by(server, other) == ["1", "2", "3", "4"]


async def test_two_who_look_at_the_same_time_take_different_lanes(server: Database) -> None:
    async with process(server) as first, process(server) as other:
        await arrive(server, *((number, number) for number in range(1, 21)))
        async with server.write() as tx:
            mine = await lanes.claim(tx, first.id, most=10)
            async with asyncio.timeout(20):
                theirs = await claimed(server, other, most=10)
        assert sorted([*mine, *theirs]) == list(range(1, 21))


async def test_replies_that_a_dead_process_left_are_taken_along(server: Database) -> None:
    async with process(server) as first:
        async with server.write() as tx:
            await replies.add(tx, MING, [{"method": "sendMessage", "params": {}}], now=NOON)
        assert await claimed(server, first) == [MING]
        async with server.read() as tx:
            assert [owed.lane for owed in await lanes.list_unsent(tx, [MING])] == [MING]
            assert await lanes.list_unsent(tx, [WAI]) == []


async def test_everybody_hears_that_updates_have_arrived(server: Database) -> None:
    async with process(server) as first, process(server) as other:
        await asyncio.sleep(0.2)
        await arrive(server, (1, MING))
        async with asyncio.timeout(20):
            await first.heard.wait()
            await other.heard.wait()


async def test_whoever_leaves_frees_what_it_held_at_once(server: Database) -> None:
    async with process(server) as other:
        async with process(server) as first:
            await arrive(server, (1, MING))
            assert await claimed(server, first) == [MING]
        assert await claimed(server, other) == [MING]
        async with server.read() as tx:
            assert len(await tx.rows(select(processes))) == 1


async def test_processes_that_start_at_once_make_the_tables_once(postgres: str) -> None:
    address = fresh_postgres(postgres)
    several = [connect(address) for _ in range(3)]
    await asyncio.gather(*(migrate(one) for one in several))
    async with several[0].read() as tx:
        assert await tx.value(text("SELECT count(*) FROM alembic_version")) == 1
    for one in several:
        await one.close()


async def test_a_file_has_one_process_alone(tmp_path: Path) -> None:
    database = connect(f"sqlite+aiosqlite:///{tmp_path / 'amity.db'}")
    with sole(database), pytest.raises(AlreadyRunning), sole(database):
        pass
    with sole(database):
        async with joined(database, name="example:1", now=NOON) as post:
            assert post.leads.is_set()
            assert post.process_id is None
    await database.close()
