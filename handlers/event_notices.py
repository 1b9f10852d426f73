"""Notices about events: reminders, a freed seat, a change, a cancellation."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot import programme
from bot.language import Language
from handlers.events import title_of
from handlers.owing import Reading
from handlers.replies import Button, Reply, button, say
from storage import Transaction, events, rsvps
from storage.events import Event
from storage.notices import Owed
from storage.rsvps import Rsvp


async def remind(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """A reminder for somebody who still has a seat at an event that still takes place."""
    found = await _seat(notice, tx)
    if found is None or found[0].starts_at <= reading.now:
        return None
    event, _ = found
    language, zone = reading.language, ZoneInfo(event.zone)
    text = language.html(
        "🔔 <b>{title}</b> begins {when}.",
        title=title_of(event, language),
        when=language.moment(event.starts_at, zone, now=reading.now),
    )
    words = programme.text_of(event, language.locale)
    if words.place:
        text += "\n" + language.html("📍 {place}", place=words.place)
    if words.bring:
        text += "\n" + language.html("🎒 Please bring: {things}", things=words.bring)
    return say(text, [[_open(event, language)], [_leave(event, language)]])


async def tell_seat_freed(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """Good news for somebody who waited and now has a seat."""
    found = await _seat(notice, tx)
    if found is None or found[0].ends_at <= reading.now:
        return None
    event, _ = found
    language = reading.language
    text = language.html(
        "🎉 You have a place at <b>{title}</b>, {when}. If you can't come, please give it up.",
        title=title_of(event, language),
        when=language.moment(event.starts_at, ZoneInfo(event.zone), now=reading.now),
    )
    return say(text, [[_open(event, language)], [_leave(event, language)]])


async def tell_changed(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """What the event was and what it is now, for everyone seated or waiting."""
    event = await _event(notice, tx)
    if event is None or event.state != "published":
        return None
    language, zone = reading.language, ZoneInfo(event.zone)
    before = datetime.fromtimestamp(notice.params["before_starts_at"], UTC)
    text = language.html("✏️ <b>{title}</b> has changed.", title=title_of(event, language))
    if before != event.starts_at:
        text += "\n" + language.html("Before: {when}", when=language.moment(before, zone, now=reading.now))
    text += "\n" + language.html("Now: {when}", when=language.moment(event.starts_at, zone, now=reading.now))
    words = programme.text_of(event, language.locale)
    if words.place:
        text += "\n" + language.html("📍 {place}", place=words.place)
    return say(text, [[_open(event, language)], [_leave(event, language)]])


async def tell_cancelled(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    event = await _event(notice, tx)
    if event is None or event.state != "cancelled":
        return None
    language = reading.language
    text = language.html(
        "❌ <b>{title}</b>, {when}, has been cancelled. We are sorry, and hope to see you at another event.",
        title=title_of(event, language),
        when=language.moment(event.starts_at, ZoneInfo(event.zone), now=reading.now),
    )
    return say(text, [[button(language.gettext("📅 Events"), "events")]])


async def _event(notice: Owed, tx: Transaction) -> Event | None:
    return await events.find(tx, notice.event_id) if notice.event_id is not None else None


async def _seat(notice: Owed, tx: Transaction) -> tuple[Event, Rsvp] | None:
    event = await _event(notice, tx)
    if event is None or event.state != "published" or notice.person_id is None:
        return None
    rsvp = await rsvps.find(tx, event.id, notice.person_id)
    return (event, rsvp) if rsvp and rsvp.state == "going" else None


def _open(event: Event, language: Language) -> Button:
    return button(language.gettext("Open the event"), "event", event.id)


def _leave(event: Event, language: Language) -> Button:
    return button(language.gettext("I can't come"), "leave", event.id)
