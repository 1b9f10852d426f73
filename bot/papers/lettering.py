"""Words as outlines to draw with, in every script we write: shaped as a document's words are."""

from dataclasses import dataclass
from itertools import groupby
from typing import Final

import uharfbuzz as hb

from bot.papers.fonts import Font, fonts, settable

Point = tuple[float, float]
# Codes of matplotlib's paths.
MOVE, LINE, QUADRATIC, CUBIC, CLOSE = 1, 2, 3, 4, 79
_UNITS: Final = 1000


@dataclass(frozen=True)
class Outline:
    """A line of text as a path in units of its letters' height, from the left end of its baseline."""

    points: tuple[Point, ...]
    codes: tuple[int, ...]
    width: float


class _Tracing:
    """Writes down what a glyph's outline is made of; a pen as fontTools has them."""

    def __init__(self) -> None:
        self.points: list[Point] = []
        self.codes: list[int] = []
        self.at: Point = (0.0, 0.0)

    def _add(self, code: int, *points: Point) -> None:
        for x, y in points:
            self.points.append(((self.at[0] + x) / _UNITS, (self.at[1] + y) / _UNITS))
            self.codes.append(code)

    def moveTo(self, pt: Point) -> None:  # noqa: N802 - fontTools' names
        self._add(MOVE, pt)

    def lineTo(self, pt: Point) -> None:  # noqa: N802
        self._add(LINE, pt)

    def curveTo(self, *points: Point) -> None:  # noqa: N802
        self._add(CUBIC, *points)

    def qCurveTo(self, *points: Point | None) -> None:  # noqa: N802
        self._add(QUADRATIC, *(point for point in points if point is not None))

    def closePath(self) -> None:  # noqa: N802
        if self.points:
            self.points.append(self.points[-1])
            self.codes.append(CLOSE)

    def endPath(self) -> None:  # noqa: N802
        pass


def outline(text: str, locale: str) -> Outline:
    """The text as a path. What no typeface of ours can draw, such as emoji, is left out."""
    words = settable(text)
    chosen = fonts(words, locale)
    pen, x = _Tracing(), 0.0
    for font, run in groupby(words, lambda character: _font_of(character, chosen)):
        x = _trace(pen, font, "".join(run), x)
    return Outline(tuple(pen.points), tuple(pen.codes), x / _UNITS)


def _font_of(character: str, chosen: list[Font]) -> Font:
    return next((font for font in chosen if character in font.characters), chosen[0])


def _trace(pen: _Tracing, font: Font, run: str, x: float) -> float:
    """Draw the run from there and say where it ends."""
    shaped = hb.Font(hb.Face(hb.Blob(font.data)))
    shaped.scale = (_UNITS, _UNITS)
    buffer = hb.Buffer()
    buffer.add_str(run)
    buffer.guess_segment_properties()
    hb.shape(shaped, buffer)
    for glyph, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        pen.at = (x + place.x_offset, place.y_offset)
        shaped.draw_glyph_with_pen(glyph.codepoint, pen)
        x += place.x_advance
    return x
