"""A broadcast's outcome as a small picture: a bar for each language, in the colours of how messages ended."""

from collections.abc import Mapping
from io import BytesIO
from typing import Final

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from bot.papers.lettering import outline
from bot.papers.outcome_chart import Bar, Chart

# In inches; with the dots below, wide enough for a phone.
WIDTH: Final = 7.0
DOTS: Final = 160
_MARGIN, _LINE, _BAR, _GAP = 0.3, 0.36, 0.34, 0.2
_NAMES, _NUMBERS = 1.75, 1.0
_SIZE, _LARGE = 0.19, 0.24
_INK, _FAINT, _TRACK = "#1c2733", "#5b6b7a", "#eef1f4"
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
    height = 2 * _MARGIN + _LARGE + _GAP + len(chart.bars) * (_BAR + _GAP) + len(chart.legend) * _LINE
    figure = Figure(figsize=(WIDTH, height), dpi=DOTS, facecolor="white")
    FigureCanvasAgg(figure)
    page = _Page(figure, height, chart.locale)
    top = height - _MARGIN - _LARGE
    page.write(chart.title, _MARGIN, top, _LARGE, _INK)
    top -= _GAP
    longest = max((sum(bar.people.values()) for bar in chart.bars), default=0) or 1
    room = WIDTH - 2 * _MARGIN - _NAMES - _NUMBERS
    for bar in chart.bars:
        top -= _BAR
        _draw_bar(page, bar, top, room, longest)
        top -= _GAP
    for state, words in chart.legend.items():
        top -= _LINE
        page.fill(_MARGIN, top, _SIZE, _SIZE, COLOURS[state])
        page.write(words, _MARGIN + 2 * _SIZE, top + 0.02, _SIZE, _INK)
    written = BytesIO()
    figure.savefig(written, format="png")
    return written.getvalue()


def _draw_bar(page: "_Page", bar: Bar, bottom: float, room: float, longest: int) -> None:
    words = bottom + (_BAR - _SIZE) / 2 + 0.02
    page.write(bar.name, _MARGIN, words, _SIZE, _INK, most=_NAMES - 0.1)
    left = _MARGIN + _NAMES
    page.fill(left, bottom, room, _BAR, _TRACK)
    for state, colour in COLOURS.items():
        wide = room * bar.people.get(state, 0) / longest
        if wide:
            page.fill(left, bottom, wide, _BAR, colour)
            left += wide
    page.write(bar.number, WIDTH - _MARGIN - _NUMBERS + 0.1, words, _SIZE, _FAINT, most=_NUMBERS - 0.1)


class _Page:
    """A figure measured in inches from its lower left corner."""

    def __init__(self, figure: Figure, height: float, locale: str) -> None:
        self._locale = locale
        self._axes = figure.add_axes((0, 0, 1, 1))
        self._axes.set_xlim(0, WIDTH)
        self._axes.set_ylim(0, height)
        self._axes.axis("off")

    def fill(self, x: float, y: float, wide: float, high: float, colour: str) -> None:
        self._axes.add_patch(Rectangle((x, y), wide, high, facecolor=colour, edgecolor="none"))

    def write(
        self, text: str, x: float, y: float, size: float, colour: str, *, most: float = WIDTH - 2 * _MARGIN
    ) -> None:
        """Set a line of text; what is too long for the room is set smaller."""
        words = outline(text, self._locale)
        if not words.points:
            return
        size = min(size, most / words.width) if words.width else size
        path = Path(list(words.points), list(words.codes))
        placed = path.transformed(Affine2D().scale(size).translate(x, y))
        self._axes.add_patch(PathPatch(placed, facecolor=colour, edgecolor="none"))
