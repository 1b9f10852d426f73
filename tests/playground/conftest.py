"""What the playground's own tests share."""

from collections.abc import AsyncIterator

import pytest

from tests.phone import Phone, Telegram, telegram_running


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    """Give a running playground."""
    async with telegram_running() as running:
        yield running


@pytest.fixture
async def mei(telegram: Telegram) -> Phone:
    """Give somebody who has written to the bot; the update is taken already."""
    phone = await telegram.person("Mei", language_code="zh-hans")
    await phone.write("/start")
    [update] = (await telegram.call("getUpdates"))["result"]
    await telegram.call("getUpdates", offset=update["update_id"] + 1)
    return phone
