"""Posting updates to the bot's webhook as Telegram does, for as long as one is set."""

import asyncio
from typing import Any

import aiohttp

from playground.telegram import Telegram

Json = dict[str, Any]

ANSWER_SECONDS = 10.0
SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 2.0


def chat_of(update: Json) -> int:
    """Tell which chat an update is from, or else whose it is: these are posted one after the other."""
    for body in update.values():
        match body:
            case {"chat": {"id": int(chat)}} | {"message": {"chat": {"id": int(chat)}}}:
                return chat
            case {"from": {"id": int(person)}}:
                return person
    return 0


class Poster:
    """Posts in order within a chat, side by side across, and again until the bot has taken it.

    Pauses between tries are shorter than Telegram's, so that nobody has to wait for them.
    """

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram
        self._updates = telegram.updates
        self._busy: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Post until Telegram closes or this is cancelled, whichever is noticed first."""
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            try:
                while not self._telegram.closing.is_set():
                    self._begin(session)
                    await self._updates.arrived.heard(1.0)
            finally:
                for task in self._busy.values():
                    task.cancel()
                await asyncio.gather(*self._busy.values(), return_exceptions=True)

    def _begin(self, session: aiohttp.ClientSession) -> None:
        """Start with the first update of each chat that has nothing under way."""
        if not self._updates.webhook.get("url"):
            return
        for update in self._updates.pending:
            if len(self._busy) >= self._updates.webhook["max_connections"]:
                return
            chat = chat_of(update)
            if chat not in self._busy:
                self._busy[chat] = asyncio.create_task(self._see_through(session, chat, update))

    async def _see_through(self, session: aiohttp.ClientSession, chat: int, update: Json) -> None:
        pause = SHORTEST_PAUSE
        try:
            while (webhook := self._updates.webhook).get("url"):
                problem = await _post(session, webhook, update)
                if not problem:
                    if update in self._updates.pending:
                        self._updates.pending.remove(update)
                    return
                webhook["error"] = {"last_error_date": self._telegram.now(), "last_error_message": problem}
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
        finally:
            del self._busy[chat]
            self._updates.arrived.ring()


async def _post(session: aiohttp.ClientSession, webhook: Json, update: Json) -> str:
    """Post once; give what went wrong, or nothing."""
    headers = {"X-Telegram-Bot-Api-Secret-Token": webhook["secret"]} if webhook["secret"] else {}
    try:
        async with session.post(webhook["url"], json=update, headers=headers) as response:
            if 200 <= response.status < 300:
                return ""
            return f"Wrong response from the webhook: {response.status} {response.reason}"
    except (aiohttp.ClientError, TimeoutError) as error:
        return f"Connection failed: {type(error).__name__}"
