"""The same messages through python-telegram-bot, as its pages show it, without database."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity

from benchmarks.alone import Meter, Used
from benchmarks.making import BOLD_LENGTH, FIRST_MEMBER, TEXTS, locale_of
from benchmarks.standin.asking import TOKEN

LABEL, DATA = "🔕 Don't send me news", "v1:mutebroadcasts"

Send = Callable[[int, str], Awaitable[object]]


async def send_all(send: Send, count: int, at_once: int) -> Used:
    """Everybody's message, so many under way at a time."""
    numbers: Iterator[int] = iter(range(count))

    async def work() -> None:
        for number in numbers:
            await send(FIRST_MEMBER + number, TEXTS[locale_of(number)])

    meter = Meter()
    await asyncio.gather(*(work() for _ in range(at_once)))
    return meter.read()


async def with_ptb(address: str, count: int, at_once: int) -> Used:
    """python-telegram-bot with its own HTTP client."""
    logging.getLogger("httpx").setLevel(logging.WARNING)
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton(LABEL, callback_data=DATA)]])
    bold = [MessageEntity(MessageEntity.BOLD, 0, BOLD_LENGTH)]
    async with Bot(TOKEN, base_url=f"{address}/bot") as bot:

        async def send(chat_id: int, text: str) -> object:
            return await bot.send_message(chat_id, text, entities=bold, reply_markup=keyboard)

        return await send_all(send, count, at_once)
