"""Answering what people type: events' own facts, the association's words, topics, or an honest no."""

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup, escape

from bot import conversations, facts, follow_ups, learning, programme
from bot import topics as of_topics
from bot.cutting import excerpt, shortened
from bot.facts import Fact, NotComing, Which
from bot.facts.finding import OF_NOW
from bot.language import Language
from bot.questions import Answer, Choices, Found, Nothing
from bot.questions.inquiry import Inquiry, read_inquiry
from bot.questions.outcomes import all_found
from bot.topics import Topic
from handlers import desk, event_facts, other, replied_to, small_talk, topics
from handlers.answers import describe_answer, describe_source, nearest, shown_in
from handlers.event_card import describe
from handlers.events import card_buttons, view_of
from handlers.replies import NOTHING, Button, Reply, button, say, show, toast
from handlers.screens import LABEL, Screen, under, was_it, ways_on
from handlers.topics import reader_of
from handlers.turns import Press, Turn, Writing
from storage import Transaction, content, threads
from storage.conversations import Conversation
from storage.events import Event
from storage.programmes import Programme, Question

MOST_EVENTS = 3
MOST_TOPICS = 3
# What a phone shows of a programme above its buttons; its own page has all of it.
LONGEST_BODY = 900


async def answer(writing: Writing, tx: Transaction) -> Reply:
    """Answer a message that is no command and belongs to no form."""
    passed_on = await desk.hear(writing, tx)
    if passed_on is not None:
        return passed_on
    if not writing.text and writing.edited:
        # A live location moves every few seconds.
        return NOTHING
    match writing.setup.hurry.judge(writing.person.id, now=writing.now):
        case "silence":
            return NOTHING
        case "slow down":
            return say(
                writing.language.html("That is a lot at once. Give me a minute, then ask me again, please.")
            )
        case "answer":
            pass
    if not writing.text:
        return other.not_text(writing)
    chat = small_talk.answer(writing)
    if chat is not None:
        return chat
    return under(writing, await _answered(writing, tx))


async def _answered(writing: Writing, tx: Transaction) -> Screen:
    """What the events themselves know comes first, if it is certain that they are asked; then the texts."""
    inquiry = read_inquiry(writing.text, writing.now.astimezone(writing.language.home).date())
    last = replied_to.spoken_of(writing)
    last = last or await conversations.recall(tx, writing.person.id, now=writing.now)
    asked = await facts.find(
        tx, inquiry, person_id=writing.person.id, spoken=await _spoken(writing, tx, last), now=writing.now
    )
    if asked is not None and asked.sure and await event_facts.is_told(writing, tx, asked):
        screen = await event_facts.tell(writing, tx, asked)
        if screen is not None:
            return screen
    found = await _found(writing, tx, inquiry, last)
    match found:
        case Answer(best, others):
            if asked is not None and (_is_meant_too(asked, (best,)) or _is_what_is_on(inquiry, asked)):
                return await event_facts.tell(writing, tx, asked) or await _offer(writing, tx, others)
            topic = await of_topics.read(tx, best.entry.id, now=writing.now, reader=reader_of(writing))
            if topic is not None:
                return await _tell(writing, tx, best.entry.id, topic)
            return await _offer(writing, tx, others)
        case Choices(several):
            if asked is None or not (asked.sure or _is_of_now(asked) or _is_meant_too(asked, several)):
                await _keep(writing, tx, found)
                return await _offer(writing, tx, several, asked)
            told = await event_facts.tell(writing, tx, asked)
            titled = await _topics(writing, tx, several)
            beside = _topic_rows(titled, writing.language)[: MOST_TOPICS - 1] if asked.sure else []
            return replace(told, rows=(*beside, *told.rows)) if told else await _offer(writing, tx, several)
        case Nothing(near):
            told = await event_facts.tell(writing, tx, asked) if asked is not None else None
            if told is None:
                await _keep(writing, tx, found)
            return told or await _admit(writing, tx, near)


async def _keep(writing: Writing, tx: Transaction, found: Answer | Choices | Nothing) -> None:
    """Keep what was not answered, for organisers to look at.

    What an organiser types while members wait for a person may be meant for one of them: it is not kept.
    """
    if not (writing.is_organiser and await threads.count_open(tx)):
        await learning.note_asked(tx, writing.person, writing.text, found, now=writing.now)


def _is_of_now(asked: facts.Asked) -> bool:
    """Whether no text could tell: that nothing is coming up, of what only events to come can be asked."""
    return isinstance(asked, NotComing) and set(asked.aspects) <= OF_NOW


def _is_what_is_on(inquiry: Inquiry, asked: facts.Asked) -> bool:
    """Whether it was asked what is on at a time when nothing is: a text on finding events tells less."""
    return inquiry.aspects == ("coming",) and inquiry.period is not None and isinstance(asked, NotComing)


def _is_meant_too(asked: facts.Asked | None, found: Sequence[Found]) -> bool:
    """Whether the words lead to the very event of which a fact may have been asked."""
    return isinstance(asked, Fact) and any(one.entry.id == f"e{asked.event.id}" for one in found)


async def _spoken(writing: Writing, tx: Transaction, last: Conversation | None) -> facts.Spoken | None:
    """What was last spoken of as far as events go."""
    if last is None:
        return None
    if last.event_id is not None:
        return facts.Spoken(last.event_id, tuple(filter(None, last.aspects.split("."))))
    topic = await of_topics.read(tx, last.topic_id or "", now=writing.now, reader=reader_of(writing))
    kinds = await of_topics.kinds_of(tx, topic) if topic is not None else ()
    return facts.Spoken(kinds=kinds) if kinds else None


