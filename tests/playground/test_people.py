"""What people can do with their phones, and what the bot hears of it."""

import asyncio

import pytest

from tests.phone import Phone, Refusal, Telegram, buttons

KEYBOARD = {
    "inline_keyboard": [
        [{"text": "Join ✅", "callback_data": "v1:join:1"}, {"text": "Map", "url": "https://example.org"}],
        [{"text": "Leave", "callback_data": "v1:leave:1"}],
    ]
}


async def updates(telegram):
    found = (await telegram.call("getUpdates"))["result"]
    if found:
        await telegram.call("getUpdates", offset=found[-1]["update_id"] + 1)
    return found


async def offer(telegram, phone):
    return (await telegram.call("sendMessage", chat_id=phone.id, text="Come?", reply_markup=KEYBOARD))[
        "result"
    ]


async def test_commands_are_marked_as_such(telegram: Telegram):
    mei = await telegram.person("Mei", language_code="zh-hk", username="mei_made_up")
    await mei.write("/start event_3")
    [update] = await updates(telegram)
    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert update["message"]["from"]["language_code"] == "zh-hk"


async def test_a_press_is_answered_on_the_phone(telegram: Telegram, mei: Phone):
    await offer(telegram, mei)
    pressing = asyncio.create_task(mei.press("Join"))
    while not (found := await updates(telegram)):
        await asyncio.sleep(0.01)
    query = found[0]["callback_query"]
    assert (query["data"], query["from"]["id"], query["message"]["message_id"]) == ("v1:join:1", mei.id, 2)
    await telegram.call(
        "answerCallbackQuery", callback_query_id=query["id"], text="You are in", show_alert=True
    )
    assert await pressing == {"text": "You are in", "show_alert": True, "url": ""}
    again = await telegram.call("answerCallbackQuery", callback_query_id=query["id"])
    assert again["description"].startswith("Bad Request: query is too old")


async def test_a_press_is_too_old_after_some_minutes(telegram: Telegram, mei: Phone):
    await offer(telegram, mei)
    number = await mei.tap("v1:leave")
    await telegram.move(151)
    answer = await telegram.call("answerCallbackQuery", callback_query_id=number)
    assert "query is too old" in answer["description"]
    assert await mei.telegram.answer(number, timeout=0) is None


async def test_a_button_that_is_not_there_fails_with_the_chat_written_down(telegram: Telegram, mei: Phone):
    await offer(telegram, mei)
    with pytest.raises(AssertionError) as failed:
        await mei.tap("Dance")
    assert "Mei's chat" in str(failed.value)
    assert "[Join ✅ · v1:join:1]" in str(failed.value)


async def test_a_forged_press_reaches_the_bot(telegram: Telegram, mei: Phone):
    with pytest.raises(Refusal):
        await mei.forge("v1:admin", 1, forged=False)
    await mei.forge("v1:admin", 99)
    [update] = await updates(telegram)
    assert update["callback_query"]["data"] == "v1:admin"
    assert update["callback_query"]["message"]["date"] == 0, "an inaccessible message"


async def test_many_press_at_once_in_the_order_given(telegram: Telegram):
    phones = [await telegram.person(f"P{n}") for n in range(20)]
    for phone in phones:
        await phone.write("/start")
    await updates(telegram)
    offers = [await offer(telegram, phone) for phone in phones]
    await telegram.press_many([(p, o, "v1:join:1") for p, o in zip(phones, offers, strict=True)])
    assert [u["callback_query"]["from"]["id"] for u in await updates(telegram)] == [p.id for p in phones]


async def test_an_edited_message_comes_as_such(telegram: Telegram, mei: Phone):
    number = await mei.write("two")
    await mei.edit(number, "three")
    first, second = await updates(telegram)
    assert first["message"]["text"] == "two", "the older update keeps what was written then"
    assert (second["edited_message"]["text"], second["edited_message"]["message_id"]) == ("three", number)


async def test_every_kind_of_content_comes_through(telegram: Telegram, mei: Phone):
    await mei.send_photo(b"\x89PNG\r\n\x1a\n", "a caption")
    await mei.send_document("內容".encode(), "名單.xlsx")
    await mei.send_sticker()
    await mei.send_voice()
    await mei.send_location(22.3, 114.2)
    await mei.send_contact()
    messages = [u["message"] for u in await updates(telegram)]
    for kind, message in zip(
        ("photo", "document", "sticker", "voice", "location", "contact"), messages, strict=True
    ):
        assert kind in message
    assert messages[0]["caption"] == "a caption"
    assert messages[1]["document"]["file_name"] == "名單.xlsx"
    assert messages[5]["contact"]["user_id"] == mei.id
    assert await mei.download(messages[1]) == "內容".encode()


