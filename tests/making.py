"""Making what tests need: people who have agreed, and events."""

from datetime import datetime, timedelta
from typing import Any

from bot.language import language
from bot.programme import Draft, publish
from storage import Database, people
from storage.events import Event, EventText
from storage.people import Person
from tests.phone import Phone, Telegram


async def known_person(database: Database, telegram_id: int, *, now: datetime, locale: str = "en") -> Person:
    async with database.write() as tx:
        return await people.add(
            tx,
            telegram_id=telegram_id,
            name=f"Person {telegram_id}",
            username=None,
            locale=locale,
            now=now,
        )


async def published_event(database: Database, *, now: datetime, **values: Any) -> Event:
    """A published event a week ahead, two hours long, unless said otherwise."""
    starts_at = values.pop("starts_at", now + timedelta(days=7, hours=7))
    title = values.pop("title", "Harbour Forum")
    draft = Draft(
        kind=values.pop("kind", "forum"),
        base_locale=values.pop("base_locale", "en"),
        starts_at=starts_at,
        ends_at=values.pop("ends_at", starts_at + timedelta(hours=2)),
        zone=values.pop("zone", "Asia/Hong_Kong"),
        texts=values.pop("texts", {"en": EventText(title, "We talk.", "Sample Hall", "A pen")}),
        **values,
    )
    created_by = await known_person(database, 1, now=now)
    async with database.write() as tx:
        return await publish(tx, draft, created_by=created_by.id, now=now)


async def agreed(telegram: Telegram, name: str, *, locale: str = "en", **details: Any) -> Phone:
    """Somebody who has started the bot, chosen a language and agreed."""
    phone = await telegram.person(name, language_code=details.pop("language_code", "en"), **details)
    words = language(locale)
    await phone.write("/start")
    await phone.wait_for("語言")
    await phone.press(f"v1:hello:{locale}")
    await phone.wait_for("/privacy")
    await phone.press("v1:agree")
    await phone.wait_for(words.gettext("What would you like to do? You can also just type a question."))
    return phone
