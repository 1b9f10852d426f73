"""Where an organiser decides who comes: approving, refusing, and looking again at what has changed."""

from dataclasses import dataclass
from datetime import datetime

from bot import audit, organisers, waitlist
from bot.places import Cancelled, Gone, Standing, fits, look, standing, ways_of
from storage import Transaction, events, owing, rsvps
from storage.events import Event
from storage.rsvps import Rsvp


@dataclass(frozen=True)
class Settled:
    """Another organiser was faster, or the person has changed their mind: this is where they stand."""

    event: Event
    standing: Standing


@dataclass(frozen=True)
class Decided:
    """What was decided just now, and where the person stands by it."""

    event: Event
    standing: Standing


Decision = Decided | Settled | Cancelled | Gone


async def tell_organisers(tx: Transaction, event: Event, rsvp_id: int, *, now: datetime) -> None:
    """Somebody waits to be looked at: whoever decides hears of it, once until that has been sent."""
    if await owing.is_owed(tx, event.id, "application_new"):
        return
    for person_id in await organisers.responsible(tx, event.id):
        await owing.owe_person(
            tx,
            person_id,
            "application_new",
            occasion=f"applications:{event.id}:{person_id}:{rsvp_id}:{int(now.timestamp())}",
            due_at=now,
            rank=owing.TIMELY,
            useful_until=event.ends_at,
            event_id=event.id,
        )


async def list_waiting(tx: Transaction, event_id: int) -> list[Rsvp]:
    """New applications and approved ones that have changed since, in the order of asking."""
    return await rsvps.list_applications(tx, event_id)


async def approve(tx: Transaction, rsvp_id: int, by: int, *, now: datetime) -> Decision:
    """Give the party a seat or, if it is full, its place on the waitlist; they are told.

    An approved one that had changed is as good as before. Two organisers who press decide once. Whoever
    asked in time is approved also after sign-up has closed, until the event is over.
    """
    found = await _lock(tx, rsvp_id)
    if not isinstance(found, tuple):
        return found
    event, mine = found
    if mine.state in ("waiting", "offered", "going") and mine.to_review:
        await rsvps.change(tx, mine.id, to_review=False)
    elif mine.state == "applied" and now < event.ends_at:
        await _admit(tx, event, mine, now=now)
    else:
        return Settled(event, await standing(tx, event, mine, now=now))
    await audit.note(tx, "approved", now=now, actor_id=by, event_id=event.id, subject_id=mine.person_id)
    return await _decided(tx, event, mine, now=now)


async def _admit(tx: Transaction, event: Event, mine: Rsvp, *, now: datetime) -> None:
    seen = await look(tx, event, mine.person_id)
    way = mine.way if mine.way in ways_of(event) else event.ways
    fit = fits(event, seen, way, mine.party)
    await rsvps.change(
        tx,
        mine.id,
        state="going" if fit else "waiting",
        seated_at=now if fit else None,
        way=way,
    )
    await waitlist.tell(tx, event, mine.person_id, "application_approved", now=now)
    if not fit:
        # Those approved wait by the time they asked, and that may be before all others.
        await waitlist.fill(tx, event, now=now, told=(mine.person_id,))


async def refuse(tx: Transaction, rsvp_id: int, by: int, reason: str, *, now: datetime) -> Decision:
    """Turn the party down, with the reason in the organiser's words; a place they had is free.

    Only what waits for an answer is refused by this: `bot.merging.remove` takes a place away.
    """
    found = await _lock(tx, rsvp_id)
    if not isinstance(found, tuple):
        return found
    event, mine = found
    if mine.state != "applied" and not (mine.to_review and mine.state in rsvps.HELD):
        return Settled(event, await standing(tx, event, mine, now=now))
    await waitlist.let_go(tx, event, mine, state="refused", reason=reason.strip())
    await waitlist.tell(tx, event, mine.person_id, "application_refused", now=now)
    await audit.note(tx, "refused", now=now, actor_id=by, event_id=event.id, subject_id=mine.person_id)
    if mine.state != "applied":
        await waitlist.fill(tx, event, now=now)
    return await _decided(tx, event, mine, now=now)


async def _lock(tx: Transaction, rsvp_id: int) -> tuple[Event, Rsvp] | Cancelled | Gone:
    known = await rsvps.find_by_id(tx, rsvp_id)
    event = await events.lock(tx, known.event_id) if known else None
    mine = await rsvps.find_by_id(tx, rsvp_id)
    # A merge may have taken it to another event between the two looks.
    if event is None or mine is None or mine.event_id != event.id:
        return Gone()
    return Cancelled(event) if event.state == "cancelled" else (event, mine)


async def _decided(tx: Transaction, event: Event, before: Rsvp, *, now: datetime) -> Decided:
    after = await rsvps.find_by_id(tx, before.id) or before
    return Decided(event, await standing(tx, event, after, now=now))
