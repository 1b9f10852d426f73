"""One writer, several readers, and transactions that either happen or don't."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Executable, Row, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

READERS = 4
BUSY_MILLISECONDS = 5000
# An INSERT says how many rows it wrote, too.
COUNTED = {"preserve_rowcount": True}


class Unavailable(Exception):
    """The database can't be used just now: locked, full, read-only, gone. Worth trying again."""


class Transaction:
    """What has been done here happens together or not at all.

    The only way to the database: every query goes through one of these five methods.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def rows(self, statement: Executable) -> list[Row[Any]]:
        return list(await self._connection.execute(statement))

    async def row(self, statement: Executable) -> Row[Any] | None:
        return (await self._connection.execute(statement)).first()

    async def value(self, statement: Executable) -> Any:
        """The first column of the first row, or None."""
        return (await self._connection.execute(statement)).scalar()

    async def run(self, statement: Executable) -> int:
        """Do it and say how many rows it touched."""
        result = await self._connection.execute(statement)
        return result.rowcount

    async def run_many(self, statement: Executable, values: Iterable[Mapping[str, object]]) -> None:
        listed = list(values)
        if listed:
            await self._connection.execute(statement, listed)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """What happens inside is undone by itself when it raises; what came before stays."""
        async with self._connection.begin_nested():
            yield


class Database:
    """The database, as the composition root hands it to those who may open transactions."""

    def __init__(self, url: URL, writer: AsyncEngine, reader: AsyncEngine) -> None:
        self.url = url
        self._writer = writer
        self._reader = reader
        self._writing = asyncio.Lock()

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """Open a transaction that may change things. It commits at the end, or rolls back on an exception.

        On SQLite there is one writer at a time, so what is read here stays true until the commit.
        """
        if self.is_sqlite:
            async with self._writing, self._transaction(self._writer) as tx:
                yield tx
        else:
            async with self._transaction(self._writer) as tx:
                yield tx

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """Open a transaction that only looks. It sees one moment and never waits for a writer."""
        async with self._transaction(self._reader) as tx:
            yield tx

    @asynccontextmanager
    async def _transaction(self, engine: AsyncEngine) -> AsyncIterator[Transaction]:
        try:
            async with engine.begin() as connection:
                yield Transaction(connection)
        except PoolTimeout:
            raise Unavailable("all its connections are in use") from None
        except DBAPIError as error:
            if _is_passing(error):
                raise Unavailable(_in_short(error)) from error
            raise

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection]:
        """A bare connection of the writer's, for migrations and backups alone."""
        async with self._writing, self._writer.connect() as connection:
            yield connection

    async def close(self) -> None:
        await self._writer.dispose()
        if self._reader is not self._writer:
            await self._reader.dispose()


def connect(url: str) -> Database:
    """Prepare a database for use; nothing is opened until the first transaction.

    Raises ValueError with one plain sentence when the address can't be one of ours.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ValueError("it is not a database address such as sqlite+aiosqlite:///amity.db") from None
    match parsed.drivername:
        case "sqlite+aiosqlite":
            return _sqlite(parsed)
        case "postgresql+psycopg":
            engine = create_async_engine(
                parsed,
                pool_size=READERS + 4,
                max_overflow=8,
                pool_pre_ping=True,
                hide_parameters=True,
                execution_options=COUNTED,
            )
            return Database(parsed, engine, engine)
        case other:
            raise ValueError(f"{other} is not supported; use sqlite+aiosqlite or postgresql+psycopg")


def _sqlite(url: URL) -> Database:
    if not url.database or url.database == ":memory:":
        raise ValueError("a file is needed, such as sqlite+aiosqlite:///amity.db")
    if not Path(url.database).absolute().parent.is_dir():
        raise ValueError(f"the folder of {url.database} does not exist")
    writer = create_async_engine(
        url, pool_size=1, max_overflow=0, hide_parameters=True, execution_options=COUNTED
    )
    reader = create_async_engine(
        url, pool_size=READERS, max_overflow=0, hide_parameters=True, execution_options=COUNTED
    )
    _prepare(writer, begin="BEGIN IMMEDIATE")
    _prepare(reader, begin="BEGIN")
    return Database(url, writer, reader)


def _prepare(engine: AsyncEngine, *, begin: str) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def settle(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        # SQLAlchemy begins by itself (below): the driver's own late BEGIN loses updates silently.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout = {BUSY_MILLISECONDS}",
            "journal_mode = WAL",
            "synchronous = NORMAL",
            "foreign_keys = ON",
            "secure_delete = ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Any) -> None:
        connection.execute(text(begin))


PASSING = ("locked", "busy", "disk is full", "readonly", "unable to open", "disk I/O error")


def _is_passing(error: DBAPIError) -> bool:
    """Whether this is the database's trouble and not the query's."""
    if error.connection_invalidated:
        return True
    said = str(error.orig).lower()
    name = type(error.orig).__name__
    if name == "OperationalError" and type(error.orig).__module__.startswith("sqlite3"):
        return any(word.lower() in said for word in PASSING)
    return name in {
        "OperationalError",
        "SerializationFailure",
        "DeadlockDetected",
        "AdminShutdown",
        "CannotConnectNow",
        "ConnectionTimeout",
        "CrashShutdown",
        "DiskFull",
        "LockNotAvailable",
        "OutOfMemory",
        "QueryCanceled",
        "TooManyConnections",
        "ReadOnlySqlTransaction",
        "InterfaceError",
    }


def _in_short(error: DBAPIError) -> str:
    return str(error.orig).strip().splitlines()[0]
