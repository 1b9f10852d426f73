"""Groups with topics, as Telegram has them."""

import pytest

from tests.phone import Phone, Refusal, Telegram


async def forum(telegram: Telegram, *members: Phone) -> tuple[int, int]:
    group = await telegram.group("Desk", *members, forum=True, bot_is_admin=True)
    made = (await telegram.call("createForumTopic", chat_id=group, name="Mei · English"))["result"]
    return group, made["message_thread_id"]


async def test_what_is_written_in_a_topic_names_it_and_answers_its_first_message(
    telegram: Telegram, mei: Phone
) -> None:
    group, topic = await forum(telegram, mei)
    await mei.write("hello", chat=group, topic=topic)
    [*_, update] = (await telegram.call("getUpdates"))["result"]
    message = update["message"]
    assert (message["message_thread_id"], message["is_topic_message"]) == (topic, True)
    assert message["chat"]["is_forum"]
    first = message["reply_to_message"]
    assert (first["message_id"], first["forum_topic_created"]["name"]) == (topic, "Mei · English")
    await mei.write("in the group itself", chat=group)
    [*_, update] = (await telegram.call("getUpdates"))["result"]
    assert "message_thread_id" not in update["message"]


async def test_a_topic_is_closed_and_opened_once(telegram: Telegram, mei: Phone) -> None:
    group, topic = await forum(telegram, mei)
    for method, closed in (("closeForumTopic", True), ("reopenForumTopic", False)):
        assert (await telegram.call(method, chat_id=group, message_thread_id=topic))["ok"]
        again = await telegram.call(method, chat_id=group, message_thread_id=topic)
        assert again["description"] == "Bad Request: TOPIC_NOT_MODIFIED"
        assert [one["closed"] for one in await mei.topics(group)] == [closed]


async def test_in_a_closed_topic_only_those_who_manage_it_write(telegram: Telegram, mei: Phone) -> None:
    wing = await telegram.person("Wing")
    group, topic = await forum(telegram, mei, wing)
    await telegram.call("closeForumTopic", chat_id=group, message_thread_id=topic)
    with pytest.raises(Refusal, match="closed"):
        await wing.write("hello", chat=group, topic=topic)
    await mei.write("hello", chat=group, topic=topic)
    assert (await telegram.call("sendMessage", chat_id=group, text="x", message_thread_id=topic))["ok"]


async def test_a_deleted_topic_takes_its_messages_along(telegram: Telegram, mei: Phone) -> None:
    group, topic = await forum(telegram, mei)
    await mei.write("hello", chat=group, topic=topic)
    await mei.write("outside", chat=group)
    assert (await telegram.call("deleteForumTopic", chat_id=group, message_thread_id=topic))["ok"]
    assert [one.get("text") for one in await mei.messages(group)] == ["outside"]
    answer = await telegram.call("sendMessage", chat_id=group, text="x", message_thread_id=topic)
    assert answer["description"] == "Bad Request: message thread not found"
    answer = await telegram.call("reopenForumTopic", chat_id=group, message_thread_id=topic)
    assert answer["description"] == "Bad Request: TOPIC_ID_INVALID"


async def test_topics_need_a_forum_and_the_right_to_manage_them(telegram: Telegram, mei: Phone) -> None:
    plain = await telegram.group("Plain", mei, bot_is_admin=True)
    answer = await telegram.call("createForumTopic", chat_id=plain, name="Mei")
    assert answer["description"] == "Bad Request: the chat is not a forum"
    powerless = await telegram.group("Desk", mei, forum=True)
    answer = await telegram.call("createForumTopic", chat_id=powerless, name="Mei")
    assert answer["description"] == "Bad Request: not enough rights to create a topic"
    await telegram.ask("POST", "/rights", {"person": mei.id, "chat": powerless, "bot_is_admin": True})
    [*_, update] = (await telegram.call("getUpdates"))["result"]
    assert update["my_chat_member"]["new_chat_member"]["can_manage_topics"]
    assert (await telegram.call("createForumTopic", chat_id=powerless, name="Mei"))["ok"]


async def test_a_topic_is_called_something_else(telegram: Telegram, mei: Phone) -> None:
    group, topic = await forum(telegram, mei)
    renamed = {"chat_id": group, "message_thread_id": topic, "name": "Mei · 繁體中文"}
    assert (await telegram.call("editForumTopic", **renamed))["ok"]
    assert (await telegram.call("editForumTopic", **renamed))[
        "description"
    ] == "Bad Request: TOPIC_NOT_MODIFIED"
    assert [one["name"] for one in await mei.topics(group)] == ["Mei · 繁體中文"]
