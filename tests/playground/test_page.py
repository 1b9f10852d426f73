"""What a person can do on the chat page, in a real browser and with a bot beside it."""

import zlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from struct import pack

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.playground.pages import DUE, Playground, browser_running, playground_running, words

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Start one browser for all."""
    async with browser_running() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def playground(browser: Browser) -> AsyncIterator[Playground]:
    """Start a playground of its own for each."""
    async with playground_running(browser) as running:
        yield running


async def test_a_fresh_chat_begins_with_the_start_button(playground: Playground) -> None:
    page = await playground.open(playground.member)
    await page.get_by_role("button", name="Start", exact=True).click()
    assert (await playground.bot.heard("message"))["text"] == "/start"
    await playground.bot.say(playground.member.id, "Welcome!")
    await expect(words(page).last).to_contain_text("Welcome!")
    await expect(page.locator("#write")).to_be_focused()


async def test_what_is_typed_reaches_the_bot_and_its_answer_appears(playground: Playground) -> None:
    await playground.begin(playground.elder)
    page = await playground.open(playground.elder)
    box = page.get_by_label("訊息", exact=True).and_(page.locator("textarea"))
    await box.fill("幾時有講座？")
    await box.press("Shift+Enter")
    await box.type("唔該")
    await box.press("Enter")
    await playground.bot.heard("message")
    asked = await playground.bot.heard("message")
    assert asked["text"] == "幾時有講座？\n唔該"
    await playground.bot.say(
        playground.elder.id, "下個月有一場。", reply_parameters={"message_id": asked["message_id"]}
    )
    await expect(words(page).last).to_contain_text("下個月有一場。")
    await expect(page.locator(".theirs .quote")).to_contain_text("幾時有講座？")
    await expect(box).to_have_value("")


async def test_a_pressed_button_waits_is_answered_and_its_message_changes_in_place(
    playground: Playground,
) -> None:
    await playground.begin(playground.member)
    keys = [[{"text": "Join", "callback_data": "v1:join:3", "style": "success"}]]
    sent = await playground.bot.say(playground.member.id, "18 places left", keys)
    await playground.bot.say(playground.member.id, "Something later")
    page = await playground.open(playground.member)
    await page.get_by_role("button", name="Join").click()
    await expect(page.locator(".key")).to_have_attribute("aria-busy", "true")
    pressed = await playground.bot.heard("callback_query")
    assert pressed["data"] == "v1:join:3"
    await playground.bot.call(
        "answerCallbackQuery", callback_query_id=pressed["id"], text="You have a place."
    )
    await expect(page.locator(".toast")).to_have_text("You have a place.")
    await expect(page.locator(".key")).not_to_have_attribute("aria-busy", "true")
    await playground.bot.call(
        "editMessageText", chat_id=playground.member.id, message_id=sent["message_id"], text="17 places left"
    )
    await expect(words(page).first).to_contain_text("17 places left")
    await expect(words(page).first).to_contain_text("edited")
    await expect(page.locator(".key")).to_have_count(0)
    await expect(words(page)).to_have_count(2)


async def test_the_menu_of_commands_filters_and_is_chosen_by_keyboard(playground: Playground) -> None:
    await playground.begin(playground.member)
    named = [
        ("events", "Upcoming events"),
        ("my", "My places"),
        ("help", "What I can do"),
        ("hello", "Greet"),
    ]
    commands = [{"command": name, "description": words} for name, words in named]
    await playground.bot.call("setMyCommands", commands=commands)
    page = await playground.open(playground.member)
    box = page.locator("#write")
    await box.press_sequentially("/")
    await expect(page.get_by_role("option")).to_have_count(4)
    await box.press_sequentially("he")
    await expect(page.get_by_role("option")).to_have_count(2)
    await box.press("ArrowDown")
    await expect(page.get_by_role("option", selected=True)).to_contain_text("/hello")
    await box.press("Enter")
    await playground.bot.heard("message")
    chosen = await playground.bot.heard("message")
    assert chosen["text"] == "/hello"
    assert chosen["entities"][0]["type"] == "bot_command"
    await expect(page.get_by_role("listbox")).to_be_hidden()


async def test_a_document_is_downloaded_under_its_name(playground: Playground, tmp_path: Path) -> None:
    await playground.begin(playground.member)
    data = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n" * 40
    await playground.bot.upload("sendDocument", playground.member.id, "document", data, "論壇.ics")
    page = await playground.open(playground.member)
    file = page.locator(".file")
    await expect(file).to_contain_text("1.3 KB")
    async with page.expect_download() as begun:
        await file.click()
    download = await begun.value
    assert download.suggested_filename == "論壇.ics"
    await download.save_as(tmp_path / "saved")
    assert (tmp_path / "saved").read_bytes() == data


async def test_a_picture_is_sent_with_a_caption(playground: Playground) -> None:
    await playground.begin(playground.member)
    page = await playground.open(playground.member)
    await page.get_by_role("button", name="Attach").click()
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("menuitem", name="Photo").click()
    await (await chooser.value).set_files({"name": "dot.png", "mimeType": "image/png", "buffer": a_picture()})
    await page.get_by_label("Caption").fill("Our <camp>")
    await page.keyboard.press("Enter")
    await playground.bot.heard("message")
    sent = await playground.bot.heard("message")
    assert sent["caption"] == "Our <camp>"
    assert sent["photo"]
    await expect(page.locator(".mine .photo img")).to_have_js_property("naturalWidth", 8)


@pytest.mark.parametrize("kind", ["Sticker", "Voice message", "Location", "Contact"])
async def test_samples_can_be_sent_where_one_has_none_at_hand(playground: Playground, kind: str) -> None:
    await playground.begin(playground.member)
    page = await playground.open(playground.member)
    await page.get_by_role("button", name="Attach").click()
    await page.get_by_role("menuitem", name=kind).click()
    await playground.bot.heard("message")
    assert kind.split(maxsplit=1)[0].lower() in await playground.bot.heard("message")
    await expect(page.locator(".message.mine")).to_have_count(2)
    await expect(page.locator(".words.unknown")).to_have_count(0)


async def test_a_key_of_the_bots_keyboard_is_sent_and_a_one_time_keyboard_goes(
    playground: Playground,
) -> None:
    await playground.begin(playground.member)
    contact = {"text": "Share my number", "request_contact": True}
    markup = {"keyboard": [["Yes", "No"], [contact]], "one_time_keyboard": True}
    await playground.bot.say(playground.member.id, "Coming?", reply_markup=markup)
    page = await playground.open(playground.member)
    await page.get_by_role("button", name="Share my number").click()
    await playground.bot.heard("message")
    assert (await playground.bot.heard("message"))["contact"]["user_id"] == playground.member.id
    await expect(page.get_by_role("button", name="Yes")).to_be_hidden()


async def test_a_keyboard_that_the_bot_takes_away_goes(playground: Playground) -> None:
    await playground.begin(playground.member)
    contact = {"text": "Share my number", "request_contact": True}
    await playground.bot.say(playground.member.id, "Phone?", reply_markup={"keyboard": [[contact]]})
    page = await playground.open(playground.member)
    await expect(page.get_by_role("button", name="Share my number")).to_be_visible()
    await playground.bot.say(playground.member.id, "Thanks", reply_markup={"remove_keyboard": True})
    await expect(words(page).last).to_contain_text("Thanks")
    await expect(page.get_by_role("button", name="Share my number")).to_have_count(0)


async def test_ones_own_message_can_be_edited_and_any_replied_to(playground: Playground) -> None:
    await playground.begin(playground.member)
    page = await playground.open(playground.member)
    box = page.locator("#write")
    await box.fill("Tow seats")
    await box.press("Enter")
    await expect(page.locator(".mine .words").last).to_contain_text("Tow seats")
    await box.press("ArrowUp")
    await expect(box).to_have_value("Tow seats")
    await box.fill("Two seats")
    await box.press("Enter")
    assert (await playground.bot.heard("edited_message"))["text"] == "Two seats"
    await expect(page.locator(".mine .words").last).to_contain_text("edited")
    asked = await playground.bot.say(playground.member.id, "For whom?")
    await page.locator(".theirs").hover()
    await page.locator(".theirs").get_by_role("button", name="Message actions").click()
    await page.get_by_role("menuitem", name="Reply").press("Enter")
    await box.fill("For my parents")
    await box.press("Enter")
    reply = await playground.bot.heard("message")
    assert reply["reply_to_message"]["message_id"] == asked["message_id"]


async def test_a_link_to_the_bot_itself_starts_it_with_its_payload(playground: Playground) -> None:
    await playground.begin(playground.member)
    name = playground.telegram.me["username"]
    keys = [[{"text": "Open", "url": f"https://t.me/{name}?start=event_3"}]]
    keys.append(
        [{"text": "Share", "url": "https://t.me/share/url?url=https%3A%2F%2Fexample.org&text=Come%20along"}]
    )
    await playground.bot.say(playground.member.id, "An event", keys)
    page = await playground.open(playground.member)
    await page.get_by_role("button", name="Open").click()
    await playground.bot.heard("message")
    assert (await playground.bot.heard("message"))["text"] == "/start event_3"
    await page.get_by_role("button", name="Share").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Come along\nhttps://example.org")


async def test_a_link_to_the_bot_in_a_group_leads_to_ones_own_chat_with_it(playground: Playground) -> None:
    group = playground.telegram.add_group("Desk", [playground.member.id], bot_is_admin=True)
    name = playground.telegram.me["username"]
    keys = [[{"text": "Open", "url": f"https://t.me/{name}?start=event_3"}]]
    await playground.bot.say(group.id, "Not for a group", keys)
    page = await playground.open(playground.member)
    await page.get_by_role("button", name="Desk").click()
    await page.get_by_role("button", name="Open", exact=True).click()
    heard = await playground.bot.heard("message")
    assert (heard["chat"]["id"], heard["text"]) == (playground.member.id, "/start event_3")
    await expect(page.locator("#chat-status")).to_have_text("bot")


async def test_the_clock_moves_by_an_hour_and_to_what_is_due_next(playground: Playground) -> None:
    page = await playground.open(playground.member)
    await expect(page.locator(".clock-face")).to_contain_text("12:00")
    await page.get_by_role("button", name="+1 h").click()
    await expect(page.locator(".clock-face")).to_contain_text("13:00")
    await page.get_by_role("button", name="Next reminder").click()
    await expect(page.locator(".clock-face")).to_contain_text("Thu 7 Mar")
    await expect(page.locator(".clock-face")).to_contain_text("12:00")
    await page.get_by_role("button", name="Next reminder").click()
    await expect(page.locator(".toast").last).to_have_text("No reminder is waiting.")
    assert playground.telegram.clock.now() - DUE < timedelta(minutes=1)


async def test_a_deleted_message_goes(playground: Playground) -> None:
    await playground.begin(playground.member)
    sent = await playground.bot.say(playground.member.id, "A slip")
    page = await playground.open(playground.member)
    await expect(words(page)).to_have_count(1)
    await playground.bot.call("deleteMessage", chat_id=playground.member.id, message_id=sent["message_id"])
    await expect(words(page)).to_have_count(0)


async def test_a_group_shows_who_says_what(playground: Playground) -> None:
    group = playground.telegram.add_group(
        "Desk", [playground.member.id, playground.elder.id], bot_is_admin=True
    )
    await playground.bot.say(group.id, "A member asks something.")
    page = await playground.open(playground.member)
    await page.get_by_role("button", name="Desk").click()
    await expect(page.locator(".sender")).to_have_text("Amity")
    await page.locator("#write").fill("I'll take it")
    await page.locator("#write").press("Enter")
    assert (await playground.bot.heard("message"))["chat"]["id"] == group.id


def a_picture() -> bytes:
    """Make a PNG of 8 by 8 dots."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))

    dots = b"".join(b"\0" + b"\x20\x80\x60" * 8 for _ in range(8))
    header = pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(dots))
        + chunk(b"IEND", b"")
    )
