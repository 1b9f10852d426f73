"""Who asked for a place at which event, and whether they have one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    case,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.instants import Instant
from storage.tables import (
    event_questions,
    events,
    group_members,
    invitations,
    notices,
    people,
    rsvps,
    shift_signups,
    shifts,
)

# Whoever is in one of these states wants to come and has not been turned away.
HELD: Final = ("applied", "waiting", "offered", "going")
# These take up places.
TAKING: Final = ("going", "offered")
WAYS: Final = ("here", "online")


@dataclass(frozen=True)
class Rsvp:
    id: int
    event_id: int
    person_id: int
    state: str
    companions: int
    asked_at: datetime
    seated_at: datetime | None
    # "here" or "online".
    way: str = "here"
    # The companions' names, where the event asks for them.
    names: tuple[str, ...] = ()
    offer_until: datetime | None = None
    # Why it was refused.
    reason: str = ""
    # What had been approved has changed since.
    to_review: bool = False

    @property
    def party(self) -> int:
        """How many places this asks for: the person and those who come along."""
        return 1 + self.companions


@dataclass(frozen=True)
class Tally:
    """One way of taking part: places taken, parties waiting, and those of them that could ever fit."""

    taken: int
    waiting: int
    contending: int


@dataclass(frozen=True)
class Outlook:
    """All that a decision about one person's place at an event looks at."""

    mine: Rsvp | None
    here: Tally
    online: Tally
    # Parties that wait for an organiser.
    applied: int
    # Whether the event asks questions of its own.
    asks: bool
    # Whether the person is of the event's group, and whether they were invited.
    in_group: bool
    invited: bool

    def of(self, way: str) -> Tally:
        return self.online if way == "online" else self.here


@dataclass(frozen=True)
class Overlap:
    """Something else that the person holds at the same time: an event, or a shift of one."""

    event_id: int
    starts_at: datetime
    ends_at: datetime
    shift_id: int | None


@dataclass(frozen=True)
class Attendee:
    name: str
    username: str | None
    locale: str
    state: str
    companions: int
    asked_at: datetime


_columns = (
    rsvps.c.id,
    rsvps.c.event_id,
    rsvps.c.person_id,
    rsvps.c.state,
    rsvps.c.companions,
    rsvps.c.asked_at,
    rsvps.c.seated_at,
    rsvps.c.way,
    rsvps.c.names,
    rsvps.c.offer_until,
    rsvps.c.reason,
    rsvps.c.to_review,
)
_all = select(*_columns)
_party = 1 + rsvps.c.companions


def _rsvp(row: Row[Any]) -> Rsvp:
    values = {column.name: row._mapping[column.name] for column in _columns}
    return Rsvp(**{**values, "names": tuple(row.names)})


async def find(tx: Transaction, event_id: int, person_id: int) -> Rsvp | None:
    row = await tx.row(_all.where(rsvps.c.event_id == event_id, rsvps.c.person_id == person_id))
    return row and _rsvp(row)


async def find_by_id(tx: Transaction, rsvp_id: int) -> Rsvp | None:
    row = await tx.row(_all.where(rsvps.c.id == rsvp_id))
    return row and _rsvp(row)


def _total(condition: ColumnElement[bool], of: Any, name: str) -> ColumnElement[Any]:
    return func.coalesce(func.sum(case((condition, of), else_=0)), 0).label(name)


def _totals(event_id: int, capacity: int | None, online_capacity: int | None) -> Select[Any]:
    columns = []
    for way, places in zip(WAYS, (capacity, online_capacity), strict=True):
        of_way = rsvps.c.way == way
        waiting = and_(of_way, rsvps.c.state == "waiting")
        fits = true() if places is None else _party <= places
        columns += [
            _total(and_(of_way, rsvps.c.state.in_(TAKING)), _party, f"taken_{way}"),
            _total(waiting, 1, f"waiting_{way}"),
            _total(and_(waiting, fits), 1, f"contending_{way}"),
        ]
    columns.append(_total(rsvps.c.state == "applied", 1, "applied"))
    return select(*columns).where(rsvps.c.event_id == event_id, rsvps.c.state.in_(HELD))


def _tally(row: Row[Any], way: str) -> Tally:
    values = row._mapping
    names = ("taken", "waiting", "contending")
    return Tally(*(int(values[f"{name}_{way}"]) for name in names))


