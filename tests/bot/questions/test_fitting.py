"""A calibration fitted to questions whose answers are known tells right from wrong, and from none."""

import numpy as np
import pytest

from bot.questions.fitting import Measured, blank, regress

RUNG = "bm25"


def questions(count: int, seed: int = 1) -> list[Measured]:
    """Half with a right candidate, which has more of everything, and half with none."""
    dice = np.random.default_rng(seed)
    made = []
    for number in range(count):
        features = dice.uniform(0, 0.4, (4, 7))
        right = np.zeros(4, dtype=np.bool_)
        if number % 2:
            right[number % 4] = True
            features[number % 4] += 0.4
        made.append(Measured(features, right, number % 5))
    return made


@pytest.mark.parametrize("seed", [2, 3])
def test_what_is_right_is_told_from_what_is_not_and_from_nothing(seed: int) -> None:
    model = regress(questions(200), RUNG)
    for one in questions(60, seed):
        chances = model.probabilities(one.features)
        if one.right.any():
            assert one.right[chances.argmax()]
            assert chances.max() > 0.5
        else:
            assert chances.sum() < 0.5


def test_the_same_questions_give_the_same_in_any_order() -> None:
    once, again = regress(questions(80), RUNG), regress(questions(80)[::-1], RUNG)
    assert np.allclose(once.weights, again.weights, atol=1e-3)


def test_of_several_that_are_right_either_will_do() -> None:
    several = [
        Measured(
            one.features, np.array([True, True, False, False]) if one.right.any() else one.right, one.part
        )
        for one in questions(60)
    ]
    model = regress(several, RUNG)
    assert np.isfinite(model.weights).all()
    assert np.isfinite(model.telling).all()


def test_few_questions_move_a_calibration_in_use_only_a_little() -> None:
    used = regress(questions(200), RUNG)
    moved = regress(questions(6, 7), RUNG, around=used)
    far = regress(questions(6, 7), RUNG)
    distance = np.abs(np.array(moved.weights) - np.array(used.weights)).sum()
    assert 0 < distance < np.abs(np.array(far.weights) - np.array(used.weights)).sum()


def test_a_calibration_that_says_nothing_gives_all_the_same_chance() -> None:
    assert np.allclose(blank(RUNG).probabilities(np.ones((3, 7))), 0.25)
