"""Sets of questions whose answers are known, written for measuring and for nothing else."""

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from bot.questions import Entry

HERE = Path(__file__).parent
CONTENT = HERE.parents[1] / "content" / "questions"


@dataclass(frozen=True)
class Case:
    """A question as somebody would ask it, and the ids of the entries that answer it: none if none does.

    `manner` is the language and the way of writing by which figures are told apart: "en", "yue" for
    Cantonese as it is typed, "zh+typo"; `near` marks what is much like what entries answer, and isn't.
    """

    question: str
    locale: str
    expected: tuple[str, ...]
    manner: str = ""
    near: bool = False


# The language that somebody who writes so has chosen.
_CHOSEN = {"yue": "zh_Hant_HK", "en+typo": "en", "zh+typo": "zh_Hant_HK"}


def read(name: str) -> tuple[list[Entry], list[Case]]:
    """A set beside this module: its entries, if it brings any, and its questions.

    Each line is an entry's id with the questions asked for it by manner; where the set brings its own
    entries, the line has their wordings and text too. An id of null marks what is out of scope. `also`
    names other entries that are a fair answer.
    """
    entries: list[Entry] = []
    cases: list[Case] = []
    for line in (HERE / name).read_text("utf-8").splitlines():
        row: Mapping[str, Any] = json.loads(line)
        for locale, text in row.get("text", {}).items():
            wordings = tuple(row.get("wordings", {}).get(locale, ()))
            entries.append(Entry(row["entry"], locale, "question", wordings, text))
        expected = (row["entry"], *row.get("also", ())) if row["entry"] else ()
        for manner, questions in row["asked"].items():
            locale = _CHOSEN.get(manner, manner)
            near = row.get("kind") == "near"
            cases += (Case(question, locale, expected, manner, near) for question in questions)
    return entries, cases


def content() -> list[Entry]:
    """The questions of the association's pack."""
    entries = []
    for file in sorted(CONTENT.glob("*.yaml")):
        loaded = yaml.safe_load(file.read_text("utf-8"))
        for row in loaded["questions"] if isinstance(loaded, dict) else loaded:
            for locale, wordings in row["wordings"].items():
                entries.append(Entry(row["id"], locale, "question", tuple(wordings), row["answer"][locale]))
    return entries


def untouched(case: Case) -> bool:
    """Whether the case is in the half never fitted on: by entry, or by question where no entry is meant."""
    return sum((case.expected[0] if case.expected else case.question).encode()) % 2 == 1


def without(
    entries: Iterable[Entry], cases: Iterable[Case], gone: set[str]
) -> tuple[list[Entry], list[Case]]:
    """The same with some entries taken out, so that what was asked for them has no answer any more.

    Nothing is nearer to a collection's domain than a question it might well have answered.
    """
    return (
        [entry for entry in entries if entry.id not in gone],
        [replace(case, expected=tuple(one for one in case.expected if one not in gone)) for case in cases],
    )


def hold_out(entries: Iterable[Entry], fold: int, folds: int) -> tuple[list[Entry], list[Case]]:
    """The entries without every so many of their wordings, which are asked instead."""
    kept: list[Entry] = []
    cases: list[Case] = []
    for entry in entries:
        held = entry.wordings[fold::folds] if len(entry.wordings) > 1 else ()
        left = tuple(wording for wording in entry.wordings if wording not in held)
        kept.append(replace(entry, wordings=left))
        cases += (Case(wording, entry.locale, (entry.id,), entry.locale) for wording in held)
    return kept, cases


def mistype(cases: Sequence[Case], dice: random.Random) -> list[Case]:
    """The longer English questions again with two letters swapped or one left out in one of their words."""
    mistyped = []
    for case in cases:
        words = case.question.split()
        long = [at for at, word in enumerate(words) if len(word) > 5 and word.isascii()]
        if case.locale != "en" or not long:
            continue
        at = dice.choice(long)
        letter = dice.randrange(1, len(words[at]) - 2)
        word = words[at]
        swapped = word[:letter] + word[letter + 1] + word[letter] + word[letter + 2 :]
        shortened = word[:letter] + word[letter + 1 :]
        words[at] = dice.choice((swapped, shortened))
        mistyped.append(replace(case, question=" ".join(words), manner="en+typo"))
    return mistyped
