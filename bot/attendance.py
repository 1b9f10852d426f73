"""Who has a seat at an event, and who waits for one."""

from dataclasses import dataclass
from datetime import datetime

from storage import Transaction, events, notices, rsvps
from storage.events import Event
from storage.rsvps import Rsvp


@dataclass(frozen=True)
class Seated:
    event: Event
    companions: int
    # Other events the person holds a place at that overlap with this one.
    clashes: tuple[Event, ...] = ()


@dataclass(frozen=True)
class Waiting:
    event: Event
    companions: int
    position: int
    clashes: tuple[Event, ...] = ()


@dataclass(frozen=True)
class Left:
    event: Event
    # What was given up: a seat ("going"), a place on the waitlist ("waiting"), or nothing.
    held: str | None


@dataclass(frozen=True)
class Closed:
    """RSVPs have closed, or the event has begun."""

    event: Event


@dataclass(frozen=True)
class Cancelled:
    event: Event


@dataclass(frozen=True)
class Gone:
    """There is no such event, or it is not for anybody's eyes yet."""


@dataclass(frozen=True)
class TooMany:
    """The event allows fewer companions."""

    event: Event
    most: int


@dataclass(frozen=True)
class NoRoom:
    """The person keeps their place; there is no room for more companions."""

    event: Event
    companions: int


Answer = Seated | Waiting | Left | Closed | Cancelled | Gone | TooMany | NoRoom


@dataclass(frozen=True)
class Places:
    """How full an event is. `free` is None where there is no limit."""

    seated: int
    waiting: int
    free: int | None


def is_open(event: Event, now: datetime) -> bool:
    """Whether places are given: published, not begun, and before the deadline."""
    return (
        event.state == "published"
        and now < event.starts_at
        and (event.deadline_at is None or now < event.deadline_at)
    )


async def count_places(tx: Transaction, event: Event) -> Places:
    seated = await rsvps.count_seated(tx, event.id)
    waiting = await rsvps.count_waiting(tx, event.id)
    free = None if event.capacity is None else max(0, event.capacity - seated)
    return Places(seated, waiting, free)


async def join(
    tx: Transaction, event_id: int, person_id: int, *, now: datetime, companions: int | None = None
) -> Answer:
    """Give the person a seat or, if none is free, the last place on the waitlist.

    Asking twice is harmless: whoever already has a place keeps it. `companions` come along in the same
    party and count as places; None leaves their number as it is.
    """
    event = await events.lock(tx, event_id)
    if event is None or event.state == "draft":
        return Gone()
    mine = await rsvps.find(tx, event_id, person_id)
    held = mine if mine and mine.state != "left" else None
    if held and companions in (None, held.companions):
        return await standing(tx, event, held, now=now)
    if event.state == "cancelled":
        return Cancelled(event)
    wanted = companions or 0
    if wanted > event.companions and (held is None or wanted > held.companions):
        return TooMany(event, event.companions)
    if held:
        return await _change_party(tx, event, held, wanted, now=now)
    if not is_open(event, now):
        return Closed(event)
    places = await count_places(tx, event)
    fits = places.waiting == 0 and (places.free is None or 1 + wanted <= places.free)
    await rsvps.put(
        tx,
        event_id,
        person_id,
        state="going" if fits else "waiting",
        companions=wanted,
        asked_at=now,
        seated_at=now if fits else None,
    )
    return await _stand_anew(tx, event, person_id, now=now)


async def _change_party(tx: Transaction, event: Event, held: Rsvp, wanted: int, *, now: datetime) -> Answer:
    """Bring fewer or more. Fewer always works and lets others move up; more only where there is room."""
    more = wanted - held.companions
    if more > 0:
        if not is_open(event, now):
            return Closed(event)
        places = await count_places(tx, event)
        crowded = places.waiting > 0 or (places.free is not None and more > places.free)
        if held.state == "going" and crowded:
            return NoRoom(event, held.companions)
    await rsvps.put(
        tx,
        event.id,
        held.person_id,
        state=held.state,
        companions=wanted,
        asked_at=held.asked_at,
        seated_at=held.seated_at,
    )
    await fill(tx, event, now=now, except_person=held.person_id)
    return await _stand_anew(tx, event, held.person_id, now=now)


async def leave(tx: Transaction, event_id: int, person_id: int, *, now: datetime) -> Answer:
    """Give up the seat or the place on the waitlist. Who waits moves up; leaving twice is harmless."""
    event = await events.lock(tx, event_id)
    if event is None or event.state == "draft":
        return Gone()
    mine = await rsvps.find(tx, event_id, person_id)
    if mine is None or mine.state == "left":
        return Left(event, held=None)
    await rsvps.put(
        tx,
        event_id,
        person_id,
        state="left",
        companions=0,
        asked_at=mine.asked_at,
        seated_at=None,
    )
    await fill(tx, event, now=now)
    return Left(event, held=mine.state)


async def fill(tx: Transaction, event: Event, *, now: datetime, except_person: int | None = None) -> int:
    """Seat those who wait, in order, while their whole party fits; each is told. Say how many parties moved.

    A smaller party never overtakes. Nobody moves up once RSVPs have closed or the event has begun.
    `except_person` hears it in the answer to their own press instead.
    """
    if not is_open(event, now):
        return 0
    places = await count_places(tx, event)
    free, moved = places.free, 0
    for waiting in await rsvps.list_waiting(tx, event.id):
        if free is not None:
            if waiting.party > free:
                break
            free -= waiting.party
        await rsvps.seat(tx, waiting.id, now=now)
        moved += 1
        if waiting.person_id != except_person:
            await notices.owe_person(
                tx,
                waiting.person_id,
                "seat_freed",
                occasion=f"seat:{waiting.id}:{int(waiting.asked_at.timestamp())}",
                due_at=now,
                useful_until=event.ends_at,
                event_id=event.id,
            )
    return moved


async def standing(tx: Transaction, event: Event, held: Rsvp, *, now: datetime) -> Seated | Waiting:
    """Where someone with a place stands, with what else they hold at the same time."""
    clashes = await _clashes(tx, event, held.person_id, now=now)
    if held.state == "going":
        return Seated(event, held.companions, clashes)
    return Waiting(event, held.companions, await rsvps.count_ahead(tx, held) + 1, clashes)


async def _stand_anew(tx: Transaction, event: Event, person_id: int, *, now: datetime) -> Seated | Waiting:
    held = await rsvps.find(tx, event.id, person_id)
    if held is None:
        raise LookupError("an RSVP just written was not found")
    return await standing(tx, event, held, now=now)


async def _clashes(tx: Transaction, event: Event, person_id: int, *, now: datetime) -> tuple[Event, ...]:
    """Back to back is no overlap."""
    others = [
        one.event_id for one in await rsvps.list_of_person(tx, person_id, now=now) if one.event_id != event.id
    ]
    return tuple(
        other
        for other in await events.find_many(tx, others)
        if other.starts_at < event.ends_at and event.starts_at < other.ends_at
    )
