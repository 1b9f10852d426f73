"""Notices about events: reminders, a change, a cancellation."""

from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot import event_changes, programme
from bot.event_changes import Before
from bot.language import Language
from bot.reminders import takes_place
from handlers.events import title_of
from handlers.owing import Reading
from handlers.place_notices import leave_at_once, leave_button, open_button
from handlers.reminder_words import Item, compose
from handlers.replies import Button, Reply, button, say
from storage import Transaction, events, rsvps
from storage.events import Event
from storage.notices import Owed
from storage.reminders import Subject
from storage.rsvps import Rsvp


async def remind(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """A reminder for somebody who still has a seat at an event that still takes place."""
    item = await look(notice.event_id, notice.person_id, tx, reading)
    return say(*compose([item], reading)) if item else None


async def look(event_id: int | None, person_id: int | None, tx: Transaction, reading: Reading) -> Item | None:
    """What to remind of: an event that is ahead and takes place, at which the person has a seat."""
    found = await _seat(event_id, person_id, tx)
    if found is None or not takes_place(found[0]) or found[0].starts_at <= reading.now:
        return None
    event, mine = found
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
    return Item(
        Subject("event", event.id),
        event.starts_at,
        text,
        [*_ticket(event, mine, language), [open_button(event, language), leave_button(event, language)]],
        button(words.title, "event", event.id),
    )


async def tell_changed(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """What the event was and what it is now, for everyone who holds or asked for a place."""
    event = await _event(notice, tx)
    if event is None or event.state != "published" or event.ends_at <= reading.now:
        return None
    language = reading.language
    was = event_changes.before(event, notice.params, language.locale)
    if was is None:
        return None
    lines = [language.html("✏️ <b>{title}</b> has changed.", title=title_of(event, language))]
    lines += _moved(event, was, reading)
    lines += _elsewhere(event, was, language)
    rows = [[open_button(event, language)]]
    mine = await rsvps.find(tx, event.id, notice.person_id) if notice.person_id is not None else None
    if mine is not None and mine.state in rsvps.HELD:
        rows.append([leave_at_once(event, language)])
    return say(Markup("\n").join(lines), rows)


def _moved(event: Event, was: Before, reading: Reading) -> list[Markup]:
    language, zone = reading.language, ZoneInfo(event.zone)
    now = language.span(event.starts_at, event.ends_at, zone, now=reading.now)
    if was.starts_at is None or was.ends_at is None:
        return [language.html("🗓 {when}", when=now)]
    before = language.span(was.starts_at, was.ends_at, zone, now=reading.now)
    return [language.html("🗓 Before: {when}", when=before), language.html("🗓 Now: <b>{when}</b>", when=now)]


def _elsewhere(event: Event, was: Before, language: Language) -> list[Markup]:
    place, lines = programme.text_of(event, language.locale).place, []
    if was.place is None:
        lines += [language.html("📍 {place}", place=place)] if place else []
    else:
        lines += [language.html("📍 Before: {place}", place=was.place)] if was.place else []
        none = language.gettext("not known yet")
        lines.append(language.html("📍 Now: <b>{place}</b>", place=place or none))
    match event.ways if was.ways is not None else None:
        case "here":
            lines.append(language.html("💻 It takes place on the spot only."))
        case "online":
            lines.append(language.html("💻 It takes place online only."))
        case "both":
            lines.append(language.html("💻 You can take part on the spot or online now."))
    if was.online_url is not None:
        lines.append(language.html("🔗 The online link has changed. The card has the one that counts."))
    return lines


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


async def _seat(event_id: int | None, person_id: int | None, tx: Transaction) -> tuple[Event, Rsvp] | None:
    event = await events.find(tx, event_id) if event_id is not None else None
    if event is None or event.state != "published" or person_id is None:
        return None
    rsvp = await rsvps.find(tx, event.id, person_id)
    return (event, rsvp) if rsvp and rsvp.state == "going" else None


def _ticket(event: Event, mine: Rsvp, language: Language) -> list[list[Button]]:
    if mine.way != "here":
        return []
    return [[button(language.gettext("🎟 My ticket"), "ticket", event.id)]]
