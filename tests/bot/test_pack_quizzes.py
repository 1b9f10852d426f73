"""A content pack brings quizzes along: checked whole, loaded once, open from the start."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot import importing
from bot.language import LOCALES
from bot.pack import Faults, Pack, read_pack
from storage import Database, quiz_questions, quizzes
from tests.conftest import NOON
from tests.making import known_person
from tests.quizzes import begin

HOME = ZoneInfo("Asia/Hong_Kong")
CONTENT = Path(__file__).resolve().parents[2] / "content"
QUIZ = """\
quizzes:
  - id: friends
    title: {en: Friends}
    seconds_each: 20
    questions:
      - question: {en: Which is red?, zh_Hant_HK: 哪個是紅色？}
        choices:
          en: [Rose, Sky]
          zh_Hant_HK: [玫瑰, 天空]
        right: 1
"""


def pack_with(folder: Path, text: str) -> Pack | Faults:
    (folder / "quizzes").mkdir()
    (folder / "pack.yaml").write_text("name: {en: X}\nbase_locale: en\nsources: {}\n", encoding="utf-8")
    (folder / "quizzes" / "one.yaml").write_text(text, encoding="utf-8")
    return read_pack(folder)


async def load(database: Database, pack: Pack | Faults, *, samples: bool = False) -> int:
    assert isinstance(pack, Pack), pack
    async with database.write() as tx:
        return (await importing.load(tx, pack, now=NOON, home=HOME, samples=samples)).quizzes


async def test_a_packs_quiz_can_be_taken_and_loading_it_again_changes_nothing(
    database: Database, tmp_path: Path
) -> None:
    pack = pack_with(tmp_path, QUIZ)
    assert await load(database, pack) == 1
    async with database.read() as tx:
        (quiz,) = await quizzes.list_all(tx, limit=5)
        before = await quiz_questions.list_of_quiz(tx, quiz.id)
    assert (quiz.state, quiz.each_seconds, quiz.texts["en"].title) == ("open", 20, "Friends")
    async with database.write() as tx:
        await quizzes.change(tx, quiz.id, state="closed", closed_at=NOON)
    assert await load(database, pack) == 1
    async with database.read() as tx:
        (again,) = await quizzes.list_all(tx, limit=5)
        assert again.state == "closed"
        assert await quiz_questions.list_of_quiz(tx, quiz.id) == before


@pytest.mark.parametrize(
    ("old", "new", "line", "part"),
    [
        ("right: 1", "right: 3", 6, "counted from 1"),
        ("right: 1", "right: one", 10, "whole number"),
        ("[玫瑰, 天空]", "[玫瑰, 天空, 草]", 6, "as many choices"),
        ("[Rose, Sky]", "[Rose]", 8, "at least 2"),
        ("seconds_each: 20", "seconds_each: 20\n    seconds_whole: 60", 2, "one of the two"),
        ("seconds_each: 20", "seconds_each: 2", 4, "too small"),
        ("title: {en: Friends}", "title: {zh_Hant_HK: 友}", 3, "base language"),
    ],
)
def test_each_fault_is_named_by_its_line(tmp_path: Path, old: str, new: str, line: int, part: str) -> None:
    found = pack_with(tmp_path, QUIZ.replace(old, new))
    assert isinstance(found, Faults)
    assert [one.line for one in found.faults] == [line], found
    assert part in str(found)


async def test_the_sample_is_whole_in_every_language_and_loaded_only_when_asked_for(
    database: Database,
) -> None:
    pack = read_pack(CONTENT)
    assert await load(database, pack) == 0
    assert await load(database, pack, samples=True) == 1
    async with database.read() as tx:
        (quiz,) = await quizzes.list_all(tx, limit=5)
        asked = await quiz_questions.list_of_quiz(tx, quiz.id)
    assert len(asked) == 8
    assert all(sorted(one.texts) == sorted(LOCALES) for one in asked)
    assert all(text.explanation for one in asked for text in one.texts.values())
    assert sorted(quiz.texts) == sorted(LOCALES)
    await begin(database, quiz, (await known_person(database, 5, now=NOON)).id)
