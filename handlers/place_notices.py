"""Notices about one's own place: freed, offered, decided about, moved to another event."""

from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot import places
from bot.language import Language
from handlers.event_card import UNSEEN, is_full, refusal
from handlers.events import title_of
from handlers.owing import Reading
from handlers.replies import Button, Reply, button, say
from storage import Transaction, events, rsvps
from storage.events import Event
from storage.notices import Owed
from storage.rsvps import HELD, Rsvp


async def tell_seat_freed(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """Good news for somebody who waited and now has a seat."""
    found = await _place(notice, tx, reading)
    if found is None or found[1].state != "going":
        return None
    event, language = found[0], reading.language
    text = language.html(
        "🎉 You have a place at <b>{title}</b>, {when}. If you can't come, please give it up.",
        title=title_of(event, language),
        when=_when(event, reading),
    )
    return say(text, [[open_button(event, language)], [leave_button(event, language)]])


async def tell_offered(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """A freed place is kept for somebody who waited; it is theirs with one tap."""
    found = await _place(notice, tx, reading)
    if found is None or found[1].offer_until is None or found[1].offer_until <= reading.now:
        return None
    event, mine = found
    language, zone = reading.language, ZoneInfo(event.zone)
    text = language.html(
        "🎁 A place at <b>{title}</b>, {when}, is free for you. I keep it until {until}.",
        title=title_of(event, language),
        when=_when(event, reading),
        until=language.moment(mine.offer_until, zone, now=reading.now) if mine.offer_until else "",
    )
    if mine.companions:
        text += "\n" + language.nhtml(
            "It is for you and {n} companion.", "It is for you and {n} companions.", mine.companions
        )
    rows = [
        [button(language.gettext("Take the place"), "accept", event.id, style="success")],
        [button(language.gettext("No, thank you"), "nothanks", event.id)],
        [open_button(event, language)],
    ]
    return say(text, rows)


async def tell_offer_ended(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """The time is over and the place went on; asking anew is one tap."""
    event = await _event(notice, tx)
    if event is None or event.state != "published" or event.starts_at <= reading.now:
        return None
    mine = await rsvps.find(tx, event.id, notice.person_id) if notice.person_id else None
    if mine is not None and mine.state in HELD:
        return None
    language, companions = reading.language, int(notice.params.get("companions") or 0)
    seen = await places.look(tx, event, notice.person_id) if notice.person_id else UNSEEN
    if all(is_full(event, seen, way) for way in places.ways_of(event)):
        text = language.html(
            "⏳ The time for your place at <b>{title}</b> is over, and it went to whoever is next."
            " You can ask for a place once more.",
            title=title_of(event, language),
        )
    else:
        text = language.html(
            "⏳ The time for your place at <b>{title}</b> is over. There is still room: you can ask for a"
            " place once more.",
            title=title_of(event, language),
        )
    again = button(language.gettext("Ask once more"), "join", event.id, companions)
    return say(text, [[again], [open_button(event, language)]])


async def tell_approved(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    found = await _place(notice, tx, reading)
    if found is None:
        return None
    event, mine = found
    language = reading.language
    if mine.state == "going":
        text = language.html(
            "🎉 Your application for <b>{title}</b>, {when}, is approved. You have a place.",
            title=title_of(event, language),
            when=_when(event, reading),
        )
    elif mine.state == "waiting":
        text = language.html(
            "✅ Your application for <b>{title}</b>, {when}, is approved. It is full just now:"
            " you are number {n} on the waitlist.",
            title=title_of(event, language),
            when=_when(event, reading),
            n=language.number(await rsvps.count_ahead(tx, mine) + 1),
        )
    else:
        return None
    return say(text, [[open_button(event, language)], [leave_button(event, language)]])


async def tell_refused(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """An organiser's no, with the reason in their own words and whether one may ask again.

    Whoever had something before is told that it was taken back, not that they couldn't have it.
    """
    event = await _event(notice, tx)
    if event is None or notice.person_id is None:
        return None
    mine = await rsvps.find(tx, event.id, notice.person_id)
    if mine is None or mine.state != "refused":
        return None
    language = reading.language
    said = None
    if notice.kind == "place_taken_back":
        said = language.html("<b>An organiser has taken you off the list.</b>")
    about = language.html(
        "About <b>{title}</b>, {when}:", title=title_of(event, language), when=_when(event, reading)
    )
    return say(
        Markup("\n").join([about, refusal(event, mine.reason, language, said=said)]),
        [[open_button(event, language)], [button(language.gettext("💬 Ask a person"), "ask")]],
    )


async def tell_moved(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """The person's place is at another event now: where they stand there, and the way out."""
    old, into = await _event(notice, tx), await events.find(tx, int(notice.params.get("to", 0)))
    if old is None or into is None or into.state != "published" or into.ends_at <= reading.now:
        return None
    mine = await rsvps.find(tx, into.id, notice.person_id) if notice.person_id else None
    if mine is None or mine.state not in HELD:
        return None
    language = reading.language
    if notice.kind == "event_merged":
        text = language.html(
            "➡️ <b>{old}</b> has become part of <b>{new}</b>, {when}.",
            old=title_of(old, language),
            new=title_of(into, language),
            when=_when(into, reading),
        )
    else:
        text = language.html(
            "➡️ An organiser has moved you from <b>{old}</b> to <b>{new}</b>, {when}.",
            old=title_of(old, language),
            new=title_of(into, language),
            when=_when(into, reading),
        )
    text += "\n" + await _stands(mine, tx, language)
    return say(text, [[open_button(into, language)], [leave_at_once(into, language)]])


async def tell_added(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    found = await _place(notice, tx, reading)
    if found is None:
        return None
    event, mine = found
    language = reading.language
    text = language.html(
        "👋 An organiser has put you on the list for <b>{title}</b>, {when}.",
        title=title_of(event, language),
        when=_when(event, reading),
    )
    text += "\n" + await _stands(mine, tx, language)
    return say(text, [[open_button(event, language)], [leave_at_once(event, language)]])


async def _stands(mine: Rsvp, tx: Transaction, language: Language) -> Markup:
    match mine.state:
        case "going":
            return language.html("You have a place.")
        case "waiting":
            position = await rsvps.count_ahead(tx, mine) + 1
            return language.html("You are number {n} on the waitlist.", n=language.number(position))
        case "applied":
            return language.html("An organiser will look at your application.")
        case _:
            return language.html("A place is kept for you; please open it to take it.")


def open_button(event: Event, language: Language) -> Button:
    return button(language.gettext("Open the event"), "event", event.id)


def leave_button(event: Event, language: Language) -> Button:
    """Asks first: a slip of the thumb costs no place."""
    return button(language.gettext("I can't come"), "leave", event.id)


def leave_at_once(event: Event, language: Language) -> Button:
    """Where others have changed what the person had said yes to, one tap is enough to say no.

    The card that follows offers to sign up again.
    """
    return button(language.gettext("I can't come"), "left", event.id)


def _when(event: Event, reading: Reading) -> str:
    return reading.language.moment(event.starts_at, ZoneInfo(event.zone), now=reading.now)


async def _event(notice: Owed, tx: Transaction) -> Event | None:
    return await events.find(tx, notice.event_id) if notice.event_id is not None else None


async def _place(notice: Owed, tx: Transaction, reading: Reading) -> tuple[Event, Rsvp] | None:
    """The event, if it is still to come or going on, and what the person holds there."""
    event = await _event(notice, tx)
    if event is None or event.state != "published" or notice.person_id is None:
        return None
    mine = await rsvps.find(tx, event.id, notice.person_id)
    if mine is None or mine.state not in HELD or event.ends_at <= reading.now:
        return None
    return event, mine
