"""Questions of a quiz from a file that somebody wrote: all of them, or everything that is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from bot.language import LOCALES, NATIVE_NAMES, resolve
from bot.quiz_writing import Asking
from bot.quizzes import (
    CHOICE_LIMIT,
    EXPLANATION_LIMIT,
    FEWEST_CHOICES,
    MOST_CHOICES,
    MOST_QUESTIONS,
    QUESTION_LIMIT,
)
from storage.quiz_questions import QuestionText

LARGEST: Final = 1024 * 1024
# So many faults are told; whoever mends them sends the file again.
MOST_FAULTS: Final = 20

What = Literal[
    "too_large",
    "encoding",
    "kind",
    "form",
    "no_questions",
    "too_many",
    "column",
    "field",
    "language",
    "twice",
    "base",
    "question",
    "too_long",
    "choices",
    "alike",
    "uneven",
    "right",
]


@dataclass(frozen=True)
class Fault:
    """One thing to put right: on which line (from 1), what, and which word or how many it is about."""

    line: int
    what: What
    name: str = ""
    limit: int = 0


@dataclass(frozen=True)
class Faults:
    """Everything that is wrong with the file, by line; there is always at least one."""

    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Words:
    """A question in one language as it stands in a file, and on which line."""

    line: int
    text: str
    choices: tuple[str, ...]
    explanation: str


@dataclass(frozen=True)
class Written:
    """A question as it stands in a file, not looked over yet."""

    line: int
    right: str
    right_line: int
    words: Mapping[str, Words]


def locale_of(written: str) -> str | None:
    """Which of our languages is meant by its code or its own name; None: none of them."""
    named = {name.casefold(): locale for locale, name in NATIVE_NAMES.items()}
    text = written.strip()
    if text.casefold() in named:
        return named[text.casefold()]
    found = resolve(text, default="")
    return found if found in LOCALES else None


def looked_over(written: Sequence[Written], base: str, faults: list[Fault]) -> list[Asking] | Faults:
    """The questions as they can be asked, if nothing is wrong with any of them or was before."""
    if not written and not faults:
        faults.append(Fault(1, "no_questions"))
    if len(written) > MOST_QUESTIONS:
        faults.append(Fault(written[MOST_QUESTIONS].line, "too_many", limit=MOST_QUESTIONS))
    asked = [_asking(one, base, faults) for one in written[:MOST_QUESTIONS]]
    if faults:
        return Faults(tuple(sorted(set(faults), key=lambda fault: (fault.line, fault.what, fault.name))))
    return asked


def _asking(one: Written, base: str, faults: list[Fault]) -> Asking:
    if base not in one.words:
        faults.append(Fault(one.line, "base", NATIVE_NAMES.get(base, base)))
    counts = {locale: len(words.choices) for locale, words in one.words.items()}
    expected = counts.get(base, next(iter(counts.values()), 0))
    for locale, words in one.words.items():
        faults += _faults_of(words)
        if counts[locale] != expected:
            faults.append(Fault(words.line, "uneven", NATIVE_NAMES.get(locale, locale), expected))
    right = one.right.strip()
    number = int(right) if right.isascii() and right.isdecimal() and len(right) < 3 else 0
    if not 1 <= number <= max(expected, 1):
        faults.append(Fault(one.right_line, "right", right[:20], expected))
    texts = {
        locale: QuestionText(words.text, words.choices, words.explanation)
        for locale, words in one.words.items()
    }
    return Asking(number, texts)


def _faults_of(words: Words) -> list[Fault]:
    faults = []
    if not words.text:
        faults.append(Fault(words.line, "question"))
    if not FEWEST_CHOICES <= len(words.choices) <= MOST_CHOICES or not all(words.choices):
        faults.append(Fault(words.line, "choices", limit=MOST_CHOICES))
    if len(set(words.choices)) != len(words.choices):
        faults.append(Fault(words.line, "alike"))
    for text, limit in (
        (words.text, QUESTION_LIMIT),
        (words.explanation, EXPLANATION_LIMIT),
        *((choice, CHOICE_LIMIT) for choice in words.choices),
    ):
        if len(text) > limit:
            faults.append(Fault(words.line, "too_long", text[:20], limit))
    return faults
