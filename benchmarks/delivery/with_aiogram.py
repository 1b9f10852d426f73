"""The same messages through aiogram, as its pages show it, without database.

It takes much memory, which is nobody else's: only the process that measures it imports this module.
"""

import aiogram
from aiogram import types
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from benchmarks.alone import Used
from benchmarks.delivery.peers import DATA, LABEL, send_all
from benchmarks.making import BOLD_LENGTH
from benchmarks.standin.asking import TOKEN


async def send_broadcast(address: str, count: int, at_once: int) -> Used:
    """aiogram with its own HTTP client."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(address))
    keyboard = types.InlineKeyboardMarkup(
        inline_keyboard=[[types.InlineKeyboardButton(text=LABEL, callback_data=DATA)]]
    )
    bold = [types.MessageEntity(type="bold", offset=0, length=BOLD_LENGTH)]
    async with aiogram.Bot(TOKEN, session=session) as bot:

        async def send(chat_id: int, text: str) -> object:
            return await bot.send_message(chat_id, text, entities=bold, reply_markup=keyboard)

        return await send_all(send, count, at_once)
