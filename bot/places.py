"""How full an event is, and every answer that somebody who asks for a place there can get."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from storage import Transaction, events, outlook, rsvps
from storage.events import Event
from storage.outlook import Outlook
from storage.rsvps import Rsvp
from storage.series import Series


@dataclass(frozen=True)
class Clash:
    """Something else the person holds at the same time: an event, or their shift at it."""

    event: Event
    starts_at: datetime
    ends_at: datetime
    shift_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class _Held:
    # How full the event is with this, where the decision knows it.
    seen: Outlook | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Seated(_Held):
    event: Event
    companions: int
    clashes: tuple[Clash, ...] = ()
    way: str = "here"
    # The place is theirs; an organiser looks again at what they have changed.
    to_review: bool = False


@dataclass(frozen=True)
class Waiting(_Held):
    """`position` is the one among those who wait for the same way of taking part."""

    event: Event
    companions: int
    position: int
    clashes: tuple[Clash, ...] = ()
    way: str = "here"


@dataclass(frozen=True)
class Applied(_Held):
    """An organiser decides; until then it takes no place."""

    event: Event
    companions: int
    clashes: tuple[Clash, ...] = ()


@dataclass(frozen=True)
class Offered(_Held):
    """A freed place is kept for the person until then; it is theirs when they accept."""

    event: Event
    companions: int
    until: datetime
    clashes: tuple[Clash, ...] = ()
    way: str = "here"


@dataclass(frozen=True)
class Left:
    event: Event
    # What was given up: a seat ("going"), one that was kept ("offered"), a place on the waitlist
    # ("waiting"), an application ("applied"), or nothing.
    held: str | None


@dataclass(frozen=True)
class Closed:
    """RSVPs have closed, or the event has begun."""

    event: Event


@dataclass(frozen=True)
class NotYet:
    """RSVPs open later."""

    event: Event
    opens_at: datetime


@dataclass(frozen=True)
class Cancelled:
    """`event.merged_into` names the event that it became part of, if it did."""

    event: Event


@dataclass(frozen=True)
class Gone:
    """There is no such event, or it is not for anybody's eyes yet."""


@dataclass(frozen=True)
class NotForYou:
    """The event is for the members of a group ("group") or for those invited ("invited")."""

    event: Event
    why: str


@dataclass(frozen=True)
class Refused:
    """An organiser has said no, with a reason in their own words or none."""

    event: Event
    reason: str
    may_apply: bool


@dataclass(frozen=True)
class TooMany:
    """The event allows fewer companions."""

    event: Event
    most: int


@dataclass(frozen=True)
class NoRoom:
    """The person keeps their place as it is; there is no room for more companions.

    `way` is given where it was the other way of taking part that is full.
    """

    event: Event
    companions: int
    way: str | None = None


@dataclass(frozen=True)
class Incomplete:
    """Nothing is decided before this is known, in the order of asking: "way", "names", "questions"."""

    event: Event
    missing: tuple[str, ...]


@dataclass(frozen=True)
class WholeOnly:
    """People sign up for all sessions of the series at once: `bot.series.join_all`."""

    event: Event
    series: Series


Holding = Seated | Waiting | Applied | Offered
Standing = Holding | Refused | Left
Answer = (
    Seated
    | Waiting
    | Applied
    | Offered
    | Left
    | Closed
    | NotYet
    | Cancelled
    | Gone
    | NotForYou
    | Refused
    | TooMany
    | NoRoom
    | Incomplete
    | WholeOnly
)


@dataclass(frozen=True)
class Places:
    """How full an event is, in one way of taking part. `free` is None where there is no limit.

    Places kept by an offer count as taken. `waiting` are parties.
    """

    seated: int
    waiting: int
    free: int | None


def ways_of(event: Event) -> tuple[str, ...]:
    return ("here", "online") if event.ways == "both" else (event.ways,)


