"""Each documented limit, met exactly and passed by one."""

import json
import struct

import aiohttp
import pytest

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR"


def picture(width=320, height=200):
    return PNG + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0) + b"\0\0\0\0"


def inline(*rows):
    return {"inline_keyboard": [list(row) for row in rows]}


def button(text="Go", **action):
    return {"text": text, **(action or {"callback_data": "v1:go"})}


async def refused(telegram, method, **params):
    """Call, and give the words of the refusal, which must be listed as a violation."""
    answer = await telegram.call(method, **params)
    assert not answer["ok"], f"{method} was let through"
    [*_, newest] = await telegram.violations()
    assert newest["method"] == method
    return answer["description"]


async def upload(telegram, method, files, **fields):
    form = aiohttp.FormData(quote_fields=False)
    for name, value in fields.items():
        form.add_field(name, str(value))
    for name, (filename, data) in files.items():
        form.add_field(name, data, filename=filename)
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{telegram.url}/bot{telegram.token}/{method}", data=form) as response,
    ):
        return await response.json()


ALLOWED = [
    ("sendMessage", {"text": "中" * 4096}),
    ("sendMessage", {"text": "<b>" + "中" * 4096 + "</b>", "parse_mode": "HTML"}),
    ("sendMessage", {"text": "x", "reply_markup": inline([button() for _ in range(8)])}),
    ("sendMessage", {"text": "x", "reply_markup": inline(*([button()] for _ in range(100)))}),
    ("sendMessage", {"text": "x", "reply_markup": inline([button(callback_data="d" * 64)])}),
    ("sendMessage", {"text": "x", "reply_markup": inline([button(style="danger", callback_data="d")])}),
    ("sendMessage", {"text": "x", "reply_markup": inline([button(copy_text={"text": "c" * 256})])}),
    ("sendMessage", {"text": "x", "reply_markup": inline([button(switch_inline_query="")])}),
    (
        "sendMessage",
        {"text": "x", "reply_markup": inline([button(url="https://t.me/a_bot?start=" + "e" * 64)])},
    ),
    ("sendMessage", {"text": "x", "reply_markup": {"keyboard": [[{"text": "c", "request_contact": True}]]}}),
    ("sendMessage", {"text": "x", "reply_markup": {"keyboard": [[{"text": "p", "request_location": True}]]}}),
    ("sendMessage", {"text": "x", "reply_markup": {"remove_keyboard": True}}),
    ("sendMessage", {"text": "x", "reply_markup": {"force_reply": True}}),
    ("sendMessage", {"text": "x", "link_preview_options": {"is_disabled": True}, "protect_content": True}),
    ("sendMessage", {"text": "x", "message_effect_id": "5104841245755180586", "disable_notification": True}),
    ("sendVenue", {"latitude": 22.3, "longitude": 114.2, "title": "Hall", "address": "1 Made-up Road"}),
    ("sendContact", {"phone_number": "+85200000000", "first_name": "Made-up"}),
    ("sendPoll", {"question": "q" * 300, "options": [{"text": "o" * 100}] * 12}),
    ("sendChatAction", {"action": "typing"}),
]


@pytest.mark.parametrize(("method", "params"), ALLOWED)
async def test_what_is_within_the_limits_is_sent(telegram, mei, method, params):
    answer = await telegram.call(method, chat_id=mei.id, **params)
    assert answer["ok"], answer
    assert await telegram.violations() == []


