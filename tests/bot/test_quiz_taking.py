"""Taking a quiz: each answer counts once and in its time, and nothing is lost on the way."""

import asyncio
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from bot import quiz_clock, quiz_taking, quizzes
from bot.quiz_taking import Answered, Asked, Finished, Gone, NoneLeft, NotForYou, NotOpen
from storage import Database, jobs, quiz_attempts, rsvps
from storage.notices import claim
from tests.conftest import NOON
from tests.making import known_person, published_event
from tests.quizzes import begin, draft, next_one, opened, take, tap


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


async def start(database: Database, quiz_id: int, person_id: int, number: int = 1, **values: Any) -> Any:
    async with database.write() as tx:
        now = values.get("now", NOON)
        return await quiz_taking.start(tx, quiz_id, person_id, number, chance=Random(1), now=now)


async def test_right_answers_count_and_wrong_ones_do_not(database: Database) -> None:
    quiz = await opened(database)
    person = await known_person(database, 5, now=NOON)
    ended = await take(database, quiz, person.id, [1, 2, 1])
    assert (ended.score, ended.elapsed_ms) == (2, 3000)
    assert ended.finished_at == later(3)


async def test_time_is_counted_to_the_thousandth_and_only_while_a_question_is_open(
    database: Database,
) -> None:
    quiz = await opened(database, questions=2)
    person = await known_person(database, 5, now=NOON)
    attempt = (await begin(database, quiz, person.id)).attempt
    await tap(database, attempt, 1, at=0, now=later(1.234))
    await next_one(database, attempt, 1, now=later(60))
    ended = await tap(database, attempt, 1, at=1, now=later(61.5))
    assert ended.attempt.elapsed_ms == 2734


async def test_the_same_tap_twice_counts_once_and_says_the_same(database: Database) -> None:
    quiz = await opened(database)
    person = await known_person(database, 5, now=NOON)
    attempt = (await begin(database, quiz, person.id)).attempt
    first = await tap(database, attempt, 1, at=0, now=later(1))
    again = await tap(database, attempt, 1, at=0, now=later(2))
    other = await tap(database, attempt, 2, at=0, now=later(3))
    assert (first.again, again.again, other.again) == (False, True, True)
    assert first.answer == again.answer == other.answer
    assert again.attempt.score == 1


async def test_a_double_tap_on_start_begins_one_attempt(database: Database) -> None:
    quiz = await opened(database, attempts=3)
    person = await known_person(database, 5, now=NOON)
    one, two = await start(database, quiz.id, person.id), await start(database, quiz.id, person.id)
    assert one.attempt.id == two.attempt.id
    async with database.read() as tx:
        assert await quiz_attempts.count(tx, quiz.id) == 1


async def test_an_old_start_button_leads_to_the_end_and_begins_nothing(database: Database) -> None:
    quiz = await opened(database, attempts=2)
    person = await known_person(database, 5, now=NOON)
    await take(database, quiz, person.id, [1, 1, 1])
    assert isinstance(await start(database, quiz.id, person.id, 1), Finished)
    assert isinstance(await start(database, quiz.id, person.id, 2), Asked)


async def test_there_are_no_more_attempts_than_allowed(database: Database) -> None:
    quiz = await opened(database)
    person = await known_person(database, 5, now=NOON)
    await take(database, quiz, person.id, [1, 1, 1])
    assert isinstance(await start(database, quiz.id, person.id, 2), NoneLeft)


async def test_an_answer_after_the_questions_time_counts_as_wrong(database: Database) -> None:
    quiz = await opened(database, each_seconds=20)
    person = await known_person(database, 5, now=NOON)
    attempt = (await begin(database, quiz, person.id)).attempt
    late = await tap(database, attempt, 1, at=0, now=later(22.5))
    assert (late.answer.late, late.answer.is_right, late.attempt.score) == (True, False, 0)
    assert late.answer.elapsed_ms == 20_000
    await next_one(database, attempt, 1, now=later(30))
    # What the tap takes on its way is nobody's fault.
    just = await tap(database, attempt, 1, at=1, now=later(51.9))
    assert (just.answer.late, just.answer.is_right, just.answer.elapsed_ms) == (False, True, 20_000)


async def test_going_on_twice_starts_the_questions_time_once(database: Database) -> None:
    quiz = await opened(database, each_seconds=20)
    person = await known_person(database, 5, now=NOON)
    attempt = (await begin(database, quiz, person.id)).attempt
    await tap(database, attempt, 1, at=0, now=later(1))
    one = await next_one(database, attempt, 1, now=later(5))
    two = await next_one(database, attempt, 1, now=later(15))
    assert one.attempt.asked_at == two.attempt.asked_at == later(5)
    assert two.until == later(25)


