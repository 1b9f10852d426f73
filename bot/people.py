"""Who has agreed to be remembered, and how they want to be spoken to."""

from dataclasses import replace
from datetime import datetime

from storage import Transaction, people
from storage.people import Person, find_by_telegram_id

__all__ = ["agree", "choose_language", "find_by_telegram_id", "meet_again"]


async def agree(
    tx: Transaction, *, telegram_id: int, name: str, username: str | None, locale: str, now: datetime
) -> Person:
    """Remember a person who has agreed to it. Agreeing twice is harmless."""
    return await people.add(tx, telegram_id=telegram_id, name=name, username=username, locale=locale, now=now)


async def meet_again(tx: Transaction, person: Person, *, name: str, username: str | None) -> Person:
    """Note a new name, and that whoever blocked the bot can be reached again, as they have just written."""
    if (person.name, person.username, person.unreachable_since) == (name, username, None):
        return person
    await people.refresh(tx, person.id, name=name, username=username)
    return replace(person, name=name, username=username, unreachable_since=None)


async def choose_language(tx: Transaction, person: Person, locale: str) -> Person:
    await people.set_locale(tx, person.id, locale)
    return replace(person, locale=locale)
