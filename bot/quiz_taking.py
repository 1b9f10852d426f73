"""Taking a quiz: beginning, answering, going on. Each tap counts once, also across a restart."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from bot import quiz_clock, quizzes
from storage import Transaction, quiz_attempts, quiz_questions
from storage import quizzes as kept
from storage.quiz_attempts import Answer, Attempt
from storage.quiz_questions import Question
from storage.quizzes import Quiz


@dataclass(frozen=True)
class Asked:
    """A question is open, until an instant where there is one; `anew` where this tap has opened it."""

    quiz: Quiz
    attempt: Attempt
    question: Question
    until: datetime | None
    anew: bool = False


@dataclass(frozen=True)
class Answered:
    """A question was answered; the next one waits, or all have been.

    `again` says that this tap changed nothing: the answer is the one given before.
    """

    quiz: Quiz
    attempt: Attempt
    question: Question
    answer: Answer
    again: bool = False


@dataclass(frozen=True)
class Finished:
    """The attempt has ended; `by_clock` where it was this moment that told."""

    quiz: Quiz
    attempt: Attempt
    by_clock: bool = False


@dataclass(frozen=True)
class NotOpen:
    """It opens later, or has closed."""

    quiz: Quiz


@dataclass(frozen=True)
class NotForYou:
    """It is for those who have a place at its event."""

    quiz: Quiz


@dataclass(frozen=True)
class NoneLeft:
    """The person has had all the attempts there are."""

    quiz: Quiz


@dataclass(frozen=True)
class Gone:
    """There is no such quiz, or no such attempt of this person's."""


Stage = Asked | Answered | Finished


async def start(
    tx: Transaction, quiz_id: int, person_id: int, number: int, *, chance: Random, now: datetime
) -> Stage | NotOpen | NotForYou | NoneLeft | Gone:
    """Begin the attempt of this number with its first question, whose time runs from now.

    Whoever is in the middle of one goes on with that, and pressing twice begins one.
    """
    quiz = await kept.hold(tx, quiz_id)
    if quiz is None or quiz.state == "draft":
        return Gone()
    mine = await quiz_attempts.list_of_person(tx, quiz_id, person_id)
    if mine and mine[-1].finished_at is None:
        stage = await _resume(tx, mine[-1].id, person_id, now=now)
        if not isinstance(stage, Finished) or number <= len(mine):
            return stage
        mine = await quiz_attempts.list_of_person(tx, quiz_id, person_id)
    if mine and number <= len(mine):
        return Finished(quiz, mine[-1])
    if not quizzes.is_open(quiz, now):
        return NotOpen(quiz)
    if not await quizzes.is_for(tx, quiz, person_id):
        return NotForYou(quiz)
    if len(mine) >= quiz.attempts:
        return NoneLeft(quiz)
    order = _ordered(await quiz_questions.list_ids(tx, quiz_id), quiz, chance)
    if not order:
        return NotOpen(quiz)
    ending = quiz_clock.ends_at(quiz, started_at=now, asked_at=now, now=now)
    await quiz_attempts.add(tx, quiz_id, person_id, len(mine) + 1, questions=order, ends_at=ending, now=now)
    begun = (await quiz_attempts.list_of_person(tx, quiz_id, person_id))[-1]
    await quiz_clock.plan(tx, begun.id, ending)
    return await _stage(tx, quiz, begun, anew=True)


def _ordered(ids: Sequence[int], quiz: Quiz, chance: Random) -> list[int]:
    order = list(ids)
    if quiz.shuffle:
        chance.shuffle(order)
    return order


async def _resume(tx: Transaction, attempt_id: int, person_id: int, *, now: datetime) -> Stage | Gone:
    found = await _mine(tx, attempt_id, person_id, now=now)
    match found:
        case (Quiz() as quiz, Attempt() as attempt):
            return await _stage(tx, quiz, attempt)
        case other:
            return other


async def go_on(
    tx: Transaction, attempt_id: int, person_id: int, position: int, *, now: datetime
) -> Stage | Gone:
    """Open the question at this position, if it is its turn; its time runs from now, and only once.

    An old button leads to where the attempt is.
    """
    found = await _mine(tx, attempt_id, person_id, now=now)
    match found:
        case (Quiz() as quiz, Attempt() as attempt):
            pass
        case other:
            return other
    opens = attempt.asked_at is None and attempt.at == position
    if opens:
        ending = quiz_clock.ends_at(quiz, started_at=attempt.started_at, asked_at=now, now=now)
        await quiz_attempts.change(tx, attempt.id, asked_at=now, ends_at=ending)
        await quiz_clock.plan(tx, attempt.id, ending)
        attempt = replace(attempt, asked_at=now, ends_at=ending)
    return await _stage(tx, quiz, attempt, anew=opens)


