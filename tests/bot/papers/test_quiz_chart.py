"""The pictures of a quiz's results."""

import pytest

from bot.language import LOCALES
from bot.papers.quiz_chart import Bar, Ranking, Row, Scores, draw


@pytest.mark.parametrize("locale", LOCALES)
def test_the_top_ten_is_drawn_whatever_people_are_called(locale: str) -> None:
    names = ("陳小明", "Alex", "😀", "", "\u202eevil", "a" * 200, "अनु", "علی", "<b>", "王小样")
    rows = tuple(Row(str(n), name, "8 / 8", "1:12.3") for n, name in enumerate(names, start=1))
    assert draw(Ranking(locale, "海港問答 😀", "首十名", rows)).startswith(b"\x89PNG")


def test_scores_are_drawn_also_where_nobody_reached_one() -> None:
    bars = (Bar("3 / 3", 0, "0"), Bar("2 / 3", 5, "5"))
    assert draw(Scores("en", "Quiz", "How many", bars, ("Begun: 5",))).startswith(b"\x89PNG")
    assert draw(Scores("en", "", "", (), ())).startswith(b"\x89PNG")
