"""What the pictures of a quiz's results show."""

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True)
class Row:
    """A place in the top ten: its number, the name or what stands for it, the score and the time."""

    rank: str
    name: str
    score: str
    time: str


@dataclass(frozen=True)
class Ranking:
    locale: str
    title: str
    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Bar:
    """A score as it is written, and how many people reached it."""

    name: str
    people: int
    number: str


@dataclass(frozen=True)
class Scores:
    locale: str
    title: str
    heading: str
    bars: tuple[Bar, ...]
    lines: tuple[str, ...]


@lru_cache(maxsize=16)
def draw(chart: Ranking | Scores) -> bytes:
    """The picture as a PNG. It takes some tenths of a second, the first time some seconds: use a thread."""
    # Drawing is rare and what it needs is large: the bot doesn't load it before.
    from bot.papers import quiz_picture  # noqa: PLC0415

    return quiz_picture.draw(chart)