async def answer(
    tx: Transaction, attempt_id: int, person_id: int, position: int, choice: int, *, now: datetime
) -> Stage | Gone:
    """Take the choice as the answer to the question at this position.

    The first tap counts. One that comes after the question's time counts as wrong; one to a question that is
    not open changes nothing and leads to where the attempt is.
    """
    found = await _mine(tx, attempt_id, person_id, now=now)
    match found:
        case (Quiz() as quiz, Attempt() as attempt):
            pass
        case Finished(_, attempt) if 0 <= position < attempt.at:
            return await _answered_before(tx, found, position) or found
        case other:
            return other
    if position == attempt.at - 1 and attempt.asked_at is None:
        before = await _answered_before(tx, Finished(quiz, attempt), position)
        return before or await _stage(tx, quiz, attempt)
    if position != attempt.at or attempt.asked_at is None:
        return await _stage(tx, quiz, attempt)
    question = await quiz_questions.find(tx, attempt.questions[position])
    if question is None or not 1 <= choice <= question.choices:
        return await _stage(tx, quiz, attempt)
    late = quiz_clock.is_late(quiz, attempt, now)
    given = Answer(
        question.id,
        choice,
        is_right=choice == question.right_choice and not late,
        late=late,
        elapsed_ms=quiz_clock.taken_ms(quiz, attempt, now),
    )
    if not await quiz_attempts.add_answer(tx, attempt.id, given):
        raise LookupError("a question that waits for an answer has one")
    return Answered(quiz, await _count(tx, quiz, attempt, given, now=now), question, given)


async def _count(tx: Transaction, quiz: Quiz, attempt: Attempt, given: Answer, *, now: datetime) -> Attempt:
    """Go one question further with what was answered, or end."""
    ending = quiz_clock.ends_at(quiz, started_at=attempt.started_at, asked_at=None, now=now)
    counted = replace(
        attempt,
        at=attempt.at + 1,
        asked_at=None,
        ends_at=ending,
        score=attempt.score + given.is_right,
        elapsed_ms=attempt.elapsed_ms + given.elapsed_ms,
    )
    await quiz_attempts.change(
        tx,
        attempt.id,
        at=counted.at,
        asked_at=None,
        ends_at=ending,
        score=counted.score,
        elapsed_ms=counted.elapsed_ms,
    )
    if counted.at == len(counted.questions):
        return await quiz_clock.finish(tx, quiz, counted, at=now)
    await quiz_clock.plan(tx, attempt.id, ending)
    return counted


async def _mine(
    tx: Transaction, attempt_id: int, person_id: int, *, now: datetime
) -> tuple[Quiz, Attempt] | Finished | Gone:
    """The person's attempt while it goes on, nobody else deciding about it. One whose time is over ends."""
    attempt = await quiz_attempts.lock(tx, attempt_id)
    quiz = await kept.find(tx, attempt.quiz_id) if attempt else None
    if attempt is None or quiz is None or attempt.person_id != person_id:
        return Gone()
    if attempt.finished_at is not None:
        return Finished(quiz, attempt)
    ended = quiz_clock.over_since(quiz, attempt, now)
    if ended is not None:
        return Finished(quiz, await quiz_clock.finish(tx, quiz, attempt, at=ended), by_clock=True)
    return quiz, attempt


async def _answered_before(tx: Transaction, found: Finished, position: int) -> Answered | None:
    question = await quiz_questions.find(tx, found.attempt.questions[position])
    given = await quiz_attempts.find_answer(tx, found.attempt.id, question.id) if question else None
    if question is None or given is None:
        return None
    return Answered(found.quiz, found.attempt, question, given, again=True)


async def _stage(tx: Transaction, quiz: Quiz, attempt: Attempt, *, anew: bool = False) -> Stage:
    """Where the attempt is: at an open question, between two, or at its end."""
    if attempt.finished_at is not None:
        return Finished(quiz, attempt)
    if attempt.asked_at is None:
        before = await _answered_before(tx, Finished(quiz, attempt), attempt.at - 1)
        return before or Finished(quiz, attempt)
    question = await quiz_questions.find(tx, attempt.questions[attempt.at])
    if question is None:
        raise LookupError("a quiz that was begun lacks a question")
    return Asked(quiz, attempt, question, quiz_clock.deadline(quiz, attempt), anew)
