"""A model for tests that need none in earnest: it understands words by their first letters."""

from collections.abc import Sequence

import numpy as np

from bot.meanings import MUSE, Encoder, Model, Role
from bot.meanings.models import Vectors

LETTERS = 26


class LetterEncoder(Encoder):
    """Two texts mean the same to it if their words begin with the same letters."""

    def __init__(self) -> None:
        super().__init__([MUSE])
        self.read: list[str] = []
        self.dead = False

    @property
    def workers(self) -> int:
        return int(not self.dead)

    @property
    def at_work(self) -> bool:
        return not self.dead

    async def encode(
        self, model: Model, role: Role, texts: Sequence[str], *, urgent: bool = False
    ) -> Vectors | None:
        if self.dead:
            return None
        self.read += texts
        vectors = np.full((len(texts), LETTERS), 0.01, dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in text.casefold().split():
                row[ord(word[0]) % LETTERS] += 1
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)
