"""How the chat page shows things and lets itself be used."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from playground.telegram import Person
from tests.playground.pages import Playground, browser_running, playground_running, press_until, widths, words

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
    await playground.bot.say(
        person.id, "長" * 300 + "unbroken" * 60 + "\nhttps://example.org/" + "a" * 200, keys
    )
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
    await playground.bot.say(
        playground.member.id, "Shall I?", [[{"text": "Yes please", "callback_data": "y"}]]
    )
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


async def test_a_message_for_somebody_else_shows_as_a_dot_until_read(playground: Playground) -> None:
    await playground.begin(playground.elder)
    page = await playground.open(playground.member)
    elder = page.get_by_role("button", name="陳小明")
    await expect(elder).to_be_visible()
    asked = f"/chats/{playground.elder.id}/messages"
    loaded = "part => performance.getEntriesByType('resource').some(one => one.name.includes(part))"
    await page.wait_for_function(loaded, arg=asked)
    await expect(elder.locator(".unread")).to_have_count(0)
    await playground.bot.say(playground.elder.id, "提醒你明天有講座。")
    await expect(elder.locator(".unread")).to_be_visible()
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
