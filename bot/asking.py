"""Asking without Telegram: what the bot would answer, tried from the command line."""

import asyncio
import logging
import os
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Final

from bot import library
from bot.language import resolve
from bot.meanings import Encoder
from bot.meanings.cache import kept_meanings
from bot.meanings.memory import Memory
from bot.pack import Pack
from bot.questions import Answer, Choices, Entry, Finder, Found, Nothing, texts_of
from bot.settings import Settings
from storage import Database

logger = logging.getLogger(__name__)

# A pack so large that a model would take longer over it is answered without that model.
LONGEST_READING_SECONDS: Final = 420.0
LONGEST_LEARNING_SECONDS: Final = 20.0


async def ask_pack(
    encoder: Encoder, pack: Pack, questions: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """What a pack would answer if it were loaded.

    Each question has `question` and `language`. Each answer repeats them and adds `outcome` (answer, choices
    or none), `entries`, likeliest first, with `id` and `kind` as the pack has them and a `probability` from
    0 to 1, the `milliseconds` that finding took, and `answers_by`, what decided.
    """
    found = entries_of(pack)
    memory = Memory(encoder, forgets=False)
    if encoder.models:
        async with kept_meanings() as kept:
            await memory.recall(kept, texts_of(found))
            await _read(memory, kept)
    return await _ask(encoder, Finder(found, understood=memory.understood), questions)


async def _read(memory: Memory, kept: Database) -> None:
    """Have the models read the whole pack, and say what is left out where that takes too long."""
    until = time.monotonic() + LONGEST_READING_SECONDS
    while memory.is_learning and time.monotonic() < until:
        await memory.learn(kept, seconds=10.0)
        await asyncio.sleep(0)
    if memory.is_learning:
        logger.warning("not all of the pack could be understood in time: words decide more of it")


async def ask_database(
    encoder: Encoder, database: Database, questions: Iterable[Mapping[str, Any]], *, now: datetime
) -> list[dict[str, Any]]:
    """The same for what is loaded, upcoming events included."""
    shelf = library.Library(encoder)
    await shelf.refresh(database, now=now)
    # A bot at work has understood it all long ago; else whoever asks waits for the quick model only.
    until = time.monotonic() + LONGEST_LEARNING_SECONDS
    while shelf.is_learning and time.monotonic() < until:
        await shelf.learn(database)
        await asyncio.sleep(0)
    return await _ask(encoder, shelf.finder, questions)


def in_words(answered: Mapping[str, Any]) -> str:
    """What was found, for somebody at a terminal."""
    listed = "\n".join(
        f"  {entry['probability']:.0%}  {entry['title']} ({entry['id']})" for entry in answered["entries"]
    )
    match answered["outcome"]:
        case "answer":
            return f"{answered['answer']}\n{listed}"
        case "choices":
            return f"Did you mean one of these?\n{listed}"
        case _:
            return f"Nothing found. Nearest:\n{listed}" if listed else "Nothing found."


def entries_of(pack: Pack) -> list[Entry]:
    found = []
    # Ids are unique within a list of the pack only.
    for question in pack.questions:
        for locale, text in question.answer.items():
            found.append(
                Entry(f"question:{question.id}", locale, "question", question.wordings.get(locale, ()), text)
            )
    for programme in pack.programmes:
        for locale, title in programme.title.items():
            said = "\n".join(texts.get(locale, "") for texts in (programme.summary, programme.body))
            found.append(Entry(f"programme:{programme.id}", locale, "programme", (title,), said))
    for event in pack.events:
        for locale, title in event.title.items():
            said = "\n".join((texts or {}).get(locale, "") for texts in (event.description, event.place))
            found.append(Entry(f"event:{event.id}", locale, "event", (title,), said))
    return found


@asynccontextmanager
async def models_at_work(settings: Settings) -> AsyncIterator[Encoder]:
    """The models that this machine can run, in a process for each of its processors; none if not wanted."""
    encoder = Encoder() if settings.semantic else Encoder(())
    processes = min(os.cpu_count() or 1, 4) if encoder.models else 0
    tasks = [asyncio.create_task(encoder.run()) for _ in range(processes)]
    try:
        while processes and not encoder.at_work:
            await asyncio.sleep(0.01)
        yield encoder
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _ask(
    encoder: Encoder, finder: Finder, questions: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    answered = []
    for asked in questions:
        question = str(asked["question"])
        began = time.perf_counter()
        restated = finder.restated(question)
        meaning = await encoder.understand(restated, finder.models if restated else (), patience=None)
        outcome = finder.ask(question, resolve(asked.get("language")), meaning)
        milliseconds = (time.perf_counter() - began) * 1000
        answered.append(
            {
                "question": question,
                "language": asked.get("language"),
                **_described(outcome),
                "milliseconds": round(milliseconds, 3),
                "answers_by": "+".join((*sorted(meaning), "bm25")),
            }
        )
    return answered


def _described(outcome: Answer | Choices | Nothing) -> dict[str, Any]:
    match outcome:
        case Answer(best, others):
            return {"outcome": "answer", "answer": best.entry.text, "entries": _ranked((best, *others))}
        case Choices(found):
            return {"outcome": "choices", "entries": _ranked(found)}
        case Nothing(near):
            return {"outcome": "none", "entries": _ranked(near)}


def _ranked(found: Iterable[Found]) -> list[dict[str, Any]]:
    return [
        {
            "id": one.entry.id.rpartition(":")[2],
            "kind": one.entry.kind,
            "title": next(iter(one.entry.wordings), ""),
            "probability": round(one.probability, 4),
        }
        for one in found
    ]
