"""What people do in the playground, and the updates the bot gets from it."""

from typing import Any

from playground.entities import with_seen
from playground.files import content_of
from playground.forms import Upload
from playground.methods import topics
from playground.methods.chats import administrator_rights
from playground.methods.posting import without_reply
from playground.polls import poll_of
from playground.telegram import Chat, Entry, Person, Telegram

Json = dict[str, Any]


class Impossible(Exception):
    """Something that a person can't do in Telegram."""


def somebody(telegram: Telegram, number: Any) -> Person:
    """Find a person by id."""
    try:
        return telegram.people[int(number)]
    except (KeyError, TypeError, ValueError):
        raise Impossible(f"nobody has the id {number!r}") from None


def their_chat(telegram: Telegram, person: Person, number: Any = None) -> Chat:
    """Find a chat the person is in; their private chat with the bot when none is named."""
    try:
        chat = telegram.chats[person.id if number is None else int(number)]
    except (KeyError, TypeError, ValueError):
        raise Impossible(f"there is no chat {number!r}") from None
    if person.id not in chat.members:
        raise Impossible(f"{person.face['first_name']} is not in the chat {number!r}")
    return chat


def write(
    telegram: Telegram,
    person: Person,
    chat: Chat,
    text: str,
    *,
    entities: list[Json] | None = None,
    reply_to: Any = None,
    topic: Any = None,
) -> tuple[int, int | None]:
    """Write a message; give its id and its update's, None where the bot doesn't hear it."""
    if not text.strip():
        raise Impossible("an empty message can't be sent")
    text = text.strip()
    found = with_seen(text, entities or [])
    content = {"text": text, **({"entities": found} if found else {})}
    return send(telegram, person, chat, content, reply_to=reply_to, topic=topic)


def send(
    telegram: Telegram, person: Person, chat: Chat, content: Json, *, reply_to: Any = None, topic: Any = None
) -> tuple[int, int | None]:
    """Send any content; sending to a bot one has blocked unblocks it, as the client does."""
    if person.deactivated:
        raise Impossible("the account is deactivated")
    if chat.private:
        if person.blocked:
            block(telegram, person, blocked=False)
        chat.opened = True
    if reply_to:
        replied = chat.entries.get(int(reply_to))
        if replied is None:
            raise Impossible(f"there is no message {reply_to} to reply to")
        content = {**content, "reply_to_message": without_reply(replied.message)}
        if replied.message.get("is_topic_message"):
            topic = replied.message["message_thread_id"]
    if topic:
        content = {**in_topic(chat, person, int(topic)), **content}
    if chat.keyboard is not None and chat.keyboard.get("one_time_keyboard"):
        chat.keyboard = None
    entry = telegram.post(chat, person.face, content)
    update = telegram.updates.put("message", entry.message) if _heard(telegram, chat, entry) else None
    return int(entry.message["message_id"]), update


def in_topic(chat: Chat, person: Person, number: int) -> Json:
    """What a message bears that somebody writes in a topic; a closed one takes the owner's alone."""
    topic = chat.topics.get(number)
    if topic is None:
        raise Impossible(f"there is no topic {number}")
    if topic.closed and chat.members[:1] != [person.id]:
        raise Impossible(f"the topic {topic.name} is closed")
    # What answers nothing else in a topic answers the message that opened it.
    return {"message_thread_id": number, "is_topic_message": True, "reply_to_message": topic.opening}


def turn_topic(telegram: Telegram, person: Person, chat: Chat, number: int, *, closed: bool) -> None:
    """Close or open a topic, as its owner does in the client."""
    message = topics.turn_topic(telegram, chat, number, person.face, closed=closed)
    telegram.updates.put("message", message)


def _heard(telegram: Telegram, chat: Chat, entry: Entry) -> bool:
    """Say whether the bot hears it: in groups, unless administrator, only commands, mentions, replies."""
    if chat.private or chat.bot_is_admin:
        return True
    message = entry.message
    if message.get("reply_to_message", {}).get("from", {}).get("id") == telegram.me["id"]:
        return True
    name = str(telegram.me["username"]).lower()
    text = str(message.get("text") or message.get("caption") or "").lower()
    if text.startswith("/"):
        addressed = text.split()[0].partition("@")[2]
        return addressed in {"", name}
    return f"@{name}" in text


def send_file(
    telegram: Telegram,
    person: Person,
    chat: Chat,
    kind: str,
    upload: Upload,
    *,
    caption: str = "",
    album: str = "",
    reply_to: Any = None,
    topic: Any = None,
) -> tuple[int, int | None]:
    """Send a photo, document, sticker, voice message or video; those of one album belong together."""
    content = content_of(telegram.files.keep(kind, upload.name, upload.mime, upload.data))
    if album:
        content |= {"media_group_id": album}
    if caption:
        found = with_seen(caption, [])
        content |= {"caption": caption, **({"caption_entities": found} if found else {})}
    return send(telegram, person, chat, content, reply_to=reply_to, topic=topic)


