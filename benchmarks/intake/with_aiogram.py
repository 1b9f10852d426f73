"""The presses through aiogram's Dispatcher, which keeps nothing.

It takes much memory, which is nobody else's: only the process that measures it imports this module.
"""

import asyncio
import logging
from typing import Any

import aiogram
from aiogram import types
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from benchmarks.alone import Used
from benchmarks.intake.peers import Rows, opened
from benchmarks.intake.work import LABEL, NEXT, TOAST, Done, card
from benchmarks.standin.asking import TOKEN


async def play(url: str, address: str, count: int) -> Used:
    # It says of every update how long it took.
    logging.getLogger("aiogram").setLevel(logging.WARNING)
    connection, done = await opened(url), Done(count)
    rows = Rows(connection)
    keyboard = types.InlineKeyboardMarkup(
        inline_keyboard=[[types.InlineKeyboardButton(text=LABEL, callback_data=NEXT)]]
    )
    dispatcher = aiogram.Dispatcher()

    async def press(query: Any) -> None:
        name, number = await rows.press(query.from_user.id, int(query.data.split(":")[2]))
        await query.answer(TOAST)
        await query.message.edit_text(card(name, number), parse_mode="HTML", reply_markup=keyboard)
        done.note()

    dispatcher.callback_query.register(press, aiogram.F.data.startswith("v1:join:"))
    session = AiohttpSession(api=TelegramAPIServer.from_base(address))
    async with aiogram.Bot(TOKEN, session=session) as bot:
        polling = asyncio.create_task(dispatcher.start_polling(bot, handle_signals=False))
        try:
            return await done.meter()
        finally:
            await dispatcher.stop_polling()
            await polling
            await connection.close()
