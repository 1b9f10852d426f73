"""Fitting a calibration to questions whose right answers are known."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.questions.decide import MOST_CHOICES, Calibration, features_on, telling_on
from bot.questions.index import Floats

# Holds the weights back a little: of many that fit alike, the smallest are taken.
PENALTY = 0.3
# How many parts the questions are put in; the thresholds are read off each by a model fitted on the others.
PARTS = 5


@dataclass(frozen=True)
class Measured:
    """A question: the features of its candidates, a row each, and which of them are right; none may be.

    `part` keeps together what must not be both fitted on and judged by; `weight` is how much it counts.
    """

    features: Floats
    right: NDArray[np.bool_]
    part: int
    weight: float = 1.0
    # Whether the thresholds are read off it as well.
    judges: bool = True


@dataclass(frozen=True)
class Wanted:
    """What the thresholds are to reach: how often a direct answer is right, and how often nothing is offered to
    questions that nothing answers.
    """

    precision: float = 0.975
    left_alone: float = 0.8


def blank(rung: str) -> Calibration:
    """A calibration that says nothing: measuring needs none."""
    return Calibration(rung, (0.0,) * len(features_on(rung)), (0.0,) * (1 + len(telling_on(rung))), 1.0, 1.0)


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


def regress(measured: Sequence[Measured], rung: str) -> Calibration:
    """A conditional logit among the candidates and "none of them", by Newton's method."""
    model = blank(rung)
    spread = np.concatenate([one.features for one in measured]).std(axis=0) + 1e-9
    telling_spread = np.array(
        [spread[features_on(rung).index(name)] for name in telling_on(rung)], dtype=np.float64
    )
    scale = np.concatenate([spread, [1.0], telling_spread])
    tables = [_table(one, model, scale) for one in measured]
    theta = np.zeros(len(scale))
    penalty = PENALTY * np.eye(len(scale))
    penalty[len(spread), len(spread)] = 0.0
    for _ in range(25):
        slope, curve = penalty @ theta, penalty.copy()
        for (rows, right), one in zip(tables, measured, strict=True):
            scores = rows @ theta
            chances = np.exp(scores - scores.max())
            chances /= chances.sum()
            # Several may be right: the likelier is asked for the more of what they have in common.
            goal = chances * right
            goal /= goal.sum()
            slope += one.weight * rows.T @ (chances - goal)
            mean = chances @ rows
            curve += one.weight * ((rows * chances[:, None]).T @ rows - np.outer(mean, mean))
        step = np.linalg.solve(curve, slope)
        theta -= step
        if np.abs(step).max() < 1e-6:
            break
    theta /= scale
    count = len(spread)
    return Calibration(rung, tuple(map(float, theta[:count])), tuple(map(float, theta[count:])), 1.0, 1.0)


def _table(one: Measured, model: Calibration, scale: Floats) -> tuple[Floats, Floats]:
    """The alternatives as rows, "none of them" last, and which of them are right."""
    count = one.features.shape[1]
    rows = np.zeros((len(one.features) + 1, len(scale)))
    rows[:-1, :count] = one.features
    rows[-1, count:] = -model.telling_of(one.features)
    right = np.append(one.right.astype(np.float64), 0.0 if one.right.any() else 1.0)
    return rows / scale, right
