"""What the desk does besides answering: taking and giving, notes, opening again, barring, corrections."""

import asyncio
from datetime import timedelta

from bot import desk, desk_answers, desk_work, privacy
from bot.desk import Barred, Opened, PassedOn, Said
from bot.desk_staff import Clerk
from bot.desk_work import Busy, Given, Reopened, StillBarred, Taken, TakenBefore, Unchanged
from storage import Database, audit, desk_bans, desk_notes, people, thread_messages, threads
from tests.conftest import NOON
from tests.desks import (
    AIDE,
    BOSS,
    MEMBER,
    ORGANISERS,
    aide,
    boss,
    member,
    opened,
    owed,
    thread,
    told,
)


async def test_whoever_takes_a_question_has_it_and_the_others_hear_of_it(database: Database) -> None:
    first, second = await boss(database), await aide(database)
    asked = await thread(database, await opened(database))
    await told(database)
    async with database.write() as tx:
        taken = await desk_work.take(tx, ORGANISERS, asked, first, now=NOON)
        assert isinstance(taken, Taken)
        assert taken.just_now
        assert await desk_work.take(tx, ORGANISERS, taken.thread, first, now=NOON) == Taken(
            taken.thread, just_now=False
        )
        before = TakenBefore(taken.thread, first.name)
        assert await desk_work.take(tx, ORGANISERS, taken.thread, second, now=NOON) == before
        # As somebody who pressed at the same moment saw it.
        assert await desk_work.take(tx, ORGANISERS, asked, second, now=NOON) == before
    assert await told(database) == [("desk_note", AIDE)]


async def test_a_question_is_given_to_a_colleague_who_gets_it_shown(database: Database) -> None:
    first, second = await boss(database), await aide(database)
    asked = await thread(database, await opened(database))
    await told(database)
    async with database.write() as tx:
        colleague = await people.find_by_telegram_id(tx, AIDE)
        assert colleague is not None
        given = await desk_work.give(tx, ORGANISERS, asked, colleague, first, now=NOON)
        assert isinstance(given, Given)
        assert given.thread.assignee == second.name
    assert await told(database) == [("desk_question", AIDE)]


async def test_a_question_is_given_to_nobody_outside_the_team(database: Database) -> None:
    first, outsider = await boss(database), await member(database)
    asked = await thread(database, await opened(database))
    async with database.write() as tx:
        assert await desk_work.give(tx, ORGANISERS, asked, outsider, first, now=NOON) == Unchanged()


async def test_what_is_given_back_is_free_again(database: Database) -> None:
    first = await boss(database)
    asked = await thread(database, await opened(database))
    async with database.write() as tx:
        assert await desk_work.give_back(tx, ORGANISERS, asked, first, now=NOON) == Unchanged()
        taken = await desk_work.take(tx, ORGANISERS, asked, first, now=NOON)
        free = await desk_work.give_back(tx, ORGANISERS, taken.thread, first, now=NOON)
    assert not isinstance(free, Unchanged)
    assert free.assignee is None


async def test_a_question_is_nobodys_once_its_clerk_is_forgotten(database: Database) -> None:
    first = await boss(database)
    asked = await thread(database, await opened(database))
    async with database.write() as tx:
        await desk_work.take(tx, ORGANISERS, asked, first, now=NOON)
        await people.delete_person(tx, first.person_id or 0)
    assert (await thread(database, asked.id)).assignee is None


async def test_notes_stay_with_the_question_and_go_with_it(database: Database) -> None:
    first = await boss(database)
    asked = await thread(database, await opened(database))
    async with database.write() as tx:
        await desk_work.write_note(tx, asked, "Has a small dog", first, now=NOON)
        await desk_work.write_note(tx, asked, "x" * 2000, first, now=NOON)
        notes = await desk_notes.list_latest(tx, asked.id, limit=5)
        assert [(note.author, len(note.text)) for note in notes] == [(first.name, 15), (first.name, 1000)]
        await threads.close(tx, asked.id, now=NOON)
        await threads.forget_closed(tx, closed_before=NOON + timedelta(seconds=1))
        assert await desk_notes.list_latest(tx, asked.id, limit=5) == []


