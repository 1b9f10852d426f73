"""An event's own questions as steps of a form: how each kind is asked, and how answers are read."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from bot.days import understand_day
from bot.event_questions import text_of, visible
from handlers.event_answers import tell_answer
from handlers.forms import Choice, Data, Misread, Step, Understood
from handlers.turns import Turn, Writing
from storage.event_questions import Question
from storage.events import Event

TEXT_LIMIT: Final = 1000
_NUMBER: Final = re.compile(r"\+?\d{6,15}")
_BETWEEN: Final = re.compile(r"[\s().\-/–]")

Read = Callable[[Writing, Data], Understood | Misread]


def step_name(question_id: int) -> str:
    return f"q{question_id}"


def question_key(question: Question) -> tuple[object, ...]:
    """What is the same of two questions that ask the same at two events."""
    return question.kind, question.position, tuple(sorted((k, v.text) for k, v in question.texts.items()))


def answers_in(questions: Sequence[Question], data: Data) -> dict[int, Any]:
    """What has been answered so far, by question."""
    names = {question.id: step_name(question.id) for question in questions}
    return {question_id: data[name] for question_id, name in names.items() if data.get(name) is not None}


def given(questions: Sequence[Question], data: Data) -> dict[int, Any]:
    """All answers to be kept: None takes back what isn't asked any more of somebody who answers so."""
    answers = answers_in(questions, data)
    shown = {question.id for question in visible(questions, answers)}
    return {question.id: answers.get(question.id) if question.id in shown else None for question in questions}


def as_data(answers: Mapping[int, Any]) -> dict[str, Any]:
    """What was answered earlier, as a form's data hold it."""
    return {step_name(question_id): value for question_id, value in answers.items()}


def step_of(question: Question, questions: Sequence[Question], event: Event) -> Step:
    """The question as a step; it is asked only of those of whom the event asks it."""

    def ask(turn: Turn, data: Data) -> Markup:
        return _asked(question, event, turn)

    def choices(turn: Turn, data: Data) -> Sequence[Choice]:
        words = text_of(question, turn.language.locale, event.base_locale).choices
        kept = data.get(step_name(question.id))
        chosen = kept if isinstance(kept, list) else [kept]
        # What was chosen before it was removed stays to be seen, and can be let go of.
        offered = [*question.choices, *(one for one in question.removed_choices if one in chosen)]
        return [Choice(words.get(number, str(number)), number) for number in offered]

    def tell(turn: Turn, value: Any) -> Markup:
        return escape(tell_answer(turn.language, question, value, event.base_locale))

    def applies(data: Data) -> bool:
        return question in visible(questions, answers_in(questions, data))

    several = question.kind == "choices"
    return Step(
        step_name(question.id),
        ask,
        read=_reading(question, event),
        choices=choices,
        several=several,
        fewest=1 if several and question.required else 0,
        optional=not question.required,
        tell=tell,
        applies=applies,
        contact=question.kind == "phone",
    )


def _asked(question: Question, event: Event, turn: Turn) -> Markup:
    language = turn.language
    asked = Markup("<b>{}</b>").format(text_of(question, language.locale, event.base_locale).text)
    match question.kind:
        case "choices":
            hint = language.html("Tick all that fit, then press “Done”.")
        case "date":
            hint = language.html("Send a day, for example 3 December 2026 or 3/12/2026.")
        case "phone":
            hint = language.html("Send a phone number, with the country's code if it is not from here.")
        case "photo":
            hint = language.html("Send a picture (📎).")
        case "document":
            hint = language.html("Send a file (📎).")
        case "text":
            hint = language.html("Write your answer.")
        case _:
            return asked
    return asked + Markup("\n") + hint


def _reading(question: Question, event: Event) -> Read | None:
    match question.kind:
        case "text":
            return read_text
        case "date":
            return _read_date(ZoneInfo(event.zone))
        case "phone":
            return read_phone
        case "photo":
            return read_photo
        case "document":
            return read_document
        case _:
            return None


def read_text(writing: Writing, data: Data) -> Understood | Misread:
    language, text = writing.language, writing.text
    if not text or (writing.message and not writing.message.text):
        return Misread(language.html("I can only read text here."))
    if len(text) > TEXT_LIMIT:
        return Misread(
            language.nhtml(
                "That is too long. Please use {n} character at most.",
                "That is too long. Please use {n} characters at most.",
                TEXT_LIMIT,
            )
        )
    return Understood(text)


def _read_date(zone: ZoneInfo) -> Read:
    def read(writing: Writing, data: Data) -> Understood | Misread:
        language = writing.language
        day = understand_day(writing.text, now=writing.now, zone=zone, locale=language.locale)
        if day is None:
            return Misread(language.html("I don't understand that as a day."))
        return Understood(day.isoformat(), language.html("✓ {day}", day=language.day(day)))

    return read


def read_phone(writing: Writing, data: Data) -> Understood | Misread:
    """A number that was typed, or the person's own contact; nobody else's."""
    language = writing.language
    contact = writing.message.contact if writing.message else None
    if contact is not None:
        if contact.user_id != writing.person.telegram_id:
            return Misread(
                language.html(
                    "That is somebody else's contact. Please press the key below, or type your number."
                )
            )
        # Telegram leaves out the sign that begins every number of its own.
        number = "+" + _BETWEEN.sub("", contact.phone_number).lstrip("+")
    else:
        number = _BETWEEN.sub("", writing.text)
    if not _NUMBER.fullmatch(number):
        return Misread(
            language.html("I don't understand that as a phone number. For example +852 2345 6789.")
        )
    return Understood(number, language.html("✓ {number}", number=number))


def read_photo(writing: Writing, data: Data) -> Understood | Misread:
    language, message = writing.language, writing.message
    if message is not None and message.photo:
        return Understood(message.photo[-1].file_id)
    if message is not None and message.document:
        return Misread(language.html("Please send it as a picture, not as a file."))
    return Misread(language.html("I need a picture here. Press 📎 and choose one."))


def read_document(writing: Writing, data: Data) -> Understood | Misread:
    language, message = writing.language, writing.message
    if message is not None and message.document:
        return Understood(message.document.file_id)
    if message is not None and message.photo:
        return Misread(language.html("Please send it as a file, not as a picture."))
    return Misread(language.html("I need a file here. Press 📎 and choose one."))
