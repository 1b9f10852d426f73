"""What follows for travellers and guardians when an event changes, and copying a programme."""

from datetime import datetime, timedelta

from bot import consents, quiet, visits
from storage import Transaction, jobs, owing, stops
from storage import consents as consent_rows
from storage.events import Event


async def follow(tx: Transaction, before: Event | None, after: Event, *, now: datetime) -> None:
    """Plan anew what is asked and deleted by the clock, and tell guardians of a new time or place.

    Called with every change of an event, and with None once it is published. Stops move with the start.
    """
    if before and before.starts_at != after.starts_at:
        moved = after.starts_at - before.starts_at
        await stops.move_all(tx, after.id, int(moved.total_seconds()))
    await _plan(tx, before or after, after, now=now)
    if before and (before.guardian_consent or after.guardian_consent):
        await consents.replan(tx, after, now=now)
        await _tell_guardians(tx, before, after, now=now)


async def _plan(tx: Transaction, before: Event, after: Event, *, now: datetime) -> None:
    cancelled, live = after.state == "cancelled", after.state == "published"
    if before.companion_names or after.companion_names:
        due = now + visits.KEEP_CANCELLED if cancelled else after.ends_at + visits.KEEP_NAMES
        await jobs.plan(tx, visits.NAMES, after.id, due_at=due)
    if any(one.traveller_details or one.guardian_consent for one in (before, after)):
        due = now + visits.KEEP_CANCELLED if cancelled else after.ends_at + timedelta(days=after.purge_days)
        await jobs.plan(tx, visits.PURGE, after.id, due_at=due)
    if live and after.traveller_details:
        await jobs.plan(tx, visits.DETAILS, after.id, due_at=now)
    if live and after.guardian_consent:
        await jobs.plan(tx, consents.EVERYBODY, after.id, due_at=now)


async def _tell_guardians(tx: Transaction, before: Event, after: Event, *, now: datetime) -> None:
    """Those who agreed hear what has become of it: it isn't what they agreed to any more."""
    cancelled = after.state == "cancelled" and before.state == "published"
    if before.ends_at <= now or not (cancelled or _looks_different(before, after)):
        return
    for consent in await consent_rows.list_of_event(tx, after.id):
        if consent.state != "given" or consent.guardian_id is None:
            continue
        await owing.owe_person(
            tx,
            consent.guardian_id,
            "guardian_cancelled" if cancelled else "guardian_changed",
            occasion=f"guardian:{consent.id}:{after.revision}",
            due_at=now,
            rank=quiet.urgency(min(before.starts_at, after.starts_at), now),
            params={"consent": consent.id, "before_starts_at": int(before.starts_at.timestamp())},
            useful_until=max(before.ends_at, after.ends_at),
            event_id=after.id,
        )


def _looks_different(before: Event, after: Event) -> bool:
    times = (before.starts_at, before.ends_at) != (after.starts_at, after.ends_at)
    return times or before.texts[before.base_locale].place != after.texts[after.base_locale].place


async def copy_plan(tx: Transaction, source: Event, copy: Event) -> None:
    """Give the copy of an event the programme of its source, moved by as much as the start is."""
    moved = copy.starts_at - source.starts_at
    for stop in await stops.list_of_event(tx, source.id):
        stop_id = await stops.add(
            tx,
            copy.id,
            starts_at=stop.starts_at + moved,
            ends_at=stop.ends_at and stop.ends_at + moved,
            meeting=stop.meeting,
            latitude=stop.latitude,
            longitude=stop.longitude,
        )
        for locale, text in stop.texts.items():
            await stops.put_text(tx, stop_id, locale, text)