async def test_the_member_is_told_when_the_desk_takes_a_question_up_again(database: Database) -> None:
    first = await boss(database)
    asked = await thread(database, await opened(database))
    async with database.write() as tx:
        await desk.close(tx, ORGANISERS, asked, first, now=NOON)
    closed = await thread(database, asked.id)
    await told(database)
    async with database.write() as tx:
        reopened = await desk_work.reopen(tx, ORGANISERS, closed, first, now=NOON)
        assert isinstance(reopened, Reopened)
        assert reopened.just_now
        again = await desk_work.reopen(tx, ORGANISERS, reopened.thread, first, now=NOON)
        assert again == Reopened(reopened.thread, just_now=False)
    assert await told(database) == [("desk_reopened", MEMBER)]


async def test_an_old_question_is_not_opened_beside_a_newer_one(database: Database) -> None:
    first = await boss(database)
    asked = await thread(database, await opened(database))
    async with database.write() as tx:
        await desk.close(tx, ORGANISERS, asked, first, now=NOON)
    await opened(database, message=2)
    closed = await thread(database, asked.id)
    async with database.write() as tx:
        assert await desk_work.reopen(tx, ORGANISERS, closed, first, now=NOON) == Busy(closed)


async def test_who_is_barred_reaches_nobody_until_it_ends(database: Database) -> None:
    first, person = await boss(database), await member(database)
    asked = await thread(database, await opened(database))
    await told(database)
    async with database.write() as tx:
        until = await desk_work.bar(tx, ORGANISERS, asked, 7, first, now=NOON)
        assert until == NOON + timedelta(days=7)
        closed = await threads.find(tx, asked.id)
        assert closed is not None
        assert closed.state == "closed"
        said = Said(MEMBER, 9, "text", "Hello?")
        assert await desk.ask(tx, ORGANISERS, person, "Hello?", said, now=NOON) == Barred(until)
        assert await desk.ask_further(tx, ORGANISERS, asked.id, person.id, now=NOON) == Barred(until)
        assert await desk.write_again(tx, ORGANISERS, closed, said, now=NOON) == Barred(until)
        assert await desk_work.reopen(tx, ORGANISERS, closed, first, now=NOON) == StillBarred(closed)
        answered = await desk_answers.answer(tx, ORGANISERS, closed, first, Said(BOSS, 5), now=NOON)
        assert not answered.reopened
        assert until is not None
        assert isinstance(await desk.ask(tx, ORGANISERS, person, "Hi", said, now=until), Opened)
    kinds = [kind for kind, _ in await told(database)]
    assert "desk_barred" in kinds
    assert "desk_closed" not in kinds


async def test_a_bar_without_an_end_holds_until_it_is_lifted(database: Database) -> None:
    first, person = await boss(database), await member(database)
    asked = await thread(database, await opened(database))
    async with database.write() as tx:
        assert await desk_work.bar(tx, ORGANISERS, asked, 0, first, now=NOON) is None
        later = NOON + timedelta(days=4000)
        await desk_bans.forget_ended(tx, now=later)
        assert await desk.is_barred(tx, person.id, now=later) == Barred(None)
        actor = first.person_id or 0
        assert await desk_work.lift(tx, person.id, actor_id=actor, now=later)
        assert not await desk_work.lift(tx, person.id, actor_id=actor, now=later)
        assert await desk.is_barred(tx, person.id, now=later) is None
        noted = [entry.action for entry in await audit.list_entries(tx, limit=9)]
    assert noted == ["desk_bar_lifted", "desk_barred"]


async def test_an_answer_bears_a_name_only_where_its_clerk_wants_that(database: Database) -> None:
    first = await boss(database)
    asked = await thread(database, await opened(database))
    for number, by_name in enumerate((False, True, False), start=5):
        async with database.write() as tx:
            await desk_work.sign(tx, first.person_id or 0, by_name=by_name)
            await desk_answers.answer(tx, ORGANISERS, asked, first, Said(BOSS, number), now=NOON)
    answers = [notice.params.get("signed") for notice in await owed(database) if notice.kind == "desk_answer"]
    assert answers == [None, first.name, None]


async def test_two_clerks_at_once_both_reach_the_member_and_hear_of_each_other(database: Database) -> None:
    first, second = await boss(database), await aide(database)
    asked = await thread(database, await opened(database))
    await told(database)
    async with database.write() as tx:
        await desk_answers.answer(tx, ORGANISERS, asked, first, Said(BOSS, 5), now=NOON)
        await desk_answers.answer(tx, ORGANISERS, asked, second, Said(AIDE, 5), now=NOON)
    assert sorted(await told(database)) == [
        ("desk_answer", MEMBER),
        ("desk_answer", MEMBER),
        ("desk_note", BOSS),
        ("desk_note", AIDE),
    ]


