"""Meeting the bot for the first time."""

import pytest
from sqlalchemy import func, select

from bot.language import LOCALES, language
from storage.tables import inbox, people
from tests.conftest import Amity
from tests.making import agreed


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_newcomer_chooses_a_language_agrees_and_sees_the_menu(amity: Amity, locale: str) -> None:
    phone = await agreed(amity.telegram, "Ming", locale=locale)
    words = language(locale)
    assert words.gettext("📅 Events") in str(await phone.last())
    assert words.gettext("Upcoming events") in (await phone.commands()).values()


async def test_nothing_is_kept_of_somebody_who_has_not_agreed(amity: Amity) -> None:
    phone = await amity.telegram.person("Wai", language_code="zh-hk")
    await phone.write("/start")
    await phone.wait_for("請選擇語言")
    await phone.press("繁體中文")
    await phone.wait_for("/privacy")
    await phone.press("v1:decline")
    await phone.settled()
    async with amity.database.read() as tx:
        assert await tx.value(select(func.count()).select_from(people)) == 0
        assert await tx.value(select(func.count()).select_from(inbox).where(inbox.c.payload != "")) == 0


async def test_the_likely_language_is_offered_first(amity: Amity) -> None:
    phone = await amity.telegram.person("Wai", language_code="zh-hans")
    await phone.write("/start")
    message = await phone.wait_for("请选择语言")
    assert message["reply_markup"]["inline_keyboard"][0][0]["text"] == "简体中文"


async def test_who_has_not_started_yet_sees_what_the_bot_can_do(amity: Amity) -> None:
    calls = {call["method"] for call in await amity.telegram.calls()}
    assert {"setMyCommands", "setMyDescription", "setMyShortDescription"} <= calls
    phone = await amity.telegram.person("Wai", language_code="zh-hk")
    assert language("zh_Hant_HK").gettext("Upcoming events") in (await phone.commands()).values()
