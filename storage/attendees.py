"""Everybody who asked for a place at an event or came without one, with what became of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, case, or_, select

from storage.database import Transaction
from storage.tables import checkins, people, rsvps


@dataclass(frozen=True)
class Attendee:
    # None for those who came without having asked for a place.
    rsvp_id: int | None
    name: str
    username: str | None
    locale: str | None
    # "going", "offered", "waiting", "applied"; "" for those who came all the same.
    state: str
    way: str
    companions: int
    companion_names: tuple[str, ...]
    # When they came, and how many; None where they have not.
    came_at: datetime | None
    came: int | None

    @property
    def has_seat_here(self) -> bool:
        return self.state == "going" and self.way == "here"


# In the order in which an organiser reads them.
LISTED = ("going", "offered", "waiting", "applied")


async def list_signed_up(
    tx: Transaction, event_id: int, *, limit: int | None = None, offset: int = 0
) -> list[Attendee]:
    """Those with a seat, then those who wait or have applied, each in the order of asking."""
    rank = case({state: number for number, state in enumerate(LISTED)}, value=rsvps.c.state)
    query = (
        select(
            rsvps.c.id.label("rsvp_id"),
            people.c.name,
            people.c.username,
            people.c.locale,
            rsvps.c.state,
            rsvps.c.way,
            rsvps.c.companions,
            rsvps.c.names.label("companion_names"),
            checkins.c.at.label("came_at"),
            checkins.c.party.label("came"),
        )
        .join(people, people.c.id == rsvps.c.person_id)
        .outerjoin(
            checkins,
            and_(checkins.c.event_id == rsvps.c.event_id, checkins.c.person_id == rsvps.c.person_id),
        )
        .where(rsvps.c.event_id == event_id, rsvps.c.state.in_(LISTED))
        .order_by(rank, rsvps.c.asked_at, rsvps.c.id)
        .limit(limit)
        .offset(offset)
    )
    return [_attendee(row) for row in await tx.rows(query)]


def _attendee(row: Row[Any]) -> Attendee:
    return Attendee(**{**row._mapping, "companion_names": tuple(row.companion_names)})


async def list_walk_ins(tx: Transaction, event_id: int) -> list[Attendee]:
    """Those who came and are on no list, in the order in which they came."""
    query = (
        select(checkins, people.c.name.label("own_name"), people.c.username, people.c.locale)
        .outerjoin(people, people.c.id == checkins.c.person_id)
        .outerjoin(
            rsvps, and_(rsvps.c.event_id == checkins.c.event_id, rsvps.c.person_id == checkins.c.person_id)
        )
        .where(checkins.c.event_id == event_id, or_(rsvps.c.id.is_(None), rsvps.c.state.not_in(LISTED)))
        .order_by(checkins.c.at, checkins.c.id)
    )
    return [
        Attendee(
            rsvp_id=None,
            name=row.own_name or row.name,
            username=row.username,
            locale=row.locale,
            state="",
            way="here",
            companions=0,
            companion_names=(),
            came_at=row.at,
            came=row.party,
        )
        for row in await tx.rows(query)
    ]
