"""The poll of a broadcast in its author's own chat: all readers vote in it, and its results show there."""

from bot import broadcast_polls
from handlers.owing import Reading
from handlers.replies import Poll, Reply
from storage import Transaction
from storage.notices import Owed


async def tell(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """The poll itself; none when its author has put something else in its place."""
    found = await broadcast_polls.find(tx, *_which(notice))
    if found is None or found.poll is None:
        return None
    poll = found.poll
    return Reply((Poll(poll["question"], poll["options"], bool(poll.get("several"))),))


async def remember(notice: Owed, tx: Transaction, message_id: int) -> None:
    await broadcast_polls.remember(tx, *_which(notice), chat_id=notice.chat_id, message_id=message_id)


def _which(notice: Owed) -> tuple[int, str, str]:
    return int(notice.params["broadcast"]), notice.params["locale"], notice.params["mark"]
