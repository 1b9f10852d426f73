"""One process among others: alone with its file, or in a place among those that share a server."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from typing import Protocol

from storage.database import Database
from storage.trouble import Unavailable

Hear = Callable[[], None]


class AlreadyRunning(Exception):
    """Another process works with the same file."""


class Lost(Exception):
    """The others can't know any more that this process is there, so it has to stop what it is at."""


class Post(Protocol):
    """A process's place, from when it has joined until it leaves or is lost."""

    @property
    def process_id(self) -> int | None:
        """What lanes are claimed under; None where there are no others to claim them from."""
        ...

    @property
    def company(self) -> int:
        """How many processes are at work, this one among them."""
        ...

    @property
    def leads(self) -> asyncio.Event:
        """Set once this process leads; it goes on leading for as long as it has its place."""
        ...

    @property
    def undisturbed(self) -> asyncio.Event:
        """Set once it leads and whoever was there before it has surely stopped."""
        ...

    async def keep(self, *, heard: Hear, looked: Hear) -> None:
        """Keep the place until cancelled. Raises Lost.

        `heard` is called when updates have arrived somewhere, `looked` whenever it was seen who is there.
        """
        ...


class Alone:
    """The place of a process that has its database to itself: it leads from the start."""

    process_id = None
    company = 1

    def __init__(self) -> None:
        self.leads = asyncio.Event()
        self.undisturbed = asyncio.Event()
        self.leads.set()
        self.undisturbed.set()

    async def keep(self, *, heard: Hear, looked: Hear) -> None:
        looked()
        await asyncio.Event().wait()


@asynccontextmanager
async def joined(database: Database, *, name: str, now: datetime) -> AsyncIterator[Post]:
    """A place among the processes that share the database; leaving it hands over at once.

    Raises Unavailable where the database can't be used.
    """
    if database.is_sqlite:
        yield Alone()
        return
    # Who keeps their data in SQLite never loads what speaks to PostgreSQL.
    from storage.company import member  # noqa: PLC0415

    async with member(database, name=name, now=now) as post:
        yield post


@asynccontextmanager
async def one_at_a_time(database: Database) -> AsyncIterator[None]:
    """While no other process makes tables or loads first content; those wait for their turn."""
    if database.is_sqlite:
        yield
        return
    from storage.company import starting  # noqa: PLC0415

    async with starting(database):
        yield


@contextmanager
def sole(database: Database) -> Iterator[None]:
    """Keep everybody else from running with the same SQLite file; PostgreSQL is for any number.

    The lock is on a file beside it, as the database's own locks are SQLite's. It goes with the process,
    however that ends. Raises AlreadyRunning.
    """
    try:
        import fcntl  # noqa: PLC0415
    except ImportError:
        # Windows has none.
        yield
        return
    if not database.is_sqlite:
        yield
        return
    try:
        file = os.open(f"{database.url.database}-running", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Unavailable(error.strerror or "its folder can't be written") from None
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning from None
        yield
    finally:
        os.close(file)
