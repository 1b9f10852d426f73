"""What typed questions mean: understood before anything is decided about them."""

from collections import OrderedDict
from typing import Final

from telegram import Update

from bot.clock import Clock
from bot.hurry import Hurry
from bot.library import Library
from bot.questions import Meaning
from handlers.reading import clean
from storage import Database, Unavailable, dialogues, people, threads

REMEMBERED: Final = 500
# The button under an answer that was wrong: the question is looked at once more.
AGAIN: Final = "v1:wrong:"


class Hearing:
    """Has questions understood that are for the bot, and nothing else that people write.

    What was understood is kept by the update's id until others have pushed it out. Without it a question is
    answered by its words.
    """

    def __init__(self, library: Library, hurry: Hurry, database: Database, clock: Clock) -> None:
        self._library = library
        self._hurry = hurry
        self._database = database
        self._clock = clock
        self._heard: OrderedDict[int, Meaning] = OrderedDict()

    async def listen(self, update: Update) -> None:
        """Have the update's question understood, if it asks one. Never raises; half a second at most."""
        question = _question(update)
        if not question or update.update_id in self._heard or not self._library.understands:
            return
        try:
            if update.message and not await self._is_for_the_bot(update.message.chat.id):
                return
        except Unavailable:
            return
        self._heard[update.update_id] = await self._library.understand(question)
        while len(self._heard) > REMEMBERED:
            self._heard.popitem(last=False)

    def heard(self, update_id: int) -> Meaning:
        """What the update's question means to each model; nothing where it was not understood."""
        return self._heard.get(update_id, {})

    async def _is_for_the_bot(self, telegram_id: int) -> bool:
        """Whether no form and no person waits for what is written, and it is not too much at once."""
        async with self._database.read() as tx:
            person = await people.find_by_telegram_id(tx, telegram_id)
            if person is None or self._hurry.is_over(person.id, now=self._clock.now()):
                return False
            if await dialogues.find(tx, person.id) is not None:
                return False
            return await threads.find_open(tx, person.id) is None


def _question(update: Update) -> str:
    query, message = update.callback_query, update.message
    if query is not None and (query.data or "").startswith(AGAIN):
        pressed = getattr(query.message, "reply_to_message", None)
        return clean(pressed.text or pressed.caption or "") if pressed else ""
    if message is None or message.chat.type != message.chat.PRIVATE or (message.text or "").startswith("/"):
        return ""
    return clean(message.text or message.caption or "")
