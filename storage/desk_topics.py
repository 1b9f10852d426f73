"""Members' topics in the desk's group."""

from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import desk_topics


@dataclass(frozen=True)
class Topic:
    """Where a member's questions stand; without a number Telegram has not said it yet."""

    person_id: int
    chat_id: int
    topic_id: int | None
    occasion: str


async def find(tx: Transaction, person_id: int) -> Topic | None:
    row = await tx.row(select(desk_topics).where(desk_topics.c.person_id == person_id))
    return row and Topic(**row._mapping)


async def find_by_number(tx: Transaction, chat_id: int, topic_id: int) -> Topic | None:
    row = await tx.row(
        select(desk_topics).where(desk_topics.c.chat_id == chat_id, desk_topics.c.topic_id == topic_id)
    )
    return row and Topic(**row._mapping)


async def ask_for(
    tx: Transaction, person_id: int, chat_id: int, occasion: str, *, instead_of: str | None
) -> bool:
    """Note that Telegram is being asked for a topic, in place of one that was asked for on another occasion.

    False where somebody else has just done so.
    """
    values = {"chat_id": chat_id, "topic_id": None, "occasion": occasion}
    if instead_of is None:
        new = insert(desk_topics).values(person_id=person_id, **values).on_conflict_do_nothing()
        return await tx.run(new) > 0
    old = desk_topics.c.person_id == person_id, desk_topics.c.occasion == instead_of
    return await tx.run(update(desk_topics).where(*old).values(**values)) > 0


async def keep_number(tx: Transaction, person_id: int, topic_id: int) -> None:
    """Note the number that Telegram gave the topic that was asked for."""
    await tx.run(
        update(desk_topics)
        .where(desk_topics.c.person_id == person_id, desk_topics.c.topic_id.is_(None))
        .values(topic_id=topic_id)
    )


async def drop(tx: Transaction, person_id: int) -> None:
    await tx.run(delete(desk_topics).where(desk_topics.c.person_id == person_id))
