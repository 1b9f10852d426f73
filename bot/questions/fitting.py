"""Fitting the calibration to questions of which it is known what they mean."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.questions.decide import FEATURES, LIKENESS, Answer, Calibration, Choices, Found, Nothing, decide
from bot.questions.entries import Entry
from bot.questions.index import Floats

PENALTY = 1.0
FOLDS = 5
# Measuring needs no calibration; the one there is may not even fit the features.
BLANK = Calibration(0.0, (0.0,) * len(FEATURES), answer_from=1.0, alike_from=1.0, offer_from=1.0)

# What each outcome is worth. A confident wrong answer is worse than none: one in so many undoes the good.
RIGHT, WRONG = 1.0, -20.0
OFFERED, OFFERED_IN_VAIN = 0.6, -0.3
# How far a threshold may move at once, and in which steps.
REACH, STEP = 0.2, 0.01


@dataclass(frozen=True)
class Candidates:
    """A question's candidates: features, a row each; their entries; which id is right, None for none."""

    question: str
    features: Floats
    entries: tuple[Entry, ...]
    expected: str | None

    @property
    def right(self) -> Floats:
        return np.array([float(entry.id == self.expected) for entry in self.entries])


@dataclass(frozen=True)
class Weighed:
    """A question's candidates, likeliest first, and how alike the first is to what was asked."""

    found: tuple[Found, ...]
    likeness: float
    expected: str | None


def weigh(one: Candidates, calibration: Calibration) -> Weighed:
    """What there is to decide on; thresholds don't change it."""
    if not one.entries:
        return Weighed((), 0.0, one.expected)
    probabilities = calibration.probabilities(one.features)
    order = np.argsort(-probabilities, kind="stable")
    found = tuple(Found(one.entries[number], float(probabilities[number])) for number in order)
    return Weighed(found, float(one.features[order[0], FEATURES.index(LIKENESS)]), one.expected)


def verdict(one: Weighed, calibration: Calibration) -> str:
    """How good the decision is: answered_right, answered_wrong, offered_right, offered_wrong or refused."""
    match decide(one.found, one.likeness, calibration):
        case Answer(best):
            return "answered_right" if best.entry.id == one.expected else "answered_wrong"
        case Choices(found):
            right = one.expected in {each.entry.id for each in found}
            return "offered_right" if right else "offered_wrong"
        case Nothing():
            return "refused"


WORTH = {
    "answered_right": RIGHT,
    "answered_wrong": WRONG,
    "offered_right": OFFERED,
    "offered_wrong": OFFERED_IN_VAIN,
    "refused": 0.0,
}


def worth(questions: Sequence[Weighed], calibration: Calibration) -> float:
    """What these decisions are worth together."""
    return sum(WORTH[verdict(one, calibration)] for one in questions)


def fit(questions: Sequence[Candidates], present: Calibration, *, whole: bool) -> Calibration:
    """The calibration for which decisions are worth most, near to the present one.

    With `whole` the model is fitted too, else the thresholds alone. The same questions give the same.
    """
    fitted = present
    if whole:
        intercept, coefficients = regress(
            [one.features for one in questions if one.entries],
            [one.right for one in questions if one.entries],
            around=(present.intercept, *present.coefficients),
        )
        fitted = replace(present, intercept=intercept, coefficients=coefficients)
    weighed = [weigh(one, fitted) for one in questions]
    thresholds = [field.name for field in fields(Calibration) if field.name.endswith("_from")]
    for _ in range(2):
        for name in thresholds:
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
        fitted = fit(inside, present, whole=whole) if inside else present
        before += worth([weigh(one, present) for one in outside], present)
        after += worth([weigh(one, fitted) for one in outside], fitted)
    return before, after


def regress(
    features: Sequence[Floats], right: Sequence[Floats], *, around: Sequence[float] | None = None
) -> tuple[float, tuple[float, ...]]:
    """Logistic regression by Newton's method, lightly held back; intercept and coefficients.

    It is held back to nothing, or to the weights that are given, the intercept first.
    """
    rows = np.concatenate(features)
    rows = np.hstack([np.ones((len(rows), 1)), rows])
    hits = np.concatenate(right)
    penalty = PENALTY * np.eye(rows.shape[1])
    origin = np.zeros(rows.shape[1]) if around is None else np.array(around, dtype=float)
    if around is None:
        penalty[0, 0] = 0
    weights = np.zeros(rows.shape[1])
    for _ in range(30):
        likely = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ (likely - hits) + penalty @ (weights - origin)
        curve = (rows * (likely * (1 - likely))[:, None]).T @ rows + penalty
        weights = weights - np.linalg.solve(curve, slope)
    return float(weights[0]), tuple(float(weight) for weight in weights[1:])


def answer_threshold(best: Floats, hits: NDArray[np.bool_], wanted: float) -> float:
    """The lowest probability from which answers are right as often as wanted, never below one half."""
    for candidate in np.arange(0.5, 0.99, 0.01):
        answered = best >= candidate
        if answered.any() and hits[answered].mean() >= wanted:
            return float(candidate)
    return 0.99


def offer_threshold(chances_of_foreign: Floats, left: float) -> float:
    """The chance of being right that hardly anything out of scope reaches, so that nothing is offered."""
    return float(np.quantile(chances_of_foreign, left))


def hash_of(text: str) -> int:
    """A number that is the same for the same question in every run."""
    return sum(ord(letter) * place for place, letter in enumerate(text, 1))
