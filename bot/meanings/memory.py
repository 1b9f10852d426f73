"""The vectors of all that questions are compared with: each text is understood once, and kept."""

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Final

import numpy as np

from bot.meanings.encoder import Encoder
from bot.meanings.models import Model, Vector, Vectors
from bot.meanings.texts import Text
from storage import Database, meanings

logger = logging.getLogger(__name__)

# As they are kept: half the room, and the answers stay the same.
_KEPT: Final = np.dtype("<f2")


class Memory:
    """What each model has understood so far, by the names of models and the texts' keys."""

    def __init__(self, encoder: Encoder, *, forgets: bool = True) -> None:
        """`forgets`: what none of the texts is any more is forgotten in the database as well."""
        self._encoder = encoder
        self._forgets = forgets
        self.understood: dict[str, dict[str, Vector]] = {model.name: {} for model in encoder.models}
        self._missing: dict[str, dict[str, Text]] = {model.name: {} for model in encoder.models}

    @property
    def behind(self) -> int:
        """How many texts the model that is furthest behind has not understood."""
        return max(map(len, self._missing.values()), default=0)

    @property
    def is_learning(self) -> bool:
        """Whether some texts are still to be understood."""
        return any(self._missing.values())

    async def recall(self, database: Database, texts: Sequence[Text]) -> None:
        """Have at hand what is known of these texts, and of no others; the rest is to be understood."""
        for model in self._encoder.models:
            wanted = await asyncio.to_thread(_by_key, texts, model)
            known = self.understood[model.name]
            known = {key: known[key] for key in wanted if key in known}
            unknown = [key for key in wanted if key not in known]
            if unknown:
                async with database.read() as tx:
                    found = await meanings.find(tx, model.edition, unknown)
                known |= {key: np.frombuffer(kept, _KEPT).astype(np.float32) for key, kept in found.items()}
            self.understood[model.name] = known
            self._missing[model.name] = {key: text for key, text in wanted.items() if key not in known}

    def share(self, rows: Mapping[str, Mapping[str, Vector]]) -> None:
        """Hold the vectors as rows of the finder's own tables instead of a second time."""
        for name, vectors in rows.items():
            self.understood[name].update(vectors)

    async def learn(self, database: Database, seconds: float) -> bool:
        """Have more texts understood for about so long, and keep them; say whether a model has them all now.

        The quick model comes first, so that answers gain something within seconds.
        """
        until = time.monotonic() + seconds
        complete = False
        for model in reversed(self._encoder.models):
            missing = self._missing[model.name]
            if not missing:
                continue
            reading = (self._read(model, missing, until) for _ in range(self._encoder.workers))
            learnt = {key: vector for some in await asyncio.gather(*reading) for key, vector in some.items()}
            self.understood[model.name] |= learnt
            if learnt:
                async with database.write() as tx:
                    await meanings.add(
                        tx, model.edition, {key: as_kept(vector) for key, vector in learnt.items()}
                    )
            if learnt and not missing:
                complete = True
                if self._forgets:
                    await self._forget_others(database, model)
        return complete

    async def _read(self, model: Model, missing: dict[str, Text], until: float) -> dict[str, Vector]:
        """Have a worker read what is missing, a few texts after another. What can't be read is left out."""
        learnt: dict[str, Vector] = {}
        while missing and time.monotonic() < until and self._encoder.at_work:
            some = dict(islice(missing.items(), model.batch))
            role = next(iter(some.values())).role
            some = {key: text for key, text in some.items() if text.role == role}
            for key in some:
                del missing[key]
            vectors = await self._encoder.encode(model, role, [text.text for text in some.values()])
            if vectors is None:
                logger.error("%d texts could not be understood by %s", len(some), model.name)
            else:
                learnt |= dict(zip(some, vectors, strict=True))
        return learnt

    async def _forget_others(self, database: Database, model: Model) -> None:
        async with database.write() as tx:
            await meanings.forget_others(tx, model.edition, self.understood[model.name])
            await meanings.forget_editions_but(tx, [one.edition for one in self._encoder.models])


def _by_key(texts: Sequence[Text], model: Model) -> dict[str, Text]:
    return {text.key(model): text for text in texts}


def as_kept(vector: Vectors) -> bytes:
    return vector.astype(_KEPT).tobytes()
