"""A broadcast's outcome as a small picture: a bar for each language, in the colours of how messages ended."""

from collections.abc import Mapping
from typing import Final

from bot.papers.outcome_chart import Bar, Chart
from bot.papers.page import FAINT, INK, LARGE, MARGIN, SIZE, TRACK, WIDTH, Page

_LINE, _BAR, _GAP = 0.36, 0.34, 0.2
_NAMES, _NUMBERS = 1.75, 1.0
# Told apart also by those who don't see red and green alike.
COLOURS: Final[Mapping[str, str]] = {
    "sent": "#1b7f5c",
    "blocked": "#9aa7b3",
    "unknown": "#e8a33d",
    "failed": "#c0392b",
    "missed": "#7d5ba6",
    "cancelled": "#3d6fb6",
}


def draw(chart: Chart) -> bytes:
    """The picture as a PNG."""
    height = 2 * MARGIN + LARGE + _GAP + len(chart.bars) * (_BAR + _GAP) + len(chart.legend) * _LINE
    page = Page(height, chart.locale)
    top = height - MARGIN - LARGE
    page.write(chart.title, MARGIN, top, LARGE, INK)
    top -= _GAP
    longest = max((sum(bar.people.values()) for bar in chart.bars), default=0) or 1
    room = WIDTH - 2 * MARGIN - _NAMES - _NUMBERS
    for bar in chart.bars:
        top -= _BAR
        _draw_bar(page, bar, top, room, longest)
        top -= _GAP
    for state, words in chart.legend.items():
        top -= _LINE
        page.fill(MARGIN, top, SIZE, SIZE, COLOURS[state])
        page.write(words, MARGIN + 2 * SIZE, top + 0.02, SIZE, INK)
    return page.png()


def _draw_bar(page: Page, bar: Bar, bottom: float, room: float, longest: int) -> None:
    words = bottom + (_BAR - SIZE) / 2 + 0.02
    page.write(bar.name, MARGIN, words, SIZE, INK, most=_NAMES - 0.1)
    left = MARGIN + _NAMES
    page.fill(left, bottom, room, _BAR, TRACK)
    for state, colour in COLOURS.items():
        wide = room * bar.people.get(state, 0) / longest
        if wide:
            page.fill(left, bottom, wide, _BAR, colour)
            left += wide
    page.write(bar.number, WIDTH - MARGIN - _NUMBERS + 0.1, words, SIZE, FAINT, most=_NUMBERS - 0.1)
