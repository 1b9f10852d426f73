"""Messages to many: what a draft needs, and pausing and stopping one that is on its way."""

import json
import zlib
from dataclasses import asdict
from datetime import datetime

from bot import audit
from storage import Transaction, broadcast_changes, broadcasts
from storage.audiences import Audience
from storage.broadcast_changes import NOT_BEGUN
from storage.broadcasts import Broadcast, Variant

NIGHTS = ("morning", "silent", "now")
# While it is being sent it has to be paused before it is corrected: else some would leave with the old words.
AT_REST = ("paused", "cancelled", "done")


async def draft(tx: Transaction, *, author_id: int, locale: str, variant: Variant, now: datetime) -> int:
    """Keep a first text as a draft for everyone; its language is the one others fall back on."""
    broadcast_id = await broadcasts.add(tx, author_id=author_id, base_locale=locale, now=now)
    await broadcasts.put_variant(tx, broadcast_id, locale, variant)
    return broadcast_id


async def write(tx: Transaction, broadcast_id: int, locale: str, variant: Variant | None) -> bool:
    """Set or, with None, take away what a draft says in a language; False when it is no draft any more.

    The base language's text can be replaced only.
    """
    found = await broadcasts.lock(tx, broadcast_id)
    if found is None or found.state != "draft":
        return False
    if variant is not None:
        await broadcasts.put_variant(tx, broadcast_id, locale, variant)
    elif locale != found.base_locale:
        await broadcasts.drop_variant(tx, broadcast_id, locale)
    return True


async def choose(tx: Transaction, broadcast_id: int, audience: Audience) -> bool:
    """Set who gets a draft; False when it is no draft any more."""
    found = await broadcasts.lock(tx, broadcast_id)
    if found is None or found.state != "draft":
        return False
    await broadcasts.set_audience(tx, broadcast_id, audience)
    return True


async def arrange(tx: Transaction, broadcast_id: int, **values: object) -> bool:
    """Set when (`send_at`) and how (`silent`, `night`, `paid`) a draft goes out; False when it is none."""
    found = await broadcasts.lock(tx, broadcast_id)
    if found is None or found.state != "draft":
        return False
    await broadcasts.change(tx, broadcast_id, **values)
    return True


async def discard(tx: Transaction, broadcast_id: int) -> bool:
    """Forget a draft; False when it is none, or none any more."""
    found = await broadcasts.lock(tx, broadcast_id)
    if found is None or found.state != "draft":
        return False
    await broadcasts.drop(tx, broadcast_id)
    return True


def digest(broadcast: Broadcast) -> str:
    """A few letters that change when what it says, who gets it, or when and how they do changes."""
    said = {locale: asdict(variant) for locale, variant in broadcast.variants.items()}
    how = [broadcast.send_at, broadcast.silent, broadcast.night, broadcast.paid]
    whole = [said, asdict(broadcast.audience), list(broadcast.buttons), how]
    return format(zlib.crc32(json.dumps(whole, sort_keys=True, default=str).encode()), "x")


def can_correct(broadcast: Broadcast, locale: str) -> bool:
    """Whether the words in a language can be changed where they have arrived: of polls and places never."""
    variant = broadcast.variants.get(locale)
    return broadcast.state in AT_REST and bool(variant and not variant.poll and not variant.place)


async def pause(tx: Transaction, broadcast_id: int, *, actor_id: int | None, now: datetime) -> bool:
    """Hold what has not been sent; False when it isn't on its way."""
    if not await _turn(tx, broadcast_id, ("sending",), state="paused", paused_because=None):
        return False
    await audit.note(tx, "broadcast_paused", now=now, actor_id=actor_id, broadcast=broadcast_id)
    return True


async def resume(tx: Transaction, broadcast_id: int, *, actor_id: int | None, now: datetime) -> bool:
    """Let it go on; False when it isn't paused, or when what arrived is just about to be corrected.

    Failures count anew from here: whoever goes on after some has seen them.
    """
    if any(made.spread_to == NOT_BEGUN for made in await broadcast_changes.list_of(tx, broadcast_id)):
        return False
    if not await _turn(tx, broadcast_id, ("paused",), state="sending", paused_because=None, pulse=[]):
        return False
    await audit.note(tx, "broadcast_resumed", now=now, actor_id=actor_id, broadcast=broadcast_id)
    return True


async def stop(tx: Transaction, broadcast_id: int, *, actor_id: int | None, now: datetime) -> bool:
    """Send no more of it, for good. What is on the wire this moment still arrives."""
    under_way = ("sending", "paused")
    if not await _turn(tx, broadcast_id, under_way, state="cancelled", paused_because=None):
        return False
    await audit.note(tx, "broadcast_stopped", now=now, actor_id=actor_id, broadcast=broadcast_id)
    return True


async def _turn(tx: Transaction, broadcast_id: int, before: tuple[str, ...], **values: object) -> bool:
    found = await broadcasts.lock(tx, broadcast_id)
    if found is None or found.state not in before:
        return False
    await broadcasts.change(tx, broadcast_id, **values)
    return True
