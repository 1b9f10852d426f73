"""What the database promises, on SQLite and on PostgreSQL."""

import asyncio
import contextlib
import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.attendance import join
from storage import Database, Unavailable, connect, dialogues, events, options, people, rsvps
from storage.dialogues import Dialogue
from storage.migrations import is_current, migrate
from storage.tables import metadata
from storage.tables import options as options_table
from tests.conftest import NOON
from tests.making import known_person, published_event


async def test_ten_counting_side_by_side_lose_nothing(tmp_path: Path) -> None:
    """On SQLite a whole transaction is alone; on PostgreSQL rows are locked, see the contention test."""
    database = connect(f"sqlite+aiosqlite:///{tmp_path / 'amity.db'}")
    await migrate(database)

    async def count_up() -> None:
        async with database.write() as tx:
            seen = int(await options.find(tx, "count") or 0)
            await asyncio.sleep(0)
            await options.remember(tx, "count", str(seen + 1))

    await asyncio.gather(*(count_up() for _ in range(10)))
    async with database.read() as tx:
        assert await options.find(tx, "count") == "10"
    await database.close()


async def test_an_exception_leaves_nothing_behind(database: Database) -> None:
    async def fail() -> None:
        async with database.write() as tx:
            await options.remember(tx, "half", "done")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with database.read() as tx:
        assert await options.find(tx, "half") is None


async def test_what_failed_and_was_passed_over_is_never_half_committed(database: Database) -> None:
    committed = True
    try:
        async with database.write() as tx:
            await options.remember(tx, "before", "yes")
            with contextlib.suppress(IntegrityError):
                await tx.run(insert(options_table).values(name=None, value="x"))
    except RuntimeError:
        committed = False
    async with database.read() as tx:
        assert (await options.find(tx, "before") == "yes") == committed


async def test_a_savepoint_is_undone_by_itself(database: Database) -> None:
    async with database.write() as tx:
        await options.remember(tx, "kept", "yes")
        with contextlib.suppress(ZeroDivisionError):
            async with tx.savepoint():
                await options.remember(tx, "undone", "yes")
                raise ZeroDivisionError
    async with database.read() as tx:
        assert await options.find(tx, "kept") == "yes"
        assert await options.find(tx, "undone") is None


async def test_an_instant_comes_back_as_the_same_instant(database: Database) -> None:
    tokyo = datetime(2026, 12, 3, 18, 30, tzinfo=timezone(timedelta(hours=9)))
    event = await published_event(database, now=NOON, starts_at=tokyo)
    assert event.starts_at == tokyo
    assert event.starts_at.tzinfo is UTC


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError):
        await published_event(
            database,
            now=NOON,
            starts_at=datetime(2026, 12, 3, 18, 30),  # noqa: DTZ001
        )


async def test_migrations_make_exactly_the_tables_we_describe(database: Database) -> None:
    async with database.connection() as connection:
        differences = await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync), metadata)
        )
    assert not differences


async def test_migrating_twice_changes_nothing(database: Database) -> None:
    await migrate(database)
    assert await is_current(database)


async def test_who_is_forgotten_takes_everything_along(database: Database) -> None:
    event = await published_event(database, now=NOON)
    person = await known_person(database, 77, now=NOON)
    async with database.write() as tx:
        await join(tx, event.id, person.id, now=NOON)
        await dialogues.put(tx, person.id, Dialogue("event", "title", {}, 1), now=NOON)
        await people.mute(tx, person.id, "events")
        await people.delete_person(tx, person.id)
    async with database.read() as tx:
        assert await rsvps.find(tx, event.id, person.id) is None
        assert await dialogues.find(tx, person.id) is None
        assert await people.list_mutes(tx, person.id) == frozenset()


async def test_an_event_cannot_end_before_it_starts(database: Database) -> None:
    with pytest.raises(IntegrityError):
        await published_event(database, now=NOON, ends_at=NOON)


async def test_readers_never_wait_for_a_writer(database: Database) -> None:
    await published_event(database, now=NOON)
    async with database.write() as writing:
        await options.remember(writing, "busy", "yes")
        async with database.read() as tx:
            assert len(await events.list_upcoming(tx, now=NOON, limit=5)) == 1
            assert await options.find(tx, "busy") is None


async def test_a_database_locked_by_another_is_unavailable_and_not_a_bug(tmp_path: Path) -> None:
    file = tmp_path / "amity.db"
    database = connect(f"sqlite+aiosqlite:///{file}")
    await migrate(database)
    intruder = sqlite3.connect(file)
    intruder.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable):
        async with database.write() as tx:
            await options.remember(tx, "a", "b")
    intruder.rollback()
    intruder.close()
    async with database.write() as tx:
        await options.remember(tx, "a", "b")
    await database.close()


async def test_a_full_disk_is_unavailable_and_not_a_bug(tmp_path: Path) -> None:
    database = connect(f"sqlite+aiosqlite:///{tmp_path / 'amity.db'}")
    await migrate(database)
    async with database.write() as tx:
        pages = await tx.value(text("PRAGMA page_count"))
        await tx.value(text(f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(Unavailable):
        async with database.write() as tx:
            await options.remember(tx, "large", "x" * 1_000_000)
    await database.close()


async def test_a_server_that_is_not_there_is_unavailable_and_not_a_bug() -> None:
    database = connect("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    for opened in (database.read, database.write):
        with pytest.raises(Unavailable):
            async with opened():
                pass
    await database.close()


async def test_no_free_connection_is_unavailable_and_not_a_bug(database: Database) -> None:
    with pytest.raises(Unavailable):
        async with database.read():
            raise PoolTimeout


@pytest.mark.parametrize("url", ["mysql://x", "nonsense", "sqlite+aiosqlite://", "postgresql://x/y"])
def test_an_address_that_is_none_of_ours_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        connect(url)
