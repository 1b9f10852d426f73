"""The moments at which people are reminded of an event or a shift."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import events, people, reminders, rsvps, shift_signups, shifts


@dataclass(frozen=True)
class Reminder:
    id: int
    event_id: int | None
    shift_id: int | None
    before: str
    due_at: datetime
    # Whether a later moment of the same event or shift is due as well.
    superseded: bool


async def plan_for_event(
    tx: Transaction, event_id: int, moments: Mapping[str, datetime], *, now: datetime
) -> None:
    """Set the event's reminders anew. A moment that has passed already counts as fired."""
    await tx.run(delete(reminders).where(reminders.c.event_id == event_id))
    await tx.run_many(
        insert(reminders),
        [
            {"event_id": event_id, "before": before, "due_at": due, "fired_at": now if due <= now else None}
            for before, due in moments.items()
        ],
    )


async def plan_for_shift(
    tx: Transaction, shift_id: int, moments: Mapping[str, datetime], *, now: datetime
) -> None:
    """Set the shift's reminders anew. A moment that has passed already counts as fired."""
    await tx.run(delete(reminders).where(reminders.c.shift_id == shift_id))
    await tx.run_many(
        insert(reminders),
        [
            {"shift_id": shift_id, "before": before, "due_at": due, "fired_at": now if due <= now else None}
            for before, due in moments.items()
        ],
    )


async def list_due(tx: Transaction, *, now: datetime, limit: int) -> list[Reminder]:
    later = reminders.alias()
    same = or_(later.c.event_id == reminders.c.event_id, later.c.shift_id == reminders.c.shift_id)
    superseded = (
        select(later.c.id)
        .where(same, later.c.fired_at.is_(None), later.c.due_at <= now, later.c.due_at > reminders.c.due_at)
        .correlate(reminders)
        .exists()
    )
    query = (
        select(
            reminders.c.id,
            reminders.c.event_id,
            reminders.c.shift_id,
            reminders.c.before,
            reminders.c.due_at,
            superseded.label("superseded"),
        )
        .where(reminders.c.fired_at.is_(None), reminders.c.due_at <= now)
        .order_by(reminders.c.due_at, reminders.c.id)
        .limit(limit)
    )
    return [Reminder(**row._mapping) for row in await tx.rows(query)]


async def mark_fired(tx: Transaction, reminder_id: int, *, now: datetime) -> None:
    await tx.run(update(reminders).where(reminders.c.id == reminder_id).values(fired_at=now))


async def find_next_due(tx: Transaction, telegram_ids: Collection[int]) -> datetime | None:
    """The next moment at which one of these people is reminded, as things stand."""
    of_events = (
        select(reminders.c.due_at)
        .join(events, events.c.id == reminders.c.event_id)
        .join(rsvps, (rsvps.c.event_id == events.c.id) & (rsvps.c.state == "going"))
        .join(people, people.c.id == rsvps.c.person_id)
        .where(
            reminders.c.fired_at.is_(None),
            events.c.state == "published",
            people.c.telegram_id.in_(telegram_ids),
        )
    )
    of_shifts = (
        select(reminders.c.due_at)
        .join(shifts, shifts.c.id == reminders.c.shift_id)
        .join(shift_signups, (shift_signups.c.shift_id == shifts.c.id) & (shift_signups.c.state == "taken"))
        .join(people, people.c.id == shift_signups.c.person_id)
        .where(
            reminders.c.fired_at.is_(None),
            shifts.c.cancelled_at.is_(None),
            people.c.telegram_id.in_(telegram_ids),
        )
    )
    moments = [
        row.due_at
        for query in (of_events, of_shifts)
        for row in await tx.rows(query.order_by(reminders.c.due_at).limit(1))
    ]
    return min(moments, default=None)
