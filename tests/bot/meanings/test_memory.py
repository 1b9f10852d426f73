"""Every text is understood once, and kept for as long as it is of use."""

from bot.meanings import MUSE, Text
from bot.meanings.memory import Memory
from storage import Database, meanings
from tests.meanings import LetterEncoder

TEXTS = [Text("Where is the office?", "question"), Text("The office is in Sample Street.", "passage")]


async def kept(database: Database, texts: list[Text]) -> set[str]:
    keys = {text.key(MUSE): text.text for text in texts}
    async with database.read() as tx:
        return {keys[key] for key in await meanings.find(tx, MUSE.edition, list(keys))}


async def test_a_text_is_understood_once_also_after_a_restart(database: Database) -> None:
    first = LetterEncoder()
    memory = Memory(first)
    await memory.recall(database, TEXTS)
    assert memory.is_learning
    assert await memory.learn(database, seconds=5)
    assert not memory.is_learning
    assert sorted(first.read) == sorted(text.text for text in TEXTS)

    second = LetterEncoder()
    again = Memory(second)
    await again.recall(database, TEXTS)
    assert not again.is_learning
    assert second.read == []
    assert again.understood[MUSE.name].keys() == memory.understood[MUSE.name].keys()


async def test_of_a_changed_entry_only_what_changed_is_understood_anew(database: Database) -> None:
    encoder = LetterEncoder()
    memory = Memory(encoder)
    await memory.recall(database, TEXTS)
    await memory.learn(database, seconds=5)
    encoder.read.clear()
    changed = [TEXTS[0], Text("It has moved to Example Road.", "passage")]
    await memory.recall(database, changed)
    assert await memory.learn(database, seconds=5)
    assert encoder.read == ["It has moved to Example Road."]


async def test_what_nobody_can_be_told_any_more_is_forgotten(database: Database) -> None:
    memory = Memory(LetterEncoder())
    await memory.recall(database, TEXTS)
    await memory.learn(database, seconds=5)
    await memory.recall(database, [TEXTS[0], Text("New", "passage")])
    await memory.learn(database, seconds=5)
    assert await kept(database, [*TEXTS, Text("New", "passage")]) == {TEXTS[0].text, "New"}


async def test_the_same_words_in_two_roles_are_two_texts(database: Database) -> None:
    encoder = LetterEncoder()
    memory = Memory(encoder)
    await memory.recall(database, [Text("Office", "question"), Text("Office", "passage")])
    await memory.learn(database, seconds=5)
    assert encoder.read == ["Office", "Office"]


async def test_with_a_dead_worker_nothing_is_learnt_and_nothing_lost(database: Database) -> None:
    encoder = LetterEncoder()
    encoder.dead = True
    memory = Memory(encoder)
    await memory.recall(database, TEXTS)
    assert not await memory.learn(database, seconds=5)
    assert memory.is_learning
    encoder.dead = False
    assert await memory.learn(database, seconds=5)
