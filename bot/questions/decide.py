"""Whether to answer, to offer topics, or to admit that nothing was found."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from bot.questions.dense import Alike
from bot.questions.entries import Entry
from bot.questions.index import Floats, Scores

MOST_CHOICES = 3
# A choice this much less likely than the first is no help.
LEAST_CHOICE = 0.1


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

# What words say of a candidate, and what each model says of it.
BY_WORDS = ("wording level", "text level", "coverage", "echo", "likeness", "text coverage", "brevity")
BY_MEANING = ("wording", "passage", "wording standing", "passage standing")
# What tells of a question whether any entry answers it: the best that any candidate has of these.
TELLING_WORDS = ("coverage", "text coverage")
TELLING_MEANING = BY_MEANING

# What may decide, the best first. Words always do.
LADDER = ("e5+muse+bm25", "e5+bm25", "muse+bm25", "bm25")


def rung_of(models: Collection[str]) -> str:
    """The rung of the ladder on which these models and words decide together."""
    return "+".join((*sorted(models), "bm25"))


def features_on(rung: str) -> tuple[str, ...]:
    """The names of the features on a rung, in their order."""
    models = rung.split("+")[:-1]
    return (*BY_WORDS, *(f"{model} {name}" for model in models for name in BY_MEANING))


def telling_on(rung: str) -> tuple[str, ...]:
    """Those of the features on a rung whose best tells whether there is an answer at all."""
    models = rung.split("+")[:-1]
    return (*TELLING_WORDS, *(f"{model} {name}" for model in models for name in TELLING_MEANING))


@dataclass(frozen=True)
class Calibration:
    """From what was measured to probabilities, and what it takes to answer or to offer.

    A choice among the candidates and "none of them" (a conditional logit): each candidate weighs the
    exponential of its weighted features, and "none" that of what the best features tell, less.
    """

    rung: str
    weights: tuple[float, ...]
    # The first stands by itself, the others belong to `telling_on`.
    telling: tuple[float, ...]
    answer_from: float
    offer_from: float

    def probabilities(self, features: Floats) -> Floats:
        """One probability for each row of features; with "none of them" they add up to 1."""
        none = -self.telling_of(features) @ np.array(self.telling)
        scores = np.append(features @ np.array(self.weights), none)
        shares = np.exp(scores - scores.max())
        return np.asarray(shares[:-1] / shares.sum())

    def telling_of(self, features: Floats) -> Floats:
        """A one, and the best of the telling features."""
        return np.append(1.0, features[:, _telling_columns(self.rung)].max(axis=0))


@cache
def _telling_columns(rung: str) -> list[int]:
    names = features_on(rung)
    return [names.index(name) for name in telling_on(rung)]


@cache
def calibrations(path: Path = CALIBRATION) -> Mapping[str, Calibration]:
    """The calibration of each rung, as `python -m benchmarks.answers.fit` writes them."""
    stored = json.loads(path.read_text("utf-8"))
    return {rung: read_calibration(rung, one) for rung, one in stored.items()}


def read_calibration(rung: str, stored: Mapping[str, Any]) -> Calibration:
    """A calibration as it is stored, by the names of features. Raises KeyError where one is missing."""
    return Calibration(
        rung,
        tuple(stored["weights"][name] for name in features_on(rung)),
        (stored["none"], *(stored["telling"][name] for name in telling_on(rung))),
        stored["answer_from"],
        stored["offer_from"],
    )


def stored_calibration(calibration: Calibration) -> dict[str, Any]:
    """The calibration as it is stored."""
    rung = calibration.rung
    return {
        "none": calibration.telling[0],
        "telling": dict(zip(telling_on(rung), calibration.telling[1:], strict=True)),
        "weights": dict(zip(features_on(rung), calibration.weights, strict=True)),
        "answer_from": calibration.answer_from,
        "offer_from": calibration.offer_from,
    }


def blend(wordings: Scores, texts: Scores) -> Floats:
    """One rank for each entry: question to question, .6, and question to question and answer, .4."""
    return 0.6 * wordings.level + 0.4 * texts.level


def describe(
    wordings: Scores, texts: Scores, alike: Mapping[str, Alike], candidates: Sequence[int], words: int
) -> Floats:
    """The features of the candidates, a row each, columns as `features_on` names them.

    `words` is how many the question has: by a single one, little is asked.
    """
    numbers = np.array(candidates)
    columns = [
        wordings.level,
        texts.level,
        wordings.coverage,
        wordings.echo,
        wordings.likeness,
        texts.coverage,
        np.full(len(texts.coverage), 1 / max(words, 1)),
    ]
    for name in sorted(alike):
        one = alike[name]
        columns += [one.wording, one.passage, one.wording_standing, one.passage_standing]
    return np.stack([column[numbers] for column in columns], axis=1)


def decide(found: Sequence[Found], calibration: Calibration) -> Answer | Choices | Nothing:
    """Answer, offer or admit, from what was found, likeliest first."""
    first = tuple(found[:MOST_CHOICES])
    if first and first[0].probability >= calibration.answer_from:
        return Answer(first[0], tuple(found[1 : 1 + MOST_CHOICES]))
    if sum(one.probability for one in first) >= calibration.offer_from:
        return Choices(tuple(one for one in first if one.probability >= LEAST_CHOICE * first[0].probability))
    return Nothing(first)
