"""What organisers taught the bot, each with what it takes to undo it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import lessons, people


@dataclass(frozen=True)
class Lesson:
    id: int
    at: datetime
    action: str
    question_id: int | None
    params: Mapping[str, Any]
    undone_at: datetime | None
    # None where they have been forgotten.
    actor: str | None


_all = select(
    lessons.c.id,
    lessons.c.at,
    lessons.c.action,
    lessons.c.question_id,
    lessons.c.params,
    lessons.c.undone_at,
    people.c.name.label("actor"),
).outerjoin(people, people.c.id == lessons.c.actor_id)


async def add(
    tx: Transaction,
    action: str,
    *,
    question_id: int | None,
    actor_id: int,
    params: Mapping[str, Any],
    now: datetime,
) -> int:
    lesson_id: int = await tx.value(
        insert(lessons)
        .values(at=now, actor_id=actor_id, action=action, question_id=question_id, params=dict(params))
        .returning(lessons.c.id)
    )
    return lesson_id


async def find(tx: Transaction, lesson_id: int) -> Lesson | None:
    row = await tx.row(_all.where(lessons.c.id == lesson_id))
    return row and Lesson(**row._mapping)


async def list_page(tx: Transaction, *, limit: int, offset: int = 0) -> list[Lesson]:
    """The latest first."""
    rows = await tx.rows(_all.order_by(lessons.c.id.desc()).limit(limit).offset(offset))
    return [Lesson(**row._mapping) for row in rows]


async def count(tx: Transaction) -> int:
    found: int = await tx.value(select(func.count()).select_from(lessons))
    return found


async def mark_undone(tx: Transaction, lesson_id: int, *, now: datetime) -> bool:
    """Say whether it was not undone before: of two who do this at once, one does."""
    undone = update(lessons).where(lessons.c.id == lesson_id, lessons.c.undone_at.is_(None))
    return await tx.run(undone.values(undone_at=now)) > 0


async def mark_done(tx: Transaction, lesson_id: int) -> None:
    """It could not be undone after all."""
    await tx.run(update(lessons).where(lessons.c.id == lesson_id).values(undone_at=None))
