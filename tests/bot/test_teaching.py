"""What organisers teach is found at once, survives the pack, and can be undone."""

import asyncio
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot import library, teaching, topics, unteaching
from bot.library import Library
from bot.questions import Answer
from bot.teaching import Already, Gone, LastOne, Taught
from bot.unteaching import ChangedSince, Undone
from storage import Database, Transaction, asked, audit, content, entries, programmes
from storage.people import Person
from tests.conftest import NOON
from tests.making import known_person

HOME = ZoneInfo("Asia/Hong_Kong")
OFFICE = {"en": "In Sample Street.", "zh_Hant_HK": "在示例街。"}
ASKED = {"en": ["Where is the office?"], "zh_Hant_HK": ["辦公室在哪裏？", "會址在哪裏？"]}


async def put_office(
    tx: Transaction, answer: dict[str, str] = OFFICE, ways: dict[str, list[str]] = ASKED
) -> int:
    question_id = await content.put_question(tx, "office", None, "Made-up", None, None, answer, ways)
    await content.raise_revision(tx)
    return question_id


async def asked_in_vain(tx: Transaction, person: Person, *texts: str) -> list[int]:
    for text in texts:
        await asked.note(
            tx, person.id, text, locale=person.locale, outcome="nothing", topic_id=None, now=NOON
        )
    kept = await asked.list_of_person(tx, person.id)
    return [one.id for one in kept if one.text in texts]


async def open_texts(tx: Transaction) -> set[str]:
    return {one.text for one in await asked.list_open(tx, since=NOON - timedelta(days=9), limit=99)}


async def ways_of(tx: Transaction, question_id: int) -> set[str]:
    entry = await entries.find(tx, question_id)
    assert entry is not None
    return {way.text for way in entry.wordings}


@pytest.fixture
async def boss(database: Database) -> Person:
    return await known_person(database, 99, now=NOON)


@pytest.fixture
async def ming(database: Database) -> Person:
    return await known_person(database, 11, now=NOON, locale="zh_Hant_HK")


async def test_a_second_press_finds_what_the_first_taught_until_it_is_undone(
    database: Database, boss: Person, ming: Person
) -> None:
    async with database.write() as tx:
        question_id = await put_office(tx)
        attached, dismissed = [
            await asked_in_vain(tx, ming, typed) for typed in ("你哋嘅竇喺邊度呀？", "賣唔賣遮？")
        ]
        done = await teaching.attach(tx, attached, question_id, actor_id=boss.id, now=NOON)
        aside = await teaching.dismiss(tx, dismissed, actor_id=boss.id, now=NOON)
        assert isinstance(done, Taught)
        assert await teaching.taught_before(tx, attached[0], "attached", question_id) == done
        assert await teaching.taught_before(tx, dismissed[0], "dismissed") == aside
        assert await teaching.taught_before(tx, attached[0], "attached", question_id + 1) is None
        assert await teaching.taught_before(tx, dismissed[0], "attached", question_id) is None
        await unteaching.undo(tx, done.lesson_id, actor_id=boss.id, now=NOON)
        assert await teaching.taught_before(tx, attached[0], "attached", question_id) is None


async def test_a_question_that_was_attached_is_answered_and_undoing_that_opens_it_again(
    database: Database, boss: Person, ming: Person
) -> None:
    shelf, typed = Library(), "你哋嘅竇喺邊度呀？"
    async with database.write() as tx:
        question_id = await put_office(tx)
        ids = await asked_in_vain(tx, ming, typed)
    await shelf.refresh(database, now=NOON)
    assert not isinstance(shelf.ask(typed, "zh_Hant_HK"), Answer)
    async with database.write() as tx:
        done = await teaching.attach(tx, ids, question_id, actor_id=boss.id, now=NOON)
        assert isinstance(done, Taught)
        assert (done.wordings, done.questions) == (1, 1)
        assert await open_texts(tx) == set()
    assert await shelf.refresh(database, now=NOON)
    found = shelf.ask(typed, "zh_Hant_HK")
    assert isinstance(found, Answer)
    assert found.best.entry.id == f"q{question_id}"
    async with database.write() as tx:
        assert await unteaching.undo(tx, done.lesson_id, actor_id=boss.id, now=NOON) == Undone(question_id)
        assert await unteaching.undo(tx, done.lesson_id, actor_id=boss.id, now=NOON) == Already()
        assert await open_texts(tx) == {typed}
    assert await shelf.refresh(database, now=NOON)
    assert not isinstance(shelf.ask(typed, "zh_Hant_HK"), Answer)