async def test_beginning_again_in_the_middle_goes_on_where_one_was(database: Database) -> None:
    quiz = await opened(database, attempts=2)
    person = await known_person(database, 5, now=NOON)
    attempt = (await begin(database, quiz, person.id)).attempt
    await tap(database, attempt, 1, at=0, now=later(1))
    between = await start(database, quiz.id, person.id, 2, now=later(9))
    assert isinstance(between, Answered)
    await next_one(database, attempt, 1, now=later(10))
    asked = await start(database, quiz.id, person.id, 2, now=later(15))
    assert isinstance(asked, Asked)
    assert (asked.attempt.at, asked.attempt.asked_at) == (1, later(10))


async def test_forged_buttons_change_nothing(database: Database) -> None:
    quiz = await opened(database)
    person, other = await known_person(database, 5, now=NOON), await known_person(database, 6, now=NOON)
    attempt = (await begin(database, quiz, person.id)).attempt
    async with database.write() as tx:
        assert isinstance(await quiz_taking.answer(tx, attempt.id, other.id, 0, 1, now=NOON), Gone)
        assert isinstance(await quiz_taking.answer(tx, 999, person.id, 0, 1, now=NOON), Gone)
    for at, choice in ((0, 9), (0, 0), (2, 1), (-5, 1), (99, 1)):
        stage = await tap(database, attempt, choice, at=at, now=later(1))
        assert isinstance(stage, Asked), (at, choice)
        assert stage.attempt.at == 0


async def test_the_whole_quizs_time_ends_the_attempt_by_itself_and_its_person_hears_of_it(
    database: Database,
) -> None:
    quiz = await opened(database, whole_seconds=60)
    person = await known_person(database, 5, now=NOON)
    attempt = (await begin(database, quiz, person.id)).attempt
    await tap(database, attempt, 1, at=0, now=later(10))
    async with database.write() as tx:
        await quiz_clock.end_due(tx, attempt.id, now=later(61))
        assert not await claim(tx, limit=10, now=later(61))
        await quiz_clock.end_due(tx, attempt.id, now=later(64))
        await quiz_clock.end_due(tx, attempt.id, now=later(65))
        (notice,) = await claim(tx, limit=10, now=later(65))
        ended = await quiz_attempts.find(tx, attempt.id)
    assert notice.kind == "quiz_over"
    assert ended is not None
    assert (ended.score, ended.elapsed_ms, ended.finished_at) == (1, 60_000, later(60))
    stage = await tap(database, attempt, 1, at=1, now=later(66))
    assert isinstance(stage, Finished)


async def test_a_tap_after_the_end_ends_the_attempt_and_is_not_told_again(database: Database) -> None:
    quiz = await opened(database, whole_seconds=60)
    person = await known_person(database, 5, now=NOON)
    attempt = (await begin(database, quiz, person.id)).attempt
    stage = await tap(database, attempt, 1, at=0, now=later(63))
    assert isinstance(stage, Finished)
    assert stage.by_clock
    assert stage.attempt.score == 0
    async with database.write() as tx:
        await quiz_clock.end_due(tx, attempt.id, now=later(70))
        assert not await claim(tx, limit=10, now=later(70))
        assert not await jobs.list_due(tx, now=later(10_000), limit=5)


async def test_who_leaves_ends_with_what_is_not_answered_as_wrong_and_slow(database: Database) -> None:
    quiz = await opened(database, each_seconds=20)
    person = await known_person(database, 5, now=NOON)
    attempt = (await begin(database, quiz, person.id)).attempt
    await tap(database, attempt, 1, at=0, now=later(5))
    async with database.write() as tx:
        (job,) = await jobs.list_due(tx, now=NOON + timedelta(days=2), limit=5)
        await quiz_clock.end_due(tx, job.subject_id, now=NOON + timedelta(days=2))
        ended = await quiz_attempts.find(tx, attempt.id)
    assert ended is not None
    assert (ended.score, ended.elapsed_ms) == (1, 45_000)