def send_poll(
    telegram: Telegram, person: Person, chat: Chat, question: str, options: list[str], *, several: bool
) -> tuple[int, int | None]:
    """Send a poll of 2 to 12 options."""
    if not question or not 2 <= len(options) <= 12:
        raise Impossible("a poll has a question and from 2 to 12 options")
    poll = poll_of(telegram.seq + 1, question, options, several=several)
    return send(telegram, person, chat, {"poll": poll})


def edit(telegram: Telegram, person: Person, chat: Chat, message_id: int, text: str) -> int | None:
    """Change one's own message."""
    entry = chat.entries.get(message_id)
    if entry is None or entry.message["from"]["id"] != person.id:
        raise Impossible(f"{message_id} is not a message of theirs")
    found = with_seen(text, [])
    part = "text" if "text" in entry.message else "caption"
    names = ("text", "entities") if part == "text" else ("caption", "caption_entities")
    message = {k: v for k, v in entry.message.items() if k not in names}
    message |= {part: text, **({names[1]: found} if found else {}), "edit_date": telegram.now()}
    telegram.revise(chat, entry, message)
    return telegram.updates.put("edited_message", message) if _heard(telegram, chat, entry) else None


def press(
    telegram: Telegram, person: Person, chat: Chat, message_id: int, data: str, *, forged: bool = False
) -> str:
    """Press a button; a message that has no such button refuses unless the press is `forged`."""
    entry = chat.entries.get(message_id)
    number = telegram.ask(person.id)
    query: Json = {
        "id": number,
        "from": person.face,
        "chat_instance": str(abs(chat.id) * 7919),
        "data": data,
    }
    if entry is None:
        if not forged:
            raise Impossible(f"there is no message {message_id}")
        query["message"] = {"chat": chat.face, "message_id": message_id, "date": 0}
    else:
        if not forged and data not in offered(entry.message):
            raise Impossible(f"message {message_id} has no button {data!r}; it has {offered(entry.message)}")
        query["message"] = entry.message
    telegram.updates.put("callback_query", query)
    return number


def offered(message: Json) -> list[str]:
    """List the data of a message's buttons."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["callback_data"] for row in rows for button in row if "callback_data" in button]


def block(telegram: Telegram, person: Person, *, blocked: bool) -> None:
    """Block the bot or let it in again."""
    if person.blocked == blocked:
        return
    person.blocked = blocked
    before, after = ("member", "kicked") if blocked else ("kicked", "member")
    telegram.updates.put(
        "my_chat_member", _membership(telegram, person.face, telegram.chats[person.id], before, after)
    )


def remove_bot(telegram: Telegram, person: Person, chat: Chat, *, back: bool = False) -> None:
    """Take the bot out of a group, or bring it back."""
    if chat.private:
        raise Impossible("the bot can't be taken out of a private chat")
    chat.opened = back
    before, after = ("left", "member") if back else ("member", "left")
    telegram.updates.put("my_chat_member", _membership(telegram, person.face, chat, before, after))


def change_rights(telegram: Telegram, person: Person, chat: Chat, *, admin: bool) -> None:
    """Make the bot an administrator of a group, or an ordinary member again."""
    before, after = ("member", "administrator") if admin else ("administrator", "member")
    chat.bot_is_admin = admin
    telegram.updates.put("my_chat_member", _membership(telegram, person.face, chat, before, after))


def _membership(telegram: Telegram, actor: Json, chat: Chat, before: str, after: str) -> Json:
    def standing(status: str) -> Json:
        until: Json = {"until_date": 0} if status == "kicked" else {}
        if status == "administrator":
            until = administrator_rights()
        return {"user": telegram.me, "status": status, **until}

    return {
        "chat": chat.face,
        "from": actor,
        "date": telegram.now(),
        "old_chat_member": standing(before),
        "new_chat_member": standing(after),
    }


def upgrade(telegram: Telegram, chat: Chat) -> Chat:
    """Turn a group into another with a new id, as Telegram does when it grows; the old id refuses then."""
    if chat.private or chat.moved_to is not None:
        raise Impossible("only a group can be upgraded, and once")
    new = telegram.add_group(str(chat.face["title"]), chat.members, bot_is_admin=chat.bot_is_admin)
    chat.moved_to = new.id
    owner = telegram.people[chat.members[0]].face if chat.members else telegram.me
    left = telegram.post(chat, owner, {"migrate_to_chat_id": new.id})
    telegram.updates.put("message", left.message)
    came = telegram.post(new, owner, {"migrate_from_chat_id": chat.id})
    telegram.updates.put("message", came.message)
    return new
