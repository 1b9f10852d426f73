"""Who may not write to the desk for a while."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import desk_bans, people


@dataclass(frozen=True)
class Ban:
    person_id: int
    name: str
    since: datetime
    # None: until somebody lifts it.
    until: datetime | None


_all = select(desk_bans.c.person_id, people.c.name, desk_bans.c.since, desk_bans.c.until).join_from(
    desk_bans, people, people.c.id == desk_bans.c.person_id
)


def _holds(now: datetime) -> ColumnElement[bool]:
    return or_(desk_bans.c.until.is_(None), desk_bans.c.until > now)


async def find(tx: Transaction, person_id: int, *, now: datetime) -> Ban | None:
    """The bar that holds now, if there is one."""
    row = await tx.row(_all.where(desk_bans.c.person_id == person_id, _holds(now)))
    return row and Ban(**row._mapping)


async def find_any(tx: Transaction, person_id: int) -> Ban | None:
    """The bar that is kept, be it over."""
    row = await tx.row(_all.where(desk_bans.c.person_id == person_id))
    return row and Ban(**row._mapping)


async def list_all(tx: Transaction, *, now: datetime, limit: int, offset: int = 0) -> list[Ban]:
    """Those that hold now, the latest first."""
    query = _all.where(_holds(now)).order_by(desk_bans.c.since.desc(), desk_bans.c.person_id)
    return [Ban(**row._mapping) for row in await tx.rows(query.limit(limit).offset(offset))]


async def count(tx: Transaction, *, now: datetime) -> int:
    found: int = await tx.value(select(func.count()).select_from(desk_bans).where(_holds(now)))
    return found


async def put(tx: Transaction, person_id: int, *, until: datetime | None, now: datetime) -> None:
    values = {"since": now, "until": until}
    await tx.run(
        insert(desk_bans)
        .values(person_id=person_id, **values)
        .on_conflict_do_update(index_elements=[desk_bans.c.person_id], set_=values)
    )


async def lift(tx: Transaction, person_id: int) -> bool:
    """End the bar; say whether there was one."""
    return await tx.run(delete(desk_bans).where(desk_bans.c.person_id == person_id)) > 0


async def forget_ended(tx: Transaction, *, now: datetime) -> None:
    await tx.run(delete(desk_bans).where(desk_bans.c.until <= now))