async def test_it_closes_by_itself_and_all_its_takers_are_owed_their_result_once(database: Database) -> None:
    quiz = await opened(database, closes_at=later(100))
    done, amid = await known_person(database, 5, now=NOON), await known_person(database, 6, now=NOON)
    await take(database, quiz, done.id, [1, 1, 1])
    attempt = (await begin(database, quiz, amid.id)).attempt
    await tap(database, attempt, 1, at=0, now=later(3))
    async with database.write() as tx:
        await quizzes.close_due(tx, quiz.id, now=later(99))
        await quizzes.close_due(tx, quiz.id, now=later(101))
        await quizzes.close_due(tx, quiz.id, now=later(102))
        owed = await claim(tx, limit=10, now=later(102))
        ended = await quiz_attempts.find(tx, attempt.id)
    assert sorted((one.kind, one.person_id) for one in owed) == [
        ("quiz_result", done.id),
        ("quiz_result", amid.id),
    ]
    assert ended is not None
    assert (ended.score, ended.finished_at) == (1, later(100))
    assert isinstance(await start(database, quiz.id, amid.id, 2, now=later(103)), NotOpen)


async def test_nobody_begins_before_it_opens_or_a_draft(database: Database) -> None:
    quiz = await draft(database)
    person = await known_person(database, 5, now=NOON)
    assert isinstance(await start(database, quiz.id, person.id), Gone)
    async with database.write() as tx:
        await quizzes.open_quiz(tx, quiz.id, opens_at=later(60), actor_id=person.id, now=NOON)
    assert isinstance(await start(database, quiz.id, person.id, now=later(59)), NotOpen)
    assert isinstance(await start(database, quiz.id, person.id, now=later(60)), Asked)


async def test_an_events_quiz_is_for_those_who_have_a_place(database: Database) -> None:
    event = await published_event(database, now=NOON)
    quiz = await opened(database, audience="event", event_id=event.id)
    seated, other = await known_person(database, 5, now=NOON), await known_person(database, 6, now=NOON)
    async with database.write() as tx:
        await rsvps.put(tx, event.id, seated.id, state="going", companions=0, asked_at=NOON, seated_at=NOON)
        assert [one.id for one in await quizzes.list_for(tx, seated.id, now=NOON, limit=5)] == [quiz.id]
        assert not await quizzes.list_for(tx, other.id, now=NOON, limit=5)
    assert isinstance(await start(database, quiz.id, seated.id), Asked)
    assert isinstance(await start(database, quiz.id, other.id), NotForYou)


async def test_shuffled_questions_are_the_same_questions_and_stay_in_their_order(database: Database) -> None:
    quiz = await opened(database, questions=9, shuffle=True)
    person = await known_person(database, 5, now=NOON)
    attempt = (await begin(database, quiz, person.id)).attempt
    async with database.read() as tx:
        again = await quiz_attempts.find(tx, attempt.id)
    assert again == attempt
    assert attempt.questions != tuple(sorted(attempt.questions))


@pytest.mark.parametrize("double", [False, True])
async def test_a_hundred_people_answer_at_once_and_each_counts_once(database: Database, double: bool) -> None:
    quiz = await opened(database, questions=1)
    people = [await known_person(database, 1000 + number, now=NOON) for number in range(100)]
    attempts = [(await begin(database, quiz, one.id)).attempt for one in people]

    async def answer(number: int) -> Any:
        attempt = attempts[number]
        choice = 1 + number % 2
        return await database.share(
            lambda tx: quiz_taking.answer(tx, attempt.id, attempt.person_id, 0, choice, now=later(1))
        )

    taps = [number for number in range(100) for _ in range(1 + double)]
    told = await asyncio.gather(*map(answer, taps))
    assert all(isinstance(one, Answered) for one in told)
    assert sum(not one.again for one in told) == 100
    async with database.read() as tx:
        counted = await quiz_attempts.count_right(tx, quiz.id)
    assert list(counted.values()) == [(100, 50)]


async def test_whoever_answers_while_it_closes_is_counted_or_too_late_and_never_left_amid(
    database: Database,
) -> None:
    quiz = await opened(database, questions=2)
    people = [await known_person(database, 1000 + number, now=NOON) for number in range(20)]
    attempts = [(await begin(database, quiz, one.id)).attempt for one in people]

    async def close() -> None:
        async with database.write() as tx:
            await quizzes.close(tx, quiz.id, actor_id=None, now=later(2))

    taps = [tap(database, attempt, 1, at=0, now=later(1)) for attempt in attempts]
    await asyncio.gather(*taps[:10], close(), *taps[10:])
    async with database.read() as tx:
        assert not await quiz_attempts.list_running_ids(tx, quiz.id)
        for attempt in attempts:
            ended = await quiz_attempts.find(tx, attempt.id)
            assert ended is not None
            given = await quiz_attempts.list_answers(tx, attempt.id)
            assert ended.score == len(given)
