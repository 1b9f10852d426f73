"""What organisers did, in order; who they were is looked up when it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import audit, people


@dataclass(frozen=True)
class Entry:
    id: int
    at: datetime
    action: str
    params: Mapping[str, Any]
    event_id: int | None
    shift_id: int | None
    # None where nobody did it but the clock, or where the person has been forgotten.
    actor: str | None
    subject: str | None


async def add(
    tx: Transaction,
    action: str,
    *,
    now: datetime,
    actor_id: int | None,
    event_id: int | None = None,
    shift_id: int | None = None,
    subject_id: int | None = None,
    params: Mapping[str, Any] | None = None,
) -> None:
    await tx.run(
        insert(audit).values(
            at=now,
            action=action,
            actor_id=actor_id,
            event_id=event_id,
            shift_id=shift_id,
            subject_id=subject_id,
            params=dict(params or {}),
        )
    )


async def list_entries(
    tx: Transaction, *, event_id: int | None = None, limit: int, offset: int = 0
) -> list[Entry]:
    """The latest first, of one event or of everything."""
    actor, subject = people.alias(), people.alias()
    query = (
        select(
            audit.c.id,
            audit.c.at,
            audit.c.action,
            audit.c.params,
            audit.c.event_id,
            audit.c.shift_id,
            actor.c.name.label("actor"),
            subject.c.name.label("subject"),
        )
        .outerjoin(actor, actor.c.id == audit.c.actor_id)
        .outerjoin(subject, subject.c.id == audit.c.subject_id)
    )
    if event_id is not None:
        query = query.where(audit.c.event_id == event_id)
    query = query.order_by(audit.c.id.desc()).limit(limit).offset(offset)
    return [Entry(**row._mapping) for row in await tx.rows(query)]


async def count_entries(tx: Transaction, *, event_id: int | None = None) -> int:
    query = select(func.count()).select_from(audit)
    if event_id is not None:
        query = query.where(audit.c.event_id == event_id)
    count: int = await tx.value(query)
    return count
