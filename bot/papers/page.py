"""A small picture to draw on, measured in inches from its lower left corner."""

from io import BytesIO
from typing import Final

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from bot.papers.lettering import outline

# In inches; with the dots below, wide enough for a phone.
WIDTH: Final = 7.0
DOTS: Final = 160
MARGIN: Final = 0.3
# The height of letters.
SIZE, LARGE = 0.19, 0.24
INK, FAINT, TRACK = "#1c2733", "#5b6b7a", "#eef1f4"


class Page:
    """A white page of the usual width; words are set in the typefaces of the language."""

    def __init__(self, height: float, locale: str) -> None:
        self._locale = locale
        self._figure = Figure(figsize=(WIDTH, height), dpi=DOTS, facecolor="white")
        FigureCanvasAgg(self._figure)
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_xlim(0, WIDTH)
        self._axes.set_ylim(0, height)
        self._axes.axis("off")

    def fill(self, x: float, y: float, wide: float, high: float, colour: str) -> None:
        self._axes.add_patch(Rectangle((x, y), wide, high, facecolor=colour, edgecolor="none"))

    def write(
        self,
        text: str,
        x: float,
        y: float,
        size: float,
        colour: str,
        *,
        most: float = WIDTH - 2 * MARGIN,
        right: bool = False,
    ) -> None:
        """Set a line of text from x on, or up to x; what is too long for the room is set smaller."""
        words = outline(text, self._locale)
        if not words.points:
            return
        size = min(size, most / words.width) if words.width else size
        path = Path(list(words.points), list(words.codes))
        placed = path.transformed(Affine2D().scale(size).translate(x - right * size * words.width, y))
        self._axes.add_patch(PathPatch(placed, facecolor=colour, edgecolor="none"))

    def png(self) -> bytes:
        written = BytesIO()
        self._figure.savefig(written, format="png")
        return written.getvalue()
