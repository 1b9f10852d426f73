"""How close a question comes to each entry in meaning, whatever words or language either is in."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.meanings.models import Vector, Vectors
from bot.questions.index import Floats

# How much the likest wording counts beside the likest passage: question to question, question to answer.
WORDING_SHARE = 0.6
# Alikeness hardly varies among a handful of texts: a smaller spread says nothing.
_LEAST_SPREAD = 0.02


@dataclass(frozen=True)
class Alike:
    """What one model says of each entry, each array as long as the entries are many.

    `wording` and `passage` are the alikeness of the likest of each, from -1 to 1. Their standing is how far
    above all entries that is, in standard deviations, text by text among those of its language, so that what
    is written in the asker's language has no advantage by that alone. `both` blends what is alike.
    """

    wording: Floats
    passage: Floats
    wording_standing: Floats
    passage_standing: Floats

    @property
    def both(self) -> Floats:
        return WORDING_SHARE * self.wording + (1 - WORDING_SHARE) * self.passage

    @property
    def standing(self) -> Floats:
        return WORDING_SHARE * self.wording_standing + (1 - WORDING_SHARE) * self.passage_standing


@dataclass(frozen=True)
class Rows:
    """Texts in rows: their vectors, whose they are, numbered from 0, and the language of each."""

    vectors: Vectors
    owners: NDArray[np.int64]
    locales: Sequence[str]


class Dense:
    """The wordings and passages of all entries by one model. It does not change once made."""

    def __init__(self, wordings: Rows, passages: Rows, count: int) -> None:
        self._count = count
        self._wordings = _Side(wordings, count)
        self._passages = _Side(passages, count)

    def score(self, question: Vector) -> Alike:
        """How alike the question and each entry are."""
        wording, wording_standing = self._wordings.score(question)
        passage, passage_standing = self._passages.score(question)
        return Alike(wording, passage, wording_standing, passage_standing)


class _Side:
    """The wordings, or the passages."""

    def __init__(self, rows: Rows, count: int) -> None:
        self._vectors = np.ascontiguousarray(rows.vectors, dtype=np.float32)
        self._owners = rows.owners
        self._count = count
        numbers = {locale: number for number, locale in enumerate(dict.fromkeys(rows.locales))}
        self._languages = np.array([numbers[locale] for locale in rows.locales], dtype=np.int64)
        self._per_language = np.maximum(np.bincount(self._languages, minlength=len(numbers)), 1)

    def score(self, question: Vector) -> tuple[Floats, Floats]:
        """The alikeness of each owner's likest row, and the highest standing among its rows.

        Who has no row is as unlike as the unlikest.
        """
        if not len(self._owners):
            return np.zeros(self._count), np.zeros(self._count)
        alike = (self._vectors @ question).astype(np.float64)
        mean = np.bincount(self._languages, weights=alike) / self._per_language
        square = np.bincount(self._languages, weights=alike**2) / self._per_language
        spread = np.maximum(np.sqrt(np.maximum(square - mean**2, 0.0)), _LEAST_SPREAD)
        standing = (alike - mean[self._languages]) / spread[self._languages]
        return self._highest(alike), self._highest(standing)

    def _highest(self, values: Floats) -> Floats:
        highest = np.full(self._count, values.min())
        np.maximum.at(highest, self._owners, values)
        return highest
