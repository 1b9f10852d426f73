"""Several processes on one PostgreSQL share the work, and go on where one is killed: real ones, really."""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import func, select, text, update
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot import broadcasts as decisions
from handlers.listening import serving
from handlers.processes import fair_rate
from storage import Database, broadcasts, connect
from storage.broadcasts import Variant
from storage.company import LEADER, ROLE, THERE
from storage.tables import broadcasts as broadcast_rows
from storage.tables import inbox, lanes, notices, people, processes, replies, rsvps
from tests import commands
from tests.commands import Command
from tests.conftest import migrated_postgres, migrated_sqlite
from tests.making import known_person, published_event
from tests.phone import Phone, Telegram, telegram_running

PATIENCE = 90.0
SECRET = "the-same-in-all-processes"


class Bot:
    """The bot as operators run it, in some processes."""

    def __init__(self, telegram: Telegram, database: Database, folder: Path) -> None:
        self.telegram = telegram
        self.database = database
        self._folder = folder
        self.running: list[Command] = []

    def start(self, **settings: str) -> Command:
        ours = {
            "AMITY_BOT_TOKEN": self.telegram.token,
            "AMITY_API_URL": self.telegram.api_url,
            "AMITY_DATABASE_URL": self.database.url.render_as_string(hide_password=False),
            "AMITY_SEND_RATE": "200",
        }
        out, errors = self._folder / "out", self._folder / "log"
        process = commands.start(self._folder, "run", out=out, errors=errors, **(ours | settings))
        self.running.append(process)
        return process

    async def kill(self, process: Command) -> None:
        self.running.remove(process)
        process.kill()
        await process.wait()

    async def leader(self) -> Command | None:
        """Whoever has the leader's lock, found by the name it goes by."""
        query = text(
            "SELECT processes.name FROM pg_locks AS role JOIN pg_locks AS there ON there.pid = role.pid"
            " JOIN processes ON processes.id = there.objid::bigint"
            f" WHERE role.classid = {ROLE} AND role.objid = {LEADER} AND there.classid = {THERE}"
            " AND role.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        async with self.database.read() as tx:
            name = await tx.value(query)
        number = int(name.rpartition(":")[2]) if name else 0
        return next((one for one in self.running if one.pid == number), None)

    async def until(self, true: Callable[[], Awaitable[Any]]) -> None:
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while not await true():
            assert all(one.returncode is None for one in self.running), "a process ended by itself"
            assert asyncio.get_running_loop().time() < deadline, "the bot did not get on"
            await asyncio.sleep(0.05)

    async def company(self, count: int) -> bool:
        async with self.database.read() as tx:
            there = await tx.value(select(func.count()).select_from(processes))
        return bool(there == count and await self.leader())


@asynccontextmanager
async def surroundings(postgres: str, folder: Path) -> AsyncIterator[Bot]:
    """A playground and a database that outlive every process."""
    async with telegram_running() as telegram:
        database = connect(await migrated_postgres(postgres))
        bot = Bot(telegram, database, folder)
        try:
            yield bot
        finally:
            for process in list(bot.running):
                await bot.kill(process)
            await database.close()


async def members(bot: Bot, count: int, *, now: datetime) -> list[Phone]:
    """People who have agreed, and have opened the chat."""
    phones = [await bot.telegram.person("Member", id=20_000 + number) for number in range(count)]
    values = [{"telegram_id": one.id, "name": "Member", "locale": "en", "joined_at": now} for one in phones]
    async with bot.database.write() as tx:
        await tx.run_many(people.insert(), values)
    return phones


async def handled(database: Database) -> int:
    async with database.read() as tx:
        count: int = await tx.value(select(func.count()).where(inbox.c.state == "done"))
    return count


async def all_said(database: Database) -> bool:
    async with database.read() as tx:
        waiting = await tx.value(select(func.count()).where(inbox.c.state == "new"))
        return not waiting and not await tx.value(select(func.count()).select_from(replies))


@asynccontextmanager
async def counting_decisions(database: Database) -> AsyncIterator[None]:
    """Each reply that is committed leaves a row: their numbers also count what a kill has rolled back."""
    for statement in (
        "CREATE TABLE decided (reply_id bigint)",
        "CREATE FUNCTION note_decision() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN INSERT INTO decided VALUES (NEW.id); RETURN NEW; END'",
        "CREATE TRIGGER decided AFTER INSERT ON replies FOR EACH ROW EXECUTE FUNCTION note_decision()",
    ):
        async with database.write() as tx:
            await tx.run(text(statement))
    try:
        yield
    finally:
        async with database.write() as tx:
            await tx.run(text("DROP FUNCTION note_decision CASCADE"))
            await tx.run(text("DROP TABLE decided"))


async def test_another_process_goes_on_where_a_killed_leader_was(postgres: str, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    async with surroundings(postgres, tmp_path) as bot, counting_decisions(bot.database):
        event = await published_event(bot.database, now=now, capacity=20)
        phones = await members(bot, 60, now=now)
        shown = [await phone.write("/events") for phone in phones]
        author = await known_person(bot.database, 31_000, now=now)
        async with bot.database.write() as tx:
            broadcast_id = await decisions.draft(
                tx, author_id=author.id, locale="en", variant=Variant("Dear friends"), now=now
            )
            # At night too, whenever this runs.
            begun = {"state": "sending", "started_at": now, "round_at": now, "night": "now"}
            await tx.run(update(broadcast_rows).where(broadcast_rows.c.id == broadcast_id).values(begun))
        for _ in range(2):
            bot.start(AMITY_SEND_RATE="60")
        await bot.until(lambda: bot.company(2))
        pressed = zip(phones, shown, strict=True)
        queries = [await phone.forge(f"v1:join:{event.id}", seen) for phone, seen in pressed]
        updates = 2 * len(phones)

        async def some_handled() -> bool:
            return await handled(bot.database) >= updates // 2

        await bot.until(some_handled)
        leader = await bot.leader()
        assert leader
        await bot.kill(leader)
        async with bot.database.read() as tx:
            in_doubt = await tx.value(select(func.count()).select_from(replies))

        async def everything_done() -> bool:
            async with bot.database.read() as tx:
                found = await broadcasts.find(tx, broadcast_id)
            done = await handled(bot.database) == updates and await all_said(bot.database)
            return bool(done and found and found.state == "done")

        await bot.until(everything_done)
        assert await bot.company(1)
        async with bot.database.read() as tx:
            seats = Counter(row.state for row in await tx.rows(select(rsvps.c.state)))
            decided = await tx.value(text("SELECT count(*) FROM decided"))
            news = select(notices.c.state).where(notices.c.kind == "broadcast")
            states = Counter(row.state for row in await tx.rows(news))
        assert seats == {"going": 20, "waiting": 40}
        assert decided == updates, "each update was decided once"
        assert set(states) <= {"sent", "unknown", "blocked"}, "what is done is settled"
        for query in queries:
            assert await bot.telegram.answer(query, timeout=0) is not None
        answered = 0
        for phone in phones:
            said = [one for one in await phone.messages() if one["from"]["is_bot"]]
            assert Counter(one.get("text") for one in said)["Dear friends"] <= 1
            answered += sum(1 for one in said if one.get("text") != "Dear friends")
        # A press is answered by a message of its own or in the message pressed; never more often than asked.
        assert answered <= updates + in_doubt


class Balancer:
    """What stands before several processes: it passes each post on to the next of them."""

    def __init__(self, ports: Sequence[int], session: aiohttp.ClientSession) -> None:
        self._ports = itertools.cycle(ports)
        self._session = session
        self.passed: Counter[int] = Counter()

    async def pass_on(self, request: Request) -> Response:
        port = next(self._ports)
        self.passed[port] += 1
        headers = {name: value for name, value in request.headers.items() if name.startswith("x-telegram")}
        address = f"http://127.0.0.1:{port}/telegram"
        try:
            async with self._session.post(address, data=await request.body(), headers=headers) as answer:
                return Response(await answer.read(), answer.status)
        except aiohttp.ClientError:
            return Response(status_code=502)


async def free_ports(count: int) -> list[int]:
    servers = [await asyncio.start_server(lambda *_: None, "127.0.0.1", 0) for _ in range(count)]
    ports = [server.sockets[0].getsockname()[1] for server in servers]
    for server in servers:
        server.close()
        await server.wait_closed()
    return ports


async def test_one_chats_updates_are_handled_in_order_by_whichever_process(
    postgres: str, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    ports = await free_ports(2)
    async with surroundings(postgres, tmp_path) as bot, aiohttp.ClientSession() as session:
        event = await published_event(bot.database, now=now)
        phones = await members(bot, 6, now=now)
        shown = [await phone.write("/events") for phone in phones]
        balancer = Balancer(ports, session)
        app = Starlette(routes=[Route("/telegram", balancer.pass_on, methods=["POST"])])
        async with serving(app) as address:
            for port in ports:
                bot.start(
                    AMITY_LISTEN=f"127.0.0.1:{port}",
                    AMITY_WEBHOOK_URL=f"{address}/telegram",
                    AMITY_WEBHOOK_SECRET=SECRET,
                )
            await bot.until(lambda: bot.company(2))
            queries: dict[str, list[str]] = {"join": [], "left": []}
            for _ in range(10):
                for op, asked in queries.items():
                    asked += [
                        await phone.forge(f"v1:{op}:{event.id}", seen)
                        for phone, seen in zip(phones, shown, strict=True)
                    ]
            updates = len(phones) * 21

            async def everything_done() -> bool:
                return await handled(bot.database) == updates and await all_said(bot.database)

            await bot.until(everything_done)
        assert min(balancer.passed[port] for port in ports) > updates // 3
        for op, asked in queries.items():
            answers = [await bot.telegram.answer(query, timeout=0) for query in asked]
            assert len({answer and answer.get("text") for answer in answers}) == 1, op
        async with bot.database.read() as tx:
            assert await tx.value(text("SELECT last_value FROM replies_id_seq")) == updates
            assert {row.state for row in await tx.rows(select(rsvps.c.state))} == {"left"}

        async def nothing_held() -> bool:
            async with bot.database.read() as tx:
                return not await tx.value(select(func.count()).select_from(lanes))

        await bot.until(nothing_held)


async def test_a_second_bot_on_the_same_file_does_no_harm(tmp_path: Path) -> None:
    async with telegram_running() as telegram:
        database = await migrated_sqlite(tmp_path)
        bot = Bot(telegram, database, tmp_path)
        bot.start()
        try:
            ming = await telegram.person("Ming")
            await ming.write("/start")
            await ming.wait_for("語言", timeout=60)
            second = bot.start()
            assert await asyncio.wait_for(second.wait(), 60) == 2
            bot.running.remove(second)
            (line,) = [one for one in (tmp_path / "log").read_text().splitlines() if "already" in one]
            assert "PostgreSQL" in line
            await ming.write("/start")
            await telegram.settled()
        finally:
            for process in list(bot.running):
                await bot.kill(process)
            await database.close()


@pytest.mark.parametrize("rate", [30, 1000])
@pytest.mark.parametrize("company", [1, 2, 3, 5, 10])
def test_several_processes_together_never_go_over_the_rate(rate: int, company: int) -> None:
    leader, others = fair_rate(rate, company, leads=True), fair_rate(rate, company, leads=False)
    assert leader + (company - 1) * others <= rate
    assert leader >= rate // 2
    assert others >= 1
