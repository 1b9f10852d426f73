"""Messages sent, edited, copied, deleted, and whom they can't reach."""

import pytest

from tests.phone import Phone, Telegram, buttons

KEYBOARD = {"inline_keyboard": [[{"text": "Join", "callback_data": "v1:join:1"}]]}


async def sent(telegram, chat, **params):
    answer = await telegram.call("sendMessage", chat_id=chat, **{"text": "hello", **params})
    assert answer["ok"], answer
    return answer["result"]


async def words(telegram, method, **params):
    return (await telegram.call(method, **params))["description"]


async def test_a_bot_cannot_write_first(telegram: Telegram):
    mei = await telegram.person("Mei")
    answer = await telegram.call("sendMessage", chat_id=mei.id, text="hello")
    assert (answer["error_code"], answer["description"]) == (
        403,
        "Forbidden: bot can't initiate conversation with a user",
    )


async def test_whoever_blocked_the_bot_is_not_reached_until_they_write_again(telegram: Telegram, mei: Phone):
    await mei.block()
    assert (
        await words(telegram, "sendMessage", chat_id=mei.id, text="x")
        == "Forbidden: bot was blocked by the user"
    )
    await mei.write("I am back")
    await sent(telegram, mei.id)
    kinds = [next(k for k in u if k != "update_id") for u in (await telegram.call("getUpdates"))["result"]]
    assert kinds == ["my_chat_member", "my_chat_member", "message"]


async def test_closed_accounts_and_unknown_chats_are_refused(telegram: Telegram, mei: Phone):
    assert await words(telegram, "sendMessage", chat_id=999, text="x") == "Bad Request: chat not found"
    assert await words(telegram, "sendMessage", chat_id="@nobody", text="x") == "Bad Request: chat not found"
    await mei.deactivate()
    assert await words(telegram, "sendMessage", chat_id=mei.id, text="x") == "Forbidden: user is deactivated"
    assert await telegram.violations() == [], "none of this is a broken limit"


async def test_message_ids_count_up_in_each_chat(telegram: Telegram, mei: Phone):
    wing = await telegram.person("Wing")
    await wing.write("/start")
    assert [(await sent(telegram, p.id))["message_id"] for p in (mei, wing, mei)] == [2, 2, 3]


async def test_an_edit_without_change_is_refused(telegram: Telegram, mei: Phone):
    message = await sent(telegram, mei.id, text="<b>a</b>", parse_mode="HTML", reply_markup=KEYBOARD)
    where = {"chat_id": mei.id, "message_id": message["message_id"]}
    same = {**where, "text": "<b>a</b>", "parse_mode": "HTML", "reply_markup": KEYBOARD}
    assert "message is not modified" in await words(telegram, "editMessageText", **same)
    bare = await telegram.call("editMessageText", **where, text="<b>a</b>", parse_mode="HTML")
    assert "reply_markup" not in bare["result"], "a keyboard not given again goes"
    assert "message is not modified" in await words(telegram, "editMessageReplyMarkup", **where)
    assert (await telegram.call("editMessageReplyMarkup", **where, reply_markup=KEYBOARD))["ok"]


@pytest.mark.parametrize(
    ("method", "message_id", "problem"),
    [
        ("editMessageText", 77, "message to edit not found"),
        ("editMessageText", 1, "message can't be edited"),
        ("deleteMessage", 77, "message to delete not found"),
        ("setMessageReaction", 77, "message to react not found"),
    ],
)
async def test_messages_that_are_not_there_or_not_ones_own(telegram, mei, method, message_id, problem):
    answer = await words(telegram, method, chat_id=mei.id, message_id=message_id, text="x", reaction=[])
    assert answer == f"Bad Request: {problem}"


async def test_only_what_has_text_can_have_its_text_edited(telegram: Telegram, mei: Phone):
    place = await telegram.call("sendLocation", chat_id=mei.id, latitude=22.3, longitude=114.2)
    where = {"chat_id": mei.id, "message_id": place["result"]["message_id"]}
    assert "there is no text" in await words(telegram, "editMessageText", **where, text="x")
    assert "there is no caption" in await words(telegram, "editMessageCaption", **where, caption="x")


async def test_messages_can_be_deleted_for_48_hours(telegram: Telegram, mei: Phone):
    young, old = await sent(telegram, mei.id), await sent(telegram, mei.id)
    assert (await telegram.call("deleteMessage", chat_id=mei.id, message_id=young["message_id"]))["result"]
    await telegram.move(48 * 3600 + 1)
    answer = await words(telegram, "deleteMessage", chat_id=mei.id, message_id=old["message_id"])
    assert answer == "Bad Request: message can't be deleted for everyone"
    assert [m["message_id"] for m in await mei.messages()] == [1, old["message_id"]]


