"""The forms in which organisers change what the bot answers: a search, one more wording, an answer."""

from typing import Any

from markupsafe import Markup, escape

from bot import teaching
from bot.cutting import shortened
from bot.language import LOCALES, NATIVE_NAMES, isolate
from bot.teaching import ANSWER_LIMIT, WORDING_LIMIT, Already, Gone, Taught
from handlers import forms, topics
from handlers.forms import Data, Form, Step
from handlers.organise import answers
from handlers.organise.entries import book_button, find_entries, show_entry, show_ways
from handlers.replies import Button, Reply, button, show
from handlers.turns import Press, Turn
from storage import Transaction
from storage import entries as kept

SEARCH_LIMIT = 200
MOST_FOUND = 8
LABEL = 60


async def begin_search(press: Press, tx: Transaction) -> Reply:
    return await forms.begin(press, tx, SEEK)


def _ask_words(turn: Turn, data: Data) -> Markup:
    return turn.language.html("What is the answer about? Send me a few words, or ask as a member would.")


async def _show_found(turn: Turn, tx: Transaction, data: Data) -> Reply:
    language = turn.language
    found = await find_entries(turn, tx, data["words"], limit=MOST_FOUND)
    words = isolate(shortened(data["words"], LABEL))
    text = language.html("No answer has “{words}” in it.", words=words)
    if found:
        text = language.html("Answers near to “{words}”:", words=words)
    rows = [[button(title, "olearnentry", question_id)] for question_id, title in found]
    last = [button(language.gettext("🔎 Search again"), "olearnseek"), book_button(language)]
    return show(text, [*rows, last])


async def begin_wording(press: Press, tx: Transaction) -> Reply:
    return await _begin(press, tx, MORE)


def _ask_wording(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "How else do people ask “{title}” in {language}? Write it as they would type it.",
        title=isolate(shortened(data["title"], LABEL)),
        language=NATIVE_NAMES[data["locale"]],
    )


async def _add_wording(turn: Turn, tx: Transaction, data: Data) -> Reply:
    language, question_id, locale = turn.language, data["entry"], data["locale"]
    done = await teaching.add_wording(
        tx, question_id, locale, data["words"], actor_id=turn.person.id, now=turn.now
    )
    match done:
        case Taught(lesson_id):
            said = language.html("✅ Learned. Within seconds it is found by these words.")
            undo = button(language.gettext("↩️ Undo"), "olearnundo", lesson_id)
            return await show_ways(turn, tx, question_id, locale, before=said, undo=undo)
        case Already():
            said = language.html("I know these words already.")
            return await show_ways(turn, tx, question_id, locale, before=said)
        case Gone():
            return await show_entry(turn, tx, question_id)


async def begin_answer(press: Press, tx: Transaction) -> Reply:
    """Correct the answer in one language, or translate it."""
    return await _begin(press, tx, SAY)


def _ask_answer(turn: Turn, data: Data) -> Markup:
    language = turn.language
    said = language.html(
        "What do I answer to “{title}”, in {language}? One to four sentences.",
        title=isolate(shortened(data["title"], LABEL)),
        language=NATIVE_NAMES[data["locale"]],
    )
    if data["other"] and "words" not in data:
        said += Markup("\n\n") + Markup("<blockquote>{}</blockquote>").format(escape(data["other"]))
    return said


def _tell(turn: Turn, value: Any) -> Markup:
    return Markup("<blockquote>{}</blockquote>").format(escape(value))


async def _put_answer(turn: Turn, tx: Transaction, data: Data) -> Reply:
    language, question_id = turn.language, data["entry"]
    done = await teaching.correct_answer(
        tx, question_id, data["locale"], data["words"], actor_id=turn.person.id, now=turn.now
    )
    match done:
        case Taught(lesson_id):
            said = language.html("✅ Changed. Members read it from now on.")
            rows = [
                [button(language.gettext("↩️ Undo"), "olearnundo", lesson_id)],
                [button(language.gettext("‹ Back to the answer"), "olearnentry", question_id)],
            ]
            return show(said, rows)
        case Already() | Gone():
            return await show_entry(turn, tx, question_id)


async def _begin(press: Press, tx: Transaction, form: Form) -> Reply:
    """Ask about an entry that is there, in one of our languages."""
    entry, locale = await kept.find(tx, press.number(0)), press.word(1)
    if entry is None or entry.hidden or locale not in LOCALES:
        return await show_entry(press, tx, press.number(0))
    title = await topics.title_of(press, tx, f"q{entry.id}")
    data: dict[str, Any] = {"entry": entry.id, "locale": locale, "title": title, "other": ""}
    if form is SAY and locale in entry.answers:
        data["words"] = entry.answers[locale].text
    elif form is SAY and entry.answers:
        data["other"] = next(iter(entry.answers.values())).text
    return await forms.begin(press, tx, form, data)


def _way_back(turn: Turn) -> Button:
    data = turn.dialogue.data if turn.dialogue else {}
    if "entry" in data:
        return button(turn.language.gettext("‹ Back to the answer"), "olearnentry", data["entry"])
    return book_button(turn.language)


SEEK = Form(
    "learn_seek",
    (Step("words", _ask_words, answers.read_text(SEARCH_LIMIT, one_line=True)),),
    _show_found,
    _way_back,
    organisers_only=True,
)
MORE = Form(
    "learn_wording",
    (Step("words", _ask_wording, answers.read_text(WORDING_LIMIT, one_line=True)),),
    _add_wording,
    _way_back,
    organisers_only=True,
)
SAY = Form(
    "learn_answer",
    (Step("words", _ask_answer, answers.read_text(ANSWER_LIMIT, one_line=False), tell=_tell),),
    _put_answer,
    _way_back,
    organisers_only=True,
)
