"""The calibrations, fitted: `python -m benchmarks.answers.fit` shows what would change, `--write` changes it.

Fitted on made-up desks of other houses, on passages, on the half of the association's questions that is set
apart for it, and on wordings of the association's entries asked of the others; never on the half that the
figures are taken from. Each set is a part of its own: the thresholds are read off questions of sets that the
model they are read off has not seen.
"""

import argparse
import asyncio
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.answers import sets
from benchmarks.answers.sets import Case
from benchmarks.answers.understanding import understand
from bot.meanings import MODELS, Text
from bot.questions import Entry, Finder, texts_of
from bot.questions.decide import CALIBRATION, LADDER, MOST_CHOICES, Calibration, stored_calibration
from bot.questions.finder import Understood
from bot.questions.fitting import Measured, blank, regress
from bot.questions.index import Floats

# Sets with entries of their own.
OTHERS = ("library", "campus", "bank", "clinic", "transit", "reading", "passages")
# How often a third of the entries is taken out: what a desk might well answer is hardest to refuse.
ROUNDS = 2
# Wordings of the association's own entries, one in so many, are asked of the others.
FOLDS = 5
BLANK = {rung: blank(rung) for rung in LADDER}


@dataclass(frozen=True)
class Wanted:
    """What the thresholds are to reach: how often direct answers are right, and how often nothing is offered
    where nothing answers.
    """

    precision: float = 0.96
    left_alone: float = 0.7


@dataclass(frozen=True)
class Collection:
    """Entries and what is asked of them."""

    entries: list[Entry]
    cases: list[Case]
    part: int
    # Whether nothing was taken out of it.
    whole: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write what was fitted to calibration.json")
    arguments = parser.parse_args()
    gathered = collections(random.Random(1))
    understood = asyncio.run(understand(texts(gathered)))
    stored = {}
    for rung in LADDER:
        measured = [one for some in gathered for one in measure(some, rung, understood)]
        fitted = fit(measured, rung, Wanted())
        stored[rung] = _rounded(stored_calibration(fitted))
        print(f"{rung}: fitted on {len(measured)} questions", flush=True)
    print("was", CALIBRATION.read_text("utf-8"))
    print("is", json.dumps(stored, indent=2))
    if arguments.write:
        CALIBRATION.write_text(json.dumps(stored, indent=2) + "\n", "utf-8")


def collections(dice: random.Random) -> list[Collection]:
    """Every set whole, and with a third of its entries taken out."""
    known = sets.content()
    asked = [case for case in sets.read("association.jsonl")[1] if not sets.untouched(case)]
    read = {name: sets.read(f"{name}.jsonl") for name in OTHERS}
    gathered: list[Collection] = []
    for part, (entries, written) in enumerate([(known, asked), *read.values()]):
        cases = written + sets.mistype(written, dice)
        gathered.append(Collection(entries, cases, part, whole=True))
        ids = sorted({entry.id for entry in entries})
        for _ in range(ROUNDS):
            gone = set(dice.sample(ids, len(ids) // 3))
            gathered.append(Collection(*sets.without(entries, cases, gone), part, whole=False))
    gathered.append(Collection(*sets.hold_out(known, 0, FOLDS), 0, whole=False))
    return gathered


def texts(gathered: Sequence[Collection]) -> list[Text]:
    """All that has to be understood."""
    found: dict[Text, None] = {}
    for some in gathered:
        found |= dict.fromkeys(texts_of(some.entries))
        finder = Finder(some.entries, BLANK)
        found |= dict.fromkeys(Text(finder.restated(case.question), "question") for case in some.cases)
    return list(found)


def measure(some: Collection, rung: str, understood: Understood) -> list[Measured]:
    """The candidates of each question that has any. All collections together weigh alike."""
    models = rung.split("+")[:-1]
    finder = Finder(some.entries, BLANK, {name: understood[name] for name in models})
    measured = []
    for case in some.cases:
        text = Text(finder.restated(case.question), "question")
        meaning = {name: understood[name][text.key(MODELS[name])] for name in models}
        found = finder.measure(case.question, case.locale, meaning)
        if found is not None:
            _, features, likeliest = found
            right = np.array([entry.id in case.expected for entry in likeliest])
            weight = 300.0 / len(some.cases)
            measured.append(Measured(features, right, some.part, weight, judges=some.whole))
    return measured


def fit(measured: Sequence[Measured], rung: str, wanted: Wanted) -> Calibration:
    """The model on everything; the thresholds from questions that the model they are read off did not see."""
    likeliest, three, hits, inside = [], [], [], []
    for part in sorted({one.part for one in measured}):
        model = regress([one for one in measured if one.part != part], rung)
        for one in measured:
            if one.part == part and one.judges:
                chances = model.probabilities(one.features)
                order = np.argsort(-chances, kind="stable")
                likeliest.append(chances[order[0]])
                three.append(chances[order[:MOST_CHOICES]].sum())
                hits.append(bool(one.right[order[0]]))
                inside.append(bool(one.right.any()))
    model = regress(measured, rung)
    return Calibration(
        rung,
        model.weights,
        model.telling,
        answer_threshold(np.array(likeliest), np.array(hits), wanted.precision),
        float(np.quantile(np.array(three)[~np.array(inside)], wanted.left_alone)),
    )


def answer_threshold(likeliest: Floats, hits: NDArray[np.bool_], precision: float) -> float:
    """The lowest probability from which on answers are right as often as wanted."""
    order = np.argsort(-likeliest, kind="stable")
    shares = np.cumsum(hits[order]) / np.arange(1, len(order) + 1)
    enough = np.nonzero(shares >= precision)[0]
    return float(likeliest[order[enough[-1]]]) if len(enough) else 0.99


def _rounded(stored: object) -> object:
    match stored:
        case dict():
            return {name: _rounded(one) for name, one in stored.items()}
        case float():
            return round(stored, 3)
    return stored


if __name__ == "__main__":
    main()
