"""Who took a quiz: each attempt, where it is, and what was answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import quiz_answers, quiz_attempts, quizzes


@dataclass(frozen=True)
class Attempt:
    id: int
    quiz_id: int
    person_id: int
    number: int
    # The ids of its questions as they are asked, and at which of them it is, counted from 0.
    questions: tuple[int, ...]
    at: int
    started_at: datetime
    # Since when the present question is open; none is between an answer and the next question.
    asked_at: datetime | None
    # When it ends by itself; without this, when the quiz closes.
    ends_at: datetime | None
    finished_at: datetime | None
    score: int
    elapsed_ms: int


@dataclass(frozen=True)
class Answer:
    """What was answered to one question; no choice where the time was over first."""

    question_id: int
    choice: int | None
    is_right: bool
    late: bool
    elapsed_ms: int


def attempt_of(row: Row[Any]) -> Attempt:
    return Attempt(**{**row._mapping, "questions": tuple(row.questions)})


async def _first(tx: Transaction, query: Select[Any]) -> Attempt | None:
    row = await tx.row(query)
    return row and attempt_of(row)


async def find(tx: Transaction, attempt_id: int) -> Attempt | None:
    return await _first(tx, select(quiz_attempts).where(quiz_attempts.c.id == attempt_id))


async def lock(tx: Transaction, attempt_id: int) -> Attempt | None:
    """Find the attempt and let nobody else decide about it until this transaction ends."""
    return await _first(tx, select(quiz_attempts).where(quiz_attempts.c.id == attempt_id).with_for_update())


async def list_of_person(tx: Transaction, quiz_id: int, person_id: int) -> list[Attempt]:
    """The person's attempts at the quiz, the first first."""
    query = select(quiz_attempts).where(
        quiz_attempts.c.quiz_id == quiz_id, quiz_attempts.c.person_id == person_id
    )
    return [attempt_of(row) for row in await tx.rows(query.order_by(quiz_attempts.c.number))]


async def list_everything_of_person(tx: Transaction, person_id: int) -> list[Attempt]:
    query = select(quiz_attempts).where(quiz_attempts.c.person_id == person_id)
    return [attempt_of(row) for row in await tx.rows(query.order_by(quiz_attempts.c.id))]


async def list_running_ids(tx: Transaction, quiz_id: int) -> list[int]:
    query = select(quiz_attempts.c.id).where(
        quiz_attempts.c.quiz_id == quiz_id, quiz_attempts.c.finished_at.is_(None)
    )
    return [row.id for row in await tx.rows(query.order_by(quiz_attempts.c.id))]


async def count(tx: Transaction, quiz_id: int) -> int:
    """How many attempts there are, finished or not."""
    query = select(func.count()).select_from(quiz_attempts).where(quiz_attempts.c.quiz_id == quiz_id)
    counted: int = await tx.value(query)
    return counted


async def count_people(tx: Transaction, quiz_id: int) -> int:
    """How many people have begun it."""
    query = select(func.count(quiz_attempts.c.person_id.distinct())).where(quiz_attempts.c.quiz_id == quiz_id)
    counted: int = await tx.value(query)
    return counted


async def add(
    tx: Transaction,
    quiz_id: int,
    person_id: int,
    number: int,
    *,
    questions: Sequence[int],
    ends_at: datetime | None,
    now: datetime,
) -> bool:
    """Begin the attempt with its first question; False where the person has begun it already."""
    written = await tx.run(
        insert(quiz_attempts)
        .values(
            quiz_id=quiz_id,
            person_id=person_id,
            number=number,
            questions=list(questions),
            started_at=now,
            asked_at=now,
            ends_at=ends_at,
        )
        .on_conflict_do_nothing(
            index_elements=[quiz_attempts.c.quiz_id, quiz_attempts.c.person_id, quiz_attempts.c.number]
        )
    )
    return bool(written)


async def change(tx: Transaction, attempt_id: int, **values: object) -> None:
    await tx.run(update(quiz_attempts).where(quiz_attempts.c.id == attempt_id).values(**values))


async def add_answer(tx: Transaction, attempt_id: int, answer: Answer) -> bool:
    """Write down an answer; False where there is one to this question already, which stays."""
    written = await tx.run(
        insert(quiz_answers)
        .values(
            attempt_id=attempt_id,
            question_id=answer.question_id,
            choice=answer.choice,
            is_right=answer.is_right,
            late=answer.late,
            elapsed_ms=answer.elapsed_ms,
        )
        .on_conflict_do_nothing(index_elements=[quiz_answers.c.attempt_id, quiz_answers.c.question_id])
    )
    return bool(written)


_answers = select(
    quiz_answers.c.question_id,
    quiz_answers.c.choice,
    quiz_answers.c.is_right,
    quiz_answers.c.late,
    quiz_answers.c.elapsed_ms,
)


async def find_answer(tx: Transaction, attempt_id: int, question_id: int) -> Answer | None:
    row = await tx.row(
        _answers.where(quiz_answers.c.attempt_id == attempt_id, quiz_answers.c.question_id == question_id)
    )
    return row and Answer(**row._mapping)


async def list_answers(tx: Transaction, attempt_id: int) -> list[Answer]:
    query = _answers.where(quiz_answers.c.attempt_id == attempt_id).order_by(quiz_answers.c.question_id)
    return [Answer(**row._mapping) for row in await tx.rows(query)]


async def count_right(tx: Transaction, quiz_id: int) -> dict[int, tuple[int, int]]:
    """Of every question of the quiz, how many answers there are and how many of them are right."""
    query = (
        select(
            quiz_answers.c.question_id,
            func.count().label("given"),
            func.count().filter(quiz_answers.c.is_right).label("well"),
        )
        .join(quiz_attempts, quiz_attempts.c.id == quiz_answers.c.attempt_id)
        .where(quiz_attempts.c.quiz_id == quiz_id)
        .group_by(quiz_answers.c.question_id)
    )
    return {row.question_id: (row.given, row.well) for row in await tx.rows(query)}


async def has_open(tx: Transaction, person_id: int, quiz_ids: Sequence[int]) -> set[int]:
    """Those of the quizzes that the person is in the middle of."""
    query = (
        select(quiz_attempts.c.quiz_id)
        .join(quizzes, quizzes.c.id == quiz_attempts.c.quiz_id)
        .where(
            quiz_attempts.c.person_id == person_id,
            quiz_attempts.c.quiz_id.in_(list(quiz_ids)),
            quiz_attempts.c.finished_at.is_(None),
            quizzes.c.state == "open",
        )
    )
    return {row.quiz_id for row in await tx.rows(query)}
