"""Messages that ask nothing: thanks, greetings, goodbyes and abuse."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal

from bot.questions import normalise
from bot.questions.tables import read_table

SmallTalk = Literal["thanks", "greeting", "abuse", "bye"]

# Where a message says several of these, the first counts.
_ORDER: tuple[SmallTalk, ...] = ("abuse", "thanks", "bye", "greeting")


def small_talk(question: str) -> SmallTalk | None:
    """What kind of small talk the whole message is; None if it says anything else.

    Works from the table `small_talk.tsv`. "Hello, when is the forum?" is a question.
    """
    text = re.sub(r"[\W_]+", " ", normalise.fold(normalise.clean(question))).strip()
    pattern, kinds = _phrases()
    if not text or not re.fullmatch(rf"(?:{pattern.pattern}|\s)+", text):
        return None
    said = {kinds[match.group()] for match in pattern.finditer(text)}
    return next((kind for kind in _ORDER if kind in said), None)


@cache
def _phrases() -> tuple[re.Pattern[str], Mapping[str, str]]:
    kinds = {normalise.fold(phrase): kind for kind, phrase in read_table("small_talk.tsv")}
    alternatives = [
        rf"\b{re.escape(phrase)}\b" if phrase.isascii() else re.escape(phrase)
        for phrase in sorted(kinds, key=len, reverse=True)
    ]
    return re.compile("|".join(alternatives)), kinds
