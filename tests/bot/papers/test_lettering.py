"""Words as outlines."""

import pytest

from bot.papers.lettering import CLOSE, outline


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("Hong Kong", "en"),
        ("已送達 1,340 人", "zh_Hant_HK"),
        ("नेपाली", "en"),
        ("اردو", "en"),
        ("ไทย", "en"),
        ("ਪੰਜਾਬੀ", "en"),
    ],
)
def test_every_script_has_outlines(text: str, locale: str) -> None:
    drawn = outline(text, locale)
    assert drawn.width > 0
    assert len(drawn.points) == len(drawn.codes) > 20
    assert CLOSE in drawn.codes


def test_a_longer_line_is_wider_and_stands_on_its_baseline() -> None:
    short, long = outline("Forum", "en"), outline("Forum Forum", "en")
    assert long.width > 2 * short.width
    assert min(y for _, y in short.points) > -0.5
    assert max(y for _, y in short.points) < 1.2


def test_what_no_typeface_draws_is_left_out() -> None:
    assert outline("😀", "en").points == ()
    assert outline("", "en").points == ()
    assert outline("a😀", "en") == outline("a", "en")
