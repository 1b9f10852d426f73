"""The presses through python-telegram-bot's Application, which keeps nothing; and what all peers do."""

import asyncio
import logging
from datetime import UTC, datetime

import aiosqlite
from sqlalchemy.engine import make_url
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes

from benchmarks.alone import Used
from benchmarks.intake.work import LABEL, NEXT, TOAST, Done, card
from benchmarks.standin.asking import TOKEN

AT_ONCE = 256


class Rows:
    """The same looks and the same change, in SQL on aiosqlite, one transaction after the other."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        self._alone = asyncio.Lock()

    async def press(self, telegram_id: int, event_id: int) -> tuple[str, int]:
        """The member's name, and how often they have pressed."""
        run = self._connection.execute_fetchall
        async with self._alone:
            await run("BEGIN IMMEDIATE")
            [person] = await run("SELECT id, name, locale FROM people WHERE telegram_id = ?", (telegram_id,))
            [_] = await run("SELECT id, capacity, starts_at FROM events WHERE id = ?", (event_id,))
            [version] = await run(
                "INSERT INTO dialogues (person_id, kind, step, data, version, updated_at)"
                " VALUES (?, 'press', 'one', '{}', 1, ?) ON CONFLICT (person_id) DO UPDATE"
                " SET version = dialogues.version + 1, updated_at = excluded.updated_at RETURNING version",
                (person[0], int(datetime.now(UTC).timestamp())),
            )
            await run("COMMIT")
        return str(person[1]), int(version[0])


async def opened(url: str) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(str(make_url(url).database), isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        await connection.execute_fetchall(f"PRAGMA {pragma}")
    return connection


async def with_ptb(url: str, address: str, count: int) -> Used:
    logging.getLogger("httpx").setLevel(logging.WARNING)
    connection, done = await opened(url), Done(count)
    rows = Rows(connection)
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton(LABEL, callback_data=NEXT)]])

    async def press(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        assert query is not None
        name, number = await rows.press(query.from_user.id, int(str(query.data).split(":")[2]))
        await query.answer(TOAST)
        await query.edit_message_text(card(name, number), parse_mode="HTML", reply_markup=keyboard)
        done.note()

    async def stumble(_: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        logging.getLogger(__name__).error("a press failed: %r", context.error)

    builder = Application.builder().token(TOKEN).base_url(f"{address}/bot").concurrent_updates(AT_ONCE)
    application = builder.build()
    application.add_handler(CallbackQueryHandler(press, pattern="^v1:join:"))
    application.add_error_handler(stumble)
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling(allowed_updates=["callback_query"])
        try:
            return await done.meter()
        finally:
            await application.updater.stop()
            await application.stop()
            await connection.close()