async def look(
    tx: Transaction,
    event_id: int,
    person_id: int,
    *,
    capacity: int | None,
    online_capacity: int | None,
    group_id: int | None,
) -> Outlook:
    """Everything that decides about the person's place, in one statement. Lock the event before."""
    totals = _totals(event_id, capacity, online_capacity).subquery()
    mine = _all.where(rsvps.c.event_id == event_id, rsvps.c.person_id == person_id).subquery()
    asks = select(event_questions.c.id).where(
        event_questions.c.event_id == event_id, event_questions.c.removed_at.is_(None)
    )
    belongs = select(group_members.c.person_id).where(
        group_members.c.group_id == group_id, group_members.c.person_id == person_id
    )
    invited = select(invitations.c.person_id).where(
        invitations.c.event_id == event_id, invitations.c.person_id == person_id
    )
    query = select(
        totals,
        mine,
        asks.exists().label("asks"),
        (false() if group_id is None else belongs.exists()).label("in_group"),
        invited.exists().label("invited"),
    ).select_from(totals.outerjoin(mine, true()))
    row = await tx.row(query)
    if row is None:
        raise LookupError("sums of nothing have a row as well")
    return Outlook(
        mine=None if row.id is None else _rsvp(row),
        here=_tally(row, "here"),
        online=_tally(row, "online"),
        applied=int(row.applied),
        asks=bool(row.asks),
        in_group=bool(row.in_group),
        invited=bool(row.invited),
    )


async def tally(
    tx: Transaction, event_id: int, *, capacity: int | None, online_capacity: int | None
) -> tuple[Tally, Tally, int]:
    """How full both ways are, here then online, and how many applications wait for an organiser."""
    row = await tx.row(_totals(event_id, capacity, online_capacity))
    if row is None:
        raise LookupError("sums of nothing have a row as well")
    return _tally(row, "here"), _tally(row, "online"), int(row.applied)


async def put(
    tx: Transaction,
    event_id: int,
    person_id: int,
    *,
    state: str,
    companions: int,
    asked_at: datetime,
    seated_at: datetime | None = None,
    way: str = "here",
    names: Sequence[str] = (),
    offer_until: datetime | None = None,
    reason: str = "",
    to_review: bool = False,
) -> Rsvp:
    """Write where the person stands, whatever stood there before."""
    values = {
        "state": state,
        "companions": companions,
        "asked_at": asked_at,
        "seated_at": seated_at,
        "way": way,
        "names": list(names),
        "offer_until": offer_until,
        "reason": reason,
        "to_review": to_review,
    }
    row = await tx.row(
        insert(rsvps)
        .values(event_id=event_id, person_id=person_id, **values)
        .on_conflict_do_update(index_elements=[rsvps.c.event_id, rsvps.c.person_id], set_=values)
        .returning(*_columns)
    )
    if row is None:
        raise LookupError("an RSVP just written was not returned")
    return _rsvp(row)


async def change(tx: Transaction, rsvp_id: int, **values: object) -> None:
    await tx.run(update(rsvps).where(rsvps.c.id == rsvp_id).values(**values))


async def put_all_on_way(tx: Transaction, event_id: int, way: str) -> None:
    """Let everybody who wants to come take part in that way, the only one there is now."""
    await tx.run(
        update(rsvps)
        .where(rsvps.c.event_id == event_id, rsvps.c.way != way, rsvps.c.state.in_(HELD))
        .values(way=way)
    )


async def count_seated(tx: Transaction, event_id: int) -> int:
    """How many places are taken, companions and those kept by an offer included."""
    count: int = await tx.value(
        select(func.coalesce(func.sum(_party), 0)).where(
            rsvps.c.event_id == event_id, rsvps.c.state.in_(TAKING)
        )
    )
    return int(count)


async def list_waiting(tx: Transaction, event_id: int, *, way: str | None = None) -> list[Rsvp]:
    """The waitlist in its order: by the time of asking, then by id. Each way has one of its own."""
    query = _all.where(rsvps.c.event_id == event_id, rsvps.c.state == "waiting")
    if way is not None:
        query = query.where(rsvps.c.way == way)
    return [_rsvp(row) for row in await tx.rows(query.order_by(rsvps.c.asked_at, rsvps.c.id))]


async def count_waiting(tx: Transaction, event_id: int) -> int:
    count: int = await tx.value(
        select(func.count())
        .select_from(rsvps)
        .where(rsvps.c.event_id == event_id, rsvps.c.state == "waiting")
    )
    return count


async def count_ahead(tx: Transaction, rsvp: Rsvp) -> int:
    """How many parties wait before this one, for the same way of taking part."""
    count: int = await tx.value(
        select(func.count())
        .select_from(rsvps)
        .where(
            rsvps.c.event_id == rsvp.event_id,
            rsvps.c.state == "waiting",
            rsvps.c.way == rsvp.way,
            tuple_(rsvps.c.asked_at, rsvps.c.id) < tuple_(literal(rsvp.asked_at, Instant), rsvp.id),
        )
    )
    return count


