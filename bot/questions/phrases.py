"""Finding the phrases of a table in a text, and what is left of the text without them."""

import re

from bot.questions.normalise import fold, rewrite
from bot.questions.tables import read_table

# Stands where a phrase was taken out, so that what was on its two sides does not grow together.
TAKEN = "\n"
_GAP = "…"
_FARTHEST = 60


class Phrases:
    """The phrases of a table by what they mean. It does not change once made.

    A phrase with three dots has any few words between its parts, which stay. Longer phrases come first, and
    those of several parts before all others.
    """

    def __init__(self, table: str) -> None:
        whole: dict[str, dict[str, None]] = {}
        self._words: dict[str, set[str]] = {}
        self._parted: list[tuple[re.Pattern[str], str]] = []
        rows = [(meant, phrase) for meant, listed in read_table(table) for phrase in listed.split(",")]
        # As typed and as it is written: the text may be either.
        forms = [
            (meant, form) for meant, phrase in rows for form in {fold(phrase), fold(rewrite(phrase.strip()))}
        ]
        for meant, form in sorted(forms, key=lambda one: -len(one[1])):
            parts = [part.strip() for part in form.split(_GAP)]
            self._words.setdefault(meant, set()).update(parts)
            if len(parts) > 1:
                between = rf"(?:[^.?!。？！]{{0,{_FARTHEST}}}?)"
                pattern = between.join(f"({_bounded(part)})" for part in parts)
                self._parted.append((re.compile(pattern), meant))
            elif parts[0]:
                whole.setdefault(parts[0], {})[meant] = None
        self._meanings = {phrase: tuple(meant) for phrase, meant in whole.items()}
        self._whole = re.compile(
            "|".join(_bounded(phrase) for phrase in sorted(whole, key=len, reverse=True)) or "(?!)"
        )

    def take(self, text: str) -> tuple[tuple[str, ...], str]:
        """What the phrases in a folded text mean, each once, and the text without them."""
        meant, _, rest = self.pick(text)
        return meant, rest

    def pick(self, text: str) -> tuple[tuple[str, ...], tuple[str, ...], str]:
        """The same, with the phrases of one part themselves between the two."""
        found: dict[str, None] = {}
        for pattern, meant in self._parted:
            match = pattern.search(text)
            if match is not None:
                found[meant] = None
                for number in range(len(match.groups()), 0, -1):
                    text = _without(text, *match.span(number))
        phrases = tuple(match.group() for match in self._whole.finditer(text))
        for phrase in phrases:
            found |= dict.fromkeys(self._meanings[phrase])
        return tuple(found), phrases, self._whole.sub(TAKEN, text)

    def parts_of(self, meant: str) -> frozenset[str]:
        """Every part of a phrase that has this meaning."""
        return frozenset(self._words.get(meant, ()))

    def at_start(self, text: str) -> tuple[tuple[str, ...], str]:
        """What the longest phrase with which the text begins means, and the rest of the text."""
        match = self._whole.match(text)
        return (self._meanings[match.group()], text[match.end() :]) if match else ((), text)


def _bounded(phrase: str) -> str:
    """The phrase as a pattern, which in Latin letters is not found inside a word."""
    pattern = re.escape(phrase)
    before = r"(?<![a-z0-9])" if phrase[:1].isascii() and phrase[:1].isalnum() else ""
    after = r"(?![a-z0-9])" if phrase[-1:].isascii() and phrase[-1:].isalnum() else ""
    return f"{before}{pattern}{after}"


def _without(text: str, start: int, end: int) -> str:
    return f"{text[:start]}{TAKEN}{text[end:]}"
