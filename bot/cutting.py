"""Cutting a text that is too long, between characters as a reader sees them."""

import re
import unicodedata

JOINER = "\u200d"
_PARAGRAPH = re.compile(r"\n\s*\n")
_SENTENCE = re.compile(r"[.!?…](?=\s)|[。！？]|\n")


def cut(text: str, limit: int) -> tuple[str, int]:
    """The beginning of the text, of at most so many code points, and how many were left out.

    A letter keeps its marks and an emoji its parts; where there is a space near the end, it is cut there.
    """
    if len(text) <= limit:
        return text, 0
    end = limit
    while end > 0 and not _may_part(text, end):
        end -= 1
    space = max(text.rfind(" ", 0, end + 1), text.rfind("\n", 0, end + 1))
    if space >= end * 0.8:
        end = space
    # A text that is one single character all through has no place to part.
    kept = text[: end or limit].rstrip()
    return kept, len(text) - len(kept)


def shortened(text: str, limit: int) -> str:
    """The text on one line, ended with an ellipsis where it was cut."""
    line = " ".join(text.split())
    kept, left = cut(line, limit - 1 if len(line) > limit else limit)
    return f"{kept}…" if left else kept


def excerpt(text: str, limit: int) -> tuple[str, int]:
    """Like `cut`, but between paragraphs, or else between sentences, where that leaves half of it or more."""
    if len(text) <= limit:
        return text, 0
    for ends in (_PARAGRAPH, _SENTENCE):
        fitting = [match.end() for match in ends.finditer(text) if len(text[: match.end()].rstrip()) <= limit]
        if fitting and fitting[-1] >= limit / 2:
            kept = text[: fitting[-1]].rstrip()
            return kept, len(text) - len(kept)
    return cut(text, limit)


def _may_part(text: str, position: int) -> bool:
    before, after = text[position - 1], text[position]
    if JOINER in (before, after) or _hangs_on(after):
        return False
    if _is_flag_letter(before) and _is_flag_letter(after):
        run = position
        while run > 0 and _is_flag_letter(text[run - 1]):
            run -= 1
        return (position - run) % 2 == 0
    return True


def _hangs_on(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Mc", "Me") or "\U0001f3fb" <= character <= "\U0001f3ff"


def _is_flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
