"""How a quiz came out: where somebody ranks, who stands in the top ten, and who has earned a certificate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot import quizzes
from storage import Transaction, quiz_attempts, quiz_questions, quiz_rankings
from storage import quizzes as kept
from storage.quiz_attempts import Attempt
from storage.quiz_rankings import Standing
from storage.quizzes import Quiz

TOP: Final = 10


@dataclass(frozen=True)
class Mine:
    """How one person stands with a quiz."""

    attempts: tuple[Attempt, ...]
    # None where none is finished.
    best: Attempt | None
    # Among how many people; both 0 where the ranking is not told yet.
    rank: int = 0
    people: int = 0
    # Whether the name may stand in the top ten; None where the person has not said.
    shown: bool | None = None

    @property
    def running(self) -> Attempt | None:
        return next((one for one in self.attempts if one.finished_at is None), None)


@dataclass(frozen=True)
class Summary:
    """What a quiz came to, for organisers."""

    begun: int
    finished: int
    questions: int
    # How many people reached each score at best.
    scores: dict[int, int]
    # By question, how many answers there are and how many of them are right.
    answers: dict[int, tuple[int, int]]

    @property
    def average(self) -> float | None:
        if not self.finished:
            return None
        return sum(score * people for score, people in self.scores.items()) / self.finished


async def look(tx: Transaction, quiz: Quiz, person_id: int) -> Mine:
    """The person's attempts, the best of them, and its rank where that is told."""
    attempts = await quiz_attempts.list_of_person(tx, quiz.id, person_id)
    best = await quiz_rankings.find_best(tx, quiz.id, person_id)
    shown = await quiz_rankings.find_shown(tx, quiz.id, person_id)
    if best is None or not quizzes.tells_ranking(quiz):
        return Mine(tuple(attempts), best, shown=shown)
    return Mine(
        tuple(attempts),
        best,
        rank=await quiz_rankings.count_before(tx, best) + 1,
        people=await quiz_rankings.count_finished(tx, quiz.id),
        shown=shown,
    )


async def list_top(tx: Transaction, quiz_id: int) -> Sequence[Standing]:
    """The ten best; the names of those who haven't agreed are not for anybody's eyes."""
    return await quiz_rankings.list_best(tx, quiz_id, limit=TOP)


async def show_name(tx: Transaction, quiz_id: int, person_id: int, shown: bool, *, now: datetime) -> bool:
    """Let the name stand in the top ten, or take it out; it can be said again and again.

    False for who has not taken the quiz: there is nothing to show.
    """
    if await kept.find(tx, quiz_id) is None or not await quiz_attempts.list_of_person(tx, quiz_id, person_id):
        return False
    await quiz_rankings.put_shown(tx, quiz_id, person_id, shown, now=now)
    return True


async def summarise(tx: Transaction, quiz: Quiz) -> Summary:
    return Summary(
        await quiz_attempts.count_people(tx, quiz.id),
        await quiz_rankings.count_finished(tx, quiz.id),
        await quiz_questions.count(tx, quiz.id),
        await quiz_rankings.count_scores(tx, quiz.id),
        await quiz_attempts.count_right(tx, quiz.id),
    )


def earns_certificate(quiz: Quiz, best: Attempt | None) -> bool:
    """Whether the score is enough for a certificate, where there is one to be had."""
    if best is None or quiz.certificate_percent is None:
        return False
    return best.score * 100 >= quiz.certificate_percent * len(best.questions)
