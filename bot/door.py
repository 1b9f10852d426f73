"""Who comes in: by ticket, by name, from the list, or without a seat where there is room."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot import attendance, audit, tickets
from storage import Transaction, checkins, events, jobs, rsvps
from storage.checkins import Checkin, Counts
from storage.events import Event

FORGET_GUESTS: Final = "forget_guests"
# The door is open from so long before the event; volunteers keep it until so long after its end.
AROUND: Final = timedelta(hours=12)
# Those who come without a seat, in one party.
MOST_WALKING_IN: Final = 10
NAME_LIMIT: Final = 128


@dataclass(frozen=True)
class Crew:
    """Somebody who lets people in: an organiser at every event, a volunteer where they have a shift now."""

    person_id: int
    organises: bool
    event_ids: tuple[int, ...] = ()

    def works_at(self, event_id: int) -> bool:
        return self.organises or event_id in self.event_ids


@dataclass(frozen=True)
class CheckedIn:
    event: Event
    checkin: Checkin
    # The party they have places for; 1 for those without a seat.
    booked: int


@dataclass(frozen=True)
class Already:
    """They were let in before, by the same crew or by somebody else."""

    event: Event
    checkin: Checkin
    booked: int


@dataclass(frozen=True)
class NotOpen:
    event: Event
    opens_at: datetime


@dataclass(frozen=True)
class Cancelled:
    event: Event


@dataclass(frozen=True)
class OtherEvent:
    """The ticket is good, but not here."""

    event: Event


@dataclass(frozen=True)
class NotValid:
    """Nobody's ticket: made up, another association's, or from before a place was given up."""


@dataclass(frozen=True)
class NoSeat:
    """There is a sign-up, but no seat goes with it: `state` is what became of it."""

    event: Event
    state: str


@dataclass(frozen=True)
class OthersWait:
    """So many parties wait for a place and come before anybody who just walks in."""

    event: Event
    parties: int


@dataclass(frozen=True)
class Full:
    event: Event
    counts: Counts
    capacity: int


@dataclass(frozen=True)
class SomeMissing:
    """There is room only in place of those who have seats and have not come; the crew decides."""

    event: Event
    counts: Counts
    capacity: int


@dataclass(frozen=True)
class Gone:
    """There is no such event, person or entry."""


WalkIn = CheckedIn | Already | NotOpen | Cancelled | OthersWait | Full | SomeMissing | Gone
Scan = WalkIn | OtherEvent | NotValid | NoSeat


async def find_crew(tx: Transaction, person_id: int, *, organises: bool, now: datetime) -> Crew | None:
    """What the person may do at doors just now; None for everybody who is no crew."""
    if organises:
        return Crew(person_id, organises=True)
    worked = await checkins.list_worked_at(
        tx, person_id, starting_before=now + AROUND, ending_after=now - AROUND
    )
    return Crew(person_id, organises=False, event_ids=tuple(worked)) if worked else None


def is_open(event: Event, now: datetime) -> bool:
    """Whether people are let in: at an event that has a room, from twelve hours before it begins.

    It doesn't close: what was noted on paper can be entered afterwards.
    """
    return event.state == "published" and event.ways != "online" and event.starts_at - AROUND <= now


def is_crew_time(event: Event, now: datetime) -> bool:
    """Whether volunteers with a shift at the event are its crew."""
    return is_open(event, now) and now <= event.ends_at + AROUND


async def scan(
    tx: Transaction,
    crew: Crew,
    code: str,
    secret: bytes,
    *,
    at: datetime,
    now: datetime,
    event_id: int | None = None,
) -> Scan:
    """Let in whoever's ticket was scanned at the instant, once, or say why not.

    With `event_id` only tickets of that event are good. Nothing is said of a person whose ticket is not.
    """
    number = tickets.rsvp_id(code)
    known = await rsvps.find_by_id(tx, number) if number is not None else None
    # A place that is given up at this moment is nobody's ticket any more. Tickets of other events, of which
    # there may be several in one picture, need no lock.
    look = events.lock if known and event_id in (None, known.event_id) else events.find
    event = await look(tx, known.event_id) if known else None
    rsvp = await rsvps.find_by_id(tx, known.id) if known and event else None
    if rsvp is None or event is None:
        return NotValid()
    here = crew.works_at(event.id) and event_id in (None, event.id)
    if not tickets.is_genuine(code, rsvp, secret):
        return NoSeat(event, rsvp.state) if here and rsvp.state != "going" else NotValid()
    if event.state == "cancelled":
        return Cancelled(event)
    if not here:
        return OtherEvent(event)
    return await check_in(tx, crew, event, rsvp.person_id, how="code", at=at, now=now)


async def check_in(
    tx: Transaction,
    crew: Crew,
    event: Event,
    person_id: int,
    *,
    how: str,
    at: datetime,
    now: datetime,
    anyway: bool = False,
) -> WalkIn:
    """Let the person in, with a seat or, where there is room, without. Doing it twice is harmless.

    `at` is when it happened at the door: of two the earlier counts, in whichever order they arrive.
    """
    at = min(at, now)
    if event.state == "cancelled":
        return Cancelled(event)
    if not is_open(event, at):
        return NotOpen(event, event.starts_at - AROUND)
    # Seats change hands until the doors close: nobody is counted both as seated and as walking in.
    await events.lock(tx, event.id)
    rsvp = await rsvps.find(tx, event.id, person_id)
    if rsvp is not None and rsvp.state == "offered" and rsvp.offer_until and now < rsvp.offer_until:
        # Whoever stands at the door has made up their mind.
        await attendance.accept(tx, event.id, person_id, now=now)
        rsvp = await rsvps.find(tx, event.id, person_id)
    if rsvp is None or rsvp.state != "going" or rsvp.way != "here":
        return await _walk_in(tx, crew, event, person_id=person_id, at=at, now=now, anyway=anyway)
    added = await checkins.add(
        tx,
        event.id,
        person_id=person_id,
        name="",
        party=rsvp.party,
        at=at,
        how=how,
        by=crew.person_id,
    )
    if added is None:
        await checkins.note_earlier(tx, event.id, person_id, at=at, by=crew.person_id)
        return Already(event, await _found_person(tx, event.id, person_id), rsvp.party)
    await _note(tx, crew, event, person_id, now=now)
    return CheckedIn(event, await _found(tx, added), rsvp.party)


async def let_in_guest(
    tx: Transaction, crew: Crew, event: Event, name: str, *, now: datetime, anyway: bool = False
) -> WalkIn:
    """Let in somebody without an account, under the name they give; forgotten some days after the event.

    Doing it twice lets in two people: the caller sees to it that one press is one guest.
    """
    if event.state == "cancelled":
        return Cancelled(event)
    if not is_open(event, now):
        return NotOpen(event, event.starts_at - AROUND)
    return await _walk_in(
        tx, crew, event, person_id=None, name=name[:NAME_LIMIT], at=now, now=now, anyway=anyway
    )


async def _walk_in(
    tx: Transaction,
    crew: Crew,
    event: Event,
    *,
    person_id: int | None,
    at: datetime,
    now: datetime,
    anyway: bool,
    name: str = "",
) -> WalkIn:
    await events.lock(tx, event.id)
    if person_id is not None:
        known = await checkins.find_known(tx, event.id, person_id)
        if known is None:
            return Gone()
        before = await checkins.find_person(tx, event.id, person_id)
        if before is not None:
            return Already(event, before, 1)
    refusal = await _refuse(tx, event, person_id, at=at, anyway=anyway)
    if refusal is not None:
        return refusal
    added = await checkins.add(
        tx,
        event.id,
        person_id=person_id,
        name=name,
        party=1,
        at=at,
        how="walkin",
        by=crew.person_id,
    )
    if added is None:
        raise LookupError("somebody was let in beside a locked event")
    await _note(tx, crew, event, person_id, now=now)
    if person_id is None:
        await jobs.plan(tx, FORGET_GUESTS, event.id, due_at=_forgotten_at(event, now))
    return CheckedIn(event, await _found(tx, added), 1)


async def _refuse(
    tx: Transaction, event: Event, person_id: int | None, *, at: datetime, anyway: bool
) -> OthersWait | Full | SomeMissing | None:
    """Why somebody without a seat can't come in.

    Before the start every seat is kept for who has it, and those who wait come first. From the start on
    those count who are here: a seat whose owner is missing goes to whoever stands at the door, if the
    crew says so.
    """
    counts, own = await checkins.count(tx, event.id), None
    if person_id is not None:
        own = await rsvps.find(tx, event.id, person_id)
    begun = at >= event.starts_at
    if not begun:
        ahead = await rsvps.count_ahead(tx, own) if own and own.state == "waiting" else counts.waiting
        if ahead:
            return OthersWait(event, ahead)
    if event.capacity is None:
        return None
    kept = own.party if own and own.state == "offered" else 0
    promised = counts.here + counts.missing + counts.offered - kept
    if begun and counts.here < event.capacity <= promised:
        return None if anyway else SomeMissing(event, counts, event.capacity)
    full = counts.here >= event.capacity if begun else promised >= event.capacity
    return Full(event, counts, event.capacity) if full else None


async def change_party(tx: Transaction, event: Event, checkin: Checkin, party: int) -> Checkin | Full | None:
    """Note how many of a party came. None for a number that can't be.

    No more than they have places for; those who walked in may be more where there is room.
    """
    await events.lock(tx, event.id)
    if not 1 <= party <= await booked(tx, checkin):
        return None
    if party > checkin.party and checkin.how == "walkin" and event.capacity is not None:
        counts = await checkins.count(tx, event.id)
        if counts.here + party - checkin.party > event.capacity:
            return Full(event, counts, event.capacity)
    await checkins.set_party(tx, checkin.id, party)
    return await _found(tx, checkin.id)


async def booked(tx: Transaction, checkin: Checkin) -> int:
    """How many may be let in on this entry."""
    if checkin.how == "walkin" or checkin.person_id is None:
        return MOST_WALKING_IN
    rsvp = await rsvps.find(tx, checkin.event_id, checkin.person_id)
    return max(checkin.party, rsvp.party if rsvp and rsvp.state == "going" else 1)


async def undo(tx: Transaction, crew: Crew, checkin: Checkin, *, now: datetime) -> bool:
    """Take an entry back; say whether it was there. Taking it back twice is harmless."""
    await events.lock(tx, checkin.event_id)
    if not await checkins.drop(tx, checkin.id):
        return False
    await audit.note(
        tx,
        "check_in_undone",
        now=now,
        actor_id=crew.person_id,
        event_id=checkin.event_id,
        subject_id=checkin.person_id,
    )
    return True


async def forget_guests(tx: Transaction, event_id: int, *, now: datetime) -> None:
    """Empty the names of those who came without an account, once the event is long enough over."""
    event = await events.find(tx, event_id)
    if event is None:
        return
    if now < event.ends_at + timedelta(days=event.purge_days):
        await jobs.plan(tx, FORGET_GUESTS, event_id, due_at=_forgotten_at(event, now))
        return
    await checkins.forget_guests(tx, event_id)


def _forgotten_at(event: Event, now: datetime) -> datetime:
    return max(event.ends_at, now) + timedelta(days=event.purge_days)


async def _note(tx: Transaction, crew: Crew, event: Event, person_id: int | None, *, now: datetime) -> None:
    await audit.note(
        tx, "checked_in", now=now, actor_id=crew.person_id, event_id=event.id, subject_id=person_id
    )


async def _found(tx: Transaction, checkin_id: int) -> Checkin:
    found = await checkins.find(tx, checkin_id)
    if found is None:
        raise LookupError("a check-in just written was not found")
    return found


async def _found_person(tx: Transaction, event_id: int, person_id: int) -> Checkin:
    found = await checkins.find_person(tx, event_id, person_id)
    if found is None:
        raise LookupError("a check-in that was in the way was not found")
    return found
