"""From what was measured to an answer, an offer or an honest no."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.questions import Answer, Choices, Entry, Found, Nothing
from bot.questions.decide import (
    LADDER,
    Calibration,
    calibrations,
    decide,
    features_on,
    read_calibration,
    stored_calibration,
)

HALF = Calibration("bm25", (0.0,) * 7, (0.0,) * 3, answer_from=0.6, offer_from=0.3)


def found(*chances: float) -> list[Found]:
    return [
        Found(Entry(f"q{number}", "en", "question", ("?",), "!"), chance)
        for number, chance in enumerate(chances)
    ]


def test_what_is_sure_enough_is_given_with_what_came_next() -> None:
    given_ = decide(found(0.7, 0.2, 0.05, 0.01), HALF)
    assert isinstance(given_, Answer)
    assert given_.best.probability == 0.7
    assert len(given_.others) == 3


def test_what_is_less_sure_is_offered_without_what_is_no_help() -> None:
    offered = decide(found(0.3, 0.2, 0.01), HALF)
    assert isinstance(offered, Choices)
    assert [one.probability for one in offered.found] == [0.3, 0.2]


def test_what_nothing_answers_is_admitted() -> None:
    assert isinstance(decide(found(0.1, 0.05), HALF), Nothing)
    assert decide([], HALF) == Nothing(())


@pytest.mark.parametrize("rung", LADDER)
@given(data=st.data())
def test_an_answer_and_none_are_one_choice_whose_chances_never_exceed_certainty(
    rung: str, data: st.DataObject
) -> None:
    columns = len(features_on(rung))
    rows = data.draw(
        st.lists(st.lists(st.floats(-5, 50), min_size=columns, max_size=columns), min_size=1, max_size=12)
    )
    chances = calibrations()[rung].probabilities(np.array(rows))
    assert (chances >= 0).all()
    assert chances.sum() <= 1 + 1e-9


@pytest.mark.parametrize("rung", LADDER)
def test_a_calibration_is_read_as_it_was_stored(rung: str) -> None:
    calibration = calibrations()[rung]
    assert read_calibration(rung, json.loads(json.dumps(stored_calibration(calibration)))) == calibration
    assert 0 < calibration.offer_from < calibration.answer_from < 1
