"""Events from draft to cancelled, and who is told when they change."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from bot import (
    applications,
    attendance,
    audit,
    event_changes,
    feedback,
    groups,
    quiet,
    reminders,
    shift_changes,
    visit_changes,
)
from storage import Transaction, events, holds, owing
from storage.events import Event, EventText, Options


@dataclass(frozen=True, kw_only=True)
class Draft(Options):
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


@dataclass(frozen=True)
class Changed:
    """An event as it is now; how many parties moved up from the waitlist, and how many people are told."""

    event: Event
    moved: int = 0
    told: int = 0


def text_of(event: Event, locale: str) -> EventText:
    """The event's words in the language; what was not written in it, in the one of its organiser."""
    base = event.texts[event.base_locale]
    own = event.texts.get(locale, base)
    return EventText(
        title=own.title or base.title,
        description=own.description or base.description,
        place=own.place or base.place,
        bring=own.bring or base.bring,
    )


async def publish(tx: Transaction, draft: Draft, *, created_by: int, now: datetime) -> Event:
    """Make the event known to everybody and plan its reminders."""
    columns = _listed({one.name: getattr(draft, one.name) for one in fields(draft) if one.name != "texts"})
    event_id = await events.add(
        tx,
        now=now,
        state="published",
        created_by=created_by,
        **columns,
    )
    for locale, text in draft.texts.items():
        await events.put_text(tx, event_id, locale, text)
    event = await _found(tx, event_id)
    await reminders.plan_event(tx, event, now=now)
    await visit_changes.follow(tx, None, event, now=now)
    await feedback.replan(tx, event, now=now)
    await audit.note(tx, "event_created", now=now, actor_id=created_by, event_id=event_id)
    return event


async def change(
    tx: Transaction, event_id: int, changes: dict[str, Any], *, actor_id: int | None = None, now: datetime
) -> Changed | None:
    """Change columns of an event; those it concerns are told, once, of a new time or online address.

    More places are filled from the waitlist at once; fewer remove nobody. Reminders and shifts follow a
    new start, and an event on hold takes place then, of which everybody hears who heard of the hold. Whoever
    takes part in a way that there is no more does so in the one that is left, and is told. Where nobody
    looks at applications any more, those that wait are granted. None when there is no such event or it is
    cancelled.
    """
    before = await events.lock(tx, event_id)
    if before is None or before.state == "cancelled":
        return None
    changed = {name: value for name, value in changes.items() if getattr(before, name) != value}
    if not changed:
        return Changed(before)
    if before.held_at is not None and "starts_at" in changed:
        # Whoever gives it a new start has decided that it takes place.
        changed |= {"held_at": None, "held_because": None}
    await events.change(tx, event_id, now=now, **_listed(changed))
    await audit.note(
        tx, "event_changed", now=now, actor_id=actor_id, event_id=event_id, fields=sorted(changed)
    )
    after = await _found(tx, event_id)
    if changed.keys() & {"starts_at", "zone", "reminders"}:
        await reminders.plan_event(tx, after, now=now)
    await shift_changes.move_all_of(tx, before, after, now=now)
    if "shift_reminders" in changed:
        await shift_changes.plan_reminders_of(tx, after, now=now)
    await visit_changes.follow(tx, before, after, now=now)
    await feedback.replan(tx, after, now=now)
    if before.approval and not after.approval and actor_id is not None:
        # Nobody would look at them any more.
        for waiting in await applications.list_waiting(tx, event_id):
            await applications.approve(tx, waiting.id, actor_id, now=now)
    told = 0
    if changed.keys() & {"starts_at", "ends_at", "zone", "online_url"} or _way_ends(before, after):
        told = await tell_changed(tx, before, after, now=now)
    if before.held_at is not None and after.held_at is None and now < after.ends_at:
        told += await holds.owe_untold(
            tx,
            event_id,
            "event_changed",
            occasion=f"changed:{event_id}:{after.revision}",
            due_at=now,
            useful_until=after.ends_at,
            params=event_changes.remembered(before),
            rank=quiet.urgency(min(before.starts_at, after.starts_at), now),
            but=actor_id,
        )
    return Changed(after, moved=await attendance.fill(tx, after, now=now), told=told)