async def test_of_organisers_side_by_side_one_teaches_what_a_question_needs(
    database: Database, boss: Person, ming: Person
) -> None:
    async with database.write() as tx:
        question_id = await put_office(tx)
        ids = await asked_in_vain(tx, ming, "喺邊度？", "去邊度搵你哋？")

    async def attach() -> Taught | Gone | Already:
        async with database.write() as tx:
            return await teaching.attach(tx, ids, question_id, actor_id=boss.id, now=NOON)

    done = await asyncio.gather(attach(), attach(), attach())
    assert sorted(type(one).__name__ for one in done) == ["Already", "Already", "Taught"]
    lesson_id = next(one.lesson_id for one in done if isinstance(one, Taught))
    async with database.read() as tx:
        assert len(await ways_of(tx, question_id)) == 5

    async def undo() -> object:
        async with database.write() as tx:
            return await unteaching.undo(tx, lesson_id, actor_id=boss.id, now=NOON)

    undone = await asyncio.gather(undo(), undo())
    assert sorted(type(one).__name__ for one in undone) == ["Already", "Undone"]


async def test_attaching_twice_teaches_once(database: Database, boss: Person, ming: Person) -> None:
    async with database.write() as tx:
        question_id = await put_office(tx)
        ids = await asked_in_vain(tx, ming, "喺邊度？", "去邊度搵你哋？")
        first = await teaching.attach(tx, ids, question_id, actor_id=boss.id, now=NOON)
        assert isinstance(first, Taught)
        assert await teaching.attach(tx, ids, question_id, actor_id=boss.id, now=NOON) == Already()
        assert await teaching.dismiss(tx, ids, actor_id=boss.id, now=NOON) == Already()
        assert len(await ways_of(tx, question_id)) == 5


async def test_the_same_words_are_learned_once_and_known_ones_not_again(
    database: Database, boss: Person, ming: Person
) -> None:
    wai = await known_person(database, 12, now=NOON, locale="zh_Hant_HK")
    async with database.write() as tx:
        question_id = await put_office(tx)
        ids = await asked_in_vain(tx, ming, "喺邊度", "會址在哪裏")
        ids += await asked_in_vain(tx, wai, "喺邊度？")
        done = await teaching.attach(tx, ids, question_id, actor_id=boss.id, now=NOON)
        assert isinstance(done, Taught)
        assert (done.wordings, done.questions) == (1, 3)


@pytest.mark.parametrize(
    ("text", "reads", "locale"),
    [
        ("where is it", "zh_Hant_HK", "en"),
        ("喺邊度", "zh_Hant_HK", "zh_Hant_HK"),
        ("在哪里", "zh_Hans_CN", "zh_Hans_CN"),
        ("報名", "en", "zh_Hant_HK"),
        ("报名", "en", "zh_Hans_CN"),
        ("where", "en", "en"),
        ("123", "zh_Hant_HK", "zh_Hant_HK"),
    ],
)
def test_a_wording_goes_to_the_language_it_is_in(text: str, reads: str, locale: str) -> None:
    assert teaching.locale_of(text, reads) == locale


async def test_a_wording_in_a_language_without_an_answer_finds_it_too(
    database: Database, boss: Person
) -> None:
    shelf = Library()
    async with database.write() as tx:
        question_id = await put_office(tx)
        await teaching.add_wording(
            tx, question_id, "zh_Hans_CN", "你们的办事处地址", actor_id=boss.id, now=NOON
        )
    await shelf.refresh(database, now=NOON)
    found = shelf.ask("你们的办事处地址", "zh_Hans_CN")
    assert isinstance(found, Answer)
    assert found.best.entry.id == f"q{question_id}"


