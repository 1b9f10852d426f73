"""What a message says, as it is passed on between a member and the desk."""

from collections.abc import Callable

from markupsafe import escape
from telegram import Message

from bot import desk_staff
from bot.desk import Form, Said
from bot.desk_staff import Desk
from handlers.reading import clean
from handlers.turns import Setup
from storage import Transaction

# Above these a message is copied as it is: together with our own line it might be too long.
LONGEST = 3000
LONGEST_CAPTION = 700

CAPTIONED = ("photo", "document", "video", "audio", "voice", "animation")


async def desk_of(setup: Setup, tx: Transaction) -> Desk:
    return await desk_staff.find_desk(tx, setup.desk, setup.owners, setup.home)


def said_by(message: Message, *, edited: bool) -> Said:
    """The message, with its words where our own message or caption can show them."""
    form, words = _words(message)
    edited_at = None
    if edited:
        edited_at = int(message.edit_date.timestamp()) if message.edit_date else 1
    plain = clean(message.text or message.caption or "")
    return Said(message.chat.id, message.message_id, form, words, edited_at, plain)


def says_something(message: Message) -> bool:
    """Whether somebody wrote or sent it, unlike what Telegram tells of a chat."""
    return message.text is not None or message.effective_attachment is not None


def _words(message: Message) -> tuple[Form, str]:
    if message.text is not None:
        words = _html(lambda: message.text_html, message.text)
        return ("text", words) if len(words) <= LONGEST else ("bare", "")
    if any(getattr(message, kind) for kind in CAPTIONED):
        words = _html(lambda: message.caption_html or "", message.caption or "")
        return ("caption", words) if len(words) <= LONGEST_CAPTION else ("bare", "")
    return "bare", ""


def _html(formatted: Callable[[], str], plain: str) -> str:
    """The words with their formatting; without it where the text is too broken to be taken apart."""
    try:
        return clean(formatted())
    except UnicodeError:
        return str(escape(clean(plain)))
