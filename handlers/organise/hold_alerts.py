"""What organisers are told of events that are about to begin, or have begun, and are still on hold."""

from typing import Final

from markupsafe import Markup

from bot import hold_alerts, holds, programme
from handlers.hold_words import line_of
from handlers.owing import Reading
from handlers.replies import Reply, button, say
from storage import Transaction, people
from storage.notices import Owed

MOST: Final = 6


async def tell(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """All that has to be decided by now, to be decided from here; nothing where it has been."""
    reader = await people.find(tx, notice.person_id) if notice.person_id is not None else None
    found = [
        event
        for event in await holds.list_held(tx, now=reading.now)
        if hold_alerts.is_pressing(event, reading.now)
    ]
    if not found or not reading.may_organise(reader):
        return None
    language, shown = reading.language, found[:MOST]
    parts = [
        language.html("⏸ <b>Still on hold, and nobody has decided:</b>"),
        *(line_of(event, language, reading.now) for event in shown),
    ]
    if len(found) > MOST:
        parts.append(language.nhtml("… and {n} more", "… and {n} more", len(found) - MOST))
    parts.append(language.html("People are waiting to hear whether they should come. Please decide:"))
    rows = [
        [button(f"⏸ {programme.text_of(event, language.locale).title}", "oheld", event.id)] for event in shown
    ]
    return say(
        Markup("\n\n").join(parts), [*rows, [button(language.gettext("⏸ What is on hold"), "oheldall")]]
    )
