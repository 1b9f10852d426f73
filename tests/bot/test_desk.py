"""Questions that a person answers: who is told, and when they end."""

from datetime import timedelta

from bot import desk, desk_answers
from bot.desk import Closed, Nobody, Opened, PassedOn, Said, Unknown
from bot.desk_answers import Answered
from storage import Database, people, thread_messages, threads
from tests.conftest import NOON
from tests.desks import (
    AIDE,
    BOSS,
    GROUP,
    IN_GROUP,
    MEMBER,
    ORGANISERS,
    aide,
    boss,
    member,
    opened,
    owed,
    told,
)
from tests.making import known_person

ASKED = Said(MEMBER, 1, "text", "May I bring my dog?")
ANY = "May I bring my dog? 1"


async def test_every_organiser_is_told_of_a_question(database: Database) -> None:
    await boss(database)
    await aide(database)
    await opened(database)
    assert await told(database) == [("desk_question", BOSS), ("desk_question", AIDE)]


async def test_where_there_is_a_desk_it_alone_is_told(database: Database) -> None:
    await boss(database)
    await opened(database, IN_GROUP)
    assert await told(database) == [("desk_question", GROUP)]


async def test_without_anybody_to_answer_nothing_is_promised(database: Database) -> None:
    person = await member(database)
    async with database.write() as tx:
        assert await desk.ask(tx, ORGANISERS, person, "Hello?", ASKED, now=NOON) == Nobody()
        assert await threads.find_open(tx, person.id) is None


async def test_an_organiser_who_blocked_the_bot_is_no_desk(database: Database) -> None:
    clerk = await boss(database)
    person = await member(database)
    async with database.write() as tx:
        await people.mark_unreachable(tx, [clerk.person_id or 0], now=NOON)
        assert await desk.ask(tx, ORGANISERS, person, "Hello?", ASKED, now=NOON) == Nobody()


async def test_one_question_is_open_at_a_time_and_more_adds_to_it(database: Database) -> None:
    await boss(database)
    thread_id = await opened(database)
    await told(database)
    person = await member(database)
    more = Said(MEMBER, 2, "text", "And a cat?")
    async with database.write() as tx:
        added = await desk.ask(tx, ORGANISERS, person, "And a cat?", more, now=NOON)
        assert await threads.count_open(tx) == 1
    assert isinstance(added, PassedOn)
    assert added.thread.id == thread_id
    assert await told(database) == [("desk_follow_up", BOSS)]


async def test_asking_twice_by_a_double_tap_counts_once(database: Database) -> None:
    await boss(database)
    await opened(database)
    await told(database)
    person = await member(database)
    async with database.write() as tx:
        again = await desk.ask(tx, ORGANISERS, person, ANY, ASKED, now=NOON)
    assert isinstance(again, PassedOn)
    assert await told(database) == []


async def test_only_the_first_follow_up_is_confirmed(database: Database) -> None:
    await boss(database)
    thread_id = await opened(database)
    firsts = []
    for number in (2, 3):
        async with database.write() as tx:
            thread = await threads.find(tx, thread_id)
            assert thread is not None
            said = Said(MEMBER, number, "text", "more")
            firsts.append((await desk.write_on(tx, ORGANISERS, thread, said, now=NOON)).first)
    assert firsts == [True, False]


async def test_an_answer_reaches_the_member_and_the_other_organisers_hear_of_it(database: Database) -> None:
    clerk = await boss(database)
    await aide(database)
    thread_id = await opened(database)
    await told(database)
    async with database.write() as tx:
        thread = await threads.find(tx, thread_id)
        assert thread is not None
        answered = await desk_answers.answer(
            tx, ORGANISERS, thread, clerk, Said(BOSS, 5, "text", "Yes."), now=NOON
        )
    assert answered == Answered(thread, reopened=False)
    assert sorted(await told(database)) == [("desk_answer", MEMBER), ("desk_note", AIDE)]


async def test_the_same_answer_delivered_twice_is_one(database: Database) -> None:
    clerk = await boss(database)
    thread_id = await opened(database)
    await told(database)
    for _ in range(2):
        async with database.write() as tx:
            thread = await threads.find(tx, thread_id)
            assert thread is not None
            await desk_answers.answer(tx, ORGANISERS, thread, clerk, Said(BOSS, 5, "text", "Yes."), now=NOON)
    assert await told(database) == [("desk_answer", MEMBER)]


async def test_an_answer_opens_a_closed_question_again(database: Database) -> None:
    clerk = await boss(database)
    thread_id = await opened(database)
    async with database.write() as tx:
        thread = await threads.find(tx, thread_id)
        assert thread is not None
        await desk.close(tx, ORGANISERS, thread, clerk, now=NOON)
        closed = await threads.find(tx, thread_id)
        assert closed is not None
        answered = await desk_answers.answer(
            tx, ORGANISERS, closed, clerk, Said(BOSS, 5, "text", "Oh."), now=NOON
        )
        assert answered.reopened
        assert await threads.find_open(tx, thread.person_id) is not None


