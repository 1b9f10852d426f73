"""Organisers add, move and remove people, and make one event out of two."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import attendance, audit, programme, visit_changes, visits, waitlist
from bot.places import Standing, capacity_of, fits, look, standing, ways_of
from storage import Transaction, consents, events, jobs, outlook, rsvps
from storage.events import Event
from storage.rsvps import HELD, TAKING, Rsvp


@dataclass(frozen=True)
class Placed:
    """What becomes of one party of the event that is given up."""

    rsvp: Rsvp
    state: str
    way: str
    companions: int
    asked_at: datetime
    # What the person has at the other event already, in whatever state.
    there: Rsvp | None


@dataclass(frozen=True)
class Merger:
    """Parties that get a seat, wait, or wait for an organiser; of all these, how many are at both already."""

    event: Event
    into: Event
    seated: int
    waiting: int
    applied: int
    both: int


@dataclass(frozen=True)
class Impossible:
    """Why: "same" event, one is "gone" or cancelled, or "over"."""

    why: str


@dataclass(frozen=True)
class Put:
    """The person's standing at the event now, which they are told."""

    event: Event
    standing: Standing


@dataclass(frozen=True)
class Already:
    """It was so before; nobody is told anything."""

    event: Event
    standing: Standing


async def preview(tx: Transaction, event_id: int, into_id: int, *, now: datetime) -> Merger | Impossible:
    """What `merge` would do at this moment."""
    found = _possible(await events.find(tx, event_id), await events.find(tx, into_id), now)
    if isinstance(found, Impossible):
        return found
    event, into = found
    placed = await _place(tx, event, into)
    return _sum_up(event, into, placed, [one.state for one in placed])


async def merge(
    tx: Transaction, event_id: int, into_id: int, by: int, *, now: datetime
) -> Merger | Impossible:
    """Take everybody of the event over to the other one, and cancel it in favour of that.

    Those with a seat get one by the time they asked, as long as there is room; the rest waits among those
    who wait there, by the same time. Whoever is at both keeps the better standing and, where there is room,
    the larger party. Everybody who was moved is told once what became of it. Its shifts are cancelled.
    """
    found = await _lock_both(tx, event_id, into_id, now=now)
    if isinstance(found, Impossible):
        return found
    event, into = found
    placed = await _place(tx, event, into)
    for one in placed:
        await _take_over(tx, event, into, one, now=now)
    await events.change(tx, event.id, now=now, merged_into=into.id)
    await programme.cancel(tx, event.id, actor_id=by, now=now)
    await visit_changes.follow(tx, into, into, now=now)
    moved = [one.rsvp.person_id for one in placed]
    await waitlist.fill(tx, into, now=now, told=moved)
    for person_id in moved:
        await _tell(tx, event, into, person_id, "event_merged", now=now)
    await audit.note(tx, "events_merged", now=now, actor_id=by, event_id=into.id, merged=event.id)
    # Some of those who waited may have moved up.
    stands = {one.person_id: one.state for one in await rsvps.list_of_event(tx, into.id)}
    return _sum_up(event, into, placed, [stands[person_id] for person_id in moved])


async def move(
    tx: Transaction, event_id: int, into_id: int, person_id: int, by: int, *, now: datetime
) -> Put | Already | Impossible:
    """Take one party over to another event; who waits at the first one moves up. The person is told."""
    found = await _lock_both(tx, event_id, into_id, now=now)
    if isinstance(found, Impossible):
        return found
    event, into = found
    there = await rsvps.find(tx, into.id, person_id)
    if there and there.state in HELD:
        return Already(into, await standing(tx, into, there, now=now))
    mine = await rsvps.find(tx, event.id, person_id)
    if mine is None or mine.state not in HELD:
        return Impossible("gone")
    for one in await _place(tx, event, into, only=person_id):
        await _take_over(tx, event, into, one, now=now)
    await visit_changes.follow(tx, into, into, now=now)
    await waitlist.fill(tx, into, now=now, told=(person_id,))
    await waitlist.fill(tx, event, now=now)
    await _tell(tx, event, into, person_id, "person_moved", now=now)
    # In the history of both: whoever looks for the person at the first one finds where they went.
    await audit.note(
        tx, "person_moved", now=now, actor_id=by, event_id=event.id, subject_id=person_id, to=into.id
    )
    await audit.note(
        tx, "person_moved", now=now, actor_id=by, event_id=into.id, subject_id=person_id, source=event.id
    )
    return await _put(tx, into, person_id, now=now)


