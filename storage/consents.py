"""Guardians' consent to a young person's taking part, and who says to be of age."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.instants import Instant
from storage.tables import consents, people, rsvps


@dataclass(frozen=True)
class Consent:
    id: int
    rsvp_id: int
    token: str
    # asked, given, refused; adult: the person is 18 or over, as they say.
    state: str
    guardian_id: int | None
    guardian_name: str
    relation: str
    phone: str
    asked_at: datetime
    answered_at: datetime | None
    # The young person's RSVP.
    event_id: int
    person_id: int
    person: str
    rsvp_state: str


_all = (
    select(
        consents.c.id,
        consents.c.rsvp_id,
        consents.c.token,
        consents.c.state,
        consents.c.guardian_id,
        consents.c.guardian_name,
        consents.c.relation,
        consents.c.phone,
        consents.c.asked_at,
        consents.c.answered_at,
        rsvps.c.event_id,
        rsvps.c.person_id,
        people.c.name.label("person"),
        rsvps.c.state.label("rsvp_state"),
    )
    .join(rsvps, rsvps.c.id == consents.c.rsvp_id)
    .join(people, people.c.id == rsvps.c.person_id)
)


def _consent(row: Row[Any]) -> Consent:
    return Consent(**row._mapping)


async def _one(tx: Transaction, query: Select[Any]) -> Consent | None:
    row = await tx.row(query)
    return row and _consent(row)


async def _many(tx: Transaction, query: Select[Any]) -> list[Consent]:
    return [_consent(row) for row in await tx.rows(query.order_by(consents.c.id))]


async def find(tx: Transaction, consent_id: int) -> Consent | None:
    return await _one(tx, _all.where(consents.c.id == consent_id))


async def find_of_rsvp(tx: Transaction, rsvp_id: int) -> Consent | None:
    return await _one(tx, _all.where(consents.c.rsvp_id == rsvp_id))


async def find_by_token(tx: Transaction, token: str) -> Consent | None:
    """The one that the link is about."""
    return await _one(tx, _all.where(consents.c.token == token))


async def list_of_event(tx: Transaction, event_id: int) -> list[Consent]:
    return await _many(tx, _all.where(rsvps.c.event_id == event_id))


async def list_by_guardian(tx: Transaction, guardian_id: int) -> list[Consent]:
    """What the person answered as somebody's guardian."""
    return await _many(tx, _all.where(consents.c.guardian_id == guardian_id))


async def list_unasked(tx: Transaction, event_id: int, *, since: datetime) -> list[int]:
    """Everybody who has held or applied for a place since then at the latest, and was not asked yet."""
    query = (
        select(rsvps.c.person_id)
        .outerjoin(consents, consents.c.rsvp_id == rsvps.c.id)
        .where(
            rsvps.c.event_id == event_id,
            rsvps.c.state.in_(("going", "applied", "offered")),
            func.coalesce(rsvps.c.seated_at, rsvps.c.asked_at) <= literal(since, Instant),
            consents.c.id.is_(None),
        )
        .order_by(rsvps.c.id)
    )
    return [row.person_id for row in await tx.rows(query)]


async def add(tx: Transaction, rsvp_id: int, *, token: str, now: datetime) -> None:
    """Note that consent is needed. Where that stands already nothing changes."""
    await tx.run(
        insert(consents)
        .values(rsvp_id=rsvp_id, token=token, state="asked", asked_at=now)
        .on_conflict_do_nothing()
    )


async def change(tx: Transaction, consent_id: int, **values: object) -> None:
    await tx.run(update(consents).where(consents.c.id == consent_id).values(**values))


async def drop_of_rsvp(tx: Transaction, rsvp_id: int) -> None:
    await tx.run(delete(consents).where(consents.c.rsvp_id == rsvp_id))


async def purge(tx: Transaction, event_id: int) -> int:
    """Forget all consents to the event; say how many."""
    whose = select(rsvps.c.id).where(rsvps.c.event_id == event_id)
    return await tx.run(delete(consents).where(consents.c.rsvp_id.in_(whose)))
