"""The forms in which organisers write a quiz: a new one, its title in a language, when it opens or closes."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup

from bot import quizzes
from bot.language import LOCALES, NATIVE_NAMES
from bot.quizzes import INTRO_LIMIT, TITLE_LIMIT, Empty
from handlers import forms
from handlers.forms import Choice, Data, Form, Step
from handlers.organise import answers
from handlers.organise.quiz_options import ATTEMPTS, EACH, WHOLE_MINUTES, show_options
from handlers.organise.quiz_screens import list_button, show_one
from handlers.replies import Button, Reply, button
from handlers.turns import Press, Turn
from storage import Transaction
from storage import quizzes as kept
from storage.quizzes import QuizText, Rules

# What is closed need not close, what is open need not open.
_TOO_LATE = {"open": "open", "close": "closed"}


def _ask_title(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "What is the quiz called? Please write it in {language}; other languages come later.",
        language=NATIVE_NAMES[data["locale"]],
    )


def _ask_intro(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "What should people read before they start? One or two sentences, in {language}.",
        language=NATIVE_NAMES[data["locale"]],
    )


def _ask_time(turn: Turn, data: Data) -> Markup:
    return turn.language.html("How much time is there?")


def _times(turn: Turn, data: Data) -> Sequence[Choice]:
    language = turn.language
    each = [
        Choice(language.ngettext("{n} second a question", "{n} seconds a question", n), ["each", n])
        for n in EACH
    ]
    whole = [
        Choice(language.ngettext("{n} minute in all", "{n} minutes in all", n), ["whole", 60 * n])
        for n in WHOLE_MINUTES
    ]
    return [*each, *whole, Choice(language.gettext("No time limit"), ["none", 0])]


def _ask_attempts(turn: Turn, data: Data) -> Markup:
    return turn.language.html("How often can a person take it? The best attempt counts.")


def _attempts(turn: Turn, data: Data) -> Sequence[Choice]:
    return [Choice(turn.language.number(n), n) for n in ATTEMPTS]


async def begin_new(press: Press, tx: Transaction) -> Reply:
    return await forms.begin(press, tx, NEW, {"locale": press.language.locale})


async def _create(turn: Turn, tx: Transaction, data: Data) -> Reply:
    kind, seconds = data["time"]
    rules = Rules(
        attempts=data["attempts"],
        each_seconds=seconds if kind == "each" else None,
        whole_seconds=seconds if kind == "whole" else None,
    )
    text = QuizText(data["title"], data.get("intro") or "")
    quiz_id = await quizzes.create(
        tx, rules, locale=data["locale"], text=text, actor_id=turn.person.id, now=turn.now
    )
    said = turn.language.html("✅ The quiz is there, as a draft. Add its questions next: press ❓ Questions.")
    return await show_one(turn, tx, quiz_id, before=said)


async def begin_words(press: Press, tx: Transaction) -> Reply:
    """Word its title and introduction in one language."""
    quiz, locale = await kept.find(tx, press.number(0)), press.word(1)
    if quiz is None or locale not in LOCALES:
        return await show_one(press, tx, press.number(0))
    data: dict[str, Any] = {
        "quiz": quiz.id,
        "locale": locale,
        "original": quizzes.text_of(quiz, press.language.locale).title,
    }
    known = quiz.texts.get(locale)
    if known is not None:
        data |= {"title": known.title, "intro": known.intro or None}
    return await forms.begin(press, tx, WORDS, data)


def _ask_title_in(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "What is “{title}” called in {language}?",
        title=data["original"],
        language=NATIVE_NAMES[data["locale"]],
    )


async def _put_words(turn: Turn, tx: Transaction, data: Data) -> Reply:
    text = QuizText(data["title"], data.get("intro") or "")
    await quizzes.put_words(tx, data["quiz"], data["locale"], text, actor_id=turn.person.id, now=turn.now)
    return await show_one(turn, tx, data["quiz"], before=turn.language.html("✅ Changed."))


async def begin_when(press: Press, tx: Transaction) -> Reply:
    """Ask when it opens, or when it closes."""
    quiz, what = await kept.find(tx, press.number(0)), press.word(1)
    if quiz is None or what not in _TOO_LATE or quiz.state == _TOO_LATE[what]:
        return await show_one(press, tx, press.number(0))
    return await forms.begin(press, tx, WHEN, {"quiz": quiz.id, "what": what})


def _ask_when(turn: Turn, data: Data) -> Markup:
    language = turn.language
    if data["what"] == "open":
        return language.html(
            "<b>When shall it open?</b>\nPlease write day and time, such as “tomorrow 10:00” or"
            " “3 December 18:30”."
        )
    return language.html(
        "<b>When shall it close?</b>\nPlease write day and time, such as “tomorrow 10:00” or"
        " “3 December 18:30”. Who is in the middle of it then is done, and all who took it hear how they did."
    )


def _by_hand(turn: Turn, data: Data) -> Sequence[Choice]:
    if data["what"] == "open":
        return []
    return [Choice(turn.language.gettext("When I close it"), None)]


async def _arrange(turn: Turn, tx: Transaction, data: Data) -> Reply:
    chosen, actor = data["when"], turn.person.id
    instant = datetime.fromtimestamp(chosen, UTC) if chosen is not None else None
    if data["what"] == "close":
        quiz = await kept.find(tx, data["quiz"])
        opens = quiz.opens_at if quiz else None
        if instant is not None and opens is not None and instant <= opens:
            early = turn.language.html("That is not after it opens. Please send a later time.")
            kept_data = {name: value for name, value in data.items() if name != "when"}
            return await forms.ask_again(turn, tx, WHEN, "when", kept_data, before=early)
        await quizzes.set_closing(tx, data["quiz"], instant, actor_id=actor, now=turn.now)
        return await show_options(turn, tx, data["quiz"])
    opened = await quizzes.open_quiz(tx, data["quiz"], opens_at=instant, actor_id=actor, now=turn.now)
    if opened is None or isinstance(opened, Empty):
        return await show_one(turn, tx, data["quiz"])
    said = turn.language.html("✅ It opens by itself. To tell members of it, send a broadcast.")
    return await show_one(turn, tx, data["quiz"], before=said)


def _way_back(turn: Turn) -> Button:
    data = turn.dialogue.data if turn.dialogue else {}
    if "quiz" in data:
        return button(turn.language.gettext("‹ Back to the quiz"), "oquiz", data["quiz"])
    return list_button(turn.language)


_INTRO = Step(
    "intro",
    _ask_intro,
    read=answers.read_text(INTRO_LIMIT, one_line=False),
    optional=True,
    tell=answers.tell_text,
)

NEW = Form(
    "quiz_new",
    (
        Step(
            "title",
            _ask_title,
            read=answers.read_text(TITLE_LIMIT, one_line=True),
            tell=answers.tell_text,
        ),
        _INTRO,
        Step("time", _ask_time, choices=_times, columns=2),
        Step("attempts", _ask_attempts, choices=_attempts, columns=5),
    ),
    finish=_create,
    way_back=_way_back,
    organisers_only=True,
    counts=True,
)

WORDS = Form(
    "quiz_words",
    (
        Step(
            "title",
            _ask_title_in,
            read=answers.read_text(TITLE_LIMIT, one_line=True),
            tell=answers.tell_text,
        ),
        _INTRO,
    ),
    finish=_put_words,
    way_back=_way_back,
    organisers_only=True,
)

WHEN = Form(
    "quiz_when",
    (Step("when", _ask_when, answers.read_coming, _by_hand),),
    finish=_arrange,
    way_back=_way_back,
    organisers_only=True,
)
