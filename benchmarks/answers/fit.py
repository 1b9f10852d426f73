"""The calibration, fitted: `python -m benchmarks.answers.fit` shows what would change, `--write` changes it.

Fitted on a made-up library's questions, on the half of the association's that is set apart for it, and on
wordings of the association's entries asked of the others; never on the half that the figures are taken from.
"""

import argparse
import json
import random
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.answers import sets
from benchmarks.answers.sets import Case
from bot.questions import Entry, Finder, fitting
from bot.questions.decide import CALIBRATION, FEATURES, LIKENESS, MOST_CHOICES, Calibration, one_is_right
from bot.questions.fitting import BLANK, answer_threshold, hash_of, offer_threshold
from bot.questions.index import Floats

ROUNDS = 4
# Wordings of the association's own entries, one in so many, are asked of the others.
FOLDS = 5
WANTED_PRECISION = 0.973
# How alike a wording must be for a direct answer. Below this, the likeliest topic is often a neighbour of
# what was asked: where to get a passport, beside an entry on what a journey's organisers need to know.
ALIKE_FROM = 0.7
LEFT_UNOFFERED = 0.95


@dataclass(frozen=True)
class Measured:
    """A question's candidates: their features and which of them is right; whether it is out of scope.

    `whole` tells whether the collection was, or had a third taken out of it.
    """

    features: Floats
    right: Floats
    foreign: bool
    whole: bool
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
        "alike_from": fitted.alike_from,
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
        measured += measure(entries, cases, foreign, whole=True)
        ids = sorted({entry.id for entry in entries})
        for _ in range(ROUNDS):
            gone = set(dice.sample(ids, len(ids) // 3))
            measured += measure(*sets.without(entries, cases, gone), foreign, whole=False)
    return measured


def collections() -> list[tuple[list[Entry], list[Case]]]:
    """The collections to fit on, with their questions."""
    known = sets.content()
    ids = {entry.id for entry in known}
    asked = [case for case in sets.read("association.jsonl")[1] if not sets.untouched(case)]
    typed = [case for case in asked if case.expected is None or case.expected in ids]
    foreign = [case for case in typed if case.expected is None]
    library, borrowed = sets.read("library.jsonl")
    return [
        (library, borrowed),
        (known, typed + [case for case in borrowed if case.expected is None]),
        *((kept, held + foreign) for kept, held in (sets.hold_out(known, fold, FOLDS) for fold in range(2))),
    ]


def measure(entries: list[Entry], cases: list[Case], foreign: set[str], *, whole: bool) -> list[Measured]:
    """The candidates of each question that has any."""
    finder = Finder(entries, BLANK)
    measured = []
    for case in cases:
        found = finder.measure(case.question, case.locale)
        if found is not None:
            features, likeliest = found
            right = np.array([float(entry.id == case.expected) for entry in likeliest])
            measured.append(Measured(features, right, case.question in foreign, whole, case.question))
    return measured


def fit(measured: list[Measured]) -> Calibration:
    """The model on everything, its thresholds from questions it did not see: a fold's at a time."""
    intercept, coefficients = regress(measured)
    chances_of_foreign: list[float] = []
    best: list[float] = []
    hits: list[bool] = []
    for fold in range(5):
        inside = [one for one in measured if hash_of(one.question) % 5 != fold]
        outside = [one for one in measured if hash_of(one.question) % 5 == fold]
        intercept_inside, coefficients_inside = regress(inside)
        model = replace(BLANK, intercept=intercept_inside, coefficients=coefficients_inside)
        for one in outside:
            likely = model.probabilities(one.features)
            first = int(likely.argmax())
            if one.foreign:
                chances_of_foreign.append(one_is_right(sorted(likely.tolist())[-MOST_CHOICES:]))
            if one.whole and one.features[first, FEATURES.index(LIKENESS)] >= ALIKE_FROM:
                best.append(float(likely[first]))
                hits.append(bool(one.right[first]))
    return Calibration(
        intercept,
        coefficients,
        answer_from=answer_threshold(np.array(best), np.array(hits), WANTED_PRECISION),
        alike_from=ALIKE_FROM,
        offer_from=offer_threshold(np.array(chances_of_foreign), LEFT_UNOFFERED),
    )


def regress(measured: list[Measured]) -> tuple[float, tuple[float, ...]]:
    """Intercept and coefficients for these questions."""
    return fitting.regress([one.features for one in measured], [one.right for one in measured])


if __name__ == "__main__":
    main()
