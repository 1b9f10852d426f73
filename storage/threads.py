"""Questions that were passed to a person: who asked, how they stand, and who has taken them on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.instants import Instant
from storage.tables import assignments, people, threads


@dataclass(frozen=True)
class Thread:
    """A question with the member who asked it."""

    id: int
    person_id: int
    telegram_id: int
    name: str
    locale: str
    state: str
    question: str
    opened_at: datetime
    follow_ups: int
    answered_at: datetime | None
    closed_at: datetime | None
    # What the bot had answered to it.
    offered: str | None
    # Since when the member has waited for an answer, and when they were told that it takes longer.
    waiting_since: datetime | None
    reminded_at: datetime | None
    # The latest answer of the desk in plain text.
    answer: str | None
    # Who has taken it on.
    assignee_id: int | None
    assignee: str | None


def _thread(row: Row[Any]) -> Thread:
    return Thread(**row._mapping)


_clerks = people.alias("clerks")


def _all() -> Select[Any]:
    return (
        select(
            threads.c.id,
            threads.c.person_id,
            people.c.telegram_id,
            people.c.name,
            people.c.locale,
            threads.c.state,
            threads.c.question,
            threads.c.opened_at,
            threads.c.follow_ups,
            threads.c.answered_at,
            threads.c.closed_at,
            threads.c.offered,
            threads.c.waiting_since,
            threads.c.reminded_at,
            threads.c.answer,
            assignments.c.person_id.label("assignee_id"),
            _clerks.c.name.label("assignee"),
        )
        .join_from(threads, people, people.c.id == threads.c.person_id)
        .outerjoin(assignments, assignments.c.thread_id == threads.c.id)
        .outerjoin(_clerks, _clerks.c.id == assignments.c.person_id)
    )


async def find(tx: Transaction, thread_id: int) -> Thread | None:
    row = await tx.row(_all().where(threads.c.id == thread_id))
    return row and _thread(row)


async def find_open(tx: Transaction, person_id: int) -> Thread | None:
    row = await tx.row(_all().where(threads.c.person_id == person_id, threads.c.state == "open"))
    return row and _thread(row)


async def find_latest(tx: Transaction, person_id: int) -> Thread | None:
    """The person's open question, or else their last one that is still kept."""
    query = _all().where(threads.c.person_id == person_id)
    row = await tx.row(query.order_by(threads.c.state != "open", threads.c.id.desc()).limit(1))
    return row and _thread(row)


async def list_open(tx: Transaction, *, limit: int, offset: int = 0) -> list[Thread]:
    """Open threads, those that nobody has answered yet first, then the oldest."""
    query = (
        _all()
        .where(threads.c.state == "open")
        .order_by(threads.c.answered_at.is_not(None), threads.c.opened_at, threads.c.id)
        .limit(limit)
        .offset(offset)
    )
    return [_thread(row) for row in await tx.rows(query)]


async def list_waiting(tx: Transaction) -> list[Thread]:
    """Every open question whose member waits for an answer."""
    query = _all().where(threads.c.state == "open", threads.c.waiting_since.is_not(None))
    return [_thread(row) for row in await tx.rows(query.order_by(threads.c.id))]


async def count_open(tx: Transaction) -> int:
    count: int = await tx.value(select(func.count()).select_from(threads).where(threads.c.state == "open"))
    return count


async def open_new(
    tx: Transaction, person_id: int, question: str, *, offered: str | None = None, now: datetime
) -> int | None:
    """Open a thread and say its id; None when the person has an open one already."""
    thread_id: int | None = await tx.value(
        insert(threads)
        .values(
            person_id=person_id,
            state="open",
            question=question,
            offered=offered,
            opened_at=now,
            waiting_since=now,
        )
        .on_conflict_do_nothing()
        .returning(threads.c.id)
    )
    return thread_id


async def reopen(tx: Transaction, thread_id: int) -> bool:
    """Open the thread again; say whether it was closed. Of several at once one opens it."""
    closed = update(threads).where(threads.c.id == thread_id, threads.c.state == "closed")
    return await tx.run(closed.values(state="open", closed_at=None)) > 0


async def close(tx: Transaction, thread_id: int, *, now: datetime) -> bool:
    """Close the thread; say whether it was open."""
    return (
        await tx.run(
            update(threads)
            .where(threads.c.id == thread_id, threads.c.state == "open")
            .values(state="closed", closed_at=now, waiting_since=None, reminded_at=None)
        )
        > 0
    )


async def note_follow_up(tx: Transaction, thread_id: int, *, now: datetime) -> None:
    """The member has written on: what was answered before is no answer to that."""
    await tx.run(
        update(threads)
        .where(threads.c.id == thread_id)
        .values(
            follow_ups=threads.c.follow_ups + 1,
            answered_at=None,
            waiting_since=func.coalesce(threads.c.waiting_since, literal(now, Instant)),
        )
    )


async def note_answered(tx: Transaction, thread_id: int, *, now: datetime) -> None:
    await tx.run(
        update(threads)
        .where(threads.c.id == thread_id)
        .values(answered_at=now, waiting_since=None, reminded_at=None)
    )


async def note_reminded(tx: Transaction, thread_id: int, *, now: datetime) -> None:
    """The desk was reminded that the member still waits."""
    await tx.run(update(threads).where(threads.c.id == thread_id).values(reminded_at=now))


async def keep_answer(tx: Transaction, thread_id: int, answer: str) -> None:
    await tx.run(update(threads).where(threads.c.id == thread_id).values(answer=answer))


async def correct_question(tx: Transaction, thread_id: int, question: str) -> None:
    await tx.run(update(threads).where(threads.c.id == thread_id).values(question=question))


async def assign_unless_taken(tx: Transaction, thread_id: int, person_id: int) -> bool:
    """Have the question be somebody's if it is nobody's; of several at once one has it. Say whether it is."""
    values = {"thread_id": thread_id, "person_id": person_id}
    return await tx.run(insert(assignments).values(**values).on_conflict_do_nothing()) > 0


async def assign(tx: Transaction, thread_id: int, person_id: int | None) -> None:
    """Have the question be somebody's, or with None nobody's."""
    if person_id is None:
        await tx.run(delete(assignments).where(assignments.c.thread_id == thread_id))
        return
    await tx.run(
        insert(assignments)
        .values(thread_id=thread_id, person_id=person_id)
        .on_conflict_do_update(index_elements=[assignments.c.thread_id], set_={"person_id": person_id})
    )


async def forget_closed(tx: Transaction, *, closed_before: datetime) -> int:
    """Delete threads that were closed long ago, with what was asked in them."""
    return await tx.run(
        delete(threads).where(threads.c.state == "closed", threads.c.closed_at < closed_before)
    )
