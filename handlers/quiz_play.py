"""Taking a quiz in chat: a question in one message, right or wrong in the same one, then the next."""

from datetime import timedelta
from random import SystemRandom
from typing import Any

from markupsafe import Markup, escape

from bot import quiz_taking
from bot.language import Language
from bot.quiz_taking import Answered, Asked, Finished, Gone, NoneLeft, NotForYou, NotOpen
from bot.quizzes import words_of
from handlers.quiz_pages import ON_PICTURE, gone, instead, show_quiz, under_picture, without_buttons
from handlers.quiz_words import (
    LETTERS,
    are_short,
    choice_lines,
    named_choice,
    shown_in,
    time_left,
    title_of,
)
from handlers.replies import Button, Keyboard, Raw, Reply, alert, button, keyboard_markup, say, show, toast
from handlers.turns import Press
from storage import Transaction
from storage.quiz_attempts import Answer
from storage.quiz_questions import Question
from storage.quizzes import Quiz

_CHANCE = SystemRandom()
# Whoever taps again so soon taps twice: the question is on its way already.
_DOUBLE_TAP = timedelta(seconds=3)


async def start(press: Press, tx: Transaction) -> Reply:
    """Begin an attempt, or go on with the one under way."""
    begun = await quiz_taking.start(
        tx, press.number(0), press.person.id, press.number(1), chance=_CHANCE, now=press.now
    )
    match begun:
        case NotOpen(quiz):
            word = toast(press.language.gettext("It is not open now."))
            return word + await show_quiz(press, tx, quiz.id)
        case NotForYou(quiz):
            return await show_quiz(press, tx, quiz.id)
        case NoneLeft(quiz):
            word = toast(press.language.gettext("You have taken it as often as you can."))
            return word + await show_quiz(press, tx, quiz.id)
        case Gone():
            return gone(press.language)
        case stage:
            return await _open(press, tx, stage)


async def answer(press: Press, tx: Transaction) -> Reply:
    """A choice: it counts once, and in its time."""
    position, choice = press.number(1), press.number(2)
    stage = await quiz_taking.answer(tx, press.number(0), press.person.id, position, choice, now=press.now)
    match stage:
        case Answered(again=True, answer=given) if given.choice != choice:
            word = toast(press.language.gettext("Your first answer counts."))
            return word + await _tell(press, tx, stage)
        case Asked():
            word = toast(press.language.gettext("That question is over. Here is where you are now."))
            return word + await _tell(press, tx, stage)
        case Finished(by_clock=True):
            word = alert(press.language.gettext("Your time was over, so this answer doesn't count."))
            return word + await _tell(press, tx, stage)
        case _:
            return await _tell(press, tx, stage)


async def go_on(press: Press, tx: Transaction) -> Reply:
    """The next question; its time runs from now."""
    stage = await quiz_taking.go_on(tx, press.number(0), press.person.id, press.number(1), now=press.now)
    return await _open(press, tx, stage)


async def _open(press: Press, tx: Transaction, stage: Asked | Answered | Finished | Gone) -> Reply:
    match stage:
        case Asked(attempt=attempt, anew=False) if attempt.asked_at is not None:
            if press.now - attempt.asked_at < _DOUBLE_TAP:
                return toast("")
    return await _tell(press, tx, stage)


async def end(press: Press, tx: Transaction) -> Reply:
    """How it went, after the last question."""
    return await go_on(press, tx)


async def _tell(press: Press, tx: Transaction, stage: Asked | Answered | Finished | Gone) -> Reply:
    language = press.language
    match stage:
        case Gone():
            return instead(press, gone(language))
        case Finished(quiz, attempt, by_clock):
            over = language.html("⏰ Your time was over.") if by_clock else None
            return instead(press, await show_quiz(press, tx, quiz.id, ended=attempt, before=over))
        case Asked(quiz, attempt, question):
            rows = choice_rows(question, quiz, language, "quiza", attempt.id, attempt.at)
            return put(press, _question(stage, press), rows, question.picture)
        case Answered(question=question):
            text, verdict = _verdict(stage, press)
            return put(press, text, verdict, question.picture, is_verdict=True)


