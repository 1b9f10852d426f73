"""What a newcomer does in the first ten minutes: `make play`, in a real browser, with the real bot."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.__main__ import CONTENT
from bot.language import Language, language
from bot.settings import load
from playground.play import playing
from playground.sample import ORGANISER
from tests.playground.pages import PATIENCE, browser_running, words

MEMBERS = [(10_000_002, "en"), (10_000_001, "zh_Hant_HK"), (10_000_003, "zh_Hans_CN")]
PHONE = {"width": 390, "height": 844}
# What may stand in Latin letters on a Chinese screen: commands, and names that are written so.
LATIN = re.compile(r"/[a-z_]+|Telegram|Amity|English|Sample member \d+|Alex Sample|QR|Excel|https?://\S+")


@pytest.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    async with playing(
        load(env_file=None).model_copy(update={"semantic": False}), tmp_path, CONTENT, 0
    ) as running_at:
        yield running_at


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with browser_running() as browser:
        context = await browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
        opened = await context.new_page()
        opened.set_default_timeout(PATIENCE)
        yield opened
        await context.close()


async def tap(page: Page, label: str) -> None:
    """Tap the newest button that bears the label."""
    await page.get_by_role("button", name=label).last.click()


async def sees(page: Page, text: str) -> None:
    await expect(words(page).filter(has_text=text).last).to_be_visible()


async def starts(page: Page, address: str, person: int, spoken: Language) -> None:
    await page.goto(f"{address}/#person={person}")
    await page.locator(".start-button").click()
    names = {"en": "English", "zh_Hant_HK": "繁體中文", "zh_Hans_CN": "简体中文"}
    await tap(page, names[spoken.locale])
    await tap(page, spoken.gettext("I agree"))
    await sees(page, spoken.gettext("What would you like to do? You can also just type a question."))


@pytest.mark.parametrize(("person", "locale"), MEMBERS)
async def test_a_newcomer_signs_up_and_sees_a_reminder_within_a_minute(
    page: Page, address: str, person: int, locale: str
) -> None:
    spoken = language(locale)
    await starts(page, address, person, spoken)
    await tap(page, spoken.gettext("📅 Events"))
    await tap(page, "5. ")
    await tap(page, spoken.gettext("I will come"))
    told = page.get_by_role("alertdialog")
    await expect(told).to_contain_text(spoken.gettext("You have a place."))
    await told.get_by_role("button").click()
    await page.get_by_role("button", name=re.compile("Next reminder|下個提示|下个提醒")).click()
    await expect(words(page).filter(has_text="🔔").last).to_be_visible()
    if locale != "en":
        shown = "\n".join(await words(page).all_inner_texts())
        stray = re.findall(r"[A-Za-z]{2,}", LATIN.sub("", shown.replace("Please choose your language.", "")))
        assert not stray, f"English on a Chinese screen: {stray}"


async def test_the_organiser_is_let_in_from_the_start(page: Page, address: str) -> None:
    await page.goto(f"{address}/#person={ORGANISER}")
    spoken = language("zh_Hant_HK")
    await tap(page, spoken.gettext("🗂 Organise"))
    await expect(page.get_by_role("button", name=spoken.gettext("➕ Create an event")).last).to_be_visible()
