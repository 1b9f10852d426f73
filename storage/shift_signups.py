"""How each person stands with a shift: asked for it, has it, leads it, came to it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, func, select, update

from storage.database import Transaction
from storage.tables import people, shift_signups


@dataclass(frozen=True)
class Signup:
    shift_id: int
    person_id: int
    state: str
    leader: bool
    arrived_at: datetime | None
    # Since when somebody else is sought for it; the shift stays the person's meanwhile.
    cover_since: datetime | None
    # Why it was refused, in the organiser's words.
    reason: str


@dataclass(frozen=True)
class Hand:
    """Somebody on a shift's list, with what those who lead it need to know."""

    person_id: int
    name: str
    username: str | None
    state: str
    leader: bool
    arrived_at: datetime | None
    cover_since: datetime | None


_columns = (
    shift_signups.c.shift_id,
    shift_signups.c.person_id,
    shift_signups.c.state,
    shift_signups.c.leader,
    shift_signups.c.arrived_at,
    shift_signups.c.cover_since,
    shift_signups.c.reason,
)


def _signup(row: Row[tuple[object, ...]] | None) -> Signup | None:
    return row and Signup(**row._mapping)


async def find(tx: Transaction, shift_id: int, person_id: int) -> Signup | None:
    query = select(*_columns).where(
        shift_signups.c.shift_id == shift_id, shift_signups.c.person_id == person_id
    )
    return _signup(await tx.row(query))


async def list_of_person(tx: Transaction, person_id: int, shift_ids: Collection[int]) -> dict[int, Signup]:
    """How the person stands with those of the shifts that they ever asked for, by the shift's id."""
    query = select(*_columns).where(
        shift_signups.c.person_id == person_id, shift_signups.c.shift_id.in_(shift_ids)
    )
    return {row.shift_id: Signup(**row._mapping) for row in await tx.rows(query)}


async def list_hands(
    tx: Transaction,
    shift_id: int,
    states: Sequence[str],
    *,
    limit: int | None = None,
    offset: int = 0,
) -> list[Hand]:
    """The people in any of the states, in the order in which they asked for the shift."""
    query = (
        select(
            people.c.id.label("person_id"),
            people.c.name,
            people.c.username,
            shift_signups.c.state,
            shift_signups.c.leader,
            shift_signups.c.arrived_at,
            shift_signups.c.cover_since,
        )
        .join(people, people.c.id == shift_signups.c.person_id)
        .where(shift_signups.c.shift_id == shift_id, shift_signups.c.state.in_(states))
        .order_by(shift_signups.c.taken_at, shift_signups.c.id)
        .limit(limit)
        .offset(offset)
    )
    return [Hand(**row._mapping) for row in await tx.rows(query)]


async def count_in(tx: Transaction, shift_id: int, states: Sequence[str]) -> int:
    query = (
        select(func.count())
        .select_from(shift_signups)
        .where(shift_signups.c.shift_id == shift_id, shift_signups.c.state.in_(states))
    )
    count: int = await tx.value(query)
    return count


async def count_applied(tx: Transaction, shift_ids: Collection[int]) -> dict[int, int]:
    """How many wait for an organiser's word, by those of the shifts where anybody does."""
    query = (
        select(shift_signups.c.shift_id, func.count().label("applied"))
        .where(shift_signups.c.shift_id.in_(shift_ids), shift_signups.c.state == "applied")
        .group_by(shift_signups.c.shift_id)
    )
    return {row.shift_id: row.applied for row in await tx.rows(query)}


async def count_cover_wanted(tx: Transaction, shift_ids: Collection[int]) -> dict[int, int]:
    """How many seek cover, by those of the shifts where anybody does."""
    query = (
        select(shift_signups.c.shift_id, func.count().label("wanted"))
        .where(
            shift_signups.c.shift_id.in_(shift_ids),
            shift_signups.c.state == "taken",
            shift_signups.c.cover_since.is_not(None),
        )
        .group_by(shift_signups.c.shift_id)
    )
    return {row.shift_id: row.wanted for row in await tx.rows(query)}


async def list_cover_wanted(tx: Transaction, shift_id: int) -> list[Signup]:
    """Those on the shift who seek cover, who asked first comes first."""
    query = (
        select(*_columns)
        .where(
            shift_signups.c.shift_id == shift_id,
            shift_signups.c.state == "taken",
            shift_signups.c.cover_since.is_not(None),
        )
        .order_by(shift_signups.c.cover_since, shift_signups.c.id)
    )
    return [Signup(**row._mapping) for row in await tx.rows(query)]


async def change(tx: Transaction, shift_id: int, person_id: int, **values: object) -> None:
    await tx.run(
        update(shift_signups)
        .where(shift_signups.c.shift_id == shift_id, shift_signups.c.person_id == person_id)
        .values(**values)
    )


async def end_cover(tx: Transaction, shift_id: int) -> list[int]:
    """Nobody seeks cover for the shift any more; say who did."""
    sought = [signup.person_id for signup in await list_cover_wanted(tx, shift_id)]
    if sought:
        await tx.run(
            update(shift_signups).where(shift_signups.c.shift_id == shift_id).values(cover_since=None)
        )
    return sought


async def drop_applications(tx: Transaction, person_id: int) -> None:
    """The person asks for no shift any more that an organiser has still to decide about."""
    await tx.run(
        update(shift_signups)
        .where(shift_signups.c.person_id == person_id, shift_signups.c.state == "applied")
        .values(state="dropped")
    )
