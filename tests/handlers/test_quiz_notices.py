"""What takers of a quiz are told of its own accord."""

from datetime import timedelta

from bot import privacy, quiz_clock, quizzes
from bot.language import language
from handlers import quiz_notices
from handlers.owing import Reading
from handlers.replies import Reply, Say
from handlers.turns import Setup
from storage import Database
from storage import quizzes as kept
from storage.notices import Owed, claim
from tests.conftest import NOON
from tests.making import known_person
from tests.quizzes import begin, opened, take

SETUP = Setup("amity_bot", language("en").home, frozenset(), None)
LATER = NOON + timedelta(minutes=2)
READING = Reading(language("en"), LATER, SETUP)


def said(reply: Reply | None) -> str:
    assert reply is not None
    (piece,) = reply.pieces
    assert isinstance(piece, Say)
    return str(piece.html) + str(piece.buttons)


async def owed_when_time_is_over(database: Database) -> tuple[Owed, int]:
    quiz = await opened(database, whole_seconds=60)
    person = await known_person(database, 5, now=NOON)
    attempt = (await begin(database, quiz, person.id)).attempt
    async with database.write() as tx:
        await quiz_clock.end_due(tx, attempt.id, now=LATER)
        (notice,) = await claim(tx, limit=5, now=LATER)
    return notice, quiz.id


async def test_whose_time_is_over_hears_the_score_and_is_asked_for_the_name(database: Database) -> None:
    notice, _ = await owed_when_time_is_over(database)
    async with database.read() as tx:
        told = said(await quiz_notices.tell_over(notice, tx, READING))
    assert "Your time is over" in told
    assert "0 of 3" in told
    assert "May your name stand" in told
    assert "quizname" in told


async def test_a_deleted_quiz_tells_nobody_anything(database: Database) -> None:
    notice, quiz_id = await owed_when_time_is_over(database)
    async with database.write() as tx:
        await quizzes.drop(tx, quiz_id, actor_id=1, now=LATER)
        assert await quiz_notices.tell_over(notice, tx, READING) is None


async def test_one_that_was_opened_again_tells_no_result(database: Database) -> None:
    quiz = await opened(database)
    person, gone = await known_person(database, 5, now=NOON), await known_person(database, 6, now=NOON)
    await take(database, quiz, person.id, [1, 1, 2])
    await take(database, quiz, gone.id, [1, 1, 1])
    async with database.write() as tx:
        await quizzes.close(tx, quiz.id, actor_id=None, now=NOON)
        await privacy.forget(tx, gone, now=NOON)
        (notice,) = await claim(tx, limit=5, now=LATER)
        told = said(await quiz_notices.tell_result(notice, tx, READING))
        assert "The quiz has closed" in told
        assert "Place 1 of 1" in told
        await quizzes.open_quiz(tx, quiz.id, actor_id=1, now=NOON)
        assert await quiz_notices.tell_result(notice, tx, READING) is None
        await kept.drop(tx, quiz.id)
        assert await quiz_notices.tell_result(notice, tx, READING) is None


async def test_what_closing_cuts_short_is_told_once(database: Database) -> None:
    quiz = await opened(database, whole_seconds=3600, closes_at=NOON + timedelta(seconds=30))
    person = await known_person(database, 5, now=NOON)
    attempt = (await begin(database, quiz, person.id)).attempt
    async with database.write() as tx:
        await quiz_clock.end_due(tx, attempt.id, now=LATER)
        await quizzes.close_due(tx, quiz.id, now=LATER)
        assert [one.kind for one in await claim(tx, limit=5, now=LATER)] == ["quiz_result"]
