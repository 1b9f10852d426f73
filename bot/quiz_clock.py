"""The time of an attempt at a quiz: until when an answer counts, how long it took, and its end."""

from datetime import datetime, timedelta
from typing import Final

from storage import Transaction, jobs, owing, quiz_attempts, quizzes
from storage.quiz_attempts import Attempt
from storage.quizzes import Quiz

JOB: Final = "quiz_attempt"
# What a tap needs on its way here is nobody's fault.
GRACE: Final = timedelta(seconds=2)
# So long one may pause between two questions that have a time of their own.
PAUSE: Final = timedelta(days=1)
# So long it is worth telling that the time was over.
TOLD_WITHIN: Final = timedelta(days=1)


def ends_at(quiz: Quiz, *, started_at: datetime, asked_at: datetime | None, now: datetime) -> datetime | None:
    """When the attempt ends by itself, as it stands now; None: when the quiz closes."""
    if quiz.whole_seconds is not None:
        return started_at + timedelta(seconds=quiz.whole_seconds)
    if quiz.each_seconds is not None:
        open_until = asked_at + timedelta(seconds=quiz.each_seconds) if asked_at is not None else now
        return open_until + PAUSE
    return None


def deadline(quiz: Quiz, attempt: Attempt) -> datetime | None:
    """Until when the present question can be answered; None where there is no hurry."""
    limits = [quiz.closes_at]
    if quiz.whole_seconds is not None:
        limits.append(attempt.started_at + timedelta(seconds=quiz.whole_seconds))
    if quiz.each_seconds is not None and attempt.asked_at is not None:
        limits.append(attempt.asked_at + timedelta(seconds=quiz.each_seconds))
    return min((limit for limit in limits if limit is not None), default=None)


def over_since(quiz: Quiz, attempt: Attempt, now: datetime) -> datetime | None:
    """When the attempt's time was over; None while it goes on."""
    if quiz.state != "open":
        return quiz.closed_at or now
    limits = [limit for limit in (quiz.closes_at, attempt.ends_at) if limit is not None]
    ended = min(limits, default=None)
    return ended if ended is not None and now > ended + GRACE else None


def is_late(quiz: Quiz, attempt: Attempt, now: datetime) -> bool:
    """Whether the present question's own time is over."""
    if quiz.each_seconds is None or attempt.asked_at is None:
        return False
    return now > attempt.asked_at + timedelta(seconds=quiz.each_seconds) + GRACE


def taken_ms(quiz: Quiz, attempt: Attempt, now: datetime) -> int:
    """How long the present question has been open, which is never longer than it may be."""
    if attempt.asked_at is None:
        return 0
    taken = milliseconds(now - attempt.asked_at)
    return taken if quiz.each_seconds is None else min(taken, 1000 * quiz.each_seconds)


def milliseconds(length: timedelta) -> int:
    return max(0, length // timedelta(milliseconds=1))


async def plan(tx: Transaction, attempt_id: int, ending: datetime | None) -> None:
    """Have the attempt end by itself, once what was on its way before has arrived."""
    if ending is not None:
        await jobs.plan(tx, JOB, attempt_id, due_at=ending + GRACE + timedelta(seconds=1))


async def finish(tx: Transaction, quiz: Quiz, attempt: Attempt, *, at: datetime) -> Attempt:
    """End the attempt with what it has; what was not answered counts as wrong, and as slow as can be."""
    at = max(at, attempt.started_at)
    left = len(attempt.questions) - attempt.at
    if quiz.whole_seconds is not None:
        elapsed = min(milliseconds(at - attempt.started_at), 1000 * quiz.whole_seconds)
    elif quiz.each_seconds is not None:
        elapsed = attempt.elapsed_ms + left * 1000 * quiz.each_seconds
    else:
        elapsed = attempt.elapsed_ms + taken_ms(quiz, attempt, at)
    await quiz_attempts.change(tx, attempt.id, finished_at=at, asked_at=None, elapsed_ms=elapsed)
    await jobs.drop(tx, JOB, attempt.id)
    ended = await quiz_attempts.find(tx, attempt.id)
    if ended is None:
        raise LookupError("an attempt just ended was not found")
    return ended


async def end_due(tx: Transaction, attempt_id: int, /, *, now: datetime) -> None:
    """End an attempt whose time is over, and tell its person how it went."""
    attempt = await quiz_attempts.lock(tx, attempt_id)
    quiz = await quizzes.find(tx, attempt.quiz_id) if attempt else None
    if attempt is None or quiz is None or attempt.finished_at is not None:
        return
    ended = over_since(quiz, attempt, now)
    if ended is None:
        await plan(tx, attempt.id, attempt.ends_at)
        return
    await finish(tx, quiz, attempt, at=ended)
    if quiz.state != "open" or (quiz.closes_at is not None and ended >= quiz.closes_at):
        # Whoever took it hears of that when it closes.
        return
    await owing.owe_person(
        tx,
        attempt.person_id,
        "quiz_over",
        occasion=f"quiz-over:{attempt.id}",
        due_at=now,
        params={"attempt": attempt.id},
        useful_until=now + TOLD_WITHIN,
    )
