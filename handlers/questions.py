"""Answering what people type: the association's own words, topics to choose from, or an honest no."""

from dataclasses import dataclass, replace

from markupsafe import Markup, escape

from bot import learning, library, programme
from bot.cutting import shortened
from bot.language import Language, isolate
from bot.library import Topic
from bot.questions import Answer, Choices, Found, Nothing, small_talk
from handlers import desk, menu, other, topics
from handlers.answers import describe_answer, describe_source, nearest, shown_in
from handlers.event_card import describe
from handlers.events import card_buttons, view_of
from handlers.menu import home_button
from handlers.replies import NOTHING, Button, Keyboard, Reply, Say, button, show, toast
from handlers.turns import Press, Turn, Writing
from storage import Transaction, content, threads
from storage.events import Event
from storage.programmes import Programme, Question

MOST_EVENTS = 3
LABEL = 60


@dataclass(frozen=True)
class Screen:
    """What is told of a topic, before it is known in which message."""

    text: Markup
    rows: tuple[tuple[Button, ...], ...]


async def answer(writing: Writing, tx: Transaction) -> Reply:
    """Answer a message that is no command and belongs to no form."""
    passed_on = await desk.hear(writing, tx)
    if passed_on is not None:
        return passed_on
    if not writing.text and writing.edited:
        # A live location moves every few seconds.
        return NOTHING
    if not writing.text:
        return other.not_text(writing)
    chat = _small_talk(writing)
    if chat is not None:
        return chat
    found = writing.setup.library.ask(writing.text, writing.language.locale, writing.meaning)
    await _keep(writing, tx, found)
    match found:
        case Answer(best, others):
            topic = await library.read(tx, best.entry.id, now=writing.now)
            if topic is not None:
                return _under(writing, await _tell(writing, tx, best.entry.id, topic))
            return _under(writing, await _offer(writing, tx, others))
        case Choices(several):
            return _under(writing, await _offer(writing, tx, several))
        case Nothing(near):
            return _under(writing, await _admit(writing, tx, near))


async def open_topic(press: Press, tx: Transaction) -> Reply:
    """A topic chosen from those that were offered."""
    topic_id = press.word(0)
    topic = await library.read(tx, topic_id, now=press.now)
    if topic is None:
        text = press.language.html("This is not there any more. You can simply type your question.")
        return show(text, _ways_on(press.language, ""))
    await learning.note_chosen(tx, press.person, press.asked, topic_id, now=press.now)
    screen = await _tell(press, tx, topic_id, topic)
    return show(screen.text, screen.rows)


async def thank(press: Press, tx: Transaction) -> Reply:
    """👍"""
    await learning.note_good(tx, press.person, press.asked, press.word(0), now=press.now)
    return toast(press.language.gettext("Glad to help."))


async def admit_wrong(press: Press, tx: Transaction) -> Reply:
    """👎: what else it may have been, and a person."""
    language, wrong = press.language, press.word(0)
    await learning.note_wrong(tx, press.person, press.asked, wrong, now=press.now)
    near = _all_of(press.setup.library.ask(press.asked, language.locale, press.meaning))
    titled = await _topics(press, tx, [one for one in near if one.entry.id != wrong])
    if titled:
        text = language.html("Sorry about that. Is it one of these? If not, a person can answer you.")
    else:
        text = language.html("Sorry about that. Please ask in other words, or let a person answer you.")
    return show(text, [*_topic_rows(titled, language), *_ways_on(language, wrong)])


async def _keep(writing: Writing, tx: Transaction, found: Answer | Choices | Nothing) -> None:
    """Keep what was not answered, for organisers to look at.

    What an organiser types while members wait for a person may be meant for one of them: it is not kept.
    """
    if not (writing.is_organiser and await threads.count_open(tx)):
        await learning.note_asked(tx, writing.person, writing.text, found, now=writing.now)


def _small_talk(writing: Writing) -> Reply | None:
    language = writing.language
    home = [[home_button(language)]]
    match small_talk(writing.text):
        case "thanks":
            return Reply((Say(language.html("You are welcome!"), home),))
        case "greeting":
            hello = language.html("Hello, {name}!", name=isolate(writing.person.name))
            return menu.main(writing, before=hello)
        case "bye":
            text = language.html("Goodbye! Write any time you want to know something.")
            return Reply((Say(text, home),))
        case "abuse":
            text = language.html("I am sorry that I was no help. A person from our team can answer you.")
            return Reply((Say(text, _ways_on(language, "")),))
        case None:
            return None


