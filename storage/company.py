"""The processes that share a PostgreSQL server: who is there, who leads, and what the dead have left.

Each has a session of its own with the server for as long as it lives, and locks in it: one that says it is
there, and the leader another one. The server frees them the moment the session ends.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any

import psycopg
from sqlalchemy import Integer, and_, column, delete, func, literal, select, table, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database
from storage.lanes import CHANNEL
from storage.leading import Hear, Lost
from storage.tables import processes
from storage.trouble import Unavailable, explained

PULSE_SECONDS = 1.0
ANSWER_SECONDS = 3.0
# Whoever lost its session knows within a pulse or two and stops within some seconds; only after that is
# what it held given to others, so that none of it is in two hands.
BURIED_AFTER_SECONDS = 5.0
# The server gives up a session whose machine is gone, and one whose process stands still.
SETTINGS = {"tcp_keepalives_idle": "5", "tcp_keepalives_interval": "2", "tcp_keepalives_count": "3"}
STANDSTILL_MILLISECONDS = 15_000
HAS_STANDSTILL = 140_000

# The first of the two keys of an advisory lock, which tells ours from those of other programs.
THERE, ROLE = 0x416D6974, 0x416D6975
LEADER, STARTING = 1, 2

_locks = table("pg_locks", *map(column, ("locktype", "database", "classid", "objid", "objsubid", "granted")))
_databases = table("pg_database", column("oid"), column("datname"))
_alive = select(_locks.c.objid).where(
    and_(
        _locks.c.locktype == "advisory",
        _locks.c.database
        == select(_databases.c.oid).where(_databases.c.datname == func.current_database()).scalar_subquery(),
        _locks.c.classid == text(str(THERE)),
        _locks.c.objsubid == 2,
        _locks.c.granted,
    )
)
_WHO = select(processes.c.id, processes.c.id.in_(_alive).label("alive"))


def _key(kind: int, number: int) -> tuple[Any, Any]:
    return literal(kind, Integer), literal(number, Integer)


class Member:
    """One process's session with the server."""

    def __init__(
        self, connection: AsyncConnection, driver: "psycopg.AsyncConnection[Any]", process_id: int
    ) -> None:
        self._connection = connection
        self._driver = driver
        self.process_id = process_id
        self.company = 1
        self.leads = asyncio.Event()
        self.undisturbed = asyncio.Event()
        # Since when each was seen to be gone, by monotonic time.
        self._gone: dict[int, float] = {}
        # Who has to be buried before the leader is undisturbed; None while it does not lead.
        self._predecessors: set[int] | None = None

    async def keep(self, *, heard: Hear, looked: Hear) -> None:
        try:
            while True:
                async with asyncio.timeout(ANSWER_SECONDS):
                    await self._look()
                looked()
                async for _ in self._driver.notifies(timeout=PULSE_SECONDS):
                    heard()
        except (TimeoutError, psycopg.Error, DBAPIError) as error:
            raise Lost(type(error).__name__) from error

    async def _look(self) -> None:
        rows = (await self._connection.execute(_WHO)).all()
        alive = {row.id for row in rows if row.alive}
        if self.process_id not in alive:
            raise Lost("others have taken this process for dead")
        self.company = len(alive)
        if not self.leads.is_set() and not await self._come_to_lead():
            return
        gone = {row.id for row in rows} - alive
        now = time.monotonic()
        self._gone = {one: self._gone.get(one, now) for one in gone}
        if self._predecessors is None:
            self._predecessors = gone
            self.leads.set()
        await self._bury({one for one, since in self._gone.items() if now - since >= BURIED_AFTER_SECONDS})
        if not self._predecessors:
            self.undisturbed.set()

    async def _come_to_lead(self) -> bool:
        return bool(await self._connection.scalar(select(func.pg_try_advisory_lock(*_key(ROLE, LEADER)))))

    async def _bury(self, dead: Collection[int]) -> None:
        if dead:
            await self._connection.execute(delete(processes).where(processes.c.id.in_(dead)))
            self._predecessors = (self._predecessors or set()) - set(dead)


@asynccontextmanager
async def member(database: Database, *, name: str, now: datetime) -> AsyncIterator[Member]:
    """A place among the processes; when it is left, what they held falls free at once."""
    async with _session(database) as connection:
        driver = await _settle_in(connection)
        process_id = await _register(connection, name, now)
        try:
            yield Member(connection, driver, process_id)
        finally:
            # Not through the session, as it may be what was lost.
            with suppress(Unavailable, TimeoutError):
                async with asyncio.timeout(ANSWER_SECONDS), database.write() as tx:
                    await tx.run(delete(processes).where(processes.c.id == process_id))


@asynccontextmanager
async def starting(database: Database) -> AsyncIterator[None]:
    """While no other process prepares the database."""
    async with _session(database) as connection:
        await connection.execute(select(func.pg_advisory_lock(*_key(ROLE, STARTING))))
        yield


@asynccontextmanager
async def _session(database: Database) -> AsyncIterator[AsyncConnection]:
    """A connection for oneself, outside of transactions, whose locks end with it."""
    try:
        async with database.connection() as connection:
            try:
                yield await connection.execution_options(isolation_level="AUTOCOMMIT")
            finally:
                # Lent again, it would keep the locks.
                await connection.invalidate()
    except PoolTimeout:
        raise Unavailable("all its connections are in use") from None
    except DBAPIError as error:
        raise explained(error, database.url.get_dialect()()) from error


async def _settle_in(connection: AsyncConnection) -> "psycopg.AsyncConnection[Any]":
    """Let the server notice when we are gone, and tell us when updates have arrived."""
    driver: psycopg.AsyncConnection[Any] | None = (await connection.get_raw_connection()).driver_connection
    if driver is None:
        raise Unavailable("the connection was lost")
    settings = dict(SETTINGS)
    if driver.info.server_version >= HAS_STANDSTILL:
        settings["idle_session_timeout"] = str(STANDSTILL_MILLISECONDS)
    for setting, value in settings.items():
        await connection.execute(select(func.set_config(setting, value, False)))
    await connection.execute(text(f"LISTEN {CHANNEL}"))
    return driver


async def _register(connection: AsyncConnection, name: str, now: datetime) -> int:
    row = insert(processes).values(name=name, started_at=now).returning(processes.c.id)
    process_id: int = (await connection.execute(row)).scalar_one()
    await connection.execute(select(func.pg_advisory_lock(*_key(THERE, process_id))))
    return process_id
