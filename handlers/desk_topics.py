"""A member's topic in the desk's group: asking Telegram for it, and opening and closing it."""

from datetime import datetime

from bot import desk_topics
from bot.cutting import shortened
from bot.language import NATIVE_NAMES
from handlers.owing import Reading
from handlers.replies import Raw, Reply
from storage import Transaction, threads
from storage import desk_topics as topic_rows
from storage.notices import Owed

# Telegram takes 128 characters.
NAME_LIMIT = 90


async def open_topic(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """Named after the member and their language."""
    thread = await threads.find(tx, notice.params["thread_id"])
    topic = await topic_rows.find(tx, thread.person_id) if thread else None
    if thread is None or topic is None or topic.topic_id is not None:
        return None
    name = f"{shortened(thread.name, NAME_LIMIT)} · {NATIVE_NAMES.get(thread.locale, thread.locale)}"
    return Reply((Raw("createForumTopic", {"chat_id": notice.chat_id, "name": name}),))


async def turn(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """Open or closed, as the member's question is by now."""
    thread = await threads.find(tx, notice.params["thread_id"])
    topic = await topic_rows.find(tx, thread.person_id) if thread else None
    if thread is None or topic is None or topic.topic_id is None:
        return None
    is_open = await threads.find_open(tx, thread.person_id) is not None
    method = "reopenForumTopic" if is_open else "closeForumTopic"
    params = {"chat_id": notice.chat_id, "message_thread_id": topic.topic_id}
    return Reply((Raw(method, params),))


async def remember(notice: Owed, tx: Transaction, topic_id: int) -> None:
    thread = await threads.find(tx, notice.params["thread_id"])
    if thread is not None:
        await topic_rows.keep_number(tx, thread.person_id, topic_id)


async def not_opened(notice: Owed, tx: Transaction, now: datetime) -> None:
    thread = await threads.find(tx, notice.params["thread_id"])
    if thread is not None:
        await desk_topics.not_opened(tx, notice.id, notice.chat_id, thread.person_id)


async def not_turned(notice: Owed, tx: Transaction, now: datetime) -> None:
    thread = await threads.find(tx, notice.params["thread_id"])
    if thread is not None:
        await desk_topics.not_turned(tx, notice.id, thread, notice.chat_id, now=now)
