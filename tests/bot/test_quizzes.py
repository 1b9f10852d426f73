"""A quiz's life from draft to closed, who ranks where, and whose names are told."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import privacy, quiz_results, quiz_writing, quizzes
from bot.quiz_writing import Full
from bot.quizzes import Empty, Frozen, text_of, words_of
from storage import Database, jobs, people, quiz_attempts, quiz_questions, quiz_rankings
from storage import quizzes as kept
from storage.people import Person
from storage.quiz_questions import QuestionText
from storage.quizzes import Quiz, QuizText, Rules
from tests.conftest import NOON
from tests.making import known_person
from tests.quizzes import MAKER, asking, begin, draft, found, opened, take


async def test_a_quiz_without_questions_does_not_open(database: Database) -> None:
    quiz = await draft(database, questions=0)
    async with database.write() as tx:
        assert isinstance(await quizzes.open_quiz(tx, quiz.id, actor_id=1, now=NOON), Empty)
        assert (await found(tx, quiz.id)).state == "draft"


async def test_what_is_asked_stays_once_it_is_opened_and_words_can_still_be_corrected(
    database: Database,
) -> None:
    quiz = await opened(database)
    async with database.write() as tx:
        (first, *_) = await quiz_questions.list_of_quiz(tx, quiz.id)
        who: dict[str, Any] = {"actor_id": 1, "now": NOON}
        assert isinstance(await quiz_writing.add_questions(tx, quiz.id, [asking(9)], **who), Frozen)
        assert isinstance(await quiz_writing.change_question(tx, first.id, right_choice=2, **who), Frozen)
        assert isinstance(await quizzes.change_rules(tx, quiz.id, each_seconds=10, **who), Frozen)
        assert not await quiz_writing.drop_question(tx, first.id, **who)
        assert not await quiz_writing.move_question(tx, first.id, 1, **who)
        more = await quizzes.change_rules(tx, quiz.id, attempts=3, **who)
        assert isinstance(more, Quiz)
        assert more.attempts == 3
        words = QuestionText("第一題？", ("甲", "乙", "丙"))
        assert await quiz_writing.put_question_words(tx, first.id, "zh_Hant_HK", words, **who)
        # As many choices as there are, or none of it.
        assert not await quiz_writing.put_question_words(
            tx, first.id, "zh_Hans_CN", QuestionText("?", ("甲",)), **who
        )


async def test_it_is_a_draft_again_only_while_nobody_has_begun_it(database: Database) -> None:
    quiz = await opened(database)
    async with database.write() as tx:
        assert await quizzes.take_back(tx, quiz.id, actor_id=1, now=NOON)
        await quizzes.open_quiz(tx, quiz.id, actor_id=1, now=NOON)
    person = await known_person(database, 5, now=NOON)
    await begin(database, quiz, person.id)
    async with database.write() as tx:
        assert not await quizzes.take_back(tx, quiz.id, actor_id=1, now=NOON)


async def test_questions_are_added_all_or_none(database: Database) -> None:
    quiz = await draft(database, questions=99)
    async with database.write() as tx:
        many = [asking(1), asking(2)]
        assert isinstance(await quiz_writing.add_questions(tx, quiz.id, many, actor_id=1, now=NOON), Full)
        assert await quiz_questions.count(tx, quiz.id) == 99


async def test_questions_move_and_keep_their_order(database: Database) -> None:
    quiz = await draft(database)
    async with database.write() as tx:
        one, two, three = await quiz_questions.list_ids(tx, quiz.id)
        assert await quiz_writing.move_question(tx, three, -1, actor_id=1, now=NOON)
        assert not await quiz_writing.move_question(tx, one, -1, actor_id=1, now=NOON)
        assert await quiz_questions.list_ids(tx, quiz.id) == [one, three, two]


async def test_another_closing_time_moves_the_closing(database: Database) -> None:
    quiz = await opened(database, closes_at=NOON + timedelta(hours=1))
    later = NOON + timedelta(hours=5)
    async with database.write() as tx:
        await quizzes.set_closing(tx, quiz.id, later, actor_id=1, now=NOON)
        assert [job.due_at for job in await jobs.list_due(tx, now=later, limit=5)] == [later]
        await quizzes.set_closing(tx, quiz.id, None, actor_id=1, now=NOON)
        assert not await jobs.list_due(tx, now=later, limit=5)


async def test_a_closed_quiz_can_be_opened_again_and_is_over_for_members_after_a_month(
    database: Database,
) -> None:
    quiz = await opened(database, closes_at=NOON + timedelta(hours=1))
    person = await known_person(database, 5, now=NOON)
    async with database.write() as tx:
        closing = NOON + timedelta(hours=1)
        await quizzes.close_due(tx, quiz.id, now=closing)
        assert await quizzes.list_for(tx, person.id, now=closing + timedelta(days=29), limit=5)
        assert not await quizzes.list_for(tx, person.id, now=closing + timedelta(days=31), limit=5)
        again = await quizzes.open_quiz(tx, quiz.id, actor_id=1, now=closing + timedelta(days=1))
        assert isinstance(again, Quiz)
        assert quizzes.is_open(again, closing + timedelta(days=2))


async def test_deleting_it_deletes_how_everybody_did(database: Database) -> None:
    quiz = await opened(database, whole_seconds=60)
    person = await known_person(database, 5, now=NOON)
    await begin(database, quiz, person.id)
    async with database.write() as tx:
        assert await quizzes.drop(tx, quiz.id, actor_id=1, now=NOON)
        assert not await quizzes.drop(tx, quiz.id, actor_id=1, now=NOON)
        assert not await quiz_attempts.list_everything_of_person(tx, person.id)
        assert not await jobs.list_due(tx, now=NOON + timedelta(days=9), limit=5)


async def test_what_lacks_a_word_falls_back_to_the_base_language_and_says_so(database: Database) -> None:
    quiz = await draft(database)
    async with database.write() as tx:
        (first, *_) = await quiz_questions.list_of_quiz(tx, quiz.id)
        await kept.put_text(tx, quiz.id, "zh_Hant_HK", QuizText("海港問答"))
        quiz = await found(tx, quiz.id)
    assert text_of(quiz, "zh_Hant_HK") == QuizText("海港問答", "Have fun.")
    assert text_of(quiz, "zh_Hans_CN").title == "Harbour Quiz"
    assert words_of(first, "zh_Hant_HK", "en")[1] == "en"


async def test_the_best_attempt_counts(database: Database) -> None:
    quiz = await opened(database, attempts=3)
    person = await known_person(database, 5, now=NOON)
    await take(database, quiz, person.id, [1, 2, 2])
    best = await take(database, quiz, person.id, [1, 1, 2], number=2, now=NOON + timedelta(minutes=1))
    await take(database, quiz, person.id, [2, 2, 2], number=3, now=NOON + timedelta(minutes=2))
    async with database.read() as tx:
        mine = await quiz_results.look(tx, quiz, person.id)
        (standing,) = await quiz_results.list_top(tx, quiz.id)
    assert mine.best == best
    assert (standing.score, standing.tries, standing.rank, mine.rank) == (2, 3, 1, 1)


async def test_of_the_same_score_the_faster_is_ahead_and_then_who_finished_first(database: Database) -> None:
    quiz = await opened(database)
    slow, fast, late = [await known_person(database, number, now=NOON) for number in (5, 6, 7)]
    await take(database, quiz, slow.id, [1, 1, 1], seconds=2)
    await take(database, quiz, late.id, [1, 1, 1], seconds=1, now=NOON + timedelta(hours=1))
    await take(database, quiz, fast.id, [1, 1, 1], seconds=1)
    async with database.read() as tx:
        top = await quiz_results.list_top(tx, quiz.id)
    assert [one.person_id for one in top] == [fast.id, late.id, slow.id]


async def _write_attempts(
    database: Database, quiz: Quiz, rows: list[tuple[int, int, int, int]]
) -> dict[int, Person]:
    """Finished attempts: who, which score, how many thousandths, and at which second."""
    known: dict[int, Person] = {}
    for who, *_ in rows:
        if who not in known:
            known[who] = await known_person(database, 500 + who, now=NOON)
    async with database.write() as tx:
        numbers: dict[int, int] = {}
        for who, score, elapsed, second in rows:
            numbers[who] = numbers.get(who, 0) + 1
            person = known[who]
            await quiz_attempts.add(
                tx, quiz.id, person.id, numbers[who], questions=[1], ends_at=None, now=NOON
            )
            made = (await quiz_attempts.list_of_person(tx, quiz.id, person.id))[-1]
            at = NOON + timedelta(seconds=second)
            await quiz_attempts.change(tx, made.id, score=score, elapsed_ms=elapsed, finished_at=at)
    return known


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 2), st.integers(0, 2), st.integers(0, 2)),
        min_size=1,
        max_size=10,
    )
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_everybody_ranks_once_by_their_best_and_each_rank_is_the_number_of_those_before(
    database: Database, rows: list[tuple[int, int, int, int]]
) -> None:
    async with database.write() as tx:
        for one in await kept.list_all(tx, limit=100):
            await kept.drop(tx, one.id)
        for number in range(5):
            gone = await people.find_by_telegram_id(tx, 500 + number)
            if gone is not None:
                await people.delete_person(tx, gone.id)
        maker = await people.find_by_telegram_id(tx, MAKER)
        quiz_id = await kept.add(
            tx, Rules(attempts=20), base_locale="en", created_by=maker.id if maker else None, now=NOON
        )
        quiz = await found(tx, quiz_id)
    known = await _write_attempts(database, quiz, rows)
    best: dict[int, tuple[int, int, int, int]] = {}
    for order, (who, score, elapsed, second) in enumerate(rows):
        best[who] = min(best.get(who, (1, 0, 0, 0)), (-score, elapsed, second, order))
    expected = sorted(best, key=lambda who: best[who])
    async with database.read() as tx:
        listed = await quiz_rankings.list_best(tx, quiz.id)
        assert [one.person_id for one in listed] == [known[who].id for who in expected]
        assert [one.rank for one in listed] == list(range(1, len(expected) + 1))
        for rank, who in enumerate(expected, start=1):
            mine = await quiz_rankings.find_best(tx, quiz.id, known[who].id)
            assert mine is not None
            assert await quiz_rankings.count_before(tx, mine) + 1 == rank


async def test_the_ranking_survives_whoever_is_forgotten(database: Database) -> None:
    quiz = await opened(database)
    first, second = [await known_person(database, number, now=NOON) for number in (5, 6)]
    await take(database, quiz, first.id, [1, 1, 1])
    await take(database, quiz, second.id, [1, 1, 2])
    async with database.write() as tx:
        await privacy.forget(tx, first, now=NOON)
        (left,) = await quiz_results.list_top(tx, quiz.id)
    assert (left.person_id, left.rank) == (second.id, 1)


async def test_nobodys_name_is_shown_before_they_say_so_and_it_can_be_taken_back(database: Database) -> None:
    quiz = await opened(database)
    person, other = await known_person(database, 5, now=NOON), await known_person(database, 6, now=NOON)
    await take(database, quiz, person.id, [1, 1, 1])
    async with database.write() as tx:
        assert [one.shown for one in await quiz_results.list_top(tx, quiz.id)] == [None]
        for shown in (True, True, False):
            assert await quiz_results.show_name(tx, quiz.id, person.id, shown, now=NOON)
            assert [one.shown for one in await quiz_results.list_top(tx, quiz.id)] == [shown]
        # Who has not taken it has nothing to show.
        assert not await quiz_results.show_name(tx, quiz.id, other.id, True, now=NOON)
        assert not await quiz_results.show_name(tx, 999, person.id, True, now=NOON)


async def test_the_ranking_waits_for_the_end_where_organisers_want_that(database: Database) -> None:
    quiz = await opened(database, live_ranking=False)
    person = await known_person(database, 5, now=NOON)
    await take(database, quiz, person.id, [1, 1, 1])
    async with database.write() as tx:
        assert (await quiz_results.look(tx, quiz, person.id)).rank == 0
        await quizzes.close(tx, quiz.id, actor_id=1, now=NOON)
        assert (await quiz_results.look(tx, await found(tx, quiz.id), person.id)).rank == 1


@pytest.mark.parametrize(
    ("percent", "earned"), [(None, False), (0, True), (66, True), (67, False), (100, False)]
)
async def test_a_certificate_takes_its_share_of_right_answers(
    database: Database, percent: int | None, earned: bool
) -> None:
    quiz = await opened(database, certificate_percent=percent)
    person = await known_person(database, 5, now=NOON)
    best = await take(database, quiz, person.id, [1, 1, 2])
    assert quiz_results.earns_certificate(quiz, best) is earned
    assert not quiz_results.earns_certificate(quiz, None)


async def test_what_it_came_to_is_counted(database: Database) -> None:
    quiz = await opened(database)
    one, two, amid = [await known_person(database, number, now=NOON) for number in (5, 6, 7)]
    await take(database, quiz, one.id, [1, 1, 1])
    await take(database, quiz, two.id, [1, 2, 2])
    await begin(database, quiz, amid.id)
    async with database.read() as tx:
        summary = await quiz_results.summarise(tx, quiz)
    assert (summary.begun, summary.finished, summary.average) == (3, 2, 2.0)
    assert summary.scores == {3: 1, 1: 1}
    assert sorted(summary.answers.values()) == [(2, 1), (2, 1), (2, 2)]
