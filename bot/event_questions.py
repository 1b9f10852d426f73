"""Which of an event's questions somebody is asked, and how organisers put them together."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from bot import audit
from storage import Transaction, event_questions, events
from storage.event_questions import Question, QuestionText

KINDS: Final = ("text", "choice", "choices", "date", "phone", "photo", "document")
WITH_CHOICES: Final = frozenset({"choice", "choices"})
MOST_QUESTIONS, MOST_CHOICES = 20, 12


def visible(questions: Sequence[Question], answers: Mapping[int, Any]) -> tuple[Question, ...]:
    """The questions that are asked of somebody who has answered so far, in their order.

    One that depends on another is asked only where that one is, and was answered with that choice.
    """
    shown: dict[int, Question] = {}
    for question in questions:
        before = question.after_question_id
        if before is None or (before in shown and _chosen(answers.get(before), question.after_choice)):
            shown[question.id] = question
    return tuple(shown.values())


def missing(questions: Sequence[Question], answers: Mapping[int, Any]) -> tuple[Question, ...]:
    """What has to be answered still: required, asked of this person, and without an answer."""
    return tuple(
        question
        for question in visible(questions, answers)
        if question.required and answers.get(question.id) in (None, "", [])
    )


def _chosen(answer: Any, choice: int | None) -> bool:
    return choice in answer if isinstance(answer, list) else answer == choice and answer is not None


def text_of(question: Question, locale: str, base_locale: str) -> QuestionText:
    """The question in the language; what was not written in it, in the one of its event."""
    base = question.texts.get(base_locale) or next(iter(question.texts.values()), QuestionText(""))
    own = question.texts.get(locale, base)
    return QuestionText(own.text or base.text, {**base.choices, **own.choices})


async def add(
    tx: Transaction,
    event_id: int,
    kind: str,
    texts: Mapping[str, QuestionText],
    *,
    required: bool,
    after: tuple[int, int] | None = None,
    actor_id: int,
    now: datetime,
) -> int | None:
    """Ask one more question, after all others; None when the event asks as many as it may already.

    The choices are those that any of the texts words, in the order of their numbers. Whoever has a place
    already keeps it without an answer.
    """
    await events.lock(tx, event_id)
    if len(await event_questions.list_asked(tx, event_id)) >= MOST_QUESTIONS:
        return None
    choices = sorted({number for text in texts.values() for number in text.choices})
    after_question_id, after_choice = after or (None, None)
    question_id = await event_questions.add(
        tx,
        event_id,
        kind,
        required=required,
        choices=choices,
        after_question_id=after_question_id,
        after_choice=after_choice,
    )
    for locale, text in texts.items():
        await event_questions.put_text(tx, question_id, locale, text)
    await audit.note(
        tx, "question_added", now=now, actor_id=actor_id, event_id=event_id, question=question_id
    )
    return question_id


async def set_required(
    tx: Transaction, question: Question, required: bool, *, actor_id: int, now: datetime
) -> None:
    await event_questions.change(tx, question.id, required=required)
    await _note_change(tx, question, actor_id=actor_id, now=now)


async def set_after(
    tx: Transaction, question: Question, after: tuple[int, int] | None, *, actor_id: int, now: datetime
) -> bool:
    """Ask it only of those who gave that answer to that earlier question; say whether that is possible."""
    if after is not None and after not in possible_conditions(await _asked(tx, question), question):
        return False
    after_question_id, after_choice = after or (None, None)
    await event_questions.change(
        tx, question.id, after_question_id=after_question_id, after_choice=after_choice
    )
    await _note_change(tx, question, actor_id=actor_id, now=now)
    return True


def possible_conditions(questions: Sequence[Question], question: Question) -> list[tuple[int, int]]:
    """On which answers it may depend: the choices of the questions before it."""
    earlier = [one for one in questions if one.position < question.position]
    return [(one.id, choice) for one in earlier if one.kind in WITH_CHOICES for choice in one.choices]


async def set_words(
    tx: Transaction,
    question: Question,
    locale: str,
    *,
    text: str | None = None,
    choices: Mapping[int, str] | None = None,
    actor_id: int,
    now: datetime,
) -> None:
    """Word the question, some of its choices, or both in the language; the rest keeps its words."""
    known = question.texts.get(locale, QuestionText(""))
    words = QuestionText(known.text if text is None else text, {**known.choices, **(choices or {})})
    await event_questions.put_text(tx, question.id, locale, words)
    await _note_change(tx, question, actor_id=actor_id, now=now)


async def add_choice(
    tx: Transaction, question: Question, locale: str, words: str, *, actor_id: int, now: datetime
) -> bool:
    """Offer one more choice, after all others; say whether there was room for it."""
    if len(question.choices) >= MOST_CHOICES:
        return False
    number = max((*question.choices, *question.removed_choices), default=0) + 1
    await event_questions.change(tx, question.id, choices=[*question.choices, number])
    await set_words(tx, question, locale, choices={number: words}, actor_id=actor_id, now=now)
    return True


async def remove_choice(
    tx: Transaction, question: Question, choice: int, *, actor_id: int, now: datetime
) -> None:
    """Offer the choice no more; it still words the answers of those who chose it.

    What was asked only of those who chose it is asked of everybody now.
    """
    if choice not in question.choices:
        return
    await event_questions.change(
        tx,
        question.id,
        choices=[one for one in question.choices if one != choice],
        removed_choices=[*question.removed_choices, choice],
    )
    await event_questions.ask_of_everybody(tx, question.id, choice=choice)
    await _note_change(tx, question, actor_id=actor_id, now=now)


async def remove(tx: Transaction, question: Question, *, actor_id: int, now: datetime) -> None:
    """Ask it no more; what was answered is kept. What depended on it is asked of everybody now."""
    if question.removed:
        return
    await event_questions.change(tx, question.id, removed_at=now)
    await event_questions.ask_of_everybody(tx, question.id)
    await audit.note(
        tx,
        "question_removed",
        now=now,
        actor_id=actor_id,
        event_id=question.event_id,
        question=question.id,
    )


async def move(tx: Transaction, question: Question, places: int, *, actor_id: int, now: datetime) -> bool:
    """Ask it one place earlier (-1) or later (1); say whether it moved.

    A question never comes before the one that decides whether it is asked.
    """
    await events.lock(tx, question.event_id)
    asked = await _asked(tx, question)
    at = next((number for number, one in enumerate(asked) if one.id == question.id), -1)
    if at < 0 or not 0 <= at + places < len(asked):
        return False
    earlier, later = sorted((asked[at], asked[at + places]), key=lambda one: (one.position, one.id))
    if later.after_question_id == earlier.id:
        return False
    order = [one.id for one in asked]
    order[at], order[at + places] = order[at + places], order[at]
    for position, question_id in enumerate(order, start=1):
        await event_questions.change(tx, question_id, position=position)
    await _note_change(tx, question, actor_id=actor_id, now=now)
    return True


async def _asked(tx: Transaction, question: Question) -> list[Question]:
    return await event_questions.list_asked(tx, question.event_id)


async def _note_change(tx: Transaction, question: Question, *, actor_id: int, now: datetime) -> None:
    await audit.note(
        tx,
        "question_changed",
        now=now,
        actor_id=actor_id,
        event_id=question.event_id,
        question=question.id,
    )