BROKEN = [
    ("sendMessage", {"text": ""}, "message text is empty"),
    ("sendMessage", {"text": " \n "}, "message text is empty"),
    ("sendMessage", {"text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
    ("sendMessage", {"text": "中" * 4097}, "message is too long"),
    ("sendMessage", {"text": "<b>x", "parse_mode": "HTML"}, "can't parse entities"),
    ("sendMessage", {"text": "*x*", "parse_mode": "MarkdownV2"}, "MarkdownV2"),
    ("sendMessage", {"text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
    (
        "sendMessage",
        {"text": "x", "entities": [{"type": "bold", "offset": 0, "length": 2}]},
        "beyond the text",
    ),
    ("sendMessage", {"text": "x", "reply_markup": inline([button() for _ in range(9)])}, "too long"),
    ("sendMessage", {"text": "x", "reply_markup": inline(*([button()] for _ in range(101)))}, "too long"),
    ("sendMessage", {"text": "x", "reply_markup": inline([button(callback_data="")])}, "BUTTON_DATA_INVALID"),
    (
        "sendMessage",
        {"text": "x", "reply_markup": inline([button(callback_data="中" * 22)])},
        "BUTTON_DATA_INVALID",
    ),
    ("sendMessage", {"text": "x", "reply_markup": inline([button(" ")])}, "text must be non-empty"),
    ("sendMessage", {"text": "x", "reply_markup": inline([{"text": "x"}])}, "Text buttons are unallowed"),
    ("sendMessage", {"text": "x", "reply_markup": inline([button(url="nowhere")])}, "Wrong HTTP URL"),
    (
        "sendMessage",
        {"text": "x", "reply_markup": inline([button(style="pink", url="https://a.org")])},
        "style",
    ),
    (
        "sendMessage",
        {"text": "x", "reply_markup": inline([button(callback_data="a", url="https://a.org")])},
        "more than one action",
    ),
    (
        "sendMessage",
        {"text": "x", "reply_markup": inline([button(copy_text={"text": "c" * 257})])},
        "COPY_TEXT",
    ),
    (
        "sendMessage",
        {"text": "x", "reply_markup": inline([button(url="https://t.me/a_bot?start=event:3")])},
        "deep-link payload",
    ),
    (
        "sendMessage",
        {"text": '<a href="https://t.me/a_bot?start=' + "e" * 65 + '">x</a>', "parse_mode": "HTML"},
        "deep-link payload",
    ),
    ("sendMessage", {"text": "x", "reply_markup": {"keyboard": [[{"text": ""}]]}}, "text must be non-empty"),
    ("sendMessage", {"text": "x", "reply_markup": "{not json"}, "can't parse reply_markup"),
    ("sendLocation", {"latitude": 91, "longitude": 0}, "location is invalid"),
    ("sendVenue", {"latitude": 1, "longitude": 1, "title": "", "address": "a"}, "non-empty"),
    ("sendPoll", {"question": "q" * 301, "options": ["a", "b"]}, "question"),
    ("sendPoll", {"question": "q", "options": ["a"] * 13}, "options"),
    ("sendPoll", {"question": "q", "options": ["a", "b" * 101]}, "options"),
    ("sendChatAction", {"action": "dancing"}, "action"),
    ("sendMediaGroup", {"media": [{"type": "photo", "media": "x"}]}, "too few"),
    ("sendMediaGroup", {"media": [{"type": "photo", "media": "x"}] * 11}, "too many"),
    (
        "sendMediaGroup",
        {"media": [{"type": "photo", "media": "x"}, {"type": "document", "media": "x"}]},
        "can't be mixed",
    ),
    ("deleteMessages", {"message_ids": list(range(1, 102))}, "too many message identifiers"),
    (
        "copyMessages",
        {"from_chat_id": 1, "message_ids": list(range(1, 102))},
        "too many message identifiers|chat",
    ),
    (
        "setMessageReaction",
        {"message_id": 1, "reaction": [{"type": "emoji", "emoji": "🥮"}]},
        "REACTION_INVALID",
    ),
]


@pytest.mark.parametrize(("method", "params", "words"), BROKEN)
async def test_what_passes_a_limit_is_refused_and_listed(telegram, mei, method, params, words):
    if "from_chat_id" in params:
        params = {**params, "from_chat_id": mei.id}
    description = await refused(telegram, method, chat_id=mei.id, **params)
    assert any(word in description for word in words.split("|"))


async def test_captions_end_at_1024_characters(telegram, mei):
    files = {"photo": ("a.png", picture())}
    fits = await upload(telegram, "sendPhoto", files, chat_id=mei.id, caption="中" * 1024)
    assert fits["result"]["caption"] == "中" * 1024
    over = await upload(telegram, "sendPhoto", files, chat_id=mei.id, caption="中" * 1025)
    assert over["description"] == "Bad Request: message caption is too long"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "file must be non-empty"),
        (b"not a picture", "IMAGE_PROCESS_FAILED"),
        (picture(6000, 4001), "PHOTO_INVALID_DIMENSIONS"),
        (picture(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
        (picture() + bytes(10 * 1024 * 1024), "too big for a photo"),
    ],
)
async def test_pictures_that_telegram_cannot_take_are_refused(telegram, mei, data, words):
    answer = await upload(telegram, "sendPhoto", {"photo": ("a.png", data)}, chat_id=mei.id)
    assert words in answer["description"]


async def test_documents_end_at_50_megabytes(telegram, mei):
    files = {"document": ("a.bin", bytes(50 * 1024 * 1024 + 1))}
    answer = await upload(telegram, "sendDocument", files, chat_id=mei.id)
    assert answer["error_code"] == 413


async def test_a_bot_cannot_fetch_more_than_20_megabytes(telegram, mei):
    files = {"document": ("a.bin", bytes(20 * 1024 * 1024 + 1))}
    sent = await upload(telegram, "sendDocument", files, chat_id=mei.id)
    answer = await telegram.call("getFile", file_id=sent["result"]["document"]["file_id"])
    assert answer["description"] == "Bad Request: file is too big"


async def test_file_names_lose_folders_and_what_is_too_long(telegram, mei):
    files = {"document": ("../../etc/" + "名" * 100 + ".ics", b"x")}
    sent = await upload(telegram, "sendDocument", files, chat_id=mei.id)
    assert sent["result"]["document"]["file_name"] == "名" * 64 + ".ics"


async def test_a_file_is_sent_again_by_its_id_but_not_as_another_kind(telegram, mei):
    sent = await upload(telegram, "sendPhoto", {"photo": ("a.png", picture())}, chat_id=mei.id)
    file_id = sent["result"]["photo"][-1]["file_id"]
    assert (await telegram.call("sendPhoto", chat_id=mei.id, photo=file_id))["ok"]
    other = await telegram.call("sendDocument", chat_id=mei.id, document=file_id)
    assert other["description"] == "Bad Request: can't use file of type Photo as Document"


async def test_an_album_comes_as_messages_that_belong_together(telegram, mei):
    media = [{"type": "photo", "media": f"attach://p{n}", "caption": f"n{n}"} for n in range(2)]
    files = {f"p{n}": ("a.png", picture()) for n in range(2)}
    sent = await upload(telegram, "sendMediaGroup", files, chat_id=mei.id, media=json.dumps(media))
    first, second = sent["result"]
    assert first["media_group_id"] == second["media_group_id"]
    assert (first["caption"], second["caption"]) == ("n0", "n1")


COMMAND = {"command": "start", "description": "Begin"}


@pytest.mark.parametrize(
    ("method", "params", "words"),
    [
        ("setMyCommands", {"commands": [COMMAND] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ("setMyCommands", {"commands": [{**COMMAND, "command": "Start"}]}, "BOT_COMMAND_INVALID"),
        ("setMyCommands", {"commands": [{**COMMAND, "command": "s" * 33}]}, "BOT_COMMAND_INVALID"),
        ("setMyCommands", {"commands": [{**COMMAND, "description": ""}]}, "non-empty"),
        ("setMyCommands", {"commands": [{**COMMAND, "description": "d" * 257}]}, "DESCRIPTION_INVALID"),
        ("setMyCommands", {"commands": [COMMAND], "language_code": "zh-hk"}, "invalid language code"),
        ("setMyCommands", {"commands": [COMMAND], "scope": {"type": "moon"}}, "BotCommandScope"),
        ("setMyDescription", {"description": "d" * 513}, "longer than 512"),
        ("setMyShortDescription", {"short_description": "d" * 121}, "longer than 120"),
        ("setMyName", {"name": "d" * 65}, "longer than 64"),
        ("setWebhook", {"url": "http://example.org/hook"}, "HTTPS URL must be provided"),
        (
            "answerInlineQuery",
            {"inline_query_id": "1", "results": [{"id": str(n)} for n in range(51)]},
            "TOO_MUCH",
        ),
        ("answerInlineQuery", {"inline_query_id": "1", "results": [{"id": "n" * 65}]}, "RESULT_ID_INVALID"),
        ("answerInlineQuery", {"inline_query_id": "1", "results": [{"id": "1"}, {"id": "1"}]}, "DUPLICATE"),
        ("answerCallbackQuery", {"callback_query_id": "1", "text": "a" * 201}, "MESSAGE_TOO_LONG"),
        ("createForumTopic", {"chat_id": 1, "name": "t" * 129}, "TOPIC_TITLE_INVALID"),
    ],
)
async def test_what_passes_a_limit_elsewhere_is_refused_too(telegram, method, params, words):
    assert words in await refused(telegram, method, **params)
