"""A playground with people in it, a bot beside it and pages open on it, for the tests of the chat page."""

import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from playwright.async_api import Browser, Page, async_playwright, expect

from playground.clock import Clock
from playground.server import create_app, serving
from playground.telegram import Person, Telegram
from tests.browser import ARGUMENTS, executable

# A machine that does much else at once is slow, not wrong.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)

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
        form = aiohttp.FormData({"chat_id": str(chat)}, quote_fields=False)
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
        self.member = telegram.add_person(
            "Mei", last_name="Example", language_code="en", label="Member · English"
        )
        self.elder = telegram.add_person("陳小明", language_code="zh-hk", label="會員 · 繁體中文")
        self.trickster = telegram.add_person(
            "<img src=x onerror=alert(1)>", language_code="en", label="<b>bold</b>"
        )

    async def begin(self, person: Person) -> None:
        """Have a person write to the bot, so that it may answer."""
        send = {"person": person.id, "chat": person.id, "text": "/start"}
        async with self.bot.session.post(f"{self.address}/api/send", json=send) as response:
            assert response.status == 200

    async def open(self, person: Person, **context: Any) -> Page:
        """Open the page as a person; an error in the page's own code fails the test at its next step."""
        page = await (await self.browser.new_context(**context)).new_page()
        page.set_default_timeout(PATIENCE)
        await page.goto(f"{self.address}/#person={person.id}")
        await expect(page.locator(".person[aria-current]")).to_contain_text(person.face["first_name"])
        return page


@contextlib.asynccontextmanager
async def browser_running() -> AsyncIterator[Browser]:
    """Start the browser; its absence fails the tests and says what to do."""
    path = executable()
    assert path, "no browser: run python -m tests.browser"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            await browser.close()


@contextlib.asynccontextmanager
async def playground_running(browser: Browser) -> AsyncIterator[Playground]:
    """Start a playground at noon, something due in three days, and a bot beside it."""
    telegram = Telegram(Clock(NOON))

    async def next_due() -> datetime | None:
        return DUE if telegram.clock.now() < DUE else None

    async with (
        serving(create_app(telegram, next_due=next_due)) as address,
        aiohttp.ClientSession() as session,
    ):
        playground = Playground(telegram, address, FakeBot(session, address, telegram.token), browser)
        try:
            yield playground
        finally:
            for context in browser.contexts:
                await context.close()


def words(page: Page) -> Any:
    """Find the texts of the bot's messages."""
    return page.locator(".theirs .words")


async def widths(page: Page) -> tuple[int, int]:
    """Measure the page's content and the window."""
    content, window = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return content, window


async def press_until(page: Page, key: str, words: str) -> None:
    """Press a key until the focus is on something that says these words."""
    said = """(at => at === document.body ? "" : at.getAttribute("aria-label") || at.textContent)
        (document.activeElement)"""
    for _ in range(40):
        await page.keyboard.press(key)
        if words in str(await page.evaluate(said)):
            return
    raise AssertionError(f"{words!r} is out of the keyboard's reach")
