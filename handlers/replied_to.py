"""What somebody speaks of who replies to an earlier message of the bot's: "where is this?"."""

from collections.abc import Iterator

from telegram import Message

from handlers.turns import Writing, as_id
from storage.conversations import Conversation


def spoken_of(writing: Writing) -> Conversation | None:
    """The topic or the event of the answer or card that the message replies to; None where it is of several.

    Nothing is kept for this: the buttons under the message tell it.
    """
    replied = writing.message.reply_to_message if writing.message else None
    if replied is None or replied.from_user is None or not replied.from_user.is_bot:
        return None
    pressable = list(_buttons(replied))
    topic_id = next((args[0] for operation, *args in pressable if operation == "askq" and args), "")
    if topic_id and not topic_id.startswith("e"):
        return Conversation(topic_id, None, "", writing.now)
    # Under its card every event to come offers its calendar file.
    events = {args[0] for operation, *args in pressable if operation == "ics" and args}
    if topic_id:
        events = {topic_id[1:]}
    return Conversation(None, as_id(events.pop()), "", writing.now) if len(events) == 1 else None


def _buttons(message: Message) -> Iterator[list[str]]:
    """The operation of each button, and what it is given."""
    for row in message.reply_markup.inline_keyboard if message.reply_markup else ():
        for one in row:
            _, *operation = str(one.callback_data or "").split(":")
            if operation:
                yield operation
