"""What people say around a question and not in it: greetings, apologies, "I would like to know"."""

import re
from functools import cache

from bot.questions.normalise import simplify
from bot.questions.tables import read_table

_BETWEEN = r"[\s,.!?;:~，。！？；：、～…]*"


def without_politeness(text: str) -> str:
    """The text without the phrases of the table `politeness.tsv` at its two ends.

    Several in a row go together. A text that is nothing else stays whole.
    """
    before, after = _patterns()
    start = before.match(text)
    bare = text[start.end() :] if start else text
    end = after.search(bare)
    bare = bare[: end.start()] if end else bare
    return bare if any(character.isalnum() for character in bare) else text


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    phrases: dict[str, set[str]] = {"start": set(), "end": set()}
    for place, phrase in read_table("politeness.tsv"):
        phrases[place] |= {phrase, simplify(phrase)}
    before, after = (
        "|".join(_bounded(phrase) for phrase in sorted(phrases[place], key=len, reverse=True))
        for place in ("start", "end")
    )
    return (
        re.compile(f"{_BETWEEN}(?:(?:{before}){_BETWEEN})+", re.IGNORECASE),
        re.compile(f"(?:{_BETWEEN}(?:{after}))+{_BETWEEN}$", re.IGNORECASE),
    )


def _bounded(phrase: str) -> str:
    """The phrase as a pattern, which in Latin letters is not found inside a word."""
    pattern = re.escape(phrase).replace("'", "['’]?")
    return rf"(?<![a-z0-9]){pattern}(?![a-z0-9])" if phrase[0].isascii() else pattern
