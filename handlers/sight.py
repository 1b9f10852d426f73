"""What tickets a picture shows: fetched and read before anything is decided about it."""

import asyncio
import logging
from collections import OrderedDict
from typing import Final

from telegram import Message, Update
from telegram.error import TelegramError

from bot import door, tickets
from bot.clock import Clock
from bot.papers import qr
from handlers.door import MODE
from handlers.turns import Setup
from handlers.wire import Wire
from storage import Database, Unavailable, dialogues, people

logger = logging.getLogger(__name__)

# The Bot API hands out no larger files.
LARGEST: Final = 20 * 1024 * 1024
# Reading takes a processor; two at a time leave room for the rest.
AT_ONCE: Final = 2
REMEMBERED: Final = 500


class Sight:
    """Looks at pictures that crew send, and at nobody else's.

    What was seen is kept by the update's id until others have pushed it out; after a restart the update is
    looked at again.
    """

    def __init__(self, wire: Wire, database: Database, clock: Clock, setup: Setup) -> None:
        self._wire = wire
        self._database = database
        self._clock = clock
        self._setup = setup
        self._reading = asyncio.Semaphore(AT_ONCE)
        self._seen: OrderedDict[int, tuple[str, ...]] = OrderedDict()

    async def look(self, update: Update) -> None:
        """Fetch and read the picture in the update, if it is one to be looked at. Never raises."""
        message = update.message
        file_id = _picture(message) if message and message.chat.type == message.chat.PRIVATE else None
        if message is None or message.from_user is None or file_id is None or update.update_id in self._seen:
            return
        try:
            if not await self._is_asked(message.from_user.id):
                return
            file = await self._wire.bot.get_file(file_id)
            image = await file.download_as_bytearray()
        except (TelegramError, Unavailable) as error:
            # The error's own text may hold the file's address, and with it the token.
            logger.warning("a picture could not be fetched (%s)", type(error).__name__)
            return
        async with self._reading:
            found = await asyncio.to_thread(qr.read, bytes(image))
        self._seen[update.update_id] = tuple(tickets.codes_in(found, self._setup.username))
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)

    def seen(self, update_id: int) -> tuple[str, ...] | None:
        """The tickets' codes in the update's picture; None where it was not, or could not be, looked at."""
        return self._seen.get(update_id)

    async def _is_asked(self, telegram_id: int) -> bool:
        """Whether a picture of theirs is for the door: they are crew, and no form waits for it."""
        async with self._database.read() as tx:
            person = await people.find_by_telegram_id(tx, telegram_id)
            if person is None:
                return False
            dialogue = await dialogues.find(tx, person.id)
            if dialogue is not None and dialogue.kind != MODE:
                return False
            organises = person.role == "organiser" or telegram_id in self._setup.owners
            crew = await door.find_crew(tx, person.id, organises=organises, now=self._clock.now())
            return crew is not None


def _picture(message: Message) -> str | None:
    """The file to fetch: a photo in its largest size, or a picture sent as a file."""
    if message.photo:
        return max(message.photo, key=lambda size: size.width * size.height).file_id
    document = message.document
    if document is None or not (document.mime_type or "").startswith("image/"):
        return None
    return document.file_id if (document.file_size or 0) <= LARGEST else None