async def add(
    tx: Transaction, event_id: int, person_id: int, by: int, *, now: datetime, companions: int = 0
) -> Put | Already | Impossible:
    """Sign somebody up in their place, whoever the event is for and though sign-up may have closed.

    They get a seat or, where it is full, the last place on the waitlist, and are told. An application of
    theirs counts as approved; whoever was refused is welcome again.
    """
    event = await events.lock(tx, event_id)
    if event is None or event.state != "published":
        return Impossible("gone")
    if event.ends_at <= now:
        return Impossible("over")
    seen = await look(tx, event, person_id)
    held = seen.mine if seen.mine and seen.mine.state in HELD else None
    if held and held.state != "applied":
        return Already(event, await standing(tx, event, held, now=now))
    party = held.companions if held else min(companions, event.companions)
    way = held.way if held and held.way in ways_of(event) else ways_of(event)[0]
    fit = fits(event, seen, way, 1 + party)
    await rsvps.put(
        tx,
        event.id,
        person_id,
        state="going" if fit else "waiting",
        companions=party,
        asked_at=held.asked_at if held else now,
        seated_at=now if fit else None,
        way=way,
        names=held.names if held else (),
    )
    await waitlist.fill(tx, event, now=now, told=(person_id,))
    await waitlist.tell(tx, event, person_id, "person_added", now=now)
    await audit.note(tx, "person_added", now=now, actor_id=by, event_id=event.id, subject_id=person_id)
    return await _put(tx, event, person_id, now=now)


async def remove(
    tx: Transaction, event_id: int, person_id: int, by: int, reason: str, *, now: datetime
) -> Put | Already | Impossible:
    """Take away whatever the person holds; who waits moves up. They are told, with the organiser's reason.

    They can't sign up again by themselves, unless the event lets people who were refused.
    """
    event = await events.lock(tx, event_id)
    if event is None or event.state != "published":
        return Impossible("gone")
    mine = await rsvps.find(tx, event.id, person_id)
    if mine is None or event.ends_at <= now:
        return Impossible("gone" if mine is None else "over")
    if mine.state not in HELD:
        return Already(event, await standing(tx, event, mine, now=now))
    await waitlist.let_go(tx, event, mine, state="refused", reason=reason.strip())
    await waitlist.tell(tx, event, person_id, "place_taken_back", now=now)
    await audit.note(tx, "person_removed", now=now, actor_id=by, event_id=event.id, subject_id=person_id)
    if mine.state != "applied":
        await waitlist.fill(tx, event, now=now)
    return await _put(tx, event, person_id, now=now)


def _possible(event: Event | None, into: Event | None, now: datetime) -> tuple[Event, Event] | Impossible:
    if event is None or into is None or event.state != "published" or into.state != "published":
        return Impossible("gone")
    if event.id == into.id:
        return Impossible("same")
    if event.ends_at <= now or into.ends_at <= now:
        return Impossible("over")
    return event, into


async def _lock_both(
    tx: Transaction, event_id: int, into_id: int, *, now: datetime
) -> tuple[Event, Event] | Impossible:
    """In the order of their ids, as everybody does who locks several."""
    if event_id == into_id:
        return Impossible("same")
    locked = {one: await events.lock(tx, one) for one in sorted((event_id, into_id))}
    return _possible(locked[event_id], locked[into_id], now)


