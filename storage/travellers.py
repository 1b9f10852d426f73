"""What a visit has to know of each traveller, and the names of companions; both are forgotten after it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import dialogues, people, rsvps, travellers


@dataclass(frozen=True)
class Traveller:
    """Number 0 of a party is the one who signed up."""

    rsvp_id: int
    position: int
    name: str
    document: str
    document_last: str
    # YYYY-MM-DD, or empty where the document has no expiry date.
    document_expires: str
    emergency_name: str
    emergency_phone: str
    diet: str
    access: str
    filled_at: datetime


@dataclass(frozen=True)
class Party:
    """Somebody who has a place, with those who come along, and of how many of them the details are there."""

    rsvp_id: int
    person_id: int
    person: str
    username: str | None
    names: tuple[str, ...]
    seated_at: datetime
    size: int
    filled: int

    @property
    def complete(self) -> bool:
        return self.filled >= self.size


_all = select(
    travellers.c.rsvp_id,
    travellers.c.position,
    travellers.c.name,
    travellers.c.document,
    travellers.c.document_last,
    travellers.c.document_expires,
    travellers.c.emergency_name,
    travellers.c.emergency_phone,
    travellers.c.diet,
    travellers.c.access,
    travellers.c.filled_at,
)


def _traveller(row: Row[Any]) -> Traveller:
    return Traveller(**row._mapping)


async def list_of_rsvp(tx: Transaction, rsvp_id: int) -> list[Traveller]:
    query = _all.where(travellers.c.rsvp_id == rsvp_id).order_by(travellers.c.position)
    return [_traveller(row) for row in await tx.rows(query)]


async def list_of_event(tx: Transaction, event_id: int) -> list[Traveller]:
    """The details of everybody who comes, party by party in the order in which they were seated."""
    query = (
        _all.join(rsvps, rsvps.c.id == travellers.c.rsvp_id)
        .where(
            rsvps.c.event_id == event_id,
            rsvps.c.state == "going",
            rsvps.c.way == "here",
            travellers.c.position <= rsvps.c.companions,
        )
        .order_by(rsvps.c.seated_at, rsvps.c.id, travellers.c.position)
    )
    return [_traveller(row) for row in await tx.rows(query)]


async def list_of_person(tx: Transaction, person_id: int) -> list[tuple[int, Traveller]]:
    """What is kept of the person alone, each with its event's id."""
    query = (
        _all.add_columns(rsvps.c.event_id)
        .join(rsvps, rsvps.c.id == travellers.c.rsvp_id)
        .where(rsvps.c.person_id == person_id)
        .order_by(travellers.c.rsvp_id, travellers.c.position)
    )
    found = []
    for row in await tx.rows(query):
        values = dict(row._mapping)
        event_id = values.pop("event_id")
        found.append((event_id, Traveller(**values)))
    return found


async def list_parties(tx: Transaction, event_id: int) -> list[Party]:
    """Everybody who has a place, with how far the party's details have come; in the order of seats."""
    filled = (
        select(func.count())
        .where(travellers.c.rsvp_id == rsvps.c.id, travellers.c.position <= rsvps.c.companions)
        .correlate(rsvps)
        .scalar_subquery()
    )
    query = (
        select(
            rsvps.c.id.label("rsvp_id"),
            rsvps.c.person_id,
            people.c.name.label("person"),
            people.c.username,
            rsvps.c.names,
            rsvps.c.seated_at,
            (rsvps.c.companions + 1).label("size"),
            filled.label("filled"),
        )
        .join(people, people.c.id == rsvps.c.person_id)
        .where(rsvps.c.event_id == event_id, rsvps.c.state == "going")
        .order_by(rsvps.c.seated_at, rsvps.c.id)
    )
    return [Party(**{**row._mapping, "names": tuple(row.names)}) for row in await tx.rows(query)]


async def put(tx: Transaction, traveller: Traveller) -> None:
    """Write the details of one of the party, whatever stood there before."""
    values = {
        "name": traveller.name,
        "document": traveller.document,
        "document_last": traveller.document_last,
        "document_expires": traveller.document_expires,
        "emergency_name": traveller.emergency_name,
        "emergency_phone": traveller.emergency_phone,
        "diet": traveller.diet,
        "access": traveller.access,
        "filled_at": traveller.filled_at,
    }
    await tx.run(
        insert(travellers)
        .values(rsvp_id=traveller.rsvp_id, position=traveller.position, **values)
        .on_conflict_do_update(index_elements=[travellers.c.rsvp_id, travellers.c.position], set_=values)
    )


async def drop(tx: Transaction, rsvp_id: int, position: int) -> None:
    await tx.run(delete(travellers).where(travellers.c.rsvp_id == rsvp_id, travellers.c.position == position))


async def drop_beyond(tx: Transaction, rsvp_id: int, size: int) -> None:
    """Forget those of the party who don't come any more: with a size of 0, all of it."""
    await tx.run(delete(travellers).where(travellers.c.rsvp_id == rsvp_id, travellers.c.position >= size))


async def purge(tx: Transaction, event_id: int) -> int:
    """Forget the details of all travellers of the event; say of how many."""
    whose = select(rsvps.c.id).where(rsvps.c.event_id == event_id)
    return await tx.run(delete(travellers).where(travellers.c.rsvp_id.in_(whose)))


async def forget_forms(tx: Transaction, event_id: int) -> None:
    """Forget what stands in forms about the event's travellers that were never finished."""
    await tx.run(
        delete(dialogues).where(
            dialogues.c.kind == "traveller", dialogues.c.data["event"].as_integer() == event_id
        )
    )


async def forget_names(tx: Transaction, event_id: int) -> None:
    """Forget what the companions at the event are called; how many they were stays."""
    await tx.run(update(rsvps).where(rsvps.c.event_id == event_id).values(names=[]))
