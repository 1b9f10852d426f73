"""Notices to those concerned: events are on hold, or take place after all."""

from collections.abc import Sequence

from markupsafe import Markup

from bot import programme
from bot.language import Language
from handlers.hold_words import line_of, on_hold
from handlers.owing import Reading
from handlers.replies import Button, Reply, button, say
from storage import Transaction, events, holds
from storage.events import Event
from storage.notices import Owed

# Of these, so many are offered to be opened.
MOST_BUTTONS = 6


async def tell_held(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """Everything of the reader's that is on hold just now; none where that is over again."""
    found = [event for event in await _concerning(notice, tx, reading) if event.held_at is not None]
    if not found:
        return None
    language = reading.language
    parts = [
        on_hold(language, found[0].held_because),
        *(line_of(event, language, reading.now) for event in found),
        language.html("Please don't set out yet. As soon as it is decided, I will tell you."),
    ]
    return say(Markup("\n\n").join(parts), _open_buttons(found, language))


async def tell_resumed(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """That what was on hold takes place; none where it has been put on hold again."""
    found = [event for event in await _concerning(notice, tx, reading) if event.held_at is None]
    if not found:
        return None
    language = reading.language
    heading = language.html("✅ <b>It takes place as planned:</b>")
    if len(found) > 1:
        heading = language.html("✅ <b>These take place as planned:</b>")
    parts = [
        heading,
        *(line_of(event, language, reading.now) for event in found),
        language.html("Please come only if your way is safe. If you can't come, open it and say so."),
    ]
    return say(Markup("\n\n").join(parts), _open_buttons(found, language))


async def _concerning(notice: Owed, tx: Transaction, reading: Reading) -> list[Event]:
    """Those of the notice's events that still concern its reader and are still to come, soonest first."""
    if notice.person_id is None:
        return []
    ids = [int(event_id) for event_id in notice.params["events"]]
    mine = await holds.list_concerning(tx, notice.person_id, ids)
    return [
        event
        for event in await events.find_many(tx, mine)
        if event.state == "published" and event.ends_at > reading.now
    ]


def _open_buttons(found: Sequence[Event], language: Language) -> list[list[Button]]:
    return [
        [button(programme.text_of(event, language.locale).title, "event", event.id)]
        for event in found[:MOST_BUTTONS]
    ]
