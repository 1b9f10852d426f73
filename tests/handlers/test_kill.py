"""Killed at any instant, the bot loses nothing and does nothing twice: the real process, really killed."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select, text

from bot import broadcasts as decisions
from bot.broadcast_starting import Started, start
from storage import Database, broadcasts, connect
from storage.broadcasts import Variant
from storage.migrations import migrate
from storage.tables import inbox, notices, people, replies, rsvps
from tests import commands
from tests.commands import Command
from tests.making import known_person, published_event
from tests.phone import Phone, Telegram, telegram_running

PATIENCE = 60.0
# Within how many seconds it stops, and what a busy machine may add.
PROMISED, LEEWAY = 5.0, 5.0


@asynccontextmanager
async def surroundings(folder: Path) -> AsyncIterator[tuple[Telegram, Database]]:
    """A playground and a database that outlive the bot."""
    async with telegram_running() as telegram:
        database = connect(f"sqlite+aiosqlite:///{folder / 'amity.db'}")
        await migrate(database)
        try:
            yield telegram, database
        finally:
            await database.close()


def started(telegram: Telegram, database: Database, *, rate: int) -> Command:
    """The bot as operators run it."""
    settings = {
        "AMITY_BOT_TOKEN": telegram.token,
        "AMITY_API_URL": telegram.api_url,
        "AMITY_DATABASE_URL": str(database.url),
        "AMITY_SEND_RATE": str(rate),
    }
    folder = Path(str(database.url.database)).parent
    return commands.start(folder, "run", out=folder / "out", errors=folder / "log", **settings)


async def until(true: Callable[[], Awaitable[bool]], process: Command) -> None:
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while not await true():
        assert process.returncode is None, "the bot ended by itself"
        assert asyncio.get_running_loop().time() < deadline, "the bot did not get on"
        await asyncio.sleep(0.01)


async def kill(process: Command) -> None:
    process.kill()
    await process.wait()


async def members(telegram: Telegram, database: Database, count: int, *, now: datetime) -> list[Phone]:
    """People who have agreed and written once; what they wrote is taken from the queue."""
    phones = [await telegram.person("Member", id=20_000 + number) for number in range(count)]
    async with database.write() as tx:
        await tx.run_many(
            people.insert(),
            [
                {"telegram_id": phone.id, "name": "Member", "locale": "en", "joined_at": now}
                for phone in phones
            ],
        )
    await asyncio.gather(*(phone.write("/start") for phone in phones))
    await forget_queue(telegram)
    return phones


async def forget_queue(telegram: Telegram) -> None:
    while waiting := (await telegram.call("getUpdates", limit=100))["result"]:
        await telegram.call("getUpdates", offset=waiting[-1]["update_id"] + 1, limit=1)


async def test_hundreds_of_updates_survive_being_killed_again_and_again(tmp_path: Path) -> None:
    now, chance = datetime.now(UTC), random.Random()
    async with surroundings(tmp_path) as (telegram, database):
        event = await published_event(database, now=now, capacity=50)
        phones = await members(telegram, database, 80, now=now)
        queries: list[str] = []
        for phone in phones:
            message_id = await phone.write("/events")
            queries += [await phone.forge(f"v1:join:{event.id}", message_id) for _ in range(2)]
        updates = 3 * len(phones)
        in_doubt = 0

        async def done(share: float) -> bool:
            async with database.read() as tx:
                handled = await tx.value(select(func.count()).where(inbox.c.state == "done"))
                owed = await tx.value(select(func.count()).select_from(replies))
            return bool(handled >= share * updates and (share < 1 or not owed))

        for share in sorted(chance.uniform(0, 0.95) for _ in range(3)):
            bot = started(telegram, database, rate=1000)
            await until(lambda share=share: done(share), bot)  # type: ignore[misc]
            await asyncio.sleep(chance.uniform(0, 0.1))
            await kill(bot)
            async with database.read() as tx:
                in_doubt += await tx.value(select(func.count()).select_from(replies))
        bot = started(telegram, database, rate=1000)
        await until(lambda: done(1), bot)
        await kill(bot)

        async with database.read() as tx:
            states = Counter(row.state for row in await tx.rows(select(inbox.c.state)))
            seats = Counter(row.state for row in await tx.rows(select(rsvps.c.state)))
            decided = await tx.value(text("SELECT seq FROM sqlite_sequence WHERE name = 'replies'"))
        assert states == {"done": updates}
        assert seats == {"going": 50, "waiting": 30}
        assert decided == updates, "each update was decided once"
        answered = 0
        for phone in phones:
            answers = [one for one in await phone.messages() if one["from"]["is_bot"]]
            assert len(answers) >= 3, await phone.transcript()
            answered += len(answers)
        assert answered - updates <= in_doubt, "only what was under way at a kill may be said twice"
        for query in queries:
            assert await telegram.answer(query, timeout=0) is not None


async def broadcast(database: Database, author: int, *, now: datetime) -> int:
    """One that begins at once, whatever the hour is; says its id."""
    person = await known_person(database, author, now=now)
    async with database.write() as tx:
        broadcast_id = await decisions.draft(
            tx, author_id=person.id, locale="en", variant=Variant("Dear friends"), now=now
        )
        await decisions.arrange(tx, broadcast_id, night="now")
        draft = await broadcasts.find(tx, broadcast_id)
        assert draft
        seen = decisions.digest(draft)
        assert isinstance(
            await start(tx, broadcast_id, seen, actor_id=person.id, now=datetime.now(UTC)), Started
        )
    return broadcast_id


async def test_a_broadcast_survives_being_killed_again_and_again(tmp_path: Path) -> None:
    now, chance = datetime.now(UTC), random.Random()
    async with surroundings(tmp_path) as (telegram, database):
        phones = await members(telegram, database, 300, now=now)
        broadcast_id = await broadcast(database, phones[0].id, now=now)

        async def sent(count: int) -> bool:
            return len(await telegram.calls("sendMessage")) >= count

        async def finished() -> bool:
            async with database.read() as tx:
                found = await broadcasts.find(tx, broadcast_id)
            return bool(found and found.finished_at)

        kills = sorted(chance.randrange(1, 240) for _ in range(2))
        for count in kills:
            bot = started(telegram, database, rate=150)
            await until(lambda count=count: sent(count), bot)  # type: ignore[misc]
            await kill(bot)
        bot = started(telegram, database, rate=150)
        await until(finished, bot)
        await kill(bot)

        async with database.read() as tx:
            rows = await tx.rows(
                select(people.c.telegram_id, notices.c.state)
                .join(people, people.c.id == notices.c.person_id)
                .where(notices.c.broadcast_id == broadcast_id)
            )
        assert len(rows) == len(phones), "nobody is skipped and nobody is owed twice"
        states = {row.telegram_id: row.state for row in rows}
        assert set(states.values()) <= {"sent", "unknown"}
        assert Counter(states.values())["unknown"] <= 75 * len(kills)
        for phone in phones:
            copies = sum(1 for one in await phone.messages() if one.get("text") == "Dear friends")
            assert copies == 1 if states[phone.id] == "sent" else copies <= 1, phone.id


async def test_told_to_stop_it_ends_in_order_even_while_telegram_is_silent(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    async with surroundings(tmp_path) as (telegram, database):
        phones = await members(telegram, database, 40, now=now)
        await broadcast(database, phones[0].id, now=now)
        await telegram.fault("sendMessage", "silence", times=8)
        bot = started(telegram, database, rate=1000)

        async def is_under_way() -> bool:
            async with database.read() as tx:
                return bool(await tx.value(select(func.count()).where(notices.c.state == "sent")))

        await until(is_under_way, bot)
        for phone in phones[:3]:
            await phone.write("/start")
        bot.terminate()
        began = asyncio.get_running_loop().time()
        await asyncio.wait_for(bot.wait(), PATIENCE)
        assert asyncio.get_running_loop().time() - began < PROMISED + LEEWAY
        assert bot.returncode == 0, (tmp_path / "log").read_text()[-2000:]
        assert "Traceback" not in (tmp_path / "log").read_text()
        async with database.read() as tx:
            states = Counter(row.state for row in await tx.rows(select(notices.c.state)))
        assert states["claimed"] <= 8, "only what Telegram was silent about is in doubt"
        assert states["sent"] + states["owed"] + states["claimed"] == len(phones)
