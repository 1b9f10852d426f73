"""Which of the questions that have no answer yet mean the same."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.learning import KEEP
from bot.questions.terms import terms, weight
from storage import Transaction, asked
from storage.asked import Asked

Vector = NDArray[np.floating]
# A text's meaning as a vector, where there is one.
Meaning = Callable[[str], "Vector | None"]

MOST = 5_000
SAME_MEANING = 0.91
SAME_WORDS = 0.5


@dataclass(frozen=True)
class Group:
    """Questions that mean the same, those that are asked most often first."""

    questions: tuple[Asked, ...]

    @property
    def id(self) -> int:
        """A number that finds the group again, as long as its first question is in it."""
        return min(one.id for one in self.questions)

    @property
    def people(self) -> int:
        """How many asked; who is not known any more counts for one each."""
        known = {one.person_id for one in self.questions if one.person_id is not None}
        return len(known) + sum(one.person_id is None for one in self.questions)

    @property
    def latest(self) -> datetime:
        return max(one.asked_at for one in self.questions)

    @property
    def example(self) -> Asked:
        return self.questions[0]

    @property
    def wrong(self) -> tuple[Asked, ...]:
        """Those that were answered, and wrongly."""
        return tuple(one for one in self.questions if one.label == "wrong")

    def ways(self) -> Mapping[str, int]:
        """Each wording with how often it was used, in order."""
        counted: dict[str, int] = {}
        for one in self.questions:
            counted[one.text] = counted.get(one.text, 0) + 1
        return counted


async def find_groups(
    tx: Transaction, *, now: datetime, meaning_of: Meaning | None = None
) -> tuple[Group, ...]:
    """All that is open, in groups, most asked first; it may be true of a moment ago.

    With thousands of them it takes a moment: nobody else waits for it.
    """

    async def look(tx: Transaction) -> tuple[Group, ...]:
        found = await asked.list_open(tx, since=now - KEEP, limit=MOST)
        return await asyncio.to_thread(group, found, meaning_of)

    groups: tuple[Group, ...] = await tx.aside("groups of questions", look)
    return groups


def group(questions: Sequence[Asked], meaning_of: Meaning | None = None) -> tuple[Group, ...]:
    """Groups, most people first and of equals the newest first. The same questions give the same groups.

    Each question joins the group whose leader it is most like: by meaning where both have one, else by
    their words. What organisers have set apart stays apart from what they left.
    """
    by_text: dict[tuple[int | None, tuple[str, ...]], list[Asked]] = defaultdict(list)
    for one in sorted(questions, key=lambda one: one.id):
        by_text[(one.part, _terms(one.text))].append(one)
    # What is asked most leads; of equals, what was asked first.
    alike = sorted(by_text.values(), key=lambda those: (-len(those), those[0].id))
    leaders = _Leaders(meaning_of)
    groups: list[list[Asked]] = []
    parts: dict[int, int] = {}
    for those in sorted(alike, key=lambda those: those[0].part is None):
        part = those[0].part
        number = parts.get(part) if part is not None else leaders.nearest(those[0].text)
        if number is None:
            number = len(groups)
            groups.append([])
            if part is not None:
                parts[part] = number
        if part is not None or not groups[number]:
            leaders.add(those[0].text, number)
        groups[number] += those
    made = [Group(tuple(_in_order(those))) for those in groups]
    return tuple(sorted(made, key=lambda one: (-one.people, -one.latest.timestamp(), one.id)))


class _Leaders:
    """The questions by which groups are known."""

    def __init__(self, meaning_of: Meaning | None) -> None:
        self._meaning_of = meaning_of
        self._groups: list[int] = []
        self._weights: list[float] = []
        self._by_term: dict[str, list[int]] = defaultdict(list)
        self._meanings: list[Vector] = []
        self._meant: list[int] = []

    def add(self, text: str, group_number: int) -> None:
        own = set(_terms(text))
        for term in own:
            self._by_term[term].append(len(self._groups))
        self._groups.append(group_number)
        self._weights.append(_weigh(own))
        meaning = self._meaning(text)
        if meaning is not None:
            self._meanings.append(meaning)
            self._meant.append(group_number)

    def nearest(self, text: str) -> int | None:
        """The group that means this, if any does."""
        meaning = self._meaning(text)
        if meaning is not None and self._meanings:
            likeness = np.stack(self._meanings) @ meaning
            best = int(likeness.argmax())
            if likeness[best] >= SAME_MEANING:
                return self._meant[best]
        own = set(_terms(text))
        shared: dict[int, float] = defaultdict(float)
        for term in own:
            for number in self._by_term.get(term, ()):
                shared[number] += weight(term)
        whole = _weigh(own)
        scored = [
            (2 * common / (whole + self._weights[number]), -number) for number, common in shared.items()
        ]
        best_score, best_number = max(scored, default=(0.0, 0))
        return self._groups[-best_number] if best_score >= SAME_WORDS else None

    def _meaning(self, text: str) -> Vector | None:
        found = self._meaning_of(text) if self._meaning_of else None
        if found is None:
            return None
        length = float(np.linalg.norm(found))
        return found / length if length else None


@lru_cache(maxsize=2 * MOST)
def _terms(text: str) -> tuple[str, ...]:
    """What a question is compared by; the text itself where that is nothing."""
    return tuple(sorted(set(terms(text)))) or (text,)


def _weigh(own: set[str]) -> float:
    return max(sum(weight(term) for term in own), 1e-9)


def _in_order(questions: Sequence[Asked]) -> list[Asked]:
    counted: dict[str, int] = defaultdict(int)
    for one in questions:
        counted[one.text] += 1
    return sorted(questions, key=lambda one: (-counted[one.text], one.text, one.id))
