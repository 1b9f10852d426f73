"""Messages to many: what a draft needs, when one begins and stops, and when it is finished."""

import json
import zlib
from dataclasses import dataclass
from datetime import datetime

from bot import audit
from storage import Transaction, audiences, broadcast_notices, broadcasts, events, owing
from storage.audiences import Audience, Counted
from storage.broadcasts import Broadcast, Variant

# Notices are written this far ahead of sending and no further: stopping and pausing stay cheap.
AHEAD = 3000
CHUNK = 1000


@dataclass(frozen=True)
class Started:
    broadcast: Broadcast
    counted: Counted


@dataclass(frozen=True)
class Changed:
    """Since the person looked, somebody has changed what it says or who gets it."""

    broadcast: Broadcast


@dataclass(frozen=True)
class Nobody:
    """There is nobody whom it would reach."""

    broadcast: Broadcast


@dataclass(frozen=True)
class Begun:
    """It was sent before; this changed nothing."""

    broadcast: Broadcast


@dataclass(frozen=True)
class Gone:
    """There is no such broadcast."""


Start = Started | Changed | Nobody | Begun | Gone


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


async def discard(tx: Transaction, broadcast_id: int) -> bool:
    """Forget a draft; False when it is none, or none any more."""
    found = await broadcasts.lock(tx, broadcast_id)
    if found is None or found.state != "draft":
        return False
    await broadcasts.drop(tx, broadcast_id)
    return True


def digest(broadcast: Broadcast) -> str:
    """A few letters that change when what it says or who gets it changes."""
    audience = broadcast.audience
    said = [
        [locale, variant.text, list(variant.entities), list(variant.media), variant.poll, variant.place]
        for locale, variant in sorted(broadcast.variants.items())
    ]
    whom = [audience.volunteers, audience.kinds, audience.events, audience.locales]
    return format(zlib.crc32(json.dumps([said, whom], sort_keys=True).encode()), "x")


async def start(
    tx: Transaction, broadcast_id: int, seen: str, *, actor_id: int | None = None, now: datetime
) -> Start:
    """Send a draft that still is what the person saw, as `digest` told it. Starting twice is harmless."""
    found = await broadcasts.lock(tx, broadcast_id)
    if found is None:
        return Gone()
    if found.state != "draft":
        return Begun(found)
    if digest(found) != seen:
        return Changed(found)
    counted = await audiences.count(tx, found.audience)
    if not counted.people:
        return Nobody(found)
    await broadcasts.set_audience(tx, broadcast_id, found.audience, counted)
    await broadcasts.change(tx, broadcast_id, state="sending", started_at=now)
    await audit.note(tx, "broadcast_started", now=now, actor_id=actor_id, broadcast=broadcast_id)
    return Started(found, counted)


async def pause(tx: Transaction, broadcast_id: int) -> bool:
    """Hold what has not been sent; False when it isn't on its way."""
    return await _turn(tx, broadcast_id, ("sending",), "paused")


async def resume(tx: Transaction, broadcast_id: int) -> bool:
    return await _turn(tx, broadcast_id, ("paused",), "sending")


async def stop(tx: Transaction, broadcast_id: int) -> bool:
    """Send no more of it, for good. What is on the wire this moment still arrives."""
    return await _turn(tx, broadcast_id, ("sending", "paused"), "cancelled")


async def _turn(tx: Transaction, broadcast_id: int, before: tuple[str, ...], after: str) -> bool:
    found = await broadcasts.lock(tx, broadcast_id)
    if found is None or found.state not in before:
        return False
    await broadcasts.change(tx, broadcast_id, state=after)
    return True


async def list_with_work(tx: Transaction, *, now: datetime) -> list[int]:
    """The broadcasts for which `carry_on` has something to do."""
    return [one.id for one in await broadcasts.list_unfinished(tx) if await _has_work(tx, one, now=now)]


async def _has_work(tx: Transaction, broadcast: Broadcast, *, now: datetime) -> bool:
    match broadcast:
        case Broadcast(state="sending", spread_done=False):
            return await broadcast_notices.count_due(tx, broadcast.id, now=now) < AHEAD
        case Broadcast(state="cancelled"):
            return True
        case Broadcast(state="sending"):
            return not await broadcast_notices.is_anything_unsettled(tx, broadcast.id)
        case _:
            return False


async def carry_on(tx: Transaction, broadcast_id: int, *, now: datetime) -> bool:
    """Do the next piece of a broadcast's work; say whether there is more of it just now.

    People are taken in the order of their ids and the place is kept with them, so that whatever happens
    in between, nobody is skipped and nobody is taken twice. It is finished when every notice is settled.
    """
    found = await broadcasts.lock(tx, broadcast_id)
    if found is None or found.finished_at is not None:
        return False
    match found.state:
        case "sending" if not found.spread_done:
            if await broadcast_notices.count_due(tx, found.id, now=now) >= AHEAD:
                return False
            until = await _useful_until(tx, found)
            await broadcast_notices.spread(tx, found, limit=CHUNK, now=now, useful_until=until)
            return True
        case "cancelled" if await broadcast_notices.cancel_owed(tx, found.id, limit=CHUNK, now=now):
            return True
        case "sending" | "cancelled" if not await broadcast_notices.is_anything_unsettled(tx, found.id):
            await _finish(tx, found, now=now)
    return False


async def _finish(tx: Transaction, broadcast: Broadcast, *, now: datetime) -> None:
    state = "cancelled" if broadcast.state == "cancelled" else "done"
    await broadcasts.change(tx, broadcast.id, state=state, finished_at=now)
    if broadcast.author_id is not None:
        await owing.owe_person(
            tx,
            broadcast.author_id,
            "broadcast_report",
            occasion=f"broadcast_report:{broadcast.id}",
            due_at=now,
            params={"broadcast": broadcast.id},
        )


async def _useful_until(tx: Transaction, broadcast: Broadcast) -> datetime | None:
    """News for an event's participants alone is of no use after it, unless it was written after it."""
    audience = broadcast.audience
    if not audience.events or audience.volunteers or audience.kinds:
        return None
    found = await events.find_many(tx, [event_id for event_id, _ in audience.events])
    ends_at = max((event.ends_at for event in found), default=None)
    started_at = broadcast.started_at
    return ends_at if ends_at and started_at and started_at < ends_at else None
