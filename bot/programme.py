"""Events from draft to cancelled, and who is told when they change."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot import attendance, reminders, shift_changes
from storage import Transaction, events, notices
from storage.events import Event, EventText


@dataclass(frozen=True)
class Draft:
    """An event as an organiser describes it, before it has an id."""

    kind: str
    base_locale: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    texts: dict[str, EventText]
    deadline_at: datetime | None = None
    capacity: int | None = None
    companions: int = 0
    latitude: float | None = None
    longitude: float | None = None
    online_url: str | None = None
    reminders: tuple[str, ...] = reminders.USUAL


def text_of(event: Event, locale: str) -> EventText:
    """The event's words in the language, or in the one its organiser wrote it in."""
    return event.texts.get(locale) or event.texts[event.base_locale]


async def publish(tx: Transaction, draft: Draft, *, created_by: int, now: datetime) -> Event:
    """Make the event known to everybody and plan its reminders."""
    columns: dict[str, Any] = {
        name: getattr(draft, name)
        for name in [
            "kind",
            "base_locale",
            "starts_at",
            "ends_at",
            "zone",
            "deadline_at",
            "capacity",
            "companions",
            "latitude",
            "longitude",
            "online_url",
        ]
    }
    event_id = await events.add(
        tx,
        now=now,
        state="published",
        created_by=created_by,
        reminders=list(draft.reminders),
        **columns,
    )
    for locale, text in draft.texts.items():
        await events.put_text(tx, event_id, locale, text)
    event = await _found(tx, event_id)
    await reminders.plan_event(tx, event, now=now)
    return event


async def change(tx: Transaction, event_id: int, changes: dict[str, Any], *, now: datetime) -> Event | None:
    """Change columns of an event; those it concerns are told, once, of a new time.

    More places are filled from the waitlist at once; fewer remove nobody. Reminders and shifts' reminders
    follow a new start. None when there is no such event or it is cancelled.
    """
    before = await events.lock(tx, event_id)
    if before is None or before.state == "cancelled":
        return None
    await events.change(tx, event_id, now=now, **changes)
    after = await _found(tx, event_id)
    if (after.starts_at, after.reminders) != (before.starts_at, before.reminders):
        await reminders.plan_event(tx, after, now=now)
    if (after.starts_at, after.ends_at, after.zone) != (before.starts_at, before.ends_at, before.zone):
        await tell_changed(tx, after, before_starts_at=before.starts_at, now=now)
    await attendance.fill(tx, after, now=now)
    return after


async def change_text(
    tx: Transaction, event_id: int, locale: str, changes: dict[str, str], *, now: datetime
) -> Event | None:
    """Change an event's words in one language; those it concerns are told, once, of a new place."""
    before = await events.lock(tx, event_id)
    if before is None or before.state == "cancelled":
        return None
    old = before.texts.get(locale) or EventText(title=text_of(before, locale).title)
    await events.put_text(tx, event_id, locale, replace(old, **changes))
    await events.change(tx, event_id, now=now)
    after = await _found(tx, event_id)
    if "place" in changes and locale == before.base_locale and changes["place"] != old.place:
        await tell_changed(tx, after, before_starts_at=before.starts_at, now=now)
    return after


async def tell_changed(tx: Transaction, event: Event, *, before_starts_at: datetime, now: datetime) -> None:
    """Tell everyone seated or waiting of the event's new time or place, once for this revision."""
    if event.state != "published":
        return
    await notices.owe_concerned(
        tx,
        event.id,
        "event_changed",
        occasion=f"changed:{event.id}:{event.revision}",
        due_at=now,
        useful_until=event.ends_at,
        params={"before_starts_at": int(before_starts_at.timestamp())},
    )


async def cancel(tx: Transaction, event_id: int, *, now: datetime) -> Event | None:
    """Cancel the event with its shifts; everyone seated, waiting or on a shift is told, once."""
    event = await events.lock(tx, event_id)
    if event is None:
        return None
    if event.state == "cancelled":
        return event
    await events.change(tx, event_id, now=now, state="cancelled")
    cancelled = await _found(tx, event_id)
    await reminders.plan_event(tx, cancelled, now=now)
    if event.state == "published" and now < event.ends_at:
        await notices.owe_concerned(
            tx,
            event_id,
            "event_cancelled",
            occasion=f"cancelled:{event_id}",
            due_at=now,
            useful_until=event.ends_at,
            params={},
        )
    await shift_changes.cancel_all_of(tx, cancelled, now=now)
    return cancelled


async def _found(tx: Transaction, event_id: int) -> Event:
    event = await events.find(tx, event_id)
    if event is None:
        raise LookupError("an event just written was not found")
    return event
