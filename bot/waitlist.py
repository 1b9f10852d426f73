"""Who moves up when places are free, and offers of places that are kept for a time."""

from datetime import datetime, timedelta
from typing import Final

from bot.places import capacity_of, moves_up, ways_of
from storage import Transaction, events, jobs, notices, rsvps
from storage.events import Event
from storage.rsvps import Rsvp

OFFER: Final = "offer"
SHORTEST_OFFER: Final = timedelta(minutes=10)


async def fill(tx: Transaction, event: Event, *, now: datetime, except_person: int | None = None) -> int:
    """Give free places to those who wait, in order, while their whole party fits; say how many parties.

    Each way of taking part has its own waitlist. A smaller party overtakes one that doesn't fit only
    where the event lets it; a party larger than all the places there are holds nobody up. Nobody moves
    up once RSVPs have closed or the event has begun. Lock the event before.

    `except_person` is at it just now: they get the place without an offer, and hear so in the answer to
    their own press.
    """
    if not moves_up(event, now):
        return 0
    tallies = await _settle(tx, event, now=now)
    moved = 0
    for way in ways_of(event):
        tally, capacity = tallies[way], capacity_of(event, way)
        free = None if capacity is None else capacity - tally.taken
        if not tally.waiting or (free is not None and free <= 0):
            continue
        for waiting in await rsvps.list_waiting(tx, event.id, way=way):
            if free is not None and capacity is not None:
                if waiting.party > free:
                    if event.smaller_first or waiting.party > capacity:
                        continue
                    break
                free -= waiting.party
            await _give(tx, event, waiting, now=now, present=waiting.person_id == except_person)
            moved += 1
    return moved


async def _settle(tx: Transaction, event: Event, *, now: datetime) -> dict[str, rsvps.Tally]:
    """Bring everybody in line with how the event takes people now, and count.

    An event that is in one way only takes everybody along in that way; nobody loses a seat by it.
    """
    here, online, _ = await _tally(tx, event)
    strays = {"here": online, "online": here}.get(event.ways)
    if strays and (strays.taken or strays.waiting):
        await rsvps.put_all_on_way(tx, event.id, event.ways)
        here, online, _ = await _tally(tx, event)
    return {"here": here, "online": online}


async def _tally(tx: Transaction, event: Event) -> tuple[rsvps.Tally, rsvps.Tally, int]:
    return await rsvps.tally(tx, event.id, capacity=event.capacity, online_capacity=event.online_capacity)


async def _give(tx: Transaction, event: Event, waiting: Rsvp, *, now: datetime, present: bool) -> None:
    """Seat the party or, where the event does so, keep the place for them for a time; they are told."""
    until = None if present else offer_end(event, now)
    once = f"{waiting.id}:{int(waiting.asked_at.timestamp())}:{int(now.timestamp())}"
    if until is not None:
        await rsvps.change(tx, waiting.id, state="offered", offer_until=until)
        await jobs.plan(tx, OFFER, waiting.id, due_at=until)
        await notices.owe_person(
            tx,
            waiting.person_id,
            "place_offered",
            occasion=f"offer:{once}",
            due_at=now,
            useful_until=until,
            event_id=event.id,
            params={"until": int(until.timestamp())},
        )
        return
    await rsvps.change(tx, waiting.id, state="going", seated_at=now)
    if not present:
        await notices.owe_person(
            tx,
            waiting.person_id,
            "seat_freed",
            occasion=f"seat:{once}",
            due_at=now,
            useful_until=event.ends_at,
            event_id=event.id,
        )


def offer_end(event: Event, now: datetime) -> datetime | None:
    """Until when a place freed now is kept for the one it is offered to; None: it is theirs at once.

    The nearer the end of sign-up, the shorter: never more than a quarter of the time that is left, so that
    several can be asked in turn, and never less than ten minutes. Where not even that is left, nobody has
    the time to answer, and the place is given directly.
    """
    if event.offer_minutes is None:
        return None
    ends = min(event.starts_at, event.deadline_at or event.starts_at)
    usual = timedelta(minutes=event.offer_minutes)
    length = max(min(usual, SHORTEST_OFFER), min(usual, (ends - now) / 4))
    return now + length if now + length < ends else None


async def end_offer(tx: Transaction, rsvp_id: int, *, now: datetime) -> None:
    """Let go of a place whose time has passed, and pass it on.

    Whoever did not answer is taken off the list: asked again each time, they would keep the place from
    others time after time. They are told, with a button that signs them up anew.
    """
    known = await rsvps.find_by_id(tx, rsvp_id)
    event = await events.lock(tx, known.event_id) if known else None
    offered = await rsvps.find_by_id(tx, rsvp_id) if event else None
    if event is None or offered is None or offered.offer_until is None or now < offered.offer_until:
        return
    await lapse(tx, event, offered, now=now)
    if event.state == "published" and now < event.ends_at:
        await notices.owe_person(
            tx,
            offered.person_id,
            "offer_ended",
            occasion=f"offer-ended:{offered.id}:{int(offered.offer_until.timestamp())}",
            due_at=now,
            useful_until=event.ends_at,
            event_id=event.id,
        )


async def lapse(tx: Transaction, event: Event, offered: Rsvp, *, now: datetime) -> None:
    """Take the offer back without a word; the place goes to whoever is next."""
    await rsvps.change(tx, offered.id, state="left", offer_until=None, companions=0, names=[])
    await fill(tx, event, now=now)
