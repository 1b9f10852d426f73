"""Whether to answer, to offer topics, or to admit that nothing was found."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.questions.entries import Entry
from bot.questions.index import Floats, Scores

MOST_CHOICES = 3
# A choice this much less likely than the first is no help.
LEAST_CHOICE = 0.2
SURER_FROM = 0.8
SURER_LEEWAY = 0.1


@dataclass(frozen=True)
class Found:
    """An entry and the probability, from 0 to 1, that it is what was asked."""

    entry: Entry
    probability: float


@dataclass(frozen=True)
class Answer:
    """One entry is meant surely enough to be given; `others`, up to three, came next."""

    best: Found
    others: tuple[Found, ...]


@dataclass(frozen=True)
class Choices:
    """Up to three topics to choose from, likeliest first: none is sure enough to be given."""

    found: tuple[Found, ...]


@dataclass(frozen=True)
class Nothing:
    """Not found. `nearest` are up to three topics to name, without any claim that they answer."""

    nearest: tuple[Found, ...]


CALIBRATION = Path(__file__).with_name("calibration.json")

LIKENESS = "likeness"
FEATURES = ("echo", "coverage", LIKENESS, "text_coverage", "gap", "lead")


@dataclass(frozen=True)
class Calibration:
    """From what was measured to a probability: a logistic model, and what it takes to answer or to offer."""

    intercept: float
    coefficients: tuple[float, ...]
    answer_from: float
    alike_from: float
    offer_from: float

    def probabilities(self, features: Floats) -> Floats:
        """One probability for each row of features."""
        return np.asarray(1 / (1 + np.exp(-(features @ np.array(self.coefficients) + self.intercept))))

    @classmethod
    def read(cls, path: Path) -> "Calibration":
        """The calibration in a file, as `python -m benchmarks.answers.fit` writes it."""
        stored = json.loads(path.read_text("utf-8"))
        return cls(
            intercept=stored["intercept"],
            coefficients=tuple(stored["coefficients"][name] for name in FEATURES),
            answer_from=stored["answer_from"],
            alike_from=stored["alike_from"],
            offer_from=stored["offer_from"],
        )


def blend(wordings: Scores, texts: Scores) -> Floats:
    """One rank for each entry: question to question, .6, and question to question and answer, .4."""
    return 0.6 * wordings.level + 0.4 * texts.level


def describe(ranks: Floats, wordings: Scores, texts: Scores, candidates: Sequence[int]) -> Floats:
    """The features of the candidates, a row each, columns as FEATURES names them.

    The gap, a share, and the lead, a difference, are to the best of the others, so that at most one candidate
    has a positive one: what fits two entries alike is sure of neither.
    """
    rows = []
    for number in candidates:
        rival = max((ranks[other] for other in candidates if other != number), default=0.0)
        lead = ranks[number] - rival
        gap = lead / max(ranks[number], rival)
        rows.append(
            (
                wordings.echo[number],
                wordings.coverage[number],
                wordings.likeness[number],
                texts.coverage[number],
                gap,
                lead,
            )
        )
    return np.array(rows)


def decide(found: Sequence[Found], likeness: float, calibration: Calibration) -> Answer | Choices | Nothing:
    """Answer, offer or admit, from what was found, likeliest first.

    `likeness` is how alike the question and a wording of the first are. A topic may be the likeliest by far
    and not answer what was asked about it: it is given only to those who ask nearly in words it is known by.
    """
    first = tuple(found[:MOST_CHOICES])
    # The likelier it is, the less alike the words need be.
    enough = calibration.alike_from - (SURER_LEEWAY if first and first[0].probability >= SURER_FROM else 0)
    if first and first[0].probability >= calibration.answer_from and likeness >= enough:
        return Answer(first[0], tuple(found[1 : 1 + MOST_CHOICES]))
    if one_is_right([one.probability for one in first]) >= calibration.offer_from:
        return Choices(tuple(one for one in first if one.probability >= LEAST_CHOICE * first[0].probability))
    return Nothing(first)


def one_is_right(probabilities: Sequence[float]) -> float:
    """The probability that at least one of several is what was asked.

    Two entries on one topic halve each other's chances; together they are still worth offering.
    """
    return 1.0 - math.prod(1.0 - probability for probability in probabilities)
