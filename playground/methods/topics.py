"""Methods about the topics of a group that has them."""

from typing import Any

from playground.forms import Call
from playground.methods.chats import need_admin
from playground.methods.posting import reachable_chat
from playground.refusals import Violation, bad_request
from playground.telegram import Chat, Telegram, Topic

Json = dict[str, Any]

NAME = 128
COLOUR = 7322096


def create_forum_topic(telegram: Telegram, call: Call) -> Json:
    """Open a topic: its number is that of the message that says so."""
    name = call.text("name")
    if not 1 <= len(name) <= NAME:
        raise Violation("TOPIC_TITLE_INVALID: a topic's name has 1-128 characters")
    chat = _forum(telegram, call, "not enough rights to create a topic")
    return {
        "message_thread_id": open_topic(telegram, chat, name, telegram.me),
        "name": name,
        "icon_color": COLOUR,
    }


def open_topic(telegram: Telegram, chat: Chat, name: str, by: Json) -> int:
    """Open a topic in somebody's name, and give its number."""
    number = chat.last_id + 1
    content = {"forum_topic_created": {"name": name, "icon_color": COLOUR}}
    marked = {"message_thread_id": number, "is_topic_message": True, **content}
    made = telegram.post(chat, by, marked)
    chat.topics[number] = Topic(name, made.message)
    return number


def turn_topic(telegram: Telegram, chat: Chat, number: int, by: Json, *, closed: bool) -> Json:
    """Close or open a topic in somebody's name; one that is so already refuses."""
    topic = _known(chat, number)
    if topic.closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.closed = closed
    content: Json = {"forum_topic_closed": {}} if closed else {"forum_topic_reopened": {}}
    marked = {"message_thread_id": number, "is_topic_message": True, **content}
    return telegram.post(chat, by, marked).message


def close_forum_topic(telegram: Telegram, call: Call) -> bool:
    """Close a topic: only administrators who may manage topics write in it then."""
    chat = _forum(telegram, call, "not enough rights to close a topic")
    turn_topic(telegram, chat, call.whole("message_thread_id"), telegram.me, closed=True)
    return True


def reopen_forum_topic(telegram: Telegram, call: Call) -> bool:
    """Open a closed topic again."""
    chat = _forum(telegram, call, "not enough rights to reopen a topic")
    turn_topic(telegram, chat, call.whole("message_thread_id"), telegram.me, closed=False)
    return True


def edit_forum_topic(telegram: Telegram, call: Call) -> bool:
    """Call a topic something else; without a name it keeps its own."""
    name = call.text("name")
    if len(name) > NAME:
        raise Violation("TOPIC_TITLE_INVALID: a topic's name has 1-128 characters")
    chat = _forum(telegram, call, "not enough rights to edit a topic")
    topic = _known(chat, call.whole("message_thread_id"))
    if not name or topic.name == name:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.name = name
    return True


def delete_forum_topic(telegram: Telegram, call: Call) -> bool:
    """Take a topic away with all its messages, however old they are."""
    chat = _forum(telegram, call, "not enough rights to delete a topic")
    number = call.whole("message_thread_id")
    _known(chat, number)
    remove_topic(telegram, chat, number)
    return True


def remove_topic(telegram: Telegram, chat: Chat, number: int) -> None:
    del chat.topics[number]
    for message_id in [i for i, e in chat.entries.items() if e.message.get("message_thread_id") == number]:
        telegram.remove(chat, message_id)


def _forum(telegram: Telegram, call: Call, problem: str) -> Chat:
    chat = reachable_chat(telegram, call)
    if not chat.face.get("is_forum"):
        raise bad_request("the chat is not a forum")
    need_admin(chat, problem)
    return chat


def _known(chat: Chat, number: int) -> Topic:
    topic = chat.topics.get(number)
    if topic is None:
        raise bad_request("TOPIC_ID_INVALID")
    return topic


METHODS = {
    "createForumTopic": create_forum_topic,
    "closeForumTopic": close_forum_topic,
    "reopenForumTopic": reopen_forum_topic,
    "editForumTopic": edit_forum_topic,
    "deleteForumTopic": delete_forum_topic,
}
