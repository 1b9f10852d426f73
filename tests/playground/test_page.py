"""What a person can do on the chat page, in a real browser, with a bot that talks to the Bot API beside it."""

import asyncio
import zlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from struct import pack
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from playground.clock import Clock
from playground.server import create_app, serving
from playground.telegram import Person, Telegram
from tests.browser import ARGUMENTS, executable

NOON = datetime(2030, 3, 4, 4, 0, tzinfo=UTC)
DUE = NOON + timedelta(days=3)
Json = dict[str, Any]


class FakeBot:
    """The bot's side of a test: it calls the Bot API over HTTP and reads its updates one by one."""

    def __init__(self, session: aiohttp.ClientSession, address: str, token: str) -> None:
        self.session = session
        self.address = f"{address}/bot{token}"
        self.offset = 0

    async def call(self, method: str, **parameters: Any) -> Any:
        """Call a method and give its result; a refusal fails the test."""
        async with self.session.post(f"{self.address}/{method}", json=parameters) as response:
            answer = await response.json()
        assert answer["ok"], answer
        return answer["result"]

    async def say(self, chat: int, text: str, rows: list[list[Json]] | None = None, **more: Any) -> Json:
        """Send a text, with inline buttons where rows are given."""
        if rows is not None:
            more["reply_markup"] = {"inline_keyboard": rows}
        sent: Json = await self.call("sendMessage", chat_id=chat, text=text, **more)
        return sent

    async def upload(self, method: str, chat: int, field: str, data: bytes, name: str) -> None:
        """Send a file's bytes."""
        form = aiohttp.FormData({"chat_id": str(chat)})
        form.add_field(field, data, filename=name)
        async with self.session.post(f"{self.address}/{method}", data=form) as response:
            assert (await response.json())["ok"]

    async def heard(self, kind: str) -> Json:
        """Wait for the next update of a kind."""
        while True:
            found = await self.call("getUpdates", offset=self.offset, limit=1, timeout=10)
            assert found, f"no {kind} came"
            self.offset = found[0]["update_id"] + 1
            if kind in found[0]:
                body: Json = found[0][kind]
                return body


class Playground:
    """A running playground with three people in it, and pages open on it."""

    def __init__(self, telegram: Telegram, address: str, bot: FakeBot, browser: Browser) -> None:
        self.telegram = telegram
        self.address = address
        self.bot = bot
        self.browser = browser
        self.member = telegram.add_person("Mei", last_name="Example", language_code="en", label="Member · English")
        self.elder = telegram.add_person("陳小明", language_code="zh-hk", label="會員 · 繁體中文")
        self.trickster = telegram.add_person("<img src=x onerror=alert(1)>", language_code="en", label="<b>bold</b>")

    async def begin(self, person: Person) -> None:
        """Have a person write to the bot, so that it may answer."""
        send = {"person": person.id, "chat": person.id, "text": "/start"}
        async with self.bot.session.post(f"{self.address}/api/send", json=send) as response:
            assert response.status == 200

    async def open(self, person: Person, **context: Any) -> Page:
        """Open the page as a person; an error in the page's own code fails the test at its next step."""
        page = await (await self.browser.new_context(**context)).new_page()
        page.set_default_timeout(10_000)
        await page.goto(f"{self.address}/#person={person.id}")
        await expect(page.locator(".person[aria-current]")).to_contain_text(person.face["first_name"])
        return page


@pytest.fixture
async def playground() -> AsyncIterator[Playground]:
    """Start a playground at noon, a bot beside it and a browser in front of it."""
    path = executable()
    assert path, "no browser: run python -m tests.browser"
    telegram = Telegram(Clock(NOON))

    async def next_due() -> datetime | None:
        return DUE if telegram.clock.now() < DUE else None

    async with (
        serving(create_app(telegram, next_due=next_due)) as address,
        aiohttp.ClientSession() as session,
        async_playwright() as playwright,
    ):
        browser = await playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield Playground(telegram, address, FakeBot(session, address, telegram.token), browser)
        finally:
            await browser.close()


def words(page: Page) -> Any:
    """Find the texts of the bot's messages."""
    return page.locator(".theirs .words")


async def widths(page: Page) -> tuple[int, int]:
    """Measure the page's content and the window."""
    content, window = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return content, window


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
    await playground.bot.say(playground.elder.id, "下個月有一場。", reply_parameters={"message_id": asked["message_id"]})
    await expect(words(page).last).to_contain_text("下個月有一場。")
    await expect(page.locator(".theirs .quote")).to_contain_text("幾時有講座？")
    await expect(box).to_have_value("")


async def test_formatting_shows_and_hidden_text_waits_for_a_tap(playground: Playground) -> None:
    await playground.begin(playground.member)
    text = "😀 Bold and hidden\nQuoted"
    entities = [
        {"type": "bold", "offset": 3, "length": 4},
        {"type": "spoiler", "offset": 12, "length": 6},
        {"type": "blockquote", "offset": 19, "length": 6},
    ]
    await playground.bot.say(playground.member.id, text, entities=entities)
    page = await playground.open(playground.member)
    await expect(words(page).locator("strong")).to_have_text("Bold")
    await expect(words(page).locator("blockquote")).to_have_text("Quoted")
    hidden = page.get_by_role("button", name="Hidden text")
    await expect(hidden.locator("span")).to_be_hidden()
    await hidden.click()
    await expect(page.locator(".spoiler span")).to_be_visible()


