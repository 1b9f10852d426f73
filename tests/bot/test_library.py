"""What can be answered follows the database, and is read again before it is told."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot import asking, library, programme
from bot.calibrations import OPTION
from bot.groups import ensure_members_group
from bot.importing import load
from bot.language import HK
from bot.library import Library
from bot.meanings import Encoder
from bot.pack import Pack, read_pack
from bot.questions import Answer, Choices, Nothing
from bot.questions.decide import calibrations, stored_calibration
from storage import Database, Transaction, content, groups, options
from storage.events import Event
from storage.programmes import Question
from tests.conftest import NOON
from tests.making import known_person, published_event
from tests.meanings import LetterEncoder

CONTENT = Path(__file__).parents[2] / "content"


def pack() -> Pack:
    found = read_pack(CONTENT)
    assert isinstance(found, Pack)
    return found


async def put_office(database: Database, code: str = "office", answer: str = "In Sample Street.") -> int:
    async with database.write() as tx:
        question_id = await content.put_question(
            tx, code, None, "Made-up", None, None, {"en": answer}, {"en": ["Where is the office?"]}
        )
        await _raise_revision(tx)
    return question_id


async def _raise_revision(tx: Transaction) -> None:
    await options.remember(tx, content.REVISION, str(await content.find_revision(tx) + 1))


async def test_a_question_can_be_found_once_it_is_there(database: Database) -> None:
    shelf = Library()
    await shelf.refresh(database, now=NOON)
    assert isinstance(shelf.ask("where is the office", "en"), Nothing)
    question_id = await put_office(database)
    assert await shelf.refresh(database, now=NOON)
    found = shelf.ask("where is the office", "en")
    assert isinstance(found, Answer)
    assert found.best.entry.id == f"q{question_id}"


async def test_nothing_is_indexed_anew_while_nothing_changes(database: Database) -> None:
    shelf = Library()
    await put_office(database)
    assert await shelf.refresh(database, now=NOON)
    assert not await shelf.refresh(database, now=NOON + timedelta(hours=1))


async def test_texts_are_read_again_when_they_are_told(database: Database) -> None:
    await put_office(database)
    question_id = await put_office(database, answer="It has moved to Example Road.")
    async with database.read() as tx:
        topic = await library.read(tx, f"q{question_id}", now=NOON)
    assert isinstance(topic, Question)
    assert topic.answers["en"] == "It has moved to Example Road."


async def test_a_past_event_is_never_told_as_if_it_were_to_come(database: Database) -> None:
    shelf = Library()
    event = await published_event(database, now=NOON)
    await shelf.refresh(database, now=NOON)
    async with database.read() as tx:
        assert isinstance(await library.read(tx, f"e{event.id}", now=NOON), Event)
        assert await library.read(tx, f"e{event.id}", now=event.ends_at) is None
    assert await shelf.refresh(database, now=event.ends_at)
    assert isinstance(shelf.ask("harbour forum", "en"), Nothing)


async def test_a_cancelled_event_is_not_told(database: Database) -> None:
    shelf = Library()
    event = await published_event(database, now=NOON)
    await shelf.refresh(database, now=NOON)
    async with database.write() as tx:
        await programme.cancel(tx, event.id, now=NOON)
    async with database.read() as tx:
        assert await library.read(tx, f"e{event.id}", now=NOON) is None
    assert await shelf.refresh(database, now=NOON)


async def test_a_made_up_topic_is_none(database: Database) -> None:
    async with database.read() as tx:
        for topic_id in ("", "q", "q-1", "x1", "q99999999999999999999999", "e١", "q1;drop"):
            assert await library.read(tx, topic_id, now=NOON) is None


async def test_the_packs_questions_are_answered_after_loading(database: Database) -> None:
    async with database.write() as tx:
        await load(tx, pack(), now=NOON, home=HK, samples=True)
    shelf = Library()
    await shelf.refresh(database, now=NOON)
    assert not isinstance(shelf.ask("How do I become a volunteer?", "en"), Nothing)


async def test_an_answer_names_coming_events_of_its_kind(database: Database) -> None:
    async with database.write() as tx:
        question_id = await content.put_question(
            tx, "talks", None, "Made-up", None, "forum", {"en": "Often."}, {"en": ["When are the forums?"]}
        )
    forum = await published_event(database, now=NOON)
    await published_event(database, now=NOON, kind="camp", title="Camp")
    async with database.read() as tx:
        topic = await library.read(tx, f"q{question_id}", now=NOON)
        assert topic is not None
        found = await library.related_events(tx, topic, now=NOON, limit=3)
        later = await library.related_events(tx, topic, now=forum.ends_at, limit=3)
    assert [event.id for event in found] == [forum.id]
    assert later == []


async def test_what_the_pack_does_not_have_any_more_is_dropped(database: Database) -> None:
    await put_office(database, "old")
    kept = await put_office(database, "new")
    async with database.write() as tx:
        await content.drop_missing(tx, [], ["new"])
    async with database.read() as tx:
        ids = {entry.id for entry in await library.entries(tx, now=NOON)}
    assert ids == {f"q{kept}"}


async def test_a_pack_can_be_asked_before_it_is_loaded() -> None:
    asked = [
        {"question": "how do i become a volunteer", "language": "en"},
        {"question": "I'd like a large pizza", "language": "en"},
        {"question": "怎樣成為義工", "language": "zh-HK"},
    ]
    first, second, third = await asking.ask_pack(Encoder(()), pack(), asked)
    assert first["outcome"] in ("answer", "choices")
    assert "volunteer-start" in [entry["id"] for entry in first["entries"]]
    assert second["outcome"] == "none"
    assert third["entries"][0]["id"] == "volunteer-start"
    for one in (first, second, third):
        chances = [entry["probability"] for entry in one["entries"]]
        assert chances == sorted(chances, reverse=True)
        assert one["milliseconds"] >= 0


async def test_the_database_is_asked_alike(database: Database) -> None:
    await put_office(database)
    asked = [{"question": "where is the office", "language": "en"}]
    [one] = await asking.ask_database(Encoder(()), database, asked, now=NOON)
    assert one["outcome"] == "answer"
    assert "In Sample Street." in asking.in_words(one)


async def test_an_answer_is_sure_of_itself_and_not_only_of_its_topic(database: Database) -> None:
    async with database.write() as tx:
        for code, wording in (("cost", "How much is the summer camp?"), ("date", "When is the summer camp?")):
            await content.put_question(
                tx, code, None, "Made-up", None, None, {"en": f"The {code}."}, {"en": [wording]}
            )
        await _raise_revision(tx)
    shelf = Library()
    await shelf.refresh(database, now=NOON)
    assert isinstance(shelf.ask("summer camp", "en"), Choices)
    assert not isinstance(shelf.ask("is there a dentist at the summer camp", "en"), Answer)


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
                (library.ANYBODY, False),
                (library.Reader(member.id + 1), False),
                (library.Reader(member.id), True),
                (library.Reader(member.id + 1, reads_all=True), True),
            ):
                topic = await library.read(tx, topic_id, now=NOON, reader=reader)
                assert (topic is not None) is reads


async def test_words_alone_answer_until_a_model_has_understood_everything(database: Database) -> None:
    shelf = Library(LetterEncoder())
    await put_office(database)
    await shelf.refresh(database, now=NOON)
    assert shelf.rung == "bm25"
    assert await shelf.understand("where is the office") == {}
    assert isinstance(shelf.ask("where is the office", "en"), Answer)
    await shelf.learn(database)
    assert shelf.rung == "muse+bm25"
    assert set(await shelf.understand("where is the office")) == {"muse"}


async def test_words_alone_answer_while_the_worker_is_dead(database: Database) -> None:
    encoder = LetterEncoder()
    shelf = Library(encoder)
    await put_office(database)
    await shelf.refresh(database, now=NOON)
    await shelf.learn(database)
    encoder.dead = True
    assert shelf.rung == "bm25"
    meaning = await shelf.understand("where's the office please")
    assert meaning == {}
    assert isinstance(shelf.ask("where is the office", "en", meaning), Answer)


async def test_a_new_wording_is_understood_with_the_next_look(database: Database) -> None:
    encoder = LetterEncoder()
    shelf = Library(encoder)
    await put_office(database)
    await shelf.refresh(database, now=NOON)
    await shelf.learn(database)
    encoder.read.clear()
    await put_office(database, code="second", answer="In Example Road.")
    await shelf.refresh(database, now=NOON)
    await shelf.learn(database)
    assert encoder.read == ["Where is the office?\nIn Example Road."]
    assert shelf.rung == "muse+bm25"


async def test_a_question_asked_again_is_not_understood_again(database: Database) -> None:
    encoder = LetterEncoder()
    shelf = Library(encoder)
    await put_office(database)
    await shelf.refresh(database, now=NOON)
    await shelf.learn(database)
    encoder.read.clear()
    first = await shelf.understand("the office?")
    assert await shelf.understand("the office?") is first
    assert encoder.read == ["the office?"]


async def test_mistyped_words_are_corrected_before_they_are_understood(database: Database) -> None:
    encoder = LetterEncoder()
    shelf = Library(encoder)
    await put_office(database)
    await shelf.refresh(database, now=NOON)
    await shelf.learn(database)
    encoder.read.clear()
    await shelf.understand("where is the offcie")
    assert encoder.read == ["where is the office"]


async def test_what_was_fitted_to_labels_is_used_from_the_next_look_on(database: Database) -> None:
    shelf = Library()
    await put_office(database)
    await shelf.refresh(database, now=NOON)
    assert isinstance(shelf.ask("where is the office", "en"), Answer)
    shy = stored_calibration(replace(calibrations()["bm25"], answer_from=1.0, offer_from=1.0))
    async with database.write() as tx:
        await options.remember(tx, OPTION, json.dumps([{"bm25": shy}]))
        await _raise_revision(tx)
    await shelf.refresh(database, now=NOON)
    assert isinstance(shelf.ask("where is the office", "en"), Nothing)
