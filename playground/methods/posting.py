"""Finding the chat a call means, and putting the bot's message there."""

from typing import Any

from playground import limits
from playground.forms import Call
from playground.refusals import Refused, bad_request, forbidden
from playground.telegram import Chat, Entry, Telegram

Json = dict[str, Any]


def find_chat(telegram: Telegram, call: Call, name: str = "chat_id") -> Chat:
    """Find the chat a parameter names, whether or not the bot may write there."""
    value = call.params.get(name)
    if value is None or value == "":
        raise bad_request("chat_id is empty")
    chat: Chat | None = None
    try:
        chat = telegram.chats.get(int(value))
    except (TypeError, ValueError):
        if isinstance(value, str) and value.startswith("@"):
            username = value[1:].lower()
            chat = next(
                (
                    c
                    for c in telegram.chats.values()
                    if not c.private and str(c.face.get("username", "")).lower() == username
                ),
                None,
            )
    if chat is None:
        raise bad_request("chat not found")
    if chat.moved_to is not None:
        raise Refused(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            migrate_to_chat_id=chat.moved_to,
        )
    return chat


def reachable_chat(telegram: Telegram, call: Call) -> Chat:
    """Find the chat a call means, and refuse where the bot can't write to it."""
    chat = find_chat(telegram, call)
    if not chat.private:
        if not chat.opened:
            raise forbidden("bot was kicked from the supergroup chat")
        return chat
    person = telegram.people[chat.id]
    if person.deactivated:
        raise forbidden("user is deactivated")
    if person.blocked:
        raise forbidden("bot was blocked by the user")
    if not chat.opened:
        raise forbidden("bot can't initiate conversation with a user")
    return chat


def meant_for_private(telegram: Telegram, call: Call) -> bool:
    """Say whether the chat named is a private one; so is every unknown positive id."""
    try:
        return int(call.params.get("chat_id", 0)) > 0
    except (TypeError, ValueError):
        return False


def post(telegram: Telegram, call: Call, content: Json) -> Json:
    """Check what all sending methods share, and put the message in its chat."""
    return post_all(telegram, call, [content])[0]


def post_all(telegram: Telegram, call: Call, contents: list[Json]) -> list[Json]:
    """Put several messages in a chat as one call does; the limits are checked before the chat is."""
    inline, keyboard = limits.markup(call, private=meant_for_private(telegram, call))
    chat = reachable_chat(telegram, call)
    shared = _shared(call, chat)
    if telegram.rates is not None:
        paid = call.flag("allow_paid_broadcast")
        for _ in contents:
            telegram.rates.admit(chat.id, private=chat.private, paid=paid)
    extra: Json = {}
    if keyboard is not None:
        extra["keyboard"] = keyboard
        chat.keyboard = keyboard
    if call.flag("disable_notification"):
        extra["silent"] = True
    preview = call.structure("link_preview_options")
    if preview:
        shared["link_preview_options"] = preview
    if inline is not None:
        shared["reply_markup"] = inline
    return [telegram.post(chat, telegram.me, {**shared, **content}, extra).message for content in contents]


def _shared(call: Call, chat: Chat) -> Json:
    shared: Json = {}
    if call.flag("protect_content"):
        shared["has_protected_content"] = True
    thread = call.whole("message_thread_id", 0)
    if thread:
        topic = chat.topics.get(thread)
        if topic is None:
            raise bad_request("message thread not found")
        if topic.closed and not chat.bot_is_admin:
            raise bad_request("TOPIC_CLOSED")
        shared["message_thread_id"] = thread
        shared["is_topic_message"] = True
    reply = call.structure("reply_parameters") or {}
    target = reply.get("message_id") or call.whole("reply_to_message_id", 0)
    if target:
        replied = chat.entries.get(int(target))
        if replied is not None:
            shared["reply_to_message"] = without_reply(replied.message)
        elif not (reply.get("allow_sending_without_reply") or call.flag("allow_sending_without_reply")):
            raise bad_request("message to be replied not found")
    if thread and "reply_to_message" not in shared:
        # What answers nothing else in a topic answers the message that opened it.
        shared["reply_to_message"] = chat.topics[thread].opening
    return shared


def without_reply(message: Json) -> Json:
    """Give a message as it stands inside another: a reply is shown one step deep."""
    return {k: v for k, v in message.items() if k != "reply_to_message"}


def own_entry(telegram: Telegram, call: Call) -> tuple[Chat, Entry]:
    """Find the message of the bot's that a call wants to edit."""
    if call.has("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    chat = reachable_chat(telegram, call)
    entry = chat.entries.get(call.whole("message_id"))
    if entry is None:
        raise bad_request("message to edit not found")
    if entry.message["from"] is not telegram.me:
        raise bad_request("message can't be edited")
    return chat, entry
