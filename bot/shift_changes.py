"""What happens to shifts when they or their event change, and who is told."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

from bot import quiet, reminders
from storage import Transaction, events, notices, shifts
from storage.events import Event
from storage.shifts import Shift


async def add(
    tx: Transaction,
    event: Event,
    *,
    starts_at: datetime,
    ends_at: datetime,
    places: int,
    roles: Mapping[str, str],
    notes: Mapping[str, str] | None = None,
    languages: Sequence[str] = (),
    code: str | None = None,
    now: datetime,
) -> Shift:
    """Add a shift to the event and plan its reminders."""
    shift_id = await shifts.add(
        tx,
        event.id,
        starts_at=starts_at,
        ends_at=ends_at,
        places=places,
        roles=roles,
        notes=notes,
        languages=languages,
        code=code,
    )
    await reminders.plan_shift(tx, shift_id, starts_at, event.zone, reminders.USUAL, now=now)
    return await _found(tx, shift_id)


async def change(
    tx: Transaction,
    shift_id: int,
    *,
    now: datetime,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    places: int | None = None,
    roles: Mapping[str, str] | None = None,
    notes: Mapping[str, str] | None = None,
) -> Shift | None:
    """Change what is given. Those on the shift are told, once, of a new time or role, unless it is over.

    A role's name in a further language is no change of the role. Fewer places remove nobody. None when
    there is no such shift or it is cancelled.
    """
    before = await shifts.lock(tx, shift_id)
    event = await events.find(tx, before.event_id) if before else None
    if before is None or event is None or before.cancelled_at is not None:
        return None
    given = {"starts_at": starts_at, "ends_at": ends_at, "places": places}
    values = {name: value for name, value in given.items() if value is not None}
    if values:
        await shifts.change(tx, shift_id, **values)
    await shifts.put_roles(tx, shift_id, roles or {})
    await shifts.put_notes(tx, shift_id, notes or {})
    after = await _found(tx, shift_id)
    if after.starts_at != before.starts_at:
        await reminders.plan_shift(tx, shift_id, after.starts_at, event.zone, reminders.USUAL, now=now)
    renamed = any(after.roles[locale] != role for locale, role in before.roles.items())
    if renamed or (after.starts_at, after.ends_at) != (before.starts_at, before.ends_at):
        await _tell_changed(tx, before, after, event, now=now)
    return after


async def move_all_of(tx: Transaction, before: Event, after: Event, *, now: datetime) -> None:
    """Let the event's shifts follow its new start, by as much as the clock on the wall differs.

    Shifts keep their length and those that have begun stay where they were. Their people are told, once.
    """
    if (before.starts_at, before.zone) == (after.starts_at, after.zone):
        return
    old, new = ZoneInfo(before.zone), ZoneInfo(after.zone)
    by = _on_the_wall(after.starts_at, new) - _on_the_wall(before.starts_at, old)
    for listed in await shifts.list_of_event(tx, after.id):
        shift = await shifts.lock(tx, listed.id)
        if shift is None or shift.cancelled_at is not None or shift.starts_at <= now:
            continue
        starts_at = reminders.settle_wall_time(_on_the_wall(shift.starts_at, old) + by, new)
        ends_at = starts_at + (shift.ends_at - shift.starts_at)
        await shifts.change(tx, shift.id, starts_at=starts_at, ends_at=ends_at)
        await reminders.plan_shift(tx, shift.id, starts_at, after.zone, reminders.USUAL, now=now)
        moved = await _found(tx, shift.id)
        if moved.starts_at != shift.starts_at:
            await _tell_changed(tx, shift, moved, after, now=now)


async def tell_all_of(tx: Transaction, event: Event, *, now: datetime) -> None:
    """Tell everyone on a shift of the event that is not over of the event's new place, once."""
    for shift in await shifts.list_of_event(tx, event.id):
        await _tell_changed(tx, shift, shift, event, now=now)


async def cancel(tx: Transaction, shift_id: int, *, now: datetime) -> bool:
    """Cancel a shift that has not begun; everyone on it is told, once. Say whether there was one."""
    shift = await shifts.lock(tx, shift_id)
    if shift is None or shift.cancelled_at is not None or shift.starts_at <= now:
        return False
    await shifts.cancel(tx, shift_id, now=now)
    await reminders.plan_shift(tx, shift_id, shift.starts_at, "UTC", (), now=now)
    await notices.owe_on_shift(
        tx,
        shift_id,
        "shift_cancelled",
        occasion=f"shift-cancelled:{shift_id}",
        taken_by=now,
        due_at=now,
        useful_until=shift.ends_at,
        params={},
        heed_mutes=False,
        rank=quiet.urgency(shift.starts_at, now),
    )
    return True


async def cancel_all_of(tx: Transaction, event: Event, *, now: datetime) -> None:
    """Cancel the event's shifts that have not begun; those that have keep their hours."""
    for shift in await shifts.list_of_event(tx, event.id):
        await cancel(tx, shift.id, now=now)


async def _tell_changed(tx: Transaction, before: Shift, after: Shift, event: Event, *, now: datetime) -> None:
    if before.ends_at <= now or after.ends_at <= now:
        return
    params: dict[str, Any] = {
        "starts_at": int(before.starts_at.timestamp()),
        "ends_at": int(before.ends_at.timestamp()),
        "roles": dict(before.roles),
    }
    if before == after:
        params["place"] = True
    await notices.owe_on_shift(
        tx,
        after.id,
        "shift_changed",
        occasion=f"shift-changed:{after.id}:{event.revision}:{int(now.timestamp())}:{_digest(after)}",
        taken_by=now,
        due_at=now,
        useful_until=after.ends_at,
        params=params,
        heed_mutes=False,
        rank=quiet.urgency(min(before.starts_at, after.starts_at), now),
    )


def _digest(shift: Shift) -> int:
    """Tells two changes within one second apart."""
    return crc32(repr((shift.starts_at, shift.ends_at, sorted(shift.roles.items()))).encode())


def _on_the_wall(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)


async def _found(tx: Transaction, shift_id: int) -> Shift:
    shift = await shifts.find(tx, shift_id)
    if shift is None:
        raise LookupError("a shift just written was not found")
    return shift
