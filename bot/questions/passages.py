"""What of an entry is compared with a question: its wordings, and its text in windows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.meanings.models import fitting
from bot.meanings.texts import Text
from bot.questions.entries import Entry
from bot.questions.normalise import meant

# In the units of bot/meanings/models.py: together they are what the models read of a text.
_TITLE = 80
_WINDOW = 210


@dataclass(frozen=True)
class Piece:
    """A text of the entry that is `owner`th among all, and the language it is in."""

    text: Text
    owner: int
    locale: str


# An edit changes few texts: the others are not brought to this form again.
_meant = lru_cache(maxsize=100_000)(meant)


def wordings(things: Sequence[Sequence[Entry]]) -> list[Piece]:
    """Every way of asking for each thing, once in each language."""
    return [
        Piece(Text(_meant(wording), "question"), owner, entry.locale)
        for owner, thing in enumerate(things)
        for entry in thing
        for wording in dict.fromkeys(entry.wordings)
    ]


def passages(things: Sequence[Sequence[Entry]]) -> list[Piece]:
    """Every window of each thing's text, under the first of its wordings, which says what it is about."""
    return [
        Piece(Text(f"{_title(entry)}\n{window}", "passage"), owner, entry.locale)
        for owner, thing in enumerate(things)
        for entry in thing
        for window in _windows(_meant(entry.text))
    ]


def _title(entry: Entry) -> str:
    title = _meant(entry.wordings[0]) if entry.wordings else ""
    return title[: fitting(title, _TITLE)]


def _windows(text: str) -> Iterator[str]:
    """The text in pieces that overlap a little, so that no sentence is only seen in halves."""
    whole = " ".join(text.split())
    start = 0
    while start < len(whole):
        length = fitting(whole[start:], _WINDOW)
        yield whole[start : start + length]
        if start + length >= len(whole):
            return
        start += max(1, length - length // 8)
