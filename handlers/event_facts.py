"""What people ask about an event, answered from the event itself, with the buttons to act on it."""

import re
from collections.abc import Sequence
from datetime import datetime
from html import unescape
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot import conversations, facts, places, programme
from bot.facts import Fact, NoneHeld, NotComing, Which
from bot.facts.finding import IN_WORDS, MOST_OFFERED
from bot.language import Language
from bot.questions.inquiry import ASPECTS, read_inquiry
from handlers import events as cards
from handlers import fact_words, hold_words
from handlers.answers import shown_in
from handlers.event_card import View, standing
from handlers.kinds import kind_name
from handlers.origins import ANY_KIND
from handlers.replies import Button, Reply, button, show
from handlers.screens import LABEL, Screen, was_it, ways_on
from handlers.turns import Press, Turn
from storage import Transaction
from storage.events import Event

# No person's id.
NOBODY = 0
_TAG = re.compile(r"<[^>]*>")
# Whoever asks these may want the map or the calendar file.
OF_EXTRAS = frozenset({"where", "when", "ends"})
# Of these the event's own words are told, in the language that they are written in.
IN_ITS_WORDS = frozenset({"where", "bring"}) | IN_WORDS


async def tell(turn: Turn, tx: Transaction, asked: facts.Asked) -> Screen | None:
    """The answer with its buttons; None where the event has nothing to say to this person."""
    match asked:
        case Fact(event, aspects):
            return await _tell_fact(turn, tx, event, aspects)
        case Which():
            return _ask_which(turn, asked)
        case NotComing():
            return _not_coming(turn, asked)
        case NoneHeld():
            text = turn.language.html("You have no place at any event to come.")
            return Screen(text, (_all_events(turn.language), *ways_on(turn.language, "")))


async def open_fact(press: Press, tx: Transaction) -> Reply:
    """An event was chosen from several: what was asked is answered of this one."""
    aspects = tuple(one for one in press.word(1).split(".") if one in ASPECTS)
    view = await cards.look(press, tx, press.number(0))
    if view is None or not aspects:
        return await cards.open_card(press, tx, press.number(0))
    screen = await _tell_fact(press, tx, view.event, aspects)
    if screen is None:
        return await cards.open_card(press, tx, press.number(0))
    return show(screen.text, screen.rows)


async def is_told(turn: Turn, tx: Transaction, asked: facts.Asked) -> bool:
    """Whether the event itself knows: it has no field for a price, and may not mention one."""
    if not isinstance(asked, Fact):
        return True
    return fact_words.is_told(await cards.view_of(turn, tx, asked.event), asked.aspects, turn.language)


async def in_words(tx: Transaction, question: str, words: Language, *, now: datetime) -> str | None:
    """What a question asked of a certain event is answered by, for somebody at a terminal who is no member.

    None where it asks for no fact of one event.
    """
    inquiry = read_inquiry(question, now.astimezone(words.home).date())
    asked = await facts.find(tx, inquiry, person_id=None, spoken=None, now=now)
    if not isinstance(asked, Fact) or not asked.sure:
        return None
    event = asked.event
    view = View(event, await places.look(tx, event, NOBODY))
    said = fact_words.say(view, asked.aspects, words, now)
    return f"{programme.text_of(event, words.locale).title}\n{unescape(_TAG.sub('', said))}"


def fact_buttons(
    turn: Turn, found: Sequence[Event], aspects: Sequence[str], *, numbered: bool = False
) -> list[tuple[Button, ...]]:
    """The events as buttons that lead on to what was asked of them."""
    rows = list[tuple[Button, ...]]()
    for number, event in enumerate(found, start=1):
        title = programme.text_of(event, turn.language.locale).title
        label = f"{number}. {title}" if numbered else f"📅 {title}"
        rows.append((button(label[:LABEL], "fact", event.id, ".".join(aspects)),))
    return rows


