"""Answers that the desk gives again and again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import ready_answers


@dataclass(frozen=True)
class ReadyAnswer:
    """What organisers call it, and its words by locale, the first one the base."""

    id: int
    title: str
    texts: Mapping[str, str]


def _answer(row: Row[Any]) -> ReadyAnswer:
    return ReadyAnswer(row.id, row.title, dict(row.texts))


async def find(tx: Transaction, answer_id: int) -> ReadyAnswer | None:
    row = await tx.row(select(ready_answers).where(ready_answers.c.id == answer_id))
    return row and _answer(row)


async def list_all(tx: Transaction, *, limit: int, offset: int = 0) -> list[ReadyAnswer]:
    query = select(ready_answers).order_by(func.lower(ready_answers.c.title), ready_answers.c.id)
    return [_answer(row) for row in await tx.rows(query.limit(limit).offset(offset))]


async def count(tx: Transaction) -> int:
    found: int = await tx.value(select(func.count()).select_from(ready_answers))
    return found


async def add(tx: Transaction, title: str, texts: Mapping[str, str]) -> int:
    answer_id: int = await tx.value(
        insert(ready_answers).values(title=title, texts=dict(texts)).returning(ready_answers.c.id)
    )
    return answer_id


async def put(tx: Transaction, answer: ReadyAnswer) -> None:
    await tx.run(
        update(ready_answers)
        .where(ready_answers.c.id == answer.id)
        .values(title=answer.title, texts=dict(answer.texts))
    )


async def drop(tx: Transaction, answer_id: int) -> bool:
    """Delete it; say whether it was there."""
    return await tx.run(delete(ready_answers).where(ready_answers.c.id == answer_id)) > 0