async def _tell(turn: Turn, tx: Transaction, topic_id: str, topic: Topic) -> Screen:
    """The topic's own words, where they come from, events it may be about, and whether that was meant."""
    language = turn.language
    text, rows = await _words(turn, tx, topic)
    related = await library.related_events(tx, topic, now=turn.now, limit=MOST_EVENTS)
    for event in related:
        title = programme.text_of(event, language.locale).title
        rows.append((button(shortened(f"📅 {title}", LABEL), "event", event.id),))
    text += Markup("\n\n") + language.html("Was this what you asked?")
    rows.append(
        (
            button(language.gettext("👍 Yes"), "good", topic_id),
            button(language.gettext("👎 No"), "wrong", topic_id),
        )
    )
    return Screen(text, (*rows, *_ways_on(language, topic_id)))


async def _words(turn: Turn, tx: Transaction, topic: Topic) -> tuple[Markup, list[tuple[Button, ...]]]:
    language = turn.language
    match topic:
        case Question():
            return describe_answer(topic, await content.list_sources(tx), language), []
        case Programme(texts=texts):
            locale = nearest(texts, language.locale)
            parts = [
                Markup("<b>{}</b>").format(texts[locale].title),
                escape(texts[locale].body),
                describe_source(topic.source, await content.list_sources(tx), language),
            ]
            if locale != language.locale:
                parts.append(shown_in(locale, language))
            more = button(language.gettext("🤝 Open the programme"), "programme", topic.id)
            return Markup("\n\n").join(parts), [(more,)]
        case Event():
            view = await view_of(turn, tx, topic)
            return describe(view, turn), [tuple(row) for row in await card_buttons(view, turn, tx)]


async def _offer(turn: Turn, tx: Transaction, found: tuple[Found, ...]) -> Screen:
    titled = await _topics(turn, tx, found)
    if not titled:
        return await _admit(turn, tx, ())
    language = turn.language
    text = language.html("Do you mean one of these?")
    if len(titled) == 1:
        text = language.html("Do you mean this?")
    return Screen(text, (*_topic_rows(titled, language), *_ways_on(language, "")))


async def _admit(turn: Turn, tx: Transaction, near: tuple[Found, ...]) -> Screen:
    language = turn.language
    titled = await _topics(turn, tx, near)
    text = language.html("I haven't found an answer to that. A person from our team can answer you.")
    if titled:
        text += Markup("\n\n") + language.html("These are the nearest topics I know:")
    if turn.is_organiser and await threads.count_open(tx):
        text = (
            language.html("Is this for a member? Reply to their question, or it won't reach them.")
            + Markup("\n\n")
            + text
        )
    return Screen(text, (*_topic_rows(titled, language), *_ways_on(language, "")))


async def _topics(
    turn: Turn, tx: Transaction, found: list[Found] | tuple[Found, ...]
) -> list[tuple[str, str]]:
    """Ids and titles of those that are still there."""
    titled = [(one.entry.id, await topics.title_of(turn, tx, one.entry.id)) for one in found]
    return [(topic_id, title) for topic_id, title in titled if title][:3]


def _topic_rows(titled: list[tuple[str, str]], language: Language) -> list[tuple[Button, ...]]:
    return [(button(shortened(title, LABEL), "topic", topic_id),) for topic_id, title in titled]


def _ways_on(language: Language, topic_id: str) -> list[tuple[Button, ...]]:
    return [(button(language.gettext("💬 Ask a person"), "askq", topic_id),), (home_button(language),)]


def _all_of(found: Answer | Choices | Nothing) -> tuple[Found, ...]:
    match found:
        case Answer(best, others):
            return (best, *others)
        case Choices(several):
            return several
        case Nothing(near):
            return near


def _under(writing: Writing, screen: Screen) -> Reply:
    """The answer as a reply to the question, which its buttons find there again: it is stored nowhere."""
    rows: Keyboard = screen.rows
    said = Say(screen.text, rows)
    return Reply((replace(said, reply_to=writing.message.message_id if writing.message else None),))
