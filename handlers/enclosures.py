"""Files that a form reads: fetched before anything is decided about them."""

import logging
from collections import OrderedDict
from typing import Final

from telegram import Document, Update
from telegram.error import TelegramError

from bot.quiz_files import LARGEST
from handlers.organise import quiz_loading
from handlers.turns import Setup
from handlers.wire import Wire
from storage import Database, Unavailable, dialogues, people

logger = logging.getLogger(__name__)

# The forms that read a file, each for organisers alone.
FORMS: Final = frozenset({quiz_loading.FORM.kind})
REMEMBERED: Final = 50


class Enclosures:
    """Fetches the files that organisers send to such a form, and nobody else's.

    What stood in them is kept by the update's id until others have pushed it out; after a restart it is
    fetched again.
    """

    def __init__(self, wire: Wire, database: Database, setup: Setup) -> None:
        self._wire = wire
        self._database = database
        self._setup = setup
        self._fetched: OrderedDict[int, bytes] = OrderedDict()

    async def fetch(self, update: Update) -> None:
        """Fetch the file in the update, if a form waits for it. Never raises."""
        message = update.message
        if message is None or message.from_user is None or message.chat.type != message.chat.PRIVATE:
            return
        document = message.document
        if document is None or update.update_id in self._fetched or not _is_small(document):
            return
        try:
            if not await self._is_awaited(message.from_user.id):
                return
            file = await self._wire.bot.get_file(document.file_id)
            content = await file.download_as_bytearray()
        except (TelegramError, Unavailable) as error:
            # The error's own text may hold the file's address, and with it the token.
            logger.warning("a file could not be fetched (%s)", type(error).__name__)
            return
        self._fetched[update.update_id] = bytes(content)
        while len(self._fetched) > REMEMBERED:
            self._fetched.popitem(last=False)

    def of(self, update_id: int) -> bytes | None:
        """What stands in the update's file; None where it was not, or could not be, fetched."""
        return self._fetched.get(update_id)

    async def _is_awaited(self, telegram_id: int) -> bool:
        async with self._database.read() as tx:
            person = await people.find_by_telegram_id(tx, telegram_id)
            if person is None or not (person.role == "organiser" or telegram_id in self._setup.owners):
                return False
            dialogue = await dialogues.find(tx, person.id)
            return dialogue is not None and dialogue.kind in FORMS


def _is_small(document: Document) -> bool:
    return 0 < (document.file_size or 0) <= LARGEST