async def test_what_another_entry_had_learned_is_taken_from_it(
    database: Database, boss: Person, ming: Person
) -> None:
    async with database.write() as tx:
        office = await put_office(tx)
        other = await content.put_question(
            tx, "hours", None, "Made-up", None, None, {"en": "Nine to five."}, {"en": ["When are you open?"]}
        )
        first = await teaching.attach(
            tx, await asked_in_vain(tx, ming, "can i come by"), office, actor_id=boss.id, now=NOON
        )
        assert isinstance(first, Taught)
        await asked.label_wrong(tx, ming.id, "can i come by", f"q{office}", locale="en", now=NOON)
        ids = await asked_in_vain(tx, ming, "can i come by")
        second = await teaching.attach(tx, ids, other, actor_id=boss.id, now=NOON)
        assert isinstance(second, Taught)
        assert "can i come by" not in await ways_of(tx, office)
        assert "can i come by" in await ways_of(tx, other)
        await unteaching.undo(tx, second.lesson_id, actor_id=boss.id, now=NOON)
        assert "can i come by" in await ways_of(tx, office)
        assert "can i come by" not in await ways_of(tx, other)
        (again,) = await asked.list_open(tx, since=NOON - timedelta(days=9), limit=9)
        assert again.label == "wrong"


async def test_a_new_entry_answers_its_questions_and_belongs_to_no_pack(
    database: Database, boss: Person, ming: Person
) -> None:
    shelf = Library()
    async with database.write() as tx:
        await put_office(tx)
        ids = await asked_in_vain(tx, ming, "有冇得泊車", "可唔可以泊車？")
        made = await teaching.begin_entry(
            tx, "有沒有停車場？", "附近有公眾停車場。", "zh_Hant_HK", asked_ids=ids,
            actor_id=boss.id, now=NOON, home=HOME,
        )  # fmt: skip
        assert made.question_id is not None
        # An import of a pack that knows nothing of it.
        await content.drop_missing(tx, [], ["office"])
        topic = await topics.read(tx, f"q{made.question_id}", now=NOON)
        assert isinstance(topic, programmes.Question)
        assert topic.answers == {"zh_Hant_HK": "附近有公眾停車場。"}
        assert topic.as_of == "2026-11-22"
    await shelf.refresh(database, now=NOON)
    assert isinstance(shelf.ask("可唔可以泊車？", "zh_Hant_HK"), Answer)
    async with database.write() as tx:
        await unteaching.undo(tx, made.lesson_id, actor_id=boss.id, now=NOON)
        assert await topics.read(tx, f"q{made.question_id}", now=NOON) is None
        assert await open_texts(tx) == {"有冇得泊車", "可唔可以泊車？"}
        assert f"q{made.question_id}" not in {one.id for one in await library.entries(tx, now=NOON)}


async def test_loading_the_pack_again_keeps_what_was_learned(database: Database, boss: Person) -> None:
    async with database.write() as tx:
        question_id = await put_office(tx)
        for locale, text in (("en", "office address"), ("en", "your address please")):
            await teaching.add_wording(tx, question_id, locale, text, actor_id=boss.id, now=NOON)
        entry = await entries.find(tx, question_id)
        assert entry is not None
        away = next(way for way in entry.wordings if way.text == "會址在哪裏？")
        assert isinstance(await teaching.remove_wording(tx, away.id, actor_id=boss.id, now=NOON), Taught)
        await teaching.correct_answer(tx, question_id, "zh_Hans_CN", "在示例街。", actor_id=boss.id, now=NOON)
        more = {**ASKED, "en": ["Where is the office?", "Office address"]}
        assert await put_office(tx, OFFICE, more) == question_id
        after = await entries.find(tx, question_id)
    assert after is not None
    assert sorted(way.text for way in after.wordings if way.locale == "en") == [
        "Office address",
        "Where is the office?",
        "your address please",
    ]
    assert [way.text for way in after.wordings if way.locale == "zh_Hant_HK"] == ["辦公室在哪裏？"]
    assert after.answers["zh_Hans_CN"].origin == "learned"


async def test_a_correction_holds_until_the_pack_says_something_else(
    database: Database, boss: Person
) -> None:
    async with database.write() as tx:
        question_id = await put_office(tx)
        await teaching.correct_answer(tx, question_id, "en", "It moved.", actor_id=boss.id, now=NOON)

        async def answer() -> str:
            entry = await entries.find(tx, question_id)
            assert entry is not None
            return entry.answers["en"].text

        await put_office(tx)
        assert await answer() == "It moved."
        await put_office(tx, {**OFFICE, "en": "In Example Road."})
        assert await answer() == "In Example Road."


