"""Parties that asked for a place, with the names by which organisers look for them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, or_, select

from storage.database import Transaction
from storage.rsvps import HELD
from storage.tables import people, rsvps


@dataclass(frozen=True)
class Party:
    """Who asked for a place, and how that stands."""

    rsvp_id: int
    event_id: int
    person_id: int
    name: str
    username: str | None
    locale: str
    state: str
    companions: int
    names: tuple[str, ...]
    way: str
    asked_at: datetime
    to_review: bool
    reason: str


@dataclass(frozen=True)
class Known:
    """Somebody who has started the bot."""

    person_id: int
    name: str
    username: str | None


_all = select(
    rsvps.c.id.label("rsvp_id"),
    rsvps.c.event_id,
    rsvps.c.person_id,
    people.c.name,
    people.c.username,
    people.c.locale,
    rsvps.c.state,
    rsvps.c.companions,
    rsvps.c.names,
    rsvps.c.way,
    rsvps.c.asked_at,
    rsvps.c.to_review,
    rsvps.c.reason,
).join(people, people.c.id == rsvps.c.person_id)


def _party(row: Row[Any]) -> Party:
    return Party(**{**row._mapping, "names": tuple(row.names)})


def _called(text: str) -> ColumnElement[bool]:
    """Whoever has the words in their name, or is @called so."""
    words = text.removeprefix("@")
    return or_(
        people.c.name.icontains(words, autoescape=True),
        people.c.username.icontains(words, autoescape=True),
    )


async def list_held(
    tx: Transaction, event_id: int, *, called: str = "", limit: int, offset: int = 0
) -> list[Party]:
    """Those seated, then those with an offer, waiting and applying, each in the order of asking."""
    rank = case({state: number for number, state in enumerate(reversed(HELD))}, value=rsvps.c.state)
    query = _all.where(rsvps.c.event_id == event_id, rsvps.c.state.in_(HELD))
    if called:
        query = query.where(_called(called))
    query = query.order_by(rank, rsvps.c.asked_at, rsvps.c.id).limit(limit).offset(offset)
    return [_party(row) for row in await tx.rows(query)]


async def find(tx: Transaction, event_id: int, person_id: int) -> Party | None:
    row = await tx.row(_all.where(rsvps.c.event_id == event_id, rsvps.c.person_id == person_id))
    return row and _party(row)


async def find_by_id(tx: Transaction, rsvp_id: int) -> Party | None:
    row = await tx.row(_all.where(rsvps.c.id == rsvp_id))
    return row and _party(row)


async def list_known(tx: Transaction, called: str, *, limit: int) -> list[Known]:
    """Everybody of that name who has started the bot."""
    query = (
        select(people.c.id.label("person_id"), people.c.name, people.c.username)
        .where(_called(called))
        .order_by(func.length(people.c.name), people.c.id)
        .limit(limit)
    )
    return [Known(**row._mapping) for row in await tx.rows(query)]
