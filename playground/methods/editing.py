"""Methods that change or take away messages."""

from typing import Any

from playground import limits
from playground.forms import Call
from playground.methods.media import one_medium
from playground.methods.posting import own_entry, reachable_chat
from playground.methods.sending import message_ids
from playground.refusals import Violation, bad_request
from playground.telegram import Chat, Entry, Telegram

Json = dict[str, Any]

DELETABLE_SECONDS = 48 * 3600
MEDIA = ("photo", "document", "video", "audio", "voice", "animation")
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
_COMPARED = ("text", "entities", "caption", "caption_entities", "reply_markup", *MEDIA)


def edit_message_text(telegram: Telegram, call: Call) -> Json:
    """Put another text in place of a text; a keyboard not given again goes."""
    content = limits.message_text(call)
    inline = _inline(call)
    chat, entry = own_entry(telegram, call)
    if "text" not in entry.message:
        raise bad_request("there is no text in the message to edit")
    preview = call.structure("link_preview_options")
    if preview:
        content["link_preview_options"] = preview
    return _revise(telegram, chat, entry, content, inline, ("text", "entities"))


def edit_message_caption(telegram: Telegram, call: Call) -> Json:
    """Put another caption under a file."""
    content = limits.caption(call)
    inline = _inline(call)
    chat, entry = own_entry(telegram, call)
    if not any(kind in entry.message for kind in MEDIA):
        raise bad_request("there is no caption in the message to edit")
    return _revise(telegram, chat, entry, content, inline, ("caption", "caption_entities"))


def edit_message_reply_markup(telegram: Telegram, call: Call) -> Json:
    """Put another keyboard under a message, or none."""
    inline = _inline(call)
    chat, entry = own_entry(telegram, call)
    return _revise(telegram, chat, entry, {}, inline, ())


def edit_message_media(telegram: Telegram, call: Call) -> Json:
    """Put another file in place of a file, or a file in place of a text."""
    medium = call.structure("media")
    if not isinstance(medium, dict):
        raise Violation("can't parse media: object expected")
    content = one_medium(telegram, call, medium)
    inline = _inline(call)
    chat, entry = own_entry(telegram, call)
    return _revise(
        telegram, chat, entry, content, inline, ("text", "entities", "caption", "caption_entities", *MEDIA)
    )


def _inline(call: Call) -> Json | None:
    inline, keyboard = limits.markup(call, private=True)
    if keyboard is not None:
        raise Violation("inline keyboard expected")
    return inline


def _revise(
    telegram: Telegram,
    chat: Chat,
    entry: Entry,
    content: Json,
    inline: Json | None,
    replaced: tuple[str, ...],
) -> Json:
    gone = {*replaced, "reply_markup", "edit_date", "link_preview_options"}
    message = {k: v for k, v in entry.message.items() if k not in gone}
    message |= content
    if inline is not None:
        message["reply_markup"] = inline
    if all(entry.message.get(name) == message.get(name) for name in _COMPARED):
        raise bad_request(_NOT_MODIFIED)
    message["edit_date"] = telegram.now()
    return telegram.revise(chat, entry, message).message


def delete_message(telegram: Telegram, call: Call) -> bool:
    """Take a message away, within 48 hours of its sending."""
    chat = reachable_chat(telegram, call)
    message_id = call.whole("message_id")
    if message_id not in chat.entries:
        raise bad_request("message to delete not found")
    if not _deletable(telegram, chat, message_id):
        raise bad_request("message can't be deleted for everyone")
    telegram.remove(chat, message_id)
    return True


def delete_messages(telegram: Telegram, call: Call) -> bool:
    """Take up to a hundred messages away; those that can't be are passed over."""
    ids = message_ids(call)
    chat = reachable_chat(telegram, call)
    for message_id in ids:
        if message_id in chat.entries and _deletable(telegram, chat, message_id):
            telegram.remove(chat, message_id)
    return True


def _deletable(telegram: Telegram, chat: Chat, message_id: int) -> bool:
    message = chat.entries[message_id].message
    if telegram.now() - int(message["date"]) > DELETABLE_SECONDS:
        return False
    return chat.private or chat.bot_is_admin or message["from"] is telegram.me


METHODS = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "editMessageMedia": edit_message_media,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
}
