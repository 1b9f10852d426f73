"""The desk's group: which one it is, also under another id, its language, and whether it has topics."""

import logging

from telegram import Chat, ChatMemberUpdated, Message, Update

from bot import desk_staff
from bot.language import Language, language
from handlers.turns import Setup
from handlers.wire import Sent, Wire
from storage import Database, Transaction, people

logger = logging.getLogger(__name__)


async def is_desk(chat_id: int, setup: Setup, tx: Transaction) -> bool:
    """Whether the organisers' group is meant, under its id in the settings or the one it has now."""
    if setup.desk is None or chat_id == setup.desk:
        return chat_id == setup.desk
    return (await desk_staff.find_desk(tx, setup.desk, setup.owners, setup.home)).chat_id == chat_id


async def note_move(message: Message, setup: Setup, tx: Transaction) -> None:
    """Remember the new id of the desk's group; what is sent to the old one is passed on by the wire."""
    if setup.desk is not None and message.chat.id == setup.desk and message.migrate_to_chat_id:
        await desk_staff.note_move(tx, setup.desk, message.migrate_to_chat_id)
        logger.warning("the desk's group has a new id: set AMITY_DESK=%d", message.migrate_to_chat_id)


def speaks_as_group(update: Update) -> bool:
    """Whether an administrator writes in the group's own name: Telegram shows a bot as the author then."""
    message = update.message or update.edited_message
    return message is not None and message.sender_chat is not None and message.sender_chat == message.chat


async def language_of(setup: Setup, tx: Transaction) -> Language | None:
    """What is spoken at the desk: the language of the first owner who has started the bot."""
    owners = await people.list_organisers(tx, setup.owners)
    return language(owners[0].locale, setup.home) if owners else None


async def note_topics(chat: Chat, tx: Transaction) -> None:
    """Heed that the group has topics now, or none any more."""
    known = await desk_staff.topics_of(tx, chat.id)
    if not chat.is_forum and known != "none":
        await desk_staff.note_topics(tx, chat.id, "none")
    elif chat.is_forum and known in (None, "none"):
        await desk_staff.note_topics(tx, chat.id, "yes")


async def note_rights(changed: ChatMemberUpdated, setup: Setup, tx: Transaction) -> None:
    """What the bot may do in the group has changed: topics may be tried again."""
    if await is_desk(changed.chat.id, setup, tx):
        topics: desk_staff.Topics = "yes" if changed.chat.is_forum else "none"
        await desk_staff.note_topics(tx, changed.chat.id, topics)


async def look(wire: Wire, database: Database, setup: Setup) -> None:
    """Ask Telegram whether the desk's group has topics and the bot may open some; remember where the desk is.

    Where Telegram can't be asked, what was known stays.
    """
    async with database.write() as tx:
        await desk_staff.remember(tx, setup.desk, setup.home)
        desk = await desk_staff.find_desk(tx, setup.desk, setup.owners, setup.home)
    if desk.chat_id is None or desk.chat_id > 0:
        return
    outcome = await wire.call("getChat", {"chat_id": desk.chat_id})
    if not isinstance(outcome, Sent):
        return
    topics: desk_staff.Topics = "none"
    if outcome.result.get("is_forum"):
        topics = "yes" if await _may_open_topics(wire, desk.chat_id) else "refused"
    if topics == "refused":
        logger.warning(
            "the desk's group has topics, and the bot may open none: make it an administrator who may manage"
            " topics; until then questions stand in the group itself"
        )
    async with database.write() as tx:
        await desk_staff.note_topics(tx, desk.chat_id, topics)


async def _may_open_topics(wire: Wire, chat_id: int) -> bool:
    me = {"chat_id": chat_id, "user_id": wire.bot_id}
    outcome = await wire.call("getChatMember", me)
    return isinstance(outcome, Sent) and bool(outcome.result.get("can_manage_topics"))
