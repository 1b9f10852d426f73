"""What the association does, and what people ask about it."""

from markupsafe import Markup, escape

from bot import programme as event_words
from bot import topics
from bot.language import Language
from handlers.answers import describe_answer, describe_source, nearest, shown_in
from handlers.menu import home_button
from handlers.replies import Button, Reply, button, show
from handlers.topics import reader_of
from handlers.turns import Press, Turn
from storage import Transaction, content, events, programmes
from storage.events import Event
from storage.programmes import Programme, ProgrammeText, Question

# What fits a phone's screen with its buttons.
PAGE = 4
QUESTIONS = 5
EVENTS = 3


async def browse(turn: Turn, tx: Transaction) -> Reply:
    """A page of what the association does."""
    language = turn.language
    audiences = await topics.audiences_of(tx, reader_of(turn))
    total = await programmes.count(tx, audiences=audiences)
    page = min(max(0, turn.number(0) if isinstance(turn, Press) else 0), max(0, (total - 1) // PAGE))
    found = await programmes.list_page(tx, limit=PAGE, offset=page * PAGE, audiences=audiences)
    if not found:
        text = language.html("Nothing is written here yet. Events show best what we do.")
        return show(text, [[button(language.gettext("📅 Events"), "events")], [home_button(language)]])
    lines = [language.html("<b>What we do</b>")]
    for number, programme in enumerate(found, start=page * PAGE + 1):
        words = text_of(programme, language)
        lines.append(
            Markup("<b>{n}. {title}</b>\n{summary}").format(
                n=number, title=words.title, summary=words.summary
            )
        )
    rows = [
        [button(f"{number}. {text_of(programme, language).title}", "programme", programme.id)]
        for number, programme in enumerate(found, start=page * PAGE + 1)
    ]
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Previous"), "programmes", page - 1))
    if (page + 1) * PAGE < total:
        turning.append(button(language.gettext("More ›"), "programmes", page + 1))
    return show(Markup("\n\n").join(lines), [*rows, turning, [home_button(language)]])


async def open_programme(press: Press, tx: Transaction) -> Reply:
    """A programme with its upcoming events and a page of the questions people ask about it."""
    language = press.language
    audiences = await topics.audiences_of(tx, reader_of(press))
    programme = await programmes.find(tx, press.number(0))
    if programme is None or programme.audience not in audiences:
        return show(language.html("This programme is not there any more."), [[_back_to_list(language)]])
    total = await programmes.count_questions(tx, programme.id, audiences=audiences)
    page = min(max(0, press.number(1)), max(0, (total - 1) // QUESTIONS))
    asked = await programmes.list_questions(
        tx, programme.id, limit=QUESTIONS, offset=page * QUESTIONS, audiences=audiences
    )
    coming = await _coming(press, tx, programme)
    parts = [await _description(tx, programme, language)]
    if coming or asked:
        parts.append(language.html("On the buttons: events coming up, and questions people ask."))
    rows = [[_event_button(event, language)] for event in coming]
    rows += [[_question_button(question, language)] for question in asked]
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Previous"), "programme", programme.id, page - 1))
    if (page + 1) * QUESTIONS < total:
        turning.append(button(language.gettext("More questions ›"), "programme", programme.id, page + 1))
    return show(
        Markup("\n\n").join(parts), [*rows, turning, [_back_to_list(language), home_button(language)]]
    )


async def open_question(press: Press, tx: Transaction) -> Reply:
    """The answer to a question that was chosen from a list, with events it may be about."""
    language = press.language
    question = await programmes.find_question(tx, press.number(0))
    if question is None or not await topics.may_read(tx, question.audience, reader_of(press)):
        return show(
            language.html("This question is not there any more. You can simply type yours."),
            [[_back_to_list(language)], [home_button(language)]],
        )
    text = describe_answer(question, await content.list_sources(tx), language)
    rows = []
    if question.events_of_kind:
        coming = await events.list_upcoming(
            tx, now=press.now, person_id=press.person.id, kind=question.events_of_kind, limit=EVENTS
        )
        rows = [[_event_button(event, language)] for event in coming]
    ask = button(language.gettext("💬 Ask a person"), "ask")
    if question.programme_id is None:
        back = _back_to_list(language)
    else:
        back = button(language.gettext("‹ Back"), "programme", question.programme_id)
    return show(text, [*rows, [ask], [back, home_button(language)]])


def text_of(programme: Programme, language: Language) -> ProgrammeText:
    return programme.texts[nearest(programme.texts, language.locale)]


async def _description(tx: Transaction, programme: Programme, language: Language) -> Markup:
    words = text_of(programme, language)
    parts = [
        Markup("<b>{}</b>").format(words.title),
        Markup("<i>{}</i>").format(words.summary),
        escape(words.body),
        describe_source(programme.source, await content.list_sources(tx), language),
    ]
    if language.locale not in programme.texts:
        parts.append(shown_in(nearest(programme.texts, language.locale), language))
    return Markup("\n\n").join(parts)


async def _coming(press: Press, tx: Transaction, programme: Programme) -> list[Event]:
    """The next few events of the programme's kinds."""
    found = [
        event
        for kind in programme.kinds
        for event in await events.list_upcoming(
            tx, now=press.now, person_id=press.person.id, kind=kind, limit=EVENTS
        )
    ]
    return sorted(found, key=lambda event: (event.starts_at, event.id))[:EVENTS]


def _event_button(event: Event, language: Language) -> Button:
    title = event_words.text_of(event, language.locale).title
    return button(f"📅 {title}", "event", event.id)


def _question_button(question: Question, language: Language) -> Button:
    asked = question.wordings[nearest(question.wordings, language.locale)]
    return button(f"❓ {asked}", "question", question.id)


def _back_to_list(language: Language) -> Button:
    return button(language.gettext("‹ Programmes"), "programmes")
