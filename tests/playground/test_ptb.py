"""python-telegram-bot's own Bot works against the playground as it does against Telegram."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaDocument
from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter

from tests.phone import Phone, Telegram


@pytest.fixture
async def bot(telegram: Telegram) -> AsyncIterator[Bot]:
    """Give PTB's bot, connected."""
    base = telegram.api_url
    async with Bot(telegram.token, base_url=f"{base}/bot", base_file_url=f"{base}/file/bot") as connected:
        yield connected


async def test_a_conversation_goes_round(telegram: Telegram, bot: Bot, mei: Phone):
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Join", callback_data="v1:join:1")]])
    sent = await bot.send_message(mei.id, "<b>春節</b> & tea", parse_mode="HTML", reply_markup=keyboard)
    assert sent.parse_entities() == {sent.entities[0]: "春節"}
    pressing = asyncio.create_task(mei.press("Join", await mei.wait_for("tea")))
    [update] = await bot.get_updates(timeout=10)
    assert update.callback_query is not None
    await update.callback_query.answer("Done")
    await update.callback_query.edit_message_text("You are in")
    assert await pressing == {"text": "Done", "show_alert": False, "url": ""}
    assert (await mei.wait_for("You are in"))["message_id"] == sent.message_id
    assert await bot.get_updates(offset=update.update_id + 1, timeout=0) == ()
    await mei.settled()
    assert await telegram.violations() == []


async def test_files_go_up_and_come_down(bot: Bot, mei: Phone):
    sent = await bot.send_document(mei.id, "日曆".encode(), filename="日曆.ics", caption="Calendar")
    assert sent.document is not None
    assert await mei.download(await mei.last()) == "日曆".encode()
    assert bytes(await (await bot.get_file(sent.document.file_id)).download_as_bytearray()) == "日曆".encode()
    again = await bot.send_document(mei.id, sent.document.file_id)
    assert again.document == sent.document
    edited = await sent.edit_media(InputMediaDocument(b"other", filename="other.txt"))
    assert not isinstance(edited, bool)
    assert edited.document is not None
    assert edited.document.file_size == 5
    album = await bot.send_media_group(mei.id, [InputMediaDocument(b"a"), InputMediaDocument(b"b")])
    assert len({m.media_group_id for m in album}) == 1


async def test_errors_come_as_ptb_knows_them(telegram: Telegram, bot: Bot, mei: Phone):
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(999, "x")
    await telegram.fault("sendMessage", "429", retry_after=3, times=1)
    with pytest.raises(RetryAfter):
        await bot.send_message(mei.id, "x")
    await mei.block()
    with pytest.raises(Forbidden, match="blocked by the user"):
        await bot.send_message(mei.id, "x")
    stranger = Bot("1:wrong", base_url=f"{telegram.api_url}/bot")
    with pytest.raises(InvalidToken):
        await stranger.initialize()


async def test_commands_chats_and_members_are_read(bot: Bot, mei: Phone):
    assert await bot.set_my_commands([BotCommand("events", "Upcoming events")], language_code="en")
    assert (await bot.get_my_commands(language_code="en"))[0].command == "events"
    assert (await bot.get_chat(mei.id)).first_name == "Mei"
    assert (await bot.get_chat_member(mei.id, mei.id)).user.id == mei.id
    assert (await bot.get_webhook_info()).url == ""
    message = await bot.send_poll(mei.id, "When?", ["Saturday", "Sunday"])
    assert message.poll is not None
    await bot.set_message_reaction(mei.id, message.message_id, "👍")
    assert await bot.pin_chat_message(mei.id, message.message_id)
    assert (await bot.copy_message(mei.id, mei.id, 1)).message_id == message.message_id + 1
    assert await bot.delete_messages(mei.id, [message.message_id])
    assert await bot.send_chat_action(mei.id, "typing")
