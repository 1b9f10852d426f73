"""Where a line of text may end: after a space, and between characters of Chinese."""

import re
from collections.abc import Callable
from typing import Final

_CLOSING: Final = "、。，．：；！？）」』】》〉”’…—%"
_OPENING: Final = "（「『【《〈“‘"
# Signs of Chinese and Japanese, their punctuation, and the forms that are as wide as they.
_HAN: Final = (
    "\u2e80-\u2fff\u3001-\u30ff\u3105-\u312f\u31a0-\u31bf\u3400-\u9fff"
    "\uf900-\ufaff\uff01-\uffee\U00020000-\U0003ffff"
)
_PIECE: Final = re.compile(rf"[{_OPENING}]*(?:[{_HAN}]|[^{_HAN}\s]+)[{_CLOSING}]*\s*|\s+")


def lines(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """The text as lines that are no wider than the width, as few as will do.

    A line never begins with a closing mark or ends with an opening one. A word that is wider than a whole
    line is cut wherever it must be. An empty text is one empty line.
    """
    done: list[str] = []
    line = ""
    for piece in _PIECE.findall(text):
        if line and measure((line + piece).rstrip()) > width:
            done.append(line.rstrip())
            line = ""
        line += piece
        while len(line) > 1 and measure(line.rstrip()) > width:
            fitting = _fitting(line, width, measure)
            done.append(line[:fitting].rstrip())
            line = line[fitting:]
    return [*done, line.rstrip()] if line.strip() or not done else done


def _fitting(word: str, width: float, measure: Callable[[str], float]) -> int:
    """How many characters of the word fit; at least one, so that there is an end to it."""
    fits, too_many = 1, len(word)
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        fits, too_many = (middle, too_many) if measure(word[:middle]) <= width else (fits, middle)
    return fits
