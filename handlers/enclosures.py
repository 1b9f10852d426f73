"""Files that a form reads: fetched and read before anything is decided about them."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Final

from telegram import Document, Update
from telegram.error import TelegramError

from bot.quiz_files import LARGEST
from handlers.forms import Data
from handlers.organise import quiz_loading
from handlers.turns import Setup
from handlers.wire import Wire
from storage import Database, Unavailable, dialogues, people
from storage.dialogues import Dialogue

logger = logging.getLogger(__name__)

# The forms that read a file, each for organisers alone, and how: its content, its name, the form's data.
READERS: Final[Mapping[str, Callable[[bytes, str, Data], object]]] = {
    quiz_loading.FORM.kind: quiz_loading.read
}
REMEMBERED: Final = 50


class Enclosures:
    """Fetches the files that organisers send to such a form, and nobody else's.

    What they said is kept by the update's id until others have pushed it out; after a restart it is fetched
    again.
    """

    def __init__(self, wire: Wire, database: Database, setup: Setup) -> None:
        self._wire = wire
        self._database = database
        self._setup = setup
        self._fetched: OrderedDict[int, object] = OrderedDict()

    async def fetch(self, update: Update) -> None:
        """Fetch the file in the update, if a form waits for it. Never raises."""
        message = update.message
        if message is None or message.from_user is None or message.chat.type != message.chat.PRIVATE:
            return
        document = message.document
        if document is None or update.update_id in self._fetched or not _is_small(document):
            return
        try:
            dialogue = await self._awaiting(message.from_user.id)
            if dialogue is None:
                return
            file = await self._wire.bot.get_file(document.file_id)
            content = await file.download_as_bytearray()
        except (TelegramError, Unavailable) as error:
            # The error's own text may hold the file's address, and with it the token.
            logger.warning("a file could not be fetched (%s)", type(error).__name__)
            return
        read, name = READERS[dialogue.kind], document.file_name or ""
        # In a thread: others are answered meanwhile.
        self._fetched[update.update_id] = await asyncio.to_thread(read, bytes(content), name, dialogue.data)
        while len(self._fetched) > REMEMBERED:
            self._fetched.popitem(last=False)

    def of(self, update_id: int) -> object | None:
        """What the update's file says; None where it was not, or could not be, fetched."""
        return self._fetched.get(update_id)

    async def _awaiting(self, telegram_id: int) -> Dialogue | None:
        """The form that waits for a file of this person's, if there is one."""
        async with self._database.read() as tx:
            person = await people.find_by_telegram_id(tx, telegram_id)
            if person is None or not (person.role == "organiser" or telegram_id in self._setup.owners):
                return None
            dialogue = await dialogues.find(tx, person.id)
            return dialogue if dialogue is not None and dialogue.kind in READERS else None


def _is_small(document: Document) -> bool:
    return 0 < (document.file_size or 0) <= LARGEST
