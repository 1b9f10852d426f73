"""Reminders that were of no use any more before they could be sent, and what organisers are told of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, Table, distinct, func, or_, select, update

from storage.database import Transaction
from storage.notices import OWED
from storage.tables import events, notices, shifts

REMINDERS: Final = ("event_reminder", "shift_reminder")
# A reminder is missed once what it reminds of has begun and somebody looks; after an outage that takes long.
_SETTLED_WITHIN: Final = timedelta(days=2)


@dataclass(frozen=True)
class Missed:
    """An event or a shift of which so many people were not reminded."""

    event_id: int | None
    shift_id: int | None
    people: int


async def is_any_stale(tx: Transaction, *, now: datetime) -> bool:
    """Whether a reminder that is still owed has lost its use."""
    query = select(notices.c.id).where(
        notices.c.state == OWED, notices.c.useful_until < now, notices.c.kind.in_(REMINDERS)
    )
    return await tx.row(query.limit(1)) is not None


async def list_between(tx: Transaction, *, since: datetime, until: datetime) -> list[Missed]:
    """What was settled as missed from the one instant until before the other."""
    # What is settled is found by what began in that time: there may be a million others.
    begun = since - _SETTLED_WITHIN
    query = (
        select(
            notices.c.event_id,
            notices.c.shift_id,
            func.count(distinct(notices.c.person_id)).label("people"),
        )
        .where(
            or_(
                notices.c.event_id.in_(_begun(events, begun, until)),
                notices.c.shift_id.in_(_begun(shifts, begun, until)),
            ),
            notices.c.state == "missed",
            notices.c.kind.in_(REMINDERS),
            notices.c.settled_at >= since,
            notices.c.settled_at < until,
        )
        .group_by(notices.c.event_id, notices.c.shift_id)
        .order_by(func.count(distinct(notices.c.person_id)).desc(), func.min(notices.c.id))
    )
    return [Missed(**row._mapping) for row in await tx.rows(query)]


def _begun(table: Table, since: datetime, until: datetime) -> Select[tuple[int]]:
    return select(table.c.id).where(table.c.starts_at >= since, table.c.starts_at < until)


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
