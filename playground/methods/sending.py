"""Methods that send a message without a file."""

from typing import Any

from playground import limits
from playground.forms import Call
from playground.methods.posting import find_chat, post, post_all, reachable_chat, without_reply
from playground.polls import poll_of
from playground.refusals import Violation, bad_request
from playground.telegram import Chat, Entry, Telegram

Json = dict[str, Any]

_ACTION_NAMES = (
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker "
    "find_location record_video_note upload_video_note"
)
CHAT_ACTIONS = frozenset(_ACTION_NAMES.split())
AT_ONCE = 100
_ENVELOPE_NAMES = (
    "message_id from chat date edit_date reply_to_message reply_markup forward_origin message_thread_id "
    "is_topic_message has_protected_content media_group_id pinned_message"
)
_ENVELOPE = frozenset(_ENVELOPE_NAMES.split())


def send_message(telegram: Telegram, call: Call) -> Json:
    """Send text of 1 to 4096 characters."""
    return post(telegram, call, limits.message_text(call))


def send_location(telegram: Telegram, call: Call) -> Json:
    """Send a point on the map."""
    return post(telegram, call, {"location": _point(call)})


def send_venue(telegram: Telegram, call: Call) -> Json:
    """Send a place with its name and address."""
    if not call.text("title") or not call.text("address"):
        raise Violation("venue title and address must be non-empty")
    point = _point(call)
    venue = {"location": point, "title": call.text("title"), "address": call.text("address")}
    return post(telegram, call, {"venue": venue, "location": point})


def _point(call: Call) -> Json:
    latitude, longitude = call.number("latitude"), call.number("longitude")
    if not -90 <= latitude <= 90 or not -180 <= longitude <= 180:
        raise Violation("location is invalid: latitude within 90 and longitude within 180 degrees are wanted")
    return {"latitude": latitude, "longitude": longitude}


def send_contact(telegram: Telegram, call: Call) -> Json:
    """Send somebody's name and telephone number."""
    if not call.text("phone_number") or not call.text("first_name"):
        raise Violation("contact phone number and first name must be non-empty")
    contact = {"phone_number": call.text("phone_number"), "first_name": call.text("first_name")}
    if call.text("last_name"):
        contact["last_name"] = call.text("last_name")
    return post(telegram, call, {"contact": contact})


def send_poll(telegram: Telegram, call: Call) -> Json:
    """Send a poll: a question of 300 characters, 2 to 12 options of 100. Nobody can vote here."""
    question = call.text("question")
    if not 1 <= len(question) <= 300:
        raise Violation("poll question must be of 1-300 characters")
    options = call.structure("options")
    if not isinstance(options, list) or not 2 <= len(options) <= 12:
        raise Violation("poll must have 2-12 options")
    texts = [option.get("text", "") if isinstance(option, dict) else str(option) for option in options]
    if not all(1 <= len(text) <= 100 for text in texts):
        raise Violation("poll options must be of 1-100 characters")
    poll = poll_of(
        telegram.seq + 1,
        question,
        texts,
        several=call.flag("allows_multiple_answers"),
        anonymous=str(call.params.get("is_anonymous", "true")).lower() != "false",
        kind=call.text("type", "regular"),
    )
    return post(telegram, call, {"poll": poll})


def send_chat_action(telegram: Telegram, call: Call) -> bool:
    """Show for five seconds what the bot is doing."""
    if call.text("action") not in CHAT_ACTIONS:
        raise Violation("wrong parameter action in request")
    chat = reachable_chat(telegram, call)
    chat.typing_until = telegram.clock.now().timestamp() + 5
    chat.changed.ring()
    for member in chat.members:
        telegram.tell(member, {"type": "typing", "chat": chat.id})
    return True


def copy_message(telegram: Telegram, call: Call) -> Json:
    """Send a message's content again as the bot's own; a caption given replaces the old."""
    _, entry = _source(telegram, call)
    content = _copied(entry)
    if call.has("caption"):
        content = {k: v for k, v in content.items() if k not in {"caption", "caption_entities"}}
        content |= limits.caption(call)
    return {"message_id": post(telegram, call, content)["message_id"]}


def copy_messages(telegram: Telegram, call: Call) -> list[Json]:
    """Send up to a hundred messages' content again; those not found are passed over."""
    source = find_chat(telegram, call, "from_chat_id")
    entries = [source.entries[i] for i in message_ids(call) if i in source.entries]
    if not entries:
        raise bad_request("there are no messages to copy")
    sent = post_all(telegram, call, [_copied(entry) for entry in entries])
    return [{"message_id": message["message_id"]} for message in sent]


def forward_message(telegram: Telegram, call: Call) -> Json:
    """Send a message on, showing whose it was."""
    _, entry = _source(telegram, call)
    if entry.message.get("has_protected_content"):
        raise bad_request("the message can't be forwarded")
    origin = {"type": "user", "sender_user": entry.message["from"], "date": entry.message["date"]}
    return post(telegram, call, {**_copied(entry), "forward_origin": origin})


def message_ids(call: Call) -> list[int]:
    """Read a list of 1 to 100 message ids."""
    ids = call.structure("message_ids")
    if not isinstance(ids, list) or not ids:
        raise Violation("message identifiers are not specified")
    if len(ids) > AT_ONCE:
        raise Violation("too many message identifiers specified")
    return [int(i) for i in ids]


def _source(telegram: Telegram, call: Call) -> tuple[Chat, Entry]:
    source = find_chat(telegram, call, "from_chat_id")
    entry = source.entries.get(call.whole("message_id"))
    if entry is None:
        raise bad_request(f"message to {'copy' if call.method.startswith('copy') else 'forward'} not found")
    return source, entry


def _copied(entry: Entry) -> Json:
    return {k: v for k, v in without_reply(entry.message).items() if k not in _ENVELOPE}


METHODS = {
    "sendMessage": send_message,
    "sendLocation": send_location,
    "sendVenue": send_venue,
    "sendContact": send_contact,
    "sendPoll": send_poll,
    "sendChatAction": send_chat_action,
    "copyMessage": copy_message,
    "copyMessages": copy_messages,
    "forwardMessage": forward_message,
}
