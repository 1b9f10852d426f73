"""The small picture of a broadcast's outcome."""

import struct

import pytest

from bot.language import LOCALES, NATIVE_NAMES
from bot.papers.outcome_chart import Bar, Chart, draw


def chart(locale: str, *bars: Bar) -> Chart:
    return Chart(locale, "海港論壇 <b>Harbour</b> 😀", bars, {"sent": "已送達 12", "failed": "Failed: 3"})


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG")
    wide, high = struct.unpack(">II", png[16:24])
    return wide, high


@pytest.mark.parametrize("locale", LOCALES)
def test_a_picture_is_drawn_in_every_language(locale: str) -> None:
    bars = [Bar(NATIVE_NAMES[one], {"sent": 12, "failed": 3}, "15") for one in LOCALES]
    wide, high = size_of(draw(chart(locale, *bars)))
    assert wide > high > 200


def test_each_language_has_a_bar_of_its_own() -> None:
    one, two = Bar("English", {"sent": 1}, "1"), Bar("繁體中文", {"unknown": 1_000_000}, "1,000,000")
    assert size_of(draw(chart("en", one, two)))[1] > size_of(draw(chart("en", one)))[1]


def test_nothing_counted_makes_a_picture_all_the_same() -> None:
    assert size_of(draw(Chart("en", "", (), {})))
