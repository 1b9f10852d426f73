"""Who answers for an event: the one who made it, or whoever may organise."""

import json
from collections.abc import Collection

from sqlalchemy import or_, select

from storage import options
from storage.database import Transaction
from storage.tables import events, people

# The name under which the owners' Telegram ids are remembered, as a list in JSON.
OWNERS = "owners"


async def remember_owners(tx: Transaction, telegram_ids: Collection[int]) -> None:
    """Keep who the owners are, for what is decided by the clock."""
    await options.remember(tx, OWNERS, json.dumps(sorted(telegram_ids)))


async def find_creator(tx: Transaction, event_id: int) -> int | None:
    """The person who made the event and can be reached; None where that is nobody."""
    query = (
        select(people.c.id)
        .join(events, events.c.created_by == people.c.id)
        .where(events.c.id == event_id, people.c.unreachable_since.is_(None))
    )
    found: int | None = await tx.value(query)
    return found


async def list_all(tx: Transaction) -> list[int]:
    """Everybody who may organise and can be reached: those appointed, and the owners who started the bot."""
    owners = json.loads(await options.find(tx, OWNERS) or "[]")
    query = select(people.c.id).where(
        or_(people.c.role == "organiser", people.c.telegram_id.in_(owners)),
        people.c.unreachable_since.is_(None),
    )
    return [row.id for row in await tx.rows(query.order_by(people.c.id))]
