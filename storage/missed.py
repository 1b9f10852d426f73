"""Reminders that were of no use any more before they could be sent, and what organisers are told of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import distinct, func, select, update

from storage.database import Transaction
from storage.tables import notices

REMINDERS: Final = ("event_reminder", "shift_reminder")


@dataclass(frozen=True)
class Missed:
    """An event or a shift of which so many people were not reminded."""

    event_id: int | None
    shift_id: int | None
    people: int


async def is_any_stale(tx: Transaction, *, now: datetime) -> bool:
    """Whether a reminder that is still owed has lost its use."""
    query = select(notices.c.id).where(
        notices.c.state == "owed", notices.c.useful_until < now, notices.c.kind.in_(REMINDERS)
    )
    return await tx.row(query.limit(1)) is not None


async def list_between(tx: Transaction, *, since: datetime, until: datetime) -> list[Missed]:
    """What was settled as missed from the one instant until before the other."""
    query = (
        select(
            notices.c.event_id,
            notices.c.shift_id,
            func.count(distinct(notices.c.person_id)).label("people"),
        )
        .where(
            notices.c.state == "missed",
            notices.c.kind.in_(REMINDERS),
            notices.c.settled_at >= since,
            notices.c.settled_at < until,
        )
        .group_by(notices.c.event_id, notices.c.shift_id)
        .order_by(func.count(distinct(notices.c.person_id)).desc(), func.min(notices.c.id))
    )
    return [Missed(**row._mapping) for row in await tx.rows(query)]


async def widen_report(tx: Transaction, person_id: int, kind: str, *, until: datetime) -> bool:
    """Have the report that an organiser is still owed tell of more; False where they are owed none."""
    query = select(notices.c.id, notices.c.params).where(
        notices.c.person_id == person_id, notices.c.kind == kind, notices.c.state == "owed"
    )
    row = await tx.row(query.limit(1).with_for_update())
    if row is None:
        return False
    params = {**row.params, "until": int(until.timestamp())}
    await tx.run(update(notices).where(notices.c.id == row.id).values(params=params))
    return True
