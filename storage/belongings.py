"""What hangs on one person in tables that are asked by other things than persons."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Table, delete, func, or_, select

from storage.database import Transaction
from storage.tables import (
    assignments,
    broadcasts,
    desk_notes,
    events,
    notices,
    shift_signups,
    shifts,
    threads,
)


@dataclass(frozen=True)
class Signup:
    """A shift that was asked for, and what became of that."""

    shift_id: int
    event_id: int
    starts_at: datetime
    ends_at: datetime
    state: str
    taken_at: datetime
    leader: bool
    arrived_at: datetime | None
    reason: str


@dataclass(frozen=True)
class Thread:
    """A question that was put to a person, and what the desk keeps about it."""

    question: str
    state: str
    opened_at: datetime
    closed_at: datetime | None
    answer: str | None = None
    # Whether somebody has taken it on; who that is, is theirs.
    taken: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Notice:
    """Something the bot sent or is going to send; what it said is not kept."""

    kind: str
    state: str
    due_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True)
class Made:
    """How much of what everybody sees an organiser has made."""

    events: int
    broadcasts: int
    # Notes for the desk that they wrote, and questions that they have taken on.
    notes: int = 0
    questions: int = 0


async def list_signups(tx: Transaction, person_id: int) -> list[Signup]:
    query = (
        select(
            shift_signups.c.shift_id,
            shifts.c.event_id,
            shifts.c.starts_at,
            shifts.c.ends_at,
            shift_signups.c.state,
            shift_signups.c.taken_at,
            shift_signups.c.leader,
            shift_signups.c.arrived_at,
            shift_signups.c.reason,
        )
        .join(shifts, shifts.c.id == shift_signups.c.shift_id)
        .where(shift_signups.c.person_id == person_id)
        .order_by(shifts.c.starts_at, shifts.c.id)
    )
    return [Signup(**row._mapping) for row in await tx.rows(query)]


async def list_threads(tx: Transaction, person_id: int) -> list[Thread]:
    query = (
        select(
            threads.c.id,
            threads.c.question,
            threads.c.state,
            threads.c.opened_at,
            threads.c.closed_at,
            threads.c.answer,
            assignments.c.thread_id.is_not(None).label("taken"),
        )
        .outerjoin(assignments, assignments.c.thread_id == threads.c.id)
        .where(threads.c.person_id == person_id)
        .order_by(threads.c.opened_at, threads.c.id)
    )
    rows = await tx.rows(query)
    noted = (
        select(desk_notes.c.thread_id, desk_notes.c.text)
        .join(threads, threads.c.id == desk_notes.c.thread_id)
        .where(threads.c.person_id == person_id)
        .order_by(desk_notes.c.id)
    )
    notes: dict[int, tuple[str, ...]] = {}
    for note in await tx.rows(noted):
        notes[note.thread_id] = (*notes.get(note.thread_id, ()), note.text)
    return [
        Thread(
            row.question,
            row.state,
            row.opened_at,
            row.closed_at,
            row.answer,
            row.taken,
            notes.get(row.id, ()),
        )
        for row in rows
    ]


async def list_notices(tx: Transaction, person_id: int) -> list[Notice]:
    query = (
        select(notices.c.kind, notices.c.state, notices.c.due_at, notices.c.settled_at)
        .where(notices.c.person_id == person_id)
        .order_by(notices.c.due_at, notices.c.id)
    )
    return [Notice(**row._mapping) for row in await tx.rows(query)]


async def count_made(tx: Transaction, person_id: int) -> Made:
    return Made(
        await _count(tx, events, events.c.created_by == person_id),
        await _count(tx, broadcasts, broadcasts.c.author_id == person_id),
        await _count(tx, desk_notes, desk_notes.c.author_id == person_id),
        await _count(tx, assignments, assignments.c.person_id == person_id),
    )


async def _count(tx: Transaction, table: Table, condition: ColumnElement[bool]) -> int:
    count: int = await tx.value(select(func.count()).select_from(table).where(condition))
    return count


async def drop_notices_about(tx: Transaction, person_id: int) -> None:
    """Forget what others are still to be told of the person: their questions, on the way to the desk."""
    asked = [row.id for row in await tx.rows(select(threads.c.id).where(threads.c.person_id == person_id))]
    about = [notices.c.params["person_id"].as_integer() == person_id]
    if asked:
        about.append(notices.c.params["thread_id"].as_integer().in_(asked))
    await tx.run(delete(notices).where(notices.c.state.in_(("owed", "claimed")), or_(*about)))
