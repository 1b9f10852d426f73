"""Who asked for a place at which event, and whether they have one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, Row, and_, bindparam, delete, func, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.instants import Instant
from storage.tables import events, rsvps

# Whoever is in one of these states wants to come and has not been turned away.
HELD: Final = ("applied", "waiting", "offered", "going")
# These take up places.
TAKING: Final = ("going", "offered")


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


COLUMNS = (
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
_NAMES = tuple(column.name for column in COLUMNS)
_all = select(*COLUMNS)
PARTY = 1 + rsvps.c.companions


def rsvp_of(row: Row[Any]) -> Rsvp:
    """Read an RSVP from a row that has its columns among others."""
    found = row._mapping
    values = {name: found[name] for name in _NAMES}
    values["names"] = tuple(values["names"])
    return Rsvp(**values)


_FIND = _all.where(rsvps.c.event_id == bindparam("event_id"), rsvps.c.person_id == bindparam("person_id"))
_ADD = insert(rsvps)
_PUT = _ADD.on_conflict_do_update(
    index_elements=[rsvps.c.event_id, rsvps.c.person_id],
    set_={
        column.name: _ADD.excluded[column.name]
        for column in COLUMNS
        if column.name not in ("id", "event_id", "person_id")
    },
).returning(*COLUMNS)
_COUNT_AHEAD = (
    select(func.count())
    .select_from(rsvps)
    .where(
        rsvps.c.event_id == bindparam("event_id"),
        rsvps.c.state == "waiting",
        rsvps.c.way == bindparam("way"),
        tuple_(rsvps.c.asked_at, rsvps.c.id)
        < tuple_(bindparam("asked_at", type_=Instant), bindparam("rsvp_id", type_=BigInteger)),
    )
)


async def find(tx: Transaction, event_id: int, person_id: int) -> Rsvp | None:
    row = await tx.row(_FIND, event_id=event_id, person_id=person_id)
    return row and rsvp_of(row)


async def find_by_id(tx: Transaction, rsvp_id: int) -> Rsvp | None:
    row = await tx.row(_all.where(rsvps.c.id == rsvp_id))
    return row and rsvp_of(row)


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
    row = await tx.row(_PUT, event_id=event_id, person_id=person_id, **values)
    if row is None:
        raise LookupError("an RSVP just written was not returned")
    return rsvp_of(row)


async def change(tx: Transaction, rsvp_id: int, **values: object) -> None:
    await tx.run(update(rsvps).where(rsvps.c.id == rsvp_id).values(**values))


async def drop(tx: Transaction, rsvp_id: int) -> None:
    """Forget it with all that was asked for it."""
    await tx.run(delete(rsvps).where(rsvps.c.id == rsvp_id))


async def put_all_on_way(tx: Transaction, event_id: int, way: str) -> None:
    """Let everybody who wants to come take part in that way, the only one there is now."""
    await tx.run(
        update(rsvps)
        .where(rsvps.c.event_id == event_id, rsvps.c.way != way, rsvps.c.state.in_(HELD))
        .values(way=way)
    )


async def admit_all(tx: Transaction, event_id: int) -> list[int]:
    """Put those who applied on the waitlist by the time they asked, and say who they are."""
    query = (
        update(rsvps)
        .where(rsvps.c.event_id == event_id, rsvps.c.state == "applied")
        .values(state="waiting")
        .returning(rsvps.c.person_id)
    )
    return sorted(row.person_id for row in await tx.rows(query))


async def count_seated(tx: Transaction, event_id: int) -> int:
    """How many places are taken, companions and those kept by an offer included."""
    count: int = await tx.value(
        select(func.coalesce(func.sum(PARTY), 0)).where(
            rsvps.c.event_id == event_id, rsvps.c.state.in_(TAKING)
        )
    )
    return int(count)


async def list_waiting(tx: Transaction, event_id: int, *, way: str | None = None) -> list[Rsvp]:
    """The waitlist in its order: by the time of asking, then by id. Each way has one of its own."""
    query = _all.where(rsvps.c.event_id == event_id, rsvps.c.state == "waiting")
    if way is not None:
        query = query.where(rsvps.c.way == way)
    return [rsvp_of(row) for row in await tx.rows(query.order_by(rsvps.c.asked_at, rsvps.c.id))]


async def count_ahead(tx: Transaction, rsvp: Rsvp) -> int:
    """How many parties wait before this one, for the same way of taking part."""
    count: int = await tx.value(
        _COUNT_AHEAD, event_id=rsvp.event_id, way=rsvp.way, asked_at=rsvp.asked_at, rsvp_id=rsvp.id
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
    return [rsvp_of(row) for row in await tx.rows(query)]


async def list_of_event(tx: Transaction, event_id: int) -> list[Rsvp]:
    """Everybody's, whatever became of it."""
    return [rsvp_of(row) for row in await tx.rows(_all.where(rsvps.c.event_id == event_id))]


async def list_concerned(tx: Transaction, event_id: int) -> list[Rsvp]:
    """Everybody who is seated, waiting, or waiting for an answer."""
    query = _all.where(rsvps.c.event_id == event_id, rsvps.c.state.in_(HELD))
    return [rsvp_of(row) for row in await tx.rows(query.order_by(rsvps.c.id))]


async def list_applications(tx: Transaction, event_id: int) -> list[Rsvp]:
    """What an organiser has to look at: new applications and approved ones that have changed since."""
    query = _all.where(
        rsvps.c.event_id == event_id,
        or_(rsvps.c.state == "applied", and_(rsvps.c.to_review, rsvps.c.state.in_(HELD))),
    )
    return [rsvp_of(row) for row in await tx.rows(query.order_by(rsvps.c.asked_at, rsvps.c.id))]


async def list_everything_of_person(tx: Transaction, person_id: int) -> list[Rsvp]:
    """Every RSVP the person ever gave that is still kept, for their own export."""
    query = _all.where(rsvps.c.person_id == person_id).order_by(rsvps.c.id)
    return [rsvp_of(row) for row in await tx.rows(query)]