async def test_of_clerks_side_by_side_one_takes_a_question_and_one_opens_it_again(
    database: Database,
) -> None:
    clerks = [await boss(database), await aide(database)]
    asked = await thread(database, await opened(database))

    async def take(clerk: Clerk) -> Taken | TakenBefore:
        async with database.write() as tx:
            return await desk_work.take(tx, ORGANISERS, asked, clerk, now=NOON)

    async def reopen(clerk: Clerk) -> Reopened | Busy | StillBarred:
        async with database.write() as tx:
            return await desk_work.reopen(tx, ORGANISERS, closed, clerk, now=NOON)

    async def answer(clerk: Clerk) -> bool:
        async with database.write() as tx:
            said = Said(clerk.chat_id, 5)
            return (await desk_answers.answer(tx, ORGANISERS, closed, clerk, said, now=NOON)).reopened

    taken = await asyncio.gather(*map(take, clerks))
    assert sorted(type(one).__name__ for one in taken) == ["Taken", "TakenBefore"]
    async with database.write() as tx:
        await desk.close(tx, ORGANISERS, asked, clerks[0], now=NOON)
    closed = await thread(database, asked.id)
    reopened = await asyncio.gather(*map(reopen, clerks))
    assert sorted(isinstance(one, Reopened) and one.just_now for one in reopened) == [False, True]
    async with database.write() as tx:
        await desk.close(tx, ORGANISERS, asked, clerks[0], now=NOON)
    assert sorted(await asyncio.gather(*map(answer, clerks))) == [False, True]


async def test_a_correction_of_the_question_changes_what_is_asked(database: Database) -> None:
    await boss(database)
    thread_id, person = await opened(database), await member(database)
    async with database.write() as tx:
        said = Said(MEMBER, 1, "text", "Two dogs?", edited_at=9, plain="Two dogs?")
        assert await desk.correct(tx, ORGANISERS, person.id, said, now=NOON)
    corrected = await thread(database, thread_id)
    assert (corrected.question, corrected.follow_ups) == ("Two dogs?", 0)


async def test_what_was_never_passed_on_is_not_passed_on_by_changing_it(database: Database) -> None:
    first, person = await boss(database), await member(database)
    asked = await thread(database, await opened(database))
    await told(database)
    async with database.write() as tx:
        private = Said(MEMBER, 77, "text", "not for you", edited_at=9, plain="not for you")
        assert not await desk.correct(tx, ORGANISERS, person.id, private, now=NOON)
        mine = Said(BOSS, 77, "text", "not for them", edited_at=9)
        assert await desk_answers.correct_answer(tx, asked, first, mine, now=NOON) is None
    assert await told(database) == []


async def test_a_reply_to_an_old_message_opens_its_question_again(database: Database) -> None:
    await boss(database)
    thread_id, person = await opened(database), await member(database)
    later = NOON + timedelta(days=29)
    async with database.write() as tx:
        await desk.settle(tx, ORGANISERS, thread_id, person.id, now=NOON)
        old = await thread_messages.find_thread(tx, MEMBER, 1)
        assert old is not None
        again = await desk.write_again(tx, ORGANISERS, old, Said(MEMBER, 8), now=later)
    assert isinstance(again, PassedOn)
    assert again.thread.id == thread_id
    assert again.thread.state == "open"


async def test_messages_of_both_sides_that_cross_all_arrive_in_their_order(database: Database) -> None:
    first = await boss(database)
    thread_id = await opened(database)
    await told(database)
    for number in range(2, 5):
        async with database.write() as tx:
            now_is = await threads.find(tx, thread_id)
            assert now_is is not None
            await desk.write_on(tx, ORGANISERS, now_is, Said(MEMBER, number), now=NOON)
            await desk_answers.answer(tx, ORGANISERS, now_is, first, Said(BOSS, number), now=NOON)
    brought = [(notice.kind, notice.params["message_id"]) for notice in await owed(database)]
    assert [one for one in brought if one[0] == "desk_answer"] == [("desk_answer", n) for n in (2, 3, 4)]
    assert [one for one in brought if one[0] == "desk_follow_up"] == [
        ("desk_follow_up", n) for n in (2, 3, 4)
    ]


async def test_the_desk_hears_that_a_question_is_gone_and_not_whose(database: Database) -> None:
    await boss(database)
    await opened(database)
    await told(database)
    person = await member(database)
    async with database.write() as tx:
        await privacy.forget(tx, person, desk=ORGANISERS, now=NOON)
    (gone,) = await owed(database)
    assert (gone.kind, gone.chat_id, dict(gone.params)) == ("desk_gone", BOSS, {})