async def test_a_copy_keeps_content_and_formatting_but_not_the_keyboard(telegram: Telegram, mei: Phone):
    wing = await telegram.person("Wing")
    await wing.write("/start")
    await sent(telegram, mei.id, text="<i>x</i>", parse_mode="HTML", reply_markup=KEYBOARD)
    await telegram.call("copyMessage", chat_id=wing.id, from_chat_id=mei.id, message_id=2)
    copy = await wing.last()
    assert (copy["text"], copy["entities"][0]["type"], buttons(copy)) == ("x", "italic", [])
    await telegram.call("forwardMessage", chat_id=wing.id, from_chat_id=mei.id, message_id=1)
    assert (await wing.last())["forward_origin"]["sender_user"]["id"] == mei.id
    many = await telegram.call("copyMessages", chat_id=wing.id, from_chat_id=mei.id, message_ids=[1, 2, 99])
    assert len(many["result"]) == 2
    assert "not found" in await words(
        telegram, "copyMessage", chat_id=wing.id, from_chat_id=mei.id, message_id=99
    )


async def test_a_reply_carries_what_it_replies_to(telegram: Telegram, mei: Phone):
    message = await sent(telegram, mei.id, reply_parameters={"message_id": 1})
    assert message["reply_to_message"]["text"] == "/start"
    lost = {"chat_id": mei.id, "text": "x", "reply_parameters": {"message_id": 99}}
    assert await words(telegram, "sendMessage", **lost) == "Bad Request: message to be replied not found"
    lost["reply_parameters"]["allow_sending_without_reply"] = True
    assert (await telegram.call("sendMessage", **lost))["ok"]


async def test_a_reply_keyboard_is_shown_on_the_phone_but_not_told_to_the_bot(telegram: Telegram, mei: Phone):
    message = await sent(
        telegram, mei.id, reply_markup={"keyboard": [["Yes", "No"]], "one_time_keyboard": True}
    )
    assert "reply_markup" not in message
    assert await mei.keyboard() == ["Yes", "No"]
    await mei.write("Yes")
    assert await mei.keyboard() == []


async def test_commands_of_a_chat_come_before_those_of_all(telegram: Telegram, mei: Phone):
    def named(name):
        return [{"command": name, "description": name.title()}]

    wing = await telegram.person("Wing", language_code="en-gb")
    await telegram.call("setMyCommands", commands=named("all"))
    await telegram.call("setMyCommands", commands=named("english"), language_code="en")
    await telegram.call("setMyCommands", commands=named("hers"), scope={"type": "chat", "chat_id": mei.id})
    assert await mei.commands() == {"hers": "Hers"}
    assert await wing.commands() == {"english": "English"}
    await telegram.call("deleteMyCommands", scope={"type": "chat", "chat_id": mei.id})
    assert await mei.commands() == {"all": "All"}
    assert (await telegram.call("getMyCommands"))["result"] == named("all")


async def test_a_group_that_grew_refuses_and_names_its_new_id(telegram: Telegram, mei: Phone):
    group = await telegram.group("Organisers", mei)
    new = (await telegram.ask("POST", "/upgrade", {"chat": group}))["id"]
    answer = await telegram.call("sendMessage", chat_id=group, text="x")
    assert answer["parameters"] == {"migrate_to_chat_id": new}
    await sent(telegram, new)


async def test_topics_hold_messages_in_a_forum(telegram: Telegram, mei: Phone):
    group = await telegram.group("Desk", mei, forum=True, bot_is_admin=True)
    topic = (await telegram.call("createForumTopic", chat_id=group, name="Mei"))["result"]
    message = await sent(telegram, group, message_thread_id=topic["message_thread_id"])
    assert message["is_topic_message"]
    await mei.write("answer", message, chat=group)
    [*_, update] = (await telegram.call("getUpdates"))["result"]
    assert update["message"]["message_thread_id"] == topic["message_thread_id"]


async def test_members_and_administrators_are_told(telegram: Telegram, mei: Phone):
    wing = await telegram.person("Wing")
    group = await telegram.group("Organisers", mei, bot_is_admin=True)

    async def status(number):
        answer = await telegram.call("getChatMember", chat_id=group, user_id=number)
        return answer["result"]["status"]

    assert await status(mei.id) == "creator"
    assert await status(wing.id) == "left"
    admins = (await telegram.call("getChatAdministrators", chat_id=group))["result"]
    assert [a["status"] for a in admins] == ["creator", "administrator"]
    assert (await telegram.call("getChat", chat_id=mei.id))["result"]["first_name"] == "Mei"
