"""Who asked for a place at which event, and whether they have one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, func, literal, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.instants import Instant
from storage.tables import events, people, rsvps


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
class Attendee:
    name: str
    username: str | None
    locale: str
    state: str
    companions: int
    asked_at: datetime


_all = select(
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


def _rsvp(row: Row[Any]) -> Rsvp:
    return Rsvp(**{**row._mapping, "names": tuple(row.names)})


async def find(tx: Transaction, event_id: int, person_id: int) -> Rsvp | None:
    row = await tx.row(_all.where(rsvps.c.event_id == event_id, rsvps.c.person_id == person_id))
    return row and _rsvp(row)


async def put(
    tx: Transaction,
    event_id: int,
    person_id: int,
    *,
    state: str,
    companions: int,
    asked_at: datetime,
    seated_at: datetime | None,
) -> None:
    """Write where the person stands, whatever stood there before."""
    values = {"state": state, "companions": companions, "asked_at": asked_at, "seated_at": seated_at}
    await tx.run(
        insert(rsvps)
        .values(event_id=event_id, person_id=person_id, **values)
        .on_conflict_do_update(index_elements=[rsvps.c.event_id, rsvps.c.person_id], set_=values)
    )


async def seat(tx: Transaction, rsvp_id: int, *, now: datetime) -> None:
    await tx.run(update(rsvps).where(rsvps.c.id == rsvp_id).values(state="going", seated_at=now))


async def count_seated(tx: Transaction, event_id: int) -> int:
    """How many places are taken, companions included."""
    count: int = await tx.value(
        select(func.coalesce(func.sum(1 + rsvps.c.companions), 0)).where(
            rsvps.c.event_id == event_id, rsvps.c.state == "going"
        )
    )
    return int(count)


async def list_waiting(tx: Transaction, event_id: int) -> list[Rsvp]:
    """The waitlist in its order: by the time of asking, then by id."""
    query = _all.where(rsvps.c.event_id == event_id, rsvps.c.state == "waiting")
    return [_rsvp(row) for row in await tx.rows(query.order_by(rsvps.c.asked_at, rsvps.c.id))]


async def count_waiting(tx: Transaction, event_id: int) -> int:
    count: int = await tx.value(
        select(func.count())
        .select_from(rsvps)
        .where(rsvps.c.event_id == event_id, rsvps.c.state == "waiting")
    )
    return count


async def count_ahead(tx: Transaction, rsvp: Rsvp) -> int:
    """How many parties wait before this one."""
    count: int = await tx.value(
        select(func.count())
        .select_from(rsvps)
        .where(
            rsvps.c.event_id == rsvp.event_id,
            rsvps.c.state == "waiting",
            tuple_(rsvps.c.asked_at, rsvps.c.id) < tuple_(literal(rsvp.asked_at, Instant), rsvp.id),
        )
    )
    return count


async def list_of_person(tx: Transaction, person_id: int, *, now: datetime) -> list[Rsvp]:
    """Places held or waited for at events that are not over and not cancelled, soonest first."""
    query = (
        _all.join(events, events.c.id == rsvps.c.event_id)
        .where(
            rsvps.c.person_id == person_id,
            rsvps.c.state.in_(("going", "waiting")),
            events.c.ends_at > now,
            events.c.state == "published",
        )
        .order_by(events.c.starts_at, events.c.id)
    )
    return [_rsvp(row) for row in await tx.rows(query)]


async def list_concerned(tx: Transaction, event_id: int) -> list[Rsvp]:
    """Everybody who is seated or waiting."""
    query = _all.where(rsvps.c.event_id == event_id, rsvps.c.state.in_(("going", "waiting")))
    return [_rsvp(row) for row in await tx.rows(query.order_by(rsvps.c.id))]


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
