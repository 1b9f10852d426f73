"""Which group is the desk's, also after Telegram has given it another id."""

import logging

from telegram import Message, Update

from handlers.turns import Setup
from storage import Transaction, options

logger = logging.getLogger(__name__)


async def is_desk(chat_id: int, setup: Setup, tx: Transaction) -> bool:
    """Whether the organisers' group is meant, under its id in the settings or the one it has now."""
    if setup.desk is None or chat_id == setup.desk:
        return chat_id == setup.desk
    return await options.find(tx, _moved(setup.desk)) == str(chat_id)


async def note_move(message: Message, setup: Setup, tx: Transaction) -> None:
    """Remember the new id of the desk's group; what is sent to the old one is passed on by the wire."""
    if setup.desk is not None and message.chat.id == setup.desk and message.migrate_to_chat_id:
        await options.remember(tx, _moved(setup.desk), str(message.migrate_to_chat_id))
        logger.warning("the desk's group has a new id: set AMITY_DESK=%d", message.migrate_to_chat_id)


def speaks_as_group(update: Update) -> bool:
    """Whether an administrator writes in the group's own name: Telegram shows a bot as the author then."""
    message = update.message or update.edited_message
    return message is not None and message.sender_chat is not None and message.sender_chat == message.chat


def _moved(chat_id: int) -> str:
    return f"moved:{chat_id}"
