"""PostgreSQL through psycopg's own connections, which SQLAlchemy's pool lends."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util import LRUCache

from storage.statements import Described

if TYPE_CHECKING:
    # Who keeps their data in SQLite never loads it.
    from psycopg import AsyncConnection


class PostgresConnection:
    """One connection, in a transaction that its first query begins."""

    def __init__(
        self, driver: "AsyncConnection[tuple[Any, ...]]", described: LRUCache[str, Described]
    ) -> None:
        self._driver = driver
        self._described = described

    async def run(
        self, sql: str, values: Mapping[str, Any] | Sequence[Any]
    ) -> tuple[Described, list[tuple[Any, ...]], int]:
        """What the rows are called, the rows, and how many were touched."""
        cursor = await self._driver.execute(cast(Any, sql), values)
        fields = cursor.pgresult.nfields if cursor.pgresult else 0
        if not fields:
            return (), [], cursor.rowcount
        described = self._described.get(sql)
        if described is None or len(described) != fields:
            described = [(column.name, column.type_code) for column in cursor.description or ()]
            self._described[sql] = described
        return described, await cursor.fetchall(), cursor.rowcount

    async def run_many(self, sql: str, listed: Sequence[Mapping[str, Any]]) -> None:
        async with self._driver.cursor() as cursor:
            await cursor.executemany(cast(Any, sql), listed)


class PostgresStore:
    """A server to which any number of processes may write side by side."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        # What rows look like, which psycopg puts together anew for every query.
        self._described: LRUCache[str, Described] = LRUCache(1000)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[PostgresConnection]:
        async with self._engine.connect() as lent:
            raw = await lent.get_raw_connection()
            driver = cast("AsyncConnection[tuple[Any, ...]]", raw.driver_connection)
            try:
                yield PostgresConnection(driver, self._described)
                if driver.info.transaction_status.name == "INERROR":
                    # The server would answer COMMIT by undoing everything, and nobody would notice.
                    raise RuntimeError("a query failed and was passed over: nothing can be committed")
                await driver.commit()
            except BaseException:
                if driver.closed:
                    await lent.invalidate()
                else:
                    await driver.rollback()
                raise

    read = write

    def alone(self) -> nullcontext[None]:
        """Writers don't wait for each other here."""
        return nullcontext()

    async def close(self) -> None:
        await self._engine.dispose()
