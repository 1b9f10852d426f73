"""Answers kept ready: in the reader's language where they are written in it."""

from bot import ready_answers
from bot.ready_answers import Words, words_for
from storage import Database, audit
from storage import ready_answers as kept
from storage.ready_answers import ReadyAnswer
from tests.conftest import NOON
from tests.making import known_person

PARKING = ReadyAnswer(1, "Parking", {"zh_Hant_HK": "可泊車。", "en": "There is parking."})


def test_an_answer_is_read_in_ones_language_or_else_in_its_first() -> None:
    assert words_for(PARKING, "en") == Words("There is parking.", "en")
    assert words_for(PARKING, "zh_Hans_CN") == Words("可泊車。", "zh_Hant_HK")


async def test_an_answer_is_written_language_by_language_and_every_change_is_noted(
    database: Database,
) -> None:
    actor = (await known_person(database, 1, now=NOON)).id
    async with database.write() as tx:
        made = await ready_answers.create(tx, "Parking", "en", "Yes.", actor_id=actor, now=NOON)
        await ready_answers.write(tx, made, "zh_Hant_HK", "有。", actor_id=actor, now=NOON)
        await ready_answers.rename(tx, made, "Cars", actor_id=actor, now=NOON)
        assert await kept.find(tx, made) == ReadyAnswer(made, "Cars", {"en": "Yes.", "zh_Hant_HK": "有。"})
        await ready_answers.write(tx, made, "en", None, actor_id=actor, now=NOON)
        await ready_answers.write(tx, made, "zh_Hant_HK", None, actor_id=actor, now=NOON)
        found = await kept.find(tx, made)
        assert found is not None
        assert found.texts == {"zh_Hant_HK": "有。"}, "the last words stay"
        assert await ready_answers.delete(tx, made, actor_id=actor, now=NOON)
        assert not await ready_answers.delete(tx, made, actor_id=actor, now=NOON)
        noted = [entry.action for entry in await audit.list_entries(tx, limit=20)]
    assert noted == ["ready_answer_deleted", *["ready_answer_changed"] * 3, "ready_answer_created"]
