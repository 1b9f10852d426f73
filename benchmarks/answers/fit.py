"""The calibration, fitted: `python -m benchmarks.answers.fit` shows what would change, `--write` changes it.

Fitted on a made-up library's questions, and on the half of the association's that is set apart for it; never
on the half that the figures are taken from.
"""

import argparse
import json
import random
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.answers import sets
from benchmarks.answers.sets import Case
from bot.questions import Entry, Finder
from bot.questions.decide import CALIBRATION, FEATURES, MOST_CHOICES, Calibration, one_is_right
from bot.questions.index import Floats

ROUNDS = 4
PENALTY = 1.0
# With a third of the entries missing two times in three; a real collection has fewer holes.
WANTED_PRECISION = 0.96
LEFT_UNOFFERED = 0.95
# Measuring needs no calibration; the one there is may not even fit the features.
BLANK = Calibration(0.0, (0.0,) * len(FEATURES), answer_from=1.0, offer_from=1.0)


@dataclass(frozen=True)
class Measured:
    """A question's candidates: their features, which of them is right, and whether it is out of scope."""

    features: Floats
    right: Floats
    foreign: bool
    question: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write what was fitted to calibration.json")
    arguments = parser.parse_args()
    measured = measure_all(random.Random(1))
    fitted = fit(measured)
    stored = {
        "intercept": round(fitted.intercept, 3),
        "coefficients": {
            name: round(value, 3) for name, value in zip(FEATURES, fitted.coefficients, strict=True)
        },
        "answer_from": round(fitted.answer_from, 3),
        "offer_from": round(fitted.offer_from, 3),
    }
    print("was", CALIBRATION.read_text("utf-8"))
    print("fitted on", len(measured), "questions:", json.dumps(stored, indent=2))
    if arguments.write:
        CALIBRATION.write_text(json.dumps(stored, indent=2) + "\n", "utf-8")


def measure_all(dice: random.Random) -> list[Measured]:
    """Every question against the whole collection, and against collections with a third of it taken out."""
    measured: list[Measured] = []
    for entries, written in collections():
        cases = written + sets.mistype(written, dice)
        foreign = {case.question for case in cases if case.expected is None}
        measured += measure(entries, cases, foreign)
        ids = sorted({entry.id for entry in entries})
        for _ in range(ROUNDS):
            gone = set(dice.sample(ids, len(ids) // 3))
            measured += measure(*sets.without(entries, cases, gone), foreign)
    return measured


def collections() -> list[tuple[list[Entry], list[Case]]]:
    """The collections to fit on, with their questions."""
    known = sets.content()
    ids = {entry.id for entry in known}
    asked = [case for case in sets.read("association.jsonl")[1] if not sets.untouched(case)]
    return [
        sets.read("library.jsonl"),
        (known, [case for case in asked if case.expected is None or case.expected in ids]),
    ]


def measure(entries: list[Entry], cases: list[Case], foreign: set[str]) -> list[Measured]:
    """The candidates of each question that has any."""
    finder = Finder(entries, BLANK)
    measured = []
    for case in cases:
        found = finder.measure(case.question, case.locale)
        if found is not None:
            features, likeliest = found
            right = np.array([float(entry.id == case.expected) for entry in likeliest])
            measured.append(Measured(features, right, case.question in foreign, case.question))
    return measured


def fit(measured: list[Measured]) -> Calibration:
    """The model on everything, its thresholds from questions it did not see: a fold's at a time."""
    intercept, coefficients = regress(measured)
    foreign: list[bool] = []
    best: list[float] = []
    chances: list[float] = []
    hits: list[bool] = []
    for fold in range(5):
        inside = [one for one in measured if hash_of(one.question) % 5 != fold]
        outside = [one for one in measured if hash_of(one.question) % 5 == fold]
        model = Calibration(*regress(inside), answer_from=1, offer_from=1)
        for one in outside:
            likely = model.probabilities(one.features)
            best.append(float(likely.max()))
            chances.append(one_is_right(sorted(likely.tolist())[-MOST_CHOICES:]))
            hits.append(bool(one.right[int(likely.argmax())]))
            foreign.append(one.foreign)
    return Calibration(
        intercept,
        coefficients,
        answer_from=answer_threshold(np.array(best), np.array(hits)),
        offer_from=offer_threshold(np.array(chances)[np.array(foreign)]),
    )


def hash_of(text: str) -> int:
    """A number that is the same for the same question in every run."""
    return sum(ord(letter) * place for place, letter in enumerate(text, 1))


def regress(measured: list[Measured]) -> tuple[float, tuple[float, ...]]:
    """Logistic regression by Newton's method, lightly held back; intercept and coefficients."""
    rows = np.concatenate([one.features for one in measured])
    right = np.concatenate([one.right for one in measured])
    rows = np.hstack([np.ones((len(rows), 1)), rows])
    penalty = PENALTY * np.eye(rows.shape[1])
    penalty[0, 0] = 0
    weights = np.zeros(rows.shape[1])
    for _ in range(30):
        likely = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (likely - right) + penalty @ weights
        curve = (rows * (likely * (1 - likely))[:, None]).T @ rows + penalty
        weights -= np.linalg.solve(curve, slope)
    return float(weights[0]), tuple(float(weight) for weight in weights[1:])


def answer_threshold(best: Floats, hits: NDArray[np.bool_]) -> float:
    """The lowest probability from which answers are right as often as wanted, never below one half."""
    for candidate in np.arange(0.5, 0.99, 0.01):
        answered = best >= candidate
        if answered.any() and hits[answered].mean() >= WANTED_PRECISION:
            return float(candidate)
    return 0.99


def offer_threshold(chances_of_foreign: Floats) -> float:
    """The chance of being right that hardly anything out of scope reaches, so that nothing is offered."""
    return float(np.quantile(chances_of_foreign, LEFT_UNOFFERED))


if __name__ == "__main__":
    main()
