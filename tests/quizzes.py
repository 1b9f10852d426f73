"""Making quizzes for tests, and taking them."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from bot import quiz_taking, quiz_writing, quizzes
from bot.quiz_writing import Asking
from storage import Database, Transaction
from storage import quizzes as kept
from storage.quiz_attempts import Attempt
from storage.quiz_questions import QuestionText
from storage.quizzes import Quiz, QuizText, Rules
from tests.conftest import NOON
from tests.making import known_person

MAKER = 71


def asking(number: int, *, right: int = 1, choices: int = 3, **values: Any) -> Asking:
    words = tuple(f"Choice {number}.{one}" for one in range(1, choices + 1))
    return Asking(right, {"en": QuestionText(f"Question {number}?", words, f"Because {number}.")}, **values)


async def draft(database: Database, *, questions: int = 3, locale: str = "en", **rules: Any) -> Quiz:
    """A quiz of so many questions of which the first choice is always the right one."""
    maker = await known_person(database, MAKER, now=NOON)
    async with database.write() as tx:
        quiz_id = await quizzes.create(
            tx,
            Rules(**rules),
            locale=locale,
            text=QuizText("Harbour Quiz", "Have fun."),
            actor_id=maker.id,
            now=NOON,
        )
        asked = [asking(number) for number in range(1, questions + 1)]
        await quiz_writing.add_questions(tx, quiz_id, asked, actor_id=maker.id, now=NOON)
        return await found(tx, quiz_id)


async def opened(database: Database, *, closes_at: datetime | None = None, **values: Any) -> Quiz:
    quiz = await draft(database, **values)
    async with database.write() as tx:
        await kept.change(tx, quiz.id, closes_at=closes_at)
        await quizzes.open_quiz(tx, quiz.id, actor_id=1, now=NOON)
        return await found(tx, quiz.id)


async def found(tx: Transaction, quiz_id: int) -> Quiz:
    quiz = await kept.find(tx, quiz_id)
    assert quiz is not None
    return quiz


async def begin(
    database: Database, quiz: Quiz, person_id: int, number: int = 1, *, now: datetime = NOON
) -> quiz_taking.Asked:
    async with database.write() as tx:
        asked = await quiz_taking.start(tx, quiz.id, person_id, number, chance=Random(1), now=now)
    assert isinstance(asked, quiz_taking.Asked), asked
    return asked


async def tap(database: Database, attempt: Attempt, choice: int, *, at: int, now: datetime) -> Any:
    async with database.write() as tx:
        return await quiz_taking.answer(tx, attempt.id, attempt.person_id, at, choice, now=now)


async def next_one(database: Database, attempt: Attempt, at: int, *, now: datetime) -> Any:
    async with database.write() as tx:
        return await quiz_taking.go_on(tx, attempt.id, attempt.person_id, at, now=now)


async def take(
    database: Database,
    quiz: Quiz,
    person_id: int,
    choices: list[int],
    *,
    seconds: float = 1,
    number: int = 1,
    now: datetime = NOON,
) -> Attempt:
    """Take it whole, each answer after so many seconds."""
    attempt = (await begin(database, quiz, person_id, number, now=now)).attempt
    ended: Any = None
    for at, choice in enumerate(choices):
        if at:
            await next_one(database, attempt, at, now=now)
        now += timedelta(seconds=seconds)
        ended = await tap(database, attempt, choice, at=at, now=now)
    assert isinstance(ended, quiz_taking.Answered), ended
    assert isinstance(ended.attempt, Attempt)
    return ended.attempt
