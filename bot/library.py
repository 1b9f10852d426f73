"""Everything that can be answered at this moment: an index that follows the database."""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot import calibrations
from bot.clock import Clock
from bot.meanings import E5, Encoder, Vector
from bot.meanings.memory import Memory
from bot.questions import Answer, Choices, Entry, Finder, Meaning, Nothing, texts_of
from bot.questions.decide import Calibration
from storage import Database, Transaction, Unavailable, content, events, programmes, questions

logger = logging.getLogger(__name__)

MOST = 100_000

LEARNING_SECONDS: Final = 1.0
LOOK_SECONDS: Final = 1.0
# A question that takes longer to understand is answered by its words.
PATIENCE_SECONDS: Final = 0.4
# So many new texts are understood while whoever taught them waits.
FEW: Final = 10
# How many questions are remembered with what they mean.
RECENT: Final = 5_000


class Library:
    """An index that is replaced, never changed, when programmes, questions or events have changed.

    It only says which topic is meant. Texts, dates and permissions are read again (`bot/topics.py`), so that
    what has ended since is never told as if it were to come.
    """

    def __init__(self, encoder: Encoder | None = None, kept: Database | None = None) -> None:
        """`kept` is where vectors are kept, if not in the database that is followed."""
        self._encoder = encoder or Encoder(())
        self._kept = kept
        self._memory = Memory(self._encoder, forgets=kept is None)
        self._entries: list[Entry] = []
        self._calibrations: Mapping[str, Calibration] | None = None
        # The index as it is now.
        self.finder = Finder(())
        self._edition: tuple[int, ...] = ()
        self._recent: OrderedDict[str, Meaning] = OrderedDict()
        # What is to be understood at leisure, by how it is restated.
        self._wanted: dict[str, None] = {}

    @property
    def understands(self) -> bool:
        """Whether any model can be asked what a question means."""
        return bool(self.finder.models) and self._encoder.at_work

    @property
    def is_learning(self) -> bool:
        """Whether there is something left that a model at work has not understood yet."""
        return self._encoder.at_work and self._memory.is_learning

    @property
    def rung(self) -> str:
        """What decides at this moment: "e5+muse+bm25", or fewer of them."""
        return self.finder.rung if self._encoder.at_work else Finder(()).rung

    def ask(self, question: str, locale: str, meaning: Meaning | None = None) -> Answer | Choices | Nothing:
        return self.finder.ask(question, locale, meaning)

    async def understand(self, question: str) -> Meaning:
        """What the question means to each model that answers within a moment; to none if none does."""
        asked = self.finder.restated(question)
        if not asked:
            return {}
        if asked in self._recent and self._recent[asked].keys() >= set(self.finder.models):
            self._recent.move_to_end(asked)
            return self._recent[asked]
        found = await self._encoder.understand(asked, self.finder.models, patience=PATIENCE_SECONDS)
        if len(found) == len(self.finder.models):
            self._remember(asked, found)
        return found

    def known_meaning(self, question: str) -> Vector | None:
        """The question's vector by the best model, where that is known; else it is known a little later."""
        asked = self.finder.restated(question)
        known = self._recent.get(asked, {}).get(E5.name)
        if known is None and asked and E5.name in self.finder.models:
            self._wanted[asked] = None
        return known

    def _remember(self, asked: str, meaning: Meaning) -> None:
        self._recent[asked] = meaning
        while len(self._recent) > RECENT:
            self._recent.popitem(last=False)

    async def refresh(self, database: Database, *, now: datetime) -> bool:
        """Index everything anew if anything has changed; say whether it had. Looking is cheap."""
        async with database.read() as tx:
            edition = (await content.find_revision(tx), *await events.find_edition(tx, now=now))
            if edition == self._edition:
                return False
            self._entries = await entries(tx, now=now)
            self._calibrations = await calibrations.in_use(tx)
        if self._encoder.models:
            texts, kept = await asyncio.to_thread(texts_of, self._entries), self._kept or database
            await self._memory.recall(kept, texts)
            if self._memory.behind <= FEW:
                # An edit: it is live with the next index, not the one after.
                await self._memory.learn(kept, LEARNING_SECONDS)
        await self._index()
        self._edition = edition
        return True

    async def learn(self, database: Database) -> None:
        """Have the models understand some more of what is new to them, for a second at most."""
        if await self._memory.learn(self._kept or database, LEARNING_SECONDS):
            await self._index()

    async def follow(self, database: Database, clock: Clock) -> None:
        """Keep up with the database, a change being answered from within a second or so; until cancelled."""
        while True:
            try:
                await self.refresh(database, now=clock.now())
                await self.learn(database)
                await self._understand_wanted()
            except Unavailable as error:
                logger.error("the database can't be used (%s); answers may be old", error)
            await asyncio.sleep(0 if self.is_learning else LOOK_SECONDS)

    async def warm_up(self) -> None:
        """Load the models before the first question: that takes longer than anybody waits for an answer."""
        for model in reversed(self._encoder.models):
            await self._encoder.encode(model, "question", ["hello"])

    async def _understand_wanted(self) -> None:
        """Understand what is only wanted for grouping, for a second at most."""
        until = time.monotonic() + LEARNING_SECONDS
        while self._wanted and self.understands and time.monotonic() < until:
            asked = next(iter(self._wanted))
            del self._wanted[asked]
            vectors = await self._encoder.encode(E5, "question", [asked])
            if vectors is not None and asked not in self._recent:
                self._remember(asked, {E5.name: vectors[0]})

    async def _index(self) -> None:
        # A large pack takes seconds: meanwhile others are answered from the old index.
        finder = await asyncio.to_thread(Finder, self._entries, self._calibrations, self._memory.understood)
        self._memory.share(finder.vectors)
        self.finder = finder


async def entries(tx: Transaction, *, now: datetime) -> list[Entry]:
    """All that can be answered now: questions, programmes, and events for everyone that are not over."""
    found = [
        Entry(f"q{asked.question_id}", asked.locale, "question", asked.wordings, asked.answer, asked.audience)
        for asked in await questions.list_asked(tx)
    ]
    for programme in await programmes.list_page(tx, limit=MOST, audiences=programmes.ALL):
        for locale, text in programme.texts.items():
            said = f"{text.summary}\n{text.body}"
            found.append(
                Entry(f"p{programme.id}", locale, "programme", (text.title,), said, programme.audience)
            )
    for event in await events.list_upcoming(tx, now=now, limit=MOST):
        for locale, words in event.texts.items():
            said = f"{words.description}\n{words.place}"
            found.append(Entry(f"e{event.id}", locale, "event", (words.title,), said))
    return found
