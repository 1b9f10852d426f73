"""Several share a commit, and nobody suffers for another."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import text

from storage import Database, Transaction, Unavailable, connect, options
from tests.conftest import migrated_sqlite

Work = Callable[[Transaction], Awaitable[str]]


@pytest.fixture
async def sqlite(tmp_path: Path) -> Database:
    return await migrated_sqlite(tmp_path)


def remembering(name: str, value: str = "yes") -> Work:
    async def work(tx: Transaction) -> str:
        await options.remember(tx, name, value)
        return f"{name} done"

    return work


def failing(name: str) -> Work:
    async def work(tx: Transaction) -> str:
        await options.remember(tx, name, "half")
        raise ZeroDivisionError(name)

    return work


def breaking(name: str) -> Work:
    """What SQLite does by itself where a disk is full: the whole transaction is gone."""

    async def work(tx: Transaction) -> str:
        await options.remember(tx, name, "half")
        await tx.run(text("ROLLBACK"))
        await options.remember(tx, name, "outside of any transaction")
        return "never"

    return work


async def found(database: Database, *names: str) -> list[str | None]:
    async with database.read() as tx:
        return [await options.find(tx, name) for name in names]


async def test_whoever_fails_in_a_shared_commit_undoes_their_own_part_alone(database: Database) -> None:
    told = await asyncio.gather(
        database.share(remembering("a")),
        database.share(failing("b")),
        database.share(remembering("c")),
        return_exceptions=True,
    )
    assert (told[0], told[2]) == ("a done", "c done")
    assert isinstance(told[1], ZeroDivisionError)
    assert await found(database, "a", "b", "c") == ["yes", None, "yes"]


async def test_those_who_ask_together_are_done_in_their_order(database: Database) -> None:
    order: list[int] = []

    async def work(number: int) -> int:
        async def note(tx: Transaction) -> int:
            order.append(number)
            seen = int(await options.find(tx, "count") or 0)
            await options.remember(tx, "count", str(seen + 1))
            return seen

        return await database.share(note)

    assert await asyncio.gather(*(work(number) for number in range(200))) == list(range(200))
    assert order == list(range(200))


async def test_nobody_is_told_before_the_commit(database: Database) -> None:
    async def ask(name: str) -> list[str | None]:
        await database.share(remembering(name))
        return await found(database, name)

    assert await asyncio.gather(*(ask(str(number)) for number in range(20))) == [["yes"]] * 20


async def test_who_shares_a_commit_is_done_even_where_another_writer_wants_the_same_in_another_order(
    database: Database,
) -> None:
    if database.is_sqlite:
        pytest.skip("only PostgreSQL has several writers")
    async with database.write() as tx:
        for name in ("a", "b"):
            await options.remember(tx, name, "before")
    asked: list[asyncio.Task[str]] = []
    with suppress(Unavailable):
        async with database.write() as tx:
            await options.remember(tx, "b", "another's")
            asked = [asyncio.create_task(database.share(remembering(name))) for name in ("a", "b")]
            # Until the first holds what is wanted here and the second waits for what is held here.
            await asyncio.sleep(0.3)
            # Only held, as nobody can say which of the two comes last.
            await tx.rows(text("SELECT value FROM options WHERE name = 'a' FOR UPDATE"))
    assert await asyncio.gather(*asked) == ["a done", "b done"]
    assert await found(database, "a", "b") == ["yes", "yes"]


async def test_where_the_transaction_itself_breaks_the_others_are_done_all_the_same(sqlite: Database) -> None:
    told = await asyncio.gather(
        sqlite.share(remembering("a")),
        sqlite.share(breaking("b")),
        sqlite.share(remembering("c")),
        return_exceptions=True,
    )
    assert (told[0], told[2]) == ("a done", "c done")
    assert isinstance(told[1], Unavailable)
    assert await found(sqlite, "a", "b", "c") == ["yes", None, "yes"]
    await sqlite.close()


async def test_trouble_of_an_unknown_kind_is_told_to_all_who_wait_too(
    sqlite: Database, tmp_path: Path
) -> None:
    await sqlite.share(remembering("a"))
    await sqlite.close()
    (tmp_path / "amity.db").write_bytes(b"not a database at all" * 500)
    for ending in ("-wal", "-shm"):
        (tmp_path / f"amity.db{ending}").unlink(missing_ok=True)
    broken = connect(f"sqlite+aiosqlite:///{tmp_path / 'amity.db'}")
    async with asyncio.timeout(30):
        told = await asyncio.gather(
            *(broken.share(remembering(name)) for name in "bcd"), return_exceptions=True
        )
    assert all(isinstance(one, Exception) for one in told)
    await broken.close()


async def test_who_gives_up_waiting_leaves_nothing_behind_and_stops_nobody(sqlite: Database) -> None:
    async with sqlite.write() as tx:
        waiting = [asyncio.create_task(sqlite.share(remembering(name))) for name in ("a", "b")]
        await asyncio.sleep(0.05)
        waiting[0].cancel()
        await options.remember(tx, "first", "yes")
    assert await waiting[1] == "b done"
    assert await found(sqlite, "first", "a", "b") == ["yes", None, "yes"]
    await sqlite.close()


async def test_what_was_asked_for_is_done_before_the_database_closes(tmp_path: Path) -> None:
    database = await migrated_sqlite(tmp_path)
    asked = [asyncio.create_task(database.share(remembering(str(number)))) for number in range(100)]
    await asyncio.sleep(0)
    await database.close()
    assert len(await asyncio.gather(*asked)) == 100


async def test_a_locked_database_is_told_to_all_who_wait_at_once(sqlite: Database, tmp_path: Path) -> None:
    intruder = sqlite3.connect(tmp_path / "amity.db")
    intruder.execute("BEGIN IMMEDIATE")
    told = await asyncio.gather(
        *(sqlite.share(remembering(str(number))) for number in range(3)), return_exceptions=True
    )
    intruder.rollback()
    intruder.close()
    assert all(isinstance(one, Unavailable) for one in told)
    assert await sqlite.share(remembering("after")) == "after done"
    await sqlite.close()


async def test_waiting_for_another_process_holds_up_nothing_else(sqlite: Database, tmp_path: Path) -> None:
    intruder = sqlite3.connect(tmp_path / "amity.db", check_same_thread=False)
    intruder.execute("BEGIN IMMEDIATE")
    threading.Timer(2, intruder.rollback).start()
    asked = asyncio.create_task(sqlite.share(remembering("a")))
    longest = await longest_pause_until(asked)
    assert await asked == "a done"
    assert longest < 1.5
    intruder.close()
    await sqlite.close()


async def test_a_long_query_holds_up_nothing_else(sqlite: Database) -> None:
    long = text(
        "SELECT count(*) FROM (WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 5000000)"
        " SELECT x FROM n)"
    )

    async def count() -> int:
        async with sqlite.write() as tx:
            await options.remember(tx, "before", "yes")
            counted = int(await tx.value(long))
            await options.remember(tx, "after", "yes")
            return counted

    for _ in range(2):
        began = time.monotonic()
        asked = asyncio.create_task(count())
        longest = await longest_pause_until(asked)
        assert await asked == 5_000_000
        # A busy machine makes all of it take longer.
        assert longest < max(0.4, (time.monotonic() - began) / 2)
    assert await found(sqlite, "before", "after") == ["yes", "yes"]
    await sqlite.close()


async def longest_pause_until(task: asyncio.Task[object]) -> float:
    """For how long at most nothing else could run meanwhile."""
    longest, last = 0.0, time.monotonic()
    while not task.done():
        await asyncio.sleep(0.001)
        longest, last = max(longest, time.monotonic() - last), time.monotonic()
    return longest


async def test_a_transaction_that_is_cancelled_is_undone_and_the_next_goes_on(database: Database) -> None:
    entered = asyncio.Event()

    async def linger() -> None:
        async with database.write() as tx:
            await options.remember(tx, "half", "done")
            entered.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(linger())
    await entered.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with database.write() as tx:
        assert await options.find(tx, "half") is None
        await options.remember(tx, "next", "yes")
    assert await found(database, "half", "next") == [None, "yes"]


async def test_a_long_query_that_is_cancelled_ends_whole_or_undone(
    sqlite: Database,
) -> None:
    slow = text(
        "INSERT INTO options (name, value) WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n"
        " LIMIT 300000) SELECT 'n' || x, 'x' FROM n"
    )

    async def fill() -> None:
        async with sqlite.write() as tx:
            # Once found to be long, it is the thread's.
            async with tx.savepoint():
                await tx.run(slow)
                await tx.run(text("DELETE FROM options"))
            await tx.run(slow)

    for pause in (0.05, 0.6, 0.9):
        task = asyncio.create_task(fill())
        await asyncio.sleep(pause)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        async with sqlite.write() as tx:
            # A commit that has begun is finished, whoever stops waiting for it.
            assert await tx.value(text("SELECT count(*) FROM options")) in (0, 300_000)
            await tx.run(text("DELETE FROM options"))
    await sqlite.close()


async def test_what_takes_long_to_find_out_keeps_nobody_from_writing(database: Database) -> None:
    others_done = asyncio.Event()
    looked = 0

    async def look(tx: Transaction) -> int:
        nonlocal looked
        looked += 1
        await asyncio.wait_for(others_done.wait(), 30)
        return 42

    async def work(tx: Transaction) -> str:
        await options.remember(tx, "long", "begun")
        return f"found {await tx.aside('the answer', look)}"

    waiting = asyncio.create_task(database.share(work))
    await asyncio.sleep(0)
    told = await asyncio.gather(*(database.share(remembering(name)) for name in "abc"))
    assert told == ["a done", "b done", "c done"]
    assert await found(database, "long") == [None], "what it had begun was undone meanwhile"
    others_done.set()
    assert await waiting == "found 42"
    assert (await found(database, "long"), looked) == (["begun"], 1)


async def test_whoever_cannot_be_told_what_they_wait_for_hears_why(database: Database) -> None:
    async def look(tx: Transaction) -> int:
        raise ZeroDivisionError("it can't be counted")

    with pytest.raises(ZeroDivisionError):
        await database.share(lambda tx: tx.aside("a", look))
    assert await database.share(remembering("b")) == "b done"


async def test_in_a_transaction_of_ones_own_it_is_found_out_at_once(database: Database) -> None:
    async def look(tx: Transaction) -> str | None:
        return await options.find(tx, "mine")

    async with database.write() as tx:
        await options.remember(tx, "mine", "seen")
        assert await tx.aside("a", look) == "seen"
