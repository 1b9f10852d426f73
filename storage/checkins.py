"""Who came to which event, and who is expected."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import checkins, events, people, rsvps, shift_signups, shifts


@dataclass(frozen=True)
class Checkin:
    """Somebody who came. A guest without an account has no person."""

    id: int
    event_id: int
    person_id: int | None
    name: str
    party: int
    at: datetime
    # "code", "name", "list" or "walkin".
    how: str
    # Who let them in; None where that person has been forgotten.
    by: str | None


@dataclass(frozen=True)
class Known:
    """Somebody who may stand at the door: where they stand with the event, and whether they are here."""

    person_id: int
    name: str
    username: str | None
    # None: they never signed up.
    state: str | None
    way: str | None
    companions: int
    checked_in: bool


@dataclass(frozen=True)
class Counts:
    """People in the room, companions included. Those who take part online are not counted."""

    # Seats, and how many of them have not come at all.
    seated: int
    missing: int
    # Freed seats that are kept for somebody, and parties that wait for one.
    offered: int
    waiting: int
    # Everybody who came, and how many of them without a seat.
    here: int
    walkins: int

    @property
    def expected(self) -> int:
        return self.seated + self.walkins

    @property
    def absent(self) -> int:
        """Seats on which nobody sat: those missing, and those of parties that came with fewer."""
        return max(0, self.expected - self.here)


_by = people.alias("let_in_by")
_all = (
    select(
        checkins.c.id,
        checkins.c.event_id,
        checkins.c.person_id,
        func.coalesce(people.c.name, checkins.c.name).label("name"),
        checkins.c.party,
        checkins.c.at,
        checkins.c.how,
        _by.c.name.label("by"),
    )
    .select_from(checkins)
    .outerjoin(people, people.c.id == checkins.c.person_id)
    .outerjoin(_by, _by.c.id == checkins.c.by_person_id)
)


def _checkin(row: Row[Any]) -> Checkin:
    return Checkin(**row._mapping)


async def find(tx: Transaction, checkin_id: int) -> Checkin | None:
    row = await tx.row(_all.where(checkins.c.id == checkin_id))
    return row and _checkin(row)


async def find_person(tx: Transaction, event_id: int, person_id: int) -> Checkin | None:
    row = await tx.row(_all.where(checkins.c.event_id == event_id, checkins.c.person_id == person_id))
    return row and _checkin(row)


async def add(
    tx: Transaction,
    event_id: int,
    *,
    person_id: int | None,
    name: str,
    party: int,
    at: datetime,
    how: str,
    by: int,
) -> int | None:
    """Write that somebody came and say the row's id; None where the person is down already."""
    added: int | None = await tx.value(
        insert(checkins)
        .values(
            event_id=event_id,
            person_id=person_id,
            name=name,
            party=party,
            at=at,
            how=how,
            by_person_id=by,
        )
        .on_conflict_do_nothing()
        .returning(checkins.c.id)
    )
    return added


async def note_earlier(tx: Transaction, event_id: int, person_id: int, *, at: datetime, by: int) -> None:
    """Of two scans the one that was made first counts, in whichever order they arrived."""
    await tx.run(
        update(checkins)
        .where(checkins.c.event_id == event_id, checkins.c.person_id == person_id, checkins.c.at > at)
        .values(at=at, by_person_id=by)
    )


async def set_party(tx: Transaction, checkin_id: int, party: int) -> None:
    await tx.run(update(checkins).where(checkins.c.id == checkin_id).values(party=party))


async def drop(tx: Transaction, checkin_id: int) -> bool:
    """Take it back; say whether it was there."""
    return bool(await tx.run(delete(checkins).where(checkins.c.id == checkin_id)))


_here = rsvps.c.way == "here"
_seated = and_(rsvps.c.state == "going", _here)


async def count(tx: Transaction, event_id: int) -> Counts:
    """How many are expected in the room, and how many have come."""
    party = 1 + rsvps.c.companions
    seats = (
        select(
            _sum(rsvps.c.state == "going", party).label("seated"),
            _sum(and_(rsvps.c.state == "going", checkins.c.id.is_(None)), party).label("missing"),
            _sum(rsvps.c.state == "offered", party).label("offered"),
            _sum(rsvps.c.state == "waiting", literal(1)).label("waiting"),
        )
        .select_from(rsvps)
        .outerjoin(
            checkins,
            and_(checkins.c.event_id == rsvps.c.event_id, checkins.c.person_id == rsvps.c.person_id),
        )
        .where(rsvps.c.event_id == event_id, _here)
        .subquery()
    )
    came = (
        select(
            func.coalesce(func.sum(checkins.c.party), 0).label("here"),
            _sum(checkins.c.how == "walkin", checkins.c.party).label("walkins"),
        )
        .where(checkins.c.event_id == event_id)
        .subquery()
    )
    row = await tx.row(select(*seats.c, *came.c))
    if row is None:
        raise LookupError("a count has no row")
    return Counts(**{name: int(value) for name, value in row._mapping.items()})


