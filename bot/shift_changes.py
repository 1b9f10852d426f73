"""What happens to shifts when they or their event change, and who is told."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

from bot import audit, quiet, reminders, service_hours, shift_alerts, shift_places, usual_reminders
from storage import Transaction, events, jobs, owing, shift_signups, shifts
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
    actor_id: int | None = None,
    now: datetime,
) -> Shift:
    """Add a shift to the event, plan its reminders and the looks at whether it is full."""
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
    await _plan_reminders(tx, shift_id, starts_at, event, now=now)
    shift = await _found(tx, shift_id)
    await shift_alerts.plan(tx, shift, event, now=now)
    await service_hours.plan(tx, shift.id, shift.ends_at)
    await _note(tx, shift, "shift_created", actor_id, now=now)
    return shift


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
    actor_id: int | None = None,
) -> Shift | None:
    """Change what is given. Those on the shift are told, once, of a new time or role, unless it is over.

    A role's name in a further language is no change of the role. Fewer places remove nobody. A new time or
    role ends what was agreed or asked about the old one: cover and swaps. None when there is no such shift
    or it is cancelled.
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
        await _plan_reminders(tx, shift_id, after.starts_at, event, now=now)
    renamed = any(after.roles[locale] != role for locale, role in before.roles.items())
    if renamed or (after.starts_at, after.ends_at) != (before.starts_at, before.ends_at):
        await _tell_changed(tx, before, after, event, now=now)
        await shifts.raise_revision(tx, shift_id)
        await _end_wishes(tx, after, now=now)
    if after.starts_at != before.starts_at:
        await shift_alerts.plan(tx, after, event, now=now)
    if after.ends_at != before.ends_at:
        await service_hours.plan(tx, shift_id, after.ends_at)
    fields = [*values, *(["role"] if roles else []), *(["note"] if notes else [])]
    await _note(tx, after, "shift_changed", actor_id, now=now, fields=fields)
    return await _found(tx, shift_id)


async def set_needs(
    tx: Transaction,
    shift_id: int,
    *,
    now: datetime,
    actor_id: int,
    languages: Sequence[str] | None = None,
    certificate: str | None = None,
    approval: bool | None = None,
) -> Shift | None:
    """Say what the shift needs of whoever takes it from now on; "" is no certificate.

    Whoever has the shift keeps it. None when there is no such shift or it is cancelled.
    """
    before = await shifts.lock(tx, shift_id)
    if before is None or before.cancelled_at is not None:
        return None
    values: dict[str, Any] = {}
    if languages is not None and tuple(languages) != before.languages:
        values["languages"] = list(languages)
    if certificate is not None and (certificate or None) != before.certificate:
        values["certificate"] = certificate or None
    if approval is not None and approval != before.approval:
        values["approval"] = approval
    if not values:
        return before
    await shifts.change(tx, shift_id, **values)
    after = await _found(tx, shift_id)
    await _note(tx, after, "shift_changed", actor_id, now=now, fields=sorted(values))
    return after


async def _plan_reminders(
    tx: Transaction, shift_id: int, starts_at: datetime, event: Event, *, now: datetime
) -> None:
    spans = await usual_reminders.of_shifts(tx, event)
    await reminders.plan_shift(tx, shift_id, starts_at, event.zone, spans, now=now)


async def plan_reminders_of(tx: Transaction, event: Event, *, now: datetime) -> None:
    """Set the reminders of all the event's shifts that have not begun anew."""
    for shift in await shifts.list_of_event(tx, event.id):
        if shift.cancelled_at is None and now < shift.starts_at:
            await _plan_reminders(tx, shift.id, shift.starts_at, event, now=now)


async def move_all_of(tx: Transaction, before: Event, after: Event, *, now: datetime) -> None:
    """Let the event's shifts follow its new start, by as much as the clock on the wall differs.

    Shifts keep their length and those that have begun stay where they were. Their people are told, once.
    The looks at whether they are full follow, and so they do when only the event's moments for these changed.
    """
    if before.unfilled_hours != after.unfilled_hours:
        await shift_alerts.plan_all_of(tx, after, now=now)
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
        await _plan_reminders(tx, shift.id, starts_at, after, now=now)
        moved = await _found(tx, shift.id)
        if moved.starts_at != shift.starts_at:
            await _tell_changed(tx, shift, moved, after, now=now)
            await shifts.raise_revision(tx, shift.id)
            await _end_wishes(tx, moved, now=now)
            await shift_alerts.plan(tx, moved, after, now=now)
            await service_hours.plan(tx, moved.id, moved.ends_at)


async def tell_all_of(tx: Transaction, event: Event, *, now: datetime) -> None:
    """Tell everyone on a shift of the event that is not over of the event's new place, once."""
    for shift in await shifts.list_of_event(tx, event.id):
        await _tell_changed(tx, shift, shift, event, now=now)


async def cancel(tx: Transaction, shift_id: int, *, now: datetime, actor_id: int | None = None) -> bool:
    """Cancel a shift that has not begun; everyone on it or asking for it is told, once.

    Say whether there was one.
    """
    shift = await shifts.lock(tx, shift_id)
    if shift is None or shift.cancelled_at is not None or shift.starts_at <= now:
        return False
    await shifts.cancel(tx, shift_id, now=now)
    await reminders.plan_shift(tx, shift_id, shift.starts_at, "UTC", (), now=now)
    await owing.owe_on_shift(
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
    for hand in await shift_signups.list_hands(tx, shift_id, ["applied"]):
        await owing.owe_person(
            tx,
            hand.person_id,
            "shift_cancelled",
            occasion=f"shift-cancelled:{shift_id}:{hand.person_id}",
            due_at=now,
            rank=quiet.urgency(shift.starts_at, now),
            useful_until=shift.ends_at,
            shift_id=shift_id,
        )
    await jobs.drop(tx, shift_alerts.JOB, shift_id)
    await shift_places.end_all_swaps(tx, shift, now=now)
    await shift_signups.end_cover(tx, shift_id)
    await _note(tx, shift, "shift_cancelled", actor_id, now=now)
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
    await owing.owe_on_shift(
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


async def _end_wishes(tx: Transaction, shift: Shift, *, now: datetime) -> None:
    """End the wishes for cover and for swaps of a shift that has changed; who had them is told."""
    await shift_places.end_all_swaps(tx, shift, now=now)
    for person_id in await shift_signups.end_cover(tx, shift.id):
        await owing.owe_person(
            tx,
            person_id,
            "cover_ended",
            occasion=f"cover-ended:{shift.id}:{person_id}:{int(now.timestamp())}",
            due_at=now,
            rank=quiet.urgency(shift.starts_at, now),
            useful_until=shift.starts_at,
            shift_id=shift.id,
        )


async def _note(
    tx: Transaction,
    shift: Shift,
    action: str,
    actor_id: int | None,
    *,
    now: datetime,
    fields: Sequence[str] = (),
) -> None:
    """Write down what an organiser did; what follows from changing the event is written down with that."""
    if actor_id is not None:
        params: dict[str, Any] = {"fields": list(fields)} if fields else {}
        await audit.note(
            tx, action, now=now, actor_id=actor_id, event_id=shift.event_id, shift_id=shift.id, **params
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