def capacity_of(event: Event, way: str) -> int | None:
    return event.online_capacity if way == "online" else event.capacity


def is_open(event: Event, now: datetime) -> bool:
    """Whether places are given: published, opened, not begun, and before the deadline."""
    return moves_up(event, now) and (event.opens_at is None or event.opens_at <= now)


def moves_up(event: Event, now: datetime) -> bool:
    """Whether those who wait still move up: until RSVPs close or the event begins."""
    return (
        event.state == "published"
        and now < event.starts_at
        and (event.deadline_at is None or now < event.deadline_at)
    )


def fits(event: Event, seen: Outlook, way: str, places: int) -> bool:
    """Whether so many places are free for somebody who comes now. Those who wait come first."""
    tally, capacity = seen.of(way), capacity_of(event, way)
    if capacity is None:
        return True
    if tally.contending and not event.smaller_first:
        return False
    return places <= capacity - tally.taken


async def count_places(tx: Transaction, event: Event, way: str = "here") -> Places:
    """How full the event is. The way counts only where people choose between two."""
    way = way if event.ways == "both" else event.ways
    here, online, _ = await outlook.count(
        tx, event.id, capacity=event.capacity, online_capacity=event.online_capacity
    )
    tally, capacity = online if way == "online" else here, capacity_of(event, way)
    free = None if capacity is None else max(0, capacity - tally.taken)
    return Places(tally.taken, tally.waiting, free)


async def look(tx: Transaction, event: Event, person_id: int) -> Outlook:
    """Everything that decides about the person's place; lock the event before."""
    return await outlook.look(
        tx,
        event.id,
        person_id,
        capacity=event.capacity,
        online_capacity=event.online_capacity,
        group_id=event.group_id,
    )


async def find_clashes(tx: Transaction, event: Event, person_id: int) -> tuple[Clash, ...]:
    """What else the person holds at that time: places, shifts, sessions. Back to back is no overlap."""
    others = await outlook.list_overlapping(
        tx, person_id, event_id=event.id, starts_at=event.starts_at, ends_at=event.ends_at
    )
    if not others:
        return ()
    found = {one.id: one for one in await events.find_many(tx, {other.event_id for other in others})}
    return tuple(Clash(found[one.event_id], one.starts_at, one.ends_at, one.shift_id) for one in others)


def with_party(seen: Outlook, event: Event, mine: Rsvp) -> Outlook:
    """The same once the person, who held nothing before, holds this."""
    if mine.state == "applied":
        return replace(seen, mine=mine, applied=seen.applied + 1)
    tally, capacity = seen.of(mine.way), capacity_of(event, mine.way)
    if mine.state == "going":
        tally = replace(tally, taken=tally.taken + mine.party)
    else:
        could_fit = capacity is None or mine.party <= capacity
        tally = replace(tally, waiting=tally.waiting + 1, contending=tally.contending + could_fit)
    if mine.way == "online":
        return replace(seen, mine=mine, online=tally)
    return replace(seen, mine=mine, here=tally)


async def standing(
    tx: Transaction, event: Event, held: Rsvp, *, now: datetime, seen: Outlook | None = None
) -> Standing:
    """Where someone stands who has asked for a place, with what else they hold at the same time.

    `seen` is given by whoever knows how full the event is.
    """
    if held.state == "left":
        return Left(event, held=None)
    if held.state == "refused":
        return Refused(event, held.reason, event.apply_again)
    clashes = await find_clashes(tx, event, held.person_id)
    if held.state == "going":
        return Seated(event, held.companions, clashes, held.way, held.to_review, seen=seen)
    if held.offer_until is not None:
        return Offered(event, held.companions, held.offer_until, clashes, held.way, seen=seen)
    if held.state == "applied":
        return Applied(event, held.companions, clashes, seen=seen)
    position = await rsvps.count_ahead(tx, held) + 1
    return Waiting(event, held.companions, position, clashes, held.way, seen=seen)
