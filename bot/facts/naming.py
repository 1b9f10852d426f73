"""Which of several events the words of a question name, by their titles, places and descriptions."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.questions.inquiry import Inquiry, terms_of
from bot.questions.normalise import fold, rewrite
from storage.events import Event

# What it says of an event that a word stands there.
_TITLE: Final = 1.0
_PLACE: Final = 0.7
_DESCRIPTION: Final = 0.5
# A lone Chinese character says less than a word.
_LONE: Final = 0.4
_SHORTEST_TYPO: Final = 5
_LEAST_LIKENESS: Final = 0.8
_NEARLY: Final = 0.7


@dataclass(frozen=True)
class Named:
    """An event and how well the question names it.

    `explained` is the share of the question's own words that the event has, from 0 to 1; `titled` how many of
    them its title has, `placed` how many its place; `score` grows with how few other events have them too.
    Lone Chinese characters are counted in neither.
    """

    event: Event
    explained: float
    titled: int
    placed: int
    score: float


class Names:
    """The words of some events, to look for those of a question in them."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._events = events
        self._numbers = {event.id: number for number, event in enumerate(events)}
        self._whole_titles = [
            tuple(_written(text.title) for text in event.texts.values()) for event in events
        ]
        self._titles = [_terms(event, "title") for event in events]
        self._places = [_terms(event, "place") for event in events]
        self._told = [_terms(event, "description", "bring") for event in events]
        everywhere = [
            titles | places | told
            for titles, places, told in zip(self._titles, self._places, self._told, strict=True)
        ]
        self._spread = Counter(term for terms in everywhere for term in terms)

    def measure(self, inquiry: Inquiry) -> list[Named]:
        """Every event with how well it is named, in the order given."""
        rest = [self._known(term) for term in inquiry.rest]
        whole = sum(_weight(term) for term in rest)
        found = []
        for number, event in enumerate(self._events):
            explained = score = 0.0
            for term in rest:
                if share := self._share(term, number):
                    explained += _weight(term)
                    score += share * _weight(term) * self._rareness(term)
            called = sum(self._is_in_title(phrase, number) for phrase in inquiry.known_as)
            words = [term for term in rest if len(term) > 1]
            titled = called + sum(term in self._titles[number] for term in words)
            placed = sum(term in self._places[number] for term in words)
            found.append(Named(event, explained / whole if whole else 1.0, titled, placed, score + called))
        return found

    def is_called(self, event: Event, phrase: str) -> bool:
        """Whether the phrase, of more than one character, is part of the event's title in some language."""
        return len(phrase) > 1 and self._is_in_title(phrase, self._numbers[event.id])

    def _is_in_title(self, phrase: str, number: int) -> bool:
        return bool(phrase) and any(phrase in title for title in self._whole_titles[number])

    def _share(self, term: str, number: int) -> float:
        if term in self._titles[number]:
            return _TITLE
        if len(term) == 1:
            # A lone character of a description belongs to any word.
            return 0.0
        if term in self._places[number]:
            return _PLACE
        return _DESCRIPTION if term in self._told[number] else 0.0

    def _rareness(self, term: str) -> float:
        return math.log(1 + len(self._events) / max(1, self._spread[term]))

    def _known(self, term: str) -> str:
        """The term, or the one that is meant where it is mistyped."""
        if term in self._spread or len(term) < _SHORTEST_TYPO or not term.isascii():
            return term
        near = process.extractOne(
            term,
            [one for one in self._spread if one[0] == term[0] and one.isascii()],
            scorer=OSA.normalized_similarity,
            score_cutoff=_LEAST_LIKENESS,
        )
        return near[0] if near else term


def best(named: Sequence[Named], *, least: float) -> list[Named]:
    """Those that are named about as well as the best; all have that share of the question's words."""
    enough = [one for one in named if one.explained >= least]
    if not enough:
        return []
    top = max(one.score for one in enough)
    return [one for one in enough if one.score >= _NEARLY * top]


def _weight(term: str) -> float:
    return _LONE if len(term) == 1 else 1.0


def _terms(event: Event, *fields: str) -> frozenset[str]:
    return frozenset().union(
        *(_pieces(getattr(text, field)) for text in event.texts.values() for field in fields)
    )


# Events are asked about far more often than they change.
@lru_cache(maxsize=10_000)
def _pieces(text: str) -> frozenset[str]:
    """The terms of a text; of a Chinese pair each character too, as a lone one may be asked for."""
    terms = terms_of(text)
    return frozenset(terms).union(*(term for term in terms if len(term) == 2 and not term.isascii()))


@lru_cache(maxsize=3000)
def _written(title: str) -> str:
    return fold(rewrite(title))