async def test_a_correction_is_undone_unless_it_was_changed_again(database: Database, boss: Person) -> None:
    async with database.write() as tx:
        question_id = await put_office(tx)

        async def correct(text: str, locale: str = "en") -> int:
            done = await teaching.correct_answer(tx, question_id, locale, text, actor_id=boss.id, now=NOON)
            assert isinstance(done, Taught)
            return done.lesson_id

        first, second = await correct("One."), await correct("Two.")
        assert await unteaching.undo(tx, first, actor_id=boss.id, now=NOON) == ChangedSince()
        assert await unteaching.undo(tx, second, actor_id=boss.id, now=NOON) == Undone(question_id)
        assert await unteaching.undo(tx, first, actor_id=boss.id, now=NOON) == Undone(question_id)
        translated = await correct("在示例街。", "zh_Hans_CN")
        await unteaching.undo(tx, translated, actor_id=boss.id, now=NOON)
        entry = await entries.find(tx, question_id)
    assert entry is not None
    assert {locale: (told.text, told.origin) for locale, told in entry.answers.items()} == {
        locale: (text, "pack") for locale, text in OFFICE.items()
    }


async def test_the_last_wording_stays_and_known_words_are_not_added(database: Database, boss: Person) -> None:
    async with database.write() as tx:
        question_id = await put_office(tx, {"en": "There."}, {"en": ["Where is it?"]})
        entry = await entries.find(tx, question_id)
        assert entry is not None
        only = entry.wordings[0].id
        assert await teaching.remove_wording(tx, only, actor_id=boss.id, now=NOON) == LastOne()
        again = await teaching.add_wording(tx, question_id, "en", "WHERE is it", actor_id=boss.id, now=NOON)
        assert again == Already()
        assert await teaching.remove_wording(tx, 999, actor_id=boss.id, now=NOON) == Gone()


async def test_only_a_learned_entry_is_deleted_and_it_comes_back(database: Database, boss: Person) -> None:
    async with database.write() as tx:
        packs = await put_office(tx)
        assert await teaching.delete_entry(tx, packs, actor_id=boss.id, now=NOON) == Gone()
        made = await teaching.begin_entry(
            tx, "Dogs?", "Guide dogs.", "en", actor_id=boss.id, now=NOON, home=HOME
        )
        assert made.question_id is not None
        done = await teaching.delete_entry(tx, made.question_id, actor_id=boss.id, now=NOON)
        assert isinstance(done, Taught)
        attached = await teaching.attach(tx, [1], made.question_id, actor_id=boss.id, now=NOON)
        assert attached == Gone()
        await unteaching.undo(tx, done.lesson_id, actor_id=boss.id, now=NOON)
        assert await topics.read(tx, f"q{made.question_id}", now=NOON) is not None


async def test_what_a_pack_dropped_since_is_undone_for_its_questions(
    database: Database, boss: Person, ming: Person
) -> None:
    async with database.write() as tx:
        question_id = await put_office(tx)
        ids = await asked_in_vain(tx, ming, "喺邊度")
        done = await teaching.attach(tx, ids, question_id, actor_id=boss.id, now=NOON)
        assert isinstance(done, Taught)
        await content.drop_missing(tx, [], [])
        assert isinstance(await unteaching.undo(tx, done.lesson_id, actor_id=boss.id, now=NOON), Undone)
        assert await open_texts(tx) == {"喺邊度"}


async def test_everything_is_written_down_and_raises_the_revision(
    database: Database, boss: Person, ming: Person
) -> None:
    async with database.write() as tx:
        question_id = await put_office(tx)
        before = await content.find_revision(tx)
        ids = await asked_in_vain(tx, ming, "喺邊度", "訂枱")
        done = await teaching.attach(tx, ids[:1], question_id, actor_id=boss.id, now=NOON)
        assert isinstance(done, Taught)
        await teaching.dismiss(tx, ids[1:], actor_id=boss.id, now=NOON)
        await unteaching.undo(tx, done.lesson_id, actor_id=boss.id, now=NOON)
        noted = [(one.action, one.params.get("entry")) for one in await audit.list_entries(tx, limit=9)]
        assert noted == [
            ("lesson_undone", question_id),
            ("questions_dismissed", None),
            ("questions_attached", question_id),
        ]
        assert await content.find_revision(tx) == before + 3


async def test_what_was_set_apart_is_kept_together(database: Database, ming: Person) -> None:
    async with database.write() as tx:
        ids = await asked_in_vain(tx, ming, "a b", "a c", "a d")
        await teaching.set_apart(tx, ids[:1], ids[1:])
        parts = {one.text: one.part for one in await asked.list_of_person(tx, ming.id)}
    assert parts == {"a b": ids[0], "a c": ids[1], "a d": ids[1]}
