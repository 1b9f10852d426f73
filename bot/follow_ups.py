"""Questions that go on from the topic before: "how much?", "and on Sundays?", "咁小朋友呢？"."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from bot import topics
from bot.questions import Answer, Choices, Found, Nothing
from bot.questions.inquiry import Inquiry, terms_of
from bot.questions.outcomes import all_found
from bot.topics import Reader, Topic
from storage import Transaction, programmes
from storage.events import Event
from storage.programmes import Programme, Question

Ask = Callable[[str, str], Answer | Choices | Nothing]

# What is less likely than this is not even offered.
LEAST_OFFERED: Final = 0.25
MOST_OFFERED: Final = 3


async def ask(
    tx: Transaction,
    ask_library: Ask,
    question: str,
    inquiry: Inquiry,
    topic_id: str,
    locale: str,
    *,
    now: datetime,
    reader: Reader,
) -> Answer | Choices | None:
    """What the question means said of that topic; None where it stands for itself, or nothing is near.

    Only what belongs to the same programme counts. A question that says by itself what it is about is never
    bent to the topic before it.
    """
    if not inquiry.is_elliptic:
        return None
    topic = await topics.read(tx, topic_id, now=now, reader=reader)
    if topic is None:
        return None
    subject = await _subject(tx, topic, locale, whole=not inquiry.aspects)
    found = ask_library(f"{subject} {question}", locale)
    near = [
        one
        for one in all_found(found)
        if one.entry.id != topic_id and await _belongs(tx, one, topic, now, reader)
    ]
    match found:
        case Answer(best, _) if best in near:
            return Answer(best, tuple(one for one in near if one != best))
        case _:
            pass
    same = next((one for one in all_found(found) if one.entry.id == topic_id), None)
    if same is not None and _says(same, inquiry):
        # The answer just given has this as well.
        return Answer(same, tuple(near))
    likely = [one for one in near if one.probability >= LEAST_OFFERED]
    return Choices(tuple(likely[:MOST_OFFERED])) if likely else None


async def _subject(tx: Transaction, topic: Topic, locale: str, *, whole: bool) -> str:
    """What the topic is about, in words: the `whole` question, or rather its programme's name."""
    match topic:
        case Question(programme_id=int(programme_id)) if not whole:
            programme = await programmes.find(tx, programme_id)
            return _in(locale, topic.wordings) if programme is None else _title(programme, locale)
        case Question():
            return _in(locale, topic.wordings)
        case _:
            return _title(topic, locale)


def _title(topic: Programme | Event, locale: str) -> str:
    return _in(locale, {code: text.title for code, text in topic.texts.items()})


def _in(locale: str, texts: Mapping[str, str]) -> str:
    return texts.get(locale) or next(iter(texts.values()), "")


async def _belongs(tx: Transaction, one: Found, topic: Topic, now: datetime, reader: Reader) -> bool:
    other = await topics.read(tx, one.entry.id, now=now, reader=reader)
    mine = _programme_of(topic)
    return other is not None and mine is not None and _programme_of(other) == mine


def _programme_of(topic: Topic) -> int | None:
    match topic:
        case Question():
            return topic.programme_id
        case Programme():
            return topic.id
        case _:
            return None


def _says(found: Found, inquiry: Inquiry) -> bool:
    """Whether the text speaks of what the question adds."""
    added = {*inquiry.rest, *terms_of(inquiry.days)}
    return bool(added & set(terms_of(found.entry.text)))
