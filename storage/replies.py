"""Answers that were decided and are still to be sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import replies


@dataclass(frozen=True)
class Owed:
    id: int
    lane: int
    calls: list[dict[str, Any]]
    # How many of the calls have been made.
    position: int


_ADD = insert(replies).returning(replies.c.id)
_SETTLE = delete(replies).where(replies.c.id.in_(bindparam("reply_ids", expanding=True)))


async def add(tx: Transaction, lane: int, calls: list[dict[str, Any]], *, now: datetime) -> int:
    reply_id: int = await tx.value(_ADD, lane=lane, calls=calls, created_at=now)
    return reply_id


async def list_all(tx: Transaction) -> list[Owed]:
    """What a stopped process has left unsent, in order."""
    query = select(replies.c.id, replies.c.lane, replies.c.calls, replies.c.position)
    return [Owed(**row._mapping) for row in await tx.rows(query.order_by(replies.c.id))]


async def find_last(tx: Transaction, lane: int) -> Owed | None:
    """The newest answer that is still to be sent in the lane."""
    query = select(replies.c.id, replies.c.lane, replies.c.calls, replies.c.position)
    row = await tx.row(query.where(replies.c.lane == lane).order_by(replies.c.id.desc()).limit(1))
    return row and Owed(**row._mapping)


async def advance(tx: Transaction, reply_id: int, position: int) -> None:
    await tx.run(update(replies).where(replies.c.id == reply_id).values(position=position))


async def settle(tx: Transaction, reply_ids: Sequence[int]) -> None:
    await tx.run(_SETTLE, reply_ids=reply_ids)


async def drop_lane(tx: Transaction, lane: int) -> None:
    await tx.run(delete(replies).where(replies.c.lane == lane))


async def count(tx: Transaction) -> int:
    found: int = await tx.value(select(func.count()).select_from(replies))
    return found
