"""Notices about shifts: reminders, a change, a cancellation."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot import programme, volunteering
from bot.language import Language
from bot.reminders import takes_place
from handlers.owing import Reading
from handlers.reminder_words import Item, compose
from handlers.replies import Button, Reply, button, say
from storage import Transaction, events, shift_signups, shifts
from storage.events import Event
from storage.notices import Owed
from storage.reminders import Subject
from storage.shifts import Shift


async def remind(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """A reminder for somebody who still has the shift, which still takes place."""
    item = await look(notice.shift_id, notice.person_id, tx, reading)
    return say(*compose([item], reading)) if item else None


async def look(shift_id: int | None, person_id: int | None, tx: Transaction, reading: Reading) -> Item | None:
    """What to remind of: a shift that is ahead and takes place, and that the person has."""
    found = await _duty(shift_id, person_id, tx)
    if found is None or not takes_place(found[1]) or found[0].starts_at <= reading.now:
        return None
    shift, event = found
    language = reading.language
    role = volunteering.role_of(shift, event, language.locale)
    title = programme.text_of(event, language.locale).title
    text = language.html(
        "🔔 Your shift <b>{role}</b> at <b>{title}</b>: {when}.",
        role=role,
        title=title,
        when=language.span(shift.starts_at, shift.ends_at, ZoneInfo(event.zone), now=reading.now),
    )
    text += _place(event, language)
    note = volunteering.note_of(shift, event, language.locale)
    if note:
        text += Markup("\n{}").format(note)
    return Item(
        Subject("shift", shift.id),
        shift.starts_at,
        text,
        [[_open(shift, language), _drop(shift, language)]],
        button(language.gettext("{role} at {title}", role=role, title=title), "shift", shift.id),
    )


async def tell_changed(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """What the shift was and what it is now, and which other shift of the reader's it overlaps with now."""
    found = await _duty(notice.shift_id, notice.person_id, tx)
    if found is None or found[0].ends_at <= reading.now or notice.person_id is None:
        return None
    shift, event = found
    language, zone = reading.language, ZoneInfo(event.zone)
    text = language.html(
        "✏️ Your shift <b>{role}</b> at <b>{title}</b> has changed.",
        role=volunteering.role_of(shift, event, language.locale),
        title=programme.text_of(event, language.locale).title,
    )
    differences = _differences(notice, shift, event, reading)
    if not differences and not notice.params.get("place"):
        # It was changed back before anybody heard of it.
        return None
    now = language.span(shift.starts_at, shift.ends_at, zone, now=reading.now)
    lines = [text, *differences, language.html("Now: {when}", when=now)]
    text = Markup("\n").join(lines) + _place(event, language)
    rows = [[_open(shift, language)], [_drop(shift, language)]]
    for other, other_event in await volunteering.find_overlapping(tx, shift, notice.person_id):
        text += Markup("\n\n") + language.html(
            "⚠️ It overlaps with your shift <b>{role}</b>, {when}. You have both; please give back the one"
            " you can't do.",
            role=volunteering.role_of(other, other_event, language.locale),
            when=language.span(other.starts_at, other.ends_at, ZoneInfo(other_event.zone), now=reading.now),
        )
        rows.append([button(language.gettext("Open the other shift"), "shift", other.id)])
    return say(text, rows)


async def tell_cancelled(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """The shift is not needed any more; everything else the reader has stays."""
    found = await _shift(notice.shift_id, tx)
    if found is None or notice.person_id is None:
        return None
    shift, event = found
    signup = await shift_signups.find(tx, shift.id, notice.person_id)
    if shift.cancelled_at is None or signup is None or signup.state not in ("taken", "applied"):
        return None
    language = reading.language
    text = language.html(
        "❌ Your shift <b>{role}</b> at <b>{title}</b>, {when}, has been cancelled."
        " Thank you for offering your help!",
        role=volunteering.role_of(shift, event, language.locale),
        title=programme.text_of(event, language.locale).title,
        when=language.span(shift.starts_at, shift.ends_at, ZoneInfo(event.zone), now=reading.now),
    )
    return say(text, [[button(language.gettext("🙋 Open shifts"), "volunteer")]])


def _differences(notice: Owed, shift: Shift, event: Event, reading: Reading) -> list[Markup]:
    """What it was before, where that differs."""
    language = reading.language
    starts = datetime.fromtimestamp(notice.params["starts_at"], UTC)
    ends = datetime.fromtimestamp(notice.params["ends_at"], UTC)
    lines = []
    old_roles: dict[str, str] = notice.params["roles"]
    if any(shift.roles.get(locale) != role for locale, role in old_roles.items()):
        old = old_roles.get(language.locale) or old_roles.get(event.base_locale) or ""
        lines.append(language.html("Before: {role}", role=old or next(iter(old_roles.values()), "")))
    if (starts, ends) != (shift.starts_at, shift.ends_at):
        before = language.span(starts, ends, ZoneInfo(event.zone), now=reading.now)
        lines.append(language.html("Before: {when}", when=before))
    return lines


async def _shift(shift_id: int | None, tx: Transaction) -> tuple[Shift, Event] | None:
    shift = await shifts.find(tx, shift_id) if shift_id is not None else None
    event = await events.find(tx, shift.event_id) if shift else None
    return (shift, event) if shift and event else None


async def _duty(shift_id: int | None, person_id: int | None, tx: Transaction) -> tuple[Shift, Event] | None:
    """A shift that takes place and that the reader has taken."""
    found = await _shift(shift_id, tx)
    if found is None or person_id is None:
        return None
    shift, event = found
    if shift.cancelled_at is not None or event.state != "published":
        return None
    return found if await shifts.has_taken(tx, shift.id, person_id) else None


def _place(event: Event, language: Language) -> Markup:
    place = programme.text_of(event, language.locale).place
    return Markup("\n") + language.html("📍 {place}", place=place) if place else Markup()


def _open(shift: Shift, language: Language) -> Button:
    return button(language.gettext("Open the shift"), "shift", shift.id)


def _drop(shift: Shift, language: Language) -> Button:
    return button(language.gettext("I can't come"), "drop", shift.id)
