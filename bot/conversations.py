"""What somebody was last told of, for as long as a conversation lasts: so "how much?" is understood."""

from datetime import datetime, timedelta
from typing import Final

from storage import Transaction, conversations
from storage.conversations import Conversation

# After so long a silence a question stands for itself again.
MEMORY: Final = timedelta(minutes=30)


async def recall(tx: Transaction, person_id: int, *, now: datetime) -> Conversation | None:
    """What was last spoken of, unless that is too long ago."""
    found = await conversations.find(tx, person_id)
    return found if found is not None and found.spoken_at > now - MEMORY else None


async def note_event(
    tx: Transaction, person_id: int, event_id: int, *, aspects: tuple[str, ...] = (), now: datetime
) -> None:
    """The person was told of the event; of what they asked of it, where that is certain."""
    await conversations.put(tx, person_id, event_id=event_id, aspects=".".join(aspects), now=now)


async def note_topic(tx: Transaction, person_id: int, topic_id: str, *, now: datetime) -> None:
    """The person was told of a topic of the library."""
    await conversations.put(tx, person_id, topic_id=topic_id, now=now)


async def forget_old(tx: Transaction, *, now: datetime) -> None:
    await conversations.forget_before(tx, now - MEMORY)
