"""Answers kept ready for the desk, in the languages that members read."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot import audit
from storage import Transaction, ready_answers
from storage.ready_answers import ReadyAnswer

TITLE_LIMIT: Final = 60
TEXT_LIMIT: Final = 1500
MOST: Final = 100


@dataclass(frozen=True)
class Words:
    """The words of an answer, and the language they are in, which may not be the one that was asked for."""

    text: str
    locale: str


def words_for(answer: ReadyAnswer, locale: str) -> Words:
    """The answer in the language, or else in the one it was written in first."""
    if locale in answer.texts:
        return Words(answer.texts[locale], locale)
    base = next(iter(answer.texts))
    return Words(answer.texts[base], base)


async def create(tx: Transaction, title: str, locale: str, text: str, *, actor_id: int, now: datetime) -> int:
    answer_id = await ready_answers.add(tx, title, {locale: text})
    await audit.note(tx, "ready_answer_created", now=now, actor_id=actor_id, title=title)
    return answer_id


async def rename(tx: Transaction, answer_id: int, title: str, *, actor_id: int, now: datetime) -> bool:
    """Call it something else; False where it is not there any more."""
    answer = await ready_answers.find(tx, answer_id)
    if answer is None:
        return False
    await ready_answers.put(tx, replace(answer, title=title))
    await audit.note(tx, "ready_answer_changed", now=now, actor_id=actor_id, title=title)
    return True


async def write(
    tx: Transaction, answer_id: int, locale: str, text: str | None, *, actor_id: int, now: datetime
) -> bool:
    """Put its words in one language, or with None take them away; the last ones stay.

    False where it is not there any more.
    """
    answer = await ready_answers.find(tx, answer_id)
    if answer is None:
        return False
    texts = {**answer.texts, locale: text or ""}
    texts = {one: words for one, words in texts.items() if words}
    if texts:
        await ready_answers.put(tx, replace(answer, texts=texts))
        await audit.note(tx, "ready_answer_changed", now=now, actor_id=actor_id, title=answer.title)
    return True


async def delete(tx: Transaction, answer_id: int, *, actor_id: int, now: datetime) -> bool:
    """Twice is harmless."""
    answer = await ready_answers.find(tx, answer_id)
    if answer is None or not await ready_answers.drop(tx, answer_id):
        return False
    await audit.note(tx, "ready_answer_deleted", now=now, actor_id=actor_id, title=answer.title)
    return True
