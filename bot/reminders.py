"""When people are reminded of what they signed up for."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from storage import Transaction, owing, reminders, shifts
from storage import events as event_rows
from storage.events import Event
from storage.reminders import Reminder, Subject

USUAL = ("7d", "1d", "2h")
AT_ONCE = 50


def moment(starts_at: datetime, zone: ZoneInfo, before: str) -> datetime:
    """The instant that lies `before` ("7d", "2h", "30m") ahead of the start.

    Days keep the time on the wall clock, through a change of clocks too: a time that doesn't exist
    moves forward, one that exists twice is its first. Hours and minutes are counted as they pass.
    """
    count, unit = int(before[:-1]), before[-1]
    match unit:
        case "m":
            return starts_at - timedelta(minutes=count)
        case "h":
            return starts_at - timedelta(hours=count)
        case "d":
            local = starts_at.astimezone(zone).replace(tzinfo=None) - timedelta(days=count)
            return settle_wall_time(local, zone)
        case _:
            raise ValueError(f"not a span of time: {before}")


def settle_wall_time(local: datetime, zone: ZoneInfo) -> datetime:
    """The one instant that a time on the wall means: moved forward out of a gap, the first of a fold."""
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def moments(starts_at: datetime, zone: str, spans: Iterable[str]) -> dict[str, datetime]:
    return {span: moment(starts_at, ZoneInfo(zone), span) for span in spans}


async def plan_event(tx: Transaction, event: Event, *, now: datetime) -> None:
    """Set the event's reminders by its start, forgetting those that were planned before.

    What is on its way to people is taken back unless it still says the right start.
    """
    takes_place = event.state == "published"
    subject = Subject("event", event.id)
    holds = occasion(subject, event.starts_at) if takes_place else None
    await reminders.cancel_owed(tx, subject, except_occasion=holds)
    planned = moments(event.starts_at, event.zone, event.reminders) if takes_place else {}
    await reminders.plan_for_event(tx, event.id, planned, now=now)


async def plan_shift(
    tx: Transaction, shift_id: int, starts_at: datetime, zone: str, spans: Iterable[str], *, now: datetime
) -> None:
    """Set the shift's reminders by its start; with no spans, it has none any more."""
    spans, subject = tuple(spans), Subject("shift", shift_id)
    holds = occasion(subject, starts_at) if spans else None
    await reminders.cancel_owed(tx, subject, except_occasion=holds)
    await reminders.plan_for_shift(tx, shift_id, moments(starts_at, zone, spans), now=now)


async def fire_due(tx: Transaction, *, now: datetime) -> int:
    """Owe everybody the reminders that are due, once each; say for how many moments that was done.

    After hours of silence only the latest moment of each event is still worth a reminder: the others are
    passed over. What has begun meanwhile is owed all the same and at once of no use, so that it is known
    whom it did not reach.
    """
    due = await reminders.list_due(tx, now=now, limit=AT_ONCE)
    for one in due:
        if not one.superseded:
            await _owe(tx, one, now)
        await reminders.mark_fired(tx, one.id, now=now)
    return len(due)


async def _owe(tx: Transaction, reminder: Reminder, now: datetime) -> None:
    shift = await shifts.find(tx, reminder.shift_id) if reminder.shift_id is not None else None
    event_id = shift.event_id if shift else reminder.event_id
    event = await event_rows.find(tx, event_id) if event_id is not None else None
    if event is None or not takes_place(event):
        return
    if shift is None:
        await owing.owe_seated(
            tx,
            event.id,
            "event_reminder",
            occasion=occasion(Subject("event", event.id), event.starts_at, reminder.before),
            seated_by=reminder.due_at,
            due_at=now,
            useful_until=event.starts_at,
            params={"before": reminder.before},
        )
    elif shift.cancelled_at is None:
        await owing.owe_on_shift(
            tx,
            shift.id,
            "shift_reminder",
            occasion=occasion(Subject("shift", shift.id), shift.starts_at, reminder.before),
            taken_by=reminder.due_at,
            due_at=now,
            useful_until=shift.starts_at,
            params={"before": reminder.before},
        )


def takes_place(event: Event) -> bool:
    """Whether anybody should be reminded of it: not while nobody knows whether it takes place."""
    return event.state == "published" and event.held_at is None


def occasion(subject: Subject, starts_at: datetime, before: str = "") -> str:
    """What makes a reminder the same one: a new start is a new occasion."""
    return f"remind:{subject.kind}:{subject.id}:{int(starts_at.timestamp())}:{before}"
