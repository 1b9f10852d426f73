"""What an event came to: who came, who didn't, and how they found it."""

from typing import Final
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from bot import feedback, programme
from bot.feedback import SCORES, Summary
from bot.language import Language
from handlers.events import title_of
from handlers.organise.event_admin import gone
from handlers.organise.menu import organise_button
from handlers.replies import Keyboard, Reply, button, show
from handlers.turns import Press, Turn
from storage import Transaction, events
from storage import feedback as given_rows
from storage.events import Event

PAGE: Final = 10
BAR: Final = 10
MOST_PAGES: Final = 10_000


async def list_past(press: Press, tx: Transaction) -> Reply:
    """A page of events that are over, the latest first."""
    language, page = press.language, min(max(0, press.number(0)), MOST_PAGES)
    # One more than is shown tells whether there is another page.
    found = await events.list_past(tx, now=press.now, limit=PAGE + 1, offset=page * PAGE)
    text = language.html("📊 <b>Past events</b>")
    if not found:
        text += Markup("\n\n") + language.html("There are none here.")
    rows = [[button(_label(event, language), "oafter", event.id)] for event in found[:PAGE]]
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Later"), "opast", page - 1))
    if len(found) > PAGE:
        turning.append(button(language.gettext("Earlier ›"), "opast", page + 1))
    back = [button(language.gettext("‹ All events"), "oevents", 0), organise_button(language)]
    return show(text, [*rows, turning, back])


def _label(event: Event, language: Language) -> str:
    title = programme.text_of(event, language.locale).title
    return f"{event.starts_at.astimezone(ZoneInfo(event.zone)):%Y-%m-%d} · {title}"


async def open_after(press: Press, tx: Transaction) -> Reply:
    event = await events.find(tx, press.number(0))
    if event is None:
        return gone(press)
    summary = await feedback.summarise(tx, event.id)
    return show(_describe(event, summary, press), _buttons(event, summary, press))


def _describe(event: Event, summary: Summary, turn: Turn) -> Markup:
    language, counts = turn.language, summary.counts
    when = language.span(event.starts_at, event.ends_at, ZoneInfo(event.zone), now=turn.now)
    facts = [
        Markup("📊 <b>{}</b>").format(title_of(event, language)),
        language.html("🗓 {when}", when=when),
        language.html("Places booked: {n}", n=language.number(counts.seated)),
        language.html("Came: {n}", n=language.number(counts.here)),
        language.html("Of those without a booking: {n}", n=language.number(counts.walkins)),
        language.html("Did not come: {n}", n=language.number(counts.absent)),
    ]
    if not counts.here:
        facts[3:] = [language.html("Nobody was checked in, so nobody knows who came.")]
    return Markup("\n\n").join([Markup("\n").join(facts), tell_feedback(summary, event, language)])


def tell_feedback(summary: Summary, event: Event, language: Language) -> Markup:
    """The average, and how many gave which score."""
    average = summary.average
    if average is None:
        if not event.feedback or event.state == "cancelled":
            return language.html("Nobody is asked how this event was.")
        return language.html(
            "Nobody has said yet how it was. Those who came are asked an hour after the end."
        )
    head = language.nhtml(
        "⭐ <b>{average}</b> of 5, from {n} answer",
        "⭐ <b>{average}</b> of 5, from {n} answers",
        summary.answers,
        average=language.number(round(average, 1)),
    )
    return Markup("\n").join([head, *(_bar(score, summary, language) for score in reversed(SCORES))])


def _bar(score: int, summary: Summary, language: Language) -> Markup:
    count = summary.scores.get(score, 0)
    filled = round(BAR * count / summary.answers)
    bar = "▓" * filled + "░" * (BAR - filled)
    return Markup("{} <code>{}</code> {}").format(language.number(score), bar, language.number(count))


def _buttons(event: Event, summary: Summary, turn: Turn) -> Keyboard:
    language = turn.language
    rows = []
    if summary.comments:
        label = language.gettext("💬 What they wrote ({n})", n=language.number(summary.comments))
        rows.append([button(label, "ocomments", event.id, 0)])
    if event.state == "published" and event.ways != "online":
        rows.append([button(language.gettext("🚪 Check-in"), "odoor", event.id)])
    rows.append([button(language.gettext("📄 List as a file"), "oxlsx", event.id)])
    return [
        *rows,
        [button(language.gettext("‹ Back"), "oevent", event.id), organise_button(language)],
    ]


async def list_comments(press: Press, tx: Transaction) -> Reply:
    """A page of what people wrote, by score, without their names."""
    event = await events.find(tx, press.number(0))
    if event is None:
        return gone(press)
    language, page = press.language, min(max(0, press.number(1)), MOST_PAGES)
    # One more than is shown tells whether there is another page.
    found = await given_rows.list_comments(tx, event.id, limit=PAGE + 1, offset=page * PAGE)
    parts = [language.html("💬 <b>What they wrote: {title}</b>", title=title_of(event, language))]
    parts += [
        Markup("<b>{}</b> · {}").format(language.number(one.score), escape(one.comment))
        for one in found[:PAGE]
    ]
    if not found:
        parts.append(language.html("There is nothing on this page."))
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Previous"), "ocomments", event.id, page - 1))
    if len(found) > PAGE:
        turning.append(button(language.gettext("Next ›"), "ocomments", event.id, page + 1))
    back = [button(language.gettext("‹ Back"), "oafter", event.id)]
    return show(Markup("\n\n").join(parts), [turning, back])
