"""Keeping a copy of the database, and putting one back."""

import asyncio
import sqlite3
from pathlib import Path

from sqlalchemy import text

from storage.database import Database


class NotABackup(Exception):
    """The file is no copy of an Amity database; the text says so in one line."""


async def back_up(database: Database, file: Path) -> None:
    """Write a consistent copy of a SQLite database to a new file, while the bot goes on running.

    Raises FileExistsError rather than replace a file.
    """
    if await asyncio.to_thread(file.exists):
        raise FileExistsError(f"{file} is there already")
    async with database.connection() as connection:
        # The driver's own connection: VACUUM runs outside any transaction.
        raw = await connection.get_raw_connection()
        driver = raw.driver_connection
        if driver is None:
            raise LookupError("the connection has no driver")
        await driver.execute("VACUUM INTO ?", (str(file),))


async def restore(database: Database, file: Path) -> None:
    """Make a SQLite database what it was when the copy was taken. What came after is gone.

    Raises NotABackup when the file is none, changing nothing.
    """
    target = database.url.database
    if target is None:
        raise NotABackup("there is no database file to restore to")
    await asyncio.to_thread(_copy_over, file, Path(target))


def _copy_over(file: Path, target: Path) -> None:
    try:
        source = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        known = source.execute("SELECT version_num FROM alembic_version").fetchone()
        intact = source.execute("PRAGMA quick_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise NotABackup(f"{file} is not a copy of an Amity database ({error})") from None
    if known is None or intact != ("ok",):
        raise NotABackup(f"{file} is damaged or not a copy of an Amity database")
    with sqlite3.connect(target, timeout=5) as into:
        source.backup(into)
    into.close()
    source.close()


async def probe(database: Database) -> None:
    """Take the writer's part for a moment and change nothing. Raises Unavailable when it can't be had."""
    async with database.write() as tx:
        await tx.value(text("SELECT 1"))
