"""What somebody said, passed on under a line of ours, as a copy, or corrected in its place."""

from typing import Any

from markupsafe import Markup

from handlers.replies import Keyboard, Raw, Reply, Say, keyboard_markup, message_params
from storage import Transaction, thread_messages, threads
from storage.notices import Owed
from storage.thread_messages import Copy
from storage.threads import Thread


async def thread(notice: Owed, tx: Transaction) -> Thread | None:
    return await threads.find(tx, notice.params["thread_id"])


async def passed_on(notice: Owed, tx: Transaction) -> Copy | None:
    """The message in the reader's chat that is corrected now."""
    source = notice.params["from_chat_id"], notice.params["message_id"]
    return await thread_messages.find_copy(tx, source, notice.chat_id)


def _whole(notice: Owed, head: Markup) -> Markup:
    said = Markup(notice.params["words"])  # noqa: S704 - escaped when it was read
    return head + Markup("\n\n") + said if said else head


def with_words(notice: Owed, head: Markup, rows: Keyboard, topic: int | None = None) -> Reply:
    """What was said, under a line of ours where there is room for one."""
    match notice.params["form"]:
        case "text":
            return Reply((Say(_whole(notice, head), rows, topic=topic),))
        case "caption":
            return copy(notice, rows, topic, caption=_whole(notice, head))
        case _:
            return copy(notice, rows, topic)


def copy(notice: Owed, rows: Keyboard, topic: int | None, *, caption: Markup | None = None) -> Reply:
    params: dict[str, Any] = {
        "chat_id": notice.chat_id,
        "from_chat_id": notice.params["from_chat_id"],
        "message_id": notice.params["message_id"],
        "caption": caption,
        "parse_mode": None if caption is None else "HTML",
        "reply_markup": keyboard_markup(rows),
    }
    if topic is not None:
        params["message_thread_id"] = topic
    return Reply((Raw("copyMessage", params),))


def correct(notice: Owed, passed_on: Copy, head: Markup, rows: Keyboard) -> Reply:
    if notice.params["form"] == "text":
        return put_in_place(notice, passed_on, _whole(notice, head), rows)
    params: dict[str, Any] = {
        "chat_id": notice.chat_id,
        "message_id": passed_on.message_id,
        "caption": _whole(notice, head),
        "parse_mode": "HTML",
        "reply_markup": keyboard_markup(rows),
    }
    return Reply((Raw("editMessageCaption", params),))


def put_in_place(notice: Owed, passed_on: Copy, text: Markup, rows: Keyboard) -> Reply:
    params = {"chat_id": notice.chat_id, "message_id": passed_on.message_id}
    return Reply((Raw("editMessageText", params | message_params(text, rows)),))
