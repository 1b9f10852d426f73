"""A newsletter's letter as its reader gets it, and what can be pressed under it."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from bot import newsletters, programme
from bot.language import NATIVE_NAMES, Language
from bot.newsletters import MOST_EVENTS, foreword_in, name_of
from handlers import event_list
from handlers.events import open_card
from handlers.hold_words import in_list
from handlers.newsletters import first_letter
from handlers.owing import Reading
from handlers.replies import Button, Reply, alert, below, button, say
from handlers.turns import Press
from storage import Transaction, letters
from storage import newsletters as kept
from storage.events import Event
from storage.newsletters import Newsletter
from storage.notices import Owed


async def tell(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """What lies ahead, for a reader who still wants it; nothing to tell, no letter."""
    letter = await letters.find(tx, int(notice.params["letter"]))
    newsletter = await kept.find(tx, letter.newsletter_id) if letter else None
    if letter is None or newsletter is None or newsletter.next_at is None or notice.person_id is None:
        return None
    if await kept.find_state(tx, newsletter.id, notice.person_id) != "on":
        return None
    coming = await newsletters.list_events(tx, newsletter, notice.person_id, now=reading.now)
    return as_read(newsletter, letter.forewords, coming, reading)


def as_read(
    newsletter: Newsletter, forewords: Mapping[str, str], coming: Sequence[Event], reading: Reading
) -> Reply | None:
    """The letter in the reader's language; None where there is nothing to tell."""
    language, said = reading.language, foreword_in(forewords, reading.language.locale)
    if said is None and not coming:
        return None
    parts = [Markup("📰 <b>{}</b>").format(name_of(newsletter, language.locale))]
    if said is not None:
        locale, text = said
        parts.append(escape(text))
        if locale != language.locale:
            parts.append(language.html("<i>Shown in {language}.</i>", language=NATIVE_NAMES[locale]))
    shown = list(enumerate(coming[:MOST_EVENTS], start=1))
    if shown:
        parts.append(language.html("<b>What lies ahead</b>"))
    parts += [_line(number, event, reading) for number, event in shown]
    if len(coming) > MOST_EVENTS:
        parts.append(language.html("… and more under “Events”."))
    rows = [
        [button(f"{number}. {programme.text_of(event, language.locale).title}", "letterevent", event.id)]
        for number, event in shown
    ]
    return say(
        Markup("\n\n").join(parts),
        [
            *rows,
            [button(language.gettext("📅 All events"), "letterevents")],
            [fewer_button(newsletter.id, language)],
        ],
    )


def _line(number: int, event: Event, reading: Reading) -> Markup:
    language, text = reading.language, programme.text_of(event, reading.language.locale)
    when = language.moment(event.starts_at, ZoneInfo(event.zone), now=reading.now)
    line = Markup("<b>{}.</b> {}\n🗓 {}").format(number, text.title, when)
    if text.place:
        line += Markup("\n") + language.html("📍 {place}", place=text.place)
    return line + in_list(event, language)


def fewer_button(newsletter_id: int, language: Language) -> Button:
    return button(language.gettext("🔕 Don't send me this newsletter"), "letteroff", newsletter_id)


async def open_event(press: Press, tx: Transaction) -> Reply:
    """The event's card in a message of its own: the letter stays to be read."""
    return below(await open_card(press, tx, press.number(0)))


async def list_events(press: Press, tx: Transaction) -> Reply:
    """All events, likewise."""
    return below(await event_list.browse(press, tx))


async def stop(press: Press, tx: Transaction) -> Reply:
    """No more of these letters for this person, until they undo it. Pressing twice is harmless.

    The letter stays as it is, to be read; the way back stands below it.
    """
    newsletter, language = await kept.find(tx, press.number(0)), press.language
    if newsletter is None:
        return alert(language.gettext("This newsletter is not sent any more."))
    before = await kept.find_state(tx, newsletter.id, press.person.id)
    await kept.put_state(tx, newsletter.id, press.person.id, "off", now=press.now)
    if before == "off":
        return alert(language.gettext("You won't get this newsletter any more."))
    text = language.html(
        "You won't get “{name}” any more. What concerns your own events still reaches you.",
        name=name_of(newsletter, language.locale),
    )
    again = button(language.gettext("Undo: send it to me"), "letteron", newsletter.id)
    return say(text, [[again], [button(language.gettext("📰 Newsletters"), "newsletters")]])


async def start(press: Press, tx: Transaction) -> Reply:
    """The person gets these letters from the next one on. Pressing twice is harmless."""
    newsletter = await kept.find(tx, press.number(0))
    if newsletter is None:
        return alert(press.language.gettext("This newsletter is not sent any more."))
    await kept.put_state(tx, newsletter.id, press.person.id, "on", now=press.now)
    return alert(first_letter(newsletter, press))
