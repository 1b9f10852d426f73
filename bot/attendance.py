"""Who has a seat at an event, and who waits for one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import applications, event_questions, visits, waitlist
from bot.places import (
    Answer,
    Applied,
    Cancelled,
    Clash,
    Closed,
    Gone,
    Incomplete,
    Left,
    NoRoom,
    NotForYou,
    NotYet,
    Offered,
    Places,
    Refused,
    Seated,
    Standing,
    TooMany,
    Waiting,
    WholeOnly,
    count_places,
    fits,
    is_open,
    look,
    moves_up,
    standing,
    ways_of,
    with_party,
)
from bot.waitlist import fill
from storage import Transaction, events, jobs, rsvps, series
from storage import event_questions as questions
from storage.events import Event
from storage.outlook import Outlook
from storage.rsvps import HELD, Rsvp

__all__ = [
    "Answer",
    "Applied",
    "Cancelled",
    "Clash",
    "Closed",
    "Gone",
    "Incomplete",
    "Left",
    "NoRoom",
    "NotForYou",
    "NotYet",
    "Offered",
    "Places",
    "Refused",
    "Seated",
    "Standing",
    "TooMany",
    "Waiting",
    "WholeOnly",
    "accept",
    "bars",
    "count_places",
    "decline",
    "fill",
    "is_open",
    "join",
    "leave",
    "moves_up",
    "standing",
    "ways_of",
]


@dataclass(frozen=True)
class Wish:
    """What somebody asks for; None leaves as it is."""

    companions: int | None = None
    way: str | None = None
    names: tuple[str, ...] | None = None
    answers: Mapping[int, Any] | None = None


async def join(
    tx: Transaction,
    event_id: int,
    person_id: int,
    *,
    now: datetime,
    companions: int | None = None,
    way: str | None = None,
    names: Sequence[str] | None = None,
    answers: Mapping[int, Any] | None = None,
) -> Answer:
    """Give the person a seat or, if none is free, the last place on the waitlist.

    Asking twice is harmless: whoever already has a place keeps it, and changes of it what is given here.
    `companions` come along in the same party and count as places. None leaves anything as it is. Where an
    organiser decides, it becomes an application first. An offer is not accepted by this.
    """
    event = await events.lock(tx, event_id)
    if event is None or event.state == "draft":
        return Gone()
    wish = Wish(companions, way, None if names is None else _named(names), answers)
    return await join_locked(tx, event, person_id, wish, now=now)


async def join_locked(
    tx: Transaction, event: Event, person_id: int, wish: Wish, *, now: datetime, whole: bool = False
) -> Answer:
    """The same at an event that is locked already; `whole` says that all sessions of a series are meant."""
    if event.state == "cancelled":
        return Cancelled(event)
    seen = await look(tx, event, person_id)
    if seen.mine and seen.mine.state in HELD:
        return await _change(tx, event, seen.mine, wish, seen, now=now)
    refusal = _bar(event, seen) or _untimely(event, now) or _refused(event, seen.mine)
    if refusal:
        return refusal
    if event.series_id is not None and not whole:
        found = await series.find(tx, event.series_id)
        if found and found.sign_up == "whole":
            return WholeOnly(event, found)
    companions = wish.companions or 0
    if companions > event.companions:
        return TooMany(event, event.companions)
    names = _names_of(event, wish.names or (), companions)
    missing = await _missing(tx, event, seen, wish, names, companions)
    if missing:
        return Incomplete(event, missing)
    way = _way(event, wish.way)
    given = "going" if fits(event, seen, way, 1 + companions) else "waiting"
    state = "applied" if event.approval else given
    mine = await rsvps.put(
        tx,
        event.id,
        person_id,
        state=state,
        companions=companions,
        asked_at=now,
        seated_at=now if state == "going" else None,
        way=way,
        names=names,
    )
    await _answer_anew(tx, mine, wish, now=now)
    if state == "applied":
        await applications.tell_organisers(tx, event, mine.id, now=now)
    return await standing(tx, event, mine, now=now, seen=with_party(seen, event, mine))


async def _change(
    tx: Transaction, event: Event, held: Rsvp, wish: Wish, seen: Outlook, *, now: datetime
) -> Answer:
    """Change a place that is held. Fewer always works and lets others move up; more only where there is room.

    What the event asks for now is not asked of those who have their place already, until they want more.
    """
    companions = held.companions if wish.companions is None else wish.companions
    way = held.way if wish.way is None else _way(event, wish.way)
    names = held.names if wish.names is None else wish.names
    names = _names_of(event, names, companions)
    more = companions - held.companions
    if event.ends_at <= now:
        return Closed(event)
    if (companions, way, names) == (held.companions, held.way, held.names) and wish.answers is None:
        return await standing(tx, event, held, now=now, seen=seen)
    if more > 0 and companions > event.companions:
        return TooMany(event, event.companions)
    if more >= 0 or way != held.way or wish.answers is not None:
        untimely = _untimely(event, now)
        if untimely:
            return untimely
    if more > 0 and event.companion_names and len(names) < companions:
        return Incomplete(event, ("names",))
    if held.state in rsvps.TAKING:
        if way != held.way and not fits(event, seen, way, 1 + companions):
            return NoRoom(event, held.companions, way)
        if way == held.way and more > 0 and not fits(event, seen, way, more):
            return NoRoom(event, held.companions)
    grown = await _answer_anew(tx, held, wish, now=now) or more > 0
    to_review = held.to_review or (event.approval and held.state != "applied" and grown)
    mine = await rsvps.put(
        tx,
        event.id,
        held.person_id,
        state=held.state,
        companions=companions,
        asked_at=held.asked_at,
        seated_at=held.seated_at,
        way=way,
        names=names,
        offer_until=held.offer_until,
        to_review=to_review,
    )
    if more < 0 and (event.traveller_details or event.guardian_consent):
        await visits.give_up(tx, mine.id, keep=mine.party)
    if to_review and not held.to_review:
        await applications.tell_organisers(tx, event, mine.id, now=now)
    if held.state == "waiting" or (held.state in rsvps.TAKING and (more < 0 or way != held.way)):
        await fill(tx, event, now=now, told=(held.person_id,))
        mine = await rsvps.find(tx, event.id, held.person_id) or mine
    return await standing(tx, event, mine, now=now)


async def leave(tx: Transaction, event_id: int, person_id: int, *, now: datetime) -> Answer:
    """Give up the seat, the offer, the application or the place on the waitlist. Who waits moves up.

    Leaving twice is harmless. Whoever was refused stays refused.
    """
    event = await events.lock(tx, event_id)
    if event is None or event.state == "draft":
        return Gone()
    mine = await rsvps.find(tx, event_id, person_id)
    if mine is None or mine.state not in HELD:
        return Left(event, held=None)
    if event.ends_at <= now:
        return Closed(event)
    return await _let_go(tx, event, mine, now=now)


async def _let_go(tx: Transaction, event: Event, mine: Rsvp, *, now: datetime) -> Left:
    await waitlist.let_go(tx, event, mine, state="left")
    if mine.state != "applied":
        await fill(tx, event, now=now)
    return Left(event, held=mine.state)


async def accept(tx: Transaction, event_id: int, person_id: int, *, now: datetime) -> Answer:
    """Take the place that is kept for the person. Accepting twice is harmless.

    An offer holds until its time even where sign-up has closed meanwhile. Where its time has passed, this
    asks for a place anew.
    """
    event = await events.lock(tx, event_id)
    if event is None or event.state == "draft":
        return Gone()
    if event.state == "cancelled":
        return Cancelled(event)
    mine = await rsvps.find(tx, event_id, person_id)
    if mine is None or mine.state == "left":
        return await join_locked(tx, event, person_id, Wish(), now=now)
    if mine.offer_until is None:
        return await standing(tx, event, mine, now=now)
    if event.starts_at <= now:
        return Closed(event)
    if mine.offer_until <= now:
        await waitlist.lapse(tx, event, mine, now=now)
        again = Wish(mine.companions, mine.way, mine.names)
        return await join_locked(tx, event, person_id, again, now=now)
    await jobs.drop(tx, waitlist.OFFER, mine.id)
    await rsvps.change(tx, mine.id, state="going", seated_at=now, offer_until=None)
    seated = await rsvps.find(tx, event_id, person_id)
    return await standing(tx, event, seated or mine, now=now)


async def decline(tx: Transaction, event_id: int, person_id: int, *, now: datetime) -> Answer:
    """Pass the offered place on at once; `join` gets it back while it is still free.

    A place that was accepted meanwhile is not given up by this: `leave` does that.
    """
    event = await events.lock(tx, event_id)
    if event is None or event.state == "draft":
        return Gone()
    mine = await rsvps.find(tx, event_id, person_id)
    if mine is None:
        return Left(event, held=None)
    if mine.state == "offered":
        return await _let_go(tx, event, mine, now=now)
    return await standing(tx, event, mine, now=now)


async def bars(tx: Transaction, event: Event, person_id: int) -> NotForYou | None:
    """Whether the event is for others; None: the person may sign up, as far as that goes."""
    if event.audience == "everyone":
        return None
    return _bar(event, await look(tx, event, person_id))


def _bar(event: Event, seen: Outlook) -> NotForYou | None:
    if event.audience == "group" and not (seen.in_group or seen.invited):
        return NotForYou(event, "group")
    if event.audience == "invited" and not seen.invited:
        return NotForYou(event, "invited")
    return None


def _untimely(event: Event, now: datetime) -> Closed | NotYet | None:
    if not moves_up(event, now):
        return Closed(event)
    if event.opens_at is not None and now < event.opens_at:
        return NotYet(event, event.opens_at)
    return None


def _refused(event: Event, mine: Rsvp | None) -> Refused | None:
    """Whoever withdrew may come back; whoever was refused only where the event lets them."""
    if mine is None or mine.state != "refused" or event.apply_again:
        return None
    return Refused(event, mine.reason, may_apply=False)


def _way(event: Event, wished: str | None) -> str:
    ways = ways_of(event)
    return wished if wished in ways else ways[0]


def _named(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name.strip() for name in names if name.strip())


def _names_of(event: Event, names: tuple[str, ...], companions: int) -> tuple[str, ...]:
    """The companions' names as far as the event asks for them: nobody's are kept who doesn't come."""
    return names[:companions] if event.companion_names else ()


async def _missing(
    tx: Transaction, event: Event, seen: Outlook, wish: Wish, names: tuple[str, ...], companions: int
) -> tuple[str, ...]:
    missing = []
    if event.ways == "both" and wish.way not in ways_of(event):
        missing.append("way")
    if event.companion_names and len(names) < companions:
        missing.append("names")
    if seen.asks:
        before = await questions.answers_of(tx, seen.mine.id) if seen.mine else {}
        asked = await questions.list_asked(tx, event.id)
        if event_questions.missing(asked, {**before, **(wish.answers or {})}):
            missing.append("questions")
    return tuple(missing)


async def _answer_anew(tx: Transaction, rsvp: Rsvp, wish: Wish, *, now: datetime) -> bool:
    """Keep the answers to what the event asks, and say whether they differ from those before."""
    if not wish.answers:
        return False
    asked = {question.id for question in await questions.list_asked(tx, rsvp.event_id)}
    before = await questions.answers_of(tx, rsvp.id)
    new = {
        number: value
        for number, value in wish.answers.items()
        if number in asked and value != before.get(number)
    }
    await questions.put_answers(tx, rsvp.id, new, now=now)
    return bool(new)
