"""The work of broadcasts that are on their way, a piece at a time: who does it next, and when it is done."""

from datetime import datetime, timedelta
from typing import Final

from bot import audit, broadcast_pulse, broadcast_starting
from storage import (
    Transaction,
    audiences,
    broadcast_changes,
    broadcast_notices,
    broadcasts,
    events,
    organisers,
    owing,
)
from storage.broadcast_changes import NOT_BEGUN, Change
from storage.broadcast_notices import CORRECTION, MESSAGE
from storage.broadcasts import Broadcast

# Notices are written this far ahead of sending and no further: stopping and pausing stay cheap.
AHEAD = 5000
# So many people are looked at in a transaction: answers to others wait no longer than that takes.
CHUNK = 500
# What should have begun longer ago, while the bot was down, is asked about first: it may be stale.
LATEST: Final = timedelta(hours=6)
# Telegram takes messages back for so long.
DELETABLE: Final = timedelta(hours=48)
BADLY: Final = ("failed", "unknown")


async def list_with_work(tx: Transaction, *, now: datetime) -> list[int]:
    """The broadcasts for which `carry_on` has something to do."""
    own = [one.id for one in await broadcasts.list_unfinished(tx) if _has_work(one, now=now)]
    changed = [one.broadcast_id for one in await broadcast_changes.list_unfinished(tx)]
    return list(dict.fromkeys([*own, *changed]))


def _has_work(broadcast: Broadcast, *, now: datetime) -> bool:
    match broadcast:
        case Broadcast(state="sending" | "cancelled"):
            return True
        case Broadcast(state="scheduled", send_at=send_at):
            return send_at is None or send_at <= now
        case _:
            return False


async def carry_on(tx: Transaction, broadcast_id: int, *, now: datetime) -> bool:
    """Do the next piece of a broadcast's work; say whether there is more of it just now.

    People are taken in the order of their ids and the place is kept with them, so that whatever happens
    in between, nobody is skipped and nobody is taken twice. It is finished when every notice is settled.
    """
    found = await broadcasts.lock(tx, broadcast_id)
    if found is None:
        return False
    if found.finished_at is None and await _carry_on_message(tx, found, now=now):
        return True
    for made in await broadcast_changes.list_of(tx, broadcast_id):
        if made.finished_at is None:
            return await _carry_on_change(tx, found, made, now=now)
    return False


async def _carry_on_message(tx: Transaction, found: Broadcast, *, now: datetime) -> bool:
    match found.state:
        case "scheduled" if found.send_at is None or found.send_at <= now:
            await _begin_scheduled(tx, found, now=now)
            return True
        case "sending" if await _is_stopped_by_failures(tx, found, now=now):
            return False
        case "sending" if not found.spread_done:
            if await broadcast_notices.count_due(tx, found.id, MESSAGE, now=now, most=AHEAD) >= AHEAD:
                return False
            until = await useful_until(tx, found)
            await broadcast_notices.spread(tx, found, limit=CHUNK, now=now, useful_until=until)
            return True
        case "cancelled" if await broadcast_notices.cancel_owed(
            tx, found.id, (MESSAGE,), limit=CHUNK, now=now
        ):
            return True
        case "sending" | "cancelled" if not await broadcast_notices.is_anything_open(tx, found.id, MESSAGE):
            await _finish(tx, found, now=now)
    return False


async def _begin_scheduled(tx: Transaction, found: Broadcast, *, now: datetime) -> None:
    counted = await audiences.count(tx, found.audience)
    await broadcast_starting.begin(tx, found, counted, now=now)
    await audit.note(tx, "broadcast_started", now=now, actor_id=found.submitted_by, broadcast=found.id)
    if found.send_at is not None and now - found.send_at > LATEST:
        await _hold(tx, found, "late", now=now)


