"""The entry that a question means, among all that can be answered."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from bot.questions.alike import senses
from bot.questions.decide import (
    CALIBRATION,
    FEATURES,
    LIKENESS,
    Answer,
    Calibration,
    Choices,
    Found,
    Nothing,
    blend,
    decide,
    describe,
)
from bot.questions.entries import Entry
from bot.questions.index import Bm25, Floats
from bot.questions.normalise import clean, tidy
from bot.questions.stems import stem
from bot.questions.terms import weight, weights, words
from bot.questions.typos import Corrector

LONGEST_PASSAGE = 320

_CANDIDATES = 8
# What is written in the asker's language, in the other script of Chinese, in any other language.
_PREFERENCE = (1.0, 0.97, 0.9)


class Finder:
    """An index of entries. It never changes: when the entries do, build another and swap it in.

    Entries with one id are one thing in several languages. They are found through any of them, and come back
    once, in the asker's language where they exist in it.
    """

    def __init__(self, entries: Sequence[Entry], calibration: Calibration | None = None) -> None:
        by_id: dict[str, list[Entry]] = {}
        for entry in entries:
            by_id.setdefault(entry.id, []).append(entry)
        self._things = tuple(by_id.values())
        self._calibration = calibration or Calibration.read(CALIBRATION)

        locales = {entry.locale for entry in entries}
        self._preferences = {locale: _preference(self._things, locale) for locale in locales}

        lines: dict[str, tuple[str, ...]] = {}
        self._wordings = _index(self._things, _wordings_of, lines)
        self._texts = _index(self._things, _passages_of, lines)
        self._corrector = Corrector(word for line in lines.values() for word in line)

    def ask(self, question: str, locale: str) -> Answer | Choices | Nothing:
        """What the question means for somebody who reads the locale.

        Any text may be asked; one without a word in it finds nothing, and names no nearest topic either.
        """
        measured = self.measure(question, locale)
        if measured is None:
            return Nothing(())
        features, entries = measured
        probabilities = self._calibration.probabilities(features)
        order = np.argsort(-probabilities, kind="stable")
        found = [Found(entries[number], float(probabilities[number])) for number in order]
        likeness = float(features[order[0], FEATURES.index(LIKENESS)])
        return decide(found, likeness, self._calibration)

    def measure(self, question: str, locale: str) -> tuple[Floats, list[Entry]] | None:
        """The features (see decide.FEATURES) of the likeliest entries, a row each; None if none has any."""
        asked = self._terms(clean(question))
        if not asked or not self._things:
            return None
        wordings, texts = self._wordings.score(asked), self._texts.score(asked)
        preference = self._preferences.get(locale)
        if preference is None:
            preference = _preference(self._things, locale)
        ranks = blend(wordings, texts) * preference
        order = self._likeliest(ranks)
        if not order:
            return None
        return describe(ranks, wordings, texts, order), [
            _variant(self._things[number], locale) for number in order
        ]

    def _terms(self, question: str) -> Mapping[str, float]:
        """The question's terms, and what each is worth: less than 1 where it had to be guessed."""
        asked: dict[str, float] = {}
        for word in words(question):
            term, share = stem(word), 1.0
            if weight(term) == 0:
                continue
            if not self._knows(term) and term not in weights() and term not in senses():
                guess = self._corrector.nearest(word)
                if guess is not None:
                    term, share = stem(guess[0]), guess[1]
            asked[term] = max(asked.get(term, 0.0), share)
        return asked

    def _knows(self, term: str) -> bool:
        return self._wordings.knows(term) or self._texts.knows(term)

    def _likeliest(self, ranks: Floats) -> list[int]:
        count = min(_CANDIDATES, len(ranks))
        best = np.argpartition(-ranks, count - 1)[:count]
        return sorted(
            (int(number) for number in best if ranks[number] > 0), key=lambda number: (-ranks[number], number)
        )


def _preference(things: Sequence[Sequence[Entry]], locale: str) -> Floats:
    """A factor for each thing: 1 if the asker reads it in the own language, a little less in another."""
    return np.array([_PREFERENCE[min(_distance(entry, locale) for entry in thing)] for thing in things])


def _variant(thing: Sequence[Entry], locale: str) -> Entry:
    """The thing in the asker's language, else in the other script of Chinese, else as it was first given."""
    return min(thing, key=lambda entry: _distance(entry, locale))


def _distance(entry: Entry, locale: str) -> int:
    if entry.locale == locale:
        return 0
    language = locale.partition("_")[0]
    return 1 if entry.locale.partition("_")[0] == language else 2


def _wordings_of(entry: Entry) -> Iterator[str]:
    yield from entry.wordings


def _passages_of(entry: Entry) -> Iterator[str]:
    """The text in windows, each with all the wordings: question and answer together."""
    questions = "\n".join(entry.wordings)
    text = " ".join(entry.text.split())
    for start in range(0, len(text) or 1, LONGEST_PASSAGE):
        # A window begins somewhat before the last one ended, so that no sentence is only ever seen in halves.
        yield f"{questions}\n{text[max(0, start - LONGEST_PASSAGE // 8) : start + LONGEST_PASSAGE]}"


def _index(
    things: Sequence[Sequence[Entry]],
    documents_of: Callable[[Entry], Iterator[str]],
    lines: dict[str, tuple[str, ...]],
) -> Bm25:
    """The documents of all things; the words of each line are kept in `lines`, to be found only once."""
    documents: list[tuple[str, ...]] = []
    owners: list[int] = []
    for number, thing in enumerate(things):
        # Both scripts of Chinese come out the same: each text counts once.
        unlike: dict[tuple[str, ...], None] = {}
        for text in (text for entry in thing for text in documents_of(entry)):
            # By lines: a title in Latin letters keeps its words, though the text below it is Chinese.
            for line in text.splitlines():
                if line not in lines:
                    lines[line] = tuple(words(tidy(line)))
            unlike[tuple(stem(word) for line in text.splitlines() for word in lines[line])] = None
        for document in unlike or {(): None}:
            documents.append(document)
            owners.append(number)
    return Bm25(documents, owners)
