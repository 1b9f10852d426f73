"""A broadcast as its readers get it, the way to turn such messages off, and the report to its author."""

from bot.language import Language
from handlers.organise.broadcast_sending import describe_progress
from handlers.organise.broadcast_text import fewer_button, original
from handlers.owing import Reading
from handlers.replies import Button, Raw, Reply, alert, button, keyboard_markup, say, show
from handlers.turns import Press
from storage import Transaction, broadcast_notices, broadcasts, people
from storage.notices import Owed


async def tell(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """The message in the reader's language, or in the base language; none when it was stopped or muted."""
    if notice.broadcast_id is None or notice.person_id is None:
        return None
    locale = reading.language.locale
    variant = await broadcast_notices.find_wanted(tx, notice.broadcast_id, notice.person_id, locale)
    return Reply((original(variant, reading.language),)) if variant else None


async def report(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """How a broadcast ended, by outcome and language, for whoever wrote it."""
    found = await broadcasts.find(tx, int(notice.params["broadcast"]))
    if found is None:
        return None
    language = reading.language
    text = describe_progress(found, await broadcast_notices.count_outcomes(tx, found.id), language)
    return say(text, [[button(language.gettext("‹ Broadcasts"), "broadcasts")]])


async def mute(press: Press, tx: Transaction) -> Reply:
    """No more broadcasts for this person, until they undo it. Pressing twice is harmless."""
    language = press.language
    await people.mute(tx, press.person.id, "broadcasts")
    said = language.gettext(
        "You won't get news from the organisers any more. What concerns your own events still reaches you."
    )
    return alert(said) + _under_message(press, _undo_button(language))


async def unmute(press: Press, tx: Transaction) -> Reply:
    """Broadcasts reach this person again. Pressing twice is harmless."""
    language = press.language
    await people.unmute(tx, press.person.id, "broadcasts")
    said = language.gettext("News from the organisers reaches you again.")
    return alert(said) + _under_message(press, fewer_button(language))


def _undo_button(language: Language) -> Button:
    return button(language.gettext("Undo: I want news"), "unmutebroadcasts")


def _under_message(press: Press, offered: Button) -> Reply:
    """Only the button changes: the message stays to be read."""
    where = press.where
    if where.message_id is None:
        return show(press.language.html("You can change this at any time."), [[offered]])
    params = {
        "chat_id": where.chat_id,
        "message_id": where.message_id,
        "reply_markup": keyboard_markup([[offered]]),
    }
    return Reply((Raw("editMessageReplyMarkup", params),))