async def _is_stopped_by_failures(tx: Transaction, found: Broadcast, *, now: datetime) -> bool:
    """Count what was settled since, once a second; pause when failures rise suddenly."""
    if not broadcast_pulse.is_due(found.pulse, now=now):
        return False
    outcomes = await broadcast_notices.count_outcomes(tx, found.id)
    settled = sum(one.people for one in outcomes)
    bad = sum(one.people for one in outcomes if one.state in BADLY)
    if broadcast_pulse.is_resting(found.pulse, settled=settled, bad=bad):
        return False
    pulse = broadcast_pulse.beat(found.pulse, settled=settled, bad=bad, now=now)
    await broadcasts.change(tx, found.id, pulse=pulse)
    if not broadcast_pulse.is_failing(pulse):
        return False
    await _hold(tx, found, "failures", now=now)
    return True


async def _hold(tx: Transaction, found: Broadcast, because: str, *, now: datetime) -> None:
    """Pause it by the clock and alert its author and the organisers."""
    await broadcasts.change(tx, found.id, state="paused", paused_because=because)
    await audit.note(tx, "broadcast_held", now=now, actor_id=None, broadcast=found.id)
    alerted = {found.author_id, found.submitted_by, *await organisers.list_all(tx)}
    for person_id in alerted:
        if person_id is not None:
            occasion = f"broadcast_alarm:{found.id}:{int(now.timestamp())}:{person_id}"
            params = {"broadcast": found.id}
            await owing.owe_person(
                tx, person_id, "broadcast_alarm", occasion=occasion, due_at=now, params=params
            )


async def _finish(tx: Transaction, broadcast: Broadcast, *, now: datetime) -> None:
    state = "cancelled" if broadcast.state == "cancelled" else "done"
    await broadcasts.change(tx, broadcast.id, state=state, finished_at=now)
    await _report(tx, broadcast.author_id, broadcast.id, now=now)


async def _report(
    tx: Transaction, person_id: int | None, broadcast_id: int, *, now: datetime, change_id: int | None = None
) -> None:
    if person_id is None:
        return
    kind = "broadcast_report" if change_id is None else "broadcast_changed"
    occasion = f"{kind}:{change_id or broadcast_id}:{int(now.timestamp())}"
    params = {"broadcast": broadcast_id, "change": change_id}
    await owing.owe_person(tx, person_id, kind, occasion=occasion, due_at=now, params=params)


async def useful_until(tx: Transaction, broadcast: Broadcast) -> datetime | None:
    """News for an event's participants alone is of no use after it, unless it was meant for afterwards."""
    ids = broadcast.audience.events_alone
    meant_at = broadcast.send_at or broadcast.started_at
    if not ids or meant_at is None:
        return None
    ends_at = max((event.ends_at for event in await events.find_many(tx, ids)), default=None)
    return ends_at if ends_at and meant_at < ends_at else None


async def _carry_on_change(tx: Transaction, found: Broadcast, made: Change, *, now: datetime) -> bool:
    """The next piece of correcting or taking back what has arrived.

    It begins when nothing of the broadcast is on the wire any more: what left with the old words has arrived
    by then, and is reached too.
    """
    if made.kind == "recall" and await broadcast_notices.cancel_owed(
        tx, found.id, (MESSAGE, CORRECTION), limit=CHUNK, now=now
    ):
        return True
    if made.spread_to == NOT_BEGUN:
        if await broadcast_notices.is_anything_claimed(tx, found.id):
            return False
        await broadcast_changes.change(tx, made.id, spread_to=0)
        return True
    if not made.spread_done:
        if await broadcast_notices.count_due(tx, found.id, made.notice, now=now, most=AHEAD) >= AHEAD:
            return False
        lasting = DELETABLE if made.kind == "recall" else None
        await broadcast_changes.spread(tx, found, made, lasting=lasting, limit=CHUNK, now=now)
        return True
    if not await broadcast_notices.is_anything_open(tx, found.id, made.notice):
        await broadcast_changes.change(tx, made.id, finished_at=now)
        await _report(tx, made.author_id, found.id, now=now, change_id=made.id)
        return True
    return False