def _listed(columns: Mapping[str, Any]) -> dict[str, Any]:
    """The columns with what JSON keeps as a list as one."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in columns.items()}


def _way_ends(before: Event, after: Event) -> bool:
    return after.ways not in (before.ways, "both")


async def change_text(
    tx: Transaction,
    event_id: int,
    locale: str,
    changes: dict[str, str],
    *,
    actor_id: int | None = None,
    now: datetime,
) -> Changed | None:
    """Change an event's words in one language; those it concerns are told, once, of a new place.

    A language without a title of its own is dropped. The organiser's own language always has one.
    """
    before = await events.lock(tx, event_id)
    if before is None or before.state == "cancelled":
        return None
    old = before.texts.get(locale, EventText(title=""))
    new = replace(old, **changes)
    if new == old:
        return Changed(before)
    if new.title:
        await events.put_text(tx, event_id, locale, new)
    elif locale != before.base_locale:
        await events.drop_text(tx, event_id, locale)
    await events.change(tx, event_id, now=now)
    fields = [name for name in changes if getattr(old, name) != getattr(new, name)]
    await audit.note(
        tx, "event_changed", now=now, actor_id=actor_id, event_id=event_id, fields=fields, locale=locale
    )
    after = await _found(tx, event_id)
    told = 0
    if locale == before.base_locale and new.place != old.place:
        told = await tell_changed(tx, before, after, now=now)
        await shift_changes.tell_all_of(tx, after, now=now)
        await visit_changes.follow(tx, before, after, now=now)
    return Changed(after, told=told)


async def tell_changed(tx: Transaction, before: Event, after: Event, *, now: datetime) -> int:
    """Tell everyone seated or waiting what the event was and what it is now, once for this revision.

    Who is still to be told of an earlier change is told of both at once. Nobody is told of what is over.
    Say how many are told.
    """
    if after.state != "published" or after.ends_at <= now:
        return 0
    return await owing.owe_concerned(
        tx,
        after.id,
        "event_changed",
        occasion=f"changed:{after.id}:{after.revision}",
        due_at=now,
        useful_until=after.ends_at,
        params=event_changes.remembered(before),
        rank=quiet.urgency(min(before.starts_at, after.starts_at), now),
    )


async def cancel(
    tx: Transaction, event_id: int, *, actor_id: int | None = None, now: datetime
) -> Event | None:
    """Cancel the event with its shifts; everyone seated, waiting or on a shift is told, once."""
    event = await events.lock(tx, event_id)
    if event is None:
        return None
    if event.state == "cancelled":
        return event
    await events.change(tx, event_id, now=now, state="cancelled", held_at=None, held_because=None)
    await audit.note(tx, "event_cancelled", now=now, actor_id=actor_id, event_id=event_id)
    cancelled = await _found(tx, event_id)
    await reminders.plan_event(tx, cancelled, now=now)
    if event.state == "published" and now < event.ends_at:
        await owing.owe_concerned(
            tx,
            event_id,
            "event_cancelled",
            occasion=f"cancelled:{event_id}",
            due_at=now,
            useful_until=event.ends_at,
            params={},
            rank=quiet.urgency(event.starts_at, now),
        )
    await shift_changes.cancel_all_of(tx, cancelled, now=now)
    await visit_changes.follow(tx, event, cancelled, now=now)
    await feedback.replan(tx, cancelled, now=now)
    if event.held_at is not None and now < event.ends_at:
        # They were promised to hear how it is decided.
        await holds.owe_untold(
            tx,
            event_id,
            "event_cancelled",
            occasion=f"cancelled:{event_id}",
            due_at=now,
            useful_until=event.ends_at,
            params={},
            rank=quiet.urgency(event.starts_at, now),
            but=actor_id,
        )
    return cancelled


async def renew_invitation(tx: Transaction, event_id: int, *, actor_id: int, now: datetime) -> str:
    """Make a new link by which people are let in to sign up; the old one invites nobody any more.

    Those who came by the old one stay invited.
    """
    token = groups.new_token()
    await events.renew_invitation(tx, event_id, token)
    await audit.note(tx, "invitation_renewed", now=now, actor_id=actor_id, event_id=event_id)
    return token


async def _found(tx: Transaction, event_id: int) -> Event:
    event = await events.find(tx, event_id)
    if event is None:
        raise LookupError("an event just written was not found")
    return event
