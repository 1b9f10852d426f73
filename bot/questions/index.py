"""How close a question comes to each entry: BM25 over words and pairs of characters."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.questions.terms import weight, weight_of_unknown

Floats = NDArray[np.float64]

# Below this many entries the collection itself says little about which words are rare.
_SMALLEST_COLLECTION = 50


@dataclass(frozen=True)
class Scores:
    """What one scorer says of each entry, each array from 0 to 1 and as long as the entries are many.

    `level` is the score over the highest it could have been; `coverage` the share of the question found in
    the entry's best document, `echo` the share of that document found in the question; `likeness` is both in
    one and the same document (Dice), 1 for the same terms.
    """

    level: Floats
    coverage: Floats
    echo: Floats
    likeness: Floats


class Bm25:
    """Documents of owners, each owner scored by the best of its documents. It does not change once made.

    Rarity is counted over owners, so that many wordings or languages of one entry make no word common.
    """

    def __init__(
        self, documents: Sequence[Sequence[str]], owners: Sequence[int], *, k1: float = 0.9, b: float = 0.4
    ) -> None:
        """`owners` numbers the owner of each document from 0, ascending, none left out."""
        self._term_ids: dict[str, int] = {}
        term_of, document_of, count_of = [], [], []
        for number, document in enumerate(documents):
            for term, count in Counter(document).items():
                term_of.append(self._term_ids.setdefault(term, len(self._term_ids)))
                document_of.append(number)
                count_of.append(count)
        terms = np.array(term_of, dtype=np.int64)
        order = np.argsort(terms, kind="stable")
        terms = terms[order]
        self._documents = np.array(document_of, dtype=np.int64)[order]
        self._ends = np.cumsum(np.bincount(terms, minlength=len(self._term_ids))) if len(terms) else terms
        self._document_count = len(documents)
        owner_of = np.array(owners, dtype=np.int64)
        self._starts = np.searchsorted(owner_of, np.arange(owner_of[-1] + 1)) if len(owner_of) else owner_of
        self._owner_of = owner_of

        self._rarity_of_unknown, rarity = self._measure_rarity(terms)
        self._rarity = rarity * np.array([weight(term) for term in self._term_ids])
        counts = np.array(count_of, dtype=np.float64)[order]
        lengths = np.bincount(self._documents, weights=counts, minlength=self._document_count)
        spread = lengths / lengths.mean() if lengths.any() else lengths
        self._saturation = counts * (k1 + 1) / (counts + k1 * (1 - b + b * spread[self._documents]))
        self._highest_saturation = k1 + 1
        self._mass = np.maximum(
            np.bincount(self._documents, weights=self._rarity[terms], minlength=self._document_count), 1e-9
        )

    def _measure_rarity(self, terms: NDArray[np.int64]) -> tuple[float, Floats]:
        owner_count = max(len(self._starts), _SMALLEST_COLLECTION)
        pairs = np.unique(terms * max(len(self._starts), 1) + self._owner_of[self._documents])
        spread = np.bincount(pairs // max(len(self._starts), 1), minlength=len(self._term_ids))
        rarity = np.log1p((owner_count - spread + 0.5) / (spread + 0.5))
        return float(np.log1p((owner_count + 0.5) / 0.5)), rarity

    def knows(self, term: str) -> bool:
        """Whether any document has the term."""
        return term in self._term_ids

    def rarity(self, term: str) -> float:
        """How much the term says here; one that no document has says most."""
        number = self._term_ids.get(term)
        if number is None:
            return self._rarity_of_unknown * weight_of_unknown(term)
        return float(self._rarity[number])

    def score(self, question: Mapping[str, float]) -> Scores:
        """The scores of all owners. Terms that no document has count against all of them."""
        whole = sum(self.rarity(term) * share for term, share in question.items())
        spans, shares = [], []
        for term, share in question.items():
            number = self._term_ids.get(term)
            if number is not None:
                start = self._ends[number - 1] if number else 0
                spans.append(np.arange(start, self._ends[number]))
                shares.append(np.full(len(spans[-1]), self._rarity[number] * share))
        if not spans or whole <= 0:
            nothing = np.zeros(len(self._starts))
            return Scores(nothing, nothing, nothing, nothing)
        span, worth = np.concatenate(spans), np.concatenate(shares)
        where = self._documents[span]
        found = np.bincount(where, weights=worth * self._saturation[span], minlength=self._document_count)
        covered = np.bincount(where, weights=worth, minlength=self._document_count)
        return Scores(
            level=np.maximum.reduceat(found, self._starts) / (whole * self._highest_saturation),
            coverage=np.maximum.reduceat(covered, self._starts) / whole,
            echo=np.minimum(np.maximum.reduceat(covered / self._mass, self._starts), 1.0),
            likeness=np.minimum(np.maximum.reduceat(2 * covered / (self._mass + whole), self._starts), 1.0),
        )
