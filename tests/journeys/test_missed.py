"""What organisers read when the bot was down while people should have been reminded."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot import attendance
from bot.language import LOCALES, language
from bot.settings import Settings
from handlers.service import running
from playground.clock import Clock
from storage import Database, connect, people
from storage.events import Event
from storage.migrations import migrate
from tests.conftest import NOON, OWNER
from tests.making import agreed, published_event
from tests.messages import buttons, text_of
from tests.phone import Phone, telegram_running


async def seat(database: Database, event: Event, phone: Phone) -> None:
    async with database.write() as tx:
        person = await people.find_by_telegram_id(tx, phone.id)
        assert person
        await attendance.join(tx, event.id, person.id, now=NOON)


@pytest.mark.parametrize("locale", LOCALES)
async def test_down_for_three_hours_what_is_useful_goes_out_once_and_the_organisers_hear_of_the_rest(
    tmp_path: Path, locale: str
) -> None:
    words, clock = language(locale), Clock(NOON)
    database = connect(f"sqlite+aiosqlite:///{tmp_path / 'amity.db'}")
    await migrate(database)
    heading = text_only(words.html("⚠️ <b>Some reminders could not be sent in time.</b>"))
    async with telegram_running(clock) as telegram:
        settings = Settings.model_validate(
            {"bot_token": telegram.token, "api_url": telegram.api_url, "owners": [OWNER]}
        )
        async with running(settings, database, clock):
            boss = await agreed(telegram, "Boss", id=OWNER, locale=locale)
            ming, wai = await agreed(telegram, "Ming"), await agreed(telegram, "Wai")
            begun, useful = [
                await published_event(
                    database, now=NOON, starts_at=NOON + lead, reminders=("2h",), title=title
                )
                for lead, title in (
                    (timedelta(hours=2, minutes=30), "Begun <Forum>"),
                    (timedelta(hours=4, minutes=30), "Useful Forum"),
                )
            ]
            for phone in (ming, wai):
                await seat(database, begun, phone)
            await seat(database, useful, ming)
        clock.move(3 * 3600)
        async with running(settings, database, clock):
            await ming.wait_for("Useful Forum")
        for _ in range(2):
            # Started anew, and anew.
            async with running(settings, database, clock):
                clock.move(70)
                await boss.wait_for(heading)
                await asyncio.sleep(1.5)
        told = [one for one in await boss.messages() if heading in text_of(one)]
        assert len(told) == 1
        assert "Begun <Forum>" in text_of(told[0])
        assert "Useful Forum" not in text_of(told[0])
        assert words.ngettext("{n} person", "{n} people", 2) in text_of(told[0])
        assert "Begun <Forum>" in buttons(told[0])
        for phone in (ming, wai):
            assert not any("Begun" in text_of(one) for one in await phone.messages())
        assert sum("Useful" in text_of(one) for one in await ming.messages()) == 1
    await database.close()


def text_only(html: str) -> str:
    return html.replace("<b>", "").replace("</b>", "")
