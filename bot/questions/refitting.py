"""Fitting a calibration in use to questions of which it is known by now what they mean."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from bot.questions.decide import Answer, Calibration, Choices, Found, Nothing, decide
from bot.questions.entries import Entry
from bot.questions.fitting import Measured, regress
from bot.questions.index import Floats

FOLDS: Final = 5

# What each outcome is worth. A confident wrong answer is worse than none: one in so many undoes the good.
WORTH: Final = {
    "answered_right": 1.0,
    "answered_wrong": -20.0,
    "offered_right": 0.6,
    "offered_wrong": -0.3,
    "refused": 0.0,
}
# How far a threshold may move at once, and in which steps.
REACH: Final = 0.2
STEP: Final = 0.01
THRESHOLDS: Final = ("answer_from", "offer_from")


@dataclass(frozen=True)
class Candidates:
    """A question's candidates: features, a row each; their entries; which id is right, None for none."""

    question: str
    features: Floats
    entries: tuple[Entry, ...]
    expected: str | None

    @property
    def measured(self) -> Measured:
        right = np.array([entry.id == self.expected for entry in self.entries], dtype=np.bool_)
        return Measured(self.features, right, part=0)


@dataclass(frozen=True)
class Weighed:
    """A question's candidates, likeliest first."""

    found: tuple[Found, ...]
    expected: str | None


def weigh(one: Candidates, calibration: Calibration) -> Weighed:
    """What there is to decide on; thresholds don't change it."""
    if not one.entries:
        return Weighed((), one.expected)
    probabilities = calibration.probabilities(one.features)
    order = np.argsort(-probabilities, kind="stable")
    found = tuple(Found(one.entries[number], float(probabilities[number])) for number in order)
    return Weighed(found, one.expected)


def verdict(one: Weighed, calibration: Calibration) -> str:
    """How good the decision is: answered_right, answered_wrong, offered_right, offered_wrong or refused."""
    match decide(one.found, calibration):
        case Answer(best):
            return "answered_right" if best.entry.id == one.expected else "answered_wrong"
        case Choices(found):
            right = one.expected in {each.entry.id for each in found}
            return "offered_right" if right else "offered_wrong"
        case Nothing():
            return "refused"


def worth(questions: Sequence[Weighed], calibration: Calibration) -> float:
    """What these decisions are worth together."""
    return sum(WORTH[verdict(one, calibration)] for one in questions)


def refit(questions: Sequence[Candidates], present: Calibration, *, whole: bool) -> Calibration:
    """The calibration for which decisions are worth most, near to the present one.

    With `whole` the model is fitted too, else the thresholds alone. The same questions give the same.
    """
    fitted = present
    if whole:
        measured = [one.measured for one in questions if one.entries]
        fitted = regress(measured, present.rung, around=present)
    weighed = [weigh(one, fitted) for one in questions]
    for _ in range(2):
        for name in THRESHOLDS:
            fitted = _best(weighed, fitted, name, getattr(present, name))
    return fitted


def _best(questions: Sequence[Weighed], calibration: Calibration, name: str, around: float) -> Calibration:
    """The same with one threshold moved to where it is worth most; of equals the nearest to what it was."""
    least, most = max(0.05, around - REACH), min(0.99, around + REACH)
    steps = np.arange(least, most + STEP / 2, STEP)
    values = {round(float(step), 3) for step in steps} | {around}
    changes: list[dict[str, Any]] = [
        {name: value} for value in sorted(values, key=lambda one: (abs(one - around), one))
    ]
    return max(
        (replace(calibration, **change) for change in changes),
        key=lambda one: round(worth(questions, one), 6),
    )


def cross_validated(
    questions: Sequence[Candidates], present: Calibration, *, whole: bool
) -> tuple[float, float]:
    """What decisions are worth at present, and by calibrations fitted to other questions than they judge."""
    before = after = 0.0
    for fold in range(FOLDS):
        inside = [one for one in questions if hash_of(one.question) % FOLDS != fold]
        outside = [one for one in questions if hash_of(one.question) % FOLDS == fold]
        fitted = refit(inside, present, whole=whole) if inside else present
        before += worth([weigh(one, present) for one in outside], present)
        after += worth([weigh(one, fitted) for one in outside], fitted)
    return before, after


def hash_of(text: str) -> int:
    """A number that is the same for the same question in every run."""
    return sum(ord(letter) * place for place, letter in enumerate(text, 1))
