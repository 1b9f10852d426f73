"""What quizzes ask: questions in their order, in every language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import quiz_question_texts, quiz_questions


@dataclass(frozen=True)
class QuestionText:
    """A question in one language, the words of its choices in order, and why the right one is right."""

    text: str
    choices: tuple[str, ...]
    explanation: str = ""


@dataclass(frozen=True)
class Question:
    id: int
    quiz_id: int
    position: int
    # Telegram's id of a photo.
    picture: str | None
    # How many choices there are, and which one is right, counted from 1.
    choices: int
    right_choice: int
    texts: Mapping[str, QuestionText]


_all = select(
    quiz_questions,
    quiz_question_texts.c.locale,
    quiz_question_texts.c.text,
    quiz_question_texts.c.choices.label("words"),
    quiz_question_texts.c.explanation,
).outerjoin(quiz_question_texts, quiz_question_texts.c.question_id == quiz_questions.c.id)


async def _list(tx: Transaction, query: Select[Any]) -> list[Question]:
    texts: dict[int, dict[str, QuestionText]] = {}
    first: dict[int, Row[Any]] = {}
    for row in await tx.rows(query.order_by(quiz_questions.c.position, quiz_questions.c.id)):
        first.setdefault(row.id, row)
        known = texts.setdefault(row.id, {})
        if row.locale is not None:
            known[row.locale] = QuestionText(row.text, tuple(row.words), row.explanation)
    return [
        Question(
            id=row.id,
            quiz_id=row.quiz_id,
            position=row.position,
            picture=row.picture,
            choices=row.choices,
            right_choice=row.right_choice,
            texts=texts[question_id],
        )
        for question_id, row in first.items()
    ]


async def find(tx: Transaction, question_id: int) -> Question | None:
    found = await _list(tx, _all.where(quiz_questions.c.id == question_id))
    return found[0] if found else None


async def list_of_quiz(tx: Transaction, quiz_id: int) -> list[Question]:
    """The quiz's questions in their order."""
    return await _list(tx, _all.where(quiz_questions.c.quiz_id == quiz_id))


async def list_ids(tx: Transaction, quiz_id: int) -> list[int]:
    query = select(quiz_questions.c.id).where(quiz_questions.c.quiz_id == quiz_id)
    rows = await tx.rows(query.order_by(quiz_questions.c.position, quiz_questions.c.id))
    return [row.id for row in rows]


async def count(tx: Transaction, quiz_id: int) -> int:
    query = select(func.count()).select_from(quiz_questions).where(quiz_questions.c.quiz_id == quiz_id)
    counted: int = await tx.value(query)
    return counted


async def add(
    tx: Transaction, quiz_id: int, *, choices: int, right_choice: int, picture: str | None = None
) -> int:
    """Write a new question after all others and say its id; its texts follow by `put_text`."""
    last = select(func.coalesce(func.max(quiz_questions.c.position), 0) + 1).where(
        quiz_questions.c.quiz_id == quiz_id
    )
    question_id: int = await tx.value(
        insert(quiz_questions)
        .values(
            quiz_id=quiz_id,
            position=last.scalar_subquery(),
            choices=choices,
            right_choice=right_choice,
            picture=picture,
        )
        .returning(quiz_questions.c.id)
    )
    return question_id


async def change(tx: Transaction, question_id: int, **values: object) -> None:
    await tx.run(update(quiz_questions).where(quiz_questions.c.id == question_id).values(**values))


async def put_text(tx: Transaction, question_id: int, locale: str, text: QuestionText) -> None:
    values = {"text": text.text, "choices": list(text.choices), "explanation": text.explanation}
    keys = [quiz_question_texts.c.question_id, quiz_question_texts.c.locale]
    await tx.run(
        insert(quiz_question_texts)
        .values(question_id=question_id, locale=locale, **values)
        .on_conflict_do_update(index_elements=keys, set_=values)
    )


async def drop(tx: Transaction, question_id: int) -> None:
    await tx.run(delete(quiz_questions).where(quiz_questions.c.id == question_id))
