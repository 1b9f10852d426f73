"""What organisers are told when reminders came to nothing."""

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot import missed, programme
from bot.language import Language
from handlers.events import title_of
from handlers.organise.menu import organise_button
from handlers.owing import Reading
from handlers.replies import Button, Reply, button, say
from handlers.shift_needs import named
from storage import Transaction, events, shifts
from storage.missed import Missed
from storage.notices import Owed

MOST: Final = 8
_MOST_BUTTONS: Final = 4


async def tell(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """Which events and shifts people were not reminded of, and how many people: all in one message."""
    since, until = (datetime.fromtimestamp(notice.params[name], UTC) for name in ("since", "until"))
    found = await missed.list_missed(tx, since, until)
    if not found:
        return None
    language = reading.language
    lines, buttons = [], dict[int, Button]()
    for one in found[:MOST]:
        line, opens = await _line(one, tx, reading)
        lines.append(line)
        buttons |= opens
    if len(found) > MOST:
        left = len(found) - MOST
        lines.append(language.nhtml("… and {n} more", "… and {n} more", left))
    text = Markup("\n\n").join(
        [
            language.html("⚠️ <b>Some reminders could not be sent in time.</b>"),
            language.html(
                "I was not running, or could not reach Telegram. What is still of use has gone out late;"
                " these people were not reminded:"
            ),
            Markup("\n").join(lines),
        ]
    )
    rows = [[one] for one in list(buttons.values())[:_MOST_BUTTONS]]
    return say(text, [*rows, [organise_button(language)]])


async def _line(one: Missed, tx: Transaction, reading: Reading) -> tuple[Markup, dict[int, Button]]:
    """What it was and how many it concerns; the button that opens the event."""
    language = reading.language
    shift = await shifts.find(tx, one.shift_id) if one.shift_id is not None else None
    event_id = shift.event_id if shift else one.event_id
    event = await events.find(tx, event_id) if event_id is not None else None
    people = _people(one.people, language)
    if event is None:
        return language.html("• a deleted event: {people}", people=people), {}
    if shift is not None:
        name = named(shift, event, language, reading.now)
    else:
        when = language.moment(event.starts_at, ZoneInfo(event.zone), now=reading.now)
        name = language.html("<b>{title}</b>, {when}", title=title_of(event, language), when=when)
    opens = button(programme.text_of(event, language.locale).title, "oevent", event.id)
    return language.html("• {what}: {people}", what=name, people=people), {event.id: opens}


def _people(count: int, language: Language) -> str:
    return language.ngettext("{n} person", "{n} people", count)
