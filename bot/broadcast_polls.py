"""One poll for all readers of a broadcast: it stands in its author's chat, and everyone votes in that one."""

import json
import zlib
from datetime import datetime

from storage import Transaction, broadcasts, owing
from storage.broadcasts import Variant

NOTICE = "broadcast_poll"
# While it is in one of these, none of it has left.
BEFOREHAND = ("draft", "review", "scheduled")


def mark_of(variant: Variant) -> str:
    """A few letters that differ when the poll does."""
    poll = variant.poll or {}
    asked = [poll.get("question"), poll.get("options"), bool(poll.get("several"))]
    return format(zlib.crc32(json.dumps(asked).encode()), "x")


async def share(
    tx: Transaction, broadcast_id: int, locale: str, variant: Variant, *, author_id: int, now: datetime
) -> None:
    """Owe the author the poll itself. Nothing happens where the variant is none."""
    if variant.poll is None:
        return
    mark = mark_of(variant)
    await owing.owe_person(
        tx,
        author_id,
        NOTICE,
        occasion=f"{NOTICE}:{broadcast_id}:{locale}:{mark}:{int(now.timestamp())}",
        due_at=now,
        params={"broadcast": broadcast_id, "locale": locale, "mark": mark},
    )


async def find(tx: Transaction, broadcast_id: int, locale: str, mark: str) -> Variant | None:
    """The poll that was to be shared; None when another has taken its place, or it is shared already."""
    found = await broadcasts.find(tx, broadcast_id)
    variant = found.variants.get(locale) if found and found.state in BEFOREHAND else None
    if variant is None or variant.poll is None or variant.poll.get("message_id"):
        return None
    return variant if mark_of(variant) == mark else None


async def remember(
    tx: Transaction, broadcast_id: int, locale: str, mark: str, *, chat_id: int, message_id: int
) -> None:
    """Note where the shared poll stands. What has begun to be sent stays as it is: each their own poll."""
    await broadcasts.lock(tx, broadcast_id)
    variant = await find(tx, broadcast_id, locale, mark)
    if variant is None or variant.poll is None:
        return
    shared = Variant("", poll={**variant.poll, "chat_id": chat_id, "message_id": message_id})
    await broadcasts.put_variant(tx, broadcast_id, locale, shared)


async def forget_chat(tx: Transaction, chat_id: int) -> None:
    """Keep no trace of whose chat a poll stands in; whoever still gets it has a poll of their own."""
    for broadcast_id, locale, poll in await broadcasts.list_polls(tx):
        if poll.get("chat_id") == chat_id:
            kept = {name: value for name, value in poll.items() if name not in ("chat_id", "message_id")}
            await broadcasts.put_variant(tx, broadcast_id, locale, Variant("", poll=kept))
