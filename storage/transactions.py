"""The only way to the database: a transaction, and the methods through which every query goes."""

from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol, TypeVar

from sqlalchemy import Executable, Row

from storage.statements import Described, Statements
from storage.trouble import explained

T = TypeVar("T")


class Connection(Protocol):
    """A driver's connection inside a transaction. Raises the driver's own errors."""

    async def run(self, sql: str, values: Any) -> tuple[Described, list[tuple[Any, ...]], int]:
        """What the rows are called, the rows, and how many were touched."""
        ...

    async def run_many(self, sql: str, listed: Sequence[Any]) -> None: ...


class Aside(Exception):
    """Something long has to be found out first, without keeping others from writing; no failure."""

    def __init__(self, subject: Hashable, look: Callable[["Transaction"], Awaitable[Any]]) -> None:
        super().__init__("to be looked up outside of the transaction that is shared")
        self.subject = subject
        self.look = look


class Transaction:
    """What has been done here happens together or not at all.

    Values stand in the statement itself; a statement that is built once for all has named blanks
    (`bindparam`) instead, and the values are given with it: that is several times faster.
    """

    def __init__(self, connection: Connection, statements: Statements) -> None:
        self._connection = connection
        self._statements = statements
        self._savepoints = 0
        # Where this is shared: what was found out for whose turn it is; None where it is nobody else's.
        self.found_out: Mapping[Hashable, Any] | None = None

    async def aside(self, subject: Hashable, look: Callable[["Transaction"], Awaitable[T]]) -> T:
        """What `look` finds, which may take long, and may be true of a moment ago.

        In a transaction that others wait for it is done outside, and the work begins anew then: raises Aside.
        """
        if self.found_out is None:
            return await look(self)
        if subject not in self.found_out:
            raise Aside(subject, look)
        found: T = self.found_out[subject]
        return found

    async def rows(self, statement: Executable, /, **values: object) -> list[Row[Any]]:
        ready = self._statements.ready(statement, values)
        described, rows, _ = await self._run(ready.sql, ready.values)
        return ready.shape.read(described, rows)

    async def row(self, statement: Executable, /, **values: object) -> Row[Any] | None:
        """The first row, or None."""
        ready = self._statements.ready(statement, values)
        described, rows, _ = await self._run(ready.sql, ready.values)
        return ready.shape.read(described, rows[:1])[0] if rows else None

    async def value(self, statement: Executable, /, **values: object) -> Any:
        """The first column of the first row, or None."""
        row = await self.row(statement, **values)
        return None if row is None else row[0]

    async def run(self, statement: Executable, /, **values: object) -> int:
        """Do it and say how many rows it touched."""
        ready = self._statements.ready(statement, values)
        _, _, touched = await self._run(ready.sql, ready.values)
        return touched

    async def run_many(self, statement: Executable, values: Iterable[Mapping[str, object]]) -> None:
        """Do it for each of the sets of values, which all have the same names."""
        listed = list(values)
        if not listed:
            return
        ready = self._statements.ready_many(statement, listed)
        try:
            await self._connection.run_many(ready.sql, ready.values)
        except self._statements.driver_error as error:
            raise explained(error, self._statements.dialect, ready.sql) from error

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """What happens inside is undone by itself when it raises; what came before stays."""
        self._savepoints += 1
        name = f"point_{self._savepoints}"
        await self._run(f"SAVEPOINT {name}", ())
        try:
            yield
        except BaseException:
            await self._run(f"ROLLBACK TO SAVEPOINT {name}", ())
            await self._run(f"RELEASE SAVEPOINT {name}", ())
            raise
        else:
            await self._run(f"RELEASE SAVEPOINT {name}", ())
        finally:
            self._savepoints -= 1

    async def _run(self, sql: str, values: Any) -> tuple[Described, list[tuple[Any, ...]], int]:
        try:
            return await self._connection.run(sql, values)
        except self._statements.driver_error as error:
            raise explained(error, self._statements.dialect, sql) from error
