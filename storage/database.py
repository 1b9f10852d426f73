"""One writer, several readers, and transactions that either happen or don't."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from storage import json_text
from storage.postgres import PostgresStore
from storage.sharing import Sharing, Work
from storage.sqlite import PRAGMAS, SqliteStore
from storage.statements import statements_for
from storage.transactions import Connection, Transaction
from storage.trouble import Unavailable, explained

__all__ = ["Database", "Transaction", "Unavailable", "connect"]

T = TypeVar("T")

READERS = 4
AS_JSON = {"json_serializer": json_text.write, "json_deserializer": json_text.read}
# For how long a transaction waits for a free connection.
PATIENCE_SECONDS = 30.0


class Store(Protocol):
    """Lends connections for a transaction each: it commits at the end, or rolls back on an exception."""

    def write(self) -> AbstractAsyncContextManager[Connection]: ...

    def read(self) -> AbstractAsyncContextManager[Connection]: ...

    def alone(self) -> AbstractAsyncContextManager[object]:
        """While nobody else of this process writes, as far as the database has one writer at a time."""
        ...

    async def close(self) -> None: ...


class Database:
    """The database, as the composition root hands it to those who may open transactions."""

    def __init__(self, url: URL, engine: AsyncEngine, store: Store) -> None:
        self.url = url
        self._engine = engine
        self._store = store
        self._statements = statements_for(engine.dialect)
        self._sharing = Sharing(self.write, self.read)

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    def write(self) -> AbstractAsyncContextManager[Transaction]:
        """Open a transaction that may change things. It commits at the end, or rolls back on an exception.

        On SQLite there is one writer at a time, so what is read here stays true until the commit.
        """
        return self._transaction(self._store.write())

    def read(self) -> AbstractAsyncContextManager[Transaction]:
        """Open a transaction that only looks. It sees one moment and never waits for a writer."""
        return self._transaction(self._store.read())

    async def share(self, work: Work[T]) -> T:
        """Do some short work in a transaction, and say what came of it once that is committed.

        Those who ask at the same time share a commit; whoever fails undoes only their own part. The work may
        be done again after the first time came to nothing. On PostgreSQL it so waits for nothing that this
        process holds itself: most of those who come at once want the same event.
        """
        return await self._sharing.do(work)

    @asynccontextmanager
    async def _transaction(
        self, lending: AbstractAsyncContextManager[Connection]
    ) -> AsyncIterator[Transaction]:
        try:
            async with lending as connection:
                yield Transaction(connection, self._statements)
        except (PoolTimeout, TimeoutError):
            raise Unavailable("all its connections are in use") from None
        except (self._statements.driver_error, DBAPIError) as error:
            # Of connecting, beginning and committing: those of queries are explained already.
            raise explained(error, self._statements.dialect) from error

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection]:
        """A bare connection beside those for transactions, for migrations and backups alone."""
        async with self._store.alone(), self._engine.connect() as connection:
            yield connection

    async def close(self) -> None:
        await self._sharing.finish()
        await self._store.close()
        await self._engine.dispose()


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
            return _postgres(parsed)
        case other:
            raise ValueError(f"{other} is not supported; use sqlite+aiosqlite or postgresql+psycopg")


def _postgres(url: URL) -> Database:
    engine = create_async_engine(
        url,
        pool_size=READERS + 4,
        max_overflow=8,
        pool_timeout=PATIENCE_SECONDS,
        pool_pre_ping=True,
        hide_parameters=True,
        **AS_JSON,
    )
    return Database(url, engine, PostgresStore(engine))


def _sqlite(url: URL) -> Database:
    if not url.database or url.database == ":memory:":
        raise ValueError("a file is needed, such as sqlite+aiosqlite:///amity.db")
    if not Path(url.database).absolute().parent.is_dir():
        raise ValueError(f"the folder of {url.database} does not exist")
    engine = create_async_engine(url, poolclass=NullPool, hide_parameters=True, **AS_JSON)
    _begin_by_itself(engine)
    (file,), given = engine.dialect.create_connect_args(url)
    options: dict[str, Any] = {**given, "isolation_level": None, "check_same_thread": False}

    def open_() -> sqlite3.Connection:
        driver: sqlite3.Connection = sqlite3.connect(file, cached_statements=500, **options)
        return driver

    return Database(url, engine, SqliteStore(open_, readers=READERS, patience=PATIENCE_SECONDS))


def _begin_by_itself(engine: AsyncEngine) -> None:
    """Let SQLAlchemy begin transactions: the driver's own late BEGIN loses updates silently."""

    @event.listens_for(engine.sync_engine, "connect")
    def settle(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Any) -> None:
        connection.execute(text("BEGIN IMMEDIATE"))