async def test_a_correction_reaches_the_member_and_opens_nothing(database: Database) -> None:
    clerk = await boss(database)
    thread_id = await opened(database)
    async with database.write() as tx:
        thread = await threads.find(tx, thread_id)
        assert thread is not None
        await desk_answers.answer(tx, ORGANISERS, thread, clerk, Said(BOSS, 5, "text", "Yes."), now=NOON)
        await desk.close(tx, ORGANISERS, thread, clerk, now=NOON)
        closed = await threads.find(tx, thread_id)
        assert closed is not None
        said = Said(BOSS, 5, "text", "No.", edited_at=77)
        corrected = await desk_answers.correct_answer(tx, closed, clerk, said, now=NOON)
        assert corrected == Answered(closed, reopened=False)
        assert await threads.find_open(tx, closed.person_id) is None
    corrections = [notice for notice in await owed(database) if notice.kind == "desk_answer"]
    assert [notice.params["corrected"] for notice in corrections] == [False, True]


async def test_a_newer_question_stays_the_open_one(database: Database) -> None:
    clerk = await boss(database)
    first_id = await opened(database)
    person = await member(database)
    async with database.write() as tx:
        await desk.settle(tx, ORGANISERS, first_id, person.id, now=NOON)
        newer = await desk.ask(tx, ORGANISERS, person, "A new one", Said(MEMBER, 9), now=NOON)
        assert isinstance(newer, Opened)
        first = await threads.find(tx, first_id)
        assert first is not None
        answered = await desk_answers.answer(tx, ORGANISERS, first, clerk, Said(BOSS, 5), now=NOON)
        still = await threads.find_open(tx, person.id)
    assert not answered.reopened
    assert still is not None
    assert still.id == newer.thread.id


async def test_either_side_can_end_it_and_the_other_is_told_once(database: Database) -> None:
    clerk = await boss(database)
    thread_id = await opened(database)
    person = await member(database)
    await told(database)
    async with database.write() as tx:
        for just_now in (True, False):
            closed = await desk.settle(tx, ORGANISERS, thread_id, person.id, now=NOON)
            assert isinstance(closed, Closed)
            assert closed.just_now is just_now
    assert await told(database) == [("desk_note", BOSS)]
    async with database.write() as tx:
        await desk.ask_further(tx, ORGANISERS, thread_id, person.id, now=NOON)
        for _ in range(2):
            thread = await threads.find(tx, thread_id)
            assert thread is not None
            await desk.close(tx, ORGANISERS, thread, clerk, now=NOON + timedelta(minutes=1))
    assert await told(database) == [("desk_closed", MEMBER)]


async def test_nobody_can_touch_another_members_question(database: Database) -> None:
    await boss(database)
    thread_id = await opened(database)
    stranger = await known_person(database, 99, now=NOON)
    async with database.write() as tx:
        assert await desk.settle(tx, ORGANISERS, thread_id, stranger.id, now=NOON) == Unknown()
        assert await desk.ask_further(tx, ORGANISERS, thread_id, stranger.id, now=NOON) == Unknown()
        assert await desk.settle(tx, ORGANISERS, -1, stranger.id, now=NOON) == Unknown()


async def test_unanswered_questions_are_listed_first(database: Database) -> None:
    clerk = await boss(database)
    first_id = await opened(database)
    other = await known_person(database, 12, now=NOON)
    async with database.write() as tx:
        second = await desk.ask(tx, ORGANISERS, other, "Me too", Said(12, 1), now=NOON + timedelta(minutes=1))
        assert isinstance(second, Opened)
        thread = await threads.find(tx, first_id)
        assert thread is not None
        await desk_answers.answer(tx, ORGANISERS, thread, clerk, Said(BOSS, 5), now=NOON)
        listed = [one.id for one in await threads.list_open(tx, limit=10)]
        assert listed == [second.thread.id, first_id]
        again = await threads.find(tx, first_id)
        assert again is not None
        await desk.write_on(tx, ORGANISERS, again, Said(MEMBER, 3), now=NOON)
        assert [one.id for one in await threads.list_open(tx, limit=10)] == [first_id, second.thread.id]


async def test_what_was_asked_is_forgotten_thirty_days_after_its_end(database: Database) -> None:
    await boss(database)
    thread_id = await opened(database)
    person = await member(database)
    async with database.write() as tx:
        await thread_messages.add(tx, thread_id, BOSS, 3)
        await desk.settle(tx, ORGANISERS, thread_id, person.id, now=NOON)
        await threads.forget_closed(tx, closed_before=NOON)
        assert await thread_messages.find_thread(tx, BOSS, 3) is not None
        await threads.forget_closed(tx, closed_before=NOON + timedelta(seconds=1))
        assert await thread_messages.find_thread(tx, BOSS, 3) is None


async def test_an_open_question_is_not_forgotten(database: Database) -> None:
    await boss(database)
    thread_id = await opened(database)
    async with database.write() as tx:
        await threads.forget_closed(tx, closed_before=NOON + timedelta(days=400))
        assert await threads.find(tx, thread_id) is not None


async def test_questions_are_forgotten_with_the_person(database: Database) -> None:
    await boss(database)
    thread_id = await opened(database)
    person = await member(database)
    async with database.write() as tx:
        await thread_messages.add(tx, thread_id, BOSS, 3)
        assert await thread_messages.list_of_person(tx, person.id) == [(BOSS, 3)]
        await people.delete_person(tx, person.id)
        assert await threads.find(tx, thread_id) is None
        assert await thread_messages.find_thread(tx, BOSS, 3) is None
