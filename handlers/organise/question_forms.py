"""The forms in which organisers write an event's questions: a new one, its words in a language, a choice."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup, escape

from bot import event_questions
from bot.event_questions import KINDS, MOST_CHOICES, WITH_CHOICES, text_of
from bot.language import LOCALES, NATIVE_NAMES
from handlers import forms
from handlers.forms import Choice, Data, Form, Misread, Step, Understood
from handlers.organise import answers
from handlers.organise.event_admin import can_change, show_event
from handlers.organise.menu import organise_button
from handlers.organise.question_screens import changeable, kind_label, show_question, show_questions
from handlers.replies import Button, Reply, button
from handlers.turns import Press, Turn, Writing
from storage import Transaction, events, rsvps
from storage.event_questions import QuestionText

QUESTION_LIMIT, CHOICE_LIMIT = 300, 50


def _ask_kind(turn: Turn, data: Data) -> Markup:
    return turn.language.html("How is the question answered?")


def _kinds(turn: Turn, data: Data) -> Sequence[Choice]:
    return [Choice(kind_label(turn.language, kind), kind) for kind in KINDS]


def _tell_kind(turn: Turn, value: Any) -> Markup:
    return escape(kind_label(turn.language, value))


def _ask_text(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "What do you want to ask? Please write the question in {language}; other languages come later.",
        language=NATIVE_NAMES[data["locale"]],
    )


def _ask_choices(turn: Turn, data: Data) -> Markup:
    return turn.language.html("Which answers are there? Please write each on a line of its own.")


def _read_choices(writing: Writing, data: Data) -> Understood | Misread:
    language = writing.language
    lines = [" ".join(line.split()) for line in writing.text.splitlines()]
    lines = list(dict.fromkeys(line for line in lines if line))
    if not 2 <= len(lines) <= MOST_CHOICES:
        return Misread(
            language.html(
                "Please send 2 to {most} different answers, each on a line of its own.",
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
                    "“{choice}…” is too long for a button. Please use {limit} characters at most.",
                    choice=line[:20],
                    limit=language.number(CHOICE_LIMIT),
                )
            )
    return None


def _tell_lines(turn: Turn, value: Any) -> Markup:
    return escape(turn.language.joined(list(value), style="unit"))


def _ask_required(turn: Turn, data: Data) -> Markup:
    return turn.language.html("Does it have to be answered?")


def _required(turn: Turn, data: Data) -> Sequence[Choice]:
    return [
        Choice(turn.language.gettext("Yes, required"), True),
        Choice(turn.language.gettext("No, it may be skipped"), False),
    ]


async def begin_new(press: Press, tx: Transaction) -> Reply:
    event = await events.find(tx, press.number(0))
    if event is None or not can_change(event, press):
        return await show_event(press, tx, press.number(0))
    return await forms.begin(press, tx, NEW, {"event": event.id, "locale": press.language.locale})


async def _add(turn: Turn, tx: Transaction, data: Data) -> Reply:
    """Ask it from now on; say that those who have signed up already lose nothing by it."""
    language, event_id = turn.language, data["event"]
    event = await events.lock(tx, event_id)
    if event is None or not can_change(event, turn):
        return await show_event(turn, tx, event_id)
    lines = data.get("choices") or [] if data["kind"] in WITH_CHOICES else []
    text = QuestionText(data["text"], dict(enumerate(lines, start=1)))
    question_id = await event_questions.add(
        tx,
        event_id,
        data["kind"],
        {data["locale"]: text},
        required=data["required"],
        actor_id=turn.person.id,
        now=turn.now,
    )
    if question_id is None:
        sentence = language.html("An event can't ask more questions than these. Please remove one first.")
        return await show_questions(turn, tx, event_id, before=sentence)
    said = language.html("✅ The question is added.")
    if await rsvps.list_concerned(tx, event_id):
        said += Markup("\n") + language.html(
            "Those who have signed up already keep their place; they can answer it on the event's card."
        )
    return await show_question(turn, tx, question_id, before=said)


def _to_questions(turn: Turn) -> Button:
    data = turn.dialogue.data if turn.dialogue else {}
    if "event" in data:
        return button(turn.language.gettext("‹ Questions"), "oasks", data["event"])
    return organise_button(turn.language)


def _to_question(turn: Turn) -> Button:
    data = turn.dialogue.data if turn.dialogue else {}
    if "question" in data:
        return button(turn.language.gettext("‹ Back to the question"), "oask", data["question"])
    return organise_button(turn.language)


NEW = Form(
    "question_new",
    (
        Step("kind", _ask_kind, choices=_kinds, columns=2, tell=_tell_kind),
        Step(
            "text",
            _ask_text,
            read=answers.read_text(QUESTION_LIMIT, one_line=True),
            tell=answers.tell_text,
        ),
        Step(
            "choices",
            _ask_choices,
            read=_read_choices,
            tell=_tell_lines,
            applies=lambda data: data.get("kind") in WITH_CHOICES,
        ),
        Step("required", _ask_required, choices=_required),
    ),
    finish=_add,
    way_back=_to_questions,
    organisers_only=True,
)


async def begin_words(press: Press, tx: Transaction) -> Reply:
    """Word the question and its choices in one language."""
    found, locale = await changeable(press, tx, press.number(0)), press.word(1)
    if found is None or locale not in LOCALES:
        return await show_question(press, tx, press.number(0))
    event, question = found
    known = question.texts.get(locale, QuestionText(""))
    other = text_of(question, press.language.locale, event.base_locale)
    data: dict[str, Any] = {
        "question": question.id,
        "locale": locale,
        "numbers": list(question.choices),
        "original": other.text,
        "originals": [other.choices.get(number, "") for number in question.choices],
    }
    if known.text:
        data["text"] = known.text
    if question.choices and all(number in known.choices for number in question.choices):
        data["choices"] = [known.choices[number] for number in question.choices]
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
    lines = [" ".join(line.split()) for line in writing.text.splitlines() if line.strip()]
    if len(lines) != len(data["numbers"]):
        return Misread(
            writing.language.nhtml(
                "There is {n} answer. Please send one line for it.",
                "There are {n} answers. Please send a line for each.",
                len(data["numbers"]),
            )
        )
    return _too_long(lines, writing) or Understood(lines)


async def _put_words(turn: Turn, tx: Transaction, data: Data) -> Reply:
    found = await changeable(turn, tx, data["question"])
    if found is None:
        return await show_question(turn, tx, data["question"])
    _, question = found
    words = dict(zip(data["numbers"], data.get("choices") or [], strict=False))
    await event_questions.set_words(
        tx,
        question,
        data["locale"],
        text=data["text"],
        choices=words,
        actor_id=turn.person.id,
        now=turn.now,
    )
    return await show_question(turn, tx, question.id, before=turn.language.html("✅ Changed."))


WORDS = Form(
    "question_words",
    (
        Step(
            "text",
            _ask_words,
            read=answers.read_text(QUESTION_LIMIT, one_line=True),
            tell=answers.tell_text,
        ),
        Step(
            "choices",
            _ask_choice_words,
            read=_read_choice_words,
            tell=_tell_lines,
            applies=lambda data: bool(data.get("numbers")),
        ),
    ),
    finish=_put_words,
    way_back=_to_question,
    organisers_only=True,
)


async def begin_choice(press: Press, tx: Transaction) -> Reply:
    """Offer one more answer."""
    found = await changeable(press, tx, press.number(0))
    if found is None or found[1].kind not in WITH_CHOICES:
        return await show_question(press, tx, press.number(0))
    data = {"question": found[1].id, "locale": press.language.locale}
    return await forms.begin(press, tx, CHOICE, data)


def _ask_choice(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "Which answer do you want to add? Please write it in {language}.",
        language=NATIVE_NAMES[data["locale"]],
    )


async def _add_choice(turn: Turn, tx: Transaction, data: Data) -> Reply:
    found = await changeable(turn, tx, data["question"])
    if found is None:
        return await show_question(turn, tx, data["question"])
    added = await event_questions.add_choice(
        tx, found[1], data["locale"], data["choice"], actor_id=turn.person.id, now=turn.now
    )
    said = turn.language.html("✅ Changed.")
    if not added:
        said = turn.language.html("There is no room for another answer. Please remove one first.")
    return await show_question(turn, tx, found[1].id, before=said)


CHOICE = Form(
    "question_choice",
    (Step("choice", _ask_choice, read=answers.read_text(CHOICE_LIMIT, one_line=True)),),
    finish=_add_choice,
    way_back=_to_question,
    organisers_only=True,
)
