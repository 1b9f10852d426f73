"""Fitting a calibration to questions whose right answers are known."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.questions.decide import Calibration, features_on, telling_on
from bot.questions.index import Floats

# Holds the weights back a little: of many that fit alike, the smallest are taken.
PENALTY = 0.3
# The same, where it is held back to what is in use.
NEAR = 1.0
STEPS = 60
LONGEST_STEP = 2.0


@dataclass(frozen=True)
class Measured:
    """A question: the features of its candidates, a row each, and which of them are right; none may be.

    `part` keeps together what must not be both fitted on and judged by; `weight` is how much it counts.
    """

    features: Floats
    right: NDArray[np.bool_]
    part: int
    weight: float = 1.0
    # Whether thresholds are read off it as well.
    judges: bool = True


def blank(rung: str) -> Calibration:
    """A calibration that says nothing: measuring needs none."""
    return Calibration(rung, (0.0,) * len(features_on(rung)), (0.0,) * (1 + len(telling_on(rung))), 1.0, 1.0)


def regress(measured: Sequence[Measured], rung: str, *, around: Calibration | None = None) -> Calibration:
    """A conditional logit among the candidates and "none of them", by Newton's method.

    It is held back to nothing, or to the calibration that is given, whose thresholds it then keeps.
    """
    standard = _Standard(np.concatenate([one.features for one in measured]), rung)
    rows, right, there = standard.tables(measured)
    weights = np.array([one.weight for one in measured])
    origin = np.zeros(rows.shape[2]) if around is None else standard.theta(around)
    theta = origin.copy()
    penalty = (PENALTY if around is None else NEAR) * np.eye(len(theta))
    if around is None:
        penalty[standard.count, standard.count] = 0.0
    for _ in range(STEPS):
        scores = np.where(there, rows @ theta, -np.inf)
        chances = _shares(scores)
        # Where several are right, each is asked for as much as it is the likelier of them.
        goal = _shares(np.where(right, scores, -np.inf))
        slope = penalty @ (theta - origin) + np.einsum(
            "n,nc,ncf->f", weights, chances - goal, rows, optimize=True
        )
        mean = np.einsum("nc,ncf->nf", chances, rows)
        spread = rows * np.sqrt(chances * weights[:, None])[:, :, None]
        spread = spread.reshape(-1, len(theta))
        curve = penalty + spread.T @ spread - (mean * weights[:, None]).T @ mean
        step = np.linalg.solve(curve, slope)
        # Far from the goal a whole step may overshoot.
        theta -= step / max(1.0, np.abs(step).max() / LONGEST_STEP)
        if np.abs(step).max() < 1e-4:
            break
    fitted = standard.calibration(theta)
    if around is None:
        return fitted
    return replace(fitted, answer_from=around.answer_from, offer_from=around.offer_from)


def _shares(scores: Floats) -> Floats:
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


class _Standard:
    """Features brought to one measure, around their means, and back."""

    def __init__(self, features: Floats, rung: str) -> None:
        self._rung = rung
        self.count = features.shape[1]
        telling = [features_on(rung).index(name) for name in telling_on(rung)]
        self._mean, self._spread = features.mean(axis=0), features.std(axis=0) + 1e-9
        self._telling_mean = np.append(0.0, self._mean[telling])
        self._telling_spread = np.append(1.0, self._spread[telling])

    def tables(self, measured: Sequence[Measured]) -> tuple[Floats, NDArray[np.bool_], NDArray[np.bool_]]:
        """For each question its alternatives, "none of them" first; which are right; which are there."""
        model = blank(self._rung)
        most = 1 + max(len(one.features) for one in measured)
        rows = np.zeros((len(measured), most, self.count + len(self._telling_mean)))
        right = np.zeros(rows.shape[:2], dtype=np.bool_)
        there = np.zeros(rows.shape[:2], dtype=np.bool_)
        for number, one in enumerate(measured):
            end = 1 + len(one.features)
            rows[number, 1:end, : self.count] = (one.features - self._mean) / self._spread
            telling = model.telling_of(one.features)
            rows[number, 0, self.count :] = (self._telling_mean - telling) / self._telling_spread
            right[number, 1:end] = one.right
            right[number, 0] = not one.right.any()
            there[number, :end] = True
        return rows, right, there

    def theta(self, calibration: Calibration) -> Floats:
        """A calibration's weights for features brought to this measure."""
        weights, telling = np.array(calibration.weights), np.array(calibration.telling)
        telling[0] += telling @ self._telling_mean + weights @ self._mean
        return np.concatenate([weights * self._spread, telling * self._telling_spread])

    def calibration(self, theta: Floats) -> Calibration:
        """The same weights for features as they are measured."""
        weights = theta[: self.count] / self._spread
        telling = theta[self.count :] / self._telling_spread
        telling[0] -= telling @ self._telling_mean + weights @ self._mean
        return Calibration(self._rung, tuple(map(float, weights)), tuple(map(float, telling)), 1.0, 1.0)
