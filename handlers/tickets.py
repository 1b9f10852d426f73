"""A member's ticket: the code to show at the door."""

from functools import lru_cache
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot import programme, tickets
from bot.cutting import shortened
from bot.language import isolate
from bot.papers import qr
from handlers.menu import home_button
from handlers.replies import Picture, Reply, alert, button, show, toast
from handlers.turns import Press, Turn
from storage import Transaction, events, rsvps
from storage.events import Event
from storage.rsvps import Rsvp

# A caption holds 1,024 characters; a place may be described at any length.
TITLE_LIMIT, PLACE_LIMIT = 200, 300


async def send(press: Press, tx: Transaction) -> Reply:
    """The ticket as a picture, for somebody with a seat in the room at an event that is not over."""
    language = press.language
    event = await events.find(tx, press.number(0))
    rsvp = await rsvps.find(tx, event.id, press.person.id) if event else None
    if event is None or rsvp is None or rsvp.state != "going":
        return alert(language.gettext("You have no place here, so there is no ticket."))
    if event.state != "published" or event.ends_at <= press.now:
        return alert(language.gettext("This event has been cancelled or is over."))
    if rsvp.way != "here":
        return alert(language.gettext("You take part online, so you need no ticket."))
    return toast("") + _picture(press, event, rsvp)


async def open_code(turn: Turn, tx: Transaction, code: str) -> Reply:
    """What whoever is no crew sees of a ticket's code: their own ticket, and nothing of anybody else's."""
    number = tickets.rsvp_id(code)
    rsvp = await rsvps.find_by_id(tx, number) if number is not None else None
    if rsvp and rsvp.person_id == turn.person.id and tickets.is_genuine(code, rsvp, turn.setup.secret):
        event = await events.find(tx, rsvp.event_id)
        if event and event.state == "published" and event.ends_at > turn.now and rsvp.way == "here":
            return _picture(turn, event, rsvp)
    language = turn.language
    text = language.html("🎟 This is a ticket. Please show it to the crew at the door.")
    return show(text, [[button(language.gettext("🎟 My places"), "my")], [home_button(language)]])


def _picture(turn: Turn, event: Event, rsvp: Rsvp) -> Reply:
    language, text = turn.language, programme.text_of(event, turn.language.locale)
    lines = [
        Markup("🎟 <b>{}</b>").format(shortened(text.title, TITLE_LIMIT)),
        language.html(
            "🗓 {when}", when=language.span(event.starts_at, event.ends_at, ZoneInfo(event.zone), now=turn.now)
        ),
    ]
    if text.place:
        lines.append(language.html("📍 {place}", place=shortened(text.place, PLACE_LIMIT)))
    lines.append(Markup("👤 {}").format(isolate(turn.person.name)))
    if rsvp.companions:
        lines.append(
            language.nhtml(
                "👥 You and {n} companion: one code for all of you",
                "👥 You and {n} companions: one code for all of you",
                rsvp.companions,
            )
        )
    hint = language.html("Show this code at the door.")
    caption = Markup("\n").join([*lines, "", hint])
    address = tickets.link(rsvp, turn.setup.secret, turn.setup.username)
    buttons = [[button(language.gettext("Open the event"), "event", event.id)]]
    return Reply((Picture("ticket.png", _drawn(address), caption, buttons),))


@lru_cache(maxsize=256)
def _drawn(address: str) -> bytes:
    """People open their ticket again and again; drawing it takes longer than all the rest."""
    return qr.draw(address)
