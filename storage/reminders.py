"""The moments at which people are reminded of an event or a shift."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from storage import owing
from storage.database import Transaction
from storage.tables import events, notices, people, reminders, rsvps, shift_signups, shifts

ReminderOf = Literal["event", "shift"]


@dataclass(frozen=True, order=True)
class Subject:
    """What somebody is reminded of."""

    kind: ReminderOf
    id: int


_NOTICE_KINDS: Mapping[ReminderOf, str] = {"event": "event_reminder", "shift": "shift_reminder"}


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


def _owed_of(subject: Subject) -> ColumnElement[bool]:
    column = notices.c.event_id if subject.kind == "event" else notices.c.shift_id
    return (
        (column == subject.id) & (notices.c.kind == _NOTICE_KINDS[subject.kind]) & (notices.c.state == "owed")
    )


async def cancel_owed(tx: Transaction, subject: Subject, *, except_occasion: str | None) -> None:
    """Nobody is reminded any more of what this was; what begins with the occasion still holds."""
    query = update(notices).where(_owed_of(subject))
    if except_occasion is not None:
        query = query.where(~notices.c.occasion.startswith(except_occasion, autoescape=True))
    await tx.run(query.values(state="cancelled", params={}))


async def cancel_owed_to(tx: Transaction, person_id: int, kind: ReminderOf) -> None:
    """The person is reminded no more, of events or of shifts, though some reminders were on their way."""
    await tx.run(
        update(notices)
        .where(notices.c.person_id == person_id, notices.c.kind == _NOTICE_KINDS[kind])
        .where(notices.c.state == "owed")
        .values(state="cancelled", params={})
    )


def _put_off(person_id: int, subject: Subject) -> ColumnElement[bool]:
    return (
        _owed_of(subject)
        & (notices.c.person_id == person_id)
        & notices.c.occasion.contains(":again:", autoescape=True)
    )


async def put_off(
    tx: Transaction,
    person_id: int,
    subject: Subject,
    *,
    occasion: str,
    until: datetime,
    useful_until: datetime,
) -> None:
    """Owe one person the reminder once more at the instant, in place of what they had asked for before."""
    await drop_put_off(tx, person_id, subject)
    await owing.owe_person(
        tx,
        person_id,
        _NOTICE_KINDS[subject.kind],
        occasion=occasion,
        due_at=until,
        useful_until=useful_until,
        params={"before": "again"},
        event_id=subject.id if subject.kind == "event" else None,
        shift_id=subject.id if subject.kind == "shift" else None,
    )


async def drop_put_off(tx: Transaction, person_id: int, subject: Subject) -> None:
    await tx.run(delete(notices).where(_put_off(person_id, subject)))


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