async def list_of_person(tx: Transaction, person_id: int, *, now: datetime) -> list[Rsvp]:
    """Places held, offered, waited or applied for at events not over and not cancelled, soonest first."""
    query = (
        _all.join(events, events.c.id == rsvps.c.event_id)
        .where(
            rsvps.c.person_id == person_id,
            rsvps.c.state.in_(HELD),
            events.c.ends_at > now,
            events.c.state == "published",
        )
        .order_by(events.c.starts_at, events.c.id)
    )
    return [_rsvp(row) for row in await tx.rows(query)]


async def list_overlapping(
    tx: Transaction, person_id: int, *, event_id: int, starts_at: datetime, ends_at: datetime
) -> list[Overlap]:
    """What else the person holds in that time, soonest first. Back to back is no overlap.

    The event's own shifts are none of it: who helps there is there.
    """
    places = (
        select(
            events.c.id.label("event_id"),
            events.c.starts_at,
            events.c.ends_at,
            null().cast(shifts.c.id.type).label("shift_id"),
        )
        .join(rsvps, rsvps.c.event_id == events.c.id)
        .where(
            rsvps.c.person_id == person_id,
            rsvps.c.state.in_(HELD),
            events.c.id != event_id,
            events.c.state == "published",
            events.c.starts_at < ends_at,
            events.c.ends_at > starts_at,
        )
    )
    work = (
        select(
            shifts.c.event_id,
            shifts.c.starts_at,
            shifts.c.ends_at,
            shifts.c.id.label("shift_id"),
        )
        .join(shift_signups, shift_signups.c.shift_id == shifts.c.id)
        .join(events, events.c.id == shifts.c.event_id)
        .where(
            shift_signups.c.person_id == person_id,
            shift_signups.c.state.in_(("taken", "applied")),
            shifts.c.cancelled_at.is_(None),
            shifts.c.event_id != event_id,
            events.c.state == "published",
            shifts.c.starts_at < ends_at,
            shifts.c.ends_at > starts_at,
        )
    )
    both = union_all(places, work).subquery()
    rows = await tx.rows(select(both).order_by(both.c.starts_at, both.c.event_id, both.c.shift_id))
    return [Overlap(**row._mapping) for row in rows]


async def list_concerned(tx: Transaction, event_id: int) -> list[Rsvp]:
    """Everybody who is seated, waiting, or waiting for an answer."""
    query = _all.where(rsvps.c.event_id == event_id, rsvps.c.state.in_(HELD))
    return [_rsvp(row) for row in await tx.rows(query.order_by(rsvps.c.id))]


async def list_applications(tx: Transaction, event_id: int) -> list[Rsvp]:
    """What an organiser has to look at: new applications and approved ones that have changed since."""
    query = _all.where(
        rsvps.c.event_id == event_id,
        or_(rsvps.c.state == "applied", and_(rsvps.c.to_review, rsvps.c.state.in_(HELD))),
    )
    return [_rsvp(row) for row in await tx.rows(query.order_by(rsvps.c.asked_at, rsvps.c.id))]


async def list_deciders(tx: Transaction, event_id: int) -> list[int]:
    """Who hears of applications and has not just been told: the event's maker, or else every organiser."""
    told = (
        select(notices.c.id)
        .where(
            notices.c.event_id == event_id,
            notices.c.kind == "application_new",
            notices.c.state == "owed",
            notices.c.person_id == people.c.id,
        )
        .exists()
    )
    maker = (
        select(events.c.created_by)
        .join(people, people.c.id == events.c.created_by)
        .where(events.c.id == event_id, people.c.role == "organiser")
        .scalar_subquery()
    )
    query = select(people.c.id).where(
        or_(people.c.id == maker, and_(maker.is_(None), people.c.role == "organiser")), ~told
    )
    return [row.id for row in await tx.rows(query.order_by(people.c.id))]


async def list_attendees(
    tx: Transaction, event_id: int, *, limit: int | None = None, offset: int = 0
) -> list[Attendee]:
    """Those seated, then those waiting, each in the order of asking."""
    query = (
        select(
            people.c.name,
            people.c.username,
            people.c.locale,
            rsvps.c.state,
            rsvps.c.companions,
            rsvps.c.asked_at,
        )
        .join(people, people.c.id == rsvps.c.person_id)
        .where(and_(rsvps.c.event_id == event_id, rsvps.c.state.in_(("going", "waiting"))))
        .order_by(rsvps.c.state, rsvps.c.asked_at, rsvps.c.id)
        .limit(limit)
        .offset(offset)
    )
    return [Attendee(**row._mapping) for row in await tx.rows(query)]


async def list_everything_of_person(tx: Transaction, person_id: int) -> list[Rsvp]:
    """Every RSVP the person ever gave that is still kept, for their own export."""
    query = _all.where(rsvps.c.person_id == person_id).order_by(rsvps.c.id)
    return [_rsvp(row) for row in await tx.rows(query)]
