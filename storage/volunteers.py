"""Who has signed up as a volunteer, and what they told about themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import volunteers


@dataclass(frozen=True)
class Volunteer:
    person_id: int
    # Codes of the languages the person speaks.
    languages: tuple[str, ...]
    skills: str
    # Codes of the times at which the person is usually free.
    free: tuple[str, ...]
    signed_up_at: datetime


_all = select(
    volunteers.c.person_id,
    volunteers.c.languages,
    volunteers.c.skills,
    volunteers.c.free,
    volunteers.c.signed_up_at,
)


async def find(tx: Transaction, person_id: int) -> Volunteer | None:
    row = await tx.row(_all.where(volunteers.c.person_id == person_id))
    return row and Volunteer(
        row.person_id, tuple(row.languages), row.skills, tuple(row.free), row.signed_up_at
    )


async def lock(tx: Transaction, person_id: int) -> bool:
    """Let nobody else decide about the volunteer's shifts until the transaction ends; say if there is one."""
    query = select(volunteers.c.person_id).where(volunteers.c.person_id == person_id).with_for_update()
    return await tx.value(query) is not None


async def put(
    tx: Transaction,
    person_id: int,
    *,
    languages: Sequence[str],
    skills: str,
    free: Sequence[str],
    now: datetime,
) -> None:
    """Write what a volunteer says of themselves; who has signed up before keeps the day of that."""
    values = {"languages": list(languages), "skills": skills, "free": list(free)}
    await tx.run(
        insert(volunteers)
        .values(person_id=person_id, signed_up_at=now, **values)
        .on_conflict_do_update(index_elements=[volunteers.c.person_id], set_=values)
    )


async def drop(tx: Transaction, person_id: int) -> None:
    """Forget what the volunteer said of themselves; their shifts are another table's."""
    await tx.run(delete(volunteers).where(volunteers.c.person_id == person_id))


async def count(tx: Transaction) -> int:
    found: int = await tx.value(select(func.count()).select_from(volunteers))
    return found
