"""What the desk has written down for itself about questions."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from storage.database import Transaction
from storage.tables import desk_notes, people


@dataclass(frozen=True)
class Note:
    text: str
    written_at: datetime
    # None where they are not known to the bot, or have been forgotten.
    author: str | None


async def add(tx: Transaction, thread_id: int, text: str, *, author_id: int | None, now: datetime) -> None:
    await tx.run(
        insert(desk_notes).values(thread_id=thread_id, author_id=author_id, text=text, written_at=now)
    )


async def list_latest(tx: Transaction, thread_id: int, *, limit: int) -> list[Note]:
    """The last notes about a question, the oldest of them first."""
    query = (
        select(desk_notes.c.text, desk_notes.c.written_at, people.c.name.label("author"))
        .outerjoin(people, people.c.id == desk_notes.c.author_id)
        .where(desk_notes.c.thread_id == thread_id)
        .order_by(desk_notes.c.id.desc())
        .limit(limit)
    )
    return [Note(**row._mapping) for row in reversed(list(await tx.rows(query)))]
