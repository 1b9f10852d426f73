"""Messages that ask nothing: thanks, greetings, goodbyes, abuse and laughs."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Literal

from bot.questions import normalise
from bot.questions.tables import read_table

SmallTalk = Literal["thanks", "greeting", "abuse", "bye", "smile"]

# Asks for the colourful form of the sign before it.
_VARIANT = "\ufe0f"

# Where a message says several of these, the first counts.
_ORDER: tuple[SmallTalk, ...] = ("abuse", "thanks", "bye", "greeting", "smile")


def small_talk(question: str) -> SmallTalk | None:
    """What kind of small talk the whole message is; None if it says anything else.

    Works from the table `small_talk.tsv`. "Hello, when is the forum?" is a question. Of a message without any
    letter or digit the emoji count.
    """
    cleaned = normalise.clean(question)
    text = _words(cleaned)
    pattern, kinds = _phrases()
    if not text:
        return _first({_emoji()[sign] for sign in cleaned if sign in _emoji()})
    # Without going back, as many phrases begin alike: the longest is taken each time, as it is below.
    if not re.fullmatch(rf"(?>{pattern.pattern}|\s)++", text):
        return None
    return _first({kinds[match.group()] for match in pattern.finditer(text)})


def _first(said: set[str]) -> SmallTalk | None:
    return next((kind for kind in _ORDER if kind in said), None)


def _words(text: str) -> str:
    """The text folded, with single blanks for all that is no letter, digit or mark of a letter."""
    kept = (
        sign if sign.isalnum() or unicodedata.category(sign)[0] == "M" else " "
        for sign in normalise.fold(text)
    )
    return " ".join("".join(kept).replace(_VARIANT, "").split())


@cache
def _emoji() -> Mapping[str, str]:
    return {sign: kind for kind, sign in read_table("small_talk.tsv") if not _words(sign)}


@cache
def _phrases() -> tuple[re.Pattern[str], Mapping[str, str]]:
    kinds = {words: kind for kind, phrase in read_table("small_talk.tsv") if (words := _words(phrase))}
    alternatives = [
        rf"(?<![a-z0-9]){re.escape(phrase)}(?![a-z0-9])" if phrase.isascii() else re.escape(phrase)
        for phrase in sorted(kinds, key=len, reverse=True)
    ]
    return re.compile("|".join(alternatives)), kinds
