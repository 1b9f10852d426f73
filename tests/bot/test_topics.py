"""What an entry leads to is read again before it is told, and only by those it is for."""

from bot import library, topics
from bot.groups import ensure_members_group
from bot.importing import load
from bot.language import HK
from storage import Database, content, groups
from storage.programmes import Question
from tests.conftest import NOON
from tests.libraries import pack, put_office
from tests.making import known_person, published_event


async def test_texts_are_read_again_when_they_are_told(database: Database) -> None:
    await put_office(database)
    question_id = await put_office(database, answer="It has moved to Example Road.")
    async with database.read() as tx:
        topic = await topics.read(tx, f"q{question_id}", now=NOON)
    assert isinstance(topic, Question)
    assert topic.answers["en"] == "It has moved to Example Road."


async def test_a_made_up_topic_is_none(database: Database) -> None:
    async with database.read() as tx:
        for topic_id in ("", "q", "q-1", "x1", "q99999999999999999999999", "e١", "q1;drop"):
            assert await topics.read(tx, topic_id, now=NOON) is None


async def test_an_answer_names_coming_events_of_its_kind(database: Database) -> None:
    async with database.write() as tx:
        question_id = await content.put_question(
            tx, "talks", None, "Made-up", None, "forum", {"en": "Often."}, {"en": ["When are the forums?"]}
        )
    forum = await published_event(database, now=NOON)
    await published_event(database, now=NOON, kind="camp", title="Camp")
    async with database.read() as tx:
        topic = await topics.read(tx, f"q{question_id}", now=NOON)
        assert topic is not None
        found = await topics.related_events(tx, topic, now=NOON, limit=3)
        later = await topics.related_events(tx, topic, now=forum.ends_at, limit=3)
    assert [event.id for event in found] == [forum.id]
    assert later == []


async def test_what_a_pack_has_for_members_is_read_by_members_and_staff_alone(database: Database) -> None:
    whole = pack()
    for_members = whole.model_copy(
        update={
            "programmes": tuple(one.model_copy(update={"audience": "members"}) for one in whole.programmes),
            "questions": tuple(one.model_copy(update={"audience": "members"}) for one in whole.questions),
        }
    )
    member = await known_person(database, 7, now=NOON)
    async with database.write() as tx:
        await load(tx, for_members, now=NOON, home=HK, samples=False)
        group = await ensure_members_group(tx, now=NOON)
        await groups.join(tx, group.id, member.id, now=NOON)
        found = await library.entries(tx, now=NOON)
        assert {entry.audience for entry in found} == {"members"}
        for topic_id in {entry.id for entry in found[:3] + found[-3:]}:
            for reader, reads in (
                (topics.ANYBODY, False),
                (topics.Reader(member.id + 1), False),
                (topics.Reader(member.id), True),
                (topics.Reader(member.id + 1, reads_all=True), True),
            ):
                topic = await topics.read(tx, topic_id, now=NOON, reader=reader)
                assert (topic is not None) is reads
