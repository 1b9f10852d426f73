"""A quiz's results as small pictures: the top ten for everybody, how scores are spread for organisers."""

from typing import Final

from bot.papers.page import FAINT, INK, LARGE, MARGIN, SIZE, TRACK, WIDTH, Page
from bot.papers.quiz_chart import Ranking, Scores

_LINE, _GAP, _STRIP = 0.4, 0.2, 0.34
_RANKS, _SCORES, _TIMES, _NAMES = 0.5, 1.1, 1.5, 0.9
_ACCENT: Final = "#1b7f5c"
# The first three.
_MEDALS: Final = ("#f3d98b", "#d9dfe5", "#e6c3a1")


def draw(chart: Ranking | Scores) -> bytes:
    """The picture as a PNG."""
    match chart:
        case Ranking():
            return _draw_ranking(chart)
        case Scores():
            return _draw_scores(chart)


def _top(title: str, heading: str, height: float, locale: str) -> tuple[Page, float]:
    """A page with what stands at its top, and where the rest begins."""
    page = Page(height, locale)
    top = height - MARGIN - LARGE
    page.write(title, MARGIN, top, LARGE, INK)
    top -= _GAP + SIZE
    page.write(heading, MARGIN, top, SIZE, FAINT)
    return page, top - _GAP


def _height(lines: int) -> float:
    return 2 * MARGIN + LARGE + SIZE + 2 * _GAP + lines * _LINE


def _draw_ranking(chart: Ranking) -> bytes:
    page, top = _top(chart.title, chart.heading, _height(len(chart.rows)), chart.locale)
    for number, row in enumerate(chart.rows):
        top -= _LINE
        page.fill(MARGIN, top, WIDTH - 2 * MARGIN, _STRIP, _MEDALS[number] if number < 3 else TRACK)
        words = top + (_STRIP - SIZE) / 2 + 0.02
        right = WIDTH - MARGIN - 0.1
        names = WIDTH - 2 * MARGIN - _RANKS - _SCORES - _TIMES - 0.3
        page.write(row.rank, MARGIN + 0.1, words, SIZE, INK, most=_RANKS - 0.15)
        page.write(row.name, MARGIN + _RANKS, words, SIZE, INK, most=names)
        page.write(row.score, right - _TIMES, words, SIZE, INK, most=_SCORES, right=True)
        page.write(row.time, right, words, SIZE, FAINT, most=_TIMES - 0.15, right=True)
    return page.png()


def _draw_scores(chart: Scores) -> bytes:
    page, top = _top(chart.title, chart.heading, _height(len(chart.bars) + len(chart.lines)), chart.locale)
    longest = max((bar.people for bar in chart.bars), default=0) or 1
    room = WIDTH - 2 * MARGIN - 2 * _NAMES
    for bar in chart.bars:
        top -= _LINE
        words = top + (_STRIP - SIZE) / 2 + 0.02
        page.write(bar.name, MARGIN, words, SIZE, INK, most=_NAMES - 0.1)
        page.fill(MARGIN + _NAMES, top, room, _STRIP, TRACK)
        if bar.people:
            page.fill(MARGIN + _NAMES, top, room * bar.people / longest, _STRIP, _ACCENT)
        page.write(bar.number, MARGIN + _NAMES + room + 0.1, words, SIZE, FAINT, most=_NAMES - 0.1)
    for line in chart.lines:
        top -= _LINE
        page.write(line, MARGIN, top, SIZE, INK)
    return page.png()
