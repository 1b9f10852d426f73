"""What organisers did, the latest first: of one event, or of everything."""

from collections.abc import Mapping

from markupsafe import Markup, escape

from bot import groups, programme
from bot.cutting import shortened
from bot.language import Language, isolate
from handlers import topics
from handlers.organise.history_words import tell_action
from handlers.organise.menu import organise_button
from handlers.replies import Button, Reply, button, show
from handlers.turns import Press
from storage import Transaction, audit, events
from storage import groups as group_rows
from storage.audit import Entry

PAGE = 8
# What nobody does but the clock; and what is done at the command line, where nobody is known.
BY_ITSELF = frozenset({"details_purged", "quiz_ended"})
BY_COMMAND = frozenset({"calibrated", "calibration_undone"})


async def browse(press: Press, tx: Transaction) -> Reply:
    """A page of the log; with an event's id, of what was done with that event alone."""
    language = press.language
    event_id = press.number(1) if press.number(1) > 0 else None
    total = await audit.count_entries(tx, event_id=event_id)
    page = min(max(0, press.number(0)), max(0, total - 1) // PAGE)
    entries = await audit.list_entries(tx, event_id=event_id, limit=PAGE, offset=page * PAGE)
    titles = {
        event.id: programme.text_of(event, language.locale).title
        for event in await events.find_many(
            tx, {one.event_id for one in entries if one.event_id} | {event_id or -1}
        )
    }
    heading = language.html("<b>What organisers did</b>")
    if event_id is not None:
        heading = language.html("<b>What was done</b> · {title}", title=titles.get(event_id, ""))
    lines = [heading]
    if not entries:
        lines.append(language.html("Nothing has been written down yet."))
    names = await _group_names(tx, entries, language)
    for entry in entries:
        line = _line(entry, names, press, titles if event_id is None else {})
        lines.append(line + await _answer_named(entry, press, tx))
    where = () if event_id is None else (event_id,)
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Later"), "ohistory", page - 1, *where))
    if (page + 1) * PAGE < total:
        turning.append(button(language.gettext("Earlier ›"), "ohistory", page + 1, *where))
    back: list[Button] = [organise_button(language)]
    if event_id is not None:
        back = [button(language.gettext("‹ Back"), "omore", event_id)]
    return show(Markup("\n\n").join(lines), [turning, back])


async def _group_names(tx: Transaction, entries: list[Entry], language: Language) -> dict[int, str]:
    if not any("group" in entry.params for entry in entries):
        return {}
    return {group.id: groups.name_of(group, language.locale) for group, _ in await group_rows.list_all(tx)}


async def _answer_named(entry: Entry, press: Press, tx: Transaction) -> Markup:
    """Which of the bot's answers it was about, if that is still there."""
    question_id = entry.params.get("entry")
    title = await topics.title_of(press, tx, f"q{question_id}") if question_id else ""
    return Markup("\n📚 {}").format(isolate(shortened(title, 120))) if title else Markup()


def _line(entry: Entry, names: Mapping[int, str], press: Press, titles: Mapping[int, str]) -> Markup:
    language = press.language
    who = escape(isolate(entry.actor[:64])) if entry.actor else language.html("somebody who has left")
    if entry.actor is None and entry.action in BY_ITSELF:
        who = language.html("by itself")
    if entry.actor is None and entry.action in BY_COMMAND:
        who = language.html("by a command")
    when = language.moment(entry.at, press.setup.home, now=press.now)
    line = Markup("<i>{} · {}</i>\n{}").format(when, who, tell_action(entry, names, language))
    if entry.event_id is not None and entry.event_id in titles:
        line += Markup("\n“{}”").format(titles[entry.event_id])
    return line
