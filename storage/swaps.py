"""Wishes to exchange one shift for another, from the asking to their end."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import people, shift_signups, shifts, swaps


@dataclass(frozen=True)
class Swap:
    id: int
    giver_id: int
    giver_shift_id: int
    taker_id: int
    taker_shift_id: int
    state: str
    asked_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True)
class Counterpart:
    """A shift of somebody else's that could be had in exchange."""

    shift_id: int
    event_id: int
    person_id: int
    name: str


async def add(
    tx: Transaction, *, giver_id: int, giver_shift_id: int, taker_id: int, taker_shift_id: int, now: datetime
) -> int:
    swap_id: int = await tx.value(
        insert(swaps)
        .values(
            giver_id=giver_id,
            giver_shift_id=giver_shift_id,
            taker_id=taker_id,
            taker_shift_id=taker_shift_id,
            state="asked",
            asked_at=now,
        )
        .returning(swaps.c.id)
    )
    return swap_id


async def find(tx: Transaction, swap_id: int) -> Swap | None:
    row = await tx.row(select(swaps).where(swaps.c.id == swap_id))
    return row and Swap(**row._mapping)


async def find_asked(tx: Transaction, giver_id: int, giver_shift_id: int) -> Swap | None:
    """The person's wish to exchange the shift that waits for an answer."""
    query = select(swaps).where(
        swaps.c.giver_id == giver_id, swaps.c.giver_shift_id == giver_shift_id, swaps.c.state == "asked"
    )
    row = await tx.row(query)
    return row and Swap(**row._mapping)


async def end(tx: Transaction, swap_id: int, state: str, *, now: datetime) -> bool:
    """End the wish in the state; False when it had ended before."""
    ended = await tx.run(
        update(swaps)
        .where(swaps.c.id == swap_id, swaps.c.state == "asked")
        .values(state=state, answered_at=now)
    )
    return ended > 0


async def list_asked_about(tx: Transaction, shift_id: int, person_id: int | None = None) -> list[Swap]:
    """The wishes waiting for an answer that concern the shift, or the person's place on it alone."""
    giving: ColumnElement[bool] = swaps.c.giver_shift_id == shift_id
    taking: ColumnElement[bool] = swaps.c.taker_shift_id == shift_id
    if person_id is not None:
        giving = and_(giving, swaps.c.giver_id == person_id)
        taking = and_(taking, swaps.c.taker_id == person_id)
    query = select(swaps).where(swaps.c.state == "asked", or_(giving, taking)).order_by(swaps.c.id)
    return [Swap(**row._mapping) for row in await tx.rows(query)]


async def list_of_person(tx: Transaction, person_id: int) -> list[Swap]:
    """Everything the person ever asked for or was asked, oldest first."""
    query = select(swaps).where(or_(swaps.c.giver_id == person_id, swaps.c.taker_id == person_id))
    return [Swap(**row._mapping) for row in await tx.rows(query.order_by(swaps.c.id))]


async def was_refused(
    tx: Transaction, *, giver_id: int, giver_shift_id: int, taker_id: int, taker_shift_id: int
) -> bool:
    """Whether just this exchange was asked for before and not agreed to."""
    query = select(swaps.c.id).where(
        swaps.c.giver_id == giver_id,
        swaps.c.giver_shift_id == giver_shift_id,
        swaps.c.taker_id == taker_id,
        swaps.c.taker_shift_id == taker_shift_id,
        swaps.c.state.in_(("refused", "lapsed")),
    )
    return await tx.value(query.limit(1)) is not None


async def list_counterparts(tx: Transaction, event_ids: list[int], *, now: datetime) -> list[Counterpart]:
    """Who has which shift that has not begun, of the events, soonest first."""
    query = (
        select(
            shifts.c.id.label("shift_id"),
            shifts.c.event_id,
            people.c.id.label("person_id"),
            people.c.name,
        )
        .join(shift_signups, shift_signups.c.shift_id == shifts.c.id)
        .join(people, people.c.id == shift_signups.c.person_id)
        .where(
            shifts.c.event_id.in_(event_ids),
            shifts.c.cancelled_at.is_(None),
            shifts.c.starts_at > now,
            shift_signups.c.state == "taken",
            people.c.unreachable_since.is_(None),
        )
        .order_by(shifts.c.starts_at, shifts.c.id, shift_signups.c.taken_at, shift_signups.c.id)
    )
    return [Counterpart(**row._mapping) for row in await tx.rows(query)]


async def list_event_ids_ahead(tx: Transaction, *, now: datetime, limit: int) -> list[int]:
    """Events with shifts that have not begun, the next first."""
    query = (
        select(shifts.c.event_id, shifts.c.starts_at)
        .where(shifts.c.cancelled_at.is_(None), shifts.c.starts_at > now)
        .order_by(shifts.c.starts_at)
    )
    found: dict[int, None] = {}
    for row in await tx.rows(query.limit(500)):
        found[row.event_id] = None
    return list(found)[:limit]
