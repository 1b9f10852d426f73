"""Telling the organiser of shifts that are not full, and asking volunteers to take them."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot import organisers, quiet, requirements
from storage import Transaction, events, jobs, owing, shift_signups, shifts, volunteers
from storage.events import Event
from storage.shifts import Shift

JOB: Final = "unfilled"
# A place that is freed so late is told at once.
AT_ONCE: Final = timedelta(hours=24)


@dataclass(frozen=True)
class Asked:
    """So many volunteers are asked to take the shift."""

    count: int


@dataclass(frozen=True)
class AskedToday:
    """Volunteers have been asked today already; once a day is enough."""


@dataclass(frozen=True)
class NotOpen:
    """The shift is full, has begun or was cancelled: nobody need be asked."""


def next_alert(shift: Shift, event: Event, now: datetime) -> datetime | None:
    """The next of the event's moments before the shift; one that has passed is passed over."""
    moments = [shift.starts_at - timedelta(hours=hours) for hours in event.unfilled_hours]
    return min((moment for moment in moments if moment > now), default=None)


async def plan(tx: Transaction, shift: Shift, event: Event, *, now: datetime) -> None:
    """Plan the next look at whether the shift is full; what was planned before is forgotten."""
    due_at = next_alert(shift, event, now)
    if shift.cancelled_at is not None or event.state == "cancelled" or due_at is None:
        await jobs.drop(tx, JOB, shift.id)
    else:
        await jobs.plan(tx, JOB, shift.id, due_at=due_at)


async def plan_all_of(tx: Transaction, event: Event, *, now: datetime) -> None:
    """Plan anew for all shifts of the event: its moments have changed."""
    for shift in await shifts.list_of_event(tx, event.id):
        await plan(tx, shift, event, now=now)


async def look(tx: Transaction, shift_id: int, *, now: datetime) -> None:
    """Tell the organiser if the shift has free places or somebody seeks cover, and plan the next look."""
    shift = await shifts.find(tx, shift_id)
    event = await events.find(tx, shift.event_id) if shift else None
    if shift is None or event is None or shift.starts_at <= now:
        return
    await plan(tx, shift, event, now=now)
    if event.state == "published" and shift.cancelled_at is None and await needs_people(tx, shift):
        occasion = f"unfilled:{shift.id}:{int(shift.starts_at.timestamp())}:{int(now.timestamp())}"
        await _tell(tx, shift, "shift_unfilled", occasion, rank=owing.TIMELY, now=now)


async def needs_people(tx: Transaction, shift: Shift) -> bool:
    """Whether a place is free or its holder seeks cover."""
    taken = (await shifts.count_taken(tx, [shift.id]))[shift.id]
    return taken < shift.places or bool(await shift_signups.count_cover_wanted(tx, [shift.id]))


async def tell_freed(tx: Transaction, shift: Shift, event: Event, *, now: datetime) -> None:
    """Tell the organiser at once of a place that was freed within a day of the start.

    Earlier ones wait for the event's moments; an event that has none of these is never told of.
    """
    soon = now < shift.starts_at < now + AT_ONCE
    if soon and event.unfilled_hours and event.state == "published" and shift.cancelled_at is None:
        occasion = f"freed:{shift.id}:{int(now.timestamp())}"
        rank = quiet.urgency(shift.starts_at, now)
        await _tell(tx, shift, "shift_freed", occasion, rank=rank, now=now)


async def _tell(tx: Transaction, shift: Shift, kind: str, occasion: str, *, rank: int, now: datetime) -> None:
    for person_id in await organisers.responsible(tx, shift.event_id):
        await owing.owe_person(
            tx,
            person_id,
            kind,
            occasion=f"{occasion}:{person_id}",
            due_at=now,
            rank=rank,
            useful_until=shift.ends_at,
            shift_id=shift.id,
        )


async def ask_volunteers(tx: Transaction, shift_id: int, *, now: datetime) -> Asked | AskedToday | NotOpen:
    """Write to volunteers who could take the shift: once a day, and to so many at most."""
    shift = await shifts.lock(tx, shift_id)
    event = await events.find(tx, shift.event_id) if shift else None
    if shift is None or event is None or event.state != "published" or shift.starts_at <= now:
        return NotOpen()
    if shift.cancelled_at is not None or not await needs_people(tx, shift):
        return NotOpen()
    if await was_asked_today(tx, shift, event, "shift_wanted", now=now):
        return AskedToday()
    return Asked(await owe_fitting(tx, shift, event, "shift_wanted", now=now))


async def was_asked_today(tx: Transaction, shift: Shift, event: Event, kind: str, *, now: datetime) -> bool:
    """Whether volunteers have been asked by such a notice since midnight where the event is."""
    zone = ZoneInfo(event.zone)
    midnight = datetime.combine(now.astimezone(zone).date(), time(), zone)
    return await volunteers.was_asked(tx, shift.id, kind, since=midnight)


async def owe_fitting(tx: Transaction, shift: Shift, event: Event, kind: str, *, now: datetime) -> int:
    """Owe the notice to the volunteers who could take the shift; say how many they are."""
    fitting = await requirements.list_fitting(tx, shift, event)
    for one in fitting:
        await owing.owe_person(
            tx,
            one.person_id,
            kind,
            occasion=f"{kind}:{shift.id}:{int(now.timestamp())}:{one.person_id}",
            due_at=now,
            rank=owing.TIMELY,
            useful_until=shift.starts_at,
            shift_id=shift.id,
        )
    return len(fitting)