async def test_in_a_group_the_bot_hears_commands_replies_and_its_name(telegram: Telegram, mei: Phone):
    wing = await telegram.person("Wing")
    group = await telegram.group("Organisers", mei, wing)
    post = (await telegram.call("sendMessage", chat_id=group, text="A question"))["result"]
    await mei.write("just talking", chat=group)
    await mei.write("/events", chat=group)
    await mei.write("/events@another_bot", chat=group)
    await wing.write("The answer", post, chat=group)
    await wing.write("hello @amity_playground_bot", chat=group)
    heard = [u["message"] for u in await updates(telegram)]
    assert [m["text"] for m in heard] == ["/events", "The answer", "hello @amity_playground_bot"]
    assert heard[1]["reply_to_message"]["message_id"] == post["message_id"]
    first, *_ = await mei.messages(group)
    assert first["text"] == "A question"


async def test_waiting_sees_what_came_since_ones_own_last_action(telegram: Telegram, mei: Phone):
    await telegram.call("sendMessage", chat_id=mei.id, text="old")
    await mei.write("next")
    with pytest.raises(AssertionError, match="no message 'old'"):
        await mei.wait_for("old", timeout=0.01)
    await telegram.call("sendMessage", chat_id=mei.id, text="new")
    await telegram.call("editMessageText", chat_id=mei.id, message_id=2, text="old, edited")
    assert (await mei.wait_for("new"))["text"] == "new"
    assert (await mei.wait_for(lambda m: "edit_date" in m))["message_id"] == 2


async def test_buttons_are_listed_row_after_row(telegram: Telegram, mei: Phone):
    await offer(telegram, mei)
    assert buttons(await mei.last()) == ["Join ✅", "Map", "Leave"]


async def test_people_and_their_chats_are_listed(telegram: Telegram, mei: Phone):
    group = await telegram.group("Organisers", mei)
    people = await telegram.ask("GET", "/people")
    assert [(p["first_name"], p["language_code"], p["is_bot"]) for p in people] == [("Mei", "zh-hans", False)]
    chats = await telegram.ask("GET", "/chats", person=mei.id)
    assert [(c["id"], c["type"]) for c in chats] == [(mei.id, "private"), (group, "supergroup")]


async def test_an_inline_query_is_answered(telegram: Telegram, mei: Phone):
    number = (await telegram.ask("POST", "/inline", {"person": mei.id, "query": "forum"}))["inline_query_id"]
    [update] = await updates(telegram)
    assert update["inline_query"]["query"] == "forum"
    results = [{"type": "article", "id": "1", "title": "t", "input_message_content": {"message_text": "m"}}]
    assert (await telegram.call("answerInlineQuery", inline_query_id=number, results=results))["ok"]
    assert (await telegram.ask("GET", f"/inline/{number}", wait=1))["results"] == results


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/send", {"person": 1, "text": "x"}),
        ("/send", {"text": "x"}),
        ("/people", {}),
        ("/clock", {"seconds": -1}),
        ("/clock", {"to": "yesterday"}),
        ("/clock", {"to": "next"}),
        ("/faults", {"kind": "gremlins"}),
        ("/edit", {}),
        ("/press", [1]),
    ],
)
async def test_what_cannot_be_done_is_said(telegram: Telegram, path, body):
    with pytest.raises(Refusal):
        await telegram.ask("POST", path, body)


async def test_an_album_comes_as_updates_that_belong_together(telegram: Telegram, mei: Phone):
    for number in range(2):
        await mei.send_file("photo", b"picture", f"{number}.jpg", album="a1")
    first, second = await updates(telegram)
    assert first["message"]["media_group_id"] == second["message"]["media_group_id"] == "a1"


async def test_a_poll_is_heard_with_its_options(telegram: Telegram, mei: Phone):
    await mei.send_poll("Where shall we meet?", "In the park", "By the sea", several=True)
    [update] = await updates(telegram)
    poll = update["message"]["poll"]
    assert [option["text"] for option in poll["options"]] == ["In the park", "By the sea"]
    assert poll["allows_multiple_answers"]
    with pytest.raises(Refusal):
        await mei.send_poll("Where shall we meet?", "Here")