async def _found(
    writing: Writing, tx: Transaction, inquiry: Inquiry, last: Conversation | None
) -> Answer | Choices | Nothing:
    """What the library has, understood by what was spoken of before where it needs that."""
    ask, locale = writing.setup.library.ask, writing.language.locale
    if last is not None and last.topic_id is not None:
        followed = await follow_ups.ask(
            tx,
            ask,
            writing.text,
            inquiry,
            last.topic_id,
            locale,
            now=writing.now,
            reader=reader_of(writing),
        )
        if isinstance(followed, Answer):
            return followed
        if followed is not None:
            return _together(ask(writing.text, locale, writing.meaning), followed)
    return ask(writing.text, locale, writing.meaning)


def _together(alone: Answer | Choices | Nothing, followed: Choices) -> Choices:
    """What the question may mean by itself first, then what it may mean of the topic before."""
    likeliest = () if isinstance(alone, Nothing) else all_found(alone)[:1]
    by_id = {one.entry.id: one for one in (*likeliest, *followed.found)}
    return Choices(tuple(by_id.values())[:MOST_TOPICS])


async def open_topic(press: Press, tx: Transaction) -> Reply:
    """A topic chosen from those that were offered."""
    topic_id = press.word(0)
    topic = await of_topics.read(tx, topic_id, now=press.now, reader=reader_of(press))
    if topic is None:
        text = press.language.html("This is not there any more. You can simply type your question.")
        return show(text, ways_on(press.language, ""))
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
    near = all_found(press.setup.library.ask(press.asked, language.locale, press.meaning))
    titled = await _topics(press, tx, [one for one in near if one.entry.id != wrong])
    if titled:
        text = language.html("Sorry about that. Is it one of these? If not, a person can answer you.")
    else:
        text = language.html("Sorry about that. Please ask in other words, or let a person answer you.")
    return show(text, [*_topic_rows(titled, language), *ways_on(language, wrong)])


async def _tell(turn: Turn, tx: Transaction, topic_id: str, topic: Topic) -> Screen:
    """The topic's own words, where they come from, events it may be about, and whether that was meant."""
    language = turn.language
    text, rows = await _words(turn, tx, topic)
    if isinstance(topic, Event):
        await conversations.note_event(tx, turn.person.id, topic.id, now=turn.now)
    else:
        await conversations.note_topic(tx, turn.person.id, topic_id, now=turn.now)
    related = await of_topics.related_events(
        tx, topic, now=turn.now, limit=MOST_EVENTS, reader=reader_of(turn)
    )
    for event in related:
        title = programme.text_of(event, language.locale).title
        rows.append((button(shortened(f"📅 {title}", LABEL), "event", event.id),))
    text += Markup("\n\n") + language.html("Was this what you asked?")
    rows.append(was_it(language, topic_id))
    return Screen(text, (*rows, *ways_on(language, topic_id)))


async def _words(turn: Turn, tx: Transaction, topic: Topic) -> tuple[Markup, list[tuple[Button, ...]]]:
    language = turn.language
    match topic:
        case Question():
            return describe_answer(topic, await content.list_sources(tx), language), []
        case Programme(texts=texts):
            locale = nearest(texts, language.locale)
            kept, left = excerpt(texts[locale].body, LONGEST_BODY)
            parts = [
                Markup("<b>{}</b>").format(texts[locale].title),
                escape(f"{kept} …" if left else kept),
                describe_source(topic.source, await content.list_sources(tx), language),
            ]
            if locale != language.locale:
                parts.append(shown_in(locale, language))
            label = language.gettext("📖 Read on") if left else language.gettext("🤝 Open the programme")
            more = button(label, "programme", topic.id)
            return Markup("\n\n").join(parts), [(more,)]
        case Event():
            view = await view_of(turn, tx, topic)
            return describe(view, turn), [tuple(row) for row in await card_buttons(view, turn, tx)]


async def _offer(
    turn: Turn, tx: Transaction, found: Sequence[Found], asked: facts.Asked | None = None
) -> Screen:
    """Up to three buttons: events whose fact may be asked for, and topics."""
    language = turn.language
    rows = list[tuple[Button, ...]]()
    match asked:
        case Fact(event, aspects):
            rows = event_facts.fact_buttons(turn, (event,), aspects)
        case Which(events=several, aspects=aspects):
            rows = event_facts.fact_buttons(turn, several[: MOST_TOPICS - 1], aspects)
        case _:
            pass
    events = set[str]()
    if isinstance(asked, Which):
        events = {f"e{event.id}" for event in asked.events[: MOST_TOPICS - 1]}
    titled = await _topics(turn, tx, [one for one in found if one.entry.id not in events])
    rows += _topic_rows(titled[: MOST_TOPICS - len(rows)], language)
    if not rows:
        return await _admit(turn, tx, ())
    text = language.html("Do you mean one of these?")
    if len(rows) == 1:
        text = language.html("Do you mean this?")
    return Screen(text, (*rows, *ways_on(language, "")))


async def _admit(turn: Turn, tx: Transaction, near: Sequence[Found]) -> Screen:
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
    return Screen(text, (*_topic_rows(titled, language), *ways_on(language, "")))


async def _topics(turn: Turn, tx: Transaction, found: Sequence[Found]) -> list[tuple[str, str]]:
    """Ids and titles of those that are still there."""
    titled = [(one.entry.id, await topics.title_of(turn, tx, one.entry.id)) for one in found]
    return [(topic_id, title) for topic_id, title in titled if title][:MOST_TOPICS]


def _topic_rows(titled: list[tuple[str, str]], language: Language) -> list[tuple[Button, ...]]:
    return [(button(shortened(title, LABEL), "topic", topic_id),) for topic_id, title in titled]
