"""Writing what a quiz asks: its questions, their order, their words in each language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import audit
from bot.quizzes import MOST_QUESTIONS, Frozen
from storage import Transaction, quiz_questions, quizzes
from storage.quiz_questions import Question, QuestionText


@dataclass(frozen=True)
class Asking:
    """A question as somebody makes it up: its choices by their number, the words by language."""

    right_choice: int
    texts: Mapping[str, QuestionText]
    picture: str | None = None

    @property
    def choices(self) -> int:
        return max(len(text.choices) for text in self.texts.values())


@dataclass(frozen=True)
class Full:
    """It can't ask more questions than it does."""


async def add_questions(
    tx: Transaction, quiz_id: int, asked: Sequence[Asking], *, actor_id: int, now: datetime
) -> list[int] | Frozen | Full | None:
    """Ask these after all others: all of them or, where they don't fit, none. Their ids."""
    quiz = await quizzes.lock(tx, quiz_id)
    if quiz is None:
        return None
    if quiz.state != "draft":
        return Frozen()
    if await quiz_questions.count(tx, quiz_id) + len(asked) > MOST_QUESTIONS:
        return Full()
    added = await write_questions(tx, quiz_id, asked)
    await audit.note(tx, "quiz_changed", now=now, actor_id=actor_id, quiz=quiz_id)
    return added


async def write_questions(tx: Transaction, quiz_id: int, asked: Sequence[Asking]) -> list[int]:
    added = []
    for one in asked:
        question_id = await quiz_questions.add(
            tx, quiz_id, choices=one.choices, right_choice=one.right_choice, picture=one.picture
        )
        for locale, text in one.texts.items():
            await quiz_questions.put_text(tx, question_id, locale, text)
        added.append(question_id)
    return added


async def put_question_words(
    tx: Transaction, question_id: int, locale: str, text: QuestionText, *, actor_id: int, now: datetime
) -> bool:
    """Word it in a language, at any time: its meaning is the organisers' matter. False where it is gone."""
    question = await quiz_questions.find(tx, question_id)
    if question is None or len(text.choices) != question.choices:
        return False
    await quiz_questions.put_text(tx, question_id, locale, text)
    await audit.note(tx, "quiz_changed", now=now, actor_id=actor_id, quiz=question.quiz_id)
    return True


async def change_question(
    tx: Transaction, question_id: int, *, actor_id: int, now: datetime, **values: Any
) -> Question | Frozen | None:
    """Set its right choice, which only a draft allows, or its picture."""
    question = await quiz_questions.find(tx, question_id)
    quiz = await quizzes.lock(tx, question.quiz_id) if question else None
    if question is None or quiz is None:
        return None
    if quiz.state != "draft" and values.keys() != {"picture"}:
        return Frozen()
    await quiz_questions.change(tx, question_id, **values)
    await audit.note(tx, "quiz_changed", now=now, actor_id=actor_id, quiz=quiz.id)
    return await quiz_questions.find(tx, question_id)


async def move_question(tx: Transaction, question_id: int, by: int, *, actor_id: int, now: datetime) -> bool:
    """Ask it one place earlier (-1) or later (1); False where there is no such place."""
    question = await quiz_questions.find(tx, question_id)
    quiz = await quizzes.lock(tx, question.quiz_id) if question else None
    if question is None or quiz is None or quiz.state != "draft":
        return False
    order = await quiz_questions.list_ids(tx, quiz.id)
    at = order.index(question_id)
    if not 0 <= at + by < len(order):
        return False
    order.insert(at + by, order.pop(at))
    for position, one in enumerate(order, start=1):
        await quiz_questions.change(tx, one, position=position)
    await audit.note(tx, "quiz_changed", now=now, actor_id=actor_id, quiz=quiz.id)
    return True


async def drop_question(tx: Transaction, question_id: int, *, actor_id: int, now: datetime) -> bool:
    question = await quiz_questions.find(tx, question_id)
    quiz = await quizzes.lock(tx, question.quiz_id) if question else None
    if question is None or quiz is None or quiz.state != "draft":
        return False
    await quiz_questions.drop(tx, question_id)
    await audit.note(tx, "quiz_changed", now=now, actor_id=actor_id, quiz=quiz.id)
    return True