async def test_a_pressed_button_waits_is_answered_and_its_message_changes_in_place(playground: Playground) -> None:
    await playground.begin(playground.member)
    keys = [[{"text": "Join", "callback_data": "v1:join:3", "style": "success"}]]
    sent = await playground.bot.say(playground.member.id, "18 places left", keys)
    await playground.bot.say(playground.member.id, "Something later")
    page = await playground.open(playground.member)
    await page.get_by_role("button", name="Join").click()
    await expect(page.locator(".key")).to_have_attribute("aria-busy", "true")
    pressed = await playground.bot.heard("callback_query")
    assert pressed["data"] == "v1:join:3"
    await playground.bot.call("answerCallbackQuery", callback_query_id=pressed["id"], text="You have a place.")
    await expect(page.locator(".toast")).to_have_text("You have a place.")
    await expect(page.locator(".key")).not_to_have_attribute("aria-busy", "true")
    await playground.bot.call(
        "editMessageText", chat_id=playground.member.id, message_id=sent["message_id"], text="17 places left"
    )
    await expect(words(page).first).to_contain_text("17 places left")
    await expect(words(page).first).to_contain_text("edited")
    await expect(page.locator(".key")).to_have_count(0)
    await expect(words(page)).to_have_count(2)


async def test_an_alert_keeps_the_focus_until_it_is_closed_and_gives_it_back(playground: Playground) -> None:
    await playground.begin(playground.member)
    await playground.bot.say(playground.member.id, "A full event", [[{"text": "Join", "callback_data": "j"}]])
    page = await playground.open(playground.member)
    await page.get_by_role("button", name="Join").click()
    pressed = await playground.bot.heard("callback_query")
    await playground.bot.call(
        "answerCallbackQuery", callback_query_id=pressed["id"], text="You are number 4.", show_alert=True
    )
    alert = page.get_by_role("alertdialog")
    await expect(alert).to_contain_text("You are number 4.")
    await expect(alert.get_by_role("button", name="OK")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(alert).to_have_count(0)
    await expect(page.get_by_role("button", name="Join")).to_be_focused()


async def test_the_menu_of_commands_filters_and_is_chosen_by_keyboard(playground: Playground) -> None:
    await playground.begin(playground.member)
    named = [("events", "Upcoming events"), ("my", "My places"), ("help", "What I can do"), ("hello", "Greet")]
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
    assert kind.split()[0].lower() in await playground.bot.heard("message")
    await expect(page.locator(".message.mine")).to_have_count(2)
    await expect(page.locator(".words.unknown")).to_have_count(0)


async def test_a_key_of_the_bots_keyboard_is_sent_and_a_one_time_keyboard_goes(playground: Playground) -> None:
    await playground.begin(playground.member)
    contact = {"text": "Share my number", "request_contact": True}
    markup = {"keyboard": [["Yes", "No"], [contact]], "one_time_keyboard": True}
    await playground.bot.say(playground.member.id, "Coming?", reply_markup=markup)
    page = await playground.open(playground.member)
    await page.get_by_role("button", name="Share my number").click()
    await playground.bot.heard("message")
    assert (await playground.bot.heard("message"))["contact"]["user_id"] == playground.member.id
    await expect(page.get_by_role("button", name="Yes")).to_be_hidden()


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
    keys.append([{"text": "Share", "url": "https://t.me/share/url?url=https%3A%2F%2Fexample.org&text=Come%20along"}])
    await playground.bot.say(playground.member.id, "An event", keys)
    page = await playground.open(playground.member)
    await page.get_by_role("button", name="Open").click()
    await playground.bot.heard("message")
    assert (await playground.bot.heard("message"))["text"] == "/start event_3"
    await page.get_by_role("button", name="Share").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Come along\nhttps://example.org")


async def test_html_in_names_and_texts_stays_text(playground: Playground) -> None:
    await playground.begin(playground.trickster)
    raised = []
    evil = '<script>alert(1)</script><a href="javascript:alert(1)">x</a>'
    entities = [{"type": "text_link", "offset": 0, "length": 8, "url": "javascript:alert(1)"}]
    playground.telegram.post(
        playground.telegram.chats[playground.trickster.id],
        playground.telegram.me,
        {"text": evil, "entities": entities},
    )
    page = await playground.open(playground.trickster)
    page.on("dialog", lambda dialog: raised.append(dialog.message))
    await expect(words(page).last).to_contain_text(evil)
    await expect(page.locator(".person[aria-current]")).to_contain_text("<img src=x onerror=alert(1)>")
    await expect(page.locator(".person[aria-current]")).to_contain_text("<b>bold</b>")
    assert await page.locator("img, .words script, .words a, #people b").count() == 0
    assert raised == []


@pytest.mark.parametrize("who", ["member", "elder"])
async def test_a_phone_shows_everything_without_scrolling_sideways(playground: Playground, who: str) -> None:
    person: Person = getattr(playground, who)
    await playground.begin(person)
    keys = [[{"text": f"活動 {n} with a long name", "callback_data": str(n)} for n in range(3)]]
    await playground.bot.say(person.id, "長" * 300 + "unbroken" * 60 + "\nhttps://example.org/" + "a" * 200, keys)
    page = await playground.open(person, viewport={"width": 360, "height": 640})
    await expect(words(page)).to_have_count(1)
    content, window = await widths(page)
    assert content <= window == 360
    assert await page.evaluate("document.querySelector('#log').scrollWidth <= 360")
    await page.locator("#drawer-open").click()
    await expect(page.locator(".person[aria-current]")).to_be_focused()
    await page.get_by_text("<b>bold</b>").click()
    await expect(page.locator("#sidebar")).to_be_hidden()
    await expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()


async def test_dark_follows_the_system_until_the_switch_says_otherwise(playground: Playground) -> None:
    page = await playground.open(playground.member, color_scheme="dark")
    brightness = "parseInt(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])"
    assert await page.evaluate(brightness) < 60
    await page.get_by_role("button", name="Colours").click()
    assert await page.evaluate(brightness) > 200
    await page.reload()
    await expect(page.get_by_role("button", name="Colours: light")).to_be_visible()
    assert await page.evaluate(brightness) > 200


async def test_everything_is_reached_by_keyboard_alone(playground: Playground) -> None:
    await playground.begin(playground.member)
    await playground.bot.say(playground.member.id, "Shall I?", [[{"text": "Yes please", "callback_data": "y"}]])
    page = await playground.open(playground.elder)
    reached = page.locator(":focus")
    await page.locator("body").press("Control+Home")
    await page.evaluate("document.activeElement.blur()")
    await press_until(page, "Tab", "Mei Example")
    await page.keyboard.press("Enter")
    await expect(page.locator("#write")).to_be_focused()
    await press_until(page, "Shift+Tab", "Yes please")
    assert await reached.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    await page.keyboard.press("Space")
    assert (await playground.bot.heard("callback_query"))["data"] == "y"
    await press_until(page, "Shift+Tab", "+1 h")
    await page.keyboard.press("Enter")
    await expect(page.locator(".clock-face")).to_contain_text("13:00")


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


async def test_a_message_for_somebody_else_shows_as_a_dot_until_read(playground: Playground) -> None:
    await playground.begin(playground.elder)
    page = await playground.open(playground.member)
    elder = page.get_by_role("button", name="陳小明")
    await expect(elder).to_be_visible()
    await asyncio.sleep(0)
    await page.wait_for_function("performance.getEntriesByType('resource').some(r => /chats.*messages/.test(r.name))")
    await expect(elder.locator(".unread")).to_have_count(0)
    await playground.bot.say(playground.elder.id, "提醒你明天有講座。")
    await expect(elder.locator(".unread")).to_be_visible(timeout=15_000)
    await elder.click()
    await expect(words(page).last).to_contain_text("提醒你明天有講座。")
    await expect(page.locator(".unread")).to_have_count(0)


async def test_new_messages_dont_move_somebody_who_reads_further_up(playground: Playground) -> None:
    await playground.begin(playground.member)
    for number in range(30):
        await playground.bot.say(playground.member.id, f"Line {number}\n" * 3)
    page = await playground.open(playground.member)
    log = page.locator("#log")
    await expect(words(page)).to_have_count(30)
    await log.evaluate("element => { element.scrollTop = 300; }")
    await expect(page.locator("#to-bottom")).to_be_visible()
    await playground.bot.say(playground.member.id, "News")
    await expect(words(page)).to_have_count(31)
    assert await log.evaluate("element => element.scrollTop") == 300
    await page.get_by_role("button", name="1 new messages below").click()
    await expect(words(page).last).to_be_in_viewport()


async def test_a_deleted_message_goes(playground: Playground) -> None:
    await playground.begin(playground.member)
    sent = await playground.bot.say(playground.member.id, "A slip")
    page = await playground.open(playground.member)
    await expect(words(page)).to_have_count(1)
    await playground.bot.call("deleteMessage", chat_id=playground.member.id, message_id=sent["message_id"])
    await expect(words(page)).to_have_count(0)


async def test_a_group_shows_who_says_what(playground: Playground) -> None:
    group = playground.telegram.add_group("Desk", [playground.member.id, playground.elder.id], bot_is_admin=True)
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
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(dots)) + chunk(b"IEND", b"")


async def press_until(page: Page, key: str, words: str) -> None:
    """Press a key until the focus is on something that says these words."""
    said = "document.activeElement.getAttribute('aria-label') || document.activeElement.textContent"
    for _ in range(40):
        await page.keyboard.press(key)
        if words in str(await page.evaluate(said)):
            return
    raise AssertionError(f"{words!r} is out of the keyboard's reach")
