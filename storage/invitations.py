"""Who was invited to which event that is by invitation only."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import invitations


async def put(tx: Transaction, event_id: int, person_id: int, *, now: datetime) -> None:
    """Remember that the person was invited. Opening the link twice is harmless."""
    await tx.run(
        insert(invitations)
        .values(event_id=event_id, person_id=person_id, invited_at=now)
        .on_conflict_do_nothing()
    )


async def list_of_person(tx: Transaction, person_id: int) -> dict[int, datetime]:
    """When the person opened the invitation, by the event's id."""
    query = select(invitations.c.event_id, invitations.c.invited_at).where(
        invitations.c.person_id == person_id
    )
    return {row.event_id: row.invited_at for row in await tx.rows(query)}


async def count(tx: Transaction, event_id: int) -> int:
    number: int = await tx.value(
        select(func.count()).select_from(invitations).where(invitations.c.event_id == event_id)
    )
    return number


async def drop_all(tx: Transaction, event_id: int) -> None:
    """Uninvite everybody who has not signed up; whoever has keeps their place."""
    await tx.run(delete(invitations).where(invitations.c.event_id == event_id))
