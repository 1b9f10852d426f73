"""What each person was last told of, for a while: never what they wrote."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import conversations


@dataclass(frozen=True)
class Conversation:
    """Either a topic of the library, by its id there, or an event with what was asked of it."""

    topic_id: str | None
    event_id: int | None
    # As the bot names what can be asked of an event, parted by dots; empty where nothing certain was asked.
    aspects: str
    spoken_at: datetime


_COLUMNS = (
    conversations.c.topic_id,
    conversations.c.event_id,
    conversations.c.aspects,
    conversations.c.spoken_at,
)
_FIND = select(*_COLUMNS).where(conversations.c.person_id == bindparam("person_id"))
_ADD = insert(conversations)
_PUT = _ADD.on_conflict_do_update(
    index_elements=[conversations.c.person_id],
    set_={name: _ADD.excluded[name] for name in ("topic_id", "event_id", "aspects", "spoken_at")},
)


async def find(tx: Transaction, person_id: int) -> Conversation | None:
    row = await tx.row(_FIND, person_id=person_id)
    return row and Conversation(**row._mapping)


async def put(
    tx: Transaction,
    person_id: int,
    *,
    topic_id: str | None = None,
    event_id: int | None = None,
    aspects: str = "",
    now: datetime,
) -> None:
    """Write what the person was told of just now, in place of what it was before."""
    values = {"topic_id": topic_id, "event_id": event_id, "aspects": aspects, "spoken_at": now}
    await tx.run(_PUT, person_id=person_id, **values)


async def forget_before(tx: Transaction, instant: datetime) -> None:
    """Forget what was last spoken of before the instant."""
    await tx.run(delete(conversations).where(conversations.c.spoken_at < instant))
