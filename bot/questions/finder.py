"""The entry that a question means, among all that can be answered."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache

import numpy as np

from bot.meanings.models import MODELS, Vector
from bot.meanings.texts import Text
from bot.questions import passages
from bot.questions.alike import SIGN, senses
from bot.questions.decide import (
    Answer,
    Calibration,
    Choices,
    Found,
    Nothing,
    blend,
    calibrations,
    decide,
    describe,
    rung_of,
)
from bot.questions.dense import Alike, Dense, Rows
from bot.questions.entries import Entry
from bot.questions.index import Bm25, Floats
from bot.questions.normalise import clean, meant, tidy
from bot.questions.passages import Piece
from bot.questions.stems import stem
from bot.questions.terms import weight, weights, words
from bot.questions.typos import SHARED_ROOT, SHORTEST, Corrector

LONGEST_PASSAGE = 320

_CANDIDATES = 8
_LATIN_WORD = re.compile(f"[A-Za-z]{{{SHORTEST},}}")
# What is written in the asker's language, in the other script of Chinese, in any other language.
_PREFERENCE = (1.0, 0.97, 0.9)
# With fewer of its texts understood than this share, a model says nothing.
_ENOUGH_UNDERSTOOD = 0.95

# The vectors of texts by the names of models and the texts' keys; the same of one question by models alone.
Understood = Mapping[str, Mapping[str, Vector]]
Meaning = Mapping[str, Vector]


class Finder:
    """An index of entries. It never changes: when the entries do, build another and swap it in.

    Entries with one id are one thing in several languages. They are found through any of them, and come back
    once, in the asker's language where they exist in it. Without vectors, or for a question without any,
    words alone decide: a rung lower.
    """

    def __init__(
        self,
        entries: Sequence[Entry],
        calibration: Mapping[str, Calibration] | None = None,
        understood: Understood | None = None,
    ) -> None:
        self._things = things_of(entries)
        self._calibrations = calibration or calibrations()

        locales = {entry.locale for entry in entries}
        self._preferences = {locale: _preference(self._things, locale) for locale in locales}

        lines: dict[str, tuple[str, ...]] = {}
        self._wordings = _index(self._things, _wordings_of, lines)
        self._texts = _index(self._things, _passages_of, lines)
        self._corrector = Corrector(word for line in lines.values() for word in line)
        self._dense, self.vectors = _dense(self._things, understood or {})

    @property
    def models(self) -> Collection[str]:
        """The models that have understood enough of the entries to be asked."""
        return self._dense.keys()

    @property
    def rung(self) -> str:
        """What decides at best: "e5+muse+bm25", or fewer of them."""
        return rung_of(self._dense)

    def ask(self, question: str, locale: str, meaning: Meaning | None = None) -> Answer | Choices | Nothing:
        """What the question means for somebody who reads the locale.

        Any text may be asked; one without a word in it finds nothing, and names no nearest topic either.
        """
        measured = self.measure(question, locale, meaning)
        if measured is None:
            return Nothing(())
        rung, features, entries = measured
        calibration = self._calibrations[rung]
        probabilities = calibration.probabilities(features)
        order = np.argsort(-probabilities, kind="stable")
        found = [Found(entries[number], float(probabilities[number])) for number in order]
        return decide(found, calibration)

    def measure(
        self, question: str, locale: str, meaning: Meaning | None = None
    ) -> tuple[str, Floats, list[Entry]] | None:
        """The rung, and the features (see decide.py) of the likeliest entries there, a row each.

        None if no entry has anything of the question.
        """
        asked = self._terms(clean(question))
        alike = {
            name: self._dense[name].score(vector)
            for name, vector in (meaning or {}).items()
            if name in self._dense
        }
        if not self._things or not (asked or alike):
            return None
        wordings, texts = self._wordings.score(asked), self._texts.score(asked)
        preference = self._preferences.get(locale)
        if preference is None:
            preference = _preference(self._things, locale)
        ranks = blend(wordings, texts) * preference
        order = self._likeliest(ranks, alike)
        if not order:
            return None
        features = describe(wordings, texts, alike, order, _count_words(asked))
        return rung_of(alike), features, [_variant(self._things[number], locale) for number in order]

    def restated(self, question: str) -> str:
        """The question as models are given it: mistyped words corrected, Chinese as it is written.

        Empty where it holds no word that they could understand.
        """
        if not any(map(str.isalnum, question)):
            return ""
        return meant(_LATIN_WORD.sub(self._corrected, clean(question)))

    def _corrected(self, found: re.Match[str]) -> str:
        word = found.group()
        term = stem(word.casefold())
        if self._knows(term) or term in weights() or term in senses():
            return word
        guess = self._corrector.nearest(word.casefold())
        return guess[0] if guess is not None and guess[1] > SHARED_ROOT else word

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

    def _likeliest(self, ranks: Floats, alike: Mapping[str, Alike]) -> list[int]:
        """The best by words, and the best by each model."""
        found = dict.fromkeys(number for number in _best(ranks) if ranks[number] > 0)
        for one in alike.values():
            found |= dict.fromkeys([*_best(one.both), *_best(one.standing)])
        return list(found)


def _count_words(asked: Mapping[str, float]) -> int:
    """How many words, or pairs of characters, a question has, without what only comes along with them."""
    return sum(len(term) > 1 and not term.startswith(SIGN) for term in asked)


def things_of(entries: Sequence[Entry]) -> tuple[tuple[Entry, ...], ...]:
    """The entries by what they are about, each in all its languages."""
    by_id: dict[str, list[Entry]] = {}
    for entry in entries:
        by_id.setdefault(entry.id, []).append(entry)
    return tuple(tuple(several) for several in by_id.values())


def texts_of(entries: Sequence[Entry]) -> list[Text]:
    """All texts whose vectors a finder of these entries asks for, what matters most first."""
    things = things_of(entries)
    pieces = (*passages.wordings(things), *passages.passages(things))
    return list(dict.fromkeys(piece.text for piece in pieces))


def _best(values: Floats) -> list[int]:
    """The highest few, from the top."""
    count = min(_CANDIDATES, len(values))
    best = np.argpartition(-values, count - 1)[:count]
    return sorted((int(number) for number in best), key=lambda number: (-values[number], number))


def _dense(
    things: Sequence[Sequence[Entry]], understood: Understood
) -> tuple[dict[str, Dense], dict[str, dict[str, Vector]]]:
    """An index for each model that has understood nearly all there is, and its rows by their texts' keys."""
    indexes: dict[str, Dense] = {}
    rows: dict[str, dict[str, Vector]] = {}
    if not understood:
        return indexes, rows
    sides = passages.wordings(things), passages.passages(things)
    for name, vectors in understood.items():
        tables = [_table(pieces, name, vectors) for pieces in sides]
        needed = sum(map(len, sides))
        if needed and sum(len(keys) for keys, _ in tables) >= _ENOUGH_UNDERSTOOD * needed:
            (_, asked), (_, told) = tables
            indexes[name] = Dense(asked, told, len(things))
            rows[name] = {
                key: row for keys, table in tables for key, row in zip(keys, table.vectors, strict=True)
            }
    return indexes, rows


def _table(pieces: Sequence[Piece], name: str, vectors: Mapping[str, Vector]) -> tuple[list[str], Rows]:
    """The pieces that are understood, with their keys."""
    model = MODELS[name]
    known = [(key, piece) for piece in pieces if (key := piece.text.key(model)) in vectors]
    rows = Rows(
        np.array([vectors[key] for key, _ in known], dtype=np.float32),
        np.array([piece.owner for _, piece in known], dtype=np.int64),
        [piece.locale for _, piece in known],
    )
    return [key for key, _ in known], rows


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


@lru_cache(maxsize=100_000)
def _words_of(line: str) -> tuple[str, ...]:
    """The words of a line of an entry. Kept, as an edit changes few of them."""
    return tuple(words(tidy(line)))


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
                    lines[line] = _words_of(line)
            unlike[tuple(stem(word) for line in text.splitlines() for word in lines[line])] = None
        for document in unlike or {(): None}:
            documents.append(document)
            owners.append(number)
    return Bm25(documents, owners)
