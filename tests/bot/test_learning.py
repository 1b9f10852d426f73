"""What is kept of questions without a good answer, and nothing else."""

from datetime import timedelta

import pytest

from bot import learning
from bot.beat import Beat
from bot.questions import Answer, Choices, Entry, Found, Nothing
from playground.clock import Clock
from storage import Database, asked, threads
from storage.asked import Asked
from tests.conftest import NOON
from tests.making import known_person

FOUND = Found(Entry("q1", "en", "question", ("Where is it?",), "There."), 0.4)


async def kept_after(database: Database, text: str, found: Answer | Choices | Nothing) -> list[Asked]:
    person = await known_person(database, 11, now=NOON, locale="zh_Hant_HK")
    async with database.write() as tx:
        await learning.note_asked(tx, person, text, found, now=NOON)
        return await asked.list_open(tx, since=NOON - learning.KEEP, limit=9)


async def test_what_was_answered_is_not_kept(database: Database) -> None:
    assert await kept_after(database, "where is it", Answer(FOUND, ())) == []


@pytest.mark.parametrize(
    ("found", "outcome", "topic"),
    [
        (Choices((FOUND,)), "offered", "q1"),
        (Nothing((FOUND,)), "nothing", "q1"),
        (Nothing(()), "nothing", None),
    ],
)
async def test_what_was_not_answered_is_kept_with_what_was_offered(
    database: Database, found: Choices | Nothing, outcome: str, topic: str | None
) -> None:
    (one,) = await kept_after(database, "  有冇\n得泊車？ ", found)
    assert (one.text, one.locale, one.outcome, one.topic_id) == (
        "有冇 得泊車？",
        "zh_Hant_HK",
        outcome,
        topic,
    )


@pytest.mark.parametrize("text", ["", "?", "😀😀", "12", "…", "\u200b"])
async def test_what_has_no_word_in_it_is_not_kept(database: Database, text: str) -> None:
    assert await kept_after(database, text, Nothing(())) == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("call me at 9123 4567 please", "call me at … please"),
        ("write to ming@example.org", "write to …"),
        ("my card is A123456(7), is that all right?", "my card is A…(7), is that all right?"),
        ("is it on 3/12 at 18:30 in room 1204?", "is it on 3/12 at 18:30 in room 1204?"),
        ("a\u202eb\x00c\ud800d", "a b c d"),
        ("泊車" * 400, "泊車" * 150),
    ],
)
def test_numbers_and_addresses_of_people_are_left_out(text: str, kept: str) -> None:
    assert learning.kept_words(text) == kept


async def test_what_was_passed_on_from_under_an_answer_is_open(database: Database) -> None:
    person = await known_person(database, 11, now=NOON)
    async with database.write() as tx:
        thread_id = await threads.open_new(tx, person.id, "dogs?", now=NOON)
        assert thread_id is not None
        await learning.note_passed_on(tx, person, "May I bring a dog?", "q1", thread_id, now=NOON)
        (one,) = await asked.list_open(tx, since=NOON - learning.KEEP, limit=9)
    assert (one.outcome, one.topic_id, one.thread_id) == ("answered", "q1", thread_id)


async def test_time_clears_up(database: Database) -> None:
    await kept_after(database, "pizza please", Nothing(()))
    for later, left in ((timedelta(minutes=-1), 1), (timedelta(minutes=1), 0)):
        await Beat(database, Clock(NOON + learning.KEEP + later)).tick()
        async with database.read() as tx:
            assert len(await asked.list_open(tx, since=NOON - timedelta(days=1), limit=9)) == left
