"""A broadcast just as its readers will see it, shown to organisers before it leaves."""

from bot.broadcast_buttons import buttons_of
from bot.language import LOCALES, NATIVE_NAMES
from bot.language import language as language_of
from handlers.organise.broadcast_content import original
from handlers.replies import Reply, Say
from handlers.turns import Turn
from storage.broadcasts import Broadcast


def as_readers_see(turn: Turn, broadcast: Broadcast) -> Reply:
    """Every text as real messages, its buttons in the readers' language.

    Where there are buttons, readers of a language without a text of its own are shown too: theirs differ.
    """
    shown = Reply()
    for locale in LOCALES:
        variant = broadcast.variants.get(locale)
        if variant is None and not buttons_of(broadcast):
            continue
        note = turn.language.html("👇 Readers of {language} see this:", language=NATIVE_NAMES[locale])
        theirs = language_of(locale, turn.setup.home)
        shown += Reply((Say(note, silent=True),))
        shown += original(broadcast, variant or broadcast.variants[broadcast.base_locale], theirs)
    return shown
