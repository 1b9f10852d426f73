"""Keeping the organisers' messages about broadcasts up to date while these are on their way."""

import asyncio
import hashlib
import logging
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.language import language
from handlers.organise.broadcast_outcomes import describe_progress, standing_of
from handlers.organise.broadcast_pages import is_going_on, progress_buttons
from handlers.pacing import Pacer
from handlers.replies import message_params
from handlers.wire import Blocked, Held, Refused, Sent, Wire
from storage import Database, Unavailable, broadcasts, people
from storage.broadcasts import Broadcast

logger = logging.getLogger(__name__)

EVERY_SECONDS = 2.5


class Progress:
    """Edits one message for each broadcast somebody watches, every few seconds and only when it changed."""

    def __init__(self, database: Database, wire: Wire, pacer: Pacer, clock: Clock, home: ZoneInfo) -> None:
        self._database = database
        self._wire = wire
        self._pacer = pacer
        self._clock = clock
        self._home = home
        # Broadcast and message as they stood a round ago: a message just shown is left alone once, as
        # the answer to the press that showed it may still be on its way.
        self._seen: set[tuple[int, int | None]] = set()

    async def run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                await self.refresh()
            except Unavailable as error:
                logger.error("the database can't be used (%s); progress is not shown", error)

    async def refresh(self) -> None:
        """Bring every watched message up to date that has been watched for a round."""
        async with self._database.read() as tx:
            watched = await broadcasts.list_shown(tx)
        known, self._seen = self._seen, {(one.id, one.progress_message_id) for one in watched}
        for one in watched:
            if (one.id, one.progress_message_id) in known:
                await self._show(one)

    async def _show(self, broadcast: Broadcast) -> None:
        chat_id, message_id = broadcast.progress_chat_id, broadcast.progress_message_id
        if chat_id is None or message_id is None:
            return
        now = self._clock.now()
        async with self._database.read() as tx:
            reader = await people.find_by_telegram_id(tx, chat_id)
            standing = await standing_of(tx, broadcast, now=now)
        words = language(reader.locale if reader else broadcast.base_locale, self._home)
        params = message_params(
            describe_progress(broadcast, standing, words, now), progress_buttons(broadcast, standing, words)
        )
        shown = hashlib.sha256(repr(params).encode()).hexdigest()
        if shown != broadcast.progress_shown:
            edit = {"chat_id": chat_id, "message_id": message_id}
            await self._pacer.reply(chat_id)
            match await self._wire.call("editMessageText", edit | params):
                case Held(seconds):
                    await asyncio.sleep(min(seconds, 60))
                    return
                case Refused() | Blocked():
                    await self._leave(chat_id, message_id)
                    return
                case Sent():
                    await self._note(broadcast, shown)
                case _:
                    return
        if not is_going_on(broadcast, standing):
            await self._leave(chat_id, message_id)

    async def _note(self, broadcast: Broadcast, shown: str) -> None:
        async with self._database.write() as tx:
            await broadcasts.note_shown(tx, broadcast.id, broadcast.progress_message_id, shown)

    async def _leave(self, chat_id: int, message_id: int) -> None:
        async with self._database.write() as tx:
            await broadcasts.leave_message(tx, chat_id, message_id)
