"""What a person holds, as a calendar that other programs read by a secret address."""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot import programme, visits, volunteering
from bot.calendars import CalendarEvent
from bot.language import Language
from storage import Transaction, events, feeds, shifts, stops
from storage.events import Event
from storage.shifts import Shift
from storage.stops import Stop

# So long a calendar still shows what is over, or hears that it was cancelled.
KEEP: Final = timedelta(days=60)
MEETING_ALARMS: Final = (timedelta(hours=2), timedelta(minutes=30))
# How long something takes of which only the beginning is said.
UNSAID: Final = timedelta(minutes=30)
ALARMS: Final = (timedelta(days=1), timedelta(hours=2))


async def address_of(tx: Transaction, person_id: int, *, now: datetime) -> str:
    """The secret part of the person's address; the first time it is asked for, it is made."""
    return await feeds.find_token(tx, person_id) or await renew(tx, person_id, now=now)


async def renew(tx: Transaction, person_id: int, *, now: datetime) -> str:
    """A new secret; whoever knows the old address sees nothing any more."""
    token = secrets.token_urlsafe(32)
    await feeds.put(tx, person_id, token, now=now)
    return token


async def entries_of(
    tx: Transaction, person_id: int, language: Language, *, username: str, now: datetime
) -> tuple[CalendarEvent, ...]:
    """Every place and shift of the person, and the programmes of their visits, in their language.

    What was cancelled is marked so. A waitlist, an offer and an application are tentative, and ring no alarm.
    """
    held = await feeds.list_places(tx, person_id, ending_after=now - KEEP)
    taken = [
        shift
        for shift_id in await feeds.list_shift_ids(tx, person_id, ending_after=now - KEEP)
        if (shift := await shifts.find(tx, shift_id))
    ]
    by_id = {
        event.id: event for event in await events.find_many(tx, {*held, *(shift.event_id for shift in taken)})
    }
    places = (
        entry_of_event(by_id[event_id], language, username=username, state=state)
        for event_id, state in held.items()
    )
    meetings = [
        entry_of_stop(stop, by_id[event_id], language, username=username)
        for event_id, state in held.items()
        if state == "going"
        for stop in await stops.list_of_event(tx, event_id)
    ]
    duties = (
        entry_of_shift(shift, by_id[shift.event_id], language, username=username)
        for shift in taken
        if by_id[shift.event_id].state != "draft"
    )
    return (*places, *meetings, *duties)


def entry_of_event(event: Event, language: Language, *, username: str, state: str | None) -> CalendarEvent:
    """The event for somebody who stands so with it; only who has a place sees where to join online."""
    text = programme.text_of(event, language.locale)
    description = text.description
    if text.bring:
        description += "\n\n" + language.gettext("Please bring: {things}", things=text.bring)
    entry = CalendarEvent(
        uid=f"event-{event.id}@{username}",
        title=text.title,
        description=description.strip(),
        place=text.place,
        url=(event.online_url or "") if state == "going" else "",
        starts=event.starts_at,
        ends=event.ends_at,
        zone=ZoneInfo(event.zone),
        revision=event.revision,
        cancelled=event.state == "cancelled",
        alarms=ALARMS,
    )
    if state in ("waiting", "offered", "applied"):
        return replace(entry, tentative=True, alarms=())
    return _unless_held(entry, event)


def _unless_held(entry: CalendarEvent, event: Event) -> CalendarEvent:
    """While nobody knows whether it takes place it is tentative, and rings no alarm."""
    return replace(entry, tentative=True, alarms=()) if event.held_at is not None else entry


def entry_of_stop(stop: Stop, event: Event, language: Language, *, username: str) -> CalendarEvent:
    """One thing on a visit's programme; only where people meet, alarms ring."""
    text = visits.text_of(stop, event, language.locale)
    entry = CalendarEvent(
        uid=f"stop-{stop.id}@{username}",
        title=text.title,
        description=text.note,
        place=text.place,
        starts=stop.starts_at,
        ends=stop.ends_at or stop.starts_at + UNSAID,
        zone=ZoneInfo(event.zone),
        revision=event.revision,
        cancelled=event.state == "cancelled",
        alarms=MEETING_ALARMS if stop.meeting else (),
    )
    return _unless_held(entry, event)


def entry_of_shift(shift: Shift, event: Event, language: Language, *, username: str) -> CalendarEvent:
    entry = CalendarEvent(
        uid=f"shift-{shift.id}@{username}",
        title=language.gettext(
            "{role} – {title}",
            role=volunteering.role_of(shift, event, language.locale),
            title=programme.text_of(event, language.locale).title,
        ),
        description=volunteering.note_of(shift, event, language.locale),
        place=programme.text_of(event, language.locale).place,
        starts=shift.starts_at,
        ends=shift.ends_at,
        zone=ZoneInfo(event.zone),
        # Either may change what the calendar shows; both only grow.
        revision=event.revision + shift.revision,
        cancelled=shift.cancelled_at is not None or event.state == "cancelled",
        alarms=ALARMS,
    )
    return _unless_held(entry, event)
