"""Who signs their answers with their own name."""

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import signatures


async def has(tx: Transaction, person_id: int) -> bool:
    query = select(signatures.c.person_id).where(signatures.c.person_id == person_id)
    return await tx.value(query) is not None


async def add(tx: Transaction, person_id: int) -> None:
    await tx.run(insert(signatures).values(person_id=person_id).on_conflict_do_nothing())


async def drop(tx: Transaction, person_id: int) -> None:
    await tx.run(delete(signatures).where(signatures.c.person_id == person_id))
