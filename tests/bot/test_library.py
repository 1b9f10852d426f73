"""What can be answered follows the database, and is read again before it is told."""

import json
from dataclasses import replace
from datetime import timedelta
from unittest import mock

from bot import asking, library, programme, topics
from bot.calibrations import OPTION
from bot.importing import load
from bot.language import HK
from bot.library import Library
from bot.meanings import Encoder
from bot.questions import Answer, Choices, Nothing
from bot.questions.decide import calibrations, stored_calibration
from storage import Database, content, options
from storage.events import Event
from tests.conftest import NOON
from tests.libraries import pack, put_office, raise_revision
from tests.making import published_event
from tests.meanings import LetterEncoder


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


async def test_a_past_event_is_never_told_as_if_it_were_to_come(database: Database) -> None:
    shelf = Library()
    event = await published_event(database, now=NOON)
    await shelf.refresh(database, now=NOON)
    async with database.read() as tx:
        assert isinstance(await topics.read(tx, f"e{event.id}", now=NOON), Event)
        assert await topics.read(tx, f"e{event.id}", now=event.ends_at) is None
    assert await shelf.refresh(database, now=event.ends_at)
    assert isinstance(shelf.ask("harbour forum", "en"), Nothing)


async def test_a_cancelled_event_is_not_told(database: Database) -> None:
    shelf = Library()
    event = await published_event(database, now=NOON)
    await shelf.refresh(database, now=NOON)
    async with database.write() as tx:
        await programme.cancel(tx, event.id, now=NOON)
    async with database.read() as tx:
        assert await topics.read(tx, f"e{event.id}", now=NOON) is None
    assert await shelf.refresh(database, now=NOON)


async def test_the_packs_questions_are_answered_after_loading(database: Database) -> None:
    async with database.write() as tx:
        await load(tx, pack(), now=NOON, home=HK, samples=True)
    shelf = Library()
    await shelf.refresh(database, now=NOON)
    assert not isinstance(shelf.ask("How do I become a volunteer?", "en"), Nothing)


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
        await raise_revision(tx)
    shelf = Library()
    await shelf.refresh(database, now=NOON)
    assert isinstance(shelf.ask("summer camp", "en"), Choices)
    assert not isinstance(shelf.ask("is there a dentist at the summer camp", "en"), Answer)


async def test_words_alone_answer_until_a_model_has_understood_everything(database: Database) -> None:
    shelf = Library(LetterEncoder())
    await put_office(database)
    # As with a whole pack: of an edit's few texts nobody has to wait for the next look.
    with mock.patch.object(library, "FEW", 0):
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


async def test_an_edit_is_understood_with_the_very_index_that_brings_it(database: Database) -> None:
    encoder = LetterEncoder()
    shelf = Library(encoder)
    await put_office(database)
    await shelf.refresh(database, now=NOON)
    assert shelf.rung == "muse+bm25"
    await put_office(database, code="second", answer="In Example Road.")
    await shelf.refresh(database, now=NOON)
    assert not shelf.is_learning
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
        await raise_revision(tx)
    await shelf.refresh(database, now=NOON)
    assert isinstance(shelf.ask("where is the office", "en"), Nothing)
