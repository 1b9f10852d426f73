"""When a broadcast may begin: at once, at its hour, or once a second organiser has looked at it."""

from dataclasses import dataclass
from datetime import datetime

from bot import audit
from bot.broadcasts import digest
from storage import Transaction, audiences, broadcasts, options, organisers, owing
from storage.audiences import Counted
from storage.broadcasts import Broadcast

# The name under which it is remembered whether a second organiser has to agree.
APPROVAL = "broadcast_approval"


@dataclass(frozen=True)
class Started:
    broadcast: Broadcast
    counted: Counted


@dataclass(frozen=True)
class Scheduled:
    """It begins by itself at its hour."""

    broadcast: Broadcast
    send_at: datetime


@dataclass(frozen=True)
class Submitted:
    """It waits for a second organiser; that many are asked."""

    broadcast: Broadcast
    asked: int


@dataclass(frozen=True)
class Changed:
    """Since the person looked, somebody has changed what it says, who gets it, or how."""

    broadcast: Broadcast


@dataclass(frozen=True)
class Nobody:
    """There is nobody whom it would reach."""

    broadcast: Broadcast


@dataclass(frozen=True)
class Begun:
    """It is no draft any more, or does not wait for approval any more; this changed nothing."""

    broadcast: Broadcast


@dataclass(frozen=True)
class Own:
    """Nobody approves what they wrote or handed in themselves."""

    broadcast: Broadcast


@dataclass(frozen=True)
class Gone:
    """There is no such broadcast."""


Start = Started | Scheduled | Submitted | Changed | Nobody | Begun | Gone
Approval = Started | Scheduled | Changed | Nobody | Begun | Own | Gone


async def is_approval_wanted(tx: Transaction) -> bool:
    return await options.find(tx, APPROVAL) == "yes"


async def want_approval(tx: Transaction, wanted: bool, *, actor_id: int, now: datetime) -> None:
    """Say whether a second organiser has to agree. What waits already goes on waiting."""
    if wanted != await is_approval_wanted(tx):
        await options.remember(tx, APPROVAL, "yes" if wanted else "no")
        action = "approval_wanted" if wanted else "approval_not_wanted"
        await audit.note(tx, action, now=now, actor_id=actor_id)


async def start(tx: Transaction, broadcast_id: int, seen: str, *, actor_id: int, now: datetime) -> Start:
    """Send a draft that still is what the person saw, as `digest` told it. Starting twice is harmless.

    Where a second organiser has to agree it is handed in, where it has an hour it waits for that.
    """
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
    if await is_approval_wanted(tx):
        return await _submit(tx, found, actor_id=actor_id, now=now)
    await broadcasts.change(tx, found.id, submitted_by=actor_id, approved_by=None)
    return await _release(tx, found, counted, actor_id=actor_id, now=now)


async def _submit(tx: Transaction, found: Broadcast, *, actor_id: int, now: datetime) -> Submitted:
    await broadcasts.change(tx, found.id, state="review", submitted_by=actor_id, approved_by=None)
    await audit.note(tx, "broadcast_submitted", now=now, actor_id=actor_id, broadcast=found.id)
    others = [one for one in await organisers.list_all(tx) if one not in (actor_id, found.author_id)]
    for person_id in others:
        occasion = f"broadcast_review:{found.id}:{int(now.timestamp())}:{person_id}"
        params = {"broadcast": found.id}
        await owing.owe_person(
            tx, person_id, "broadcast_review", occasion=occasion, due_at=now, params=params
        )
    return Submitted(found, len(others))


async def _release(
    tx: Transaction, found: Broadcast, counted: Counted, *, actor_id: int | None, now: datetime
) -> Started | Scheduled:
    if found.send_at is not None and found.send_at > now:
        await broadcasts.change(tx, found.id, state="scheduled")
        await audit.note(tx, "broadcast_scheduled", now=now, actor_id=actor_id, broadcast=found.id)
        return Scheduled(found, found.send_at)
    await begin(tx, found, counted, now=now)
    await audit.note(tx, "broadcast_started", now=now, actor_id=actor_id, broadcast=found.id)
    return Started(found, counted)


async def begin(tx: Transaction, found: Broadcast, counted: Counted, *, now: datetime) -> None:
    """Let it leave: the work begins with the next beat."""
    await broadcasts.set_audience(tx, found.id, found.audience, counted)
    await broadcasts.change(tx, found.id, state="sending", started_at=now, round_at=now, pulse=[])


async def approve(tx: Transaction, broadcast_id: int, seen: str, *, actor_id: int, now: datetime) -> Approval:
    """Agree to what was seen, as a second organiser. Approving twice is harmless."""
    found = await broadcasts.lock(tx, broadcast_id)
    if found is None:
        return Gone()
    if found.state != "review":
        return Begun(found)
    if actor_id in (found.author_id, found.submitted_by):
        return Own(found)
    if digest(found) != seen:
        return Changed(found)
    counted = await audiences.count(tx, found.audience)
    if not counted.people:
        return Nobody(found)
    await broadcasts.change(tx, found.id, approved_by=actor_id)
    await audit.note(tx, "broadcast_approved", now=now, actor_id=actor_id, broadcast=found.id)
    await _tell_writers(tx, found, "broadcast_approved", {}, now=now)
    return await _release(tx, found, counted, actor_id=actor_id, now=now)


async def hand_back(tx: Transaction, broadcast_id: int, reason: str, *, actor_id: int, now: datetime) -> bool:
    """Make it a draft again that its author can change; False when it doesn't wait for approval."""
    found = await broadcasts.lock(tx, broadcast_id)
    if found is None or found.state != "review":
        return False
    await broadcasts.change(tx, found.id, state="draft", submitted_by=None)
    await audit.note(tx, "broadcast_returned", now=now, actor_id=actor_id, broadcast=found.id)
    if actor_id not in (found.author_id, found.submitted_by):
        await _tell_writers(tx, found, "broadcast_returned", {"reason": reason}, now=now)
    return True


async def unschedule(tx: Transaction, broadcast_id: int, *, actor_id: int, now: datetime) -> bool:
    """Make a draft again of what waits for its hour; False when it doesn't. An approval is lost by it."""
    found = await broadcasts.lock(tx, broadcast_id)
    if found is None or found.state != "scheduled":
        return False
    await broadcasts.change(tx, found.id, state="draft", submitted_by=None, approved_by=None)
    await audit.note(tx, "broadcast_unscheduled", now=now, actor_id=actor_id, broadcast=found.id)
    return True


async def _tell_writers(
    tx: Transaction, found: Broadcast, kind: str, params: dict[str, str], *, now: datetime
) -> None:
    """Tell whoever wrote it and whoever handed it in, once each."""
    for person_id in {found.author_id, found.submitted_by} - {None}:
        if person_id is not None:
            occasion = f"{kind}:{found.id}:{int(now.timestamp())}:{person_id}"
            values = {"broadcast": found.id, **params}
            await owing.owe_person(tx, person_id, kind, occasion=occasion, due_at=now, params=values)