def place_of(quiz: Quiz, position: int, questions: int, language: Language) -> Markup:
    """Which question of which quiz it is."""
    return Markup("🧠 {} · {} / {}").format(
        title_of(quiz, language), language.number(position + 1), language.number(questions)
    )


def _question(stage: Asked, press: Press) -> Markup:
    language, attempt = press.language, stage.attempt
    top = [place_of(stage.quiz, attempt.at, len(attempt.questions), language)]
    left = time_left(stage.until, language, press.now)
    if left is not None:
        top.append(left)
    return Markup("\n\n").join(
        [Markup("\n").join(top), *question_parts(stage.question, stage.quiz, language)]
    )


def question_parts(question: Question, quiz: Quiz, language: Language) -> list[Markup]:
    """The question, its choices where they are too long for buttons, and in which language it is."""
    words, shown = words_of(question, language.locale, quiz.base_locale)
    parts = [Markup("<b>{}</b>").format(words.text)]
    if not are_short(words):
        parts.append(Markup("\n").join(choice_lines(words)))
    mark = shown_in(shown, language)
    return parts if mark is None else [*parts, mark]


def choice_rows(
    question: Question, quiz: Quiz, language: Language, operation: str, *args: object
) -> list[list[Button]]:
    """A button for each choice: its words, or its letter where they stand above. Its number is added."""
    words, _ = words_of(question, language.locale, quiz.base_locale)
    labels, columns = list(words.choices), 1
    if not are_short(words):
        labels, columns = list(LETTERS[: len(labels)]), 3
    marks = (ON_PICTURE,) if question.picture else ()
    offered = [
        button(label, operation, *args, number, *marks) for number, label in enumerate(labels, start=1)
    ]
    return [offered[at : at + columns] for at in range(0, len(offered), columns)]


def verdict_parts(question: Question, quiz: Quiz, given: Answer, language: Language) -> list[Markup]:
    """The question again, whether the answer is right, and why."""
    words, shown = words_of(question, language.locale, quiz.base_locale)
    lines, right = [], named_choice(words, question.right_choice)
    if given.is_right:
        lines.append(language.html("✅ <b>Right:</b> {choice}", choice=right))
    else:
        if given.late:
            lines.append(language.html("⏰ <b>Too late: it counts as wrong.</b>"))
        elif given.choice is not None:
            chosen = named_choice(words, given.choice)
            lines.append(language.html("❌ <b>Not right:</b> {choice}", choice=chosen))
        lines.append(language.html("The right answer: <b>{choice}</b>", choice=right))
    parts = [Markup("<b>{}</b>").format(words.text), Markup("\n").join(lines)]
    if words.explanation:
        parts.append(escape(words.explanation))
    mark = shown_in(shown, language)
    return parts if mark is None else [*parts, mark]


def _verdict(stage: Answered, press: Press) -> tuple[Markup, Keyboard]:
    language, attempt, question = press.language, stage.attempt, stage.question
    top = place_of(stage.quiz, attempt.questions.index(question.id), len(attempt.questions), language)
    text = Markup("\n\n").join([top, *verdict_parts(question, stage.quiz, stage.answer, language)])
    under = (ON_PICTURE,) if question.picture and under_picture(press) else ()
    label, operation = language.gettext("Next question ›"), "quizn"
    if attempt.finished_at is not None:
        label, operation = language.gettext("🏁 My result"), "quizend"
    return text, [[button(label, operation, attempt.id, attempt.at, *under, style="primary")]]


def put(
    press: Press, text: Markup, rows: Keyboard, picture: str | None, *, is_verdict: bool = False
) -> Reply:
    """Say it in the message under the press, as far as Telegram lets a text and a picture change places."""
    on_picture, where = under_picture(press), press.where
    said = {"caption": str(text), "parse_mode": "HTML"}
    markup = {"chat_id": where.chat_id, "reply_markup": keyboard_markup(rows)}
    if on_picture and picture is not None:
        media = {"type": "photo", "media": picture} | said
        edited: dict[str, Any] = markup | {"message_id": where.message_id, "media": media}
        return Reply((Raw("editMessageMedia", edited),))
    if on_picture:
        return without_buttons(press) + say(text, rows)
    if picture is not None and not is_verdict:
        return without_buttons(press) + Reply((Raw("sendPhoto", markup | said | {"photo": picture}),))
    return show(text, rows)
