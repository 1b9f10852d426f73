"""Sets of questions whose answers are known, written for measuring and for nothing else."""

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from opencc import OpenCC

from bot.questions import Entry

HERE = Path(__file__).parent
CONTENT = HERE.parents[1] / "content" / "questions"


@dataclass(frozen=True)
class Case:
    """A question as somebody would ask it, and the id of the entry that answers it, or None if none does."""

    question: str
    locale: str
    expected: str | None


def read(name: str) -> tuple[list[Entry], list[Case]]:
    """A set beside this module: its entries, if it brings any, and its questions.

    Each line is an entry's id with the questions asked for it by locale; where the set brings its own
    entries, the line has their wordings and text too. An id of null marks what is out of scope. What is
    given in Traditional characters only is asked in Simplified ones as well.
    """
    simplify = OpenCC("hk2s").convert
    entries: list[Entry] = []
    cases: list[Case] = []
    for line in (HERE / name).read_text("utf-8").splitlines():
        row: Mapping[str, Any] = json.loads(line)
        for locale, wordings in row.get("wordings", {}).items():
            entries.append(Entry(row["entry"], locale, "question", tuple(wordings), row["text"][locale]))
        for locale, questions in row["asked"].items():
            cases += (Case(question, locale, row["entry"]) for question in questions)
            if locale == "zh_Hant_HK" and "zh_Hans_CN" not in row["asked"]:
                cases += (Case(simplify(question), "zh_Hans_CN", row["entry"]) for question in questions)
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
    return sum((case.expected or case.question).encode()) % 2 == 1


def without(
    entries: Iterable[Entry], cases: Iterable[Case], gone: set[str]
) -> tuple[list[Entry], list[Case]]:
    """The same with some entries taken out, so that what was asked for them has no answer any more.

    Nothing is nearer to a collection's domain than a question it might well have answered.
    """
    return (
        [entry for entry in entries if entry.id not in gone],
        [
            Case(case.question, case.locale, None if case.expected in gone else case.expected)
            for case in cases
        ],
    )


def hold_out(entries: Iterable[Entry], fold: int, folds: int) -> tuple[list[Entry], list[Case]]:
    """The entries without every so many of their wordings, which are asked instead."""
    kept: list[Entry] = []
    cases: list[Case] = []
    for entry in entries:
        held = entry.wordings[fold::folds] if len(entry.wordings) > 1 else ()
        left = tuple(wording for wording in entry.wordings if wording not in held)
        kept.append(replace(entry, wordings=left))
        cases += (Case(wording, entry.locale, entry.id) for wording in held)
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
        mistyped.append(Case(" ".join(words), case.locale, case.expected))
    return mistyped
