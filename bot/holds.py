"""Events of which nobody knows yet whether they take place: a typhoon, black rain."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal, get_args
from zlib import crc32
from zoneinfo import ZoneInfo

from bot import audit, hold_alerts, programme
from bot.reminders import settle_wall_time
from storage import Transaction, events, holds
from storage.events import Event

Reason = Literal["typhoon8", "blackrain", "weather", "other"]
REASONS: Final[tuple[Reason, ...]] = get_args(Reason)

HELD: Final = "events_held"
RESUMED: Final = "events_resumed"


@dataclass(frozen=True)
class Told:
    """The events that this changed, and how many people are told of it."""

    events: tuple[Event, ...] = ()
    people: int = 0


def day_ends(now: datetime, home: ZoneInfo) -> datetime:
    midnight = now.astimezone(home).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
    return settle_wall_time(midnight + timedelta(days=1), home)


async def list_today(tx: Transaction, *, now: datetime, home: ZoneInfo) -> list[Event]:
    """Today's events that are not over and not on hold, soonest first.

    Today is the association's own; what has begun on another day and still goes on is among them.
    """
    ids = await holds.list_ids_between(tx, now, day_ends(now, home))
    return [event for event in await events.find_many(tx, ids) if event.held_at is None]


async def list_held(tx: Transaction, *, now: datetime) -> list[Event]:
    """The events on hold that are not over, soonest first."""
    return await events.find_many(tx, await holds.list_held_ids(tx, now=now))


def digest(found: Sequence[Event]) -> str:
    """A few letters that change when the events do."""
    ids = ",".join(str(event.id) for event in found)
    return format(crc32(ids.encode()) & 0xFFFF, "x")


async def hold(
    tx: Transaction, event_ids: Sequence[int], because: Reason, *, actor_id: int, now: datetime
) -> Told:
    """Put the events on hold and tell everybody concerned, each in one message, at night without a sound.

    Those that are on hold already, cancelled or over are passed over: nobody is told twice. Reminders of
    events on hold don't go out.
    """
    found = [event for event in await _lock(tx, event_ids, now=now) if event.held_at is None]
    if not found:
        return Told()
    await holds.put(tx, [event.id for event in found], because, now=now)
    for event in found:
        await hold_alerts.plan(tx, replace(event, held_at=now), now=now)
        await audit.note(tx, "event_held", now=now, actor_id=actor_id, event_id=event.id, because=because)
    return Told(tuple(found), await _tell(tx, HELD, found, now=now, but=actor_id))


async def resume(tx: Transaction, event_ids: Sequence[int], *, actor_id: int, now: datetime) -> Told:
    """Let those of the events that are on hold take place as planned; everybody concerned is told, once."""
    found = [event for event in await _lock(tx, event_ids, now=now) if event.held_at is not None]
    if not found:
        return Told()
    await holds.end(tx, [event.id for event in found], now=now)
    for event in found:
        await audit.note(tx, "event_resumed", now=now, actor_id=actor_id, event_id=event.id)
    return Told(tuple(found), await _tell(tx, RESUMED, found, now=now, but=actor_id))


async def call_off(tx: Transaction, event_ids: Sequence[int], *, actor_id: int, now: datetime) -> Told:
    """Cancel those of the events that are on hold, as single events are cancelled."""
    found = [event for event in await _lock(tx, event_ids, now=now) if event.held_at is not None]
    people = await holds.count_concerned(tx, [event.id for event in found], but=actor_id)
    for event in found:
        await programme.cancel(tx, event.id, actor_id=actor_id, now=now)
    return Told(tuple(found), people)


async def put_off(
    tx: Transaction, event_ids: Sequence[int], by: timedelta, *, actor_id: int, now: datetime
) -> Told:
    """Let those of the events that are on hold take place later; whole days keep the time of the clock.

    Deadlines stay as they were, unless they were still to come: those move along.
    """
    found = [event for event in await _lock(tx, event_ids, now=now) if event.held_at is not None]
    for event in found:
        zone = ZoneInfo(event.zone)
        changes = {"starts_at": later(event.starts_at, by, zone), "ends_at": later(event.ends_at, by, zone)}
        if event.deadline_at is not None and event.deadline_at > now:
            changes["deadline_at"] = later(event.deadline_at, by, zone)
        await programme.change(tx, event.id, changes, actor_id=actor_id, now=now)
    people = await holds.count_concerned(tx, [event.id for event in found], but=actor_id)
    return Told(tuple(found), people)


def later(instant: datetime, by: timedelta, zone: ZoneInfo) -> datetime:
    """So much later: days by the calendar, what is left of them as it passes."""
    local = instant.astimezone(zone).replace(tzinfo=None) + timedelta(days=by.days)
    return settle_wall_time(local, zone) + (by - timedelta(days=by.days))


async def _lock(tx: Transaction, event_ids: Sequence[int], *, now: datetime) -> list[Event]:
    """Those of the events that are still to come or go on, in the order in which everybody locks several."""
    found = [await events.lock(tx, event_id) for event_id in sorted(set(event_ids))]
    return [event for event in found if event and event.state == "published" and event.ends_at > now]


async def _tell(tx: Transaction, kind: str, found: Sequence[Event], *, now: datetime, but: int) -> int:
    """One message for each person, however many of the events concern them; not to whoever pressed."""
    return await holds.owe_concerned(
        tx,
        [event.id for event in found],
        kind,
        occasion=f"{kind}:{digest(found)}:{int(now.timestamp())}",
        params={"events": [event.id for event in found]},
        due_at=now,
        useful_until=max(event.ends_at for event in found),
        but=but,
    )
