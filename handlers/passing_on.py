"""What a message says, as it is passed on between a member and the desk."""

from markupsafe import Markup, escape
from telegram import Message

from bot.desk import Desk, Said
from handlers.reading import clean
from handlers.turns import Setup

# Above this a message is copied and not set under our own line: together they might be too long.
LONGEST = 3000


def desk_of(setup: Setup) -> Desk:
    return Desk(setup.desk, setup.owners)


def said_by(message: Message, *, edited: bool) -> Said:
    """The message, with its words where our own message can show them."""
    edited_at = int(message.edit_date.timestamp()) if edited and message.edit_date else None
    words = None if message.text is None else str(_html(message))
    return Said(
        message.chat.id,
        message.message_id,
        words if words and len(words) <= LONGEST else None,
        (edited_at or 1) if edited else None,
    )


def _html(message: Message) -> Markup:
    try:
        return Markup(clean(message.text_html))  # noqa: S704 - escaped by the library, formatting kept
    except UnicodeError:
        return escape(clean(message.text or ""))
