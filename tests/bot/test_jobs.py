"""What is due by the clock is done once, and one fault keeps nothing else waiting."""

from datetime import datetime, timedelta

from bot import jobs
from storage import Database, Transaction
from storage import jobs as rows
from tests.conftest import NOON


class Done:
    """Remembers what was done, and fails at what it is told to fail at."""

    def __init__(self, *failing: int) -> None:
        self.subjects: list[int] = []
        self.failing = set(failing)

    async def __call__(self, tx: Transaction, subject_id: int, *, now: datetime) -> None:
        if subject_id in self.failing:
            raise RuntimeError("it can't be done")
        self.subjects.append(subject_id)


async def tick(database: Database, done: Done, now: datetime) -> None:
    async with database.write() as tx:
        await jobs.do_due(tx, now=now, doings={"test": done})


async def plan(database: Database, *subjects: int, due_at: datetime = NOON) -> None:
    async with database.write() as tx:
        for subject in subjects:
            await rows.plan(tx, "test", subject, due_at=due_at)


async def test_what_is_due_is_done_once(database: Database) -> None:
    done = Done()
    await plan(database, 1, 2)
    await tick(database, done, NOON - timedelta(seconds=1))
    assert not done.subjects
    await tick(database, done, NOON)
    await tick(database, done, NOON)
    assert done.subjects == [1, 2]


async def test_planning_anew_replaces_what_was_planned(database: Database) -> None:
    done = Done()
    await plan(database, 1)
    await plan(database, 1, due_at=NOON + timedelta(hours=1))
    await tick(database, done, NOON)
    assert not done.subjects
    await tick(database, done, NOON + timedelta(hours=1))
    assert done.subjects == [1]


async def test_one_fault_keeps_nothing_else_waiting(database: Database) -> None:
    done = Done(1)
    await plan(database, 1, 2)
    await tick(database, done, NOON)
    assert done.subjects == [2]
    done.failing.clear()
    await tick(database, done, NOON + jobs.AGAIN_IN)
    assert done.subjects == [2, 1]