async def _place(tx: Transaction, event: Event, into: Event, *, only: int | None = None) -> list[Placed]:
    """Where each party of the event ends up, seats first and then by the time of asking."""
    there = {one.person_id: one for one in await rsvps.list_of_event(tx, into.id)}
    coming = [
        one for one in await rsvps.list_concerned(tx, event.id) if only is None or one.person_id == only
    ]
    here, online, _ = await outlook.count(
        tx, into.id, capacity=into.capacity, online_capacity=into.online_capacity
    )
    taken = {"here": here.taken, "online": online.taken}
    blocked: set[str] = set()
    placed = []
    for one in sorted(coming, key=lambda rsvp: (rsvp.state != "going", rsvp.asked_at, rsvp.id)):
        other = there.get(one.person_id)
        held = other if other and other.state in HELD else None
        way = held.way if held else one.way if one.way in ways_of(into) else ways_of(into)[0]
        seat = _take_seat(into, one, held, way, taken, blocked)
        if seat is None:
            applied = into.approval and {one.state, held.state if held else "applied"} == {"applied"}
            companions = max(one.companions, held.companions if held else 0)
            asked_at = min(one.asked_at, held.asked_at if held else one.asked_at)
            placed.append(Placed(one, "applied" if applied else "waiting", way, companions, asked_at, other))
        else:
            asked_at = held.asked_at if held else one.asked_at
            placed.append(
                Placed(
                    one,
                    held.state if held and held.state in TAKING and one.state != "going" else "going",
                    way,
                    seat,
                    asked_at,
                    other,
                )
            )
    return placed


def _take_seat(
    into: Event, one: Rsvp, held: Rsvp | None, way: str, taken: dict[str, int], blocked: set[str]
) -> int | None:
    """With how many companions the party sits there; None: it doesn't. What it takes is counted."""
    has = held if held and held.state in TAKING else None
    if one.state != "going" and has is None:
        return None
    capacity, has_places = capacity_of(into, way), has.party if has else 0
    wanted = max(one.party, held.party if held else 0)
    free = None if capacity is None else capacity - taken[way]
    if free is None or wanted - has_places <= max(0, free):
        if has is None and way in blocked:
            return None
        taken[way] += wanted - has_places
        return wanted - 1
    if has is not None:
        return has.companions
    if not into.smaller_first:
        blocked.add(way)
    return None


async def _take_over(tx: Transaction, event: Event, into: Event, one: Placed, *, now: datetime) -> None:
    """Write what was found. The row itself moves, with all that was asked for it, where it can."""
    mine, there = one.rsvp, one.there
    held = there if there and there.state in HELD else None
    if mine.state == "offered":
        await jobs.drop(tx, waitlist.OFFER, mine.id)
    names = [*(held or mine).names, *mine.names][: one.companions] if into.companion_names else []
    seated_at = None
    if one.state == "going":
        seated_at = (held.seated_at if held else None) or mine.seated_at or now
    values = {
        "state": one.state,
        "way": one.way,
        "companions": one.companions,
        "asked_at": one.asked_at,
        "seated_at": seated_at,
        "names": names,
        "offer_until": held.offer_until if held and one.state == "offered" else None,
    }
    if held:
        if held.state == "offered" and one.state != "offered":
            await jobs.drop(tx, waitlist.OFFER, held.id)
        await rsvps.change(tx, held.id, **values)
        await waitlist.let_go(tx, event, mine, state="left")
        return
    if there:
        await rsvps.drop(tx, there.id)
    await rsvps.change(tx, mine.id, event_id=into.id, reason="", to_review=False, **values)
    if event.guardian_consent:
        # A guardian agreed to another day and another place.
        await consents.drop_of_rsvp(tx, mine.id)
    if event.traveller_details and not (into.traveller_details and one.state == "going"):
        await visits.give_up(tx, mine.id)


def _sum_up(event: Event, into: Event, placed: Sequence[Placed], states: Sequence[str]) -> Merger:
    both = sum(one.there is not None and one.there.state in HELD for one in placed)
    seated = sum(state in TAKING for state in states)
    return Merger(event, into, seated, states.count("waiting"), states.count("applied"), both)


async def _tell(
    tx: Transaction, event: Event, into: Event, person_id: int, kind: str, *, now: datetime
) -> None:
    await waitlist.tell(tx, event, person_id, kind, now=now, useful_until=into.ends_at, to=into.id)


async def _put(tx: Transaction, event: Event, person_id: int, *, now: datetime) -> Put:
    mine = await rsvps.find(tx, event.id, person_id)
    if mine is None:
        raise LookupError("an RSVP just written was not found")
    return Put(event, await attendance.standing(tx, event, mine, now=now))
