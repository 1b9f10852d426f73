"""Who moves up when places are free, and offers of places that are kept for a time."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot import visits
from bot.places import capacity_of, moves_up, ways_of
from bot.quiet import quiet_ends
from storage import Transaction, events, jobs, outlook, owing, people, rsvps
from storage.events import Event
from storage.outlook import Tally
from storage.rsvps import Rsvp

OFFER: Final = "offer"
SHORTEST_OFFER: Final = timedelta(minutes=10)


async def fill(tx: Transaction, event: Event, *, now: datetime, told: Collection[int] = ()) -> int:
    """Give free places to those who wait, in order, while their whole party fits; say how many parties.

    Each way of taking part has its own waitlist. A smaller party overtakes one that doesn't fit only
    where the event lets it; a party larger than all the places there are holds nobody up. Nobody moves
    up once RSVPs have closed or the event has begun. Lock the event before.

    Those `told` get the place without an offer and hear of it otherwise: in the answer to their own press.
    """
    if not moves_up(event, now):
        return 0
    tallies, admitted = await _settle(tx, event, now=now)
    told = {*told, *admitted}
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
            await _give(tx, event, waiting, now=now, told=waiting.person_id in told)
            moved += 1
    return moved


async def _settle(tx: Transaction, event: Event, *, now: datetime) -> tuple[dict[str, Tally], list[int]]:
    """Bring everybody in line with how the event takes people now, and count.

    An event that is in one way only takes everybody along in that way; nobody loses a seat by it. Where
    no organiser decides any more, those who applied wait like everybody else.
    """
    here, online, applied = await _tally(tx, event)
    strays = {"here": online, "online": here}.get(event.ways)
    astray = strays is not None and bool(strays.taken or strays.waiting)
    admitted = bool(applied) and not event.approval
    if astray or (admitted and event.ways != "both"):
        await rsvps.put_all_on_way(tx, event.id, event.ways)
    people_admitted = await rsvps.admit_all(tx, event.id) if admitted else []
    for person_id in people_admitted:
        await tell(tx, event, person_id, "application_approved", now=now)
    if astray or admitted:
        here, online, _ = await _tally(tx, event)
    return {"here": here, "online": online}, people_admitted


async def _tally(tx: Transaction, event: Event) -> tuple[Tally, Tally, int]:
    return await outlook.count(tx, event.id, capacity=event.capacity, online_capacity=event.online_capacity)


async def _give(tx: Transaction, event: Event, waiting: Rsvp, *, now: datetime, told: bool) -> None:
    """Seat the party or, where the event does so, keep the place for them for a time; they are told."""
    until = None if told else await _offer_end(tx, event, waiting.person_id, now=now)
    if until is not None:
        await rsvps.change(tx, waiting.id, state="offered", offer_until=until)
        await jobs.plan(tx, OFFER, waiting.id, due_at=until)
        params = {"until": int(until.timestamp())}
        await tell(tx, event, waiting.person_id, "place_offered", now=now, useful_until=until, **params)
        return
    await rsvps.change(tx, waiting.id, state="going", seated_at=now)
    if not told:
        await tell(tx, event, waiting.person_id, "seat_freed", now=now)


async def tell(
    tx: Transaction,
    event: Event,
    person_id: int,
    kind: str,
    *,
    now: datetime,
    useful_until: datetime | None = None,
    **params: object,
) -> None:
    """Owe the person word of what others have decided about their place."""
    await owing.owe_person(
        tx,
        person_id,
        kind,
        occasion=f"{kind}:{event.id}:{person_id}:{int(now.timestamp())}",
        due_at=now,
        useful_until=useful_until or event.ends_at,
        event_id=event.id,
        params=params,
    )


async def _offer_end(tx: Transaction, event: Event, person_id: int, *, now: datetime) -> datetime | None:
    """Until when the person has time; an offer made in their quiet hours begins to run in the morning."""
    person = await people.find(tx, person_id) if event.offer_minutes is not None else None
    if person is None or person.quiet_from is None or person.quiet_until is None:
        return offer_end(event, now)
    hours, zone = (person.quiet_from, person.quiet_until), ZoneInfo(event.zone)
    until = offer_end(event, quiet_ends(now, hours, zone) or now)
    morning = until and quiet_ends(until, hours, zone)
    return morning if morning and morning < sign_up_ends(event) else until


def sign_up_ends(event: Event) -> datetime:
    return min(event.starts_at, event.deadline_at or event.starts_at)


def offer_end(event: Event, now: datetime) -> datetime | None:
    """Until when a place freed now is kept for the one it is offered to; None: it is theirs at once.

    The nearer the end of sign-up, the shorter: never more than a quarter of the time that is left, so that
    several can be asked in turn, and never less than ten minutes. Where not even that is left, nobody has
    the time to answer, and the place is given directly.
    """
    if event.offer_minutes is None:
        return None
    ends, usual = sign_up_ends(event), timedelta(minutes=event.offer_minutes)
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
    if offered.event_id != event.id:
        # Somebody took it over to another event between the two looks.
        return
    if event.state != "published" or event.ends_at <= now:
        # There is nothing to pass on any more, and nothing to tell beyond that.
        return
    await lapse(tx, event, offered, now=now)
    await tell(tx, event, offered.person_id, "offer_ended", now=now, companions=offered.companions)


async def lapse(tx: Transaction, event: Event, offered: Rsvp, *, now: datetime) -> None:
    """Take the offer back without a word; the place goes to whoever is next."""
    await let_go(tx, event, offered, state="left")
    await fill(tx, event, now=now)


async def let_go(tx: Transaction, event: Event, held: Rsvp, *, state: str, reason: str = "") -> None:
    """Write that the person gave up what they held, or lost it; what was asked of the party is forgotten."""
    await rsvps.change(
        tx,
        held.id,
        state=state,
        reason=reason,
        companions=0,
        names=[],
        seated_at=None,
        offer_until=None,
        to_review=False,
    )
    if held.state == "offered":
        await jobs.drop(tx, OFFER, held.id)
    if event.traveller_details or event.guardian_consent:
        await visits.give_up(tx, held.id)
