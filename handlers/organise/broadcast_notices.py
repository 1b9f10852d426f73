"""A broadcast as its readers get it, and the way to turn such messages off."""

from collections.abc import Sequence

from bot.language import Language
from handlers.organise.broadcast_content import keyboard, original
from handlers.organise.broadcast_text import fewer_button, more_button
from handlers.owing import Reading
from handlers.replies import Button, Raw, Reply, alert, keyboard_markup, show
from handlers.turns import Press
from storage import Transaction, broadcasts, people
from storage.broadcasts import Broadcast
from storage.notices import Owed


async def tell_all(owed: Sequence[Owed], tx: Transaction, readings: Sequence[Reading]) -> list[Reply | None]:
    """The message in each reader's language, or in the base language; none when it was stopped or muted.

    It is asked and worded once for each language, however many read it.
    """
    muting = await people.list_muting(tx, {notice.person_id or 0 for notice in owed}, "broadcasts")
    found = {key: await broadcasts.find(tx, key) for key in {notice.broadcast_id or 0 for notice in owed}}
    worded: dict[tuple[int | None, str], Reply | None] = {}
    for notice, reading in zip(owed, readings, strict=True):
        key = notice.broadcast_id, reading.language.locale
        if key not in worded:
            worded[key] = _for_readers(found[notice.broadcast_id or 0], reading.language)
    return [
        None if notice.person_id in muting else worded[notice.broadcast_id, reading.language.locale]
        for notice, reading in zip(owed, readings, strict=True)
    ]


def _for_readers(broadcast: Broadcast | None, language: Language) -> Reply | None:
    if broadcast is None or broadcast.state == "cancelled":
        return None
    variant = broadcast.variants.get(language.locale) or broadcast.variants.get(broadcast.base_locale)
    return original(broadcast, variant, language) if variant else None


async def mute(press: Press, tx: Transaction) -> Reply:
    """No more broadcasts for this person, until they undo it. Pressing twice is harmless."""
    language = press.language
    await people.mute(tx, press.person.id, "broadcasts")
    said = language.gettext(
        "You won't get news from the organisers any more. What concerns your own events still reaches you."
    )
    return alert(said) + await _under_message(press, tx, muted=True)


async def unmute(press: Press, tx: Transaction) -> Reply:
    """Broadcasts reach this person again. Pressing twice is harmless."""
    await people.unmute(tx, press.person.id, "broadcasts")
    said = press.language.gettext("News from the organisers reaches you again.")
    return alert(said) + await _under_message(press, tx, muted=False)


async def _under_message(press: Press, tx: Transaction, *, muted: bool) -> Reply:
    """Only this button changes: the message stays to be read, and its other buttons to be pressed."""
    language, where = press.language, press.where
    found = await broadcasts.find(tx, press.number(0))
    if found and found.started_at is None and not press.is_organiser:
        # A made-up id tells nothing of what has not been sent.
        found = None
    rows = keyboard(found, language, muted=muted) if found else [[_switch(language, muted=muted)]]
    if where.message_id is None:
        return show(language.html("You can change this at any time."), rows)
    params = {
        "chat_id": where.chat_id,
        "message_id": where.message_id,
        "reply_markup": keyboard_markup(rows),
    }
    return Reply((Raw("editMessageReplyMarkup", params),))


def _switch(language: Language, *, muted: bool) -> Button:
    return more_button(language) if muted else fewer_button(language)
