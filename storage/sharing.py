"""One commit for many: work that waits for the same writer is done in one transaction."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from storage.transactions import Aside, Transaction
from storage.trouble import Unavailable

T = TypeVar("T")
Work = Callable[[Transaction], Awaitable[T]]
Open = Callable[[], AbstractAsyncContextManager[Transaction]]

# A commit comes after so many at the latest, or after so long: everybody before it waits for it.
MOST_TOGETHER = 64
LONGEST_SECONDS = 0.05


@dataclass
class Member:
    work: Work[Any]
    done: asyncio.Future[Any]
    # What came of it, to be told once it is committed.
    result: Any = None
    error: Exception | None = None
    # What had to be found out outside, by subject.
    found_out: dict[Hashable, Any] = field(default_factory=dict)

    def tell(self) -> None:
        if self.done.done():
            return
        if self.error is not None:
            self.done.set_exception(self.error)
        else:
            self.done.set_result(self.result)


class Sharing:
    """Does each work in a transaction that it may share, and tells what came of it after the commit.

    Whoever fails undoes their own part alone. When the transaction itself fails, each is tried once more in
    one of its own, so that nobody suffers for another; work must therefore bear being done twice.
    """

    def __init__(self, write: Open, read: Open) -> None:
        self._write = write
        self._read = read
        self._looking: set[asyncio.Task[None]] = set()
        self._waiting: deque[Member] = deque()
        self._working: asyncio.Task[None] | None = None

    async def do(self, work: Work[T]) -> T:
        """Who is cancelled before the work has begun leaves nothing behind; after that it is finished."""
        member = Member(work, asyncio.get_running_loop().create_future())
        self._line_up(member)
        result: T = await member.done
        return result

    def _line_up(self, member: Member) -> None:
        self._waiting.append(member)
        if self._working is None:
            self._working = asyncio.create_task(self._work_off())

    async def finish(self) -> None:
        """Wait until everything asked for is done."""
        while under_way := [*self._looking, *([self._working] if self._working else [])]:
            await asyncio.wait(under_way)

    async def _work_off(self) -> None:
        try:
            while self._waiting:
                await self._commit_together()
        finally:
            self._working = None

    async def _commit_together(self) -> None:
        begun: list[Member] = []
        try:
            try:
                async with self._write() as tx:
                    await self._do_some(tx, begun)
            except Exception as error:
                # Mostly Unavailable; whatever it is, somebody waits to hear of it.
                if not begun:
                    self._refuse_all(error)
                await self._do_alone(begun)
            for member in begun:
                member.tell()
        finally:
            for member in begun:
                # Only where all of this is cancelled somebody is left.
                member.done.cancel()

    async def _do_some(self, tx: Transaction, begun: list[Member]) -> None:
        until = time.monotonic() + LONGEST_SECONDS
        while self._waiting and len(begun) < MOST_TOGETHER and time.monotonic() < until:
            member = self._waiting.popleft()
            if member.done.done():
                continue
            begun.append(member)
            tx.found_out = member.found_out
            try:
                async with tx.savepoint():
                    member.result = await member.work(tx)
            except Unavailable:
                raise
            except Aside as aside:
                begun.pop()
                self._find_out(member, aside)
            except Exception as error:
                member.error = error
            # Queries don't give way to others by themselves.
            await asyncio.sleep(0)

    def _find_out(self, member: Member, aside: Aside) -> None:
        """Let it be found out while others go on, and take up the work again with that."""
        task = asyncio.create_task(self._look(member, aside))
        self._looking.add(task)
        task.add_done_callback(self._looking.discard)

    async def _look(self, member: Member, aside: Aside) -> None:
        try:
            async with self._read() as tx:
                member.found_out[aside.subject] = await aside.look(tx)
        except Exception as error:
            member.error = error
            member.tell()
        else:
            self._line_up(member)

    async def _do_alone(self, members: list[Member]) -> None:
        for member in members:
            member.result = member.error = None
            try:
                async with self._write() as tx:
                    member.result = await member.work(tx)
            except Exception as error:
                member.error = error

    def _refuse_all(self, error: Exception) -> None:
        """The database can't be written at all: nobody needs to wait for their turn to hear it."""
        while self._waiting:
            member = self._waiting.popleft()
            member.error = error
            member.tell()
