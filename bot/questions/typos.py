"""Words nobody wrote in an entry, brought to the nearest that somebody did."""

from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

SHORTEST = 5
LEAST_LIKENESS = 0.75
SHARED_ROOT = 0.7


class Corrector:
    """The vocabulary of a collection, by first letter and length. It does not change once made."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        by_start: dict[tuple[str, int], list[str]] = defaultdict(list)
        by_root: dict[str, list[str]] = defaultdict(list)
        for word in sorted({word for word in vocabulary if len(word) >= SHORTEST and word.isalpha()}):
            by_start[word[0], len(word)].append(word)
            by_root[word[:5]].append(word)
        self._by_start = dict(by_start)
        self._by_root = dict(by_root)

    def nearest(self, word: str) -> tuple[str, float] | None:
        """The word meant and how sure that is, from 0 to 1; None if nothing is near enough.

        Two letters swapped, one missing, added or wrong are seen through except in the first, and so are two
        words from one root (register, registration). Short words and numbers are never touched.
        """
        if len(word) < SHORTEST or not word.isalpha():
            return None
        lengths = (len(word) - 1, len(word), len(word) + 1)
        choices = [near for length in lengths for near in self._by_start.get((word[0], length), ())]
        found = process.extractOne(
            word, choices, scorer=OSA.normalized_similarity, score_cutoff=LEAST_LIKENESS, processor=None
        )
        if found is not None:
            return found[0], found[1]
        relatives = [
            near
            for near in self._by_root.get(word[:5], ())
            if _shared_start(word, near) >= min(len(word), len(near)) - 2
        ]
        if not relatives:
            return None
        return max(relatives, key=lambda near: _shared_start(word, near)), SHARED_ROOT


def _shared_start(one: str, other: str) -> int:
    for at, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return at
    return min(len(one), len(other))
