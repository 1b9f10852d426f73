"""Asking without Telegram: what the bot would answer, tried from the command line."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot import library
from bot.language import resolve
from bot.pack import Pack
from bot.questions import Answer, Choices, Entry, Finder, Found, Nothing
from storage import Transaction


def ask_pack(pack: Pack, questions: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """What a pack would answer if it were loaded.

    Each question has `question` and `language`. Each answer repeats them and adds `outcome` (answer, choices
    or none), `entries`, likeliest first, with `id` and `kind` as the pack has them and a `probability` from
    0 to 1, and the `milliseconds` that finding took.
    """
    return _ask(_entries(pack), questions)


async def ask_database(
    tx: Transaction, questions: Iterable[Mapping[str, Any]], *, now: datetime
) -> list[dict[str, Any]]:
    """The same for what is loaded, upcoming events included."""
    return list(_ask(await library.entries(tx, now=now), questions))


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


def _entries(pack: Pack) -> list[Entry]:
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


def _ask(entries: Sequence[Entry], questions: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    finder = Finder(entries)
    for asked in questions:
        question = str(asked["question"])
        began = time.perf_counter()
        outcome = finder.ask(question, resolve(asked.get("language")))
        milliseconds = (time.perf_counter() - began) * 1000
        yield {
            "question": question,
            "language": asked.get("language"),
            **_described(outcome),
            "milliseconds": round(milliseconds, 3),
        }


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
