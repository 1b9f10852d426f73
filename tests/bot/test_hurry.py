"""Whoever asks too fast is told once, and then not answered until the minute is over."""

from datetime import timedelta

from bot.hurry import MOST, Hurry
from tests.conftest import NOON


def test_the_word_is_said_once_and_the_minute_ends() -> None:
    hurry = Hurry()
    said = [hurry.judge(1, now=NOON + timedelta(seconds=n / 10)) for n in range(100)]
    assert said == ["answer"] * MOST + ["slow down"] + ["silence"] * (99 - MOST)
    assert hurry.judge(1, now=NOON + timedelta(seconds=60)) == "answer"


def test_nobody_else_is_slowed() -> None:
    hurry = Hurry()
    for _ in range(100):
        hurry.judge(1, now=NOON)
    assert hurry.judge(2, now=NOON) == "answer"


def test_who_asks_at_a_human_pace_is_always_answered() -> None:
    hurry = Hurry()
    assert {hurry.judge(1, now=NOON + timedelta(seconds=4 * n)) for n in range(200)} == {"answer"}


def test_those_whose_minute_is_over_are_not_kept() -> None:
    hurry = Hurry()
    for person_id in range(5000):
        hurry.judge(person_id, now=NOON + timedelta(seconds=person_id))
    assert len(hurry._asked) <= 1001
