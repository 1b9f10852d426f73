"""All that decides about a place at an event, each in one statement."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    case,
    func,
    null,
    or_,
    select,
    true,
    union_all,
)

from storage.database import Transaction
from storage.rsvps import COLUMNS, HELD, TAKING, Rsvp, rsvp_of
from storage.tables import (
    checkins,
    event_questions,
    events,
    group_members,
    invitations,
    rsvps,
    shift_signups,
    shifts,
)

WAYS: Final = ("here", "online")


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


def _total(condition: ColumnElement[bool], of: Any, name: str) -> ColumnElement[Any]:
    return func.coalesce(func.sum(case((condition, of), else_=0)), 0).label(name)


def _totals() -> Select[Any]:
    # First by kinds of party, of which there are few, which an index does alone.
    kinds = (
        select(rsvps.c.state, rsvps.c.way, rsvps.c.companions, func.count().label("parties"))
        .where(rsvps.c.event_id == bindparam("event_id"), rsvps.c.state.in_(HELD))
        .group_by(rsvps.c.state, rsvps.c.way, rsvps.c.companions)
        .subquery()
    ).c
    party, columns = 1 + kinds.companions, []
    for way, name in zip(WAYS, ("capacity", "online_capacity"), strict=True):
        of_way, places = kinds.way == way, bindparam(name, type_=Integer)
        waiting = and_(of_way, kinds.state == "waiting")
        fits = or_(places.is_(None), places >= party)
        columns += [
            _total(and_(of_way, kinds.state.in_(TAKING)), party * kinds.parties, f"taken_{way}"),
            _total(waiting, kinds.parties, f"waiting_{way}"),
            _total(and_(waiting, fits), kinds.parties, f"contending_{way}"),
        ]
    columns.append(_total(kinds.state == "applied", kinds.parties, "applied"))
    # Whoever was let in at the door without a seat sits on one all the same.
    walked_in = select(func.coalesce(func.sum(checkins.c.party), 0)).where(
        checkins.c.event_id == bindparam("event_id"), checkins.c.how == "walkin"
    )
    columns.append(walked_in.scalar_subquery().label("walked_in"))
    return select(*columns)


def _looking() -> Select[Any]:
    totals = _COUNT.subquery()
    event_id: BindParameter[int] = bindparam("event_id")
    person_id: BindParameter[int] = bindparam("person_id")
    mine = select(*COLUMNS).where(rsvps.c.event_id == event_id, rsvps.c.person_id == person_id).subquery()
    asks = select(event_questions.c.id).where(
        event_questions.c.event_id == event_id, event_questions.c.removed_at.is_(None)
    )
    # No group has nobody in it.
    belongs = select(group_members.c.person_id).where(
        group_members.c.group_id == bindparam("group_id"), group_members.c.person_id == person_id
    )
    invited = select(invitations.c.person_id).where(
        invitations.c.event_id == event_id, invitations.c.person_id == person_id
    )
    return select(
        totals,
        mine,
        asks.exists().label("asks"),
        belongs.exists().label("in_group"),
        invited.exists().label("invited"),
    ).select_from(totals.outerjoin(mine, true()))


_COUNT = _totals()
_LOOK = _looking()


def _tally(row: Row[Any], way: str) -> Tally:
    values = row._mapping
    taken, waiting, contending = (int(values[f"{name}_{way}"]) for name in ("taken", "waiting", "contending"))
    return Tally(taken + int(row.walked_in) if way == "here" else taken, waiting, contending)


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
    row = await tx.row(
        _LOOK,
        event_id=event_id,
        person_id=person_id,
        capacity=capacity,
        online_capacity=online_capacity,
        group_id=group_id,
    )
    if row is None:
        raise LookupError("sums of nothing have a row as well")
    return Outlook(
        mine=None if row.id is None else rsvp_of(row),
        here=_tally(row, "here"),
        online=_tally(row, "online"),
        applied=int(row.applied),
        asks=bool(row.asks),
        in_group=bool(row.in_group),
        invited=bool(row.invited),
    )


async def count(
    tx: Transaction, event_id: int, *, capacity: int | None, online_capacity: int | None
) -> tuple[Tally, Tally, int]:
    """How full both ways are, here then online, and how many applications wait for an organiser."""
    row = await tx.row(_COUNT, event_id=event_id, capacity=capacity, online_capacity=online_capacity)
    if row is None:
        raise LookupError("sums of nothing have a row as well")
    return _tally(row, "here"), _tally(row, "online"), int(row.applied)


def _overlapping() -> Select[Any]:
    person_id: BindParameter[int] = bindparam("person_id")
    event_id: BindParameter[int] = bindparam("event_id")
    starts_at: BindParameter[datetime] = bindparam("starts_at")
    ends_at: BindParameter[datetime] = bindparam("ends_at")
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
    return select(both).order_by(both.c.starts_at, both.c.event_id, both.c.shift_id)


_OVERLAPPING = _overlapping()


async def list_overlapping(
    tx: Transaction, person_id: int, *, event_id: int, starts_at: datetime, ends_at: datetime
) -> list[Overlap]:
    """What else the person holds in that time, soonest first. Back to back is no overlap.

    The event's own shifts are none of it: who helps there is there.
    """
    rows = await tx.rows(
        _OVERLAPPING, person_id=person_id, event_id=event_id, starts_at=starts_at, ends_at=ends_at
    )
    return [Overlap(**row._mapping) for row in rows]
