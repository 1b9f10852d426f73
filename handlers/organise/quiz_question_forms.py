"""The forms in which organisers write a quiz's questions: a new one, its words in a language, its picture."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup, escape

from bot import quiz_writing
from bot.language import LOCALES, NATIVE_NAMES
from bot.quiz_writing import Asking, Full
from bot.quizzes import (
    CHOICE_LIMIT,
    EXPLANATION_LIMIT,
    FEWEST_CHOICES,
    MOST_CHOICES,
    QUESTION_LIMIT,
    Frozen,
    words_of,
)
from handlers import forms
from handlers.forms import Choice, Data, Form, Misread, Step, Understood
from handlers.organise import answers
from handlers.organise.quiz_question_screens import found_question, frozen, show_question, show_questions
from handlers.organise.quiz_screens import list_button, show_one
from handlers.question_steps import read_photo
from handlers.replies import Button, Reply, button
from handlers.turns import Press, Turn, Writing
from storage import Transaction
from storage import quizzes as kept
from storage.quiz_questions import QuestionText


def _ask_text(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "The question? Please write it in {language}; other languages come later.",
        language=NATIVE_NAMES[data["locale"]],
    )


def _ask_choices(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "Which answers are there to choose from? Send {fewest} to {most}, each on a line of its own.",
        fewest=turn.language.number(FEWEST_CHOICES),
        most=turn.language.number(MOST_CHOICES),
    )


def _lines(writing: Writing) -> list[str]:
    lines = [" ".join(line.split()) for line in writing.text.splitlines()]
    return [line for line in lines if line]


def _read_choices(writing: Writing, data: Data) -> Understood | Misread:
    language, lines = writing.language, _lines(writing)
    if len(set(lines)) != len(lines) or not FEWEST_CHOICES <= len(lines) <= MOST_CHOICES:
        return Misread(
            language.html(
                "Please send {fewest} to {most} different answers, each on a line of its own.",
                fewest=language.number(FEWEST_CHOICES),
                most=language.number(MOST_CHOICES),
            )
        )
    return _too_long(lines, writing) or Understood(lines)


def _too_long(lines: Sequence[str], writing: Writing) -> Misread | None:
    language = writing.language
    for line in lines:
        if len(line) > CHOICE_LIMIT:
            return Misread(
                language.html(
                    "“{choice}…” is too long. Please use {limit} characters at most.",
                    choice=line[:20],
                    limit=language.number(CHOICE_LIMIT),
                )
            )
    return None


def _ask_right(turn: Turn, data: Data) -> Markup:
    return turn.language.html("Which of them is right?")


def _choices(turn: Turn, data: Data) -> Sequence[Choice]:
    return [Choice(line, number) for number, line in enumerate(data.get("choices") or [], start=1)]


def _ask_picture(turn: Turn, data: Data) -> Markup:
    return turn.language.html("Does a picture go with it? Send it as a photo, or skip this.")


def _ask_explanation(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "Why is that right? One sentence that people read after answering, with its source if you like."
    )


def _tell_lines(turn: Turn, value: Any) -> Markup:
    return escape("\n".join(value))


def _tell_picture(turn: Turn, value: Any) -> Markup:
    return turn.language.html("a picture") if value else turn.language.html("no picture")


async def begin_new(press: Press, tx: Transaction) -> Reply:
    quiz = await kept.find(tx, press.number(0))
    if quiz is None:
        return await show_one(press, tx, press.number(0))
    if quiz.state != "draft":
        return frozen(press) + await show_questions(press, tx, quiz.id)
    return await forms.begin(press, tx, NEW, {"quiz": quiz.id, "locale": quiz.base_locale})


async def _add(turn: Turn, tx: Transaction, data: Data) -> Reply:
    language = turn.language
    text = QuestionText(data["text"], tuple(data["choices"]), data.get("explanation") or "")
    asked = Asking(data["right"], {data["locale"]: text}, data.get("picture"))
    added = await quiz_writing.add_questions(tx, data["quiz"], [asked], actor_id=turn.person.id, now=turn.now)
    match added:
        case None:
            return await show_one(turn, tx, data["quiz"])
        case Frozen():
            return frozen(turn) + await show_questions(turn, tx, data["quiz"])
        case Full():
            said = language.html("A quiz can't ask more questions than these. Please remove one first.")
            return await show_questions(turn, tx, data["quiz"], before=said)
        case [question_id]:
            said = language.html("✅ The question is added. Write it in other languages below, if you like.")
            return await show_question(turn, tx, question_id, before=said)
        case _:
            raise LookupError("one question was added as several")


async def begin_words(press: Press, tx: Transaction) -> Reply:
    """Word the question, its choices and the explanation in one language."""
    found, locale = await found_question(tx, press.number(0)), press.word(1)
    if found is None or locale not in LOCALES:
        return await show_question(press, tx, press.number(0))
    quiz, question = found
    known = question.texts.get(locale)
    # Beside it stands what was written first; where that is this language, the reader's own.
    other, _ = words_of(
        question, quiz.base_locale if locale != quiz.base_locale else locale, quiz.base_locale
    )
    data: dict[str, Any] = {
        "question": question.id,
        "locale": locale,
        "number": question.choices,
        "original": other.text,
        "originals": list(other.choices),
        "reason": other.explanation,
    }
    if known is not None and len(known.choices) == question.choices:
        data |= {"text": known.text, "choices": list(known.choices), "explanation": known.explanation or None}
    return await forms.begin(press, tx, WORDS, data)


def _ask_words(turn: Turn, data: Data) -> Markup:
    said = turn.language.html("The question in {language}?", language=NATIVE_NAMES[data["locale"]])
    return said + Markup("\n\n<i>{}</i>").format(data["original"])


def _ask_choice_words(turn: Turn, data: Data) -> Markup:
    said = turn.language.html(
        "The answers in {language}? Please write them in the same order, each on a line of its own.",
        language=NATIVE_NAMES[data["locale"]],
    )
    return said + Markup("\n\n<i>{}</i>").format("\n".join(data["originals"]))


def _read_choice_words(writing: Writing, data: Data) -> Understood | Misread:
    lines = _lines(writing)
    if len(lines) != data["number"]:
        return Misread(
            writing.language.nhtml(
                "There is {n} answer. Please send one line for it.",
                "There are {n} answers. Please send a line for each.",
                data["number"],
            )
        )
    return _too_long(lines, writing) or Understood(lines)


def _ask_explanation_words(turn: Turn, data: Data) -> Markup:
    said = turn.language.html("The explanation in {language}?", language=NATIVE_NAMES[data["locale"]])
    return said + Markup("\n\n<i>{}</i>").format(data["reason"]) if data.get("reason") else said


async def _put_words(turn: Turn, tx: Transaction, data: Data) -> Reply:
    text = QuestionText(data["text"], tuple(data["choices"]), data.get("explanation") or "")
    await quiz_writing.put_question_words(
        tx, data["question"], data["locale"], text, actor_id=turn.person.id, now=turn.now
    )
    return await show_question(turn, tx, data["question"], before=turn.language.html("✅ Changed."))


async def begin_picture(press: Press, tx: Transaction) -> Reply:
    found = await found_question(tx, press.number(0))
    if found is None:
        return await show_question(press, tx, press.number(0))
    data: dict[str, Any] = {"question": found[1].id}
    if found[1].picture:
        data["picture"] = found[1].picture
    return await forms.begin(press, tx, PICTURE, data)


def _ask_new_picture(turn: Turn, data: Data) -> Markup:
    return turn.language.html("Which picture goes with the question? Send it as a photo.")


async def _put_picture(turn: Turn, tx: Transaction, data: Data) -> Reply:
    await quiz_writing.change_question(
        tx, data["question"], picture=data["picture"], actor_id=turn.person.id, now=turn.now
    )
    return await show_question(turn, tx, data["question"], before=turn.language.html("✅ Changed."))


def _way_back(turn: Turn) -> Button:
    data = turn.dialogue.data if turn.dialogue else {}
    if "question" in data:
        return button(turn.language.gettext("‹ Back to the question"), "oquizq", data["question"])
    if "quiz" in data:
        return button(turn.language.gettext("‹ All questions"), "oquizqs", data["quiz"], 0)
    return list_button(turn.language)


def _explanation(ask: Any) -> Step:
    return Step(
        "explanation",
        ask,
        read=answers.read_text(EXPLANATION_LIMIT, one_line=True),
        optional=True,
        tell=answers.tell_text,
    )


NEW = Form(
    "quiz_question",
    (
        Step(
            "text",
            _ask_text,
            read=answers.read_text(QUESTION_LIMIT, one_line=True),
            tell=answers.tell_text,
        ),
        Step("choices", _ask_choices, read=_read_choices, tell=_tell_lines),
        Step("right", _ask_right, choices=_choices),
        Step("picture", _ask_picture, read=read_photo, optional=True, tell=_tell_picture),
        _explanation(_ask_explanation),
    ),
    finish=_add,
    way_back=_way_back,
    organisers_only=True,
    counts=True,
)

WORDS = Form(
    "quiz_question_words",
    (
        Step(
            "text",
            _ask_words,
            read=answers.read_text(QUESTION_LIMIT, one_line=True),
            tell=answers.tell_text,
        ),
        Step("choices", _ask_choice_words, read=_read_choice_words, tell=_tell_lines),
        _explanation(_ask_explanation_words),
    ),
    finish=_put_words,
    way_back=_way_back,
    organisers_only=True,
)

PICTURE = Form(
    "quiz_picture",
    (Step("picture", _ask_new_picture, read=read_photo, optional=True, tell=_tell_picture),),
    finish=_put_picture,
    way_back=_way_back,
    organisers_only=True,
)
