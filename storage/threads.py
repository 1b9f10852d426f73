"""Questions that were passed to a person, and which messages belong to them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Row, Select, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import people, thread_messages, threads


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


def _thread(row: Row[Any]) -> Thread:
    return Thread(**row._mapping)


def _all() -> Select[Any]:
    return select(
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
    ).join_from(threads, people, people.c.id == threads.c.person_id)


async def find(tx: Transaction, thread_id: int) -> Thread | None:
    row = await tx.row(_all().where(threads.c.id == thread_id))
    return row and _thread(row)


async def find_open(tx: Transaction, person_id: int) -> Thread | None:
    row = await tx.row(_all().where(threads.c.person_id == person_id, threads.c.state == "open"))
    return row and _thread(row)


async def find_by_message(tx: Transaction, chat_id: int, message_id: int) -> Thread | None:
    """The thread, open or closed, that a message belongs to."""
    row = await tx.row(
        _all()
        .join(thread_messages, thread_messages.c.thread_id == threads.c.id)
        .where(thread_messages.c.chat_id == chat_id, thread_messages.c.message_id == message_id)
    )
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


async def count_open(tx: Transaction) -> int:
    count: int = await tx.value(select(func.count()).select_from(threads).where(threads.c.state == "open"))
    return count


async def open_new(tx: Transaction, person_id: int, question: str, *, now: datetime) -> int | None:
    """Open a thread and say its id; None when the person has an open one already."""
    thread_id: int | None = await tx.value(
        insert(threads)
        .values(person_id=person_id, state="open", question=question, opened_at=now)
        .on_conflict_do_nothing()
        .returning(threads.c.id)
    )
    return thread_id


async def reopen(tx: Transaction, thread_id: int) -> None:
    await tx.run(update(threads).where(threads.c.id == thread_id).values(state="open", closed_at=None))


async def close(tx: Transaction, thread_id: int, *, now: datetime) -> bool:
    """Close the thread; say whether it was open."""
    return (
        await tx.run(
            update(threads)
            .where(threads.c.id == thread_id, threads.c.state == "open")
            .values(state="closed", closed_at=now)
        )
        > 0
    )


async def note_follow_up(tx: Transaction, thread_id: int) -> None:
    """The member has written on: what was answered before is no answer to that."""
    await tx.run(
        update(threads)
        .where(threads.c.id == thread_id)
        .values(follow_ups=threads.c.follow_ups + 1, answered_at=None)
    )


async def note_answered(tx: Transaction, thread_id: int, *, now: datetime) -> None:
    await tx.run(update(threads).where(threads.c.id == thread_id).values(answered_at=now))


async def add_message(tx: Transaction, thread_id: int, chat_id: int, message_id: int) -> None:
    """Remember that a message in a chat belongs to the thread, if that has not been forgotten meanwhile."""
    known = select(literal(chat_id, BigInteger), literal(message_id, BigInteger), threads.c.id)
    await tx.run(
        insert(thread_messages)
        .from_select(["chat_id", "message_id", "thread_id"], known.where(threads.c.id == thread_id))
        .on_conflict_do_update(
            index_elements=[thread_messages.c.chat_id, thread_messages.c.message_id],
            set_={"thread_id": thread_id},
        )
    )


async def list_messages(tx: Transaction, person_id: int) -> list[tuple[int, int]]:
    """Chat and message ids of everything that was passed on of a person's questions."""
    query = (
        select(thread_messages.c.chat_id, thread_messages.c.message_id)
        .join_from(thread_messages, threads, threads.c.id == thread_messages.c.thread_id)
        .where(threads.c.person_id == person_id)
    )
    return [(row.chat_id, row.message_id) for row in await tx.rows(query)]


async def forget_closed(tx: Transaction, *, closed_before: datetime) -> int:
    """Delete threads that were closed long ago, with what was asked in them."""
    return await tx.run(
        delete(threads).where(threads.c.state == "closed", threads.c.closed_at < closed_before)
    )
