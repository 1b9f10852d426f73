"""Who waits for an answer is not forgotten: the desk is reminded, twice at most, and the member told once."""

from datetime import datetime, timedelta

from bot import desk, desk_answers, desk_hours, desk_staff, desk_waiting, jobs
from bot.desk import Said
from bot.desk_hours import DeskHours
from bot.language import HK
from storage import Database, organisers, threads
from storage import jobs as job_rows
from tests.desks import BOSS, GROUP, IN_GROUP, MEMBER, ORGANISERS, aide, boss, member, opened, thread, told

MONDAY = datetime(2026, 11, 23, 10, tzinfo=HK)
DUE = MONDAY + timedelta(hours=4)
AGAIN = MONDAY + timedelta(hours=8)


async def at_desk(database: Database, chat_id: int | None = None) -> None:
    async with database.write() as tx:
        await desk_staff.remember(tx, chat_id, HK)
        await organisers.remember_owners(tx, [BOSS])


async def pass_until(database: Database, now: datetime) -> list[tuple[str, int]]:
    """What is owed by then that was not owed before."""
    for _ in range(5):
        async with database.write() as tx:
            await jobs.do_due(tx, now=now)
    return [one for one in await told(database, at=now) if one[0] in ("desk_waiting", "desk_delayed")]


async def test_after_four_open_hours_the_desk_is_reminded_and_the_member_told(database: Database) -> None:
    await boss(database)
    await at_desk(database)
    await opened(database, now=MONDAY)
    assert await pass_until(database, DUE - timedelta(seconds=1)) == []
    assert sorted(await pass_until(database, DUE)) == [("desk_delayed", MEMBER), ("desk_waiting", BOSS)]


async def test_the_desk_is_reminded_once_more_and_then_no_more(database: Database) -> None:
    await boss(database)
    await at_desk(database)
    await opened(database, now=MONDAY)
    await pass_until(database, DUE)
    assert await pass_until(database, AGAIN) == [("desk_waiting", BOSS)]
    assert await pass_until(database, MONDAY + timedelta(days=90)) == []


async def test_who_has_been_answered_is_nobodys_reminder(database: Database) -> None:
    clerk = await boss(database)
    await at_desk(database)
    asked = await thread(database, await opened(database, now=MONDAY))
    async with database.write() as tx:
        await desk_answers.answer(tx, ORGANISERS, asked, clerk, Said(BOSS, 5, plain="Yes"), now=MONDAY)
    assert await pass_until(database, AGAIN) == []


async def test_what_is_closed_is_nobodys_reminder(database: Database) -> None:
    await boss(database)
    await at_desk(database)
    thread_id, person = await opened(database, now=MONDAY), await member(database)
    async with database.write() as tx:
        await desk.settle(tx, ORGANISERS, thread_id, person.id, now=MONDAY)
    assert await pass_until(database, AGAIN) == []


async def test_writing_on_after_an_answer_waits_anew(database: Database) -> None:
    clerk = await boss(database)
    await at_desk(database)
    thread_id = await opened(database, now=MONDAY)
    async with database.write() as tx:
        asked = await threads.find(tx, thread_id)
        assert asked is not None
        await desk_answers.answer(tx, ORGANISERS, asked, clerk, Said(BOSS, 5), now=MONDAY)
        answered = await threads.find(tx, thread_id)
        assert answered is not None
        later = MONDAY + timedelta(hours=1)
        await desk.write_on(tx, ORGANISERS, answered, Said(MEMBER, 2), now=later)
    assert await pass_until(database, DUE) == []
    assert len(await pass_until(database, DUE + timedelta(hours=1))) == 2


async def test_writing_on_while_waiting_does_not_begin_the_wait_anew(database: Database) -> None:
    await boss(database)
    await at_desk(database)
    asked = await thread(database, await opened(database, now=MONDAY))
    async with database.write() as tx:
        await desk.write_on(tx, ORGANISERS, asked, Said(MEMBER, 2), now=MONDAY + timedelta(hours=3))
    assert len(await pass_until(database, DUE)) == 2


async def test_whoever_has_the_question_is_reminded_alone(database: Database) -> None:
    await boss(database)
    second = await aide(database)
    await at_desk(database)
    thread_id = await opened(database, now=MONDAY)
    async with database.write() as tx:
        await threads.assign(tx, thread_id, second.person_id)
    reminded = await pass_until(database, DUE)
    assert [one for one in reminded if one[0] == "desk_waiting"] == [("desk_waiting", second.chat_id)]


async def test_a_group_is_reminded_as_a_whole(database: Database) -> None:
    await at_desk(database, GROUP)
    await opened(database, IN_GROUP, now=MONDAY)
    assert sorted(await pass_until(database, DUE)) == [("desk_delayed", MEMBER), ("desk_waiting", GROUP)]


async def test_after_days_of_silence_both_reminders_do_not_come_at_once(database: Database) -> None:
    await boss(database)
    await at_desk(database)
    await opened(database, now=MONDAY)
    back = MONDAY + timedelta(days=3)
    assert len(await pass_until(database, back)) == 2
    assert await pass_until(database, back + timedelta(hours=1)) == [("desk_waiting", BOSS)]


async def test_without_patience_set_nobody_is_reminded(database: Database) -> None:
    clerk = await boss(database)
    await at_desk(database)
    async with database.write() as tx:
        assert clerk.person_id is not None
        await desk_hours.write(tx, DeskHours(patience=0), actor_id=clerk.person_id, now=MONDAY)
    await opened(database, now=MONDAY)
    assert await pass_until(database, MONDAY + timedelta(days=9)) == []


async def test_new_hours_hold_for_those_who_wait_already(database: Database) -> None:
    clerk = await boss(database)
    await at_desk(database)
    thread_id = await opened(database, now=MONDAY)
    async with database.write() as tx:
        assert clerk.person_id is not None
        await desk_hours.write(tx, DeskHours(patience=60), actor_id=clerk.person_id, now=MONDAY)
        await desk_waiting.plan_anew(tx, ORGANISERS)
        planned = {job.kind: job.due_at for job in await job_rows.list_due(tx, now=AGAIN, limit=9)}
    assert planned == {
        desk_waiting.FIRST: MONDAY + timedelta(hours=1),
        desk_waiting.AGAIN: MONDAY + timedelta(hours=2),
    }
    assert len(await pass_until(database, MONDAY + timedelta(hours=1))) == 2
    assert (await thread(database, thread_id)).reminded_at == MONDAY + timedelta(hours=1)