def _sum(condition: ColumnElement[bool], amount: ColumnElement[int]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, amount), else_=0)), 0)


async def list_missing(tx: Transaction, event_id: int, *, limit: int, offset: int = 0) -> list[Known]:
    """Those with a seat in the room who have not come, by name."""
    query = _known(event_id, signed_up=True).where(_seated, checkins.c.id.is_(None))
    query = query.order_by(func.lower(people.c.name), people.c.id).limit(limit).offset(offset)
    return [_known_of(row) for row in await tx.rows(query)]


async def list_signed_up(tx: Transaction, event_id: int) -> list[Known]:
    """Everybody who ever asked for a place, seated or not, with whether they are here."""
    query = _known(event_id, signed_up=True).order_by(rsvps.c.id)
    return [_known_of(row) for row in await tx.rows(query)]


async def list_members(tx: Transaction, event_id: int, *, limit: int) -> list[Known]:
    """People who have not signed up for the event, those who joined last first."""
    query = _known(event_id).where(rsvps.c.id.is_(None)).order_by(people.c.id.desc()).limit(limit)
    return [_known_of(row) for row in await tx.rows(query)]


async def find_known(tx: Transaction, event_id: int, person_id: int) -> Known | None:
    row = await tx.row(_known(event_id).where(people.c.id == person_id))
    return row and _known_of(row)


def _known(event_id: int, *, signed_up: bool = False) -> Select[Any]:
    asked = and_(rsvps.c.person_id == people.c.id, rsvps.c.event_id == event_id)
    return (
        select(
            people.c.id.label("person_id"),
            people.c.name,
            people.c.username,
            rsvps.c.state,
            rsvps.c.way,
            func.coalesce(rsvps.c.companions, 0).label("companions"),
            checkins.c.id.is_not(None).label("checked_in"),
        )
        .select_from(people)
        .join(rsvps, asked, isouter=not signed_up)
        .outerjoin(checkins, and_(checkins.c.person_id == people.c.id, checkins.c.event_id == event_id))
    )


def _known_of(row: Row[Any]) -> Known:
    return Known(**{**row._mapping, "checked_in": bool(row.checked_in)})


async def list_here(
    tx: Transaction, event_id: int, *, limit: int | None = None, offset: int = 0
) -> list[Checkin]:
    """Those who came, the latest first."""
    query = _all.where(checkins.c.event_id == event_id)
    query = query.order_by(checkins.c.at.desc(), checkins.c.id.desc()).limit(limit).offset(offset)
    return [_checkin(row) for row in await tx.rows(query)]


async def forget_guests(tx: Transaction, event_id: int) -> int:
    """Empty the names of those without an account; that they came stays. Say how many they were."""
    return await tx.run(
        update(checkins)
        .where(checkins.c.event_id == event_id, checkins.c.person_id.is_(None), checkins.c.name != "")
        .values(name="")
    )


async def list_of_person(tx: Transaction, person_id: int) -> list[Checkin]:
    """Where the person came, for their own export."""
    query = _all.where(checkins.c.person_id == person_id).order_by(checkins.c.at, checkins.c.id)
    return [_checkin(row) for row in await tx.rows(query)]


async def is_of(tx: Transaction, rsvp_id: int, person_id: int) -> bool:
    """Whether the sign-up is the person's."""
    query = select(rsvps.c.id).where(rsvps.c.id == rsvp_id, rsvps.c.person_id == person_id)
    return await tx.value(query) is not None


async def list_worked_at(
    tx: Transaction, person_id: int, *, starting_before: datetime, ending_after: datetime
) -> list[int]:
    """The published events around now at which the person has taken a shift, soonest first."""
    query = (
        select(events.c.id)
        .join(shifts, shifts.c.event_id == events.c.id)
        .join(shift_signups, shift_signups.c.shift_id == shifts.c.id)
        .where(
            shift_signups.c.person_id == person_id,
            shift_signups.c.state == "taken",
            shifts.c.cancelled_at.is_(None),
            events.c.state == "published",
            events.c.starts_at <= starting_before,
            events.c.ends_at >= ending_after,
        )
        .group_by(events.c.id, events.c.starts_at)
        .order_by(events.c.starts_at, events.c.id)
    )
    return [row.id for row in await tx.rows(query)]
