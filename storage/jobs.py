"""What is to be done at an instant about one thing, each once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import jobs


@dataclass(frozen=True)
class Job:
    id: int
    kind: str
    subject_id: int
    due_at: datetime


async def plan(tx: Transaction, kind: str, subject_id: int, *, due_at: datetime) -> None:
    """Have it done at the instant; what was planned of this kind for the subject before is planned anew."""
    await tx.run(
        insert(jobs)
        .values(kind=kind, subject_id=subject_id, due_at=due_at)
        .on_conflict_do_update(index_elements=[jobs.c.kind, jobs.c.subject_id], set_={"due_at": due_at})
    )


async def plan_unless_planned(tx: Transaction, kind: str, subject_id: int, *, due_at: datetime) -> None:
    """Have it done at the instant, or when it was planned before."""
    await tx.run(
        insert(jobs).values(kind=kind, subject_id=subject_id, due_at=due_at).on_conflict_do_nothing()
    )


async def drop(tx: Transaction, kind: str, subject_id: int) -> None:
    await tx.run(delete(jobs).where(jobs.c.kind == kind, jobs.c.subject_id == subject_id))


async def list_due(tx: Transaction, *, now: datetime, limit: int) -> list[Job]:
    query = select(jobs).where(jobs.c.due_at <= now).order_by(jobs.c.due_at, jobs.c.id).limit(limit)
    return [Job(**row._mapping) for row in await tx.rows(query)]


async def finish(tx: Transaction, job: Job) -> None:
    """Forget what has been done, unless it was planned anew meanwhile."""
    await tx.run(delete(jobs).where(jobs.c.id == job.id, jobs.c.due_at == job.due_at))


async def postpone(tx: Transaction, job: Job, *, until: datetime) -> None:
    await tx.run(update(jobs).where(jobs.c.id == job.id, jobs.c.due_at == job.due_at).values(due_at=until))


async def find_next_due(tx: Transaction, kinds: Collection[str]) -> datetime | None:
    row = await tx.row(select(func.min(jobs.c.due_at).label("due_at")).where(jobs.c.kind.in_(kinds)))
    return row.due_at if row else None
