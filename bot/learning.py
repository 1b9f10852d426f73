"""What is kept of questions that found no good answer, so that organisers can teach the bot."""

import re
from datetime import datetime, timedelta
from typing import Final

from bot.cutting import cut
from bot.questions import Answer, Choices, Nothing
from bot.questions.normalise import LONGEST_QUESTION
from bot.questions.outcomes import all_found
from storage import Transaction, asked
from storage.people import Person

# How long a question is kept that nobody has looked at; and who asked it, once it has been.
KEEP: Final = timedelta(days=180)
KEEP_PERSON: Final = timedelta(days=7)

# What reaches or names somebody, and says nothing about what was asked.
_PRIVATE = re.compile(r"\S+@\S+|\+?\d(?:[\s-]?\d){5,}")
_HIDDEN = "…"


def kept_words(text: str) -> str:
    """The question as it is kept: readable, at most 300 characters, without addresses and long numbers.

    Its signs stay as they were typed: it may become a wording. Empty where there is no word in it.
    """
    readable = "".join(character if character.isprintable() else " " for character in text)
    words, _ = cut(
        " ".join(_PRIVATE.sub(_HIDDEN, readable[: 2 * LONGEST_QUESTION]).split()), LONGEST_QUESTION
    )
    return words if any(character.isalpha() for character in words) else ""


async def note_asked(
    tx: Transaction,
    person: Person,
    text: str,
    found: Answer | Choices | Nothing,
    *,
    now: datetime,
) -> None:
    """Keep a question that was not answered: topics were offered, or nothing was found.

    One that was answered is not kept until its asker says how that was. The same words again are one.
    """
    words = kept_words(text)
    if isinstance(found, Answer) or not words:
        return
    near = all_found(found)
    await asked.note(
        tx,
        person.id,
        words,
        locale=person.locale,
        outcome="offered" if isinstance(found, Choices) else "nothing",
        topic_id=near[0].entry.id if near else None,
        now=now,
    )


async def note_good(tx: Transaction, person: Person, text: str, topic_id: str, *, now: datetime) -> None:
    """👍: the topic is what was asked."""
    if (words := kept_words(text)) and topic_id:
        await asked.label_right(tx, person.id, words, topic_id, locale=person.locale, now=now)


async def note_wrong(tx: Transaction, person: Person, text: str, topic_id: str, *, now: datetime) -> None:
    """👎: the topic is not what was asked. Organisers see the question."""
    if (words := kept_words(text)) and topic_id:
        await asked.label_wrong(tx, person.id, words, topic_id, locale=person.locale, now=now)


async def note_chosen(tx: Transaction, person: Person, text: str, topic_id: str, *, now: datetime) -> None:
    """One of the topics that were offered was taken. A question that was not kept stays unkept."""
    if (words := kept_words(text)) and topic_id:
        await asked.label_chosen(tx, person.id, words, topic_id, now=now)


async def note_passed_on(
    tx: Transaction, person: Person, text: str, topic_id: str, thread_id: int, *, now: datetime
) -> None:
    """From under an answer the question went to a person: it did not do."""
    if words := kept_words(text):
        await asked.note_thread(
            tx, person.id, words, thread_id, locale=person.locale, topic_id=topic_id or None, now=now
        )


async def tidy(tx: Transaction, *, now: datetime) -> None:
    """Forget what nobody has labelled for long, and who asked what is labelled."""
    await asked.purge(tx, asked_before=now - KEEP, labelled_before=now - KEEP_PERSON)