async def _tell_fact(turn: Turn, tx: Transaction, event: Event, aspects: tuple[str, ...]) -> Screen | None:
    view = await cards.view_of(turn, tx, event)
    if not view.may_read and not turn.is_organiser:
        return None
    await conversations.note_event(tx, turn.person.id, event.id, aspects=aspects, now=turn.now)
    language = turn.language
    live = event.state == "published" and turn.now < event.ends_at
    parts = [_heading(view, turn, said="when" in aspects or "on" in aspects or not live)]
    if live:
        parts += [Markup("\n").join(held)] if (held := hold_words.on_card(event, language, turn.now)) else []
    parts += [said] if (said := fact_words.say(view, aspects, language, turn.now)) else []
    if live:
        parts += standing(view, turn)
    remarks = [language.html("<i>From the event's own page, as it is now.</i>")]
    if language.locale not in event.texts and IN_ITS_WORDS & set(aspects):
        remarks.append(shown_in(event.base_locale, language))
    parts += [Markup("\n").join(remarks), language.html("Was this what you asked?")]
    *rows, extras = (tuple(row) for row in await cards.card_buttons(view, turn, tx))
    if extras and OF_EXTRAS & set(aspects):
        rows.append(extras)
    topic_id = f"e{event.id}"
    rows.append((button(language.gettext("📄 The whole event"), "event", event.id),))
    if not live:
        rows.append(_all_events(language))
    rows.append(was_it(language, topic_id))
    return Screen(Markup("\n\n").join(parts), (*rows, *ways_on(language, topic_id)))


def _heading(view: View, turn: Turn, *, said: bool) -> Markup:
    """What it is called, and when, unless that is what the answer says."""
    event, language = view.event, turn.language
    title = Markup("<b>{}</b>").format(programme.text_of(event, language.locale).title)
    return title if said else title + Markup("\n") + language.html("🗓 {when}", when=_span(event, turn))


def _span(event: Event, turn: Turn) -> str:
    return turn.language.span(event.starts_at, event.ends_at, ZoneInfo(event.zone), now=turn.now)


def _ask_which(turn: Turn, asked: Which) -> Screen:
    language = turn.language
    question = language.html("Which one do you mean?")
    if asked.aspects == facts.WHEN:
        question = language.html("These are coming up:")
    elif len(asked.events) == 1:
        question = language.html("Do you mean this?")
    rows = fact_buttons(turn, asked.events, asked.aspects, numbered=True)
    if asked.more:
        rows.append(_all_events(language))
    return Screen(
        Markup("\n\n").join([question, *_lines(turn, asked.events)]), (*rows, *ways_on(language, ""))
    )


def _not_coming(turn: Turn, asked: NotComing) -> Screen:
    language = turn.language
    text = _nothing(turn, asked)
    rows = fact_buttons(turn, asked.instead, asked.aspects, numbered=True)
    if asked.instead:
        text += Markup("\n\n") + language.html("These are coming up:")
        text = Markup("\n\n").join([text, *_lines(turn, asked.instead)])
    else:
        text += Markup("\n\n") + language.html("A newsletter tells you when there is something new.")
        rows.append((button(language.gettext("📰 Newsletters"), "newsletters"),))
    return Screen(text, (*rows, _all_events(language), *ways_on(language, "")))


def _nothing(turn: Turn, asked: NotComing) -> Markup:
    language, now = turn.language, turn.now
    kind = kind_name(language, asked.kind) if asked.kind else ""
    if asked.period is None:
        if kind:
            return language.html("Nothing of the kind “{kind}” is coming up just now.", kind=kind)
        return language.html("There are no upcoming events just now. Please look again in a few days.")
    first, last = language.day(asked.period.first, now=now), language.day(asked.period.last, now=now)
    if first == last and kind:
        return language.html("Nothing of the kind “{kind}” is coming up on {day}.", kind=kind, day=first)
    if first == last:
        return language.html("Nothing is coming up on {day}.", day=first)
    if kind:
        return language.html(
            "Nothing of the kind “{kind}” is coming up between {first} and {last}.",
            kind=kind,
            first=first,
            last=last,
        )
    return language.html("Nothing is coming up between {first} and {last}.", first=first, last=last)


def _lines(turn: Turn, found: Sequence[Event]) -> list[Markup]:
    return [
        Markup("<b>{n}.</b> {title}\n{when}").format(
            n=number, title=programme.text_of(event, turn.language.locale).title, when=_span(event, turn)
        )
        + hold_words.in_list(event, turn.language)
        for number, event in enumerate(found[:MOST_OFFERED], start=1)
    ]


def _all_events(language: Language) -> tuple[Button, ...]:
    return (button(language.gettext("📅 Events"), "events", 0, ANY_KIND),)
