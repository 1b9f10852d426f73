"""Quizzes from draft to closed: what each asks, who may take it, and until when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from bot import audit, quiz_clock
from storage import Transaction, checkins, jobs, quiz_attempts, quiz_questions, quiz_rankings, quizzes, rsvps
from storage.quiz_questions import Question, QuestionText
from storage.quizzes import Quiz, QuizText, Rules

JOB: Final = "quiz_close"
TITLE_LIMIT, INTRO_LIMIT = 80, 600
# A question, its choices and why the right one is right fit below a picture, where Telegram takes little.
QUESTION_LIMIT, CHOICE_LIMIT, EXPLANATION_LIMIT = 300, 80, 300
FEWEST_CHOICES, MOST_CHOICES = 2, 6
MOST_QUESTIONS: Final = 100
MOST_ATTEMPTS: Final = 20
# So long a quiz that has closed is still found by members.
OUT_FOR: Final = timedelta(days=30)
# So long its result is worth telling.
TOLD_WITHIN: Final = timedelta(days=3)
# What may be set at any time: nothing that would make it another contest for those who come later.
ALWAYS: Final = frozenset({"attempts", "live_ranking", "certificate_percent", "audience", "event_id"})


@dataclass(frozen=True)
class Empty:
    """There is nothing to ask yet."""


@dataclass(frozen=True)
class Frozen:
    """It is no draft any more: what is asked, and in which time, stays as it is."""


def text_of(quiz: Quiz, locale: str) -> QuizText:
    """What the quiz is called in the language; what was not written in it, in the base language."""
    base = quiz.texts.get(quiz.base_locale) or next(iter(quiz.texts.values()), QuizText(""))
    own = quiz.texts.get(locale, base)
    return QuizText(own.title or base.title, own.intro or base.intro)


def words_of(question: Question, locale: str, base_locale: str) -> tuple[QuestionText, str]:
    """The question in the language, or in the base language where it lacks a word of it; and in which."""
    own = question.texts.get(locale)
    if own is not None and own.text and len(own.choices) == question.choices:
        return own, locale
    for other in (base_locale, *question.texts):
        text = question.texts.get(other)
        if text is not None and text.text:
            return text, other
    return QuestionText("", ("",) * question.choices), base_locale


def is_open(quiz: Quiz, now: datetime) -> bool:
    """Whether it can be taken at this moment."""
    begun = quiz.opens_at is None or quiz.opens_at <= now
    return quiz.state == "open" and begun and (quiz.closes_at is None or now < quiz.closes_at)


def is_out(quiz: Quiz, now: datetime) -> bool:
    """Whether members find it: it has opened, or closed not long ago."""
    if quiz.state == "closed":
        return quiz.closed_at is not None and now < quiz.closed_at + OUT_FOR
    return quiz.state == "open" and (quiz.opens_at is None or quiz.opens_at <= now)


def tells_ranking(quiz: Quiz) -> bool:
    return quiz.state == "closed" or quiz.live_ranking


async def is_for(tx: Transaction, quiz: Quiz, person_id: int) -> bool:
    """Whether the quiz is for the person: for everyone, or for who has a place at its event or has come."""
    if quiz.audience == "everyone":
        return True
    if quiz.event_id is None:
        return False
    rsvp = await rsvps.find(tx, quiz.event_id, person_id)
    if rsvp is not None and rsvp.state == "going":
        return True
    return await checkins.find_person(tx, quiz.event_id, person_id) is not None


async def list_for(tx: Transaction, person_id: int, *, now: datetime, limit: int) -> list[Quiz]:
    """What the person can take now, and whose results are out."""
    found = await quizzes.list_out(tx, now=now, closed_after=now - OUT_FOR, limit=limit)
    return [quiz for quiz in found if await is_for(tx, quiz, person_id)]


async def create(
    tx: Transaction, rules: Rules, *, locale: str, text: QuizText, actor_id: int, now: datetime
) -> int:
    quiz_id = await quizzes.add(tx, rules, base_locale=locale, created_by=actor_id, now=now)
    await quizzes.put_text(tx, quiz_id, locale, text)
    await audit.note(tx, "quiz_created", now=now, actor_id=actor_id, quiz=quiz_id)
    return quiz_id


async def put_words(
    tx: Transaction, quiz_id: int, locale: str, text: QuizText, *, actor_id: int, now: datetime
) -> bool:
    if await quizzes.lock(tx, quiz_id) is None:
        return False
    await quizzes.put_text(tx, quiz_id, locale, text)
    await audit.note(tx, "quiz_changed", now=now, actor_id=actor_id, quiz=quiz_id)
    return True


async def change_rules(
    tx: Transaction, quiz_id: int, *, actor_id: int, now: datetime, **values: Any
) -> Quiz | Frozen | None:
    """Take it otherwise from now on. What is no draft keeps its time limits and its order."""
    quiz = await quizzes.lock(tx, quiz_id)
    if quiz is None:
        return None
    changed = {name: value for name, value in values.items() if getattr(quiz, name) != value}
    if quiz.state != "draft" and not changed.keys() <= ALWAYS:
        return Frozen()
    if changed:
        await quizzes.change(tx, quiz_id, **changed)
        await audit.note(tx, "quiz_changed", now=now, actor_id=actor_id, quiz=quiz_id)
    return await quizzes.find(tx, quiz_id)


async def open_quiz(
    tx: Transaction, quiz_id: int, *, opens_at: datetime | None = None, actor_id: int, now: datetime
) -> Quiz | Empty | None:
    """Let it be taken, now or from an instant on; one that had closed goes on. Doing so twice is harmless."""
    quiz = await quizzes.lock(tx, quiz_id)
    if quiz is None:
        return None
    if not await quiz_questions.count(tx, quiz_id):
        return Empty()
    values: dict[str, Any] = {"state": "open", "opens_at": opens_at, "closed_at": None}
    if quiz.closes_at is not None and quiz.closes_at <= (opens_at or now):
        values["closes_at"] = None
    if quiz.state == "open" and is_open(quiz, now) and opens_at is None:
        return quiz
    await quizzes.change(tx, quiz_id, **values)
    found = await quizzes.find(tx, quiz_id)
    if found is not None:
        await _plan(tx, found)
    await audit.note(tx, "quiz_opened", now=now, actor_id=actor_id, quiz=quiz_id)
    return found


async def take_back(tx: Transaction, quiz_id: int, *, actor_id: int, now: datetime) -> bool:
    """Make it a draft again, while nobody has begun it."""
    quiz = await quizzes.lock(tx, quiz_id)
    if quiz is None or quiz.state == "draft" or await quiz_attempts.count(tx, quiz_id):
        return False
    await quizzes.change(tx, quiz_id, state="draft", opens_at=None, closed_at=None)
    await jobs.drop(tx, JOB, quiz_id)
    await audit.note(tx, "quiz_changed", now=now, actor_id=actor_id, quiz=quiz_id)
    return True


async def set_closing(
    tx: Transaction, quiz_id: int, closes_at: datetime | None, *, actor_id: int, now: datetime
) -> Quiz | None:
    """Have it close by itself at the instant, or not at all."""
    quiz = await quizzes.lock(tx, quiz_id)
    if quiz is None or quiz.state == "closed":
        return None
    await quizzes.change(tx, quiz_id, closes_at=closes_at)
    found = await quizzes.find(tx, quiz_id)
    if found is not None:
        await _plan(tx, found)
    await audit.note(tx, "quiz_changed", now=now, actor_id=actor_id, quiz=quiz_id)
    return found


async def _plan(tx: Transaction, quiz: Quiz) -> None:
    if quiz.state == "open" and quiz.closes_at is not None:
        await jobs.plan(tx, JOB, quiz.id, due_at=quiz.closes_at)
    else:
        await jobs.drop(tx, JOB, quiz.id)


async def close(tx: Transaction, quiz_id: int, *, actor_id: int | None, now: datetime) -> bool:
    """End it: who is in the middle is done with what they have, and all who took it hear how they did.

    False where it was not open; pressing twice is harmless.
    """
    quiz = await quizzes.lock(tx, quiz_id)
    if quiz is None or quiz.state != "open":
        return False
    for attempt_id in await quiz_attempts.list_running_ids(tx, quiz_id):
        attempt = await quiz_attempts.lock(tx, attempt_id)
        if attempt is not None and attempt.finished_at is None:
            await quiz_clock.finish(tx, quiz, attempt, at=min(now, quiz.closes_at or now))
    await quizzes.change(tx, quiz_id, state="closed", closed_at=now)
    await jobs.drop(tx, JOB, quiz_id)
    await quiz_rankings.owe_results(
        tx,
        quiz_id,
        occasion=f"quiz-result:{quiz_id}:{int(now.timestamp())}",
        due_at=now,
        useful_until=now + TOLD_WITHIN,
    )
    action = "quiz_closed" if actor_id is not None else "quiz_ended"
    await audit.note(tx, action, now=now, actor_id=actor_id, quiz=quiz_id)
    return True


async def close_due(tx: Transaction, quiz_id: int, /, *, now: datetime) -> None:
    """Its hour has come, unless it was given another one since."""
    quiz = await quizzes.find(tx, quiz_id)
    if quiz is None or quiz.state != "open" or quiz.closes_at is None:
        return
    if now < quiz.closes_at:
        await jobs.plan(tx, JOB, quiz_id, due_at=quiz.closes_at)
        return
    await close(tx, quiz_id, actor_id=None, now=now)


async def drop(tx: Transaction, quiz_id: int, *, actor_id: int, now: datetime) -> bool:
    """Forget it with everybody's results."""
    if await quizzes.lock(tx, quiz_id) is None:
        return False
    for attempt_id in await quiz_attempts.list_running_ids(tx, quiz_id):
        await jobs.drop(tx, quiz_clock.JOB, attempt_id)
    await jobs.drop(tx, JOB, quiz_id)
    await quizzes.drop(tx, quiz_id)
    await audit.note(tx, "quiz_deleted", now=now, actor_id=actor_id, quiz=quiz_id)
    return True
