"""A member's topic in the desk's group: one for each, used again, and lost without loss."""

from datetime import timedelta

from bot import desk, desk_staff, desk_topics
from bot.desk_topics import NotYet
from storage import Database, notices
from storage import desk_topics as topic_rows
from storage.notices import Owed
from tests.conftest import NOON
from tests.desks import GROUP, IN_GROUP, IN_TOPICS, ended, member, opened, owed, thread

LATER = NOON + timedelta(minutes=5)


async def asked_for(database: Database) -> list[Owed]:
    return [notice for notice in await owed(database) if notice.kind == "desk_topic"]


async def number(database: Database) -> int | NotYet | None:
    person = await member(database)
    async with database.read() as tx:
        return await desk_topics.number_of(tx, person.id, GROUP)


async def given(database: Database, notice: Owed, topic_id: int) -> None:
    """Telegram has opened the topic."""
    person = await member(database)
    await ended(database, notice, "sent")
    async with database.write() as tx:
        await topic_rows.keep_number(tx, person.id, topic_id)


async def closed(database: Database, thread_id: int) -> None:
    person = await member(database)
    async with database.write() as tx:
        await desk.settle(tx, IN_TOPICS, thread_id, person.id, now=LATER)


async def test_a_question_asks_for_a_topic_before_it_stands_there(database: Database) -> None:
    await opened(database, IN_TOPICS)
    assert [notice.kind for notice in await owed(database)] == ["desk_topic", "desk_question"]
    assert await number(database) == NotYet()


async def test_a_group_without_topics_is_asked_for_none(database: Database) -> None:
    await opened(database, IN_GROUP)
    assert await asked_for(database) == []
    assert await number(database) is None


async def test_whoever_asks_again_has_the_same_topic(database: Database) -> None:
    thread_id = await opened(database, IN_TOPICS)
    (notice,) = await asked_for(database)
    await given(database, notice, 42)
    await closed(database, thread_id)
    assert [one.kind for one in await owed(database)][-1] == "desk_topic_turn"
    await opened(database, IN_TOPICS, now=LATER, message=2)
    assert [one.kind for one in await owed(database)] == ["desk_topic_turn", "desk_question"]
    assert await number(database) == 42


async def test_a_topic_on_its_way_is_not_asked_for_again(database: Database) -> None:
    thread_id = await opened(database, IN_TOPICS)
    await closed(database, thread_id)
    await opened(database, IN_TOPICS, now=LATER, message=2)
    assert len(await asked_for(database)) == 1


async def test_after_a_crash_no_second_topic_is_opened_and_the_question_stands_in_the_group(
    database: Database,
) -> None:
    await opened(database, IN_TOPICS)
    (notice,) = await asked_for(database)
    async with database.write() as tx:
        await notices.recover(tx, now=NOON, never_twice={"desk_topic"})
    assert [one.kind for one in await owed(database)] == ["desk_question"]
    assert await number(database) is None
    async with database.read() as tx:
        assert await notices.find_state(tx, notice.id) == "unknown"


async def test_a_lost_topic_is_asked_for_anew_by_the_next_question(database: Database) -> None:
    thread_id = await opened(database, IN_TOPICS)
    (notice,) = await asked_for(database)
    await ended(database, notice, "unknown")
    person = await member(database)
    async with database.write() as tx:
        await desk_topics.not_opened(tx, notice.id, GROUP, person.id)
    await closed(database, thread_id)
    await opened(database, IN_TOPICS, now=LATER, message=2)
    assert len(await asked_for(database)) == 1


async def test_where_telegram_refuses_topics_questions_stand_in_the_group(database: Database) -> None:
    await opened(database, IN_TOPICS)
    (notice,) = await asked_for(database)
    await ended(database, notice, "failed")
    person = await member(database)
    async with database.write() as tx:
        await desk_topics.not_opened(tx, notice.id, GROUP, person.id)
        assert await desk_staff.topics_of(tx, GROUP) == "refused"
        found = await desk_staff.find_desk(tx, GROUP, [], IN_GROUP.zone)
    assert not found.has_topics
    assert await number(database) is None


async def test_an_open_question_whose_topic_was_deleted_gets_another(database: Database) -> None:
    thread_id = await opened(database, IN_TOPICS)
    (notice,) = await asked_for(database)
    await given(database, notice, 42)
    asked = await thread(database, thread_id)
    async with database.write() as tx:
        await desk_topics.turn(tx, IN_TOPICS, asked.person_id, asked.id, now=LATER)
    (turn,) = [one for one in await owed(database) if one.kind == "desk_topic_turn"]
    await ended(database, turn, "failed")
    async with database.write() as tx:
        await desk_topics.not_turned(tx, turn.id, asked, GROUP, now=LATER)
    assert await number(database) == NotYet()
    assert len(await asked_for(database)) == 1


async def test_a_topic_leads_to_its_members_question(database: Database) -> None:
    first = await opened(database, IN_TOPICS)
    (notice,) = await asked_for(database)
    await given(database, notice, 42)
    await closed(database, first)
    async with database.read() as tx:
        found = await desk_topics.find_thread(tx, GROUP, 42)
        assert found is not None
        assert found.id == first
        assert await desk_topics.find_thread(tx, GROUP, 43) is None
    second = await opened(database, IN_TOPICS, now=LATER, message=2)
    async with database.read() as tx:
        now_is = await desk_topics.find_thread(tx, GROUP, 42)
    assert now_is is not None
    assert now_is.id == second


async def test_a_new_question_gets_a_topic_though_the_deleted_one_was_to_be_closed(
    database: Database,
) -> None:
    first = await opened(database, IN_TOPICS)
    (notice,) = await asked_for(database)
    await given(database, notice, 42)
    await closed(database, first)
    (turn,) = [one for one in await owed(database) if one.kind == "desk_topic_turn"]
    await opened(database, IN_TOPICS, now=LATER, message=2)
    await ended(database, turn, "failed")
    async with database.write() as tx:
        await desk_topics.not_turned(tx, turn.id, await thread(database, first), GROUP, now=LATER)
    assert len(await asked_for(database)) == 1
