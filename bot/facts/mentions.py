"""What an event's own text says of a thing that it has no field for."""

import re
from functools import cache
from typing import Final

from bot.questions.normalise import fold, rewrite, tidy
from bot.questions.phrases import Phrases
from storage.events import EventText

_SENTENCE: Final = re.compile(r"[^.!?。！？\n]+(?:[.!?。！？](?!\d)|$|(?=\n))|[^\n]+")
MOST: Final = 2


def quote(text: EventText, aspect: str) -> str:
    """The first sentences of the event's text that speak of it, word for word; empty where none does."""
    found = [sentence for part in (text.description, text.bring) for sentence in _sentences(part)]
    return " ".join([one for one in found if _speaks_of(one, aspect)][:MOST])


def _sentences(text: str) -> list[str]:
    return [stripped for match in _SENTENCE.finditer(text) if (stripped := match.group().strip())]


def _speaks_of(sentence: str, aspect: str) -> bool:
    meant, _ = _table().take(fold(rewrite(tidy(sentence))))
    return aspect in meant


@cache
def _table() -> Phrases:
    return Phrases("mentions.tsv")
