"""What the picture of a broadcast's outcome shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    """A language's name, how many messages ended how, and their number as it is written."""

    name: str
    people: Mapping[str, int]
    number: str


@dataclass(frozen=True)
class Chart:
    locale: str
    title: str
    bars: Sequence[Bar]
    # What each outcome is called, with its number.
    legend: Mapping[str, str]


def draw(chart: Chart) -> bytes:
    """The picture as a PNG. It takes some tenths of a second, the first time some seconds: use a thread."""
    # Drawing is rare and what it needs is large: the bot doesn't load it before.
    from bot.papers import outcome_picture  # noqa: PLC0415

    return outcome_picture.draw(chart)
