"""SQLite through the standard library: short queries at once, and in a thread whatever may take its time.

A query of a bot takes some microseconds, handing it to a thread and back many times as long. So a query runs
where it is asked; opening, and beginning and committing a change, which may wait for the disk or for another
process, have a thread, and so has every query that was found to be long.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from storage.statements import Described
from storage.trouble import Unavailable

T = TypeVar("T")

BUSY_MILLISECONDS = 5000
PRAGMAS = (
    f"busy_timeout = {BUSY_MILLISECONDS}",
    "journal_mode = WAL",
    "synchronous = NORMAL",
    "foreign_keys = ON",
    "secure_delete = ON",
)
# SQLite looks up from a query after so many steps, some tenths of a millisecond. Reading that is not done
# after a few of them is broken off and done again in the thread; a change only goes there the next time.
STEPS = 10_000
# So many rows at once are written where they are asked to be, too.
FEW = 200
MOST_LOOKS = 10


class SqliteConnection:
    """One connection, for one transaction at a time."""

    def __init__(self, open_: Callable[[], sqlite3.Connection], *begin: str, waits: bool) -> None:
        self._open = open_
        self._begin = begin
        # Whether beginning and committing may have to wait; who only reads waits for nobody.
        self._waits = waits
        self._driver: sqlite3.Connection | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite")
        # What the thread was asked last, until it is known to be done.
        self._last: Future[Any] | None = None
        self._long: set[str] = set()
        # How often SQLite has looked up from the query under way, and whether that one may be broken off.
        self._looks = 0
        self._breakable = False

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["SqliteConnection"]:
        try:
            if self._waits or self._driver is None or self._last is not None:
                await self._aside(self._start)
            else:
                self._start()
            yield self
            if self._waits or self._last is not None:
                await self._aside(self._commit)
            else:
                self._commit()
        except BaseException:
            # After whatever the thread is still at, even when this is cancelled once more.
            await self._aside(self._undo)
            raise

    async def run(self, sql: str, values: Sequence[Any]) -> tuple[Described, list[tuple[Any, ...]], int]:
        """What the rows are called, the rows, and how many a change touched."""
        if sql in self._long or self._last is not None:
            return await self._aside(lambda: self._execute(sql, values))
        self._looks, self._breakable = 0, sql.startswith("SELECT")
        try:
            return self._execute(sql, values)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
        finally:
            self._breakable = False
            if self._looks > MOST_LOOKS:
                self._long.add(sql)
        return await self._aside(lambda: self._execute(sql, values))

    async def run_many(self, sql: str, listed: Sequence[Sequence[Any]]) -> None:
        if self._last is not None or len(listed) > FEW:
            await self._aside(lambda: self._in_transaction().executemany(sql, listed))
        else:
            self._in_transaction().executemany(sql, listed)

    async def close(self) -> None:
        if self._driver is not None or self._last is not None:
            await self._aside(self._close)
        self._thread.shutdown(wait=False)

    async def _aside(self, work: Callable[[], T]) -> T:
        """Do it in the connection's thread, after what was asked of it before.

        Who is cancelled meanwhile stops waiting, and what was begun is finished.
        """
        future = self._thread.submit(work)
        self._last = future
        try:
            return await asyncio.shield(asyncio.wrap_future(future))
        finally:
            if self._last is future and future.done():
                self._last = None

    def _start(self) -> None:
        if self._driver is None:
            driver = self._open()
            for pragma in PRAGMAS:
                driver.execute(f"PRAGMA {pragma}")
            driver.set_progress_handler(self._look_up, STEPS)
            self._driver = driver
        for statement in self._begin:
            self._driver.execute(statement).fetchall()

    def _look_up(self) -> bool:
        """Whether to break off the query under way; SQLite asks this from time to time."""
        self._looks += 1
        return self._breakable and self._looks > MOST_LOOKS

    def _in_transaction(self) -> sqlite3.Connection:
        """The driver, as long as the transaction is one: SQLite ends it by itself when a disk is full."""
        if self._driver is None or not self._driver.in_transaction:
            raise Unavailable("the database gave up the transaction")
        return self._driver

    def _execute(self, sql: str, values: Sequence[Any]) -> tuple[Described, list[tuple[Any, ...]], int]:
        cursor = self._in_transaction().execute(sql, values)
        if cursor.description is None:
            return (), [], cursor.rowcount
        rows = cursor.fetchall()
        return [(column[0], None) for column in cursor.description], rows, cursor.rowcount

    def _commit(self) -> None:
        self._in_transaction().execute("COMMIT")

    def _undo(self) -> None:
        if self._driver is not None:
            self._driver.rollback()

    def _close(self) -> None:
        if self._driver is not None:
            self._driver.close()
            self._driver = None


class SqliteStore:
    """A file with one writer at a time, and readers that never wait for it."""

    def __init__(self, open_: Callable[[], sqlite3.Connection], *, readers: int, patience: float) -> None:
        self._writer = SqliteConnection(open_, "BEGIN IMMEDIATE", waits=True)
        # Looking at anything settles at once which moment is seen.
        self._readers = [
            SqliteConnection(open_, "BEGIN", "SELECT 1 FROM sqlite_schema", waits=False)
            for _ in range(readers)
        ]
        self._free = list(self._readers)
        self._reading = asyncio.Semaphore(readers)
        self._patience = patience
        self._writing = asyncio.Lock()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[SqliteConnection]:
        async with self._writing, self._writer.transaction() as connection:
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[SqliteConnection]:
        """Raises TimeoutError when no connection gets free."""
        async with asyncio.timeout(self._patience):
            await self._reading.acquire()
        reader = self._free.pop()
        try:
            async with reader.transaction() as connection:
                yield connection
        finally:
            self._free.append(reader)
            self._reading.release()

    def alone(self) -> asyncio.Lock:
        """While nobody else of this process writes."""
        return self._writing

    async def close(self) -> None:
        async with self.alone():
            for connection in (self._writer, *self._readers):
                await connection.close()
